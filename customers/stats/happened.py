"""Happened: an interaction as the facts of its profile take it, and what kind of thing it was."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from customers.meanings import is_purchase, is_refund
from customers.tickets import Ticket, is_ticket, word


@dataclass(frozen=True, slots=True)
class Happened:
    """An interaction; `amount` in minor units, `categories` what its lines of each came to."""

    key: str
    source: str
    type: str
    name: str | None
    at: int
    channel: str | None
    amount: int | None
    currency: str | None
    properties: str
    categories: Mapping[str, int]

    @property
    def counts(self) -> bool:
        """Whether any facts come of it."""
        return (
            is_ticket(self.type)
            or is_purchase(self.type, self.name, self.amount)
            or is_refund(self.type, self.name, self.amount)
        )

    def ticket(self) -> Ticket | None:
        """The ticket that it is about, as it tells of it."""
        if not is_ticket(self.type):
            return None
        properties = orjson.loads(self.properties)
        return word(self.source, self.key, self.type, self.name, self.at, self.channel, properties)
