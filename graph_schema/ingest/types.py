"""Mutation.ingest: records in, the customers they now make out."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from customers.ingest.ingest import ingest
from customers.ingest.queue import Rejected
from customers.ingest.writer import Written
from graph_schema.context import Info
from graph_schema.pricing import Cost, sized
from graph_schema.scalars import JSON

if TYPE_CHECKING:
    from graph_schema.customer.types import Customer


@strawberry.input(description="A value that may tell who it is.")
class IdentifierValueInput:
    """An identifier of a record."""

    namespace: str
    value: str


@strawberry.input(description="An identifier of a thing, with what is known of the thing.")
class DeviceInput:
    """The device of a record."""

    namespace: str
    value: str
    platform: str | None = None
    os: str | None = None
    browser: str | None = None
    model: str | None = None


@strawberry.input(description="A product that an interaction is about.")
class ProductLineInput:
    """A line."""

    key: str
    name: str | None = None
    category: str | None = None
    quantity: float = 1
    amount: float | None = None


@strawberry.input(description="Something that happened. With an id it counts once.")
class InteractionInput:
    """The interaction of a record."""

    id: str | None = None
    type: str = "track"
    name: str | None = None
    channel: str | None = None
    amount: float | None = None
    currency: str | None = None
    order_id: str | None = None
    products: list[ProductLineInput] = strawberry.field(default_factory=list)
    properties: JSON | None = None


@strawberry.input(description="What one source says of somebody at one time.")
class RecordInput:
    """A record, in the words of the import format."""

    source: str
    source_id: str | None = None
    at: str | None = strawberry.field(default=None, description="ISO 8601; none: now.")
    identifiers: list[IdentifierValueInput] = strawberry.field(default_factory=list)
    traits: JSON | None = None
    device: DeviceInput | None = None
    interaction: InteractionInput | None = None
    replace: bool = strawberry.field(
        default=False,
        description="All that the source knows of the row: what is not named no longer holds.",
    )
    deleted: bool = strawberry.field(
        default=False, description="The row is gone: what was known by it is erased."
    )


@strawberry.type(description="A part of a record that was not taken, and why.")
class RefusedValue:
    """A refused value; the rest of its record was taken."""

    what: str
    value: str
    reason: str


@strawberry.type(description="What became of one record.")
class IngestResult:
    """A record that was taken."""

    index: int = strawberry.field(description="Its place in the call.")
    profile_id: strawberry.ID
    customer_id: strawberry.ID | None = strawberry.field(
        description="Null for a profile that was deleted, and for a source that is not trusted."
    )
    known: bool = strawberry.field(description="True where this very record was there already.")
    refused: list[RefusedValue]


@strawberry.type(description="An expected failure.")
class UserError:
    """A record that was not taken."""

    code: str
    message: str
    path: list[str]


@strawberry.type(description="The outcome of an ingest.")
class IngestPayload:
    """What was taken, what was not, and the customers as they now are."""

    results: list[IngestResult]
    errors: list[UserError]

    @strawberry.field(description="The customers of the records, each once.")
    async def customers(
        self, info: Info
    ) -> list[Annotated["Customer", strawberry.lazy("graph_schema.customer.types")]]:
        """A caller reads its own write."""
        from graph_schema.customer.types import customer_node  # noqa: PLC0415 - types name each other

        info.context.select(info)
        ids = list(dict.fromkeys(str(one.customer_id) for one in self.results if one.customer_id))
        found = await info.context.loaders.customers_by_id.load_many(ids)
        customers = {one.id: one for one in found if one is not None}
        return [customer_node(one) for one in customers.values()]


@strawberry.type
class IngestMutations:
    """The ingest fields of Mutation."""

    @strawberry.mutation(
        description="Take up to 1,000 records. Bad ones are listed under errors, the others go in.",
        directives=[Cost(weight=20), sized(1, ["records"], ["results", "errors", "customers"])],
    )
    async def ingest(
        self,
        info: Info,
        records: Annotated[list[RecordInput], strawberry.argument(directives=[Cost(weight=5)])],
    ) -> IngestPayload:
        """Write records and resolve what they touch."""
        context = info.context
        context.wrote = True
        outcomes = await ingest(
            context.services.writer,
            context.services.policy,
            [_raw(record) for record in records],
            context.reading.principal,
            context.reading.deadline,
        )
        return IngestPayload(
            results=[
                _result(place, one)
                for place, one in enumerate(outcomes)
                if isinstance(one, Written)
            ],
            errors=[
                UserError(code=one.code, message=one.reason, path=["records", str(place)])
                for place, one in enumerate(outcomes)
                if isinstance(one, Rejected)
            ],
        )


def _result(place: int, one: Written) -> IngestResult:
    return IngestResult(
        index=place,
        profile_id=strawberry.ID(one.profile),
        customer_id=strawberry.ID(one.customer) if one.customer else None,
        known=one.known,
        refused=[
            RefusedValue(what=part.what, value=part.value, reason=part.reason)
            for part in one.refused
        ],
    )


def _raw(record: RecordInput) -> dict[str, Any]:
    """The record as a line of a file would have it, so that both go the same way."""
    return _given(
        source=record.source,
        sourceId=record.source_id,
        at=record.at,
        identifiers=[vars(one) for one in record.identifiers],
        traits=record.traits,
        device=vars(record.device) if record.device else None,
        interaction=_raw_interaction(record.interaction) if record.interaction else None,
        replace=record.replace or None,
        deleted=record.deleted or None,
    )


def _raw_interaction(value: InteractionInput) -> dict[str, Any]:
    return _given(
        id=value.id,
        type=value.type,
        name=value.name,
        channel=value.channel,
        amount=value.amount,
        currency=value.currency,
        orderId=value.order_id,
        products=[vars(line) for line in value.products],
        properties=value.properties,
    )


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
