"""Context: what one operation knows of its caller, its deadline and what it has read so far."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias, cast

import strawberry
from graphql import GraphQLObjectType, get_argument_values
from graphql.execution.values import VariableValues

from customers.cursor import Cursors
from customers.customer import Customer, Facets
from customers.identifier import wanted_key
from customers.ids import SealedIds, own_customer_id
from customers.past import Moment
from customers.profile import Profile
from customers.reading import Reading
from customers.services import Services
from graph_schema.demand import demand
from graph_schema.loaders import Loaders
from graph_schema.meter import Meter


class Context:
    """One operation's state; a read that must be repeated starts with a new one."""

    def __init__(
        self,
        services: Services,
        begin: Callable[[], Reading],
        meter: Meter,
        reading: Reading | None = None,
    ) -> None:
        """Begin an operation; `begin` makes a reading for its caller, with a new deadline."""
        self.services = services
        self.begin = begin
        self.meter = meter
        self.reading = reading or begin()
        self.cursors = Cursors(services.secret)
        self.ids = SealedIds(services.secret)
        # A mutation that wrote is not run again, whatever changed under its answer.
        self.wrote = False
        # The event of a subscription that is being answered is to be answered again.
        self.repeat = False
        # Such as `query customer`, and the fields that it selects, once they are known.
        self.name = "other"
        self.fields: frozenset[str] = frozenset()
        self._facets: Facets | None = None

    def again(self, reading: Reading | None = None) -> "Context":
        """The same operation from its start, for a read that saw a customer change."""
        return Context(self.services, self.begin, self.meter, reading or self.reading.again())

    def renew(self) -> None:
        """Begin the next event of a subscription: a new deadline, and nothing read yet."""
        self.reading = self.begin()
        self.repeat = False
        self.__dict__.pop("loaders", None)

    def select(self, info: "Info") -> None:
        """Learn, once, which facets the operation selects of its customers."""
        if self._facets is None:
            raw = info._raw_info  # noqa: SLF001 - Strawberry shows no fragments otherwise
            definitions = (raw.operation, *raw.fragments.values())
            of_customer = cast("GraphQLObjectType", raw.schema.type_map["Customer"]).fields
            self._facets = demand(
                (definition.selection_set for definition in definitions),
                info.variable_values,
                lambda field: get_argument_values(
                    of_customer[field.name.value],
                    field,
                    # Strawberry's executor keeps the values alone.
                    VariableValues({}, info.variable_values),
                ),
            )

    def key(self, namespace: str, value: str) -> str | None:
        """The key of an identifier that the caller names; None for what never is one."""
        return wanted_key(namespace, value, self.services.policy, self.reading.principal)

    @property
    def facets(self) -> Facets:
        """The facets that the operation selects; none before a resolver called `select`."""
        return self._facets or Facets()

    async def customer(self, id: str, as_of: int | None = None) -> Customer | None:
        """A customer by any id it ever had; as of a recorded time, by any that it had then."""
        if as_of is None:
            return await self.loaders.customers_by_id.load(id)
        return await self.loaders.past_by_id.load(Moment(id, as_of))

    async def holders(self, key: str, as_of: int | None = None) -> list[Customer]:
        """The customers that hold an identifier, or held it as of a recorded time."""
        if as_of is None:
            return await self.loaders.customers_by_identifier.load(key)
        return await self.loaders.past_by_identifier.load(Moment(key, as_of))

    async def profile(self, id: str, as_of: int | None = None) -> Profile | None:
        """A profile by its id; as of a recorded time, in the customer that it had then."""
        if as_of is None:
            return await self.loaders.profiles_by_id.load(id)
        found = await self.customer(own_customer_id(id), as_of)
        return next((one for one in found.profiles if one.id == id), None) if found else None

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders of this operation; made on the running loop."""
        return Loaders(self)


Info: TypeAlias = strawberry.Info[Context, None]
