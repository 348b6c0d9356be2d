"""As of: resolution's reads as of a recorded time, for whoever asks why it was so then."""

from collections.abc import Mapping
from typing import Any

from customers.identity.component import (
    DECIDED_MEMBERS,
    HOLDERS,
    HOP,
    MEMBERS_BY_ID,
    PROFILE_MEMBERS,
    Run,
)
from cypher import Row, Statement, load

LINKS = load("identity/links")

# What is read of now, and its like of then.
PAST: Mapping[Statement, Statement] = {
    DECIDED_MEMBERS: load("past/decided_members"),
    HOLDERS: load("past/holders"),
    HOP: load("past/hop"),
    LINKS: load("past/links"),
    MEMBERS_BY_ID: load("past/members_by_id"),
    PROFILE_MEMBERS: load("past/profile_members"),
}


def as_of(run: Run, moment: int | None) -> Run:
    """The same reads, each of what was recorded by `moment`; None is now."""
    if moment is None:
        return run

    async def then(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        return await run(PAST[statement], asOf=moment, **params)

    return then
