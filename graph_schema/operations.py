"""Operations: each in a context of its own; what a customer moved under is read again."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLError, get_operation_ast
from graphql import OperationType as GraphQLOperation
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from customers.audit.queue import AuditFullError
from customers.errors import StaleReadError
from customers.me import hidden_from
from customers.principal import Principal
from customers.reading import Reading
from customers.services import Services
from cypher import Deadline
from graph_schema.context import Context
from graph_schema.document import parsed
from graph_schema.errors import discreet, shown
from graph_schema.loaders import stopping
from graph_schema.meter import Meter
from graph_schema.rules import Rules
from graph_schema.schema import NO_OPERATION, WHICH_OPERATION, schema

# Times that a whole answer is read before writers are made to wait for it.
TRIES = 3
READS = frozenset({OperationType.QUERY})
ANSWERED = frozenset({OperationType.QUERY, OperationType.MUTATION})


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation as a client asks for it."""

    query: str | None
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    # The id of a trusted document.
    document: str | None = None
    # Whether the answer is to say what it cost.
    report: bool = False
    # As clients also number their requests: beside a text a document's only where there are some.
    id: str | None = None

    def arguments(self) -> dict[str, Any]:
        """As Strawberry takes them."""
        return {
            "query": self.query,
            "variable_values": dict(self.variables or {}),
            "operation_name": self.operation_name,
        }


class WrongTypeError(Exception):
    """The operation is of a type that is not possible where it was sent."""

    def __init__(self, type: OperationType) -> None:
        """Of this type."""
        super().__init__(type.value)
        self.type = type


class Operations:
    """Runs operations on the services that are open; errors come as a client may see them."""

    def __init__(
        self,
        services_of: Callable[[], Services],
        request_timeout: float,
        rules: Rules | None = None,
    ) -> None:
        """Each operation, and each event of a subscription, has `request_timeout` seconds."""
        self.services_of = services_of
        self._request_timeout = request_timeout
        self._rules = rules or Rules()

    async def answer(
        self, asked: Asked, principal: Principal, allowed: Collection[OperationType] = ANSWERED
    ) -> ExecutionResult:
        """What a query or a mutation comes to.

        Raises:
            WrongTypeError: it is of another type than those `allowed`.
        """
        try:
            named = self._named(asked)
        except GraphQLError as problem:
            return self._shown(_failed(problem))
        return await self._answer_named(named, principal, allowed)

    def reads(self, asked: Asked) -> bool:
        """Whether nothing is lost when the operation is stopped."""
        try:
            document = parsed(self._named(asked).query or "")
        except GraphQLError:
            return True
        operation = get_operation_ast(document, asked.operation_name)
        return operation is None or operation.operation is not GraphQLOperation.MUTATION

    async def events(
        self, asked: Asked, principal: Principal
    ) -> AsyncGenerator[ExecutionResult, None]:
        """The events of a subscription, or the one answer of anything else."""
        try:
            asked = self._named(asked)
            yield await self._answer_named(asked, principal, ANSWERED)
            return
        except GraphQLError as problem:
            yield self._shown(_failed(problem))
            return
        except WrongTypeError:
            context = self._context(principal)
        tries = TRIES
        async with aclosing(
            await schema.subscribe(**asked.arguments(), context_value=context)
        ) as results:
            async for result in results:
                tries -= 1
                if tries and not ended(result) and await _stale(result, context):
                    context.repeat = True
                    continue
                tries = TRIES
                yield self._shown(_written_down(result, context))

    def _named(self, asked: Asked) -> Asked:
        """With its text, where it names a document.

        Raises:
            GraphQLError: there is no such document, or it is not one that is trusted.
        """
        trusted = self._rules.trusted
        document = asked.document
        if document is None and trusted.documents:
            document = asked.id
        return replace(asked, query=trusted.text(asked.query, document))

    def _shown(self, result: ExecutionResult) -> ExecutionResult:
        if result.errors:
            result.errors = [shown(error) for error in result.errors]
            if self._rules.production:
                unprocessed = isinstance(result, PreExecutionError)
                result.errors = discreet(result.errors, masked=unprocessed)
        return result

    def _context(self, principal: Principal) -> Context:
        services = self.services_of()

        def begin() -> Reading:
            return Reading(
                services.graph,
                principal,
                Deadline.after(self._request_timeout),
                hidden=hidden_from(principal, services.policy),
            )

        return Context(services, begin, Meter(self._rules, principal))

    async def _answer_named(
        self, asked: Asked, principal: Principal, allowed: Collection[OperationType]
    ) -> ExecutionResult:
        with stopping():
            result, context = await self._answer(asked, self._context(principal), allowed)
        result = _written_down(result, context)
        if ended(result):
            try:
                await context.meter.charge_refused()
            except GraphQLError as problem:
                result = _failed(problem)
        if asked.report and (cost := context.meter.report()):
            result.extensions = {"cost": cost}
        return self._shown(result)

    async def _answer(
        self, asked: Asked, context: Context, allowed: Collection[OperationType]
    ) -> tuple[ExecutionResult, Context]:
        for _ in range(TRIES):
            result = await _execute(asked, context, allowed)
            if context.wrote or not await _stale(result, context):
                return result, context
            context = context.again()

        async def alone(quiet: Reading) -> tuple[ExecutionResult, Context]:
            undisturbed = context.again(quiet)
            return await _execute(asked, undisturbed, allowed), undisturbed

        return await context.reading.quietly(alone)


def ended(result: ExecutionResult) -> bool:
    """Whether the result says that nothing was, or will be, executed: no field has the error."""
    return isinstance(result, PreExecutionError) or (
        result.data is None and all(error.path is None for error in result.errors or ())
    )


async def _execute(
    asked: Asked, context: Context, allowed: Collection[OperationType]
) -> ExecutionResult:
    try:
        return await schema.execute(
            **asked.arguments(), context_value=context, allowed_operation_types=allowed
        )
    except InvalidOperationTypeError as problem:
        raise WrongTypeError(problem.operation_type) from None
    except CannotGetOperationTypeError:
        return _refused(WHICH_OPERATION, NO_OPERATION)
    except MissingQueryError:
        return _refused("There is no `query`.", "BAD_REQUEST")


def _refused(message: str, code: str) -> ExecutionResult:
    return _failed(GraphQLError(message, extensions={"code": code}))


def _written_down(result: ExecutionResult, context: Context) -> ExecutionResult:
    """The answer, once the audit log is sure to have whom it shows; else a refusal."""
    customers = context.reading.versions.customers
    if not customers and not any((result.data or {}).values()):
        return result
    try:
        context.services.audit.read(
            context.reading.principal,
            context.name,
            context.fields,
            customers,
        )
    except AuditFullError as problem:
        return _refused(str(problem), problem.code)
    return result


def _failed(problem: GraphQLError) -> ExecutionResult:
    return PreExecutionError(data=None, errors=[problem])


async def _stale(result: ExecutionResult, context: Context) -> bool:
    for error in result.errors or ():
        if isinstance(error.original_error, StaleReadError):
            return True
    if result.data is None:
        return False
    try:
        await context.reading.check()
    except StaleReadError:
        return True
    return False
