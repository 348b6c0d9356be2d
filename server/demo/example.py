"""The example: a customer of the demo that is worth a look, and a query that shows it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from server.demo.records import Stream
from server.demo.scoring import Profile

EMAIL = "email|"


def example(
    customers: Iterable[Collection[Profile]],
    stream: Stream,
    links: Mapping[Profile, Collection[str]],
) -> str | None:
    """An e-mail that only one customer holds: a person found whole, known to many sources.

    The shop wrote the name another way than the CRM, and there are orders. The same graph gives
    the same e-mail.
    """
    holders = _holders(links)
    names = {
        (one["source"], one["sourceId"]): (traits.get("firstName"), traits.get("lastName"))
        for one in stream.records
        if (traits := one.get("traits"))
    }
    orders = Counter(
        (one["source"], one["sourceId"])
        for one in stream.records
        if "orderId" in one.get("interaction", {})
    )
    best: list[tuple[int, bool, int, str]] = []
    for profiles in _whole(customers, stream.truth):
        named = {names[one] for one in profiles if one[0] in ("crm", "shop") and one in names}
        sources = len({source for source, _ in profiles})
        bought = sum(orders[one] for one in profiles)
        best += [
            (sources, len(named) > 1, bought, email)
            for email in _own_emails(profiles, holders, links)
        ]
    return max(best)[-1] if best else None


def query(email: str) -> str:
    """All that is known of the customer, as GraphQL to paste."""
    return QUERY.replace("EMAIL", email)


QUERY = """{
  customer(identifier: {namespace: "email", value: "EMAIL"}) {
    id
    displayName
    traits
    totals { type count sums { amount currency } }
    profiles(first: 20) { nodes { source sourceId traits } }
    identifiers(first: 20) { nodes { namespace value } }
    interactions(first: 10) { nodes { at name channel amount { amount currency } } }
  }
}"""


def _holders(links: Mapping[Profile, Collection[str]]) -> dict[str, set[Profile]]:
    holders: dict[str, set[Profile]] = defaultdict(set)
    for profile, keys in links.items():
        for key in keys:
            holders[key].add(profile)
    return holders


def _whole(
    customers: Iterable[Collection[Profile]], truth: Mapping[Profile, str]
) -> Iterable[Sequence[Profile]]:
    """Customers that are all of one person and nothing else."""
    sizes = Counter(truth.values())
    for profiles in customers:
        owners = {truth.get(profile) for profile in profiles}
        owner = owners.pop() if len(owners) == 1 else None
        if owner is not None and sizes[owner] == len(profiles):
            yield sorted(profiles)


def _own_emails(
    profiles: Sequence[Profile],
    holders: Mapping[str, set[Profile]],
    links: Mapping[Profile, Collection[str]],
) -> Iterable[str]:
    keys = {key for one in profiles for key in links.get(one, ()) if key.startswith(EMAIL)}
    return (key.removeprefix(EMAIL) for key in keys if holders[key] <= set(profiles))
