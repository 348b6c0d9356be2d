"""Either engine gives the same answers for the same records: those that are committed here.

PROFILE_GRAPH_UPDATE_FIXTURES=1 writes the file anew; it must then pass on the other engine.
"""

import json
import os
from pathlib import Path
from typing import Any

from customers.services import Services
from tests.conftest import Ingest
from tests.contract.canonical import canonical, exported
from tests.graph_schema.conftest import Ask
from tests.synthetic import stream

ANSWERS = Path(__file__).parent.parent / "fixtures" / "answers.json"
PEOPLE, SEED, BATCH = 40, 7, 97

EVERYTHING = """{ customers(first: 500) { nodes {
  id displayName traits fields { name value source at others { value source at } }
  counts { profiles identifiers devices interactions }
  totals { type count sums { amount currency } }
  profiles(first: 100) { nodes { id source sourceId firstSeen lastSeen traits } }
  identifiers(first: 100) { nodes { namespace value people generic count firstSeen lastSeen } }
  devices(first: 100) { nodes { platform identifier { value } } }
  interactions(first: 100) { nodes {
    type name at channel amount { amount currency } orderId properties device
    products { key name category quantity amount { amount currency } } } }
} } }"""


def records() -> list[dict[str, Any]]:
    """The synthetic stream, with an order or a page view here and there."""
    made = []
    for n, record in enumerate(stream(PEOPLE, SEED).records):
        one = dict(record)
        if n % 3 == 0:
            one["device"] = {"namespace": "device", "value": f"tv-{n % 7}", "platform": "tv"}
        if n % 2 == 0:
            product = {"key": f"p{n % 5}", "name": f"Product {n % 5}", "category": "Any"}
            one["interaction"] = {
                "id": f"m{n}",
                "type": "purchase" if n % 4 == 0 else "page",
                "name": f"Event {n % 9}",
                "channel": one["source"],
                "properties": {"n": n},
                "products": [product, {"key": "p9", "quantity": 0.5, "amount": 0.05}],
                "amount": n / 4,
                "currency": ("EUR", "JPY", "KWD")[n % 3],
            }
        made.append(one)
    return made


async def test_the_answers_are_those_that_are_committed(
    ask: Ask, ingest: Ingest, services: Services
) -> None:
    await ingest(records(), size=BATCH)
    answer = await ask(EVERYTHING)
    views = answer.data["customers"]["nodes"]
    for view in views:
        assert view.pop("id").startswith("cus_")
        for profile in view["profiles"]["nodes"]:
            assert profile.pop("id").startswith("prf_")
    found = {"export": canonical(await exported(services.graph)), "views": views}
    if os.environ.get("PROFILE_GRAPH_UPDATE_FIXTURES"):
        ANSWERS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(ANSWERS.read_text(encoding="utf-8"))
