"""Label, Query.labels and the mutations by which people label."""

import strawberry

from customers.ids import profile_id
from customers.labels import label as labels
from customers.labels.label import labels_before
from customers.labels.say import Pair, Said, say, unsay
from customers.times import to_datetime
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Info
from graph_schema.decision.mutations import user_errors
from graph_schema.decision.types import ProfileRefInput
from graph_schema.ingest.types import UserError
from graph_schema.node.types import Node
from graph_schema.pricing import Cost, paged
from graph_schema.profile.types import Profile, profile_node
from graph_schema.scalars import DateTime

LABELS = "labels"


@strawberry.type(
    description="What somebody says of a pair of profiles, to measure policies by. It decides "
    "nothing: `mergeProfiles` and `splitProfiles` do."
)
class Label(Node):
    """A label."""

    row: strawberry.Private[labels.Label]
    same: bool = strawberry.field(description="Whether the two are the same person.")
    by: str
    at: DateTime
    linked: bool = strawberry.field(
        description="Whether they are one customer in the graph; it is wrong where that differs "
        "from `same`."
    )

    @strawberry.field(description="The two, oldest first.", directives=[Cost(weight=10)])
    async def profiles(self, info: Info) -> list[Profile]:
        """The two profiles."""
        ids = [profile_id(one.profile) for one in self.row.ends]
        found = await info.context.loaders.profiles_by_id.load_many(ids)
        return [profile_node(one) for one in found if one is not None]


def label_node(row: labels.Label) -> Label:
    """A label as GraphQL shows it."""
    return Label(
        row=row,
        id=strawberry.ID(row.id),
        same=row.same,
        by=row.by,
        at=to_datetime(row.at),
        linked=row.linked,
    )


@strawberry.type
class LabelQueries:
    """The label fields of Query."""

    @strawberry.field(
        description="What people said of pairs of profiles, the newest first. `profile-graph "
        "policy measure` says how well a policy agrees.",
        directives=[Cost(weight=20), paged()],
    )
    async def labels(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Label]:
        """A page of labels."""
        context = info.context
        before = context.cursors.decode(LABELS, after)[0] if after is not None else None
        page = await labels_before(context.reading, before, page_size(first))
        return connected(page, label_node, lambda one: context.cursors.encode(LABELS, one.number))


@strawberry.type(description="What became of a label.")
class LabelPayload:
    """The outcome of labelling."""

    said: strawberry.Private[Said]
    errors: list[UserError]

    @strawberry.field(description="The label; null where it was refused or taken back.")
    async def label(self, info: Info) -> Label | None:
        """The label as it now is."""
        if self.said.label is None:
            return None
        found = await info.context.loaders.labels_by_id.load(self.said.label)
        return label_node(found) if found else None


@strawberry.type
class LabelMutations:
    """The label fields of Mutation."""

    @strawberry.mutation(
        description="Say that two profiles are the same person or two, to measure policies by; "
        "what was said last of a pair holds. It changes no customer."
    )
    async def label_pair(
        self, info: Info, a: ProfileRefInput, b: ProfileRefInput, same: bool
    ) -> LabelPayload:
        """Label a pair."""
        context = info.context
        context.wrote = True
        pairs = [Pair(a.ref(), b.ref(), same)]
        graph, reading = context.services.graph, context.reading
        [found] = await say(graph, pairs, reading.principal, reading.deadline)
        return LabelPayload(said=found, errors=user_errors(found.refused))

    @strawberry.mutation(description="Take a label back.")
    async def unlabel_pair(self, info: Info, id: strawberry.ID) -> LabelPayload:
        """Take a label back."""
        context = info.context
        context.wrote = True
        graph, reading = context.services.graph, context.reading
        found = await unsay(graph, str(id), reading.principal, reading.deadline)
        return LabelPayload(said=found, errors=user_errors(found.refused))
