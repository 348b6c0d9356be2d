"""Generic: why an identifier links nobody, where it does not."""

from collections.abc import Sequence

from customers.identifier import Identifier
from customers.identity.people import DOUBTFUL, GIVEN, Summary
from customers.identity.policy import Policy
from customers.identity.shown import shown_identifier, shown_trait
from customers.identity.wording import Wording, listed
from customers.principal import Principal
from customers.reading import Reading
from cypher import load

SUMMARIES = load("identity/summaries")
# Names or numbers that are told.
TOLD = 8


async def generic_reasons(
    reading: Reading, policy: Policy, found: Sequence[Identifier]
) -> list[str | None]:
    """Why identifiers link nobody, in their order; None of one that does."""
    rows = await reading.rows(SUMMARIES, keys=sorted({one.key for one in found}))
    known = {row["key"]: (Summary.loads(row["summary"]), row["blockedBy"]) for row in rows}
    nothing = Summary({}), None
    return [
        generic_reason(one, summary, policy, reading.principal, decision)
        for one in found
        for summary, decision in (known.get(one.key, nothing),)
    ]


def generic_reason(
    found: Identifier,
    summary: Summary,
    policy: Policy,
    principal: Principal,
    decision: str | None = None,
) -> str | None:
    """Why an identifier links nobody, perhaps by a person's `decision`; None of one that does."""
    namespace = found.namespace
    if namespace not in policy.namespaces:
        return f"The policy does not know the namespace {namespace}, whose values are only kept."
    if namespace not in policy.leads:
        return f"The namespace {namespace} has 0 bits in the policy, its values are only kept."
    if decision is not None:
        return f"A person decided that it links nobody ({decision})."
    if found.generic and policy.blocked_pattern.matches(found.key.partition("|")[2]):
        return "The policy blocks this value."
    return _too_many(found, summary, policy, principal) if found.generic else None


def _too_many(found: Identifier, summary: Summary, policy: Policy, principal: Principal) -> str:
    people = found.people or 0
    many = f"{people} people have it, more than the {policy.crowd} of one identifier (`crowd`)"
    counted = summary.counted(found.namespace, policy)
    most = max(counted, key=lambda kind: (counted[kind][0], kind == GIVEN))
    count, values = counted[most]
    if not values or count < people:
        return f"{many}."
    if most == GIVEN:
        shown = [shown_trait(principal, policy.given or "", one) for one in sorted(values)[:TOLD]]
        return f"{many}: they are called {_several(shown, len(values))}."
    kind = most.removeprefix(DOUBTFUL)
    texts = (one.partition("|")[2] for one in sorted(values)[:TOLD])
    shown = [shown_identifier(principal, kind, one) for one in texts]
    nouns = Wording(policy).nouns(kind)
    return f"{many}: they have {len(values)} {nouns}, {_several(shown, len(values))}."


def _several(shown: Sequence[str], count: int) -> str:
    more = count - len(shown)
    return listed([*shown, *([f"{more} more"] if more else [])])
