"""Caller: who may be calling, of all who hold a number, the likeliest first and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from customers.errors import InvalidInputError
from customers.identity.normalise import RefusedError, identifier_key, region_of
from customers.identity.policy import Policy
from customers.reading import Reading
from customers.times import day_of
from cypher import Row, load

CALLERS = load("desk/callers")
# Who is shown of those that hold a number; one that more hold is nobody's.
MOST_CALLERS = 10
PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer that holds a number; `held` is whether it still does."""

    customer: str
    first_seen: int
    last_seen: int
    count: int
    sources: Sequence[str]
    held: bool
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Calling:
    """What is known of a number: who calls, the likeliest first, or why nobody can be named.

    `number` is as it is compared (E.164), `people` how many seem to share it, `holding` how many
    customers hold it, of whom `callers` are some; of a generic one, how many records.
    """

    number: str
    known: bool
    generic: bool
    people: int | None
    holding: int
    reason: str
    callers: Sequence[Caller] = ()


def phone_keys(phone: str, region: str | None, policy: Policy) -> tuple[str, list[str]]:
    """The number as it is compared, and the keys of identifiers that it may be.

    Raises:
        InvalidInputError: it is no phone number, or the region is none.
    """
    known = region_of(region)
    if region is not None and known is None:
        raise InvalidInputError(f"`region` is a country's code such as GB, not {region!r:.20}.")
    names = [PHONE, *(name for name in policy.namespaces if name != PHONE)]
    phones = [name for name in names if policy.namespace(name).normaliser == "phone"]
    try:
        found = [identifier_key(name, phone, policy, known) for name in phones]
    except RefusedError as problem:
        raise InvalidInputError(
            f"`phone`: {problem}. A number without its country's prefix, such as 020 7946 0101, is "
            f"one of `region`, or of {policy.region}."
        ) from None
    return found[0][1], [key for key, _ in found]


async def calling(reading: Reading, policy: Policy, phone: str, region: str | None) -> Calling:
    """Who may be calling from a number in any notation.

    Raises:
        InvalidInputError: it is no phone number.
        ForbiddenError: this is not for the caller.
    """
    reading.principal.check("serve customers")
    number, keys = phone_keys(phone, region, policy)
    for key in keys:
        reading.principal.check_namespace(key.partition("|")[0])
    rows = await reading.rows(CALLERS, keys=keys, most=MOST_CALLERS)
    reading.versions.saw_read(
        (one["customer"], one["version"]) for row in rows for one in row["holders"]
    )
    abroad = phone.lstrip().startswith(("+", "00"))
    return told(number, rows, policy, None if abroad else region_of(region) or policy.region)


def told(number: str, rows: Sequence[Row], policy: Policy, region: str | None = None) -> Calling:
    """What is told of a number, given what the graph has of it. Pure.

    `region` is the one in which it was read, where it has no country's prefix.
    """
    held = [row for row in rows if row["generic"] or row["holders"]]
    if not held:
        return Calling(
            number, known=False, generic=False, people=None, holding=0,
            reason=f"Nobody is known by {number}" + (
                "." if region is None
                else f", as it is read in {region}: give `region` for another country."
            ),
        )  # fmt: skip
    generic = any(row["generic"] for row in held)
    people = max((row["people"] for row in held if row["people"] is not None), default=None)
    callers = ranked((one for row in held for one in row["holders"]), policy)
    holding = max(*(row["holding"] for row in held), len(callers))
    reason = _reason(number, callers, holding, generic=generic, people=people)
    return Calling(
        number,
        known=True,
        generic=generic,
        people=people,
        holding=holding,
        reason=reason,
        callers=[] if generic else callers[:MOST_CALLERS],
    )


def ranked(rows: Iterable[Row], policy: Policy) -> list[Caller]:
    """The holders of a number, each once, the likeliest first.

    Who holds it still goes before who did, by a source that is trusted before others, then who was
    seen with it last, and most often.
    """
    found: dict[str, Row] = {}
    for row in rows:
        one = found.get(row["customer"])
        found[row["customer"]] = row if one is None else _both(one, row)
    callers = [_caller(row, policy) for row in found.values()]
    return sorted(
        callers,
        key=lambda one: (
            not one.held,
            not any(map(policy.trusts, one.sources)),
            -one.last_seen,
            -one.count,
            one.customer,
        ),
    )


def _both(one: Row, other: Row) -> Row:
    return one | {
        "firstSeen": min(one["firstSeen"], other["firstSeen"]),
        "lastSeen": max(one["lastSeen"], other["lastSeen"]),
        "count": one["count"] + other["count"],
        "open": one["open"] + other["open"],
        "sources": [*dict.fromkeys((*one["sources"], *other["sources"]))],
    }


def _caller(row: Row, policy: Policy) -> Caller:
    held = row["open"] > 0
    times = "once" if row["count"] == 1 else f"{row['count']} times"
    reasons = [
        f"{'holds' if held else 'held'} the number by {', '.join(sorted(row['sources']))}",
        f"seen with it {times}, last on {day_of(row['lastSeen'])}",
    ]
    if not held:
        reasons.append("a newer record no longer names it")
    if not any(map(policy.trusts, row["sources"])):
        reasons.append("only sources that are not trusted say so")
    return Caller(
        row["customer"],
        row["firstSeen"],
        row["lastSeen"],
        row["count"],
        sorted(row["sources"]),
        held,
        reasons,
    )


def _reason(
    number: str, callers: Sequence[Caller], holding: int, *, generic: bool, people: int | None
) -> str:
    if generic:
        return (
            f"{number} is a number of very many, such as a call centre's or a switchboard's: it "
            f"tells nothing of who calls. {holding} records were seen with it: ask for the name."
        )
    if len(callers) == 1 and (people or 1) == 1:
        return f"{number} is known to be one customer's."
    if len(callers) == 1:
        return f"{number} is one customer's, and about {people} people seem to share it."
    return f"{number} is shared by {holding} customers: ask who is calling."
