"""Wording: explanations in sentences, in the words of docs/identity.md. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from customers.identity.evidence import Rule
from customers.identity.explanation import BitPiece, ResolutionStep, Rival, Sighting
from customers.identity.policy import Policy
from customers.identity.supplies import Supply

# Joins that a text goes through; the list has all of them.
TOLD = 10
FIELDS = {
    "given": "first name",
    "family": "family name",
    "initial": "middle initial",
    "date": "birth date",
    "address": "address",
    "company": "company",
}
NAMESPACES = {"email": "e-mail", "userId": "user id"}


def bits(amount: float) -> str:
    """Bits with at most one digit behind the point."""
    return f"{round(amount, 1) + 0.0:.1f}".removesuffix(".0")


def signed(amount: float) -> str:
    """Bits that are added or taken off."""
    return f"{'+' if amount > 0 else ''}{bits(amount)}"


def counted(count: int, one: str, several: str) -> str:
    """Such as ``1 person`` or ``2 people``."""
    return f"{count} {one if count == 1 else several}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Such as ``a, b and c``."""
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


class Wording:
    """Sentences about what a policy weighs."""

    def __init__(self, policy: Policy) -> None:
        """Name fields by their kinds."""
        self.policy = policy

    def noun(self, what: str) -> str:
        """What people call a namespace or a field."""
        if (field := self.policy.fields.get(what)) is not None:
            return FIELDS.get(field.kind, what)
        return NAMESPACES.get(what, what)

    def nouns(self, what: str) -> str:
        """The same of several."""
        noun = self.noun(what)
        if noun.endswith("ny"):
            return f"{noun[:-1]}ies"
        return f"{noun}es" if noun.endswith(("s", "x")) else f"{noun}s"

    def piece(self, one: BitPiece) -> str:
        """A clause about a piece of evidence."""
        return _CLAUSES[one.rule](self, one)

    def pieces(self, found: Sequence[BitPiece]) -> str:
        """Clauses about all of them."""
        return ", ".join(map(self.piece, found)) or "nothing speaks for it"

    def joined(self, step: ResolutionStep) -> str:
        """A sentence about two clusters that became one."""
        if step.decision is not None:
            return f"{step.one.name} and {step.other.name}: a person said so ({step.decision})."
        if step.alike:
            size = step.one.size + step.other.size
            names = f"{step.one.first.name} and {step.other.name}"
            return (
                f"{names} are one to begin with: all {size} know the same. "
                f"{self.sum(step.bits, step.score)}"
            )
        return f"{step.one.name} and {step.other.name}: {self.sum(step.bits, step.score)}"

    def sum(self, found: Sequence[BitPiece], score: float) -> str:
        """The clauses, and what they come to."""
        return (
            f"{self.pieces(found)}; together {bits(score)} of {bits(self.policy.merge_bits)} "
            "bits needed."
        )

    def one_customer(self, a: str, b: str, steps: Sequence[ResolutionStep]) -> str:
        """Why two are one customer, join by join."""
        said = [step.text for step in steps[:TOLD]]
        if len(steps) > TOLD:
            said.append(f"And {len(steps) - TOLD} joins more.")
        by = counted(len(steps), "join", "joins")
        return " ".join([f"{a} and {b} are one customer, by {by}.", *said])

    def excluded(self, one: BitPiece) -> str:
        """A clause about a veto."""
        if one.rule is Rule.DECIDED:
            return f"a person said that they are two ({one.what})"
        for side in (one.ours, one.theirs) if one.rule is Rule.OTHER_UNIQUE else ():
            if len(found := values(side)) > 1:
                return f"{has(side)} {self.nouns(one.what)} {listed(found)}, and so joins nobody"
        sides = (
            f"{has(side)} {self.noun(one.what)} {listed(values(side), 'or')}"
            for side in (one.ours, one.theirs)
        )
        return f"{', '.join(sides)}, and a person has one"

    def supply(self, one: Supply) -> str:
        """What would make two one."""
        parts = [f"a shared {self.noun(name)}" for name in one.namespaces]
        parts += [f"a {self.noun(name)} that agrees" for name in one.fields]
        return f"{listed(parts)} (then {bits(one.score)} bits)"

    def blocking(self, name: str, lacking: Mapping[str, Sequence[str]]) -> str:
        """What a blocking key is made of, and who lacks what of it."""
        key = self.policy.blocking[name]
        made = [listed([self.noun(one) for one in key.of])]
        if key.any:
            made.append(listed([self.noun(one) for one in key.any], "or"))
        missing = [
            f"{who} has no {listed([self.noun(one) for one in fields], 'or')}"
            for who, fields in lacking.items()
            if fields
        ]
        return f"{name} ({' with '.join(made)}; {listed(missing) or 'theirs are others'})"

    def rivals(self, found: Sequence[Rival]) -> str:
        """Who they are, with their bits where they claim somebody."""
        return listed(
            [
                one.side.name + ("" if one.score is None else f" ({bits(one.score)} bits)")
                for one in found
            ]
        )


