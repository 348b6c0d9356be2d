"""Policy preview: what another policy would do to all customers. Nothing is written."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from customers.identity.compared_customers import Compared, Fate, compared
from customers.identity.component import numbered
from customers.identity.copied import Copied
from customers.identity.everything import WINDOW, WINDOW_S
from customers.identity.policy import Policy
from customers.identity.resolve import resolve
from customers.numbers import last_number
from customers.principal import Principal
from customers.times import now_ms
from cypher import Deadline, Graph, Row, Statement, load

BLOCKED = load("decisions/blocked")
# Of each fate so many are shown, with so many profiles of each customer.
SHOWN, SHOWN_PROFILES = 20, 20
# Profiles after which progress is told.
TOLD_EVERY = 500


@dataclass(slots=True)
class PolicyPreview:
    """How many customers there are and would be, and what becomes of whom.

    `fates` counts customers that exchange profiles with each other, each lot once: several that
    become one, one that becomes several, several between which profiles move, and those who stay.
    """

    profiles: int = 0
    customers: int = 0
    customers_then: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[Compared]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The preview in the names of JSON."""
        return {
            "profiles": self.profiles,
            "customers": self.customers,
            "customersThen": self.customers_then,
            **{fate.value: self.fates[fate] for fate in Fate},
            "samples": {
                fate: [sample(one) for one in found] for fate, found in self.samples.items()
            },
        }

    def add(self, found: list[tuple[str, str, str]]) -> None:
        """Take in customers that exchange profiles."""
        before = {key: was for key, was, _ in found}
        for one in compared(before, {key: then for key, _, then in found}):
            self.profiles += len(found)
            self.customers += len(one.before)
            self.customers_then += len(one.after)
            self.fates[one.fate] += 1
            shown = self.samples.setdefault(one.fate.value, [])
            if one.fate != Fate.KEEP and len(shown) < SHOWN:
                shown.append(one)


def sample(one: Compared) -> dict[str, Any]:
    """Some of the profiles of customers, before and after."""
    return {
        when: [
            {"id": customer, "size": len(keys), "profiles": list(keys[:SHOWN_PROFILES])}
            for customer, keys in side.items()
        ]
        for when, side in (("before", one.before), ("after", one.after))
    }


async def preview_policy(
    graph: Graph,
    policy: Policy,
    principal: Principal,
    *,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> PolicyPreview:
    """What `policy` would do. Records that come in meanwhile may or may not be seen.

    `progress` hears of the profiles done, each of which is read and then decided on.
    """
    principal.check("preview a policy")
    found = PolicyPreview()
    async with decided_by(graph, policy, progress=progress) as copied:
        for one in copied.exchanges():
            found.add(one)
    return found


@asynccontextmanager
async def decided_by(
    graph: Graph, policy: Policy, *, progress: Callable[[int, int], None] = lambda *_: None
) -> AsyncIterator[Copied]:
    """A copy of all that is compared, on which `policy` has decided; gone at the end."""

    async def read(statement: Statement, **params: Any) -> list[Row]:  # noqa: ANN401 - JSON-like
        return await graph.read(statement, Deadline.after(WINDOW_S), **params)

    last = await last_number(read)
    blocked = {row["key"] for row in await read(BLOCKED)}
    with Copied(policy, last, blocked) as copied:
        for start in range(0, last, WINDOW):
            members = await numbered(read, start, start + WINDOW)
            fresh = [one for one in members.values() if one.number <= last]
            await asyncio.to_thread(copied.add, fresh)
            progress(min(start + WINDOW, last), 2 * last)
        await asyncio.to_thread(_decide, copied, partial(_told, progress, last))
        yield copied


def _told(progress: Callable[[int, int], None], last: int, done: int) -> None:
    progress(last + done, 2 * last)


def _decide(copied: Copied, told: Callable[[int], None]) -> None:
    copied.count()
    now, done, due = now_ms(), 0, TOLD_EVERY
    for members in copied.components():
        resolution = resolve(members, (), copied.policy, now)
        numbers = {key: one.number for key, one in members.items()}
        copied.decide((numbers[key], to) for key, to in resolution.customer_of.items())
        done += len(members)
        if done >= due:
            told(done)
            due = done + TOLD_EVERY
    told(done)
