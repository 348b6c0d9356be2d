"""What the graph has of what a batch touches, and how records change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from customers.identity.people import Summary, told_by
from customers.identity.policy import Policy
from customers.ids import new_customer_id
from customers.ingest.prepare import Prepared, PreparedIdentifier, PreparedInteraction, Refused
from customers.traits import Traits, compared, with_values

# Records without an interaction are known again by a digest. A profile keeps this many; of one with
# more, records older than all of them count as known, so that a file read twice changes nothing.
KEPT_DIGESTS = 512
TAKEN = "another profile of this source has an interaction with this id"


@dataclass(slots=True)
class Link:
    """A profile's link to an identifier."""

    first_seen: int
    last_seen: int
    count: int
    new: bool = False
    changed: bool = False


@dataclass(slots=True)
class IdentifierState:
    """An identifier; `people` is None where its namespace links nobody."""

    key: str
    namespace: str
    value: str
    summary: Summary
    people: int | None
    generic: bool
    first_seen: int
    last_seen: int
    new: bool = False
    changed: bool = False
    device: dict[str, str] | None = None

    def see(self, at: int, value: str) -> None:
        """Take in a sighting at `at`."""
        seen = (min(self.first_seen, at), max(self.last_seen, at), min(self.value, value))
        if seen != (self.first_seen, self.last_seen, self.value):
            self.first_seen, self.last_seen, self.value = seen
            self.changed = True


@dataclass(slots=True)
class ProfileState:
    """A profile; `customer` is the one it belongs to, None while it is new."""

    key: str
    number: int
    customer_id: str
    source: str
    source_id: str
    first_seen: int
    last_seen: int
    traits: Traits
    digests: dict[int, int]
    totals: dict[str, dict[str, int]]
    links: dict[str, Link]
    customer: str | None = None
    new: bool = False
    changed: bool = False
    resolve: bool = False

    def knows(self, record: Prepared) -> bool:
        """Whether this very record was applied before."""
        if record.digest in self.digests:
            return True
        full = len(self.digests) >= KEPT_DIGESTS
        return full and record.dated and record.at < min(self.digests.values())

    def remember(self, record: Prepared) -> None:
        """Know the record again later."""
        self.digests[record.digest] = record.at
        if len(self.digests) > KEPT_DIGESTS:
            newest = sorted(self.digests.items(), key=lambda item: (item[1], item[0]), reverse=True)
            self.digests = dict(newest[:KEPT_DIGESTS])


@dataclass(slots=True)
class PeriodState:
    """A UTC day of a profile: how much happened, in all and by type, and when first and last."""

    key: str
    profile: str
    at: int
    count: int
    types: dict[str, int]
    earliest: int
    latest: int
    new: bool = False


@dataclass(slots=True)
class NewInteraction:
    """An interaction that the graph does not have yet."""

    record: Prepared
    value: PreparedInteraction


@dataclass(slots=True)
class Applied:
    """What became of one record."""

    profile: ProfileState
    refused: list[Refused]
    known: bool


