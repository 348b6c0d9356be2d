"""Adversarial streams that the default policy gets right, in whatever order they come."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """Records, and what must come of them; everything by sourceId."""

    name: str
    records: list[Json]
    same: list[list[str]]  # of each list, all one customer
    apart: list[str]  # all in different customers

    def check(self, clusters: set[frozenset[str]]) -> None:
        """Fail unless the clusters are as they must be."""
        of = {source_id: cluster for cluster in clusters for source_id in cluster}
        assert of.keys() == {record["sourceId"] for record in self.records}
        for ids in self.same:
            assert len({of[one] for one in ids}) == 1, f"not one customer: {ids}"
        assert len({of[one] for one in self.apart}) == len(self.apart), f"not apart: {self.apart}"


def _read() -> list[Scenario]:
    path = Path(__file__).parent / "fixtures" / "identity_scenarios.json"
    return [
        Scenario(one["name"], one["records"], one["same"], one["apart"])
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


SCENARIOS = _read()
NAMES = [scenario.name for scenario in SCENARIOS]
