"""IdentityHealth and its lines, each of which leads to the query that shows it."""

import strawberry

from customers.identity import health
from customers.identity.possible import Kind
from customers.ids import IDENTIFIER, profile_id
from customers.times import DAY_MS, to_datetime
from graph_schema.change.types import CHANGES
from graph_schema.context import Context, Info
from graph_schema.identifier.types import Identifier, identifier_node
from graph_schema.identity_health import cases
from graph_schema.scalars import DateTime


@strawberry.type(description="Customers of about as many profiles.")
class CustomerSizes:
    """A bar of a histogram."""

    least: int
    most: int | None = strawberry.field(description="Null in the last, which has no end.")
    customers: int
    profiles: int
    query: str | None = strawberry.field(description="Shows the largest; null where none is.")


@strawberry.type(description="A customer of many profiles.")
class LargeCustomer:
    """A customer by its id."""

    customer_id: strawberry.ID
    profiles: int
    query: str = strawberry.field(description="Shows what holds it together.")


@strawberry.type(description="The identifiers of a namespace.")
class NamespaceHealth:
    """A namespace."""

    namespace: str
    identifiers: int
    shared: int = strawberry.field(description="Of more than one person.")
    generic: int = strawberry.field(description="Of so many people that they link nobody.")
    query: str = strawberry.field(description="Shows one that is generic, else the most shared.")


@strawberry.type(description="An identifier that many hold.")
class CrowdedIdentifier:
    """An identifier by its key; its value is read for whoever asks."""

    key: strawberry.Private[str]
    people: int | None
    holders: int = strawberry.field(description="Profiles that hold it, or held it.")
    query: str = strawberry.field(description="Shows it and whose it is.")

    @strawberry.field(description="The identifier; null where it is no more.")
    async def identifier(self, info: Info) -> Identifier | None:
        """The identifier, as the caller may see it."""
        return await _identifier(self.key, info.context)


@strawberry.type(
    description="An identifier without which a customer's profiles would fall apart: a weak bridge "
    "where the parts are large. Blocking keys hold profiles together too, but are not named."
)
class IdentityBridge:
    """A bridge."""

    key: strawberry.Private[str]
    customer_id: strawberry.ID
    parts: list[int] = strawberry.field(description="Profiles of each part, the largest first.")
    query: str = strawberry.field(description="Shows what holds the customer together.")

    @strawberry.field(description="The identifier; null where it is no more.")
    async def identifier(self, info: Info) -> Identifier | None:
        """The identifier, as the caller may see it."""
        return await _identifier(self.key, info.context)


@strawberry.type(description="A customer of several profiles that have little in common.")
class SparseCustomer:
    """A customer by its id."""

    customer_id: strawberry.ID
    profiles: int
    links: int = strawberry.field(description="Links to what two of its profiles or more hold.")
    query: str = strawberry.field(description="Shows what holds it together.")


@strawberry.type(description="Values that are no identifiers; they are counted and not kept.")
class RefusedValues:
    """A reason."""

    source: str
    namespace: str = strawberry.field(description="`other` for all that the policy does not know.")
    reason: str
    count: int
    last_at: DateTime
    query: str = strawberry.field(description="Shows customers of whom the source knows.")


@strawberry.type(description="Changes of a UTC day.")
class ChangeDay:
    """A day."""

    day: str
    created: int
    joined: int
    merged: int
    split: int
    moved: int
    deleted: int
    query: str = strawberry.field(description="Shows the changes from the day's first on.")


@strawberry.type(description="Profiles of a source that share nothing with any other.")
class SourceHealth:
    """A source."""

    source: str
    profiles: int = strawberry.field(description="That were looked at.")
    unlinked: int = strawberry.field(
        description="Of these, those that hold no identifier and no blocking key of another."
    )
    query: str = strawberry.field(description="Shows one, else customers that the source knows.")


@strawberry.type(description="Possible matches of a kind.")
class KindAwaiting:
    """A kind."""

    kind: Kind
    open: int
    query: str = strawberry.field(description="Shows the strongest.")


@strawberry.type(description="Possible matches that await somebody who decides.")
class AwaitingReview:
    """The queue."""

    open: int
    snoozed: int
    oldest: DateTime | None = strawberry.field(
        description="Since when the oldest of the open ones is one; null where none is."
    )
    kinds: list[KindAwaiting] = strawberry.field(description="The open ones, by kind.")
    query: str = strawberry.field(description="Shows the strongest of all.")


