"""Refusals: how often values are no identifiers, by source, namespace and reason.

The values themselves are not kept: they may be anything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from customers.identity.policy import Policy
from customers.ingest.prepare import IDENTIFIER, Refused
from cypher import Row

# Who sends records names namespaces as they like; those that no policy knows count together.
OTHER = "other"


def refusal_rows(told: Iterable[tuple[str, Sequence[Refused]]], policy: Policy) -> list[Row]:
    """Rows of the identifiers that were refused: of each record its source and its refusals."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for source, refused in told:
        for one in refused:
            if one.what.startswith(IDENTIFIER):
                namespace = one.what.removeprefix(IDENTIFIER)
                known = namespace if namespace in policy.namespaces else OTHER
                counts[source, known, one.reason] += 1
    return [
        {
            "key": "|".join(quote(part, safe=" ") for part in (source, namespace, reason)),
            "source": source,
            "namespace": namespace,
            "reason": reason,
            "count": count,
        }
        for (source, namespace, reason), count in sorted(counts.items())
    ]
