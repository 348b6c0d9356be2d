"""People of an identifier: how many its holders seem to be, from a small order-free summary."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from customers.identity.compared import Fields
from customers.identity.evidence import NOTHING, namespace_of
from customers.identity.names import DIFFER, MANY_NAMES, families_named, family_names, people_named
from customers.identity.policy import Policy

# Distinct values kept of each kind: those with the smallest hashes, whatever order they came in.
# Far above any crowd limit; a sample of names that are all alike still counts as alike.
KEPT = 64

# Kinds of what is told besides namespaces, none of which begins with a dot: given names, family
# names, family names without a given name, and whether anybody who is trusted tells.
GIVEN, FAMILY, NAMELESS, TRUSTED = ".given", ".family", ".nameless", ".trusted"
# Before a namespace: those of its values that came with a given name, of whom that may be believed.
NAMED = ".named|"
# Before the kind of what a source says that is not trusted.
DOUBTFUL = "?"
YES = frozenset({"1"})

Told = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Summary:
    """Distinct values that the holders of an identifier show, by kind (a field or a namespace)."""

    values: Told

    @classmethod
    def of(cls, told: Iterable[Told]) -> "Summary":
        """The summary of what several holders tell of themselves."""
        united: dict[str, set[str]] = {}
        for one in told:
            for kind, values in one.items():
                united.setdefault(kind, set()).update(values)
        for mark in ("", DOUBTFUL):
            # Who told a given name later tells no other family by it.
            if nameless := united.get(mark + NAMELESS):
                nameless -= united.get(mark + FAMILY, NOTHING)
        return cls({kind: _smallest(values) for kind, values in united.items() if values})

    @classmethod
    def loads(cls, text: str | None) -> "Summary":
        """Read what `dumps` wrote."""
        stored: dict[str, list[str]] = orjson.loads(text) if text else {}
        return cls({kind: frozenset(values) for kind, values in stored.items()})

    def dumps(self) -> str:
        """JSON text, the same for equal summaries."""
        return orjson.dumps(
            {kind: sorted(self.values[kind]) for kind in sorted(self.values)}
        ).decode()

    def __or__(self, told: Told) -> "Summary":
        """The summary with one more holder, or with more that a holder tells."""
        if all(values <= self.values.get(kind, frozenset()) for kind, values in told.items()):
            return self
        return Summary.of((self.values, told))

    def people(self, namespace: str, policy: Policy) -> int:
        """How many people seem to hold an identifier of `namespace`, at least 1.

        Clusters of given names, and of family names where no given name came with them; distinct
        unique values; distinct e-mails for browsers and devices, and for anything that has more of
        them than a crowd for each that is named, and one. On a browser everybody who is named may
        have two. Where trusted sources know the identifier, what others say counts for nothing.
        """
        return max(1, *(count for count, _ in self.counted(namespace, policy).values()))

    def counted(self, namespace: str, policy: Policy) -> dict[str, tuple[int, frozenset[str]]]:
        """How many people its holders are by what they are called (GIVEN), and by each namespace.

        With the values that were counted.
        """
        told = self.values
        if TRUSTED in told:
            told = {kind: values for kind, values in told.items() if not kind.startswith(DOUBTFUL)}
        given, families, nameless = (
            told.get(kind, NOTHING) | told.get(DOUBTFUL + kind, NOTHING)
            for kind in (GIVEN, FAMILY, NAMELESS)
        )
        named = _named(given, families, nameless, ours=namespace in policy.keys)
        counts = {GIVEN: (named, given | nameless)}
        # So many mailboxes have no few people: rows without names are a crowd by these.
        many = policy.crowd * (named + 1)
        for kind, values in told.items():
            name = kind.removeprefix(DOUBTFUL)
            if name == namespace or name.startswith("."):
                continue
            if policy.namespace(name).unique:
                counts[kind] = (len(values), values)
            elif name in policy.telling and namespace in policy.things:
                known = told.get(NAMED + name, NOTHING)
                counts[kind] = (_users(values, known, named, families), values)
            elif name in policy.telling and len(values) > many:
                counts[kind] = (len(values), values)
        return counts


def _users(
    mailboxes: frozenset[str], known: frozenset[str], named: int, families: frozenset[str]
) -> int:
    """How many people use a thing, by their mailboxes: whoever is named may have two `known` ones.

    Each of the others is somebody's. One given name of several families is several people.
    """
    names = named if named >= len(known) else max(named, families_named(families))
    return max(min(len(known), names), len(known) - names) + len(mailboxes - known)


def _named(
    given: frozenset[str], families: frozenset[str], nameless: frozenset[str], *, ours: bool
) -> int:
    """How many people these names are, those of one of `ours`, our own keys, by families too."""
    people = people_named(given)
    if 1 < len(families) < MANY_NAMES and families <= given:
        # Of West James and James West one name is the family's, written in the wrong place.
        people = min(people, *(people_named(given - {one}) for one in families))
    if len(given) >= KEPT:
        # A sample: slips in a name that is not among it look like names of their own.
        people = max(1, people // 2)
    if ours:
        # Whoever has one of our own keys may have one given name and another family's.
        return max(people, families_named(families | nameless))
    strangers = frozenset(
        name for name in nameless if not any(family_names(name, one) > DIFFER for one in families)
    )
    others = families_named(strangers)
    return people + (max(1, others // 2) if len(nameless) >= KEPT else others)


def is_generic(people: int, value: str, policy: Policy) -> bool:
    """Whether an identifier links nobody: too many people have it, or the policy blocks it now."""
    return people > policy.crowd or policy.blocked_pattern.matches(value)


def _smallest(values: Iterable[str]) -> frozenset[str]:
    distinct = set(values)
    if len(distinct) <= KEPT:
        return frozenset(distinct)
    return frozenset(sorted(distinct, key=lambda value: (_hash(value), value))[:KEPT])


def _hash(value: str) -> bytes:
    return hashlib.blake2b(value.encode(), digest_size=8).digest()


def told_by(identifiers: Iterable[str], fields: Fields, policy: Policy, *, trusted: bool) -> Told:
    """What a profile tells of its holder to each of its identifiers."""
    told: dict[str, set[str]] = {}
    given = fields.get(policy.given or "", NOTHING)
    families = fields.get(policy.family or "", NOTHING)
    told[GIVEN] = set(given)
    told[FAMILY if given else NAMELESS] = set(families)
    on_a_thing = False
    for key in identifiers:
        namespace = namespace_of(key)
        if namespace in policy.unique or namespace in policy.telling:
            told.setdefault(namespace, set()).add(key)
        on_a_thing = on_a_thing or namespace in policy.things
    if on_a_thing and trusted and any(len(name) > 1 for name in given):
        told |= {NAMED + name: told[name] for name in policy.telling & told.keys()}
    mark = "" if trusted else DOUBTFUL
    tells = {mark + kind: frozenset(values) for kind, values in told.items() if values}
    return tells | {TRUSTED: YES} if trusted and policy.doubts else tells