@strawberry.type(
    description="What may be wrong with identities. Counted when it is asked for and kept for a "
    "minute, by each server; `asOf` says of when the figures are."
)
class IdentityHealth:
    """The figures."""

    as_of: DateTime
    sizes: list[CustomerSizes] = strawberry.field(description="All customers, by their profiles.")
    largest: list[LargeCustomer] = strawberry.field(description="The ten of most profiles.")
    namespaces: list[NamespaceHealth]
    most_people: list[CrowdedIdentifier] = strawberry.field(description="The ten of most people.")
    most_holders: list[CrowdedIdentifier] = strawberry.field(
        description="The ten that most profiles hold."
    )
    bridges: list[IdentityBridge] = strawberry.field(
        description="The ten that hold the largest parts together, of the thirty largest customers "
        "that have at most 2,000 profiles."
    )
    sparsest: list[SparseCustomer] = strawberry.field(
        description="The ten of the fewest links a profile, of the same thirty customers."
    )
    refused: list[RefusedValues] = strawberry.field(
        description="The fifty most frequent, of records that were taken; each was counted once."
    )
    days: list[ChangeDay] = strawberry.field(
        description="The newest first, out of the newest 20,000 changes."
    )
    sources: list[SourceHealth] = strawberry.field(
        description="Out of 2,000 profiles, evenly spread over all."
    )
    awaits_review: AwaitingReview


async def _identifier(key: str, context: Context) -> Identifier | None:
    found = await context.loaders.identifiers_by_key.load(key)
    return identifier_node(found, context) if found else None


def health_node(found: health.Health, context: Context) -> IdentityHealth:
    """The figures as GraphQL shows them."""

    def crowded(one: health.Crowded) -> CrowdedIdentifier:
        return CrowdedIdentifier(
            key=one.key,
            people=one.people,
            holders=one.holders,
            query=cases.identifier(context.ids.seal(IDENTIFIER, one.key)),
        )

    def namespace(one: health.Namespace) -> NamespaceHealth:
        case = one.example and cases.identifier(context.ids.seal(IDENTIFIER, one.example))
        return NamespaceHealth(
            namespace=one.name,
            identifiers=one.identifiers,
            shared=one.shared,
            generic=one.generic,
            query=case or cases.namespaces(),
        )

    return IdentityHealth(
        as_of=to_datetime(found.at),
        sizes=[
            CustomerSizes(
                least=one.least,
                most=one.most,
                customers=one.customers,
                profiles=one.profiles,
                query=cases.customer(one.example) if one.example else None,
            )
            for one in found.sizes
        ],
        largest=[
            LargeCustomer(
                customer_id=strawberry.ID(one.customer),
                profiles=one.profiles,
                query=cases.graph(one.customer),
            )
            for one in found.largest
        ],
        namespaces=[namespace(one) for one in found.namespaces],
        most_people=[crowded(one) for one in found.most_people],
        most_holders=[crowded(one) for one in found.most_holders],
        bridges=[
            IdentityBridge(
                key=one.key,
                customer_id=strawberry.ID(one.customer),
                parts=list(one.parts),
                query=cases.graph(one.customer),
            )
            for one in found.bridges
        ],
        sparsest=[
            SparseCustomer(
                customer_id=strawberry.ID(one.customer),
                profiles=one.profiles,
                links=one.links,
                query=cases.graph(one.customer),
            )
            for one in found.sparsest
        ],
        refused=[
            RefusedValues(
                source=one.source,
                namespace=one.namespace,
                reason=one.reason,
                count=one.count,
                last_at=to_datetime(one.last_at),
                query=cases.known_to(one.source),
            )
            for one in found.refusals
        ],
        days=[_day(one, context) for one in found.days],
        sources=[
            SourceHealth(
                source=one.source,
                profiles=one.profiles,
                unlinked=one.unlinked,
                query=cases.profile(profile_id(one.example))
                if one.example
                else cases.known_to(one.source),
            )
            for one in found.sources
        ],
        awaits_review=_review(found.review),
    )


def _review(found: health.Review) -> AwaitingReview:
    return AwaitingReview(
        open=sum(found.open.values()),
        snoozed=found.snoozed,
        oldest=to_datetime(found.oldest) if found.oldest is not None else None,
        kinds=[
            KindAwaiting(kind=kind, open=found.open[kind], query=cases.matches(kind.name))
            for kind in Kind
            if kind in found.open
        ],
        query=cases.matches(None),
    )


def _day(one: health.Day, context: Context) -> ChangeDay:
    kinds = ("created", "joined", "merged", "split", "moved", "deleted")
    return ChangeDay(
        day=to_datetime(one.day * DAY_MS).date().isoformat(),
        **{kind: one.kinds.get(kind, 0) for kind in kinds},
        query=cases.changes(context.cursors.encode(CHANGES, one.first - 1)),
    )


@strawberry.type
class IdentityHealthQueries:
    """The health field of Query."""

    @strawberry.field(description="What is wrong with our identities? Each line has a query.")
    async def identity_health(self, info: Info) -> IdentityHealth:
        """The figures, perhaps of a moment ago."""
        context = info.context
        return health_node(await context.services.health.figures(context.reading), context)
