"""Preview: what decisions would do to the customers that there are. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from customers.decisions.asked import Asked, Refused, RefusedError, check_named
from customers.decisions.draft import Draft
from customers.errors import InvalidInputError
from customers.identity.compared_customers import Compared, compared
from customers.identity.policy import Policy
from customers.ids import DECISION, new_id
from customers.reading import Reading
from customers.times import now_ms
from cypher import Row, Statement

MOST_DECISIONS = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """The customers that decisions touch, as they are and would be; and what would be refused.

    What is refused is left out, and what comes after it is seen without it. With `waits` a
    component is above the limit, and its customers would wait for the background.
    """

    customers: Sequence[Compared]
    refused: Sequence[Refused]
    waits: bool


async def preview(reading: Reading, policy: Policy, asked: Sequence[Asked]) -> Preview:
    """What `asked` would do, one after the other.

    Raises:
        InvalidInputError, ForbiddenError
    """
    if not 1 <= len(asked) <= MOST_DECISIONS:
        raise InvalidInputError(
            f"Between 1 and {MOST_DECISIONS} `decisions` at once, not {len(asked)}."
        )

    for one in asked:
        check_named(one, reading.principal)

    async def read(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        return await reading.rows(statement, **params)

    draft = Draft(read, policy, now_ms())
    refused: list[Refused] = []
    for place, one in enumerate(asked):
        try:
            await draft.take(one, new_id(DECISION))
        except RefusedError as problem:
            refused += [
                Refused(why.code, why.message, ("decisions", str(place), *why.path))
                for why in problem.refused
            ]
    ordered = sorted(draft.members.values(), key=lambda one: one.number)
    before = {one.key: one.customer for one in ordered if one.customer is not None}
    after = {key: draft.customer_of(key) or customer for key, customer in before.items()}
    return Preview(compared(before, after), refused, bool(draft.resolution.waiting))
