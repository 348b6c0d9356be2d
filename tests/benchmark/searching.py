"""Searching: by names with slips, parts of e-mails, phones and order numbers.

`python -m tests.benchmark.searching` measures it on 100,000 made-up customers in a graph of its
own, which it keeps in `.bench/search`; a Neo4j that NEO4J_URI names must be empty at first.
"""

import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

import uvloop
from nicknames import name_triplets

from customers.identity.policy import Policy
from customers.identity.policy_document import default_policy
from customers.identity.resolve import BUCKET
from customers.principal import DEVELOPER
from customers.reading import Reading
from customers.search.card import Card
from customers.search.links import relink
from customers.search.search import search
from cypher import (
    Connection,
    Deadline,
    Graph,
    Row,
    Statement,
    Transaction,
    connect,
    load,
    migrate,
)
from cypher.statement import parse
from server.settings import Settings

CUSTOMERS = 100_000
DATA = Path(".bench") / "search"
BATCH, SEED, ASKED = 1_000, 7, 60
GOLDEN = load("identity/golden")
VERSIONS = load("customers/versions")
SYLLABLES = (  # noqa: SIM905
    "bar ben dal der fen gar hol kel lan mar nor pel ric sal tor ven wil son ton ley"
).split()
BIG = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com")
Say = Callable[[str, str], None]
Texts = Mapping[str, Sequence[str]]

# Customers as they are without the sources behind them; the searches need no more.
CREATE: Statement = parse(
    "benchmark/create",
    """// Create made-up customers.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
CREATE (c:Customer {id: row.id, number: row.number, bucket: row.bucket, version: 1})
SET c.card = row.card, c.tokens = row.tokens
CREATE (p:Profile {key: row.id, number: row.number, customerId: row.id})
SET p.sourceId = row.id, p.source = 'crm'
CREATE (d:Period {key: row.id})
CREATE (n:Interaction {key: row.id, orderId: row.order})
CREATE (i:Identifier {key: row.email, value: row.email, namespace: 'email', generic: false})
CREATE (p)-[:BELONGS_TO {key: row.id}]->(c)
CREATE (p)-[:HAS_IDENTIFIER {key: row.id}]->(i)
CREATE (p)-[:ACTIVE_IN]->(d)
CREATE (d)-[:HOLDS]->(n)
""",
    "benchmark",
)


