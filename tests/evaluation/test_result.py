"""What a result counts."""

import pytest

from tests.evaluation.dataset import DataSet
from tests.evaluation.mistakes import merged, split
from tests.evaluation.result import judged, mean
from tests.evaluation.table import heading, line
from tests.synthetic import JsonRecord

TRUTH = {"a|1": "ann", "a|2": "ann", "a|3": "ben", "a|4": "ben"}
FOUND = [["a|1", "a|2", "a|3"], ["a|4"], ["a|5"]]  # nobody knows whose a|5 is


def data() -> DataSet:
    records: list[JsonRecord] = [{"source": "a", "sourceId": str(n)} for n in range(1, 6)]
    return DataSet("people", records, TRUTH)


def test_clusters_of_unknown_people_are_not_among_those_that_wrong_ones_are_counted_in() -> None:
    found = judged(data(), "people", lambda _: FOUND, 0.5)
    assert (found.profiles, found.persons, found.clusters) == (5, 2, 2)
    assert (found.wrong, found.split, found.exact) == (1, 1, 0)
    assert (found.precision, found.recall) == (1 / 3, 1 / 2)
    assert found.f1 == pytest.approx(0.4)
    assert found.wrong_per_thousand == 500


def test_a_mean_takes_every_figure_and_fits_the_table() -> None:
    bad = judged(data(), "bad", lambda _: FOUND, 0.5)
    good = judged(data(), "good", lambda _: [["a|1", "a|2"], ["a|3", "a|4"]], 1.0)
    both = mean([bad, good], "both")
    assert (both.name, both.recall, both.ceiling, both.wrong) == ("both", 0.75, 0.75, 0.5)
    assert line(both).split()[:5] == ["both", "4", "2", "0.6667", "0.7500"]
    assert len(line(both)) == len(heading())


def test_mistakes_are_shown_with_their_records() -> None:
    wrong = list(merged(FOUND, data(), 3))
    assert [one.split(":")[0].strip() for one in wrong] == ["wrongly merged", "ann", "ann", "ben"]
    torn = list(split(FOUND, data(), 3))
    assert [one.split(":")[0].strip() for one in torn] == ["split", "part 1", "part 2"]
