"""Correction: what a steward said that a trait really is, as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from customers.access.masks import Masks
from customers.reading import Reading
from customers.traits import REASON
from cypher import Row, load

BY_IDS = load("corrections/by_ids")


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction; times in epoch milliseconds, of withdrawing only where it was withdrawn.

    `value` and `reason` are None for whom they are not.
    """

    id: str
    name: str
    value: Any
    reason: str | None
    by: str
    at: int
    withdrawn_at: int | None = None
    withdrawn_by: str | None = None


def _correction(row: Row, masks: Masks) -> Correction:
    return Correction(
        row["id"],
        row["name"],
        masks.trait(row["name"], orjson.loads(row["value"])),
        masks.trait(REASON, row["reason"]),
        row["by"],
        row["at"],
        row["withdrawnAt"],
        row["withdrawnBy"],
    )


async def corrections_by_ids(reading: Reading, ids: Sequence[str]) -> list[Correction | None]:
    """Corrections in the order of `ids`; None where there is none."""
    rows = await reading.rows(BY_IDS, ids=sorted(set(ids)))
    found = {row["id"]: _correction(row, reading.masks) for row in rows}
    return [found.get(one) for one in ids]
