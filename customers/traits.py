"""Traits of a profile with the time of each value, so that late data never overwrites newer."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import orjson

from customers.access.masks import Masks
from customers.identity.corrected import CORRECTION, Corrected, in_force
from customers.identity.policy import Policy

# Distinct values kept of a trait, the newest: a name's slips are evidence, its whole past is not.
KEPT_VALUES = 16
# Of values longer than this only the newest is kept.
LONG_VALUE = 256
# Names kept of a profile's traits, those that were said last and what customers choose. Twice as
# many as one record may have.
KEPT_NAMES = 400

# What these begin with customers choose: the newest word counts, whoever said it, but none that is
# not trusted: anybody could take consents back, or give them.
PREFERENCE, CONSENT = "preference.", "consent."
CHOSEN = (PREFERENCE, CONSENT)
# As what the reason of a correction is shown: as what else colleagues write.
REASON = "note"

# By trait: (JSON text of a value, epoch milliseconds when it was last said), the newest first.
Traits = Mapping[str, tuple[tuple[str, int], ...]]


def loads(text: str | None) -> Traits:
    """Read what `dumps` wrote."""
    stored: dict[str, list[list[Any]]] = orjson.loads(text) if text else {}
    return {name: tuple((value, at) for value, at in values) for name, values in stored.items()}


def dumps(traits: Traits) -> str:
    """JSON text, the same for equal traits."""
    return orjson.dumps({name: traits[name] for name in sorted(traits)}).decode()


def with_values(traits: Traits, said: Mapping[str, str], at: int) -> Traits:
    """The traits after one more record; `said` are JSON texts by name. Any order gives the same."""
    if all(_says(traits, name, value, at) for name, value in said.items()):
        return traits
    changed = dict(traits)
    for name, value in said.items():
        times = dict(changed.get(name, ()))
        times[value] = max(at, times.get(value, at))
        newest = sorted(times.items(), key=lambda item: (item[1], item[0]), reverse=True)
        short = [item for n, item in enumerate(newest) if n == 0 or len(item[0]) <= LONG_VALUE]
        changed[name] = tuple(short[:KEPT_VALUES])
    if len(changed) > KEPT_NAMES:
        # The newest value of a trait stands first.
        names = sorted(
            changed, key=lambda name: (not name.startswith(CHOSEN), -changed[name][0][1], name)
        )
        changed = {name: changed[name] for name in names[:KEPT_NAMES]}
    return changed


def said_since(traits: Traits, since: int) -> Traits:
    """The values that were last said at a time, in epoch milliseconds, or later."""
    return {
        name: kept
        for name, values in traits.items()
        if (kept := tuple(one for one in values if one[1] >= since))
    }


def _says(traits: Traits, name: str, value: str, at: int) -> bool:
    return any(known == value and at <= last for known, last in traits.get(name, ()))


def golden(
    members: Iterable[tuple[str, Traits]], policy: Policy, corrected: Iterable[Corrected] = ()
) -> dict[str, dict[str, Any]]:
    """The customer's traits out of those of its profiles: `(source, traits)` each.

    Of every trait the newest value of the source of highest priority, a trusted one before all that
    are not; the other values stay beside
    it with their source and time. Equally new values of equal sources: the greater text, so that
    the order of arrival decides nothing. What a steward `corrected` goes before all of them.
    """
    said: dict[str, dict[tuple[str, str], int]] = {}
    for source, traits in members:
        for name, values in traits.items():
            if name.startswith(CHOSEN) and not policy.trusts(source):
                continue
            times = said.setdefault(name, {})
            for value, at in values:
                times[value, source] = max(at, times.get((value, source), at))
    found = {name: _survivor(name, said[name], policy) for name in said}
    for name, one in in_force(corrected).items():
        found[name] = _corrected(one, found.get(name))
    return {name: found[name] for name in sorted(found)}


def _corrected(one: Corrected, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """A golden trait as a steward corrected it, with the values that went before it beside it."""
    lost = [] if before is None else [{**before}, *before["others"]]
    others = [{name: other[name] for name in ("value", "source", "at")} for other in lost]
    return {
        "value": orjson.Fragment(one.value),
        "source": CORRECTION,
        "at": one.at,
        "others": others[:KEPT_OTHERS],
        "correction": {"id": one.id, "by": one.by, "reason": one.reason},
    }


def shown(
    golden: Mapping[str, Mapping[str, Any]], masks: Masks, hidden: Collection[str] = ()
) -> Mapping[str, Mapping[str, Any]]:
    """Golden traits as somebody sees them, without what `hidden` sources say.

    Earlier versions kept a number that is infinite as null, which says nothing.
    """
    if masks.clear and not hidden and not _has_null(golden):
        return golden
    return dict(_shown(golden, masks, hidden))


def _shown(
    golden: Mapping[str, Mapping[str, Any]], masks: Masks, hidden: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, trait in golden.items():
        said = [
            {"value": masks.trait(name, one["value"]), "source": one["source"], "at": one["at"]}
            for one in (trait, *trait["others"])
            if one["source"] not in hidden and one["value"] is not None
        ]
        if said and masks.shows_trait(name):
            best = {**said[0], "others": said[1:]}
            if why := trait.get("correction"):
                best["correction"] = {**why, "reason": masks.trait(REASON, why["reason"])}
            yield name, best


def _has_null(golden: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(
        one["value"] is None for trait in golden.values() for one in (trait, *trait["others"])
    )


# Losing values kept beside the winner of a golden trait, best first.
KEPT_OTHERS = 10


def _survivor(name: str, times: Mapping[tuple[str, str], int], policy: Policy) -> dict[str, Any]:
    chosen = name.startswith(CHOSEN)
    ranked = sorted(
        times.items(),
        key=lambda item: (
            policy.trusts(item[0][1]),
            0 if chosen else policy.source(item[0][1]).priority,
            item[1],
            item[0],
        ),
        reverse=True,
    )
    (value, source), at = ranked[0]
    others = [
        {"value": orjson.Fragment(other), "source": of, "at": when}
        for (other, of), when in ranked[1 : KEPT_OTHERS + 1]
    ]
    return {"value": orjson.Fragment(value), "source": source, "at": at, "others": others}
