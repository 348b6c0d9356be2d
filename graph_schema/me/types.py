"""Query.me, and what customers say of themselves."""

import strawberry

from customers.choices import choose
from customers.me import myself
from customers.traits import CONSENT, PREFERENCE
from graph_schema.context import Context, Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.ingest.types import UserError
from graph_schema.scalars import JSON

NOT_LINKED = "NOT_LINKED"


@strawberry.type(description="What became of something that customers said of themselves.")
class SelfPayload:
    """The customer as it now is."""

    errors: list[UserError]

    @strawberry.field(description="The customer with what was said.")
    async def me(self, info: Info) -> Customer | None:
        """A caller reads its own write."""
        return await _me(info)


@strawberry.type
class MeQueries:
    """The me field of Query."""

    @strawberry.field(
        description="The customer whom the token is for, as trusted sources know it; null with the "
        "code SUBJECT_UNKNOWN or SUBJECT_AMBIGUOUS where that is nobody, or several."
    )
    async def me(self, info: Info) -> Customer | None:
        """One's own customer."""
        return await _me(info)


@strawberry.type
class MeMutations:
    """What customers may change."""

    @strawberry.mutation(description="Say what one prefers: a text, a number, true or false.")
    async def set_preference(self, info: Info, name: str, value: JSON) -> SelfPayload:
        """A preference of one's own."""
        return await _choose(info.context, PREFERENCE + name, value)

    @strawberry.mutation(description="Agree to a purpose, or take that back.")
    async def set_consent(self, info: Info, purpose: str, granted: bool) -> SelfPayload:
        """A consent of one's own."""
        return await _choose(info.context, CONSENT + purpose, JSON(granted))


async def _me(info: Info) -> Customer | None:
    context = info.context
    context.select(info)
    return customer_node(await myself(context.reading, context.services.policy, context.facets))


async def _choose(context: Context, trait: str, value: JSON) -> SelfPayload:
    context.wrote = True
    services = context.services
    linked = await choose(context.reading, services.writer, services.policy, trait, value)
    context.reading = context.reading.again()  # what was seen before the write is no more
    unlinked = "It is kept, but what this token is for is too little to say that it is yours."
    return SelfPayload(
        errors=[] if linked else [UserError(code=NOT_LINKED, message=unlinked, path=[])]
    )
