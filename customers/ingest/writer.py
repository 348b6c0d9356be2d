"""Writer: a batch of records in one transaction, from evidence to customers and changes."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from customers import traits
from customers.identity.component import Held, Member, bring, holders
from customers.identity.people import Summary
from customers.identity.policy import Policy
from customers.identity.resolve import Resolution, log_rows, resolve
from customers.identity.resolve import write as write_resolution
from customers.ids import profile_id
from customers.ingest.prepare import Prepared, Refused
from customers.ingest.record import DeviceValue
from customers.ingest.state import (
    Applied,
    BatchState,
    IdentifierState,
    Link,
    NewInteraction,
    PeriodState,
    ProfileState,
)
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Transaction, load

TAKE_TURN = load("ingest/take_turn")
PROFILES = load("ingest/profiles")
IDENTIFIERS = load("ingest/identifiers")
INTERACTIONS = load("ingest/interactions")
PERIODS = load("ingest/periods")
WRITE_PROFILES = load("ingest/write_profiles")
WRITE_IDENTIFIERS = load("ingest/write_identifiers")
CREATE_LINKS = load("ingest/create_links")
RENEW_LINKS = load("ingest/renew_links")
CREATE_PERIODS = load("ingest/create_periods")
RENEW_PERIODS = load("ingest/renew_periods")
CREATE_INTERACTIONS = load("ingest/create_interactions")
CREATE_LINES = load("ingest/create_lines")
FINISH = load("ingest/finish")
# More members than this are decided on in a thread, while the database writes.
DECIDED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a record: its profile, the customer that now has it, what was refused."""

    profile: str
    customer: str
    refused: tuple[Refused, ...] = ()
    known: bool = False


async def write_batch(
    graph: Graph,
    records: Sequence[Prepared],
    policy: Policy,
    principal: Principal,
    deadline: Deadline,
) -> list[Written]:
    """Write `records` and resolve what they touch; all of them or none. Outcomes in their order."""

    async def work(transaction: Transaction) -> list[Written]:
        return await _Batch(transaction, policy).write(records, principal)

    return await graph.transaction("ingest/batch", work, deadline)


class _Batch:
    """One attempt at a batch; a lost race starts a new one from what the graph has then."""

    def __init__(self, transaction: Transaction, policy: Policy) -> None:
        self.transaction, self.policy = transaction, policy
        self.run = transaction.run
        self.now = now_ms()

    async def write(self, records: Sequence[Prepared], principal: Principal) -> list[Written]:
        last = await self._take_turn(records)
        state = await self._read(records, last["profiles"])
        applied = [state.apply(record) for record in records]
        state.count_people()
        members, touched = await self._members(state)
        # The decision needs this process, the evidence the database: both at once.
        resolution, _ = await asyncio.gather(
            self._resolve(members, touched), self._write_evidence(state)
        )
        await write_resolution(self.transaction, resolution, self.now)
        rows = log_rows(resolution, last["changes"], self.now, "ingest", principal.name)
        if rows or state.last_number != last["profiles"]:
            await self.run(
                FINISH, rows=rows, changes=last["changes"] + len(rows), profiles=state.last_number
            )
        return [self._outcome(one, resolution) for one in applied]

    async def _take_turn(self, records: Sequence[Prepared]) -> Row:
        names = sorted({record.source for record in records})
        sources = [
            {"name": name}
            | self.policy.source(name).model_dump(include={"kind", "priority", "trusted"})
            for name in names
        ]
        rows = await self.run(TAKE_TURN, turn=secrets.randbits(62), sources=sources)
        return rows[0]

    async def _read(self, records: Sequence[Prepared], last_number: int) -> BatchState:
        keys = sorted({record.profile for record in records})
        [found] = await self.run(PROFILES, keys=keys)
        profiles = [_profile(row) for row in found["found"]]
        wanted = {one.key for record in records for one in record.identifiers}
        wanted |= {key for profile in profiles for key in profile.links}
        [found] = await self.run(IDENTIFIERS, keys=sorted(wanted))
        happened = [record.interaction for record in records if record.interaction is not None]
        known, periods = [], []
        if happened:
            known = await self.run(INTERACTIONS, keys=sorted({one.key for one in happened}))
            periods = await self.run(PERIODS, keys=sorted({one.period for one in happened}))
        return BatchState(
            self.policy,
            profiles,
            [_identifier(row) for row in found["found"]],
            {row["key"]: row["bucket"].rpartition("|")[0] for row in known},
            [_period(row) for row in periods],
            last_number=last_number,
        )

    async def _write_evidence(self, state: BatchState) -> None:
        profiles = [one for one in state.profiles.values() if one.changed]
        if profiles:
            rows = [_profile_row(one) for one in profiles]
            await self.run(WRITE_PROFILES, rows=rows, now=self.now)
        identifiers = [one for one in state.identifiers.values() if one.changed]
        if identifiers:
            await self.run(WRITE_IDENTIFIERS, rows=[_identifier_row(one) for one in identifiers])
        if links := [row for one in profiles for row in _link_rows(one, new=True)]:
            await self.run(CREATE_LINKS, rows=links, now=self.now)
        if links := [row for one in profiles for row in _link_rows(one, new=False)]:
            await self.run(RENEW_LINKS, rows=links)
        if state.new_interactions:
            await self._write_interactions(state)

    async def _write_interactions(self, state: BatchState) -> None:
        touched = sorted({new.value.period for new in state.new_interactions})
        periods = [state.periods[key] for key in touched]
        if rows := [_period_row(one) for one in periods if one.new]:
            await self.run(CREATE_PERIODS, rows=rows)
        if rows := [_period_row(one) for one in periods if not one.new]:
            await self.run(RENEW_PERIODS, rows=rows)
        rows = [_interaction_row(new) for new in state.new_interactions]
        await self.run(CREATE_INTERACTIONS, rows=rows, now=self.now)
        if rows := [row for new in state.new_interactions for row in _line_rows(new)]:
            await self.run(CREATE_LINES, rows=rows)

    async def _members(self, state: BatchState) -> tuple[dict[str, Member], list[str]]:
        """The components that the batch touches, as they will be once it is written."""
        touched = [one.key for one in state.profiles.values() if one.resolve]
        if not touched:
            return {}, []
        now = {
            one.key: Held(one.key, one.people, one.generic) for one in state.identifiers.values()
        }
        seeds = {key: _member(state.profiles[key], now) for key in touched}
        if state.flipped:
            seeds |= await holders(self.run, state.flipped, now=now, known=seeds)
        # Nobody held a new identifier before this batch, and its holders now were touched by it.
        new = [one.key for one in state.identifiers.values() if one.new]
        return await bring(self.run, seeds, self.policy, now=now, complete=new), touched

    async def _resolve(self, members: dict[str, Member], touched: list[str]) -> Resolution:
        if len(members) <= DECIDED_AT_ONCE:
            return resolve(members, touched, self.policy, self.now)
        return await asyncio.to_thread(resolve, members, touched, self.policy, self.now)

    def _outcome(self, applied: Applied, resolution: Resolution) -> Written:
        profile = applied.profile
        customer = resolution.customer_of.get(profile.key) or profile.customer
        assert customer is not None, "every profile belongs to a customer"  # noqa: S101
        return Written(
            profile_id(profile.customer_id), customer, tuple(applied.refused), applied.known
        )


