"""What came of a data set, and several of them as one mean."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.evaluation.dataset import DataSet
from tests.scoring import score

Keys = Iterable[Iterable[str]]
Resolver = Callable[[DataSet], Keys]


@dataclass(frozen=True)
class Result:
    """How one data set was resolved; a mean of several has fractions."""

    name: str
    profiles: float
    scored: float  # profiles whose person is known
    persons: float
    clusters: float  # with a scored profile
    precision: float
    recall: float
    ceiling: float | None  # the recall that identifiers alone allow
    wrong: float  # clusters of more than one person
    split: float  # persons in more than one cluster
    exact: float  # persons who are exactly one cluster
    seconds: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def wrong_per_thousand(self) -> float:
        """Wrongly merged of a thousand customers."""
        return 1000 * self.wrong / self.clusters if self.clusters else 0.0


def judged(data: DataSet, name: str, resolve: Resolver, ceiling: float | None) -> Result:
    """Resolve and score; only the resolving is timed."""
    start = time.perf_counter()
    clusters = [list(keys) for keys in resolve(data)]
    seconds = time.perf_counter() - start
    found = score(clusters, data.truth)
    return Result(
        name=name,
        profiles=sum(map(len, clusters)),
        scored=len(data.truth),
        persons=len(set(data.truth.values())),
        clusters=sum(any(key in data.truth for key in keys) for keys in clusters),
        precision=found.precision,
        recall=found.recall,
        ceiling=ceiling,
        wrong=found.wrongly_merged,
        split=found.split,
        exact=found.exact,
        seconds=seconds,
    )


def mean(results: Sequence[Result], name: str) -> Result:
    """All figures averaged; that of a thousand follows from the averages."""
    ceilings = [one.ceiling for one in results if one.ceiling is not None]
    return Result(
        name=name,
        profiles=fmean(one.profiles for one in results),
        scored=fmean(one.scored for one in results),
        persons=fmean(one.persons for one in results),
        clusters=fmean(one.clusters for one in results),
        precision=fmean(one.precision for one in results),
        recall=fmean(one.recall for one in results),
        ceiling=fmean(ceilings) if ceilings else None,
        wrong=fmean(one.wrong for one in results),
        split=fmean(one.split for one in results),
        exact=fmean(one.exact for one in results),
        seconds=fmean(one.seconds for one in results),
    )
