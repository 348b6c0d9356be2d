"""Articulation: identifiers without which the profiles of a customer would fall apart.

Tarjan's depth-first search (1972) over profiles and identifiers, without recursion.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

# A profile by its number, an identifier by its key.
Node: TypeAlias = int | str


def articulations(links: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """The identifiers that hold profiles together alone, by `(profile, identifier)`.

    With each the numbers of profiles in the parts that there would be without it, largest first.
    """
    beside: dict[Node, list[Node]] = defaultdict(list)
    for profile, identifier in sorted(set(links)):
        beside[profile].append(identifier)
        beside[identifier].append(profile)
    found: dict[str, list[int]] = {}
    seen: set[Node] = set()
    for root in beside:
        if root not in seen and isinstance(root, int):
            found |= _connected(root, beside, seen)
    return found


def _connected(
    root: int, beside: Mapping[Node, list[Node]], seen: set[Node]
) -> Iterator[tuple[str, list[int]]]:
    """Those of one connected piece; begun at a profile, so that the root is no identifier."""
    place: dict[Node, int] = {root: 0}
    low: dict[Node, int] = {root: 0}
    size: dict[Node, int] = {root: 1}
    parts: dict[str, list[int]] = defaultdict(list)
    way: list[tuple[Node, Iterator[Node]]] = [(root, iter(beside[root]))]
    while way:
        node, rest = way[-1]
        for other in rest:
            if other in place:
                low[node] = min(low[node], place[other])
                continue
            place[other] = low[other] = len(place)
            size[other] = int(isinstance(other, int))
            way.append((other, iter(beside[other])))
            break
        else:
            way.pop()
            if way:
                before = way[-1][0]
                low[before] = min(low[before], low[node])
                size[before] += size[node]
                if isinstance(before, str) and low[node] >= place[before]:
                    parts[before].append(size[node])
    seen.update(place)
    for identifier, cut in parts.items():
        yield identifier, sorted([size[root] - sum(cut), *cut], reverse=True)
