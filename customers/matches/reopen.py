"""Reopen: a match that was dismissed or snoozed awaits somebody again."""

from customers.decisions.asked import Refused, Withdraw
from customers.decisions.decide import Outcome, decide
from customers.identity.policy_in_force import PolicyInForce
from customers.matches.match import Status, matches_by_ids
from customers.reading import Reading


async def reopen_match(reading: Reading, policies: PolicyInForce, id: str) -> Outcome:
    """Withdraw the last word on a match.

    Raises:
        ForbiddenError, DeadlineExceededError, OverloadedError, DatabaseUnavailableError
    """
    [found] = await matches_by_ids(reading, [id])
    if found is None:
        told = Refused("MATCH_UNKNOWN", f"There is no possible match {id}.", ("id",))
        return Outcome(refused=(told,))
    if found.status is Status.OPEN or found.decision is None:
        told = Refused("MATCH_OPEN", f"{id} awaits somebody as it is.", ("id",))
        return Outcome(refused=(told,))
    return await decide(
        reading.graph,
        policies,
        Withdraw(found.decision),
        "",
        reading.principal,
        reading.deadline,
    )