class BatchState:
    """The part of the graph that one batch touches. Applying records changes it in memory only."""

    def __init__(
        self,
        policy: Policy,
        profiles: Iterable[ProfileState],
        identifiers: Iterable[IdentifierState],
        interactions: Mapping[str, str],
        periods: Iterable[PeriodState],
        *,
        last_number: int,
    ) -> None:
        """Take what was read; `interactions` maps the known ones to their profiles."""
        self.policy = policy
        self.profiles = {profile.key: profile for profile in profiles}
        self.identifiers = {identifier.key: identifier for identifier in identifiers}
        self.periods = {period.key: period for period in periods}
        self.known_interactions = dict(interactions)
        self.new_interactions: list[NewInteraction] = []
        self.last_number = last_number
        # Identifiers that turned generic, or back.
        self.flipped: set[str] = set()

    def apply(self, record: Prepared) -> Applied:
        """Add one record to what is known of its profile."""
        refused = list(record.refused)
        profile = self.profiles.get(record.profile) or self._new_profile(record)
        interaction = record.interaction
        if interaction is not None:
            holder = self.known_interactions.get(interaction.key)
            if holder == profile.key:
                return Applied(profile, refused, known=True)
            if holder is not None:
                refused.append(Refused("interaction", interaction.name or interaction.type, TAKEN))
                interaction = None
        # Without an interaction of its own, a record is known again by its digest.
        if interaction is None and profile.knows(record):
            return Applied(profile, refused, known=True)
        self._add_evidence(profile, record)
        if interaction is None:
            profile.remember(record)
        else:
            self._add_interaction(profile, record, interaction)
        return Applied(profile, refused, known=False)

    def count_people(self) -> None:
        """Tell touched identifiers what their holders say; note which turned generic or back."""
        for profile in self.profiles.values():
            if not profile.resolve:
                continue
            told = told_by(profile.links, compared(profile.traits, self.policy), self.policy)
            for key in profile.links:
                identifier = self.identifiers[key]
                if identifier.namespace in self.policy.links:
                    summary = identifier.summary | told
                    identifier.changed = identifier.changed or summary != identifier.summary
                    identifier.summary = summary
        for identifier in self.identifiers.values():
            self._count(identifier)

    def _count(self, identifier: IdentifierState) -> None:
        if identifier.namespace not in self.policy.links:
            return
        people = identifier.summary.people(identifier.namespace, self.policy)
        generic = people > self.policy.crowd
        if generic != identifier.generic and not identifier.new:
            self.flipped.add(identifier.key)
        if (people, generic) != (identifier.people, identifier.generic):
            identifier.changed = True
        identifier.people, identifier.generic = people, generic

    def _new_profile(self, record: Prepared) -> ProfileState:
        self.last_number += 1
        profile = ProfileState(
            key=record.profile,
            number=self.last_number,
            customer_id=new_customer_id(),
            source=record.source,
            source_id=record.source_id,
            first_seen=record.at,
            last_seen=record.at,
            traits={},
            digests={},
            totals={},
            links={},
            new=True,
            changed=True,
            resolve=True,
        )
        self.profiles[profile.key] = profile
        return profile

    def _add_evidence(self, profile: ProfileState, record: Prepared) -> None:
        profile.changed = True
        profile.first_seen = min(profile.first_seen, record.at)
        profile.last_seen = max(profile.last_seen, record.at)
        traits = with_values(profile.traits, record.traits, record.at)
        if traits is not profile.traits:
            profile.traits, profile.resolve = traits, True
        for identifier in record.identifiers:
            self._link(profile, identifier, record.at)

    def _link(self, profile: ProfileState, seen: PreparedIdentifier, at: int) -> None:
        identifier = self.identifiers.get(seen.key)
        if identifier is None:
            identifier = IdentifierState(
                seen.key, seen.namespace, seen.value, Summary({}), None, generic=False,
                first_seen=at, last_seen=at, new=True, changed=True,
            )  # fmt: skip
            self.identifiers[seen.key] = identifier
        identifier.see(at, seen.value)
        if seen.device is not None:
            described = seen.device.model_dump(
                include=set(seen.device.described), exclude_none=True
            )
            known = identifier.device
            if known is None or not described.items() <= known.items():
                identifier.device = (known or {}) | described
                identifier.changed = True
        link = profile.links.get(seen.key)
        if link is None:
            profile.links[seen.key] = Link(at, at, 1, new=True)
            profile.resolve = True
        else:
            link.first_seen, link.last_seen = min(link.first_seen, at), max(link.last_seen, at)
            link.count += 1
            link.changed = True

    def _add_interaction(
        self, profile: ProfileState, record: Prepared, value: PreparedInteraction
    ) -> None:
        self.known_interactions[value.key] = profile.key
        self.new_interactions.append(NewInteraction(record, value))
        period = self.periods.get(value.period)
        if period is None:
            period = PeriodState(
                value.period,
                profile.key,
                value.day,
                0,
                {},
                earliest=record.at,
                latest=record.at,
                new=True,
            )
            self.periods[value.period] = period
        period.count += 1
        period.earliest, period.latest = (
            min(period.earliest, record.at),
            max(period.latest, record.at),
        )
        period.types[value.type] = period.types.get(value.type, 0) + 1
        total = profile.totals.setdefault(value.type, {"count": 0})
        total["count"] += 1
        if value.amount is not None and value.currency is not None:
            total[value.currency] = total.get(value.currency, 0) + value.amount
