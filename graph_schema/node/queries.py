"""Query.node and Query.nodes: anything by its id, with the rules of its own field."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import strawberry

from customers.errors import InvalidInputError
from customers.ids import (
    CHANGE,
    CUSTOMER,
    DECISION,
    DEVICE,
    HOUSEHOLD,
    IDENTIFIER,
    INTERACTION,
    LABEL,
    MATCH,
    PROFILE,
)
from graph_schema.change.types import Change, change_node
from graph_schema.context import Context, Info
from graph_schema.customer.types import Customer, customer_node
from graph_schema.decision.types import Decision, decision_node
from graph_schema.household.types import Household
from graph_schema.identifier.types import Device, Identifier, device_node, identifier_node
from graph_schema.interaction.types import Interaction, interaction_node
from graph_schema.label.types import Label, label_node
from graph_schema.match.types import PossibleMatch, match_node
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, listed
from graph_schema.profile.types import Profile, profile_node

MOST_IDS = 100
# A number of more digits is none that the graph can hold.
MOST_DIGITS = 18


@strawberry.type
class NodeQueries:
    """The node fields of Query."""

    @strawberry.field(
        description="Anything by its id; null where there is nothing of that id.",
        directives=[Cost(weight=20)],
    )
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """One node."""
        info.context.select(info)
        return await _node(info.context, str(id))

    @strawberry.field(
        description="Anything by its id, at most a hundred, in their order; null where there is "
        "nothing of that id.",
        directives=[Cost(weight=20), listed(MOST_IDS, "ids")],
    )
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        """Several nodes, read with one statement a kind."""
        if len(ids) > MOST_IDS:
            raise InvalidInputError(f"At most {MOST_IDS} `ids` at once, not {len(ids)}.")
        info.context.select(info)
        return await asyncio.gather(*(_node(info.context, str(one)) for one in ids))


async def _node(context: Context, id: str) -> Node | None:
    """Whatever has the id; that there is something is told by the rule of its kind's own id."""
    kind, read = _KINDS.get(id[: id.find("_") + 1], ("", None))
    if read is None or not context.reading.principal.may_see(f"{kind}.id"):
        return None
    return await read(context, id)


async def _customer(context: Context, id: str) -> Customer | None:
    found = await context.loaders.customers_by_id.load(id)
    return customer_node(found) if found else None


async def _profile(context: Context, id: str) -> Profile | None:
    found = await context.loaders.profiles_by_id.load(id)
    return profile_node(found) if found else None


async def _household(context: Context, id: str) -> Household | None:
    members = await context.loaders.customers_of_household.load(id)
    return Household(id=strawberry.ID(id)) if members else None


async def _identifier(context: Context, id: str) -> Identifier | None:
    key = context.ids.key(IDENTIFIER, id)
    found = await context.loaders.identifiers_by_key.load(key) if key else None
    return identifier_node(found, context) if found else None


async def _device(context: Context, id: str) -> Device | None:
    key = context.ids.key(DEVICE, id)
    found = await context.loaders.identifiers_by_key.load(key) if key else None
    return device_node(found, context) if found and found.is_device else None


async def _interaction(context: Context, id: str) -> Interaction | None:
    key = context.ids.key(INTERACTION, id)
    found = await context.loaders.interactions_by_key.load(key) if key else None
    return interaction_node(found, context) if found else None


async def _change(context: Context, id: str) -> Change | None:
    number = id.removeprefix(CHANGE)
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        return None
    found = await context.loaders.changes_by_seq.load(int(number))
    return change_node(found, context) if found else None


async def _label(context: Context, id: str) -> Label | None:
    found = await context.loaders.labels_by_id.load(id)
    return label_node(found) if found else None


async def _decision(context: Context, id: str) -> Decision | None:
    found = await context.loaders.decisions_by_id.load(id)
    return decision_node(found) if found else None


async def _match(context: Context, id: str) -> PossibleMatch | None:
    found = await context.loaders.matches_by_id.load(id)
    return match_node(found, context) if found else None


# The type and the reader of each kind of id.
_KINDS: Mapping[str, tuple[str, Callable[[Context, str], Awaitable[Node | None]]]] = {
    CUSTOMER: ("Customer", _customer),
    PROFILE: ("Profile", _profile),
    HOUSEHOLD: ("Household", _household),
    IDENTIFIER: ("Identifier", _identifier),
    DEVICE: ("Device", _device),
    CHANGE: ("Change", _change),
    DECISION: ("Decision", _decision),
    LABEL: ("Label", _label),
    INTERACTION: ("Interaction", _interaction),
    MATCH: ("PossibleMatch", _match),
}
