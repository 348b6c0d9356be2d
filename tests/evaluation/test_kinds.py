"""The kinds of streams: repeatable, importable, and each with the people it promises."""

import pytest

from customers.ingest.record import Record
from tests.evaluation.kinds import KINDS

PERSONS = 120


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_records_again_and_another_seed_others(kind: str) -> None:
    made, again, other = (KINDS[kind](PERSONS, seed) for seed in (1, 1, 2))
    assert (made.records, made.truth) == (again.records, again.truth)
    assert made.records != other.records


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_valid_and_in_order_and_truth_is_of_their_profiles(kind: str) -> None:
    made = KINDS[kind](PERSONS, 1)
    records = [Record.model_validate(record) for record in made.records]
    days = [record.at for record in records if record.at]
    assert len(days) == len(records)
    assert days == sorted(days)
    assert made.truth.keys() < {(record.source, record.source_id) for record in records}


@pytest.mark.parametrize("kind", KINDS)
def test_nearly_everybody_has_a_scored_profile_and_most_have_several(kind: str) -> None:
    truth = KINDS[kind](PERSONS, 1).truth
    people = set(truth.values())
    assert PERSONS * 0.95 <= len(people) <= PERSONS
    assert len(truth) > 1.5 * len(people)
