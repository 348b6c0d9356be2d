"""Described: what sources say of a device or a product. The newest word counts, in any order.

What a source says that is not trusted holds only while no trusted one says anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from customers.ingest.record import DeviceValue
from cypher import Row

# Longer than times go back.
UNTRUSTED_MS = 10**15
# When something was said that an earlier version did not note the time of, and what nobody said.
LONG_AGO, NEVER = 0, -2 * UNTRUSTED_MS


def said_at(at: int, *, trusted: bool) -> int:
    """When a source said something: of one that is not trusted, before all others."""
    return at if trusted else at - UNTRUSTED_MS


@dataclass(slots=True)
class Device:
    """What is known of a thing by field, and when it was said (see `said_at`)."""

    values: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)

    def say(self, values: Mapping[str, str], at: int) -> bool:
        """Take in what a source says; whether anything is new. Of equally new words the greater."""
        new = {
            name: value
            for name, value in values.items()
            if (at, value) > (self.times.get(name, NEVER), self.values.get(name, ""))
        }
        self.values |= new
        self.times |= dict.fromkeys(new, at)
        return bool(new)

    def forget(self, since: int, until: int) -> bool:
        """Forget what was said from `since` to `until`; whether anything was.

        What others said before that is not known any more.
        """
        gone = {name for name, at in self.times.items() if since <= at <= until}
        self.values = {name: value for name, value in self.values.items() if name not in gone}
        self.times = {name: at for name, at in self.times.items() if name not in gone}
        return bool(gone)

    def row(self) -> Row:
        """As it is written of an identifier."""
        times = [self.times.get(name, NEVER) for name in DeviceValue.described]
        values = {name: self.values.get(name) for name in DeviceValue.described}
        return {"device": True, "describedAt": times, **values}


NO_DEVICE: Row = dict.fromkeys(("device", "describedAt", *DeviceValue.described))


def device_of(row: Row) -> Device | None:
    """What an identifier has of a thing; None where it is none."""
    if not row["isDevice"]:
        return None
    times = row["describedAt"] or [LONG_AGO] * len(DeviceValue.described)
    known = dict(zip(DeviceValue.described, times, strict=True))
    values = {name: row[name] for name in known if row[name] is not None}
    return Device(values, {name: known[name] for name in values})
