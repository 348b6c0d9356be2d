"""Desk: what the tickets and calls of one profile come to, as it is kept with the profile.

It is counted as records arrive, as totals are, and belongs to the profile: a merge moves nothing
of it, a split neither, and with an erased profile it is gone. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from customers.desk.calls import Call, inbound, is_call, is_outbound
from customers.tickets import Ticket, dumped, is_ticket, loaded, tickets, word
from customers.times import DAY_MS

# Of a profile with more, those that were told of last; one profile is seldom more than a person.
KEPT_TICKETS, KEPT_CALLS = 100, 20


@dataclass(frozen=True, slots=True)
class Desk:
    """The tickets of a profile by number, its newest calls to us, and when we called last."""

    source: str
    tickets: Mapping[str, Ticket] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    called_back: int | None = None

    def with_interaction(  # noqa: PLR0917 - the columns of an interaction
        self, key: str, type: str, name: str | None, at: int, channel: str | None, text: str
    ) -> "Desk":
        """The desk after one more interaction; `text` are its properties. Any order is as good."""
        if is_ticket(type):
            one = word(self.source, key, type, name, at, channel, orjson.loads(text))
            assert one is not None  # noqa: S101 - it is about a ticket
            return self._with_ticket(one)
        if is_call(type):
            return self._with_call(key, name, at, orjson.loads(text))
        return self

    def _with_ticket(self, one: Ticket) -> "Desk":
        known = self.tickets.get(one.number)
        found = {**self.tickets, one.number: one if known is None else known | one}
        kept = sorted(found.values(), key=lambda each: each.last, reverse=True)[:KEPT_TICKETS]
        return Desk(
            self.source,
            {each.number: each for each in sorted(kept, key=lambda each: each.number)},
            self.calls,
            self.called_back,
        )

    def _with_call(
        self, key: str, name: str | None, at: int, properties: Mapping[str, Any]
    ) -> "Desk":
        if is_outbound(properties):
            last = at if self.called_back is None else max(at, self.called_back)
            return Desk(self.source, self.tickets, self.calls, last)
        calls = {*self.calls, inbound(key, name, at, properties)}
        newest = tuple(sorted(calls, reverse=True)[:KEPT_CALLS])
        return Desk(self.source, self.tickets, newest, self.called_back)

    def row(self) -> dict[str, Any]:
        """As the profile has it: the text, and by what the queues find the profile."""
        waits = [one for one in self.tickets.values() if not one.settled]
        after = -1 if self.called_back is None else self.called_back
        called = [one.at for one in self.calls if one.at > after and not one.settled]
        return {
            "desk": self.dumps(),
            "ticketOpen": True if waits else None,
            "ticketUrgency": max((one.urgency for one in waits), default=None),
            "ticketSince": min((one.opened.at for one in waits), default=None),
            "calledOn": max(called) // DAY_MS if called else None,
        }

    def dumps(self) -> str | None:
        """JSON text; None where there is nothing."""
        if not self.tickets and not self.calls and self.called_back is None:
            return None
        known = [dumped(one) for one in self.tickets.values()]
        return orjson.dumps([known, [list(one) for one in self.calls], self.called_back]).decode()

    @classmethod
    def loads(cls, source: str, text: str | None) -> "Desk":
        """Read what `dumps` wrote."""
        if text is None:
            return cls(source)
        known, calls, called_back = orjson.loads(text)
        return cls(
            source,
            {one.number: one for one in loaded(source, known)},
            tuple(Call(*one) for one in calls),
            called_back,
        )


def tickets_of(desks: Iterable[Desk]) -> list[Ticket]:
    """The tickets of a customer out of the desks of its profiles, each once."""
    return tickets(one for desk in desks for one in desk.tickets.values())


def called_back(desks: Iterable[Desk]) -> int | None:
    """When we called a customer last."""
    return max((one.called_back for one in desks if one.called_back is not None), default=None)
