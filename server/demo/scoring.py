"""How well customers meet the truth of the demo.

A customer is *wrongly merged* when it holds profiles of more than one person. A person is *missed*
when two of their profiles lie in different customers although shared identifiers connect them,
directly or through other profiles of the same person; what shares no identifier with the rest, such
as an anonymous browser, counts against recall only.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import comb

from customers.identity.normalise import RefusedError, identifier_key
from customers.identity.policy import Policy
from server.demo.sighting import JsonRecord, Profile

LEGEND = (
    "wrongly merged: the customer holds profiles of more than one person\n"
    "missed: profiles that shared identifiers connect are more than one customer\n"
    "precision, recall: by pairs of profiles that are one person"
)


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall are of pairs of profiles; `possible` is the recall identifiers allow."""

    wrongly_merged: int
    missed: int
    precision: float
    recall: float
    possible: float


def score(
    customers: Iterable[Collection[Profile]],
    truth: Mapping[Profile, str],
    links: Mapping[Profile, Collection[str]],
) -> Score:
    """Score `customers` on the profiles of `truth`; one in no customer counts as alone."""
    customer_of: dict[Profile, int] = {profile: -n for n, profile in enumerate(truth, 1)}
    for n, profiles in enumerate(customers):
        customer_of.update(dict.fromkeys(profiles, n))
    cells = Counter((customer_of[profile], owner) for profile, owner in truth.items())
    owners = Counter(customer for customer, _ in cells)
    groups = list(_connected(truth, links))
    right, made = _pairs(cells.values()), _pairs(Counter(map(customer_of.get, truth)).values())
    all_pairs = _pairs(Counter(truth.values()).values())
    missed = {owner for owner, group in groups if len({customer_of[one] for one in group}) > 1}
    return Score(
        wrongly_merged=sum(count > 1 for count in owners.values()),
        missed=len(missed),
        precision=right / made if made else 1.0,
        recall=right / all_pairs if all_pairs else 1.0,
        possible=_pairs(len(group) for _, group in groups) / all_pairs if all_pairs else 1.0,
    )


def links_of(records: Iterable[JsonRecord], policy: Policy) -> dict[Profile, set[str]]:
    """By profile, the keys of the identifiers that may link it to others."""
    found: dict[Profile, set[str]] = defaultdict(set)
    for record in records:
        profile = (record["source"], record["sourceId"])
        device = [record["device"]] if "device" in record else []
        for one in (*record["identifiers"], *device):
            if one["namespace"] not in policy.links:
                continue
            try:
                found[profile].add(identifier_key(one["namespace"], one["value"], policy)[0])
            except RefusedError:
                continue
    return found


def _connected(
    truth: Mapping[Profile, str], links: Mapping[Profile, Collection[str]]
) -> Iterator[tuple[str, set[Profile]]]:
    """Each owner's profiles, in groups that share identifiers among themselves."""
    holders: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    for profile, owner in truth.items():
        for link in links.get(profile, ()):
            holders[owner, link].append(profile)
    seen: set[Profile] = set()
    for profile, owner in truth.items():
        group: set[Profile] = set()
        front = {profile} - seen
        while front:
            group |= front
            near = {link for one in front for link in links.get(one, ())}
            front = {other for link in near for other in holders[owner, link]} - group
        seen |= group
        if group:
            yield owner, group


def _pairs(sizes: Iterable[int]) -> int:
    return sum(comb(size, 2) for size in sizes)
