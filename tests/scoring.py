"""How well clusters meet the truth, by pairs of profiles and by clusters."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import comb
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Score:
    """Pairs that are right of those made (precision), and made of those that are right (recall)."""

    precision: float
    recall: float
    wrongly_merged: int  # clusters with more than one person
    split: int  # persons in more than one cluster
    exact: int  # persons who are exactly one cluster


def score(clusters: Iterable[Iterable[Key]], truth: Mapping[Key, str]) -> Score:
    """Score `clusters` on the profiles that `truth` knows; one in no cluster counts as alone."""
    cluster_of: dict[Key, int] = {key: -n for n, key in enumerate(truth, 1)}
    for n, keys in enumerate(clusters):
        cluster_of.update(dict.fromkeys(keys, n))
    cells = Counter((cluster_of[key], person) for key, person in truth.items())
    made = Counter(cluster_of[key] for key in truth)
    right = Counter(truth.values())
    both, pairs_made, pairs_right = (_pairs(counts.values()) for counts in (cells, made, right))
    persons_in: dict[int, set[str]] = defaultdict(set)
    clusters_of: dict[str, set[int]] = defaultdict(set)
    for cluster, person in cells:
        persons_in[cluster].add(person)
        clusters_of[person].add(cluster)
    return Score(
        precision=both / pairs_made if pairs_made else 1.0,
        recall=both / pairs_right if pairs_right else 1.0,
        wrongly_merged=sum(len(persons) > 1 for persons in persons_in.values()),
        split=sum(len(parts) > 1 for parts in clusters_of.values()),
        exact=sum(n == made[cluster] == right[person] for (cluster, person), n in cells.items()),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(comb(size, 2) for size in sizes)
