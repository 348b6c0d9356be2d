"""Customer: the 360 view."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from customers import customer as customers
from customers.cautions import CHOSEN, CONTACTS, LOOKED_AT, Known, cautions
from customers.choices import choices
from customers.corrections import correction as corrections
from customers.identity.why import how
from customers.matches.listing import Wanted
from customers.matches.match import duplicates_of
from customers.notes.note import NotesWanted
from customers.page import END, PageWanted
from customers.past import Moment, check_now
from customers.recommendation.recommend import RecommendationsWanted, Recommended
from customers.recommendation.recommendation import Kind
from customers.timeline_filter import timeline_filter
from customers.times import now_ms, to_datetime
from customers.traits import CONSENT, PREFERENCE
from graph_schema.caution.types import Caution, caution_node
from graph_schema.connection import Connection, connected, page_size
from graph_schema.context import Info
from graph_schema.correction.types import Correction, correction_node
from graph_schema.desk.types import Ticket, ticket_node
from graph_schema.explanation.types import ResolutionStep, step_node
from graph_schema.household.types import Household
from graph_schema.identifier.types import Device, Identifier, device_node, identifier_node
from graph_schema.interaction.types import Interaction, interaction_node
from graph_schema.match.types import PossibleMatchConnection, match_connection, place_of
from graph_schema.node.types import Node
from graph_schema.note.types import Note, note_node
from graph_schema.pricing import Cost, listed, paged
from graph_schema.profile.types import Profile, profile_node
from graph_schema.recommendation.types import (
    Recommendation,
    RuledOut,
    recommendation_node,
    ruled_out_node,
)
from graph_schema.scalars import JSON, DateTime, Money, money, plain
from graph_schema.stats.types import CustomerStats, stats_node


@strawberry.type(description="A value of a trait, who says so, and when last.")
class TraitSighting:
    """A losing value."""

    value: JSON
    source: str
    at: DateTime


@strawberry.type(description="A golden trait: the newest value of the source of highest priority.")
class TraitField:
    """The winner and the values it won against."""

    name: str
    value: JSON
    source: str
    at: DateTime
    others: list[TraitSighting]
    correction: Correction | None = strawberry.field(
        description="Where a steward said what it is, instead of every source."
    )


@strawberry.type(description="How often interactions of a type happened, and what they came to.")
class Total:
    """Totals of a type."""

    type: str
    count: int
    sums: list[Money]


@strawberry.type(description="How many of each a customer has.")
class Counts:
    """Counts of the connections."""

    profiles: int
    identifiers: int
    devices: int
    interactions: int


@strawberry.type(description="What a customer prefers.")
class Preference:
    """A preference."""

    name: str
    value: JSON
    at: DateTime


@strawberry.type(description="Whether a customer agrees to a purpose. Only a clear yes is one.")
class Consent:
    """A consent."""

    purpose: str
    granted: bool
    at: DateTime
    source: str = strawberry.field(description="Who told of it: `self` where the customer did.")


@strawberry.type(description="The person we believe some profiles to be.")
class Customer(Node):
    """A customer."""

    row: strawberry.Private[customers.Customer]
    created_at: DateTime
    version: int = strawberry.field(description="Raised by every change of its profiles or traits.")
    resolution_pending: bool = strawberry.field(
        description="True while its component is too large to be resolved with each record."
    )

    @strawberry.field(description="A name to call the customer by.")
    def display_name(self) -> str:
        """First and last name, else any name, else that nobody knows."""
        return self.row.display_name

    @strawberry.field(description="Golden traits as one object.")
    def traits(self) -> JSON:
        """Names and winning values."""
        return plain({name: trait["value"] for name, trait in self.row.traits.items()})

    @strawberry.field(
        description="Golden traits with their sources and the values that lost.",
        directives=[listed(20)],
    )
    def fields(self) -> list[TraitField]:
        """The traits with their survivorship."""
        return [
            TraitField(
                name=name,
                value=plain(trait["value"]),
                source=trait["source"],
                at=to_datetime(trait["at"]),
                others=[
                    TraitSighting(
                        value=plain(other["value"]),
                        source=other["source"],
                        at=to_datetime(other["at"]),
                    )
                    for other in trait["others"]
                ],
                correction=correction_of(name, trait),
            )
            for name, trait in self.row.traits.items()
        ]

    @strawberry.field(
        description="Interactions in all, by type. A purchase that several sources saw counts "
        "once.",
        directives=[Cost(weight=5), listed(10)],
    )
    def totals(self) -> list[Total]:
        """Counts and sums."""
        return [
            Total(
                type=total.type,
                count=total.count,
                sums=[
                    one for one in (money(minor, code) for code, minor in total.sums.items()) if one
                ],
            )
            for total in self.row.totals
        ]

    @strawberry.field(
        description="What the customer is worth: spend, orders, tickets, and how that compares.",
        directives=[Cost(weight=10)],
    )
    def stats(self) -> CustomerStats:
        """The stats."""
        check_now("stats", self.row.as_of)
        return stats_node(self.row.worth)

    @strawberry.field(
        description="How many profiles, identifiers, devices and interactions.",
        directives=[Cost(weight=5)],
    )
    def counts(self) -> Counts:
        """The counts."""
        return Counts(
            profiles=self.row.size,
            identifiers=self.row.identifier_count,
            devices=self.row.device_count,
            interactions=sum(total.count for total in self.row.totals),
        )

    @strawberry.field(
        description="What the customer prefers: traits named preference.…, the newest value."
    )
    def preferences(self) -> list[Preference]:
        """Preferences by name."""
        return [
            Preference(name=one.name, value=plain(one.value), at=to_datetime(one.at))
            for one in choices(self.row.traits, PREFERENCE)
        ]

    @strawberry.field(
        description="What the customer agreed to, or not: traits named consent.…, the newest value."
    )
    def consents(self) -> list[Consent]:
        """Consents by purpose."""
        return [
            Consent(
                purpose=one.name,
                granted=one.value is True,
                at=to_datetime(one.at),
                source=one.source,
            )
            for one in choices(self.row.traits, CONSENT)
        ]

    @strawberry.field(description="Who the customer lives with; null where nobody is known.")
    def household(self) -> Household | None:
        """The household."""
        check_now("household", self.row.as_of)
        return Household(id=strawberry.ID(self.row.household)) if self.row.household else None

    @strawberry.field(
        description="What to offer next, the strongest first, at most 50, each with its reason: "
        "what those whose purchases are most alike bought lately, or what is due again.",
        directives=[Cost(weight=100), listed(10, "first")],
    )
    async def recommendations(
        self, info: Info, kind: Kind = Kind.CROSS_SELL, first: int = 10
    ) -> list[Recommendation]:
        """What to offer."""
        found = await self._recommended("recommendations", info, kind, first)
        return [recommendation_node(one) for one in found.offered]

    @strawberry.field(
        description="What not to offer, and why: what was refused or given back, then what is "
        "owned, the latest first, at most 50. It comes with recommendations of the same arguments.",
        directives=[Cost(weight=100), listed(10, "first")],
    )
    async def ruled_out(
        self, info: Info, kind: Kind = Kind.CROSS_SELL, first: int = 10
    ) -> list[RuledOut]:
        """What not to offer."""
        found = await self._recommended("ruledOut", info, kind, first)
        return [ruled_out_node(one) for one in found.ruled_out[:first]]

    async def _recommended(self, field: str, info: Info, kind: Kind, first: int) -> Recommended:
        """What comes with one answer, whichever field asks for it."""
        check_now(field, self.row.as_of)
        wanted = RecommendationsWanted(self.row.id, kind, first, self.row.leads)
        return await info.context.loaders.recommendations.load(wanted)

    @strawberry.field(
        description="How it came about: the joins of its profiles, the strongest evidence first, "
        "`first` of them. None of a single profile.",
        directives=[Cost(weight=100), listed(50, "first")],
    )
    async def how(self, info: Info, first: int = 50) -> list[ResolutionStep]:
        """The steps."""
        check_now("how", self.row.as_of)
        context = info.context
        steps = await how(context.reading, context.services.policy, self.row.id, page_size(first))
        return [step_node(one) for one in steps]

    @strawberry.field(
        description="The open matches with others that may be the same person, those of the most "
        "evidence first.",
        directives=[Cost(weight=10), paged()],
    )
    async def possible_matches(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> PossibleMatchConnection:
        """A page of matches."""
        check_now("possibleMatches", self.row.as_of)
        context, size, wanted = info.context, page_size(first), Wanted(customer=self.row.id)
        found = await context.loaders.matches_of_customer.load(self.row.id)
        page = wanted.page(found, size, place_of(context, wanted, after))
        return match_connection(page, wanted, context)

    @strawberry.field(
        description="What each source knows of the customer, oldest first.", directives=[paged()]
    )
    async def profiles(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Profile]:
        """A page of profiles."""
        context, size, name = info.context, page_size(first), "customer.profiles"
        position = context.cursors.after(name, after)
        page = self.row.profile_page(size, position)
        if page is None:
            page = await context.loaders.profiles_of_customer.load(
                PageWanted(self.row.id, size, position)
            )
        # Its profiles know whose they are without asking.
        if self.row.as_of is None:
            context.loaders.customers_by_id.prime(self.row.id, self.row)
        else:
            context.loaders.past_by_id.prime(Moment(self.row.id, self.row.as_of), self.row)
        return connected(page, profile_node, lambda one: context.cursors.encode(name, one.number))

    @strawberry.field(
        description="Every value that may tell who it is, the last seen first.",
        directives=[paged()],
    )
    async def identifiers(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Identifier]:
        """A page of identifiers."""
        context, size, name = info.context, page_size(first), "customer.identifiers"
        position = context.cursors.after(name, after)
        page = self.row.identifier_page(size, position)
        if page is None:
            page = await context.loaders.identifiers_of_customer.load(
                PageWanted(self.row.id, size, position)
            )
        return connected(
            page,
            lambda one: identifier_node(one, context),
            lambda one: context.cursors.encode(name, one.last_seen, one.key),
        )

    @strawberry.field(
        description="The customer's devices and browsers, the last seen first.",
        directives=[paged()],
    )
    async def devices(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[Device]:
        """A page of devices."""
        context, size, name = info.context, page_size(first), "customer.devices"
        position = context.cursors.after(name, after)
        page = self.row.device_page(size, position)
        if page is None:
            page = await context.loaders.devices_of_customer.load(
                PageWanted(self.row.id, size, position)
            )
        return connected(
            page,
            lambda one: device_node(one, context),
            lambda one: context.cursors.encode(name, one.last_seen, one.key),
        )

    @strawberry.field(
        description="Every touch with us, the newest first: of these types, through these "
        "channels, from a time on and before another. A purchase that several sources saw is "
        "there once.",
        directives=[Cost(weight=20), paged()],
    )
    async def interactions(  # noqa: PLR0917 - the schema's arguments
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        types: list[str] | None = None,
        channels: list[str] | None = None,
        since: Annotated[DateTime | None, strawberry.argument(name="from")] = None,
        until: Annotated[DateTime | None, strawberry.argument(name="to")] = None,
    ) -> Connection[Interaction]:
        """A page of the timeline."""
        context, size, name = info.context, page_size(first), "customer.interactions"
        chosen = timeline_filter(types, channels, since, until)
        position = (
            chosen.checked(context.cursors.decode(name, after)) if after is not None else None
        )
        page = await context.loaders.timelines.load(self.row.timeline(size, position, chosen))
        return connected(
            page,
            lambda one: interaction_node(one, context),
            lambda one: context.cursors.encode(name, *chosen.position(one.at, one.key)),
        )

    @strawberry.field(
        description="The open tickets, the one that waits longest first.",
        directives=[Cost(weight=5), listed(10, "first")],
    )
    async def open_tickets(self, info: Info, first: int = 10) -> list[Ticket]:
        """What the customer waits for."""
        check_now("openTickets", self.row.as_of)
        size, context = page_size(first), info.context
        found = await context.loaders.waits_of_customer.load(self.row.id)
        return [ticket_node(one, context) for one in found.tickets[:size]]

    @strawberry.field(
        description="What not to do, and why, the most binding first: contact or advertise without "
        "consent, sell while a ticket is open, offer what was refused or returned in the last 180 "
        "days (of the newest 100 interactions of type `offer`, `refund`, `return` or `track`), "
        "speak of orders to whoever shares a contact.",
        directives=[Cost(weight=50), listed(10)],
    )
    async def do_not(self, info: Info) -> list[Caution]:
        """The cautions."""
        check_now("doNot", self.row.as_of)
        loaders = info.context.loaders
        waits, duplicates, page = await asyncio.gather(
            loaders.waits_of_customer.load(self.row.id),
            self._duplicates(info),
            loaders.timelines.load(self.row.timeline(LOOKED_AT, None, CHOSEN)),
        )
        contacts = self.row.identifiers[:CONTACTS]
        known = Known(
            self.row.traits, waits.tickets, page.items, contacts, duplicates, self.row.pending
        )
        return [caution_node(one) for one in cautions(known, now_ms())]

    @strawberry.field(
        description="The ids of others who may be the same person: the open `possibleMatches`, "
        "those of the most evidence first, without the evidence.",
        directives=[Cost(weight=5), listed(10)],
    )
    async def possible_duplicates(self, info: Info) -> list[strawberry.ID]:
        """Others who may be the same."""
        check_now("possibleDuplicates", self.row.as_of)
        return [strawberry.ID(one) for one in await self._duplicates(info)]

    async def _duplicates(self, info: Info) -> list[str]:
        found = await info.context.loaders.matches_of_customer.load(self.row.id)
        return duplicates_of(self.row.id, found)

    @strawberry.field(
        description="What colleagues wrote about the customer, the newest first. Notes are no "
        "`interactions`: these are what the customer did.",
        directives=[Cost(weight=5), paged()],
    )
    async def notes(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        include_withdrawn: Annotated[
            bool, strawberry.argument(description="Also what no longer holds.")
        ] = False,
    ) -> Connection[Note]:
        """A page of notes."""
        check_now("notes", self.row.as_of)
        context, name = info.context, "customer.notes"
        before = context.cursors.decode(name, after)[0] if after is not None else END
        page = await context.loaders.notes_of_customer.load(
            NotesWanted(self.row.id, page_size(first), before, include_withdrawn)
        )
        return connected(page, note_node, lambda one: context.cursors.encode(name, one.number))


def correction_of(name: str, trait: Mapping[str, Any]) -> Correction | None:
    """The correction that a golden trait goes by."""
    why = trait.get("correction")
    return why and correction_node(
        corrections.Correction(
            why["id"], name, trait["value"], why["reason"], why["by"], trait["at"]
        )
    )


def customer_node(row: customers.Customer) -> Customer:
    """A customer as GraphQL shows it."""
    return Customer(
        row=row,
        id=strawberry.ID(row.id),
        created_at=to_datetime(row.created_at),
        version=row.version,
        resolution_pending=row.pending,
    )
