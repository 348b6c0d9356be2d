"""Identity graph: profiles, the identifiers between them and the customers they make."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from customers.access.masks import Masks
from customers.errors import InvalidInputError
from customers.identifier import Identifier
from customers.identity.evidence import namespace_of
from customers.identity.policy import Policy
from customers.profile import Profile, profile
from customers.reading import Reading
from cypher import Row, load

HOP = load("identity/graph_hop")
OF_CUSTOMER = load("identity/graph_customer")
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
) -> IdentityGraph:
    """What is connected to an identifier (by key) or a customer (by id), at most `first` profiles.

    Generic identifiers are shown where they are met and not crossed, but the one asked for is.
    """
    if (identifier is None) == (customer is None):
        raise InvalidInputError("Give either `of` or `customerId`.")
    if not 1 <= first <= MOST:
        raise InvalidInputError(f"`first` must be between 1 and {MOST}, not {first}.")
    found = IdentityGraph()
    asked: set[str] = set()
    if customer is not None:
        rows = await reading.rows(OF_CUSTOMER, id=customer, most=first + 1)
    else:
        asked = {identifier or ""}
        rows = await reading.rows(HOP, identifiers=sorted(asked), most=first + 1)
    while True:
        reading.versions.saw_read((row["customer"], row["version"]) for row in rows)
        _add(found, rows, first, reading.masks)
        frontier = {
            key
            for key, one in found.identifiers.items()
            if not one.generic and namespace_of(key) in policy.links
        } - asked
        if not frontier or not found.complete:
            return found
        asked |= frontier
        rows = await reading.rows(
            HOP, identifiers=sorted(frontier), most=len(found.profiles) + first + 1
        )


def _add(found: IdentityGraph, rows: Sequence[Row], first: int, masks: Masks) -> None:
    for row in rows:
        one = profile(row, masks)
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
            )
            found.edges.append(
                Edge(one.id, link["key"], link["firstSeen"], link["lastSeen"], link["count"])
            )
