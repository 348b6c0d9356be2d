"""What the graph has of what a batch touches, and how records change it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from customers.desk.desk import Desk
from customers.identity.compared import Fields, blocking_keys, compared
from customers.identity.corrected import Corrected
from customers.identity.decided import ALWAYS, Decided
from customers.identity.evidence import namespace_of
from customers.identity.people import Summary, Told, is_generic, told_by
from customers.identity.policy import Policy
from customers.ids import new_customer_id
from customers.ingest.dealings import Dealings, Purchases
from customers.ingest.described import Device, said_at
from customers.ingest.prepare import Prepared, PreparedIdentifier, PreparedInteraction, Refused
from customers.kinds import Kind
from customers.purchase import by_category
from customers.stats.facts import Facts
from customers.stats.happened import Happened
from customers.tickets import is_ticket
from customers.traits import Traits, said_since, with_values

# Records without an interaction are known again by a digest. A profile keeps this many; of one with
# more, records older than all of them count as known, so that a file read twice changes nothing.
KEPT_DIGESTS = 512
TAKEN = "another profile of this source has an interaction with this id"


@dataclass(slots=True)
class Link:
    """A profile's link to an identifier; with `closed_at` it no longer holds."""

    first_seen: int
    last_seen: int
    count: int
    closed_at: int | None = None
    new: bool = False
    changed: bool = False


@dataclass(slots=True)
class IdentifierState:
    """An identifier; `people` is None where its namespace links nobody.

    `holders` counts the links to it that are stored, open and closed; None where nobody counted.
    `blocked` says that somebody decided that it links nobody.
    """

    key: str
    namespace: str
    value: str
    summary: Summary
    people: int | None
    generic: bool
    first_seen: int
    last_seen: int
    holders: int | None = 0
    new: bool = False
    changed: bool = False
    device: Device | None = None
    blocked: bool = False

    def held_by(self, more: int) -> int | None:
        """How many links to it there are with so many new ones."""
        return None if self.holders is None else self.holders + more

    def see(self, at: int, value: str) -> None:
        """Take in a sighting at `at`."""
        seen = (min(self.first_seen, at), max(self.last_seen, at), min(self.value, value))
        if seen != (self.first_seen, self.last_seen, self.value):
            self.first_seen, self.last_seen, self.value = seen
            self.changed = True


