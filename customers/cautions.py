"""Caution: what not to do with a customer, and why. Pure.

Only a clear yes is a consent: of whom no consent to marketing is known, none may be assumed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from customers.choices import choices
from customers.identifier import Identifier
from customers.meanings import Offer, is_return, offer_of
from customers.tickets import Ticket, plain_text
from customers.timeline import Interaction
from customers.timeline_filter import TimelineFilter
from customers.times import DAY_MS, day_of
from customers.traits import CONSENT, PREFERENCE

# What is looked at: interactions of these types, contacts, and how far back.
LOOKED_AT, CONTACTS = 100, 20
CHOSEN = TimelineFilter(types=("offer", "refund", "return", "track"))
SINCE_MS = 180 * DAY_MS
MARKETING = "marketing"
# What a consent or a wish calls a channel, and what we call it.
CHANNELS: Mapping[str, str] = {
    "email": "email", "mail": "post", "post": "post", "letter": "post", "phone": "phone",
    "call": "phone", "calls": "phone", "sms": "sms", "text": "sms", "push": "push",
    "whatsapp": "whatsapp",
}  # fmt: skip
_WISHES = {f"donot{name}": channel for name, channel in CHANNELS.items()} | {
    f"no{name}": channel for name, channel in CHANNELS.items()
}
_NOT_AT_ALL = frozenset({"donotcontact", "nocontact"})
ANSWERS: tuple[Offer, ...] = ("accepted", "refused")
MOST_NAMED = 3
_NOT_ALL = "Do not take these records for all there are."


class Kind(Enum):
    """What a caution is about."""

    NO_MARKETING = "noMarketing"
    NOT_BY_CHANNEL = "notByChannel"
    OPEN_TICKET = "openTicket"
    OFFER_REFUSED = "offerRefused"
    RETURNED = "returned"
    SHARED_CONTACT = "sharedContact"
    POSSIBLE_DUPLICATE = "possibleDuplicate"
    IDENTITY_PENDING = "identityPending"


@dataclass(frozen=True, slots=True)
class Caution:
    """What not to do (`text`) and why; `channel` of what is about one, `at` epoch milliseconds."""

    kind: Kind
    text: str
    why: str
    channel: str | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a customer that cautions come from.

    `duplicates` are the ids of others that may be the same person.
    """

    traits: Mapping[str, Mapping[str, Any]]
    tickets: Sequence[Ticket] = ()
    interactions: Sequence[Interaction] = ()
    contacts: Sequence[Identifier] = ()
    duplicates: Sequence[str] = ()
    pending: bool = False


def cautions(known: Known, now: int) -> list[Caution]:
    """What not to do, the most binding first."""
    recent = [one for one in known.interactions if one.at >= now - SINCE_MS]
    return [
        *_wishes(known.traits),
        *_consents(known.traits),
        *_open(known.tickets),
        *_refused(recent),
        *_returned(recent),
        *_shared(known.contacts),
        *_duplicates(known.duplicates),
        *_pending(known.pending),
    ]


def _wishes(traits: Mapping[str, Mapping[str, Any]]) -> Iterator[Caution]:
    """What the customer asked for: `preference.doNotCall`, or a trait of a source that is so."""
    said: dict[str, tuple[Any, int, str]] = {}
    for name, trait in traits.items():
        if not name.startswith((PREFERENCE, CONSENT)):
            said[_bare(name)] = trait["value"], trait["at"], trait["source"]
    for one in choices(traits, PREFERENCE):
        said[_bare(one.name)] = one.value, one.at, one.source
    for name, (value, at, source) in sorted(said.items()):
        if value is not True:
            continue
        why = f"{source} has it so since {day_of(at)}"
        if name in _NOT_AT_ALL:
            yield Caution(Kind.NO_MARKETING, "Do not contact on our own account.", why, None, at)
        elif name in _WISHES:
            channel = _WISHES[name]
            yield Caution(Kind.NOT_BY_CHANNEL, f"Do not contact by {channel}.", why, channel, at)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def _consents(traits: Mapping[str, Mapping[str, Any]]) -> Iterator[Caution]:
    """What was not agreed to, or no longer."""
    agreed = False
    refused: Caution | None = None
    for one in choices(traits, CONSENT):
        purpose = one.name.casefold()
        channel = CHANNELS.get(purpose.removeprefix(f"{MARKETING}.").removeprefix("contact."))
        if one.value is True:
            agreed = agreed or purpose == MARKETING or channel is not None
            continue
        why = f"{one.source} told on {day_of(one.at)} that {one.name} is not agreed to"
        if purpose == MARKETING:
            refused = Caution(Kind.NO_MARKETING, "Do not advertise.", why, None, one.at)
        elif channel is not None:
            text = f"Do not advertise by {channel}."
            yield Caution(Kind.NOT_BY_CHANNEL, text, why, channel, one.at)
    if refused is not None:
        yield refused
    elif not agreed:
        yield Caution(
            Kind.NO_MARKETING, "Do not advertise.", "no consent to marketing is known", None, None
        )


