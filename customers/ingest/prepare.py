"""Prepare: a record becomes keys, normalised values and the reasons for what was refused."""

import math
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import orjson

from customers.errors import InvalidInputError
from customers.identity.normalise import RefusedError, identifier_key, region_of
from customers.identity.policy import Policy
from customers.ingest.keys import digest, interaction_key, known_key, profile_key
from customers.ingest.record import DeviceValue, InteractionValue, Record
from customers.marks import MOST_MARKS, too_many_marks
from customers.money import to_minor
from customers.times import DAY_MS, day_of, to_ms

LONGEST_TRAIT_BYTES = 16_384
LONGEST_TRAIT_NAME_BYTES = 128
# Of what a source says that is not trusted: it is shown of whomever it claims to be.
LONGEST_DOUBTFUL_BYTES = 1_024
LONGEST_PROPERTIES_BYTES = 32_768
# What a refused identifier is called, before its namespace.
IDENTIFIER = "identifier "
EARLIEST_MS = -2_208_988_800_000  # 1900-01-01


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of a record that was not taken, and why; the rest of the record was."""

    what: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class PreparedIdentifier:
    """An identifier as the graph knows it."""

    key: str
    namespace: str
    value: str
    device: DeviceValue | None = None


@dataclass(frozen=True, slots=True)
class PreparedProduct:
    """A product line; `amount` in minor units."""

    key: str
    name: str | None
    category: str | None
    quantity: float
    amount: int | None


@dataclass(frozen=True, slots=True)
class PreparedInteraction:
    """What happened, with the period (a UTC day of the profile) that holds it."""

    key: str
    period: str
    day: int
    type: str
    name: str | None
    channel: str | None
    amount: int | None
    currency: str | None
    order_id: str | None
    properties: str
    products: tuple[PreparedProduct, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record, ready to be applied to what the graph has of its profile."""

    profile: str
    source: str
    source_id: str
    at: int
    dated: bool
    digest: int
    identifiers: tuple[PreparedIdentifier, ...]
    traits: dict[str, str]
    interaction: PreparedInteraction | None
    replace: bool = False
    deleted: bool = False
    refused: list[Refused] = field(default_factory=list)


def prepare(record: Record, policy: Policy, received: int, place: str = "") -> Prepared:
    """The record as the graph takes it.

    `received` is the time of receipt in epoch milliseconds; later event times are set back to it.
    `place` tells identical interactions without an id apart (the place in a file).

    Raises:
        InvalidInputError: nothing in the record says whose it is, or its source is not trusted and
            it asks to replace or delete.
    """
    if (record.replace or record.deleted) and not policy.trusts(record.source):
        raise InvalidInputError(
            f"the source {record.source} is not trusted: it can neither replace nor delete"
        )
    refused: list[Refused] = []
    identifiers = _identifiers(record, policy, refused)
    if record.source_id is None and not identifiers:
        why = "; ".join(f"{one.what} {one.value!r}: {one.reason}" for one in refused)
        raise InvalidInputError(f"no usable identifier and no sourceId ({why})")
    key, source_id = profile_key(
        record.source, record.source_id, (identifier.key for identifier in identifiers)
    )
    if record.deleted and record.source_id is not None:
        key = known_key(record.source, record.source_id)
    at = min(to_ms(record.at), received) if record.at else received
    at = max(at, EARLIEST_MS)
    most = LONGEST_TRAIT_BYTES if policy.trusts(record.source) else LONGEST_DOUBTFUL_BYTES
    traits = _traits(record.traits, refused, most)
    interaction = None
    if record.interaction is not None:
        interaction = _interaction(
            record, record.interaction, key, at, place=place, refused=refused
        )
    return Prepared(
        profile=key,
        source=record.source,
        source_id=source_id,
        at=at,
        dated=record.at is not None,
        digest=_digest(record, identifiers, traits),
        identifiers=tuple(identifiers),
        traits=traits,
        interaction=interaction,
        replace=record.replace,
        deleted=record.deleted,
        refused=refused,
    )


