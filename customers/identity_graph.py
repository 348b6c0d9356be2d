"""Identity graph: profiles, the identifiers between them and the customers they make."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from customers.access.masks import Masks
from customers.errors import InvalidInputError
from customers.identifier import Identifier
from customers.identity.evidence import namespace_of
from customers.identity.policy import Policy
from customers.page import END
from customers.profile import Profile, profile
from customers.reading import Reading
from cypher import Row, load

HOP = load("identity/graph_hop")
OF_CUSTOMER = load("identity/graph_customer")
PAST_OF_CUSTOMER = load("past/graph_customer")
MOST = 1000


@dataclass(frozen=True, slots=True)
class Edge:
    """A profile's link to an identifier, by the profile's id and the identifier's key."""

    profile: str
    identifier: str
    first_seen: int
    last_seen: int
    count: int


@dataclass(slots=True)
class IdentityGraph:
    """Nodes and edges; `complete` is false where the limit cut it."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    identifiers: dict[str, Identifier] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    complete: bool = True


async def identity_graph(
    reading: Reading,
    policy: Policy,
    *,
    identifier: str | None = None,
    customer: str | None = None,
    first: int,
    as_of: int | None = None,
) -> IdentityGraph:
    """What is connected to an identifier (by key) or a customer (by id), at most `first` profiles.

    Generic identifiers are shown where they are met and not crossed, but the one asked for is. With
    `as_of` it is what was connected as of that recorded time, by what is generic now.
    """
    if (identifier is None) == (customer is None):
        raise InvalidInputError("Give either `of` or `customerId`.")
    if not 1 <= first <= MOST:
        raise InvalidInputError(f"`first` must be between 1 and {MOST}, not {first}.")
    found = IdentityGraph()
    asked: set[str] = set()
    moment = END if as_of is None else as_of
    if customer is not None:
        opening = OF_CUSTOMER if as_of is None else PAST_OF_CUSTOMER
        rows = await reading.rows(opening, id=customer, asOf=moment, most=first + 1)
    else:
        asked = {identifier or ""}
        rows = await reading.rows(HOP, identifiers=sorted(asked), asOf=moment, most=first + 1)
    while True:
        reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
        _add(found, rows, first, reading.masks, as_of)
        frontier = {
            key
            for key, one in found.identifiers.items()
            if not one.generic and namespace_of(key) in policy.links
        } - asked
        if not frontier or not found.complete:
            return found
        asked |= frontier
        rows = await reading.rows(
            HOP, identifiers=sorted(frontier), asOf=moment, most=len(found.profiles) + first + 1
        )


def _add(
    found: IdentityGraph, rows: Sequence[Row], first: int, masks: Masks, as_of: int | None
) -> None:
    for row in rows:
        one = profile(row, masks, as_of=as_of)
        if one.id in found.profiles:
            continue
        if len(found.profiles) >= first:
            found.complete = False
            return
        found.profiles[one.id] = one
        for link in row["links"]:
            if link["key"] is None:
                continue
            found.identifiers[link["key"]] = Identifier(
                key=link["key"],
                namespace=link["namespace"],
                value=masks.identifier(link["namespace"], link["value"]),
                people=link["people"],
                generic=link["generic"],
                first_seen=link["nodeFirstSeen"],
                last_seen=link["nodeLastSeen"],
                as_of=as_of,
            )
            found.edges.append(
                Edge(one.id, link["key"], link["firstSeen"], link["lastSeen"], link["count"])
            )
