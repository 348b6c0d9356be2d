"""Stories: customers of the demo who show what it is about, each by an e-mail to look them up."""

from collections.abc import Callable, Collection, Mapping

from server.demo.found import Found
from server.demo.homes import A_FAMILY

VISITOR = "visited for weeks without a name, then logged in"
COLLECTED = "ordered on the web, and has the receipt of the till"
HOUSEHOLD = "is one of a household of three"
TICKET = "has an open ticket, and fills big baskets"
KIOSK = "logged in on a kiosk, as others did"


def stories(found: Collection[Found], families: Mapping[str, int]) -> dict[str, str]:
    """The best e-mail for each story that there is; `families` as the stream has them."""
    best = {
        VISITOR: _best(found, _pages_before),
        COLLECTED: _best(found, _collected),
        HOUSEHOLD: _best([one for one in found if families.get(one.owner) == A_FAMILY], _records),
        TICKET: _best(found, _basket_of_the_waiting),
        KIOSK: _best(found, _sources_beside_a_kiosk),
    }
    return {title: email for title, email in best.items() if email}


def _best(found: Collection[Found], worth: Callable[[Found], float]) -> str | None:
    """The e-mail of whom it is told of best, if of anybody."""
    rated = [(worth(one), email) for one in found for email in one.emails]
    return max(rated)[1] if rated and max(rated)[0] > 0 else None


def _records(one: Found) -> float:
    return sum(glance.records for glance in one.glances.values())


def _pages_before(one: Found) -> float:
    """What was seen on browsers of visitors before they said who they are."""
    web = {name for source, name in one.glances if source == "web"}
    return sum(
        one.glances["web", name].records
        for name in web
        if name.startswith("visitor-") and any(other.startswith(f"{name}.") for other in web)
    )


def _collected(one: Found) -> float:
    web, till = (
        {order for it in one.of(source) for order in it.orders} for source in ("web", "till")
    )
    return len(web & till)


def _basket_of_the_waiting(one: Found) -> float:
    if not any(glance.open_tickets for glance in one.of("support")):
        return 0
    return max((amount for it in one.of("till") for amount in it.orders.values()), default=0)


def _sources_beside_a_kiosk(one: Found) -> float:
    if not any(name.startswith("kiosk-") for _, name in one.glances):
        return 0
    return len({source for source, _ in one.glances})
