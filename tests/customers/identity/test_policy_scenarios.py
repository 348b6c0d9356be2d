"""The documented examples of two other systems, each under its own policy, in any order."""

import random

import pytest

from tests.policy_scenarios import FALSE_MERGES, POLICY_SCENARIOS, PolicyScenario

ORDERS = 20

every_scenario = pytest.mark.parametrize(
    "scenario", POLICY_SCENARIOS, ids=[scenario.name for scenario in POLICY_SCENARIOS]
)


def test_all_examples_are_there() -> None:
    assert len(POLICY_SCENARIOS) == 24
    assert [scenario.name for scenario in FALSE_MERGES] == [
        "linking rules: shop-registered-without-email-and-guest"
    ]


@every_scenario
def test_an_example_comes_out_as_documented(scenario: PolicyScenario) -> None:
    scenario.check(scenario.clusters(scenario.policy))


@every_scenario
def test_an_example_comes_out_the_same_in_any_order(scenario: PolicyScenario) -> None:
    rng = random.Random(scenario.name)
    expected = scenario.clusters(scenario.policy)
    for _ in range(ORDERS):
        assert scenario.shuffled(rng).clusters(scenario.policy) == expected


@every_scenario
def test_an_example_comes_out_the_same_under_other_names(scenario: PolicyScenario) -> None:
    renamed, names = scenario.renamed(scenario.policy)
    found = renamed.clusters(scenario.policy)
    renamed.check(found)
    expected = scenario.clusters(scenario.policy)
    assert found == {frozenset(names[one] for one in keys) for keys in expected}
    again = renamed.shuffled(random.Random(scenario.name))
    assert again.clusters(scenario.policy) == found


@pytest.mark.parametrize("scenario", FALSE_MERGES, ids=[one.name for one in FALSE_MERGES])
def test_a_merge_that_is_documented_as_a_false_one_is_not_made(scenario: PolicyScenario) -> None:
    rng = random.Random(scenario.name)
    [merged] = scenario.same
    people = {"CRMID:ana", "Email:m2"}
    assert people <= set(merged)
    renamed, names = scenario.renamed(scenario.policy)
    for one in (scenario, *(scenario.shuffled(rng) for _ in range(ORDERS))):
        assert not any(people <= keys for keys in one.clusters(scenario.policy))
    others = {names[one] for one in people}
    assert not any(others <= keys for keys in renamed.clusters(scenario.policy))


def test_the_records_without_the_questions_are_no_false_merge_either() -> None:
    [scenario] = FALSE_MERGES
    events = [record for record in scenario.records if record["source"] == "event"]
    alone = PolicyScenario("", events, [], ["e1", "e2"], scenario.policy, false_merge=False)
    alone.check(alone.clusters(scenario.policy))
