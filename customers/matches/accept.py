"""Accept: many possible matches at once, or what would become of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from customers.decisions.asked import Accept, Merge, ProfileRef, Refused, RefusedError
from customers.decisions.decide import decide
from customers.decisions.draft import Draft
from customers.errors import InvalidInputError
from customers.identity.matched import Matching
from customers.identity.policy_in_force import PolicyInForce
from customers.ids import DECISION, new_id
from customers.matches.listing import Wanted, matches_page
from customers.matches.match import Match
from customers.reading import Reading
from customers.times import now_ms
from cypher import DeadlineExceededError, Row, Statement

MOST = 100
UNKNOWN = "MATCH_UNKNOWN"
SETTLED = (
    Refused("MATCH_SETTLED", "What was accepted before it has settled this match too.", ("id",)),
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a match, or would: its decision, or why it was refused."""

    match: Match
    decision: str | None = None
    refused: tuple[Refused, ...] = ()


async def accept_matches(
    reading: Reading, policies: PolicyInForce, wanted: Wanted, reason: str, most: int
) -> list[Accepted]:
    """Accept the first matches that are wanted, each as it is listed and in its own transaction.

    What one leads to may settle, undo or change the next, which is then refused.
    """
    found: list[Accepted] = []
    listed = await _listed(reading, wanted, most)
    for place, one in enumerate(listed):
        asked = Accept(one.id, one.evidence)
        try:
            outcome = await decide(
                reading.graph, policies, asked, reason, reading.principal, reading.deadline
            )
        except DeadlineExceededError:
            late = Refused("NOT_REACHED", "The time of the request was up before it was its turn.")
            return found + [Accepted(left, refused=(late,)) for left in listed[place:]]
        refused = outcome.refused
        if any(why.code == UNKNOWN for why in refused) and any(each.decision for each in found):
            refused = SETTLED
        found.append(Accepted(one, outcome.decision, refused))
    return found


async def would_accept(
    reading: Reading, policies: PolicyInForce, wanted: Wanted, most: int
) -> list[Accepted]:
    """What `accept_matches` would do; nothing is written."""

    async def read(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        return await reading.rows(statement, **params)

    reading.principal.check("decide on identity")
    draft = Draft(read, policies.policy, now_ms())
    found: list[Accepted] = []
    for one in await _listed(reading, wanted, most):
        refused = _overtaken(one, draft.resolution.matches)
        if not refused:
            merge = Merge([ProfileRef(born=customer) for customer in one.customers])
            try:
                await draft.take(merge, new_id(DECISION))
            except RefusedError as problem:
                refused = problem.refused
        found.append(Accepted(one, refused=refused))
    return found


async def _listed(reading: Reading, wanted: Wanted, most: int) -> Sequence[Match]:
    if not 1 <= most <= MOST:
        raise InvalidInputError(f"`first` must be between 1 and {MOST}, not {most}.")
    return (await matches_page(reading, wanted, most)).items


def _overtaken(one: Match, matches: Matching) -> tuple[Refused, ...]:
    """Why a match could not be accepted any more, after those before it."""
    if one.id in matches.gone:
        return SETTLED
    if any(row["id"] == one.id and row["evidence"] != one.evidence for row in matches.rows):
        text = "What speaks for this match would no longer be what it is."
        return (Refused("MATCH_CHANGED", text, ("evidence",)),)
    return ()
