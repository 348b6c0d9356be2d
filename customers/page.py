"""Pages of what grows without bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from customers.errors import InvalidInputError

T = TypeVar("T")
LARGEST_PAGE = 500
# Beyond every number and every time, and after every key: where a page begins that has no cursor.
END = 2**62
LAST_KEY = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in their order, and whether there are more on either side."""

    items: Sequence[T]
    has_next: bool
    has_previous: bool = False

    @classmethod
    def of(cls, found: Sequence[T], first: int, *, after: bool) -> "Page[T]":
        """A page out of up to `first` + 1 items that were found after a cursor, if any."""
        return cls(found[:first], has_next=len(found) > first, has_previous=after)


@dataclass(frozen=True, slots=True)
class PageWanted:
    """A page of what hangs on `of` (an id or a key): after a position, or the first of all."""

    of: str
    first: int
    position: tuple[Any, ...] = ()


def checked_size(name: str, size: int | None) -> int | None:
    """A page size as asked for.

    Raises:
        InvalidInputError: negative or too large.
    """
    if size is not None and not 0 <= size <= LARGEST_PAGE:
        raise InvalidInputError(f"`{name}` must be between 0 and {LARGEST_PAGE}, not {size}.")
    return size
