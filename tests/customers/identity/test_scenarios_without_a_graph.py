"""The adversarial streams through the decision alone: any order, any names."""

import json
import random
from dataclasses import replace

import pytest

from customers.identity.policy_document import default_policy
from tests.scenarios import NAMES, SCENARIOS, Scenario

POLICY = default_policy()
ORDERS = 20


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_a_scenario_comes_out_right_as_it_is_given(scenario: Scenario) -> None:
    scenario.check(scenario.clusters(POLICY))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_a_scenario_comes_out_the_same_in_any_order(scenario: Scenario) -> None:
    rng = random.Random(scenario.name)
    expected = scenario.clusters(POLICY)
    for _ in range(ORDERS):
        assert scenario.shuffled(rng).clusters(POLICY) == expected


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_a_scenario_comes_out_the_same_under_other_names(scenario: Scenario) -> None:
    renamed, names = scenario.renamed(POLICY)
    found = renamed.clusters(POLICY)
    renamed.check(found)
    assert found == {frozenset(names[one] for one in keys) for keys in scenario.clusters(POLICY)}
    again = renamed.shuffled(random.Random(scenario.name))
    assert again.clusters(POLICY) == found


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_other_names_are_all_other_and_as_many(scenario: Scenario) -> None:
    renamed, names = scenario.renamed(POLICY)
    assert len(set(names.values())) == len(names)
    assert not names.keys() & set(names.values())

    def values(scenario: Scenario) -> set[tuple[str, str]]:
        return {
            (one["namespace"], one["value"])
            for record in scenario.records
            for one in record["identifiers"]
        }

    kept = values(scenario) & values(renamed)
    assert {value for _, value in kept} <= {"test@test.com", "noreply@shop.example.org"}
    assert len(values(renamed)) == len(values(scenario))


def test_a_placeholder_that_no_list_has_merges_nobody() -> None:
    [scenario] = [one for one in SCENARIOS if one.name.startswith("4 ")]
    text = json.dumps(scenario.records)
    assert "noreply@shop" in text
    unlisted = replace(scenario, records=json.loads(text.replace("noreply@shop", "office@shop")))
    unlisted.check(unlisted.clusters(POLICY))
