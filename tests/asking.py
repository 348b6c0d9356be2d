"""Operations as callers of any role ask them, past the doors that find out who they are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from customers.principal import Principal, Role, Subject
from customers.services import Services
from cypher import tally
from graph_schema.operations import Asked, Operations

SECONDS = 30.0


@dataclass(frozen=True)
class Answered:
    """An answer, and the statements that were sent for it."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    statements: list[str]

    @property
    def codes(self) -> list[str]:
        """The codes of its errors."""
        return [one["extensions"]["code"] for one in self.errors]


AskAs = Callable[..., Awaitable[Answered]]


def asking_as(services: Services) -> AskAs:
    """Ask as a principal, or as nobody in particular of a role."""
    operations = Operations(lambda: services, SECONDS)

    async def ask(who: Principal | Role, text: str, /, **variables: object) -> Answered:
        principal = who if isinstance(who, Principal) else Principal(f"a {who}", who)
        with tally() as statements:
            result = await operations.answer(Asked(text, variables), principal)
        errors = [dict(error.formatted) for error in result.errors or ()]
        return Answered(result.data, errors, list(statements))

    return ask


def customer_of(namespace: str, value: str) -> Principal:
    """Somebody with a token for one identifier."""
    return Principal("customer:test", Role.CUSTOMER, Subject(namespace, value))
