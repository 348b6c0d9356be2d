"""IdentityGraph: nodes and edges as an explorer draws them."""

import strawberry

from customers.errors import InvalidInputError
from customers.identity_graph import identity_graph
from customers.ids import IDENTIFIER
from customers.past import recorded_by
from customers.times import to_datetime
from graph_schema.context import Info
from graph_schema.identifier.queries import IdentifierInput
from graph_schema.identifier.types import Identifier, identifier_node
from graph_schema.pricing import Cost, sized
from graph_schema.profile.types import Profile, profile_node
from graph_schema.scalars import DateTime


@strawberry.type(description="A profile's link to an identifier.")
class IdentityEdge:
    """An edge, by the ids of its ends."""

    profile_id: strawberry.ID
    identifier_id: strawberry.ID
    first_seen: DateTime
    last_seen: DateTime
    count: int


@strawberry.type(description="A customer in an identity graph and the profiles drawn of it.")
class IdentityCluster:
    """A cluster."""

    customer_id: strawberry.ID
    profile_ids: list[strawberry.ID]


@strawberry.type(description="Profiles, the identifiers between them, and the customers they make.")
class IdentityGraph:
    """The graph around an identifier or of a customer."""

    profiles: list[Profile]
    identifiers: list[Identifier]
    edges: list[IdentityEdge]
    clusters: list[IdentityCluster]
    complete: bool = strawberry.field(description="False where `first` cut it.")


@strawberry.type
class IdentityGraphQueries:
    """The graph fields of Query."""

    @strawberry.field(
        description="What is connected to an identifier or to a customer. Generic identifiers are "
        "shown and not crossed. `first` bounds the profiles. With `asOf`, what was connected as we "
        "had recorded it by that time; what is generic now is not crossed.",
        directives=[
            Cost(weight=100),
            sized(200, ["first"], ["profiles", "identifiers", "edges", "clusters"]),
        ],
    )
    async def identity_graph(
        self,
        info: Info,
        of: IdentifierInput | None = None,
        customer_id: strawberry.ID | None = None,
        first: int = 200,
        as_of: DateTime | None = None,
    ) -> IdentityGraph:
        """An identity graph."""
        context = info.context
        key = context.key(of.namespace, of.value) if of else None
        if of is not None and key is None:
            raise InvalidInputError(
                f"This value is never an identifier of namespace {of.namespace}."
            )
        found = await identity_graph(
            context.reading,
            context.services.policy,
            identifier=key,
            customer=customer_id,
            first=first,
            as_of=None if as_of is None else recorded_by(as_of),
        )
        clusters: dict[str, list[strawberry.ID]] = {}
        for profile in found.profiles.values():
            clusters.setdefault(profile.customer or "", []).append(strawberry.ID(profile.id))
        return IdentityGraph(
            profiles=[profile_node(one) for one in found.profiles.values()],
            identifiers=[identifier_node(one, context) for one in found.identifiers.values()],
            edges=[
                IdentityEdge(
                    profile_id=strawberry.ID(edge.profile),
                    identifier_id=strawberry.ID(context.ids.seal(IDENTIFIER, edge.identifier)),
                    first_seen=to_datetime(edge.first_seen),
                    last_seen=to_datetime(edge.last_seen),
                    count=edge.count,
                )
                for edge in found.edges
            ],
            clusters=[
                IdentityCluster(customer_id=strawberry.ID(customer), profile_ids=profiles)
                for customer, profiles in clusters.items()
            ],
            complete=found.complete,
        )
