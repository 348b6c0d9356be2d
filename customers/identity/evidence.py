"""Evidence: what is known of a profile or a cluster, and how many bits speak for two being one."""

import math
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from customers.identity.addresses import comparable, in_two_places, is_house, nearness
from customers.identity.compared import Fields
from customers.identity.dates import date_slip, is_new_year, of_year, one_part_off
from customers.identity.decided import apart
from customers.identity.mailboxes import is_office, mistyped
from customers.identity.names import (
    AGREE,
    DIFFER,
    NEITHER,
    agreement,
    one_family,
    shared_word,
    slip,
)
from customers.identity.policy import ADDRESS, Policy

VETO = -math.inf
# Of a sum of bits. What is left is how a computer adds, and would make two strengths of one.
DIGITS = 9


class Rule(StrEnum):
    """Why a piece of evidence counts what it counts."""

    HELD = "held"  # an identifier of one person
    COMMON = "common"  # one of several people, the strongest of those they share
    THING = "thing"  # a browser or device of two who are known by different kinds of unique ids
    HOUSE = "house"  # the address of one house
    NEAR = "near"  # addresses that are nearly one, or in one place
    CROWDED = "crowded"  # the address of one house in which many live
    FIRM = "firm"  # one company, of one full name
    OTHERS = "others"  # each side has another identifier
    AGREE = "agree"
    ALIKE = "alike"  # first names that are one, and not to the letter
    YEAR = "year"  # a 1 January, which may stand for a year alone
    DIFFER = "differ"
    COLLEAGUES = "colleagues"  # family names of two who share nothing that is one person's alone
    NEITHER = "neither"  # nobody can tell
    TWINS = "twins"  # a birth date of two who are called otherwise
    SLIP = "slip"  # a slip in a personal number or an e-mail
    TWO_USERS = "twoUsers"  # all that they share is a thing that two used
    UNLINKED = "unlinked"  # they share no identifier
    OTHER_UNIQUE = "otherUnique"  # a veto: two values of what a person has one of
    EXCLUDE = "exclude"  # a veto: values more than a slip apart
    DECIDED = "decided"  # a veto: a person said that they are two
    GENERIC = "generic"  # of too many people to count; told, and worth nothing
    UNCOUNTED = "uncounted"  # of a namespace that links nobody; told, and worth nothing


# The rule, what it is about (an identifier's key, a namespace or a field) and the bits it is worth.
Piece: TypeAlias = tuple[Rule, str, float]
# What a birth date counts of two whose given names differ, unless they share what is one person's
# alone: twins have one too.
TWINS = 1 / 3
# Whoever is called so to the letter comes before whoever is nearly: Mara before her sister Maria.
ALIKE = -1.0
# What a date counts where only the year may be known: two of one name and year are many.
YEAR = 1 / 2
# Two known by different kinds of unique ids who used one thing are two, unless more says otherwise.
TWO_USERS = -4.0
# What of an address is left where so many live there that it leads nobody to anybody: of students
# of one hall or staff of one firm, few have one full name.
HOUSE_OF_MANY = 0.8
# Of a number that was given to somebody else of one first name, the mailbox is another, too.
OTHER_FAMILY = -1.0
# Who have nothing of one person's alone in common: colleagues, or flatmates, of one first name.
NO_MARRIAGE = -2.0
# Of values that one person has alone. Among more pairs nobody looks for a slip.
MOST_PAIRS = 400
FIRST_GENERATION = frozenset("1")


class Evidence(NamedTuple):
    """Identifiers by namespace (keys, generic ones left out) and compared values by field.

    No set of theirs is empty. A tuple, since a decision makes many.

    `links` are the keys that are evidence, `leads` those besides that only bring candidates
    together. `used` is when, in epoch milliseconds, it last used what belongs to its newest user.
    `sides` are those that it is on of what people decided never to link.
    """

    links: frozenset[str]
    held: Mapping[str, frozenset[str]]
    fields: Fields
    leads: frozenset[str] = frozenset()
    used: frozenset[tuple[str, int]] = frozenset()
    trusted: bool = True
    sides: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: "Evidence") -> "Evidence":
        """The two as one."""
        return Evidence(
            self.links | other.links,
            _united(self.held, other.held),
            _united(self.fields, other.fields),
            self.leads | other.leads,
            self.used | other.used,
            self.trusted or other.trusted,
            self.sides | other.sides,
        )


