"""Wording: why a product is recommended, in a sentence or two."""

from collections.abc import Sequence

from customers.recommendation.bought_with import Besides
from customers.recommendation.recommendation import Kind, Path, Recommendation
from customers.times import day_of

FEWER = "fewer than 5"


def reason(one: Recommendation) -> str:
    """The path as text."""
    path = one.path
    if one.kind is Kind.REPLENISH:
        said = _again(path)
    elif path.by_place:
        said = f"{_who(path)} bought it in the last 90 days{_recent(path.recent)}."
        said += " What the customer bought itself says nothing yet."
    elif path.instead_of is not None:
        said = (
            f"{path.customers} of the {path.compared} customers who buy most alike bought "
            f"{path.instead_of.title} and then this, which costs more."
        )
    else:
        said = (
            f"{path.customers} of the {path.compared} customers who buy most alike bought "
            f"it in the last 90 days{_recent(path.recent)}."
        )
        if path.shared:
            said += f" They also bought {_named(path)}, as this customer did."
    return said + (f" Offered {_times(one.shown)} in vain." if one.shown else "")


def _again(path: Path) -> str:
    last = day_of(path.last or 0)
    if path.rebought is not None:
        return (
            f"Bought {_times(path.times)}, last on {last}. Of those who bought it, "
            f"{path.rebought:.0%} did so again."
        )
    return (
        f"Bought {path.times} times, every {_days(path.every_days)}, last on {last}: due on "
        f"{day_of(path.due or 0)}."
    )


def besides(one: Besides) -> str:
    """What the buyers of a product bought besides, as text."""
    said = f"{one.customers} of the {one.compared} customers who bought it bought this, too"
    return f"{said}{_recent(one.recent)}."


def _who(path: Path) -> str:
    if path.household and path.household == path.customers:
        return f"{path.customers} of the household"
    return f"{path.customers} of {path.compared} customers of the same place"


def _recent(count: int | None) -> str:
    if count is None:
        return f", {FEWER} of them in the last 30 days"
    return f", {count} of them in the last 30 days" if count else ""


def _named(path: Path) -> str:
    said = [f"{one.product.title} ({one.customers})" for one in path.shared]
    return _joined(said)


def _joined(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _days(days: float | None) -> str:
    rounded = max(round(days or 0), 1)
    return "day" if rounded == 1 else f"{rounded} days"
