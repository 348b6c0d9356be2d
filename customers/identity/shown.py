"""What of people's values an explanation shows to a caller: each kind through one function."""

from customers.access.masks import HIDDEN
from customers.principal import Principal


def shown_trait(principal: Principal, name: str, value: str) -> str:
    """A trait's value, or the `address` that several make, as the caller may see it."""
    shown = principal.masks.trait(name, value)
    return HIDDEN if shown is None else str(shown)


def shown_identifier(principal: Principal, namespace: str, value: str) -> str:
    """An identifier's value as the caller may see it."""
    return principal.masks.identifier(namespace, value)
