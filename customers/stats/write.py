"""Write: what customers are found by for their stats follows the facts of their profiles."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

from customers.purchase import sighting
from customers.stats.filed import UNFILED, filed_stats, nothing_filed, spend_key
from customers.stats.stats import Stats, stats_of
from cypher import Row, load

FACTS = load("stats/facts")
WRITE_SPENDS = load("stats/write_spends")

Run = Callable[..., Awaitable[list[Row]]]


def stats_in(row: Row) -> Stats:
    """The stats that facts and sightings of a row come to; each profile has its sightings."""
    return stats_of(row["facts"], (sighting(one) for seen in row["sightings"] for one in seen))


async def stats_of_parts(run: Run, parts: Mapping[str, Iterable[str]]) -> dict[str, Stats]:
    """The stats of customers that would have these profiles; none for whom they know nothing."""
    pairs = _pairs(parts)
    rows = await _facts(run, [], pairs) if pairs else []
    return {row["customer"]: stats_in(row) for row in rows}


async def file_stats(
    run: Run,
    customers: Collection[Row],
    seen: Collection[Row],
    valued: Collection[str],
) -> list[Row]:
    """Give the rows of `customers` what they are found by, and tell of whom else it changed.

    `valued` are customers of whom other purchases or tickets are known, `seen` rows of those whose
    profiles are the same.
    """
    mine = {row["id"]: row.pop("knowing") for row in customers}
    pairs = _pairs(mine)
    others = sorted(set(valued) - mine.keys())
    rows = await _facts(run, others, pairs) if pairs or others else []
    found = {row["customer"]: row for row in rows}
    for row in customers:
        if row["number"] is None:
            row["stats"] = UNFILED
        elif row["id"] in found:
            row["stats"] = filed_stats(stats_in(found[row["id"]]), row["number"])
        else:
            row["stats"] = nothing_filed(row["number"])
    known = {row["id"]: row for row in seen}
    changed: list[Row] = []
    for row in (found[one] for one in others if one in found):
        stats = filed_stats(stats_in(row), row["number"])
        if stats != row["stored"]:
            told = _NOTHING_NEWER | known.get(row["customer"], {})
            before = row["stored"]["spends"] or []
            changed.append(told | {"id": row["customer"], "stats": stats, "before": before})
    return changed


# Of whom only another purchase or ticket is known.
_NOTHING_NEWER: Row = {"lastSeen": 0, "bySeen": ""}


async def _facts(run: Run, customers: list[str], pairs: list[Row]) -> list[Row]:
    [row] = await run(FACTS, customers=customers, profiles=pairs)
    found: list[Row] = row["found"]
    return found


def _pairs(parts: Mapping[str, Iterable[str]]) -> list[Row]:
    return [
        {"customer": customer, "key": key}
        for customer, keys in sorted(parts.items())
        for key in sorted(keys)
    ]


async def write_spends(
    run: Run, before: Mapping[str, Iterable[str]], now: Mapping[str, Iterable[str]]
) -> None:
    """Let customers be found by what they spend `now`, by customer; `before` is as it was."""
    dropped: list[str] = []
    new: list[Row] = []
    changed: list[Row] = []
    for customer, places in sorted(before.items()):
        had = {spend_key(customer, place): place for place in places}
        has = {spend_key(customer, place): place for place in now[customer]}
        dropped += sorted(had.keys() - has.keys())
        for key, place in has.items():
            row = {"customer": customer, "key": key, "place": place}
            if key not in had:
                new.append(row)
            elif had[key] != place:
                changed.append(row)
    if dropped or new or changed:
        await run(WRITE_SPENDS, dropped=dropped, new=new, rows=changed)
