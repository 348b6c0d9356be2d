"""The example: a customer of the demo that is worth a look, and a query that shows it."""

from collections.abc import Iterable

from server.demo.found import Found


def example(found: Iterable[Found]) -> str | None:
    """An e-mail of somebody known to many sources.

    The shop wrote the name another way than the CRM, and there are orders. The same graph gives
    the same e-mail.
    """
    best: list[tuple[int, bool, int, str]] = []
    for one in found:
        named = {glance.name for glance in one.of("crm", "shop") if glance.name}
        sources = len({source for source, _ in one.glances})
        bought = sum(len(glance.orders) for glance in one.glances.values())
        best += [(sources, len(named) > 1, bought, email) for email in one.emails]
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
