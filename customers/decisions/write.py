"""Write: the one place where decisions go into the graph, with all that they lead to."""

from collections import Counter

from customers.decisions.draft import Draft
from customers.identity.decided import NEVER, Decided
from customers.identity.resolve import log_rows
from customers.identity.resolve import write as write_resolution
from customers.ingest.writer import ERASE_IDENTIFIERS
from customers.principal import Principal
from cypher import Row, Transaction, load

WRITE = load("decisions/write")
WITHDRAW = load("decisions/withdraw")

CAUSE = "decided"


async def write(
    transaction: Transaction, draft: Draft, reason: str, principal: Principal, last: Row
) -> Counter[str]:
    """Write a draft in the writers' turn in which it was made; `last` is what the turn gave.

    Returns the kinds of the changes that it led to.
    """
    made, undone = draft.made, draft.undone
    if made:
        await transaction.run(
            WRITE,
            rows=[
                {
                    "id": one.id,
                    "kind": one.kind,
                    "by": principal.name,
                    "at": draft.now,
                    "reason": reason,
                    "place": place,
                }
                for place, one in enumerate(made, 1)
            ],
            profiles=[
                {
                    "decision": one.id,
                    "notes": [
                        {
                            "profile": key,
                            "key": f"{one.id}>{key}",
                            "side": side if one.kind == NEVER else None,
                            "mark": Decided(one.kind, one.id, side).dumps(),
                        }
                        for key, side in one.profiles.items()
                    ],
                }
                for one in made
            ],
            identifiers=[
                {
                    "decision": one.id,
                    "identifier": one.identifier,
                    "key": f"{one.id}>{one.identifier}",
                }
                for one in made
                if one.identifier is not None
            ],
        )
    if undone:
        freed = [one.identifier for one in undone if one.identifier is not None]
        await transaction.run(
            WITHDRAW,
            ids=[one.id for one in undone],
            at=draft.now,
            by=principal.name,
            profiles=sorted({key for one in undone for key in one.profiles}),
            identifiers=[{"key": one.key, "generic": one.generic} for one in freed],
        )
        if freed:
            await transaction.run(ERASE_IDENTIFIERS, keys=sorted(one.key for one in freed))
    because = [*(one.id for one in made), *(one.id for one in undone)][0]
    log = log_rows(draft.resolution, last["changes"], draft.now, CAUSE, principal.name, because)
    await write_resolution(transaction, draft.resolution, log, last, draft.now)
    return Counter(row["kind"] for row in log)
