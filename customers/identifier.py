"""Identifier: a namespaced value that profiles hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.access.masks import Masks
from customers.identity.normalise import RefusedError, identifier_key
from customers.identity.policy import Policy
from customers.principal import Principal
from customers.reading import Reading
from cypher import Row, load

BY_KEY = load("identity/identifiers_by_key")


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier; seen times are those of the holder in question, else of all holders.

    `people` is None where its namespace links nobody. `as_of` is the recorded time at which it was
    held; None is now.
    """

    key: str
    namespace: str
    value: str
    people: int | None
    generic: bool
    first_seen: int
    last_seen: int
    count: int | None = None
    platform: str | None = None
    os: str | None = None
    browser: str | None = None
    model: str | None = None
    is_device: bool = False
    as_of: int | None = None


def identifier(row: Row, masks: Masks, as_of: int | None = None) -> Identifier:
    """An identifier out of a row of any statement that shows identifiers."""
    return Identifier(
        key=row["key"],
        namespace=row["namespace"],
        value=masks.identifier(row["namespace"], row["value"]),
        people=row["people"],
        generic=row["generic"],
        first_seen=row["firstSeen"],
        last_seen=row["lastSeen"],
        count=row.get("count"),
        platform=row.get("platform"),
        os=row.get("os"),
        browser=row.get("browser"),
        model=row.get("model"),
        is_device=bool(row.get("isDevice")),
        as_of=as_of,
    )


def wanted_key(namespace: str, value: str, policy: Policy, principal: Principal) -> str | None:
    """The key that a caller's namespace and value mean; None for what is never an identifier.

    Raises:
        MaskedError: the caller does not see such identifiers as they are.
    """
    principal.check_namespace(namespace)
    try:
        return identifier_key(namespace, value, policy)[0]
    except RefusedError:
        return None


async def identifiers_by_keys(reading: Reading, keys: Sequence[str]) -> list[Identifier | None]:
    """Identifiers in the order of `keys`; None where there is none."""
    rows = await reading.rows(BY_KEY, keys=list(keys))
    found = {row["key"]: identifier(row, reading.masks) for row in rows}
    return [found.get(key) for key in keys]
