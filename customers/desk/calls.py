"""Call: somebody called, and waits until we called back or the matter is settled. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from customers.tickets import Ticket, is_settled, plain_text, ticket_of
from customers.times import DAY_MS

CALL_TYPE = "call"
OUTBOUND = frozenset({"outbound", "outgoing", "out"})
# A call of longer ago is not called back.
WAITS_MS = 14 * DAY_MS


class Call(NamedTuple):
    """A call to us; `ticket` is the one that it names, `settled` whether it says so itself."""

    at: int
    key: str
    topic: str | None
    ticket: str | None
    settled: bool


def is_call(type: str) -> bool:
    """Whether an interaction of this type is a call."""
    return type.casefold() == CALL_TYPE


def is_outbound(properties: Mapping[str, Any]) -> bool:
    """Whether we called: its property `direction` says so."""
    return (plain_text(properties.get("direction")) or "").casefold() in OUTBOUND


def inbound(key: str, name: str | None, at: int, properties: Mapping[str, Any]) -> Call:
    """A call to us as its interaction tells of it."""
    status = plain_text(properties.get("status")) or ""
    topic = plain_text(properties.get("topic")) or plain_text(name)
    return Call(at, key, topic, ticket_of(properties), is_settled(status))


def waiting(
    calls: Iterable[Call], called_back: int | None, tickets: Iterable[Ticket], now: int
) -> list[Call]:
    """The calls of a customer that wait, the newest first.

    A call waits for 14 days, unless we called the customer after it, it says itself that it is
    settled, or the ticket that it names is. `tickets` are those of the customer.
    """
    done = {one.number for one in tickets if one.settled}
    since = max(now - WAITS_MS, -1 if called_back is None else called_back)
    found = {one for one in calls if one.at > since and not one.settled and one.ticket not in done}
    return sorted(found, reverse=True)
