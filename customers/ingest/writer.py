"""Writer: a batch of records in one transaction, from evidence to customers and changes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from customers import traits
from customers.filed import by_seen
from customers.identity.compared import blocking_keys, compared
from customers.identity.component import (
    Held,
    Member,
    Run,
    bring,
    holders,
    of_decisions,
    take_long,
)
from customers.identity.people import Told
from customers.identity.policy import Policy
from customers.identity.policy_in_force import PolicyInForce
from customers.identity.repeated import Repeated
from customers.identity.resolve import Changed, Resolution, log_rows, resolve, waiting
from customers.identity.resolve import write as write_resolution
from customers.ids import profile_id
from customers.ingest.dealings import CROWD, is_dealing
from customers.ingest.described import said_at
from customers.ingest.lookout import Begun, Lookout
from customers.ingest.prepare import Prepared, Refused
from customers.ingest.refusals import refusal_rows
from customers.ingest.rows import (
    by_profile,
    counting,
    dealing_rows,
    dealings_of,
    desk_row,
    identifier_of,
    identifier_row,
    interaction_of,
    interaction_row,
    key_rows,
    left_out,
    line_rows,
    link_rows,
    member_of,
    period_of,
    period_row,
    product_rows,
    profile_of,
    profile_row,
)
from customers.ingest.sightings import note_sightings
from customers.ingest.state import (
    Applied,
    BatchState,
    ProfileState,
)
from customers.ingest.turn import take_turn
from customers.principal import Principal
from customers.times import now_ms
from customers.together import AT_ONCE, meanwhile, together
from cypher import Deadline, Graph, Row, Transaction, load

READ = load("ingest/read")
NEWER = load("ingest/newer")
WRITE_EVIDENCE = load("ingest/write_evidence")
WRITE_INTERACTIONS = load("ingest/write_interactions")
DROP_KEYS = load("ingest/drop_keys")
ERASE_INTERACTIONS = load("ingest/erase_interactions")
ERASE_PERIODS = load("ingest/erase_periods")
ERASE_PROFILES = load("ingest/erase_profiles")
COUNT_BUYERS = load("ingest/count_buyers")
ERASE_IDENTIFIERS = load("ingest/erase_identifiers")
COUNT_REFUSALS = load("ingest/count_refusals")
WRITE_DESKS = load("desk/write")
ERASE_NOTES = load("notes/erase")
ERASE_CORRECTIONS = load("corrections/erase")
SUCCEED = load("ingest/succeed")
RETURN_PROFILES = load("ingest/return_profiles")
# The embedded engine deletes many nodes at once slower than a few.
ERASED_AT_ONCE = 200
# So few records take as long as their round trips: their blocking keys are read beforehand.
FEW = 100


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a record: its profile, the customer that now has it, what was refused.

    `customer` is None for a profile that was deleted, and for one of a source that is not trusted,
    which is told nothing of what we know.
    """

    profile: str
    customer: str | None
    refused: tuple[Refused, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the graph has of what records touch, as it gives it; `asked` are the identifiers."""

    row: Row
    asked: set[str]
    newer: list[Row]


@dataclass(frozen=True, slots=True)
class Brought:
    """Profiles, and the members of their components as far as these matter.

    Those of components above the limit are `beyond`, and no members.
    """

    seeds: Mapping[str, Member]
    members: Mapping[str, Member]
    beyond: Mapping[str, Member]
    repeated: Repeated


async def write_batch(
    graph: Graph,
    records: Sequence[Prepared],
    policies: PolicyInForce,
    principal: Principal,
    deadline: Deadline,
    *,
    lookout: Lookout | None = None,
) -> list[Written]:
    """Write `records` and resolve what they touch; all of them or none. Outcomes in their order.

    With a `lookout` it is begun where the batch before it has left it, and so is the next one.
    """
    lookout = lookout or Lookout()

    async def work(transaction: Transaction) -> tuple[list[Written], Counter[str]]:
        names = sorted({one.source for one in records})
        sources = [_source_row(name, policies.policy) for name in names]
        known = policies.policy
        beforehand = not lookout.has(records)
        turn, wanted = await together(
            take_turn(transaction, sources),
            meanwhile(lambda: _wanted(records, known) if beforehand else None),
        )
        await policies.keep_up(transaction.run, turn["policy"])
        batch = _Batch(transaction, policies.policy)
        begun = await lookout.begun(records, turn, policies.policy)
        if begun is None:
            if wanted is None or batch.policy is not known:
                wanted = _wanted(records, batch.policy)
            found = await batch.read(records, wanted)
            begun = batch.begin(records, found, turn["profiles"])
        written = await batch.write(begun, principal, turn)
        if coming := lookout.following():
            found = await batch.read(coming, _wanted(coming, batch.policy))
            last = begun.state.last_number
            lookout.begin(coming, turn, batch.policy, lambda: batch.begin(coming, found, last))
        return written, batch.changes

    written, changes = await graph.transaction("ingest/batch", work, deadline)
    for kind, count in changes.items():
        graph.watcher.happened("change", kind, count)
    return written


async def stored_identifiers(run: Run, keys: Iterable[str]) -> list[Row]:
    """What the graph has of identifiers and blocking keys, as `ingest/read` gives it."""
    wanted = {"identifiers": sorted(keys), "periods": [], "interactions": [], "dealings": []}
    [row] = await run(READ, profiles=[], **wanted)
    found: list[Row] = row["identifiers"]
    return found


class _Batch:
    """One attempt at a batch; a lost race starts a new one from what the graph has then."""

    def __init__(self, transaction: Transaction, policy: Policy) -> None:
        self.transaction, self.policy = transaction, policy
        self.run = transaction.run
        self.now = now_ms()
        self.changes: Counter[str] = Counter()

    async def write(self, begun: Begun, principal: Principal, last: Row) -> list[Written]:
        state, applied = begun.state, begun.applied
        await self._find_keys(state, begun.unknown)
        bereft = await self._bereft(state)
        state.count_people()
        state.list_purchases()
        # Rows and decisions need this process, members and evidence the database: both at once.
        # What one raises waits for the other, which would go on in a transaction that is undone.
        brought, rows = await together(
            self._brought(state, bereft),
            meanwhile(partial(self._evidence_rows, state), threaded=len(state.profiles) > AT_ONCE),
        )
        unnoted, resolution = await together(
            self._write_evidence(state, rows), self._resolve(state, brought)
        )
        log = log_rows(resolution, last["changes"], self.now, "ingest", principal.name)
        self.changes.update(row["kind"] for row in log)
        _note_seen(state, resolution)
        _note_facts(state, resolution)
        resolution.valued |= unnoted
        numbered = state.last_number - last["profiles"]
        await write_resolution(self.transaction, resolution, log, last, self.now, numbered)
        await self._leave_tombstones(state, bereft)
        # A record that was known was counted when it was not.
        told = [(one.profile.source, one.refused) for one in applied if not one.known]
        if refusals := refusal_rows(told, self.policy):
            await self.run(COUNT_REFUSALS, rows=refusals, now=self.now)
        return [self._outcome(one, resolution) for one in applied]

    async def read(self, records: Sequence[Prepared], wanted: set[str]) -> Found:
        """What the graph has of what `records` touch, and of the `wanted` identifiers."""
        happened = [record.interaction for record in records if record.interaction is not None]
        [row] = await self.run(
            READ,
            profiles=sorted({record.profile for record in records}),
            identifiers=sorted(wanted),
            periods=sorted({one.period for one in happened}),
            interactions=sorted({one.key for one in happened}),
            dealings=_dealings_named(records),
        )
        return Found(row, wanted, await self._newer(records, row["profiles"]))

    def begin(self, records: Sequence[Prepared], found: Found, last_number: int) -> Begun:
        """Apply `records` to what was found; asks the graph nothing."""
        row = found.row
        state = BatchState(
            self.policy,
            [profile_of(one) for one in row["profiles"]],
            [identifier_of(one) for one in row["identifiers"]],
            {one["key"]: one["bucket"].rpartition("|")[0] for one in row["interactions"]},
            [period_of(one) for one in row["periods"]],
            dealings=dealings_of(row["dealings"]),
            newer=map(interaction_of, found.newer),
            asked=found.asked,
            last_number=last_number,
        )
        applied = [state.apply(record) for record in records]
        return Begun(state, applied, state.find_keys())

    async def _newer(self, records: Sequence[Prepared], profiles: Iterable[Row]) -> list[Row]:
        """What happened to profiles that records delete too late."""
        seen = {one["key"]: one["lastSeen"] for one in profiles}
        late: dict[str, int] = {}
        for one in records:
            if one.deleted and one.at < seen.get(one.profile, one.at):
                late[one.profile] = min(one.at, late.get(one.profile, one.at))
        if not late:
            return []
        rows = [{"profile": profile, "after": at} for profile, at in sorted(late.items())]
        return await self.run(NEWER, rows=rows)

    async def _find_keys(self, state: BatchState, unknown: Collection[str]) -> None:
        """Read the blocking keys that came to the profiles."""
        found = await stored_identifiers(self.run, unknown) if unknown else []
        state.add_identifiers(identifier_of(row) for row in found)

    async def _bereft(self, state: BatchState) -> dict[str, Member]:
        """The other holders of identifiers that lost a holder, or what one told of itself.

        Also those whom people joined to profiles that are gone.
        """
        others: dict[str, Member] = {}
        if said := state.idle():
            others |= await of_decisions(self.run, said, now={}, known=state.profiles)
        if not state.recount:
            return others
        others |= await holders(self.run, state.recount, known=state.profiles)
        told: dict[str, list[Told]] = defaultdict(list)
        for one in others.values():
            tells = one.tells(self.policy)
            for key in state.recount.intersection(held.key for held in one.held):
                told[key].append(tells)
        state.count_again(told)
        return others

    @staticmethod
    def _evidence_rows(state: BatchState) -> dict[str, list[Row]]:
        """What is written of profiles and identifiers, by parameter; empty if nothing is."""
        profiles = [one for one in state.profiles.values() if one.changed]
        more = state.new_links()
        identifiers = [one for one in state.identifiers.values() if one.changed or more[one.key]]
        if not (profiles or identifiers):
            return {}
        return {
            "newProfiles": [profile_row(one) for one in profiles if one.new],
            "profiles": [profile_row(one) for one in profiles if not one.new],
            "newIdentifiers": [
                identifier_row(one, more[one.key]) for one in identifiers if one.new
            ],
            "identifiers": [
                identifier_row(one, more[one.key]) for one in identifiers if not one.new
            ],
            "links": [row for one in profiles for row in link_rows(one, new=False)],
            "newLinks": by_profile(row for one in profiles for row in link_rows(one, new=True)),
            "newKeys": by_profile(row for one in profiles for row in key_rows(one, one.new_keys)),
        }

    async def _write_evidence(self, state: BatchState, rows: dict[str, list[Row]]) -> set[str]:
        """Write it; returns customers of whose purchases other sources are no longer noted."""
        unnoted: set[str] = set()
        profiles = [one for one in state.profiles.values() if one.changed]
        await self._erase(profiles)
        if rows:
            await self.run(WRITE_EVIDENCE, **rows, now=self.now)
        if keys := [row for one in profiles for row in key_rows(one, one.old_keys)]:
            await self.run(DROP_KEYS, rows=keys)
        if state.new_interactions:
            unnoted = await self._write_interactions(state)
        if desks := [desk_row(one) for one in profiles if one.desk_changed]:
            await self.run(WRITE_DESKS, rows=desks)
        if any(one.erased or one.old_keys for one in profiles):
            await self.run(ERASE_IDENTIFIERS, keys=sorted(state.recount))
        return unnoted

    async def _erase(self, profiles: Iterable[ProfileState]) -> None:
        """Erase what is stored of deleted profiles, whether they are known again or not."""
        keys = [one.key for one in profiles if one.erased and not one.new]
        if not keys:
            return
        while (await self.run(ERASE_INTERACTIONS, profiles=keys, most=ERASED_AT_ONCE))[0]["erased"]:
            pass
        await self.run(ERASE_PERIODS, profiles=keys)
        await self.run(ERASE_NOTES, profiles=keys)
        await self.run(ERASE_CORRECTIONS, profiles=keys)
        crowds = await self.run(ERASE_PROFILES, profiles=keys, crowd=CROWD)
        if products := [row["product"] for row in crowds]:
            await self.run(COUNT_BUYERS, products=products, **counting(self.policy))

    async def _leave_tombstones(self, state: BatchState, bereft: Mapping[str, Member]) -> None:
        """Name who succeeds erased profiles, and forget it of those that are known again."""
        if back := [one.key for one in state.profiles.values() if one.returned]:
            await self.run(RETURN_PROFILES, profiles=back)
        gone = [one for one in state.profiles.values() if one.gone]
        if not gone:
            return
        staying = [(one.number, one.key, one.customer) for one in state.profiles.values()]
        staying += [(one.number, one.key, one.customer) for one in bereft.values()]
        heirs: dict[str, str] = {}
        for _, key, customer in sorted(staying, key=lambda one: one[0]):
            if customer is not None:
                heirs.setdefault(customer, key)
        rows = [{"profile": one.key, "heir": heirs[one.left]} for one in gone if one.left in heirs]
        if rows:
            await self.run(SUCCEED, rows=rows)

    async def _write_interactions(self, state: BatchState) -> set[str]:
        touched = sorted({new.value.period for new in state.new_interactions})
        periods = [state.periods[key] for key in touched]
        await self.run(
            WRITE_INTERACTIONS,
            newPeriods=[period_row(one) for one in periods if one.new],
            periods=[period_row(one) for one in periods if not one.new],
            rows=[interaction_row(new) for new in state.new_interactions],
            products=product_rows(
                (
                    (
                        said_at(new.at, trusted=self.policy.trusts(new.source)),
                        new.value,
                    )
                    for new in state.new_interactions
                ),
                state.dealings,
                {
                    one.key: (one.number, one.products or 1)
                    for one in state.profiles.values()
                    if self.policy.trusts(one.source)
                },
            ),
            lines=[row for new in state.new_interactions for row in line_rows(new)],
            newBought=dealing_rows(state.dealings.bought.values(), new=True),
            bought=dealing_rows(state.dealings.bought.values(), new=False),
            newOffered=dealing_rows(state.dealings.offered.values(), new=True),
            offered=dealing_rows(state.dealings.offered.values(), new=False),
            crowd=CROWD,
            leftOut=left_out(self.policy),
            now=self.now,
        )
        return await note_sightings(self.run, state.new_interactions, self.policy)

    async def _brought(self, state: BatchState, bereft: Mapping[str, Member]) -> Brought:
        """The components that the batch touches, as they will be once it is written."""
        changed = [one for one in state.profiles.values() if one.resolve and not one.gone]
        touched = [one.key for one in changed]
        # Who leaves others lets go of identifiers, which are counted again.
        repeated = Repeated(touched, state.shifted | state.recount, self.policy)
        beside = bool(bereft) or bool(state.idle()) or state.bystanders()
        if not touched and not beside:
            return Brought({}, {}, {}, repeated)
        links = state.new_links()
        now = {
            key: Held(key, one.people, one.generic, holders=one.held_by(links[key]))
            for key, one in state.identifiers.items()
        }
        seeds = {one.key: member_of(one, now, one.compared(self.policy)) for one in changed}
        # Profiles of the batch that need not be resolved for their own sake may be brought: theirs
        # is what the graph has, and so they must not count as known.
        if again := state.flipped | (state.recount if beside else set()):
            seeds |= await holders(self.run, again, now=now, known=seeds)
        if said := state.idle():
            seeds |= await of_decisions(self.run, said, now=now, known=seeds)
        erased = state.erased()
        seeds = {key: one for key, one in seeds.items() if key not in erased}
        members, beyond = await bring(
            self.run,
            seeds,
            self.policy,
            now=now,
            limit=self.policy.component_limit,
            skip=erased,
            enough=repeated.members,
        )
        return Brought(seeds, members, beyond, repeated)

    async def _resolve(self, state: BatchState, brought: Brought) -> Resolution:
        members, beyond = brought.members, brought.beyond
        gone = [one for one in state.profiles.values() if one.left is not None]
        left = {one.left: one.household for one in gone if one.left is not None}
        noted = {text for one in gone for text in one.matches}
        kept = {one.customer for one in beyond.values() if one.customer is not None}
        inside = [one.key for one in state.profiles.values() if one.resolve and one.key in members]
        work = partial(
            resolve,
            members,
            inside,
            self.policy,
            self.now,
            left=left,
            kept=kept,
            noted=noted,
            repeated=brought.repeated,
        )
        decided = await meanwhile(work, threaded=take_long(members, self.policy))
        decided.changes += [
            Changed("deleted", one.left, None, (one.key,), one.key)
            for one in state.profiles.values()
            if one.erased and one.left is not None
        ]
        return decided | waiting(beyond, brought.seeds, self.policy) if beyond else decided

    def _outcome(self, applied: Applied, resolution: Resolution) -> Written:
        profile = applied.profile
        told = self.policy.trusts(profile.source) and not profile.gone
        customer = resolution.customer_of.get(profile.key) or profile.customer
        return Written(
            profile_id(profile.customer_id),
            customer if told else None,
            tuple(applied.refused),
            applied.known,
        )


def _wanted(records: Sequence[Prepared], policy: Policy) -> set[str]:
    """The identifiers of records, and of a few their probable blocking keys."""
    wanted = {one.key for record in records for one in record.identifiers}
    if len(records) <= FEW:
        wanted |= {key for record in records for key in _probable_keys(record, policy)}
    return wanted


def _probable_keys(record: Prepared, policy: Policy) -> frozenset[str]:
    """The blocking keys of a record: its profile's, if nothing else is known of that."""
    if not record.traits or not policy.trusts(record.source):
        return frozenset()
    said = traits.with_values({}, record.traits, record.at)
    return blocking_keys(compared(said, policy), policy)


def _dealings_named(records: Sequence[Prepared]) -> list[Row]:
    """The dealings that records may change, by their profiles."""
    keys: dict[str, set[str]] = defaultdict(set)
    for one in records:
        if one.interaction is not None and is_dealing(one.interaction):
            keys[one.profile] |= {f"{one.profile}>{line.key}" for line in one.interaction.products}
    return [{"profile": profile, "keys": sorted(keys[profile])} for profile in sorted(keys)]


def _source_row(name: str, policy: Policy) -> Row:
    known = policy.source(name).model_dump(include={"kind", "priority", "trusted"})
    return {"name": name} | known


def _note_seen(state: BatchState, resolution: Resolution) -> None:
    """Note of whom the batch knows something newer than the decision, which is when they were seen.

    Those that are written anyway are told in their own rows: the members of a decision are as the
    graph had them, unless their own evidence changed.
    """
    seen: dict[str, int] = {}
    for one in state.profiles.values():
        customer = resolution.customer_of.get(one.key) or one.customer
        if one.changed and customer:
            seen[customer] = max(one.last_seen, seen.get(customer, 0))
    for row in resolution.customers:
        at = seen.pop(row["id"], 0)
        if row["closedAt"] is None and at > row["lastSeen"]:
            row |= {"lastSeen": at, "bySeen": by_seen(at)}
    resolution.seen = [
        {"id": customer, "lastSeen": at, "bySeen": by_seen(at)}
        for customer, at in sorted(seen.items())
    ]


def _note_facts(state: BatchState, resolution: Resolution) -> None:
    """Note whose purchases or tickets the batch told of, as it knows the profiles."""
    rows = {row["id"]: row for row in resolution.customers}
    for one in state.profiles.values():
        customer = resolution.customer_of.get(one.key) or one.customer
        if customer is None or not one.facts:
            continue
        if one.valued:
            resolution.valued.add(customer)
        if customer in rows and one.key not in rows[customer]["knowing"]:
            rows[customer]["knowing"].append(one.key)
