"""Search: whom somebody means who types a name, part of an e-mail, a phone or a number."""

from collections import defaultdict
from collections.abc import Iterable

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.reading import READ, Reading
from customers.search.card import Card, start_of
from customers.search.plan import plan
from customers.search.query import Query, all_of, query_of
from customers.search.ranking import Candidate, Hit, Kind, Known, ranked
from cypher import Row, load

TOKENS = load("search/tokens")
LED_TO = load("search/led_to")
AMONG_BUCKETS = load("search/among_buckets")

MOST_HITS = 50
# Tokens that begin as a word does, of all words together, the most used.
MOST_BEGUN = 200
# Customers that are ranked, out of each of the ways to find some.
MOST_RANKED = 200
# Customers looked through for tokens that too many have; the longest known are found.
LOOKED_THROUGH = range(40)  # buckets


async def search(reading: Reading, policy: Policy, text: str, first: int) -> list[Hit]:
    """The customers that `text` may mean, the likeliest first, at most `first`.

    Raises:
        InvalidInputError: the text is too long, or `first` is out of bounds.
    """
    if not 0 <= first <= MOST_HITS:
        raise InvalidInputError(f"`first` must be between 0 and {MOST_HITS}, not {first}.")
    reading.principal.check(READ)
    query = query_of(text, policy).seen_by(reading.masks)
    if first == 0 or not (query.words or query.ids):
        return []
    rows = await reading.rows(
        TOKENS,
        keys=all_of(word.keys() | word.mistyped() for word in query.words),
        beginnings=[
            {"start": start_of(text), "text": text}
            for text in all_of(word.beginnings() for word in query.words)
        ],
        mostTokens=MOST_BEGUN,
        identifiers=sorted(query.identifiers),
        orders=sorted(query.ids),
        rows=sorted(query.ids),
        most=MOST_RANKED,
    )
    counts = {row["key"]: row["count"] for row in rows if row["kind"] == "TOKEN"}
    found = [row for row in rows if row["kind"] != "TOKEN"]
    led = await _led(reading, query, counts)
    hits = ranked(_candidates(found, led, query, policy), query, first)
    wanted = {hit.id for hit in hits}
    for statement in (found, led):
        seen = {row["id"]: row["version"] for row in statement if row["id"] in wanted}
        reading.versions.saw_read(seen.items())
    return hits


async def _led(reading: Reading, query: Query, counts: dict[str, int]) -> list[Row]:
    """The customers that tokens lead to."""
    made = plan(query, counts)
    if made.starts:
        wanted = {"others": made.others, "most": MOST_RANKED}
        rows = await reading.rows(LED_TO, starts=made.starts, **wanted)
        if made.spare and not any(row["found"] >= len(query.words) for row in rows):
            rows += await reading.rows(LED_TO, starts=[made.spare], **wanted)
        return rows
    if crowd := sorted(counts.keys() & set(made.crowd())):
        return await reading.rows(
            AMONG_BUCKETS,
            buckets=list(LOOKED_THROUGH),
            tokens=crowd,
            others=made.others,
            most=MOST_RANKED,
        )
    return []


def _candidates(
    found: Iterable[Row], led: Iterable[Row], query: Query, policy: Policy
) -> list[Candidate]:
    rows: dict[str, Row] = {}
    known: dict[str, dict[Known, None]] = defaultdict(dict)
    for row in (*found, *led):
        rows.setdefault(row["id"], row)
    for row in found:
        known[row["id"]][_known(row, query, policy)] = None
    return [
        # One that was written before there were cards has none until all is resolved again.
        Candidate(
            key, row["number"], Card.loads(row["card"]) if row["card"] else Card(), (*known[key],)
        )
        for key, row in rows.items()
    ]


def _known(row: Row, query: Query, policy: Policy) -> Known:
    trusted = policy.trusts(row["source"])
    key = row["key"]
    if row["kind"] == "ORDER":
        return Known(Kind.ORDER, key, query.ids[key], trusted)
    if row["kind"] == "ROW":
        return Known(Kind.IDENTIFIER, f"{row['source']} {key}", query.ids[key], trusted)
    namespace, _, value = key.partition("|")
    kind = {"email": Kind.EMAIL, "phone": Kind.PHONE}.get(policy.namespace(namespace).normaliser)
    shown = value if kind else f"{namespace} {value}"
    return Known(kind or Kind.IDENTIFIER, shown, query.identifiers[key], trusted)
