"""Export: every customer as one JSON object."""

from collections.abc import AsyncIterator
from typing import Any

import orjson

from customers.audit.entry import Action, entry
from customers.audit.log import record_alone
from customers.customer import TRIES
from customers.identity.resolve import BUCKET
from customers.numbers import last_number
from customers.reading import Reading
from cypher import Row, load

EXPORT_PAGE = load("customers/export_page")
# Buckets a statement; some 400 customers.
BUCKETS = 10


async def export_customers(reading: Reading) -> AsyncIterator[dict[str, Any]]:
    """Customers by the numbers of their anchors, each as of one moment.

    Values as the caller sees them. Raises ForbiddenError.

    `{"id", "profiles": [{"source", "sourceId"}], "identifiers": [{"namespace", "value"}],
    "traits": {}}`

    The audit log has that it began before the first is read, and how many they were at the end.
    """
    reading.principal.check("export customers")
    masks = reading.masks
    await _tell(reading, Action.EXPORT, 0)
    count = 0
    last = await last_number(reading.rows)
    for start in range(0, last // BUCKET + 1, BUCKETS):
        buckets = list(range(start, start + BUCKETS))
        for row in await _settled(reading, buckets):
            count += 1
            yield {
                "id": row["id"],
                "profiles": [
                    {"source": one["source"], "sourceId": masks.source_id(one["sourceId"])}
                    for one in row["profiles"]
                ],
                "identifiers": [
                    {
                        "namespace": one["namespace"],
                        "value": masks.identifier(one["namespace"], one["value"]),
                    }
                    for one in row["identifiers"]
                ],
                "traits": masks.traits_of(
                    {name: trait["value"] for name, trait in orjson.loads(row["traits"]).items()}
                ),
            }
    await _tell(reading, Action.EXPORTED, count)


async def _tell(reading: Reading, action: Action, count: int) -> None:
    told = entry(reading.principal, action, operation="export customers", count=count)
    await record_alone(reading.graph, [told], reading.deadline)


async def _settled(reading: Reading, buckets: list[int]) -> list[Row]:
    for _ in range(TRIES):
        rows = await reading.rows(EXPORT_PAGE, buckets=buckets)
        if all(row["before"] == row["after"] for row in rows):
            return rows
    return await reading.quietly(lambda quiet: quiet.rows(EXPORT_PAGE, buckets=buckets))