def _profile(row: Row) -> ProfileState:
    return ProfileState(
        key=row["key"],
        number=row["number"],
        customer_id=row["customerId"],
        source=row["source"],
        source_id=row["sourceId"],
        first_seen=row["firstSeen"],
        last_seen=row["lastSeen"],
        traits=traits.loads(row["traits"]),
        digests=dict(zip(row["digests"], row["digestTimes"], strict=True)),
        totals=orjson.loads(row["totals"]),
        links={
            link["key"]: Link(link["firstSeen"], link["lastSeen"], link["count"])
            for link in row["links"]
            if link["key"] is not None
        },
        customer=row["customer"],
    )


def _profile_row(one: ProfileState) -> Row:
    return {
        "key": one.key,
        "number": one.number,
        "customerId": one.customer_id,
        "source": one.source,
        "sourceId": one.source_id,
        "firstSeen": one.first_seen,
        "lastSeen": one.last_seen,
        "traits": traits.dumps(one.traits),
        "digests": list(one.digests),
        "digestTimes": list(one.digests.values()),
        "totals": orjson.dumps(one.totals, option=orjson.OPT_SORT_KEYS).decode(),
    }


def _identifier(row: Row) -> IdentifierState:
    return IdentifierState(
        key=row["key"],
        namespace=row["namespace"],
        value=row["value"],
        summary=Summary.loads(row["summary"]),
        people=row["people"],
        generic=row["generic"],
        first_seen=row["firstSeen"],
        last_seen=row["lastSeen"],
        device=_described(row) if row["isDevice"] else None,
    )


def _described(row: Row) -> dict[str, str]:
    return {name: row[name] for name in DeviceValue.described if row[name] is not None}


def _identifier_row(one: IdentifierState) -> Row:
    return {
        "key": one.key,
        "namespace": one.namespace,
        "value": one.value,
        "summary": one.summary.dumps(),
        "people": one.people,
        "generic": one.generic,
        "firstSeen": one.first_seen,
        "lastSeen": one.last_seen,
        "device": one.device,
    }


def _link_rows(profile: ProfileState, *, new: bool) -> Iterable[Row]:
    for key, link in sorted(profile.links.items()):
        if link.new == new and (new or link.changed):
            yield {
                "key": f"{profile.key}>{key}",
                "profile": profile.key,
                "identifier": key,
                "firstSeen": link.first_seen,
                "lastSeen": link.last_seen,
                "count": link.count,
            }


def _period(row: Row) -> PeriodState:
    return PeriodState(
        row["key"],
        row["profile"],
        row["at"],
        row["count"],
        orjson.loads(row["types"]),
        row["earliest"],
        row["latest"],
    )


def _period_row(one: PeriodState) -> Row:
    return {
        "key": one.key,
        "profile": one.profile,
        "at": one.at,
        "count": one.count,
        "types": orjson.dumps(one.types, option=orjson.OPT_SORT_KEYS).decode(),
        "earliest": one.earliest,
        "latest": one.latest,
    }


def _interaction_row(new: NewInteraction) -> Row:
    value = new.value
    device = next((one.key for one in new.record.identifiers if one.device is not None), None)
    return {
        "key": value.key,
        "bucket": value.period,
        "type": value.type,
        "name": value.name,
        "at": new.record.at,
        "channel": value.channel,
        "amount": value.amount,
        "currency": value.currency,
        "orderId": value.order_id,
        "properties": value.properties,
        "device": device,
    }


def _line_rows(new: NewInteraction) -> Iterable[Row]:
    for place, line in enumerate(new.value.products):
        yield {
            "key": f"{new.value.key}>{place}",
            "interaction": new.value.key,
            "product": line.key,
            "name": line.name,
            "category": line.category,
            "at": new.record.at,
            "place": place,
            "quantity": line.quantity,
            "amount": line.amount,
        }


def _member(profile: ProfileState, now: Mapping[str, Held]) -> Member:
    return Member(
        key=profile.key,
        number=profile.number,
        customer_id=profile.customer_id,
        source=profile.source,
        traits=traits.dumps(profile.traits),
        customer=profile.customer,
        held=tuple(now[key] for key in profile.links),
    )