def has(found: Sequence[Sighting]) -> str:
    """Who has something, as far as they are shown."""
    names = list(dict.fromkeys(one.name for one in found))
    return f"{listed(names)} {'has' if len(names) == 1 else 'have'}"


def values(found: Iterable[Sighting]) -> list[str]:
    """The distinct values, in their order."""
    return list(dict.fromkeys(one.value for one in found if one.value is not None))


def _both(words: Wording, one: BitPiece, worth: str) -> str:
    value = next(iter(values(one.ours)), "")
    return f"both have the {words.noun(one.what)} {value} ({worth})"


def _of_people(words: Wording, one: BitPiece) -> str:
    people = counted(one.people or 1, "person", "people")
    return _both(words, one, f"{signed(one.bits or 0)}, of {people}")


def _apart(words: Wording, one: BitPiece) -> str:
    worth = signed(one.bits) if one.bits else "0, of one full name and birth date"
    return f"{words.nouns(one.what)} are others ({worth})"


def _unlinked(words: Wording, one: BitPiece) -> str:
    worth = one.bits or 0
    more = ", and no family names are compared" if worth < words.policy.unlinked_bits else ""
    return f"they share no identifier{more} ({signed(worth)})"


def _field(how: str) -> Callable[[Wording, BitPiece], str]:
    def clause(words: Wording, one: BitPiece) -> str:
        return f"{words.nouns(one.what)} {how} ({signed(one.bits or 0)})"

    return clause


_CLAUSES: Mapping[Rule, Callable[[Wording, BitPiece], str]] = {
    Rule.HELD: _of_people,
    Rule.COMMON: _of_people,
    Rule.THING: lambda words, one: _both(
        words, one, f"{signed(one.bits or 0)}, two known by different numbers used it"
    ),
    Rule.HOUSE: _field("are one"),
    Rule.NEAR: _field("are near"),
    Rule.CROWDED: _field("are of one house, in which many live"),
    Rule.FIRM: _field("are one, in which few have one full name"),
    Rule.OTHERS: _apart,
    Rule.AGREE: _field("agree"),
    Rule.ALIKE: _field("are alike"),
    Rule.YEAR: _field("agree, but a 1 January may stand for a year alone"),
    Rule.DIFFER: _field("differ"),
    Rule.COLLEAGUES: _field("differ, of two who have nothing that is one person's alone"),
    Rule.NEITHER: _field("neither agree nor differ"),
    Rule.TWINS: _field("agree, which of two who are called otherwise counts a third"),
    Rule.SLIP: _field("are a slip apart"),
    Rule.TWO_USERS: lambda _, one: (
        f"all that they share is a thing that two used ({signed(one.bits or 0)})"
    ),
    Rule.UNLINKED: _unlinked,
    Rule.GENERIC: lambda words, one: (
        _both(words, one, f"0, of {one.people or 0} people: generic")
        if one.identifier
        else f"both have the same {one.what} (0, of {one.people or 0} people: generic)"
    ),
    Rule.UNCOUNTED: lambda words, one: _both(words, one, "0, it links nobody"),
    Rule.OTHER_UNIQUE: lambda words, one: words.excluded(one),
    Rule.DECIDED: lambda words, one: words.excluded(one),
    Rule.EXCLUDE: lambda words, one: words.excluded(one),
}
