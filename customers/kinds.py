"""Kinds: how often interactions of each type and channel happened, as a text to search in.

``;page|web=3;call|=1`` is three pages seen on the web and a call without a channel. What separates
is escaped in names, so a text that holds ``;page|`` has the type `page`, and no other text does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote

# (type, channel); a channel of no name is "".
Kind = tuple[str, str]


@lru_cache(maxsize=1024)
def _escaped(name: str) -> str:
    text = name.replace("%", "%25").replace(";", "%3B")
    return text.replace("|", "%7C").replace("=", "%3D")


def dumps(kinds: Mapping[Kind, int]) -> str:
    """The text of counts by kind."""
    return "".join(
        f";{_escaped(kind[0])}|{_escaped(kind[1])}={count}" for kind, count in sorted(kinds.items())
    )


def loads(text: str) -> Counter[Kind]:
    """The counts by kind of a text."""
    kinds: Counter[Kind] = Counter()
    for one in text.split(";")[1:]:
        name, _, count = one.partition("=")
        first, _, second = name.partition("|")
        kinds[unquote(first), unquote(second)] = int(count)
    return kinds


def needles(types: Iterable[str] | None, channels: Sequence[str] | None) -> list[str] | None:
    """Texts of which one is in every text with such a kind, and in no other; None: all have one."""
    if types is not None and channels is not None:
        return [f";{_escaped(one)}|{_escaped(by)}=" for one in types for by in channels]
    if types is not None:
        return [f";{_escaped(one)}|" for one in types]
    return None if channels is None else [f"|{_escaped(one)}=" for one in channels]