NOTHING: frozenset[str] = frozenset()


def _united(
    left: Mapping[str, frozenset[str]], right: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    if left == right:
        return left
    both = {name: left[name] | right[name] for name in left.keys() & right.keys()}
    return {**left, **right, **both}


def namespace_of(key: str) -> str:
    """The namespace in an identifier's key, ``namespace|value``."""
    return key.partition("|")[0]


def evidence(
    identifiers: Iterable[str],
    fields: Fields,
    policy: Policy,
    *,
    used: Mapping[str, int] | None = None,
    trusted: bool = True,
) -> Evidence:
    """Evidence of a profile from the keys of its identifiers that are not generic.

    `used` says when it was last seen with them.
    """
    links: set[str] = set()
    leads: set[str] = set()
    held: dict[str, set[str]] = {}
    for key in identifiers:
        namespace = namespace_of(key)
        if namespace in policy.links:
            links.add(key)
            if namespace in policy.compared:
                held.setdefault(namespace, set()).add(key)
        elif namespace in policy.keys:
            leads.add(key)
    return Evidence(
        frozenset(links),
        {name: frozenset(keys) for name, keys in held.items()},
        fields,
        frozenset(leads),
        _owners_uses(links, used, policy) if used and policy.owned else frozenset(),
        trusted,
    )


def _owners_uses(
    links: set[str], used: Mapping[str, int], policy: Policy
) -> frozenset[tuple[str, int]]:
    """The uses of what belongs to its newest user, by somebody whom a better identifier tells."""
    best = max((policy.namespace(namespace_of(key)).priority for key in links), default=0)
    return frozenset(
        (key, used[key])
        for key in links
        if (namespace := namespace_of(key)) in policy.owned
        and policy.namespace(namespace).priority < best
    )


def bits(a: Evidence, b: Evidence, people: Mapping[str, int], policy: Policy) -> float:
    """Evidence that `a` and `b` (profiles or clusters) are one person; VETO where they cannot be.

    The sum of its `pieces`. The weights are the log-likelihood ratios of Fellegi and Sunter,
    rounded.
    """
    return total(pieces(a, b, people, policy))


def total(found: Iterable[Piece]) -> float:
    """What pieces come to, in whatever order they are told: that of sets differs by process."""
    return round(math.fsum([amount for _, _, amount in found]), DIGITS)


def besides(
    a: Evidence, b: Evidence, people: Mapping[str, int], policy: Policy
) -> tuple[Piece, ...]:
    """The `pieces` of two that are kept apart by what a person has one of, but for that veto."""
    return tuple(pieces(a, b, people, policy, heeded=False))


def pieces(
    a: Evidence, b: Evidence, people: Mapping[str, int], policy: Policy, *, heeded: bool = True
) -> list[Piece]:
    """What speaks for `a` and `b` being one person, and what against; a veto is the last.

    Identifiers that one person holds add up. Of those that several people share only the strongest
    counts, less 3.5 log2(people): what a household shares, its address among it, is one fact, not
    four. `people` has every shared identifier. What a person decided goes before everything; that
    both have values of their own of what a person has one of is not `heeded` for who asks so.
    """
    if a.sides and b.sides and (decision := apart(a.sides, b.sides)) is not None:
        return [(Rule.DECIDED, decision, VETO)]
    common_unique = a_known = b_known = False
    for name in policy.unique:
        ours, theirs = a.held.get(name, NOTHING), b.held.get(name, NOTHING)
        if not (ours or theirs):
            continue
        a_known, b_known = a_known or bool(ours), b_known or bool(theirs)
        # One record with two values of what a person has one of proves neither: it joins nobody.
        if len(ours) > 1 or len(theirs) > 1 or (ours and theirs and ours != theirs):
            if not heeded:
                continue
            return [(Rule.OTHER_UNIQUE, name, VETO)]
        common_unique = common_unique or bool(ours and theirs)
    unique_apart = a_known and b_known and not common_unique
    shared = common(a, b, policy)
    settled = common_unique or any(namespace_of(key) in policy.personal for key in shared)
    verdicts = _verdicts(a.fields, b.fields, policy, _own(shared, people))
    own = [*_apart(a, b, people, policy, verdicts)]
    near = _near(a, b, shared, policy)
    if linked(a, b) or not any(amount < 0 for _, _, amount in own):
        near = max(near, _firm(a, b, verdicts, policy), key=lambda piece: piece[2])
    found = [
        *_shared(shared, people, policy, known_apart=unique_apart, near=near),
        *own,
        *_told(
            a.fields, b.fields, verdicts, policy, settled=settled, apart=_of_several(shared, people)
        ),
    ]
    if unique_apart and _only_things(shared, policy):
        weight = total(found)
        if TWO_USERS < weight < policy.merge_bits:
            # They used one browser, and nothing says that they are one: neither does a third visit.
            found.append((Rule.TWO_USERS, "", TWO_USERS - weight))
    return found


def joining(
    a: Evidence, b: Evidence, people: Mapping[str, int], policy: Policy
) -> tuple[Piece, ...]:
    """The `pieces`, and what is missing where the two share no identifier."""
    found = tuple(pieces(a, b, people, policy))
    if (found and found[-1][2] == VETO) or linked(a, b):
        return found
    return (*found, (Rule.UNLINKED, "", missing(a, b, policy)))


def missing(a: Evidence, b: Evidence, policy: Policy) -> float:
    """What two lack who share no identifier, and were picked because they are alike; 0 of others.

    Where nobody compared family names, nor is there a common house, it is what such a name is worth
    besides: many have one first name and one birth date.
    """
    if linked(a, b):
        return 0.0
    family = policy.family
    if family is None or (family in a.fields and family in b.fields) or common(a, b, policy):
        return policy.unlinked_bits
    return policy.unlinked_bits - policy.fields[family].agree


def _apart(
    a: Evidence,
    b: Evidence,
    people: Mapping[str, int],
    policy: Policy,
    verdicts: Mapping[str, int],
) -> Iterator[Piece]:
    """Namespaces of which each side has identifiers of its own.

    Who is known by what several people use, such as a family's mailbox, may have one of their own
    besides: only two who are both known by such alone are told apart by it.
    Somebody of one full name and birth date has a mailbox at work and one at home: of two who are
    called alike only personal numbers that differ speak against it, whoever has them besides.
    """
    for name, differ in policy.told_apart.items():
        if name not in a.held or name not in b.held:
            continue
        personal = name in policy.personal
        ours, theirs = a.held[name], b.held[name]
        own, others = _own(ours, people), _own(theirs, people)
        if name in policy.mailboxes:
            own, others = (
                frozenset(key for key in one if not is_office(key)) for one in (own, others)
            )
        if personal or not (own or others):
            own, others = own or ours, others or theirs
        if not own or not others or own & others:
            continue
        if personal:
            slipped = any(slip(x, y) for x in ours for y in theirs)
        else:
            few = name in policy.mailboxes and len(own) * len(others) <= MOST_PAIRS
            slipped = few and any(mistyped(x, y) for x in own for y in others)
        if slipped:
            yield Rule.SLIP, name, 0.0
        elif not personal and _named(verdicts, policy):
            yield Rule.OTHERS, name, 0.0
        elif not personal and _of_another_family(verdicts, policy):
            yield Rule.OTHERS, name, differ + OTHER_FAMILY
        else:
            yield Rule.OTHERS, name, differ


def _named(verdicts: Mapping[str, int], policy: Policy) -> bool:
    """Whether given name, family name and a date, such as that of birth, agree."""
    names = verdicts.get(policy.given or ""), verdicts.get(policy.family or "")
    return names == (AGREE, AGREE) and _of_one_date(verdicts, policy)


def _of_another_family(verdicts: Mapping[str, int], policy: Policy) -> bool:
    """Whether family names differ, and no date says that it is one person who married."""
    differ = verdicts.get(policy.family or "") == DIFFER
    return differ and not _of_one_date(verdicts, policy)


def _of_one_date(verdicts: Mapping[str, int], policy: Policy) -> bool:
    """Whether a date, such as that of birth, agrees."""
    return any(verdicts.get(name) == AGREE for name in policy.dates)


def _near(a: Evidence, b: Evidence, shared: frozenset[str], policy: Policy) -> Piece:
    """The best of addresses that are nearly one, in one place, or of one house for many.

    Two of one house in which few live share its key, which is told instead.
    """
    found = Rule.NEAR, "", 0.0
    for name in policy.addresses:
        if name not in a.fields or name not in b.fields:
            continue
        ours, theirs = comparable(a.fields[name], b.fields[name])
        agree = policy.fields[name].agree
        near = max(
            (nearness(x, y) for x in ours for y in theirs if x != y or not is_house(x)), default=0.0
        )
        both = ours & theirs if a.trusted and b.trusted else NOTHING
        houses = {x for x in both if is_house(x) and f"{ADDRESS}|{x}" not in shared}
        if near * agree > found[2]:
            found = Rule.NEAR, name, near * agree
        if houses and HOUSE_OF_MANY * agree > found[2]:
            found = Rule.CROWDED, name, HOUSE_OF_MANY * agree
    return found


def _firm(a: Evidence, b: Evidence, verdicts: Mapping[str, int], policy: Policy) -> Piece:
    """The company of two of one full name, of whom it has few; of others it says nothing.

    García López and García Pérez are others, and so are two who live in two places: a company that
    has branches has many of one name. Those of whom anybody may say what they like do not count.
    """
    shared = _shared_companies(a, b, policy)
    if (
        not shared
        or not _of_full_name(a.fields, b.fields, verdicts, policy)
        or _in_two_places(a.fields, b.fields, policy)
    ):
        return Rule.FIRM, "", 0.0
    name = max(shared, key=lambda name: policy.fields[name].agree)
    return Rule.FIRM, name, policy.fields[name].agree


def namesakes(a: Evidence, b: Evidence, policy: Policy) -> bool:
    """Whether two have one full name in one company, by sources that are trusted.

    Where they are not one all the same, whoever tells no more than that may be either.
    """
    if not _shared_companies(a, b, policy):
        return False
    return _of_full_name(a.fields, b.fields, _verdicts(a.fields, b.fields, policy), policy)


def _shared_companies(a: Evidence, b: Evidence, policy: Policy) -> list[str]:
    """The fields in which two have a company in common, by sources that are trusted."""
    if not (a.trusted and b.trusted):
        return []
    return [
        name
        for name in policy.companies
        if not a.fields.get(name, NOTHING).isdisjoint(b.fields.get(name, NOTHING))
    ]


def _in_two_places(ours: Fields, theirs: Fields, policy: Policy) -> bool:
    """Whether both tell where they are, and not in one place."""
    for name in policy.addresses:
        one, other = comparable(ours.get(name, NOTHING), theirs.get(name, NOTHING))
        if one and other and not any(nearness(x, y) for x in one for y in other):
            return True
    return False


def _of_full_name(
    ours: Fields, theirs: Fields, verdicts: Mapping[str, int], policy: Policy
) -> bool:
    """Whether given names agree, and family names in all of their words."""
    family = policy.family or ""
    return verdicts.get(policy.given or "") == verdicts.get(family) == AGREE and any(
        one_family(x, y) for x in ours[family] for y in theirs[family]
    )


def called_otherwise(a: Evidence, b: Evidence, people: Mapping[str, int], policy: Policy) -> bool:
    """Whether two have other given names, and share nothing but what several people have.

    So are a couple with one mailbox, of whom nobody can say whose a record without a given name is,
    or with one house, of whom either may be the Pat who lives there. Of one birth date they may be
    twins, or one person whose nickname nobody knows.
    """
    shared = a.links & b.links
    if not shared or any(people[key] == 1 and not key.startswith(ADDRESS) for key in shared):
        return False
    verdicts = _verdicts(a.fields, b.fields, policy)
    return verdicts.get(policy.given or "") == DIFFER and not _of_one_date(verdicts, policy)


def _own(keys: frozenset[str], people: Mapping[str, int]) -> frozenset[str]:
    """Those of one person alone."""
    return frozenset([key for key in keys if people[key] == 1])


def _of_several(shared: frozenset[str], people: Mapping[str, int]) -> bool:
    """Whether they share something, and nothing of one person's alone."""
    return bool(shared) and all(people[key] > 1 for key in shared)


def _only_things(shared: frozenset[str], policy: Policy) -> bool:
    namespaces = {namespace_of(key) for key in shared} - {ADDRESS}
    return bool(namespaces) and namespaces <= policy.things


def _told(
    ours: Fields,
    theirs: Fields,
    verdicts: Mapping[str, int],
    policy: Policy,
    *,
    settled: bool,
    apart: bool,
) -> Iterator[Piece]:
    """What the compared traits say; some exclude each other, unless it is `settled` otherwise.

    They are `apart` who share something, and nothing of one person's alone.
    """
    for name, verdict in verdicts.items():
        field = policy.fields[name]
        if verdict == DIFFER and field.veto and not settled:
            yield Rule.EXCLUDE, name, VETO
            return
        if verdict == AGREE:
            yield _agreed(name, ours, theirs, verdicts, policy, settled=settled)
        elif verdict == NEITHER:
            yield Rule.NEITHER, name, 0.0
        elif apart and name == policy.family and _of_one_name(verdicts, policy):
            yield Rule.COLLEAGUES, name, field.disagree + NO_MARRIAGE
        else:
            yield Rule.DIFFER, name, field.disagree


def _of_one_name(verdicts: Mapping[str, int], policy: Policy) -> bool:
    """Whether they have one given name, and no date says that they are one."""
    given = verdicts.get(policy.given or "") == AGREE
    return given and not _of_one_date(verdicts, policy)


def _agreed(
    name: str,
    ours: Fields,
    theirs: Fields,
    verdicts: Mapping[str, int],
    policy: Policy,
    *,
    settled: bool,
) -> Piece:
    """What a trait is worth in which two agree."""
    field = policy.fields[name]
    if field.kind == "date" and not settled:
        if verdicts.get(policy.given or "") == DIFFER:
            return Rule.TWINS, name, field.agree * TWINS
        if all(is_new_year(day) for day in ours[name] & theirs[name]):
            return Rule.YEAR, name, field.agree * YEAR
    if name == policy.given and not _to_the_letter(ours, theirs, policy):
        return Rule.ALIKE, name, max(field.agree + ALIKE, 0.0)
    return Rule.AGREE, name, field.agree


def _to_the_letter(ours: Fields, theirs: Fields, policy: Policy) -> bool:
    """Whether two whose first names agree have a word of them in common, in whichever field."""
    given, family = policy.given or "", policy.family or ""
    one, other = (
        (fields.get(given, NOTHING), fields.get(family, NOTHING)) for fields in (ours, theirs)
    )
    return shared_word(one[0], other[0] | other[1]) or shared_word(one[0] | one[1], other[0])


def common(a: Evidence, b: Evidence, policy: Policy) -> frozenset[str]:
    """The identifiers that both have; of a house in one city only if it has one postal code."""
    shared = a.links & b.links
    if not any(key.startswith(ADDRESS) for key in shared):
        return shared
    ours, theirs = (
        {address for name in policy.addresses for address in one.fields.get(name, ())}
        for one in (a, b)
    )
    return frozenset(
        key
        for key in shared
        if namespace_of(key) != ADDRESS or not in_two_places(key.partition("|")[2], ours, theirs)
    )


def linked(a: Evidence, b: Evidence) -> bool:
    """Whether they share an identifier, and not only an address or a blocking key."""
    return any(not key.startswith(ADDRESS) for key in a.links & b.links)


def _shared(
    shared: frozenset[str],
    people: Mapping[str, int],
    policy: Policy,
    *,
    known_apart: bool,
    near: Piece,
) -> Iterator[Piece]:
    """The shared identifiers that count, those of one person first.

    A thing on which two known by different kinds of unique ids were seen has two users, unless
    something else makes them one.
    """
    common = near
    for key in shared:
        namespace = namespace_of(key)
        weight, count = policy.links[namespace], people[key]
        if namespace == ADDRESS:
            found = Rule.HOUSE, key, weight
        elif known_apart and namespace in policy.things:
            found = Rule.THING, key, (weight - 2 * math.log2(max(count, 2))) / 2
        elif count == 1:
            yield Rule.HELD, key, weight
            continue
        elif namespace in policy.personal:
            found = Rule.COMMON, key, weight - 2 * math.log2(count)
        else:
            found = Rule.COMMON, key, weight - 3.5 * math.log2(count)
        # Of two that are worth as much the first by name, so that the same is told each time.
        if found[2] > common[2] or (found[2] == common[2] > 0 and key < common[1]):
            common = found
    if common[2]:
        yield common


def _verdicts(
    ours: Fields, theirs: Fields, policy: Policy, both: frozenset[str] = NOTHING
) -> dict[str, int]:
    """AGREE, NEITHER or DIFFER by field that both sides have; an address only ever agrees.

    `both` are identifiers of one person that both have.
    """
    verdicts = {
        name: _verdict(field.kind, ours[name], theirs[name])
        for name, field in policy.told_by_values.items()
        if name in ours and name in theirs
    }
    if (found := _generations(ours, theirs, verdicts, policy, both)) is not None:
        verdicts[found] = DIFFER
    given, family = policy.given, policy.family
    if given and family and given in verdicts and family in verdicts:
        misplaced = ours[given] & theirs[given] & ours[family] & theirs[family]
        if len(misplaced) == 1:
            verdicts[given] = _without(misplaced, ours[given], theirs[given], verdicts[given])
        crossed = verdicts[given] != AGREE and verdicts[family] != AGREE
        if crossed:
            verdicts |= _swapped(ours, theirs, given, family)
        if verdicts[given] == verdicts[family] == AGREE:
            verdicts |= dict.fromkeys(_misread(ours, theirs, verdicts, policy), NEITHER)
    elif given and family and (given in verdicts or family in verdicts):
        verdicts |= {
            name: max(verdicts[name], NEITHER) for name in _misplaced(ours, theirs, given, family)
        }
    return verdicts


def _without(
    misplaced: frozenset[str], ours: frozenset[str], theirs: frozenset[str], verdict: int
) -> int:
    """What given names come to without the family name that both have among them, too.

    The `verdict` where nothing is left of one of them.
    """
    one, other = ours - misplaced, theirs - misplaced
    return agreement("given", one, other) if one and other else verdict


def _misread(
    ours: Fields, theirs: Fields, verdicts: Mapping[str, int], policy: Policy
) -> Iterator[str]:
    """The dates of two who are called the same that differ in the year, the month or the day alone.

    Nobody else of one's full name is born so near; a figure was misread.
    """
    for name in policy.dates:
        differ = verdicts.get(name) == DIFFER
        if differ and any(one_part_off(x, y) for x in ours[name] for y in theirs[name]):
            yield name


def _misplaced(ours: Fields, theirs: Fields, given: str, family: str) -> Iterator[str]:
    """The field in which one side has the only name that it tells: the other's other name."""
    for one, other in ((ours, theirs), (theirs, ours)):
        for has, lacks in ((given, family), (family, given)):
            if has in one and lacks not in one and has in other and lacks in other:
                kind = "family" if lacks == family else "given"
                if agreement(kind, one[has], other[lacks]) == AGREE:
                    yield has


def _generations(
    ours: Fields,
    theirs: Fields,
    verdicts: Mapping[str, int],
    policy: Policy,
    both: frozenset[str],
) -> str | None:
    """The field of generations where one side is a junior and the other, unmarked, the senior.

    Who has the same birth date is the same person, however the name was written. So is who wrote
    from the junior's mailbox, unless an office's, and told no birth date nor another middle name:
    people leave the suffix out, and put none on.
    """
    name = policy.generation
    if name is None or (name in ours) == (name in theirs):
        return None
    marked, unmarked = (ours, theirs) if name in ours else (theirs, ours)
    if policy.family not in unmarked or marked[name] == FIRST_GENERATION:
        return None
    own = any(namespace_of(key) in policy.mailboxes and not is_office(key) for key in both)
    if own and unmarked.keys().isdisjoint(policy.dates) and not _of_other_middle(verdicts, policy):
        return None
    return None if _of_one_date(verdicts, policy) else name


def _of_other_middle(verdicts: Mapping[str, int], policy: Policy) -> bool:
    """Whether initials, such as those of middle names, differ."""
    return any(verdicts.get(name) == DIFFER for name in policy.initials)


def _swapped(ours: Fields, theirs: Fields, given: str, family: str) -> Mapping[str, int]:
    """The verdicts where one side has either name in the other's place; none where it has not.

    Of one of them an initial will do: Suresh R, Ramaswamy Suresh.
    """
    crossed = [
        (
            agreement("given", one[given], other[family]),
            agreement("family", one[family], other[given]),
        )
        # Which of the two has its names in their places is not known.
        for one, other in ((ours, theirs), (theirs, ours))
    ]
    found = [min(both) for both in crossed if DIFFER not in both and AGREE in both]
    return {given: AGREE, family: max(found)} if found else {}


# All of a household are compared with each other, each time that one of them tells something.
@lru_cache(maxsize=16_384)
def _verdict(kind: str, ours: frozenset[str], theirs: frozenset[str]) -> int:
    if kind in ("given", "family"):
        return agreement(kind, ours, theirs)
    if not ours.isdisjoint(theirs):
        return AGREE
    slipped = kind == "date" and any(date_slip(x, y) or of_year(x, y) for x in ours for y in theirs)
    return NEITHER if slipped else DIFFER
