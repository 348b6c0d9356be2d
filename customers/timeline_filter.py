"""Timeline filter: which interactions a timeline shows, by type, channel and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from customers.errors import CursorMismatchError, InvalidInputError
from customers.ingest.keys import digest
from customers.kinds import Kind, needles
from customers.page import END
from customers.times import to_ms

# A timeline is looked through for every type in every channel.
MOST_NAMES = 32


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """Types and channels (None: any) and the time from `since` on and before `until`."""

    types: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    since: int = -END
    until: int = END

    @property
    def nothing(self) -> bool:
        """Whether no interaction can be meant."""
        return self.types == () or self.channels == ()

    @property
    def by_kind(self) -> bool:
        """Whether it asks for types or channels."""
        return self.types is not None or self.channels is not None

    def needles(self) -> list[str] | None:
        """What a period's kinds have one of."""
        return needles(self.types, self.channels)

    def has(self, kind: Kind) -> bool:
        """Whether interactions of a kind are meant."""
        return (self.types is None or kind[0] in self.types) and (
            self.channels is None or kind[1] in self.channels
        )

    def meets(self, type: str, channel: str | None, at: int) -> bool:
        """Whether an interaction is meant."""
        return self.since <= at < self.until and self.has((type, channel or ""))

    def position(self, *position: str | int) -> tuple[str | int, ...]:
        """A position as a cursor keeps it: with its filter, where there is one."""
        return position if self == EVERYTHING else (*position, self._name())

    def checked(self, kept: Sequence[Any]) -> tuple[int, str]:
        """The position that a cursor kept.

        Raises:
            CursorMismatchError: the cursor belongs to another filter.
        """
        at, key, *name = kept
        if name != ([] if self == EVERYTHING else [self._name()]):
            raise CursorMismatchError(
                "The cursor belongs to other `types`, `channels`, `from` or `to`: "
                "give those it came with, or begin without `after`."
            )
        return at, key

    def _name(self) -> str:
        parts = (self.types, self.channels, self.since, self.until)
        return digest(*(orjson.dumps(part).decode() for part in parts))


EVERYTHING = TimelineFilter()


def timeline_filter(
    types: Sequence[str] | None = None,
    channels: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> TimelineFilter:
    """The filter of these arguments; the order of names does not count.

    Raises:
        InvalidInputError: too many names, or the time ends before it begins.
    """
    chosen = TimelineFilter(
        _names("types", types),
        _names("channels", channels),
        -END if since is None else to_ms(since),
        END if until is None else to_ms(until),
    )
    if chosen.since >= chosen.until:
        raise InvalidInputError("`from` must be before `to`.")
    return chosen


def _names(argument: str, names: Sequence[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    # No type and no channel is called nothing.
    unique = tuple(sorted(set(filter(None, names))))
    if len(unique) > MOST_NAMES:
        raise InvalidInputError(f"`{argument}` may name {MOST_NAMES} at most.")
    return unique
