"""Budget: who has spent too much is told when there is enough again, and that is true."""

import random
import time

import pytest
from graphql import GraphQLError

from customers.principal import Principal
from graph_schema.budget import Budget

ANN = Principal("ann")
POINTS = 1_000


class Clock:
    """Time that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1_767_225_600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that points are counted by."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


async def wait(budget: Budget, points: int) -> int:
    """The seconds that who asks for so many is told to wait; 0: it has them."""
    try:
        await budget.spend(ANN, points)
    except GraphQLError as problem:
        return int((problem.extensions or {})["retryAfter"])
    return 0


@pytest.mark.parametrize("seed", range(200))
async def test_who_waits_as_long_as_told_is_answered(clock: Clock, seed: int) -> None:
    chance, budget, refused = random.Random(seed), Budget(POINTS), 0
    for _ in range(60):
        clock.now += chance.choice([0, 0.3, 5, 30])
        points = chance.choice([1, 90, 400, 999, POINTS])
        if told := await wait(budget, points):
            refused += 1
            assert 1 <= told <= 120
            clock.now += told
            assert await wait(budget, points) == 0
    assert refused > 5


async def test_nobody_waits_much_longer_than_needed(clock: Clock) -> None:
    budget = Budget(POINTS)
    assert await wait(budget, POINTS) == 0
    # A minute's beginning: nothing comes back before the next one, and half of it in its middle.
    assert await wait(budget, 500) == 90
    clock.now += 88.5
    assert await wait(budget, 500) == 2
    assert await wait(budget, 400) == 0


async def test_tries_that_are_refused_cost_nothing(clock: Clock) -> None:
    budget = Budget(POINTS)
    assert await wait(budget, 900) == 0
    told = [await wait(budget, 500) for _ in range(50)]
    assert len(set(told)) == 1
    clock.now += 0.5
    assert await budget.spend(ANN, 100) == 0
