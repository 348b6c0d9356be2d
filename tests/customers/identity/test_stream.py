"""A stream of 400 made-up people through the graph, against the pure partition and the baseline."""

from collections.abc import Iterable

from customers.identity.policy import Policy
from tests import baseline, pure
from tests.conftest import Clusters, Ingest
from tests.scoring import Score, score
from tests.synthetic import stream

PERSONS, SEED, BATCH = 400, 1, 173
Keys = set[frozenset[str]]


def key(source: str, source_id: str) -> str:
    return f"{source}|{source_id}"


def by_key(clusters: Iterable[Iterable[tuple[str, str]]]) -> Keys:
    return {frozenset(key(*one) for one in keys) for keys in clusters}


async def test_the_graph_agrees_with_the_pure_partition_and_meets_the_floor(
    ingest: Ingest, clusters: Clusters, policy: Policy
) -> None:
    made = stream(PERSONS, SEED)
    assert (len(made.records), len(made.truth)) == (2259, 1809)
    known = pure.members(made.records, policy)
    by_components = pure.clusters(made.records, policy)
    all_at_once = pure.clusters_of(known.values(), policy)
    assert {frozenset(keys) for keys in all_at_once} == by_components

    outcomes = await ingest(made.records, BATCH)
    assert len(outcomes) == len(made.records)
    ids = {one.partition("|")[2]: one for one in known}
    assert len(ids) == len(known)
    found = {frozenset(ids[one] for one in keys) for keys in await clusters()}
    assert found == by_components

    truth = {key(*one): person for one, person in made.truth.items()}
    floor = by_key(baseline.partition(baseline.profiles_of(made.records)))
    assert score(floor, truth) == Score(
        precision=0.9949443882709808,
        recall=0.6815977834218425,
        wrongly_merged=1,
        split=252,
        exact=147,
    )
    assert score(found, truth) == Score(
        precision=0.9951409135082604,
        recall=0.7093050103902101,
        wrongly_merged=1,
        split=238,
        exact=161,
    )
    assert len(found) == 745
