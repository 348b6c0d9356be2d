"""Adversarial streams that the default policy gets right, in whatever order they come."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from customers.identity.normalise import RefusedError, identifier_key
from customers.identity.policy import Policy
from tests import pure

Json = dict[str, Any]
Clusters = set[frozenset[str]]


@dataclass(frozen=True)
class Scenario:
    """Records, and what must come of them; everything by sourceId."""

    name: str
    records: list[Json]
    same: list[list[str]]  # of each list, all one customer
    apart: list[str]  # all in different customers

    def check(self, clusters: Clusters) -> None:
        """Fail unless the clusters are as they must be."""
        of = {source_id: cluster for cluster in clusters for source_id in cluster}
        assert of.keys() == {record["sourceId"] for record in self.records}
        for ids in self.same:
            assert len({of[one] for one in ids}) == 1, f"not one customer: {ids}"
        assert len({of[one] for one in self.apart}) == len(self.apart), f"not apart: {self.apart}"

    def clusters(self, policy: Policy) -> Clusters:
        """What comes of the records without a graph."""
        found = pure.clusters(self.records, policy)
        return {frozenset(key.partition("|")[2] for key in keys) for keys in found}

    def shuffled(self, rng: random.Random) -> Self:
        """The same records in another order."""
        return replace(self, records=rng.sample(self.records, len(self.records)))

    def renamed(self, policy: Policy) -> tuple[Self, Mapping[str, str]]:
        """The same stream under other sourceIds and values, which sort otherwise; the new ids.

        Values that the policy refuses, and its placeholders, stay as they are.
        """
        ids = sorted({record["sourceId"] for record in self.records})
        names = {one: f"n{len(ids) - n:04d}" for n, one in enumerate(ids)}
        keys = sorted(
            {key for record in self.records for key in _keys(record, policy) if key is not None}
        )
        values = {key: _value(key, len(keys) - n, policy) for n, key in enumerate(keys)}
        records = [
            record
            | {
                "sourceId": names[record["sourceId"]],
                "identifiers": [
                    one if key is None else one | {"value": values[key]}
                    for one, key in zip(record["identifiers"], _keys(record, policy), strict=True)
                ],
            }
            for record in self.records
        ]
        same = [[names[one] for one in ids] for ids in self.same]
        renamed = replace(
            self, records=records, same=same, apart=[names[one] for one in self.apart]
        )
        return renamed, names


def _keys(record: Json, policy: Policy) -> list[str | None]:
    """The keys of a record's identifiers, None where the value is refused."""
    keys: list[str | None] = []
    for one in record["identifiers"]:
        try:
            keys.append(identifier_key(one["namespace"], one["value"], policy)[0])
        except RefusedError:
            keys.append(None)
    return keys


def _value(key: str, number: int, policy: Policy) -> str:
    """Another value of the same kind."""
    kind = policy.namespace(key.partition("|")[0]).normaliser
    if kind == "email":
        return f"v{number:04d}@renamed.org"
    return f"+1212555{number:04d}" if kind == "phone" else f"v{number:04d}"


def _read() -> list[Scenario]:
    path = Path(__file__).parent / "fixtures" / "identity_scenarios.json"
    return [
        Scenario(one["name"], one["records"], one["same"], one["apart"])
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


SCENARIOS = _read()
NAMES = [scenario.name for scenario in SCENARIOS]