@dataclass(slots=True)
class ProfileState:
    """A profile; `customer` is the one it belongs to, None while it is new.

    `keys` are its blocking keys as stored; `replaced_at` and `deleted_at` are the times of the last
    record that said so, `decided` and `corrected` what people said of it, `desk` what its tickets
    and calls come to, `matches` the texts of its customer's possible matches, `products` how many
    it bought, and `purchases` those that it keeps. `facts`, `products` and `purchases` are None
    where an earlier version had none; `valued` says that the facts changed.
    """

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
    facts: Facts | None = field(default_factory=Facts)
    keys: set[str] = field(default_factory=set)
    replaced_at: int | None = None
    deleted_at: int | None = None
    customer: str | None = None
    household: str | None = None
    size: int = 0
    decided: tuple[Decided, ...] = ()
    matches: tuple[str, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    desk: Desk | None = None
    desk_changed: bool = False
    products: int | None = 0
    purchases: Purchases | None = field(default_factory=Purchases)
    new: bool = False
    changed: bool = False
    resolve: bool = False
    valued: bool = False
    # What was stored of it goes first; nothing came after, unless it is no longer `gone`.
    erased: bool = False
    gone: bool = False
    returned: bool = False
    left: str | None = None
    new_keys: set[str] = field(default_factory=set)
    old_keys: set[str] = field(default_factory=set)
    # What it told of its holder as it was stored, once a record changes it.
    told: Told | None = None
    _compared: tuple[Traits, Fields] | None = None

    def compared(self, policy: Policy) -> Fields:
        """What resolution compares of its traits; asked for several times in a batch."""
        if self._compared is None or self._compared[0] is not self.traits:
            self._compared = self.traits, compared(self.traits, policy)
        return self._compared[1]

    def held(self) -> list[str]:
        """The identifiers that it holds now, and its blocking keys."""
        return [key for key, link in self.links.items() if link.closed_at is None] + [*self.keys]

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
    """A UTC day of a profile: how much happened, in all, by type and by kind, when first and last.

    One that was written before kinds were counted has none, and gets none.
    """

    key: str
    profile: str
    at: int
    count: int
    types: dict[str, int]
    earliest: int
    latest: int
    kinds: Counter[Kind] | None
    new: bool = False


@dataclass(frozen=True, slots=True)
class NewInteraction:
    """An interaction to be written; `device` is the key of what it was done on."""

    profile: str
    source: str
    at: int
    device: str | None
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
        dealings: Dealings | None = None,
        newer: Iterable[NewInteraction] = (),
        asked: Collection[str] = (),
        last_number: int,
    ) -> None:
        """Take what was read; `interactions` maps the known ones to their profiles.

        `dealings` are those that the batch may change, and `newer` the stored interactions that are
        newer than a deletion of their profile.

        `asked` are the identifiers that the graph was asked for, whether it has them or not.
        """
        self.policy = policy
        self.profiles = {profile.key: profile for profile in profiles}
        self.identifiers = {identifier.key: identifier for identifier in identifiers}
        self.periods = {period.key: period for period in periods}
        self.known_interactions = dict(interactions)
        self.new_interactions: list[NewInteraction] = []
        self._newer = [*newer]
        self.dealings = dealings or Dealings()
        self.asked = {*asked}
        self.last_number = last_number
        # Identifiers whose people are others than before; of those the ones that turned generic,
        # or back.
        self.shifted: set[str] = set()
        self.flipped: set[str] = set()
        # Identifiers that lost a holder, or what a holder told: their people are counted again.
        self.recount: set[str] = set()

    def apply(self, record: Prepared) -> Applied:
        """Add one record to what is known of its profile."""
        refused = list(record.refused)
        profile = self.profiles.get(record.profile) or self._new_profile(record)
        if profile.deleted_at is not None and record.at <= profile.deleted_at:
            return Applied(profile, refused, known=True)
        if record.deleted:
            # Who is deleted once more, with nothing told since, was known to be.
            known = profile.deleted_at is not None and profile.last_seen <= profile.deleted_at
            self._erase(profile, record.at)
            return Applied(profile, refused, known=known)
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
        self._return(profile, record.at)
        self._add_evidence(profile, record)
        if record.replace or profile.replaced_at is not None:
            self._replace(profile, record)
        if interaction is None:
            profile.remember(record)
        else:
            self._add_interaction(profile, _new(record, interaction))
        return Applied(profile, refused, known=False)

    def erased(self) -> set[str]:
        """The profiles of which nothing is left."""
        return {one.key for one in self.profiles.values() if one.gone}

    def idle(self) -> set[str]:
        """The decisions by which profiles of which nothing is left were joined to others."""
        return {
            said.decision
            for one in self.profiles.values()
            if one.gone
            for said in one.decided
            if said.kind == ALWAYS
        }

    def bystanders(self) -> bool:
        """Whether a profile that nothing changed holds an identifier that is counted again."""
        return any(
            not one.resolve and not self.recount.isdisjoint(one.held())
            for one in self.profiles.values()
        )

    def new_links(self) -> Counter[str]:
        """How many links and blocking keys the batch adds to each identifier."""
        return Counter(
            key
            for one in self.profiles.values()
            for key in (*(key for key, link in one.links.items() if link.new), *one.new_keys)
        )

    def find_keys(self) -> set[str]:
        """Give the profiles whose traits changed the blocking keys of those they have now.

        Returns the new keys that the graph was not asked for yet.
        """
        for profile in self.profiles.values():
            if not profile.resolve or not self.policy.trusts(profile.source):
                continue
            keys = blocking_keys(profile.compared(self.policy), self.policy)
            profile.new_keys, profile.old_keys = {*keys - profile.keys}, {*profile.keys - keys}
            profile.keys = set(keys)
            self.recount |= profile.old_keys
        self._find_unsaid()
        wanted = {key for one in self.profiles.values() for key in one.new_keys}
        return wanted - self.identifiers.keys() - self.asked

    def _find_unsaid(self) -> None:
        """Have people counted again of what profiles hold that told something they no longer do.

        So may one to which traits only came: a whole name says nothing beside a given one, and of
        many names the last few are kept.
        """
        for profile in self.profiles.values():
            if profile.told is None:
                continue
            now = Summary.of((self._told(profile),))
            if now | profile.told != now:
                held = {*profile.held()} - profile.new_keys
                counted = self.policy.counted
                self.recount |= {key for key in held if namespace_of(key) in counted}

    def add_identifiers(self, known: Iterable[IdentifierState]) -> None:
        """Take what the graph has of new blocking keys; the others are new altogether."""
        self.identifiers |= {one.key: one for one in known}
        for profile in self.profiles.values():
            for key in profile.new_keys:
                if key not in self.identifiers:
                    namespace = namespace_of(key)
                    self.identifiers[key] = IdentifierState(
                        key, namespace, key, Summary({}), None, generic=False,
                        first_seen=profile.first_seen, last_seen=profile.last_seen,
                        new=True, changed=True,
                    )  # fmt: skip

    def count_again(self, told: Mapping[str, Iterable[Told]]) -> None:
        """Begin the summaries of the identifiers to `recount` with what other holders tell."""
        for key in self.recount:
            identifier = self.identifiers[key]
            if identifier.namespace not in self.policy.counted:
                continue
            summary = Summary.of(told.get(key, ()))
            for profile in self.profiles.values():
                if key in profile.keys or (
                    key in profile.links and profile.links[key].closed_at is None
                ):
                    summary |= self._told(profile)
            identifier.changed = identifier.changed or summary != identifier.summary
            identifier.summary = summary

    def _told(self, profile: ProfileState) -> Told:
        return told_by(
            profile.held(),
            profile.compared(self.policy),
            self.policy,
            trusted=self.policy.trusts(profile.source),
        )

    def list_purchases(self) -> None:
        """Renew what profiles keep of their purchases; where nothing is kept yet, `sum_up` will."""
        for key, bought in self.dealings.changed().items():
            profile = self.profiles[key]
            if profile.purchases is not None:
                profile.purchases = profile.purchases.renewed(bought)

    def count_people(self) -> None:
        """Tell touched identifiers what their holders say; note which turned generic or back."""
        for profile in self.profiles.values():
            if not profile.resolve:
                continue
            told = self._told(profile)
            for key in profile.held():
                identifier = self.identifiers[key]
                if identifier.namespace in self.policy.counted:
                    summary = identifier.summary | told
                    identifier.changed = identifier.changed or summary != identifier.summary
                    identifier.summary = summary
        for identifier in self.identifiers.values():
            self._count(identifier)

    def _count(self, identifier: IdentifierState) -> None:
        if identifier.namespace not in self.policy.counted:
            return
        people = identifier.summary.people(identifier.namespace, self.policy)
        generic = identifier.blocked or is_generic(people, identifier.value, self.policy)
        if generic != identifier.generic and not identifier.new:
            self.flipped.add(identifier.key)
        if (people, generic) != (identifier.people, identifier.generic):
            identifier.changed = True
            self.shifted.add(identifier.key)
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

    def _erase(self, profile: ProfileState, at: int) -> None:
        """Forget all that the profile knew; its key, number and customer's id stay.

        What it was told after `at` is told to it again: a deletion may come late.
        """
        known, happened = _told_after(profile, at), self._happened_after(profile, at)
        self.recount |= {*profile.links, *profile.keys}
        trusted = self.policy.trusts(profile.source)
        for key, link in profile.links.items():
            identifier = self.identifiers[key]
            if identifier.device is not None:
                since = said_at(link.first_seen, trusted=trusted)
                until = said_at(min(link.last_seen, at), trusted=trusted)
                identifier.changed |= identifier.device.forget(since, until)
        profile.first_seen = profile.last_seen = profile.deleted_at = at
        profile.changed = profile.erased = profile.gone = profile.resolve = True
        profile.returned = False
        profile.left, profile.customer = profile.customer or profile.left, None
        profile.traits, profile.digests, profile.totals = {}, {}, {}
        profile.facts = Facts()
        profile.links, profile.keys, profile.replaced_at = {}, set(), None
        profile.desk_changed |= profile.desk is not None
        profile.corrected, profile.desk = (), None
        profile.products, profile.purchases = 0, Purchases()
        self.dealings.forget(profile.key)
        self.new_interactions = [one for one in self.new_interactions if one.profile != profile.key]
        self._newer = [one for one in self._newer if one.profile != profile.key]
        self.periods = {key: one for key, one in self.periods.items() if one.profile != profile.key}
        self.known_interactions = {
            key: holder for key, holder in self.known_interactions.items() if holder != profile.key
        }
        if known is not None:
            self._return(profile, min((known.first_seen, *(one.at for one in happened))))
            known.tell(profile)
            for one in happened:
                self._add_interaction(profile, one)

    def _happened_after(self, profile: ProfileState, at: int) -> list[NewInteraction]:
        """What happened to a profile since: what is stored of it, and what the batch says."""
        every = (*self._newer, *self.new_interactions)
        return [one for one in every if one.profile == profile.key and one.at > at]

    def _return(self, profile: ProfileState, at: int) -> None:
        """A profile that was erased is known again, by newer records alone."""
        if profile.deleted_at is None or profile.customer is not None or profile.returned:
            return
        profile.returned = profile.resolve = True
        profile.gone = False
        profile.products = profile.products or 0
        profile.purchases = profile.purchases or Purchases()
        profile.first_seen = profile.last_seen = at

    def _replace(self, profile: ProfileState, record: Prepared) -> None:
        """Close the links and drop the values that were last stated before the last snapshot."""
        since = max(profile.replaced_at or record.at, record.at if record.replace else 0)
        profile.replaced_at = since
        for key, link in profile.links.items():
            closed_at = None if link.last_seen >= since else link.closed_at or since
            if closed_at != link.closed_at:
                self._keep_told(profile)
                link.closed_at, link.changed, profile.resolve = closed_at, True, True
                if closed_at is not None and not link.new:
                    self.recount.add(key)
        traits = said_since(profile.traits, since)
        if traits != profile.traits:
            self._keep_told(profile)
            profile.traits, profile.resolve = traits, True

    def _add_evidence(self, profile: ProfileState, record: Prepared) -> None:
        profile.changed = True
        profile.first_seen = min(profile.first_seen, record.at)
        profile.last_seen = max(profile.last_seen, record.at)
        traits = with_values(profile.traits, record.traits, record.at)
        if traits is not profile.traits:
            self._keep_told(profile)
            profile.traits, profile.resolve = traits, True
        for identifier in record.identifiers:
            self._link(profile, identifier, record.at)

    def _keep_told(self, profile: ProfileState) -> None:
        """Note what a profile tells, before it tells something else."""
        if profile.told is None and not profile.new:
            profile.told = self._told(profile)

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
            if identifier.device is None:
                identifier.device, identifier.changed = Device(), True
            when = said_at(at, trusted=self.policy.trusts(profile.source))
            identifier.changed |= identifier.device.say(described, when)
        link = profile.links.get(seen.key)
        if link is None:
            profile.links[seen.key] = Link(at, at, 1, new=True)
            profile.resolve = True
        else:
            # Whose it is may depend on who used it last.
            profile.resolve = profile.resolve or seen.namespace in self.policy.owned
            link.first_seen, link.last_seen = min(link.first_seen, at), max(link.last_seen, at)
            link.count += 1
            link.changed = True

    def _add_interaction(self, profile: ProfileState, new: NewInteraction) -> None:
        value = new.value
        self.known_interactions[value.key] = profile.key
        self.new_interactions.append(new)
        if profile.products is not None:
            profile.products += self.dealings.add(profile.key, new.at, value)
        period = self.periods.get(value.period)
        if period is None:
            period = PeriodState(
                value.period,
                profile.key,
                value.day,
                0,
                {},
                earliest=new.at,
                latest=new.at,
                kinds=Counter(),
                new=True,
            )
            self.periods[value.period] = period
        period.count += 1
        period.earliest, period.latest = min(period.earliest, new.at), max(period.latest, new.at)
        period.types[value.type] = period.types.get(value.type, 0) + 1
        if period.kinds is not None:
            period.kinds[value.type, value.channel or ""] += 1
        if self.policy.trusts(profile.source):
            self._take_to_desk(profile, new)
        total = profile.totals.setdefault(value.type, {"count": 0})
        total["count"] += 1
        if value.amount is not None and value.currency is not None:
            total[value.currency] = total.get(value.currency, 0) + value.amount
        self._count_facts(profile, new)

    def _count_facts(self, profile: ProfileState, new: NewInteraction) -> None:
        if profile.facts is None or (
            is_ticket(new.value.type) and not self.policy.trusts(profile.source)
        ):
            return
        happened = happened_of(new)
        if happened.counts:
            profile.facts.take(happened)
            profile.valued = True

    def _take_to_desk(self, profile: ProfileState, new: NewInteraction) -> None:
        value = new.value
        before = profile.desk or Desk(profile.source)
        after = before.with_interaction(
            value.key, value.type, value.name, new.at, value.channel, value.properties
        )
        if after is not before:
            profile.desk, profile.desk_changed = after, True