def _open(tickets: Sequence[Ticket]) -> Iterator[Caution]:
    """One for all that is open."""
    if tickets:
        worst = sorted(tickets, key=lambda one: (-one.urgency, one.opened))
        told = "; ".join(map(_ticket, worst[:MOST_NAMED]))
        more = len(tickets) - MOST_NAMED
        yield Caution(
            Kind.OPEN_TICKET,
            "Do not sell before what is open is settled.",
            f"{told}; and {more} more" if more > 0 else told,
            None,
            min(one.opened.at for one in tickets),
        )


def _ticket(one: Ticket) -> str:
    about = one.topic.text if one.topic else one.opened.text
    severity = f", {one.severity.text}" if one.severity else ""
    return f"ticket {one.number} ({about}{severity}) is open since {day_of(one.opened.at)}"


def _refused(interactions: Iterable[Interaction]) -> Iterator[Caution]:
    """Offers of which the last word is a no."""
    seen: set[str] = set()
    for one in interactions:
        offer = offer_of(one.type, one.name, one.properties)
        for what in _about(one) if offer in ANSWERS else ():
            if what not in seen:
                seen.add(what)
                if offer == "accepted":
                    continue
                why = f"refused on {day_of(one.at)}{_because(one)}"
                text = f"Do not offer {what} again."
                yield Caution(Kind.OFFER_REFUSED, text, why, None, one.at)


def _returned(interactions: Iterable[Interaction]) -> Iterator[Caution]:
    """What was sent back, each thing once, the newest."""
    seen: set[str] = set()
    for one in interactions:
        if not is_return(one.type, one.name, one.amount):
            continue
        for what in _about(one):
            if what not in seen:
                seen.add(what)
                why = f"returned on {day_of(one.at)}{_because(one)}"
                text = f"Do not praise {what}, and do not offer it again unasked."
                yield Caution(Kind.RETURNED, text, why, None, one.at)


def _about(one: Interaction) -> list[str]:
    named = [line.name or line.key for line in one.products]
    return named or [one.name or one.type]


def _because(one: Interaction) -> str:
    reason = plain_text(one.properties.get("reason"))
    return f": {reason}" if reason else ""


def _shared(contacts: Iterable[Identifier]) -> Iterator[Caution]:
    for one in contacts:
        if one.namespace in {"email", "phone", "landline"} and (one.people or 1) > 1:
            yield Caution(
                Kind.SHARED_CONTACT,
                f"Do not speak of orders by {one.value} before you know who it is.",
                f"{one.people} people seem to share it",
                None,
                one.last_seen,
            )


def _duplicates(ids: Sequence[str]) -> Iterator[Caution]:
    if ids:
        yield Caution(
            Kind.POSSIBLE_DUPLICATE,
            _NOT_ALL,
            f"of {len(ids)} other{'s' if len(ids) > 1 else ''} nobody has decided yet whether they "
            "are the same person",
        )


def _pending(pending: bool) -> Iterator[Caution]:
    if pending:
        yield Caution(
            Kind.IDENTITY_PENDING,
            _NOT_ALL,
            "who is one person is being worked out again",
        )
