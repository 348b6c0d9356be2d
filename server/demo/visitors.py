"""Visitors of the web shop: retentioneering's made-up clicks, of people who log in late or never.

The file comes with the package ``retentioneering``: 31,106 clicks of 600 users in half a year.
"""

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from server.demo import contacts, orders
from server.demo.chance import chance
from server.demo.homes import Resident
from server.demo.packages import data_file
from server.demo.sighting import Sighting, record

# One in so many people is a visitor, from this one on.
EVERY, FROM = 8, 3
LOGIN_RATE = 0.6
LOGIN_EVENTS = {"account_page", "shipping_details", "purchase"}
SHIFT = timedelta(weeks=122)  # from the data's half year to the demo's last
_PAGES = {
    "home": "Home",
    "catalog": "Catalog",
    "filter_results": "Filtered Results",
    "promo_page": "Promotion",
    "cart": "Cart",
    "shipping_details": "Shipping Details",
    "payment_details": "Payment Details",
    "account_page": "Account",
    "review_page": "Reviews",
    "error_page": "Error",
}
_PRODUCT_EVENTS = {
    "add_to_cart": "Product Added",
    "wishlist_add": "Product Added to Wishlist",
    "compare": "Products Compared",
}
_EVENTS = {
    "search": "Products Searched",
    "support_chat": "Support Chat Opened",
    "payment_error": "Payment Failed",
    "checkout_bug": "Checkout Failed",
}


@dataclass(frozen=True, slots=True)
class Click:
    """A row of the file."""

    number: int
    user: int
    session: str
    event: str
    timestamp: str
    platform: str
    channel: str

    @property
    def at(self) -> datetime:
        """When it is in the demo."""
        return datetime.fromisoformat(self.timestamp).replace(tzinfo=UTC) + SHIFT

    @property
    def cookie(self) -> str:
        """The browser that it came from."""
        return f"visitor-{self.user}-{self.platform}"


def clicks() -> Iterator[Click]:
    """All rows, visitor by visitor, each by time.

    Raises:
        DemoDataError
    """
    path = data_file("retentioneering", "datasets", "ecom.csv.gz")
    with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield Click(
                number=number,
                user=int(row["user_id"].removeprefix("user_")),
                session=row["session_id"],
                event=row["event"],
                timestamp=row["timestamp"],
                platform=row["platform"],
                channel=row["acquisition_channel"],
            )


def clicks_of(positions: Collection[int]) -> dict[int, list[Click]]:
    """The clicks of those who are visitors, by position.

    Raises:
        DemoDataError
    """
    found: dict[int, list[Click]] = defaultdict(list)
    for click in clicks():
        position = click.user * EVERY + FROM
        if position in positions:
            found[position].append(click)
    return found


def visitor(resident: Resident, made: Sequence[Click], seed: int) -> Iterator[Sighting]:
    """Anonymous until the login; who never logs in anywhere is a stranger."""
    draw = chance(seed, "visitor", resident.position)
    has_account = draw.random() < LOGIN_RATE
    browsers: dict[str, list[Click]] = defaultdict(list)
    for click in made:
        browsers[click.cookie].append(click)
    visits = [(on_it, _login(on_it) if has_account else len(on_it)) for on_it in browsers.values()]
    stranger = all(login == len(on_it) for on_it, login in visits)
    owner = f"visitor-{resident.position}" if stranger else str(resident.person.number)
    for on_it, login in visits:
        yield from _anonymous(on_it[:login], owner, draw)
        yield from _logged_in(on_it[login:], resident, draw)


def _login(on_it: Sequence[Click]) -> int:
    """The place of the click that logs in: never in the first session."""
    first = on_it[0].session
    return next(
        (
            place
            for place, click in enumerate(on_it)
            if click.session != first and click.event in LOGIN_EVENTS
        ),
        len(on_it),
    )


def _anonymous(on_it: Sequence[Click], owner: str, draw: random.Random) -> Iterator[Sighting]:
    for click in on_it:
        at, done = click.at, _done(click, draw)
        seen = record("web", click.cookie, at, [], device=_device(click), interaction=done)
        yield Sighting(at, seen, owner)


def _logged_in(
    on_it: Sequence[Click], resident: Resident, draw: random.Random
) -> Iterator[Sighting]:
    email, name = contacts.mailbox(resident, draw), contacts.name(resident, draw)
    for click in on_it:
        at, done = click.at, _done(click, draw)
        seen = record(
            "web",
            f"{click.cookie}.{contacts.login(email, resident)}",
            at,
            [("email", email)],
            traits=name,
            device=_device(click),
            interaction=done,
        )
        yield Sighting(at, seen, str(resident.person.number))


def _device(click: Click) -> dict[str, str]:
    return {"namespace": "cookie", "value": click.cookie, "platform": click.platform}


def _done(click: Click, draw: random.Random) -> dict[str, Any]:
    return _what(click.event, f"click-{click.number}", draw) | {
        "properties": {"session": click.session, "acquisition": click.channel}
    }


def _what(event: str, id: str, draw: random.Random) -> dict[str, Any]:
    if event == "purchase":
        return orders.order(id, "web", draw)
    if event == "product_view":
        return orders.product_view(id, "web", draw)
    if event in _PRODUCT_EVENTS:
        return orders.product_view(id, "web", draw) | {
            "type": "track",
            "name": _PRODUCT_EVENTS[event],
        }
    if event in _PAGES:
        return {"id": id, "type": "page", "name": _PAGES[event], "channel": "web"}
    return {"id": id, "type": "track", "name": _EVENTS[event], "channel": "web"}
