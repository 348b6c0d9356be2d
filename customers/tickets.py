"""Ticket: what somebody wants from us, until somebody says that it is settled.

All interactions of type `ticket` or `support` of one source that name the same ticket (their
property `ticket`) are one; an interaction that names none is a ticket of its own. The newest of
them decides: where it says that the ticket is closed, solved or the like (its property `status`,
else its name, where that is such as Ticket Closed), the ticket is settled. Every other is open: who
answers on a ticket that was closed opens it again; of two at one time the one that settles counts.
Pure: the order in which the words on a ticket arrive decides nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple
from urllib.parse import unquote

from customers.ingest.keys import escaped

TICKET_TYPES = frozenset({"ticket", "support"})
SETTLED = frozenset({"closed", "solved", "resolved", "done", "cancelled", "canceled", "settled"})
# Where a ticket is named, the first of them that is there.
TICKET_NUMBERS = ("ticket", "ticketId", "ticket_id")
# Other names are subjects: "Your shop is closed" settles nothing.
_STATUS_IN_NAME = re.compile(
    rf"(?:(?:ticket|case|issue|request)\s+)?({'|'.join(sorted(SETTLED))}|(?:re)?opened|open|pending)",
    re.IGNORECASE,
)
SEVERITIES: Mapping[str, int] = {
    "low": 0, "minor": 0, "normal": 1, "medium": 1, "high": 2, "major": 2, "urgent": 3,
    "critical": 3,
}  # fmt: skip
NORMAL = 1
# Words that are kept of what callers make up.
LONGEST = 200


class Said(NamedTuple):
    """What was said when; of two times that are equal, the greater key is the later."""

    at: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as far as some words on it tell; times in epoch milliseconds.

    `number` is what its source calls it. `opened` has the name of its first interaction, `last` the
    status that the newest says, or nothing; the others are the newest that was said of each, and
    None where nobody did.
    """

    source: str
    number: str
    opened: Said
    last: Said
    status: Said | None = None
    topic: Said | None = None
    severity: Said | None = None
    channel: Said | None = None

    @property
    def settled(self) -> bool:
        """Whether the newest word says so."""
        return is_settled(self.last.text)

    @property
    def urgency(self) -> int:
        """From 0 (low) to 3 (urgent); normal where nobody said, or said what we do not know."""
        return NORMAL if self.severity is None else urgency(self.severity.text)

    def __or__(self, other: "Ticket") -> "Ticket":
        """The same ticket, with the words of both."""
        return Ticket(
            self.source,
            self.number,
            min(self.opened, other.opened),
            max(self.last, other.last, key=_lateness),
            _newest(self.status, other.status),
            _newest(self.topic, other.topic),
            _newest(self.severity, other.severity),
            _newest(self.channel, other.channel),
        )


def is_ticket(type: str) -> bool:
    """Whether an interaction of this type is about a ticket."""
    return type.casefold() in TICKET_TYPES


def is_settled(status: str) -> bool:
    """Whether a status says that nobody waits for us any more."""
    return status.strip().casefold() in SETTLED


def urgency(severity: str) -> int:
    """A severity as a number, from 0 to 3."""
    return SEVERITIES.get(severity.strip().casefold(), NORMAL)


def word(  # noqa: PLR0917 - the columns of an interaction
    source: str,
    key: str,
    type: str,
    name: str | None,
    at: int,
    channel: str | None,
    properties: Mapping[str, Any],
) -> Ticket | None:
    """The ticket as one interaction tells of it; None for one that is about no ticket."""
    if not is_ticket(type):
        return None

    def said(text: object) -> Said | None:
        plain = plain_text(text)
        return None if plain is None else Said(at, key, plain)

    severity = properties.get("severity", properties.get("priority"))
    status = status_of(name, properties)
    return Ticket(
        source,
        number_of(source, key, properties),
        Said(at, key, (name or "")[:LONGEST]),
        Said(at, key, status or ""),
        said(status),
        said(properties.get("topic")),
        said(severity),
        said(channel),
    )


def tickets(words: Iterable[Ticket]) -> list[Ticket]:
    """Words by the ticket that they are on, each ticket once, the one that waits longest first."""
    found: dict[tuple[str, str], list[Ticket]] = {}
    for one in words:
        found.setdefault((one.source, one.number), []).append(one)
    merged = (reduce(Ticket.__or__, of_one) for of_one in found.values())
    return sorted(merged, key=lambda one: (one.opened, one.source, one.number))


def number_of(source: str, key: str, properties: Mapping[str, Any]) -> str:
    """What its source calls the ticket: what is named, else the interaction's own id."""
    return ticket_of(properties) or unquote(key.removeprefix(f"{escaped(source)}|"))


def ticket_of(properties: Mapping[str, Any]) -> str | None:
    """The ticket that an interaction names."""
    named = map(plain_text, (properties.get(one) for one in TICKET_NUMBERS))
    return next((one for one in named if one is not None), None)


def status_of(name: str | None, properties: Mapping[str, Any]) -> str | None:
    """The status that an interaction says."""
    said = plain_text(properties.get("status"))
    if said is None and (found := _STATUS_IN_NAME.fullmatch(name or "")):
        return found[1]
    return said


def plain_text(value: object) -> str | None:
    """A value of a property as a text; None for none, lists and objects."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(str(value).split())[:LONGEST] or None


def _lateness(last: Said) -> tuple[int, bool, str]:
    return last.at, is_settled(last.text), last.key


def _newest(*said: Said | None) -> Said | None:
    return max((one for one in said if one is not None), default=None)


# As the graph keeps them


def dumped(one: Ticket) -> list[Any]:
    """A ticket as JSON."""
    parts = (one.opened, one.last, one.status, one.topic, one.severity, one.channel)
    return [one.number, *(None if part is None else list(part) for part in parts)]


def loaded(source: str, rows: Iterable[list[Any]]) -> Iterator[Ticket]:
    """Tickets of a source that `dumped` wrote."""
    for number, opened, last, *rest in rows:
        yield Ticket(
            source,
            number,
            Said(*opened),
            Said(*last),
            *(None if part is None else Said(*part) for part in rest),
        )
