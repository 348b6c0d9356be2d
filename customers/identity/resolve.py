"""Resolve: decide on components and write only what differs from the customers as they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import orjson

from customers.filed import NOTHING_FILED, by_seen, filed
from customers.identity.component import Member, components, people_of
from customers.identity.decided import Decisions
from customers.identity.households import households
from customers.identity.matched import Awaiting, Matching, matching, proposed_of
from customers.identity.partition import partition
from customers.identity.policy import Policy
from customers.identity.possible import Possible, strongest
from customers.identity.proposed import digest_of
from customers.identity.repeated import Repeated
from customers.search.card import card_of
from customers.search.links import relink
from customers.stats.write import file_stats, write_spends
from customers.traits import golden, loads
from cypher import Row, Transaction, load

WRITE_RESOLUTION = load("identity/write_resolution")
WRITE_HOUSEHOLDS = load("identity/write_households")
LEAVE_WAITING = load("identity/leave_waiting")
WRITE_MATCHES = load("matches/write")

# Customers share a bucket by the number of their anchor; pages walk buckets.
BUCKET = 100
# Profiles that a change names; of a larger move it gives the count alone.
NAMED = 100
NOBODY: Mapping[str, None] = MappingProxyType({})

Kind = Literal["created", "joined", "merged", "split", "moved", "deleted"]


@dataclass(frozen=True, slots=True)
class Changed:
    """One entry of the change log: profiles that came to `customer`, perhaps from another.

    `because` is the profile whose record led to it; None where none of the component's did: an
    identifier that joined it turned generic, or no longer is.
    """

    kind: Kind
    customer: str
    came_from: str | None
    profiles: tuple[str, ...]
    because: str | None


@dataclass(slots=True)
class Resolution:
    """What resolving decided: the customer of every profile, and what must be written for it."""

    customer_of: dict[str, str] = field(default_factory=dict)
    customers: list[Row] = field(default_factory=list)
    placed: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    households: list[Row] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    # Customers of whom something newer is known, and whose profiles are the same.
    seen: list[Row] = field(default_factory=list)
    # Customers that must wait for the background, besides new ones.
    waiting: list[str] = field(default_factory=list)
    # Customers of whose purchases or tickets something else is known, whatever their profiles.
    valued: set[str] = field(default_factory=set)
    matches: Matching = field(default_factory=Matching)

    def __or__(self, other: "Resolution") -> "Resolution":
        """The two as one."""
        return Resolution(
            self.customer_of | other.customer_of,
            self.customers + other.customers,
            self.placed + other.placed,
            self.moved + other.moved,
            self.households + other.households,
            self.changes + other.changes,
            self.seen + other.seen,
            self.waiting + other.waiting,
            self.valued | other.valued,
            self.matches | other.matches,
        )


def resolve(
    members: Mapping[str, Member],
    touched: Iterable[str],
    policy: Policy,
    now: int,
    *,
    left: Mapping[str, str | None] = NOBODY,
    kept: Collection[str] = (),
    noted: Collection[str] = (),
    repeated: Repeated | None = None,
) -> Resolution:
    """Decide on whole components. `touched` are the profiles whose own records changed.

    Where nothing changed but that profiles came which are `repeated`, nothing is decided again.

    `left` are customers that profiles have left which are no longer there, with their households,
    and `noted` the texts of their possible matches.
    `kept` are customers with profiles in a component that is left to the background: they stay as
    they are, and wait for it.

    A customer's id is that of its anchor, its profile of the lowest number (of the trusted ones,
    where it has any, so that nobody else changes the id): a merge keeps the lowest anchor's id, and
    after a split each part answers to the id it had before.
    """
    outcome = Resolution()
    renewed = set(touched)
    parts: list[list[Member]] = []
    homes: list[Row] = []
    because: dict[str, str | None] = {}
    awaiting: list[Awaiting] = []
    same_as_before: set[str] = set()
    for component in components(members, policy):
        reason = next((one.key for one in component if one.key in renewed), None)
        because.update((one.key, reason) for one in component)
        if repeated is not None and (same := repeated.parts(component)):
            parts += same
            same_as_before.update(part[0].customer_id for part in same)
            continue
        people = people_of(component)
        found, possible = _decided(component, people, policy)
        awaiting += (Awaiting(one, one.suggestion(people, policy)) for one in possible)
        homes += _households(found, people, policy, left)
        parts += found
    for part in parts:
        outcome.customer_of.update((one.key, part[0].customer_id) for one in part)
    before = {one.customer for one in members.values() if one.customer is not None} | set(left)
    stays = set(outcome.customer_of.values())
    lost = {
        one.customer for one in members.values() if one.customer != outcome.customer_of[one.key]
    } | set(left)
    for part in parts:
        if part[0].customer_id in lost or any(
            one.key in renewed or one.pending or one.customer != part[0].customer_id for one in part
        ):
            if part[0].customer_id not in kept:
                outcome.customers.append(customer_row(part, policy))
            own = next((one.key for one in part if one.key in renewed), None)
            _place(part, stays | set(kept), own or because[part[0].key], outcome)
    texts = {text for one in members.values() for text in one.matches}
    texts |= {*noted}
    gone = sorted(before - stays - set(kept))
    told = _told(proposed_of(texts), parts, gone, policy)
    # Whoever is as before may be as many others as before.
    still = {*kept, *same_as_before}
    outcome.matches = matching(awaiting, texts, members, outcome.customer_of, now, still, told)
    outcome.waiting += sorted((before | stays) & set(kept))
    outcome.customers += [_closed_row(customer, now) for customer in gone]
    housed = {one.customer for one in members.values() if one.household is not None}
    housed |= {customer for customer, home in left.items() if home is not None}
    outcome.households = homes + [
        {"customer": customer, "household": None} for customer in gone if customer in housed
    ]
    return outcome


def _decided(
    component: Iterable[Member], people: Mapping[str, int], policy: Policy
) -> tuple[list[list[Member]], Sequence[Possible[str]]]:
    """The customers of a component, the anchor of each first, and who of them may be one."""
    members = {one.key: one for one in component}
    known = {key: one.evidence(policy) for key, one in members.items()}
    said = Decisions.of({key: one.decided for key, one in members.items() if one.decided})
    possible: list[Possible[str]] = []
    clusters = partition(known, people, policy, said, possible=possible)
    found = [[members[key] for key in keys] for keys in clusters]
    for part in found:
        part.sort(key=lambda one: one.rank(policy))
    return found, strongest(possible)


def _told(
    proposed: Collection[str], parts: list[list[Member]], gone: Iterable[str], policy: Policy
) -> dict[str, str | None]:
    """What a tool would be told now of customers with proposals; None of those that are gone."""
    if not proposed:
        return {}
    found = {part[0].customer_id: part for part in parts if part[0].customer_id in proposed}
    return dict.fromkeys(gone) | {one: digest_of(part, policy) for one, part in found.items()}


def _households(
    parts: list[list[Member]],
    people: Mapping[str, int],
    policy: Policy,
    left: Mapping[str, str | None],
) -> Iterator[Row]:
    """The customers of a component whose household is another than it was."""
    found = households(parts, people, policy)
    for part in parts:
        customer = part[0].customer_id
        lived = (one.household for one in part if one.customer == customer)
        before = next(lived, left.get(customer))
        if found.get(customer) != before:
            yield {"customer": customer, "household": found.get(customer)}


def waiting(beyond: Mapping[str, Member], touched: Collection[str], policy: Policy) -> Resolution:
    """What becomes of profiles whose component is above the limit, until the background comes.

    Each new one is a customer of its own, and all that were touched wait, by records of their own
    or since another let go of what they hold.
    """
    outcome = Resolution()
    for key in sorted(set(touched) & beyond.keys()):
        one = beyond[key]
        customer = one.customer or one.customer_id
        outcome.customer_of[key] = customer
        if one.customer is None:
            outcome.placed.append({"profile": key, "customer": customer})
            outcome.customers.append(customer_row([one], policy) | {"pending": True})
            outcome.changes.append(Changed("created", customer, None, (key,), key))
        else:
            outcome.waiting.append(customer)
    return outcome


def _closed_row(customer: str, now: int) -> Row:
    return {
        "id": customer,
        "number": None,
        "bucket": None,
        "closedAt": now,
        "size": 0,
        "traits": "{}",
        "pending": None,
        "knowing": [],
        "filed": NOTHING_FILED,
        "lastSeen": None,
        "bySeen": None,
        "card": None,
        "tokens": [],
    }


def customer_row(part: list[Member], policy: Policy) -> Row:
    """A customer of these profiles as it is written; the first is its anchor.

    `knowing` are the profiles that know of purchases or tickets.
    """
    anchor = part[0]
    return {
        "id": anchor.customer_id,
        "number": anchor.number,
        "bucket": anchor.number // BUCKET,
        "closedAt": None,
        "size": len(part),
        "pending": None,
        "knowing": [one.key for one in part if one.facts],
    } | derived(part, policy)


def derived(part: Collection[Member], policy: Policy) -> Row:
    """What a customer of these profiles stores of them, besides who they are."""
    said = ((one.source, loads(one.traits)) for one in part)
    corrected = (each for one in part for each in one.corrected)
    text = orjson.dumps(golden(said, policy, corrected)).decode()
    best = orjson.loads(text)
    held = {(one.source, link.key) for one in part for link in one.held}
    card = card_of(best, held, policy, trusted=any(policy.trusts(one.source) for one in part))
    seen = max(one.seen for one in part)
    return {
        "traits": text,
        "filed": filed(best, month_first=policy.month_first),
        "lastSeen": seen,
        "bySeen": by_seen(seen),
        "card": card.dumps(),
        "tokens": card.tokens(),
    }


def _place(part: list[Member], stays: set[str], because: str | None, outcome: Resolution) -> None:
    """Note which profiles of a customer are new to it, and what is told of that."""
    customer = part[0].customer_id
    came: dict[str | None, list[str]] = defaultdict(list)
    for one in part:
        if one.customer != customer:
            came[one.customer].append(one.key)
    was_there = any(one.customer == customer for one in part)
    for origin, keys in sorted(came.items(), key=lambda item: item[0] or ""):
        rows: list[Row] = [{"profile": key, "customer": customer} for key in keys]
        kind: Kind
        if origin is None:
            outcome.placed += rows
            kind = "joined" if was_there or len(came) > 1 else "created"
        else:
            outcome.moved += rows
            kind = "merged" if origin not in stays else "moved" if was_there else "split"
        outcome.changes.append(Changed(kind, customer, origin, tuple(keys), because))


async def write(  # noqa: PLR0917 - what a transaction ends with
    transaction: Transaction,
    resolution: Resolution,
    log: list[Row],
    last: Row,
    now: int,
    numbered: int = 0,
) -> None:
    """Write what a resolution decided, inside the transaction that brought its members.

    `log` are its rows of the change log; `last` has the numbers of `changes` and `profiles` that
    were given last before them. `numbered` profiles got a number since, one of them perhaps for
    nothing but to be known as deleted.
    """
    valued = await file_stats(
        transaction.run, resolution.customers, resolution.seen, resolution.valued
    )
    told = {row["id"] for row in valued}
    seen = [row for row in resolution.seen if row["id"] not in told]
    changed = resolution.customers or resolution.placed or resolution.moved or seen or valued
    if changed or log or numbered:
        [written] = await transaction.run(
            WRITE_RESOLUTION,
            customers=resolution.customers,
            placed=resolution.placed,
            moved=resolution.moved,
            seen=seen,
            valued=valued,
            changes=log,
            lastChange=last["changes"] + len(log),
            lastProfile=last["profiles"] + numbered,
            now=now,
        )
        rows = written["before"]
        await relink(transaction, resolution.customers, {row["id"]: row["tokens"] for row in rows})
        spent = {row["id"]: row["spends"] for row in rows}
        spent |= {row["id"]: row["before"] for row in valued}
        now_spent = {row["id"]: row["stats"]["spends"] or [] for row in resolution.customers}
        now_spent |= {row["id"]: row["stats"]["spends"] for row in valued}
        await write_spends(transaction.run, spent, now_spent)
    await write_matches(transaction, resolution.matches)
    if resolution.waiting:
        await transaction.run(LEAVE_WAITING, ids=sorted(set(resolution.waiting)))
    if resolution.households:
        await transaction.run(WRITE_HOUSEHOLDS, rows=resolution.households)


async def write_matches(transaction: Transaction, found: Matching) -> None:
    """Write what differs of possible matches, in the turn in which it was found; often nothing."""
    if found.notes:
        await transaction.run(WRITE_MATCHES, rows=found.rows, gone=found.gone, notes=found.notes)


def log_rows(  # noqa: PLR0917 - the columns of a change
    resolution: Resolution, last: int, now: int, cause: str, by: str, because: str | None = None
) -> list[Row]:
    """Rows of the change log, numbered after `last`; `cause` says what led to them, `by` who.

    `because` is the decision that led to all of them, if one did.
    """
    return [
        {
            "seq": last + n,
            "at": now,
            "kind": change.kind,
            "customerId": change.customer,
            "fromId": change.came_from,
            "profiles": list(change.profiles[:NAMED]),
            "count": len(change.profiles),
            "cause": cause,
            "because": because or change.because,
            "by": by,
        }
        for n, change in enumerate(resolution.changes, 1)
    ]