@dataclass(frozen=True, slots=True)
class _Told:
    """What a profile was told after a time, when that was first, and by which links it holds what.

    A link that was there before is known from when it was last seen.
    """

    first_seen: int
    last_seen: int
    traits: Traits
    digests: dict[int, int]
    links: dict[str, Link]
    replaced_at: int | None

    def tell(self, profile: ProfileState) -> None:
        """Tell it a profile that knows nothing."""
        profile.last_seen = self.last_seen
        profile.traits, profile.digests = self.traits, self.digests
        profile.links, profile.replaced_at = self.links, self.replaced_at


def _told_after(profile: ProfileState, at: int) -> _Told | None:
    """What the profile was told since; None where it was not heard of."""
    if profile.last_seen <= at:
        return None
    traits = said_since(profile.traits, at + 1)
    links = {
        key: Link(
            link.first_seen if link.first_seen > at else link.last_seen,
            link.last_seen,
            link.count if link.first_seen > at else 1,
            link.closed_at,
            new=True,
        )
        for key, link in profile.links.items()
        if link.last_seen > at
    }
    digests = {digest: when for digest, when in profile.digests.items() if when > at}
    replaced_at = profile.replaced_at
    times = [said for values in traits.values() for _, said in values]
    times += [link.first_seen for link in links.values()]
    return _Told(
        min((*times, *digests.values(), profile.last_seen)),
        profile.last_seen,
        traits,
        digests,
        links,
        replaced_at if replaced_at is not None and replaced_at > at else None,
    )


def _new(record: Prepared, value: PreparedInteraction) -> NewInteraction:
    device = next((one.key for one in record.identifiers if one.device is not None), None)
    return NewInteraction(record.profile, record.source, record.at, device, value)


def happened_of(new: NewInteraction) -> Happened:
    """An interaction as the facts of its profile take it."""
    value = new.value
    return Happened(
        value.key,
        new.source,
        value.type,
        value.name,
        new.at,
        value.channel,
        value.amount,
        value.currency,
        value.properties,
        by_category({"name": line.category, "amount": line.amount} for line in value.products),
    )
