"""What two other systems document of their examples, each under the policy that it assumes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from tests.scenarios import Scenario

# Browsers and telephones: several people may use one.
THINGS = frozenset({"ECID", "GAID", "IDFA"})
# Bits of the strongest namespace, after which each has one less, and of a thing.
STRONGEST, THING = 14, 9


@dataclass(frozen=True)
class PolicyScenario(Scenario):
    """A scenario with its policy; some expect a merge that their own page calls a false one."""

    policy: Policy
    false_merge: bool


def policy_of(assumed: Mapping[str, Any]) -> Policy:
    """The policy that a scenario assumes, as ours: the first namespace is the strongest."""
    names: list[str] = assumed["priority"]
    assert set(assumed.get("match", names)) == set(names)
    assert set(assumed["unique"]) <= set(names)
    return Policy.model_validate(
        {
            "namespaces": {
                name: {
                    "bits": THING if name in THINGS else STRONGEST - place,
                    "priority": len(names) - place,
                    "unique": name in assumed["unique"],
                    "shared": name in THINGS,
                    "owner": "newest" if assumed.get("newestLinkWins") else "nobody",
                }
                for place, name in enumerate(names)
            },
            "fields": default_policy().model_dump(by_alias=True)["fields"],
        }
    )


def _read() -> list[PolicyScenario]:
    path = Path(__file__).parent / "fixtures" / "policy_scenarios.json"
    return [
        PolicyScenario(
            one["name"],
            one["records"],
            one["same"],
            one["apart"],
            policy_of(one["policy"]),
            one["outcome"].startswith("false merge"),
        )
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


POLICY_SCENARIOS = [scenario for scenario in _read() if not scenario.false_merge]
FALSE_MERGES = [scenario for scenario in _read() if scenario.false_merge]