def main() -> None:
    """Write the customers where there are none, then measure."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    os.environ["PROFILE_GRAPH_DATA_DIR"] = str(DATA)
    uvloop.run(_main(Settings.from_environment().connection(), wanted))


async def _main(connection: Connection, wanted: int) -> None:
    people = list(made_up(wanted))
    async with connect(connection) as graph:
        await migrate(graph, Deadline.after(60))
        if not await _there(graph, people[0][0]):
            await write(graph, people)
        cards = random.Random(SEED).sample(people, ASKED)
        texts = texts_of([(card, order) for _, card, order in cards])
        await measure(graph, default_policy(), texts, _say)


def _say(what: str, text: str) -> None:
    sys.stdout.write(f"{what:<8} {text}\n")
    sys.stdout.flush()


async def _there(graph: Graph, customer: str) -> bool:
    return bool(await graph.read(VERSIONS, Deadline.after(60), ids=[customer]))


def made_up(wanted: int) -> Iterable[tuple[str, Card, str]]:
    """`(id, card, order)` of customers whose names are as uneven as names are."""
    choose = random.Random(SEED)
    given = sorted({formal for formal, _, _ in name_triplets()})
    choose.shuffle(given)
    family = list(dict.fromkeys(["smith", "johnson", "williams", *_family(choose, 30_000)]))
    domains = [*BIG, *(f"{name}.example" for name in sorted(family[100:4000]))]
    by_given, by_family = (
        list(accumulate(1 / (n + 9) for n in range(len(x)))) for x in (given, family)
    )
    by_domain = list(accumulate([40, 15, 12, 10] + [23 / 3900] * (len(domains) - 4)))
    for n in range(wanted):
        [first] = choose.choices(given, cum_weights=by_given)
        [last] = choose.choices(family, cum_weights=by_family)
        [domain] = choose.choices(domains, cum_weights=by_domain)
        local = choose.choice((f"{first}.{last}", f"{first[0]}{last}", last)) + str(n)
        phone = f"+1{choose.randrange(2_010_000_000, 9_890_000_000)}"
        card = Card((first.title(), last.title()), (f"{local}@{domain}",), (phone,))
        yield f"made-up-{n}", card, f"ORD-{n:07}"


def _family(choose: random.Random, wanted: int) -> list[str]:
    return ["".join(choose.choices(SYLLABLES, k=choose.choice((2, 3, 3)))) for _ in range(wanted)]


async def write(graph: Graph, people: Sequence[tuple[str, Card, str]]) -> None:
    """Write customers and their tokens, as resolution does."""
    for begin in range(0, len(people), BATCH):
        rows = [
            {
                "id": key, "number": n * 3 + 1, "bucket": (n * 3 + 1) // BUCKET,
                "card": card.dumps(), "tokens": card.tokens(), "order": order,
                "email": f"email|{card.emails[0]}",
            }
            for n, (key, card, order) in enumerate(people[begin : begin + BATCH], begin)
        ]  # fmt: skip
        await graph.write(CREATE, Deadline.after(120), rows=rows)
        work = partial(_link, rows=rows)
        await graph.transaction("benchmark/link", work, Deadline.after(120))


async def _link(transaction: Transaction, rows: Sequence[Row]) -> None:
    await relink(transaction, rows, {row["id"]: () for row in rows})


def texts_of(people: Iterable[tuple[Card, str | None]]) -> Texts:
    """What somebody types who means these people."""
    choose = random.Random(SEED)
    found: dict[str, list[str]] = defaultdict(list)
    for card, order in people:
        name = " ".join(card.names)
        found["name"].append(name)
        found["slip"].append(" ".join(_slipped(word, choose) for word in card.names))
        found["begun"].append(" ".join(word[:4] for word in card.names))
        found["word"].append(card.names[-1])
        for email in card.emails[:1]:
            local, _, domain = email.partition("@")
            found["e-mail"].append(email)
            found["part"].append(local)
            found["domain"].append(f"{card.names[0]} {domain}")
        for phone in card.phones[:1]:
            found["phone"].append(f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}")
            found["end"].append(f"{phone[5:8]} {phone[8:]}")
        if order:
            found["order"].append(order)
    return found


def _slipped(word: str, choose: random.Random) -> str:
    place = choose.randrange(1, max(2, len(word) - 1))
    return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]


async def search_for(graph: Graph, ids: Sequence[str], say: Say) -> None:
    """Print how long it takes to find customers of the loaded benchmark."""
    rows = await graph.read(GOLDEN, Deadline.after(60), ids=ids[:ASKED])
    cards = [Card.loads(text) for row in rows if (text := row["stored"].get("card"))]
    known = [(card, None) for card in cards if card.names and card.emails and card.phones]
    if not known:
        say("search", "the graph was loaded by an older version: resolve --all makes it known")
        return
    await measure(graph, default_policy(), texts_of(known), say)


async def measure(graph: Graph, policy: Policy, texts: Texts, say: Say) -> None:
    """Print how long each kind takes, after a round that warms up."""
    every: list[float] = []
    for measured in (False, True):
        for kind, wanted in texts.items():
            times, hits = [], 0
            for text in wanted:
                start = time.perf_counter()
                reading = Reading(graph, DEVELOPER, Deadline.after(60))
                hits += bool(await search(reading, policy, text, 10))
                times.append((time.perf_counter() - start) * 1000)
            if measured:
                every += times
                say("search", f"{kind}: {_told(times)}, {hits} of {len(wanted)} found somebody")
    say("search", f"all: {_told(every)} (aim: p95 50 ms)")


def _told(times: Sequence[float]) -> str:
    middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return f"p50 {middle:.1f} ms, p95 {late:.1f} ms"


if __name__ == "__main__":
    main()
