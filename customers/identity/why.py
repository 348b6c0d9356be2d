"""Why: what made two one customer, or what keeps them two, read off a replay of the partition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from customers.errors import InvalidInputError, StaleReadError
from customers.identifier import Identifier, identifiers_by_keys, wanted_key
from customers.identity.account import account, told
from customers.identity.as_of import LINKS, as_of
from customers.identity.component import (
    Member,
    Run,
    bring,
    holders,
    of_profiles,
    take_long,
    with_id,
)
from customers.identity.explanation import Explanation, Reason, ResolutionStep
from customers.identity.generic import generic_reasons
from customers.identity.policy import Policy
from customers.identity.replay import Replay
from customers.identity.telling import Telling
from customers.identity.wording import Wording
from customers.ids import PROFILE, own_customer_id
from customers.ingest.keys import known_key
from customers.reading import Reading
from customers.together import aside, together
from cypher import Row

# A replay that differs from the graph may have been read amid a change: it is read once more.
TRIES = 2


@dataclass(frozen=True, slots=True)
class ProfileAsked:
    """A profile by its source and the id that it has there."""

    source: str
    source_id: str

    def __str__(self) -> str:
        """As an error names it."""
        return f"profile {self.source} {self.source_id}"


@dataclass(frozen=True, slots=True)
class IdAsked:
    """A profile or a customer by any id that it ever had; of a customer its anchor is meant."""

    id: str

    def __str__(self) -> str:
        """As an error names it."""
        return f"id {self.id}"


@dataclass(frozen=True, slots=True)
class IdentifierAsked:
    """An identifier: any of the profiles that hold it is meant."""

    namespace: str
    value: str

    def __str__(self) -> str:
        """As an error names it."""
        return f"identifier of namespace {self.namespace}"


Asked: TypeAlias = ProfileAsked | IdAsked | IdentifierAsked
Members: TypeAlias = Mapping[str, Member]


class _LinksNobodyError(Exception):
    """An identifier that was asked for brings nobody to anybody."""

    def __init__(self, identifier: Identifier) -> None:
        self.identifier = identifier


async def why(
    reading: Reading, policy: Policy, a: Asked, b: Asked, moment: int | None = None
) -> Explanation:
    """Why two are one customer, or why they are not; or were, as of a recorded `moment`.

    Then customers, links and decisions are of that time, and traits, counts and policy of now.

    Raises:
        InvalidInputError: there is no such profile, customer or identifier, or was none.
    """
    asked = _Asked(reading, policy, as_of(reading.rows, moment))
    try:
        first, second = await together(asked.members(a), asked.members(b))
    except _LinksNobodyError as problem:
        return await _links_nobody(reading, policy, problem.identifier)
    replay = await asked.replay({**first, **second})
    if not (first.keys() | second.keys()) <= replay.members.keys():
        return _too_large(first, second, policy)
    found = account(replay, first, second)
    rows = await asked.rows(replay, found.profiles(), found.identifiers())
    telling = Telling(replay, Wording(policy), reading.principal, rows, moment)
    return telling.explanation(found)


async def how(reading: Reading, policy: Policy, customer: str, first: int) -> list[ResolutionStep]:
    """The first steps of the partition that made a customer, in their order.

    None of a customer of one profile, and of one whose component is above the limit.
    """
    asked = _Asked(reading, policy, reading.rows)
    members = await with_id(asked.run, customer)
    replay = await asked.replay(members)
    anchor = next((key for key in members if key in replay.members), None)
    if anchor is None:
        return []
    steps = told(replay, replay.steps(replay.cluster(anchor))[:first])
    profiles = {key for one in steps for key in one.profiles()}
    identifiers = {key for one in steps for key in one.identifiers()}
    rows = await asked.rows(replay, profiles, identifiers)
    telling = Telling(replay, Wording(policy), reading.principal, rows)
    return [telling.step(one) for one in steps]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Reads what an explanation needs, by a `run` of now or of then."""

    reading: Reading
    policy: Policy
    run: Run

    async def members(self, asked: Asked) -> Members:
        """The profiles that are meant, at least one."""
        if isinstance(asked, IdentifierAsked):
            found = await self._holders(asked)
        elif isinstance(asked, ProfileAsked):
            self.reading.principal.check_source_id(asked.source_id)
            found = await of_profiles(self.run, [known_key(asked.source, asked.source_id)])
        else:
            own = own_customer_id(asked.id) if asked.id.startswith(PROFILE) else asked.id
            found = await with_id(self.run, own)
        if not found:
            raise InvalidInputError(f"Nobody is known by this {asked}.")
        return found

    async def _holders(self, asked: IdentifierAsked) -> Members:
        key = wanted_key(asked.namespace, asked.value, self.policy, self.reading.principal)
        [found] = await identifiers_by_keys(self.reading, [key]) if key else [None]
        if found is None:
            return {}
        if found.generic or found.namespace not in self.policy.leads:
            raise _LinksNobodyError(found)
        return await holders(self.run, [found.key])

    async def replay(self, seeds: Members) -> Replay:
        """The components of `seeds`, without those above the limit, decided on again."""
        limit = self.policy.component_limit
        for _ in range(TRIES):
            members, _beyond = await bring(self.run, seeds, self.policy, limit=limit)
            # As in a batch: whoever else uses the server waits for what is done on its loop.
            replay = await aside(
                partial(Replay, members, self.policy), threaded=take_long(members, self.policy)
            )
            if replay.agrees():
                break
        return replay

    async def rows(
        self, replay: Replay, profiles: Iterable[str], identifiers: Iterable[str]
    ) -> dict[str, Row]:
        """What is shown of profiles, by key.

        Raises:
            StaleReadError: one of them was moved meanwhile.
        """
        rows = await self.run(LINKS, profiles=sorted(profiles), identifiers=sorted(identifiers))
        self.reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
        found = {row["key"]: row for row in rows}
        if any(
            key not in found or found[key]["customer"] != replay.members[key].customer
            for key in profiles
        ):
            raise StaleReadError("A customer changed while the answer was being read.")
        return found


async def _links_nobody(reading: Reading, policy: Policy, found: Identifier) -> Explanation:
    [reason] = await generic_reasons(reading, policy, [found])
    return Explanation(
        linked=False,
        reason=Reason.GENERIC,
        text=f"The {Wording(policy).noun(found.namespace)} {found.value} links nobody. {reason}",
        needed=policy.merge_bits,
    )


def _too_large(a: Members, b: Members, policy: Policy) -> Explanation:
    """What the graph has of two in a component that is above the limit."""
    customers = {one.customer for one in a.values()} & {one.customer for one in b.values()}
    customer = min((one for one in customers if one is not None), default=None)
    has = "one customer" if customer else "two customers"
    text = (
        f"They are {has}. Their component has more than {policy.component_limit:,} profiles: it is "
        "decided in the background, and not gone through again for an answer."
    )
    return Explanation(
        linked=customer is not None,
        reason=Reason.TOO_LARGE,
        text=text,
        needed=policy.merge_bits,
        customer=customer,
    )
