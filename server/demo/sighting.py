"""Sighting: a record of the demo, and whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.demo.days import iso

JsonRecord = dict[str, Any]
Profile = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record with its owner: the number of a person, or of anonymous use the shared thing."""

    at: datetime
    record: JsonRecord
    owner: str
    shared_thing: str | None = None

    @property
    def profile(self) -> Profile:
        """Source and sourceId."""
        return self.record["source"], self.record["sourceId"]

    @property
    def nobodys(self) -> bool:
        """Anonymous use of a thing that several people may use."""
        return self.owner == self.shared_thing


def record(
    source: str,
    source_id: str,
    at: datetime,
    identifiers: Iterable[tuple[str, str]],
    **parts: object,
) -> JsonRecord:
    """A record of the import format; `parts` that are empty are left out."""
    named = [{"namespace": name, "value": value} for name, value in identifiers]
    found = {"source": source, "sourceId": source_id, "at": iso(at), "identifiers": named}
    return found | {name: part for name, part in parts.items() if part}
