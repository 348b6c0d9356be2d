"""Keys: what one profile and one interaction is. A policy never changes a key."""

import hashlib
import re
from collections.abc import Iterable

LONGEST_KEY_BYTES = 1024
# What stands for the id of a row that has none in its source, as it is shown.
_STAND_IN = re.compile("~[0-9a-f]{32}")


def escaped(part: str) -> str:
    """A part of a key: no separator in it, and no leading ``~``, which marks our own keys."""
    text = part.replace("%", "%25").replace("|", "%7C")
    return "%7E" + text[1:] if text.startswith("~") else text


def digest(*parts: str) -> str:
    """A hash of texts that no other list of texts shares (each is preceded by its length)."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode()
        hasher.update(len(data).to_bytes(8, "big") + data)
    return hasher.hexdigest()


def profile_key(source: str, source_id: str | None, identifiers: Iterable[str]) -> tuple[str, str]:
    """The key of a profile and the id it has in its source.

    Where the source has no id of its own, the sorted keys of its identifiers stand in for one.
    """
    if source_id is None:
        known_by = digest(*sorted(identifiers))
        return f"~h|{escaped(source)}|{known_by}", f"~{known_by}"
    key = f"{escaped(source)}|{escaped(source_id)}"
    if len(key.encode()) > LONGEST_KEY_BYTES:
        key = f"~l|{digest(source, source_id)}"
    return key, source_id


def known_key(source: str, source_id: str) -> str:
    """The key of a profile by the id that is shown of it, which may stand for its identifiers."""
    if _STAND_IN.fullmatch(source_id):
        return f"~h|{escaped(source)}|{source_id[1:]}"
    return profile_key(source, source_id, ())[0]


def interaction_key(source: str, interaction_id: str | None, *described: str) -> str:
    """The key of an interaction: its source's id, else what describes it."""
    if interaction_id is None:
        return f"~h|{digest(source, *described)}"
    key = f"{escaped(source)}|{escaped(interaction_id)}"
    return key if len(key.encode()) <= LONGEST_KEY_BYTES else f"~l|{digest(source, interaction_id)}"