def _identifiers(
    record: Record, policy: Policy, refused: list[Refused]
) -> list[PreparedIdentifier]:
    found: dict[str, PreparedIdentifier] = {}
    region = region_of(record.traits.get("country"))
    for one in (*record.identifiers, *([record.device] if record.device else [])):
        try:
            key, value = identifier_key(one.namespace, one.value, policy, region)
        except RefusedError as problem:
            refused.append(Refused(f"{IDENTIFIER}{one.namespace}", one.value[:80], str(problem)))
            continue
        device = one if isinstance(one, DeviceValue) else None
        if key not in found or device:
            found[key] = PreparedIdentifier(key, one.namespace, value, device)
    return list(found.values())


def _traits(traits: dict[str, Any], refused: list[Refused], most: int) -> dict[str, str]:
    """Traits as JSON text of at most so many bytes by name; empty values say nothing."""
    kept: dict[str, str] = {}
    for name, value in traits.items():
        clean = " ".join(value.split()) if isinstance(value, str) else value
        if clean is None or clean in ("", [], {}) or clean != clean:  # noqa: PLR0124 - NaN
            continue
        if isinstance(clean, str):
            if too_many_marks(clean):
                refused.append(Refused("trait", name[:80], f"over {MOST_MARKS} marks on a letter"))
                continue
            clean = unicodedata.normalize("NFC", clean)
        try:
            text = _json(clean)
        except orjson.JSONEncodeError as problem:
            refused.append(Refused("trait", name[:80], f"not JSON: {problem}"))
            continue
        if len(text) > most or len(name.encode()) > LONGEST_TRAIT_NAME_BYTES:
            refused.append(Refused("trait", name[:80], f"longer than {most} bytes"))
        else:
            kept[name] = text.decode()
    return kept


def _interaction(
    record: Record,
    value: InteractionValue,
    profile: str,
    at: int,
    *,
    place: str,
    refused: list[Refused],
) -> PreparedInteraction:
    text = _properties(value, refused)
    # An undated line of a file is known by its place; an undated event is new whenever it comes.
    when = record.at.isoformat() if record.at else "" if place else str(at)
    described = (profile, when, value.type, value.name or "", text, place)
    currency = value.currency or ""
    return PreparedInteraction(
        key=interaction_key(record.source, value.id, *described),
        period=f"{profile}|{day_of(at)}",
        day=at // DAY_MS * DAY_MS,
        type=value.type,
        name=value.name,
        channel=value.channel,
        amount=None if value.amount is None else to_minor(value.amount, currency),
        currency=value.currency,
        order_id=value.order_id,
        properties=text,
        products=tuple(
            PreparedProduct(
                line.key,
                line.name,
                line.category,
                line.quantity,
                None if line.amount is None else to_minor(line.amount, currency),
            )
            for line in value.products
        ),
    )


def _properties(value: InteractionValue, refused: list[Refused]) -> str:
    """The properties as JSON text, or none where JSON cannot hold them."""
    try:
        text = _json(value.properties)
        reason = f"longer than {LONGEST_PROPERTIES_BYTES} bytes"
    except (orjson.JSONEncodeError, UnicodeError) as problem:
        text, reason = b"", f"not JSON: {problem}"
    if text and len(text) <= LONGEST_PROPERTIES_BYTES:
        return text.decode()
    refused.append(Refused("properties", value.name or value.type, reason))
    return "{}"


def _json(value: object) -> bytes:
    """JSON text.

    Raises:
        orjson.JSONEncodeError: JSON cannot hold it.
    """
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    # As which orjson writes what is no finite number.
    if b"null" in text and _infinite(value):
        raise orjson.JSONEncodeError("Number is infinite")
    return text


def _infinite(value: object) -> bool:
    if isinstance(value, float):
        return math.isinf(value)
    if isinstance(value, dict):
        return any(map(_infinite, value.values()))
    return isinstance(value, list | tuple) and any(map(_infinite, value))


def _digest(record: Record, identifiers: list[PreparedIdentifier], traits: dict[str, str]) -> int:
    """Sixty-three bits by which a profile knows a record that it has seen before."""
    parts = [record.at.isoformat() if record.at else ""]
    parts += sorted(identifier.key for identifier in identifiers)
    parts += [f"{name}={traits[name]}" for name in sorted(traits)]
    parts += [record.device.model_dump_json()] if record.device else []
    parts += ["replace"] if record.replace else []
    return int(digest(*parts)[:16], 16) >> 1
