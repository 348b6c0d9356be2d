"""Some made-up customers, and what a filter should find among them, decided without a graph."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from customers.filed import fold
from tests.conftest import Json

CITIES = ("Leeds", "leeds ", "Lübeck", "York", "Zürich")
NAMES = ("Smith", "smythe", "Łoś", "Zoë", "Adams")
SOURCES = ("crm", "shop", "web")
CHANNELS = ("web", "app", "store")
PRODUCTS = (("p1", "Food"), ("p2", "Food"), ("p3", "Books"))


@dataclass(frozen=True)
class Person:
    """A customer as its records make it; its number is its place."""

    place: int
    traits: Mapping[str, Any]
    identifiers: frozenset[tuple[str, str]]
    sources: frozenset[str]
    interactions: Sequence[Json] = field(default_factory=tuple)
    seen: int = 1


def crowd(count: int) -> tuple[list[Person], list[Json]]:
    """People that share nothing, and their records: one to three each, of several sources."""
    people, records = [], []
    for n in range(count):
        crm = ("crmId", f"C{n}")
        traits: Json = {}
        if n % 7:
            traits = {"lastName": NAMES[n % 5], "firstName": f"F{n % 3}", "age": n * 3 % 90}
        if n % 3:
            traits |= {"city": CITIES[n % 5], "birthDate": f"19{50 + n % 40}-0{1 + n % 9}-11"}
        if n % 11 == 0:
            traits |= {"plan": "gold", "name": f"Firm {n}"}
        sources = SOURCES[: 1 + n % 3]
        happened = [happening(n, k) for k in range(n % 4)]
        identifiers = {crm} | ({("cookie", f"k{n}")} if n % 2 else set())
        days = [1 + n % 9, *(one["day"] for one in happened)]
        people.append(
            Person(n, traits, frozenset(identifiers), frozenset(sources), happened, max(days))
        )
        for k, source in enumerate(sources):
            records.append(record(source, f"{n}", 1 + n % 9, identifiers, traits if k == 0 else {}))
        records += [
            record(sources[-1], f"{n}", one["day"], [crm], {}) | {"interaction": one["said"]}
            for one in happened
        ]
    return people, records


def happening(n: int, k: int) -> Json:
    """An interaction, as said and with its day."""
    key, category = PRODUCTS[(n + k) % 3]
    order = (n + k) % 2 == 0
    said: Json = {
        "id": f"i{n}.{k}",
        "type": "track" if order else "page",
        "name": "Order Completed" if order else "Product Viewed",
        "channel": CHANNELS[(n * 2 + k) % 3],
        "products": [{"key": key, "category": category, "quantity": 1}],
    }
    if order:
        said |= {"amount": 5 + n, "currency": "EUR" if n % 5 else "SEK"}
    return {"said": said, "day": 1 + (n * 5 + k * 3) % 28}


def record(
    source: str,
    id: str,
    day: int,
    identifiers: Iterable[tuple[str, str]],
    traits: Json,
) -> Json:
    """A record of a day of January 2026."""
    return {
        "source": source,
        "sourceId": id,
        "at": at(day),
        "identifiers": [{"namespace": a, "value": b} for a, b in sorted(identifiers)],
        "traits": traits,
    }


def at(day: int) -> str:
    """A day of January 2026."""
    return datetime(2026, 1, day, tzinfo=UTC).isoformat()


# The oracle


def fulfils(one: Person, where: Json) -> bool:
    """Whether a filter holds, part by part."""
    return all(_PARTS[name](one, value) for name, value in where.items())


def _trait(one: Person, asked: Json) -> bool:
    value = one.traits.get(asked["name"])
    if asked["name"] == "age":
        filed: Any = value
        read: Callable[[str], Any] = float
    else:
        filed = None if value is None else fold(str(value))
        read = fold
    checks: Mapping[str, Callable[[Any], bool]] = {
        "equals": lambda v: filed is not None and filed == read(v),
        "in": lambda v: filed is not None and filed in [read(each) for each in v],
        "startsWith": lambda v: filed is not None and filed.startswith(read(v)),
        "gte": lambda v: filed is not None and filed >= read(v),
        "gt": lambda v: filed is not None and filed > read(v),
        "lte": lambda v: filed is not None and filed <= read(v),
        "lt": lambda v: filed is not None and filed < read(v),
        "present": lambda v: (filed is not None) == v,
    }
    return all(checks[how](value) is True for how, value in asked.items() if how != "name")


def _identifier(one: Person, asked: Json) -> bool:
    held = any(
        namespace == asked["namespace"] and asked.get("value", value) == value
        for namespace, value in one.identifiers
    )
    return held is asked.get("present", True)


def _such(one: Person, asked: Json) -> list[Json]:
    def fits(happened: Json) -> bool:
        said, day = happened["said"], at(happened["day"])
        amount = asked.get("amount")
        return (
            all(said[name] == asked[name] for name in ("type", "name", "channel") if name in asked)
            and asked.get("from", day) <= day
            and ("to" not in asked or day < asked["to"])
            and (
                amount is None
                or (
                    said.get("currency") == amount["currency"]
                    and float(amount.get("gte", 0)) <= said["amount"]
                    and said["amount"] <= float(amount.get("lte", 1e9))
                )
            )
        )

    return [happened for happened in one.interactions if fits(happened)]


def _interactions(one: Person, asked: Json) -> bool:
    [(how, value)] = asked.items()
    if how == "count":
        found = len(_such(one, value.get("of", {})))
        return bool(value.get("gte", 0) <= found <= value.get("lte", 999))
    return bool(_such(one, value)) == (how == "some")


def _bought(one: Person, asked: Json) -> bool:
    orders = _such(
        one, {"name": "Order Completed"} | {k: v for k, v in asked.items() if k in ("from", "to")}
    )
    return any(
        asked.get("product", line["key"]) == line["key"]
        and asked.get("category", line["category"]) == line["category"]
        for order in orders
        for line in order["said"]["products"]
    )


def spent(one: Person, currency: str) -> int | None:
    """What a person spent in a currency; None who spent nothing in it."""
    sums = [
        each["said"]["amount"]
        for each in one.interactions
        if each["said"].get("currency") == currency
    ]
    return sum(sums) if sums else None


def _orders(one: Person) -> list[int]:
    """The days of the orders."""
    return [each["day"] for each in one.interactions if "amount" in each["said"]]


def _stats(one: Person, asked: Json) -> bool:
    days = _orders(one)
    last = at(max(days)) if days else ""
    bounds: list[tuple[Json, int | None]] = [
        (asked.get("orders", {}), len(days)),
        (asked.get("openTickets", {}), 0),
        *((each, spent(one, each["currency"])) for each in asked.get("spend", [])),
    ]
    times = asked.get("lastPurchase")
    return all(
        value is not None and int(each.get("gte", -1)) <= value <= int(each.get("lte", 999))
        for each, value in bounds
    ) and (times is None or times.get("from", "0") <= last < times.get("to", "9"))


_PARTS: Mapping[str, Callable[[Person, Any], bool]] = {
    "traits": lambda one, asked: all(_trait(one, each) for each in asked),
    "identifiers": lambda one, asked: all(_identifier(one, each) for each in asked),
    "interactions": lambda one, asked: all(_interactions(one, each) for each in asked),
    "bought": lambda one, asked: all(_bought(one, each) for each in asked),
    "stats": _stats,
    "sources": lambda one, asked: not one.sources.isdisjoint(asked),
    "and": lambda one, asked: all(fulfils(one, each) for each in asked),
    "or": lambda one, asked: any(fulfils(one, each) for each in asked),
    "not": lambda one, asked: not fulfils(one, asked),
}


def ordered(people: Sequence[Person], order: Json | None) -> list[Person]:
    """The people in an order."""
    name = (order or {}).get("field", "CREATED")
    currency = (order or {}).get("currency", "")
    listed = [one for one in people if not currency or spent(one, currency) is not None]
    found = sorted(listed, key=lambda one: _place(one, name, currency))
    return found[::-1] if (order or {}).get("direction") == "DESC" else found


def _place(one: Person, name: str, currency: str) -> tuple[Any, ...]:
    if name == "SPEND":
        return (spent(one, currency), one.place)
    if name == "ORDERS":
        return (len(_orders(one)), one.place)
    if name == "LAST_PURCHASE":
        return (max(_orders(one), default=0), one.place)
    if name == "LAST_SEEN":
        return (one.seen, one.place)
    if name == "NAME":
        names = [fold(str(one.traits.get(each, ""))) for each in ("lastName", "firstName")]
        if not any(names):
            names = [fold(str(one.traits.get("name", "")))]
        return (not any(names), *names, one.place)
    return (one.place,)
