"""What the identifiers alone could give a judge who is never wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from customers.identity.policy import Policy
from customers.ingest.prepare import prepare
from customers.ingest.record import Record
from tests.pure import RECEIVED
from tests.scoring import score


def ceiling(
    records: Iterable[Mapping[str, Any]], truth: Mapping[str, str], policy: Policy
) -> float:
    """The recall of one who joins all that identifiers lead to, and nobody wrongly.

    Two profiles of a person are joined where a chain of that person's own profiles leads from one
    to the other, each with a value in common with the next. Values count that the policy takes
    (neither refused nor blocked) in a namespace of more than 0 bits; a crowd's count too. Names
    and other traits do not. Resolution can do better than this where it goes by traits.
    """
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        ready = prepare(Record.model_validate(record), policy, RECEIVED)
        if person := truth.get(ready.profile):
            for identifier in ready.identifiers:
                if policy.namespace(identifier.namespace).bits > 0:
                    holders[person, identifier.key].append(ready.profile)
    return score(_joined(holders.values()), truth).recall


def _joined(groups: Iterable[list[str]]) -> Iterable[list[str]]:
    """Everything that groups with a member in common make together."""
    of: dict[str, list[str]] = {}
    for first, *others in groups:
        mine = of.setdefault(first, [first])
        for other in others:
            theirs = of.setdefault(other, [other])
            if theirs is not mine:
                small, mine = sorted((mine, theirs), key=len)
                mine += small
                of.update(dict.fromkeys(small, mine))
    return {id(members): members for members in of.values()}.values()
