"""Stories: each is told of somebody who shows it, or not at all."""

import pytest

from server.demo.found import Found
from server.demo.glance import Glance, glances
from server.demo.records import stream
from server.demo.stories import COLLECTED, HOUSEHOLD, KIOSK, TICKET, VISITOR, stories

PLAIN = Found("1", {("crm", "1"): Glance(5)}, ["plain@mail.example"])


def test_of_people_without_any_nothing_is_told() -> None:
    assert stories([PLAIN], {"1": 2}) == {}
    assert stories([], {}) == {}


@pytest.mark.parametrize(
    ("story", "profiles"),
    [
        (VISITOR, {("web", "visitor-1-x"): Glance(9), ("web", "visitor-1-x.ab"): Glance(1)}),
        (
            COLLECTED,
            {("web", "c.a"): Glance(orders={"O": 2}), ("till", "K"): Glance(orders={"O": 2})},
        ),
        (
            TICKET,
            {("support", "W"): Glance(open_tickets={"W"}), ("till", "K"): Glance(orders={"O": 2})},
        ),
        (KIOSK, {("web", "kiosk-0.ab"): Glance()}),
    ],
)
def test_a_story_is_told_of_whom_it_fits(
    story: str, profiles: dict[tuple[str, str], Glance]
) -> None:
    somebody = Found("2", profiles, ["a@mail.example"])
    assert stories([PLAIN, somebody], {}) == {story: "a@mail.example"}


@pytest.mark.parametrize(
    "profiles",
    [
        {("web", "visitor-1-x"): Glance(9), ("web", "visitor-2-x.ab"): Glance(1)},
        {("web", "c.a"): Glance(orders={"O": 2}), ("till", "K"): Glance(orders={"P": 2})},
        {("support", "W"): Glance(), ("till", "K"): Glance(orders={"O": 2})},
    ],
)
def test_and_not_of_whom_it_nearly_fits(profiles: dict[tuple[str, str], Glance]) -> None:
    assert stories([Found("2", profiles, ["a@mail.example"])], {}) == {}


def test_a_household_is_of_three() -> None:
    assert stories([PLAIN], {"1": 3}) == {HOUSEHOLD: "plain@mail.example"}
    assert stories([PLAIN], {"1": 4}) == {}


def test_a_ticket_that_was_closed_is_not_open() -> None:
    found = glances(stream(60).records)
    support = [glance for (source, _), glance in found.items() if source == "support"]
    assert {glance.records for glance in support} == {1, 2}
    assert all(len(glance.open_tickets) == 2 - glance.records for glance in support)
