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


def linked(clusters: Keys, links: dict[str, frozenset[str]]) -> Keys:
    """The clusters cut where no identifier that is not generic holds them together."""
    parts: Keys = set()
    for cluster in clusters:
        left = set(cluster)
        while left:
            part, front = set[str](), {left.pop()}
            while front:
                part |= front
                reached = frozenset().union(*(links[one] for one in front))
                front = {one for one in left if links[one] & reached}
                left -= front
            parts.add(frozenset(part))
    return parts


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

    links = {one.key: one.evidence(policy).links for one in known.values()}
    floor = by_key(baseline.partition(baseline.profiles_of(made.records)))
    assert found == linked(floor, links)

    truth = {key(*one): person for one, person in made.truth.items()}
    expected = Score(
        precision=0.9949443882709808,
        recall=0.6815977834218425,
        wrongly_merged=1,
        split=252,
        exact=147,
    )
    assert score(floor, truth) == expected
    assert score(found, truth) == expected
    assert len(found) == 770
