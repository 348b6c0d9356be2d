"""The identity policy: what counts as evidence, how much, and from when on two are one."""

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

import phonenumbers
from pydantic import AfterValidator, Field, model_validator

from customers.part import Part

# Blocking keys are identifiers whose namespaces begin like this, which no record can name.
OURS = "~"
ADDRESS = f"{OURS}address"
# From so many bits against two people being one a value counts people.
TELLING = -2.0


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as problem:
        raise ValueError(f"not a regular expression: {problem}") from None
    return text


def _region(text: str) -> str:
    if text not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(
            "no region of phone numbers: the two capital letters of a country, such as GB (not UK)"
        )
    return text


class Namespace(Part):
    """A kind of identifier; `bits` 0 keeps its values without linking anybody."""

    bits: float = Field(0.0, ge=0, allow_inf_nan=False)
    unique: bool = False
    shared: bool = False
    personal: bool = False
    differ: float = Field(0.0, le=0, allow_inf_nan=False)
    priority: int = 0
    owner: Literal["nobody", "newest"] = "nobody"
    normaliser: Literal["plain", "email", "phone"] = "plain"


class ComparedField(Part):
    """A trait whose agreement or disagreement is evidence, in bits."""

    kind: Literal["given", "family", "initial", "word", "date", "generation", "address", "company"]
    traits: tuple[str, ...] = ()
    agree: float = Field(ge=0, allow_inf_nan=False)
    disagree: float = Field(0.0, le=0, allow_inf_nan=False)
    veto: bool = False

    @model_validator(mode="after")
    def _nobody_is_told_apart_by_where_they_work(self) -> Self:
        if self.kind == "company" and (self.disagree or self.veto):
            raise ValueError("a company speaks against nobody: it has neither disagree nor veto")
        return self


class BlockingKey(Part):
    """Fields whose values bring profiles to each other that share no identifier.

    All `of` them together, each time with one of those in `any`, whichever of them it is.
    """

    of: tuple[str, ...] = Field(min_length=1)
    any: tuple[str, ...] = ()


class SourcePolicy(Part):
    """What we know of a source of records; a larger `priority` wins in golden traits."""

    kind: str = "other"
    priority: int = 0
    trusted: bool = True


class Policy(Part):
    """Everything that resolution may take into account besides the evidence itself."""

    crowd: int = Field(5, ge=1)
    merge_bits: float = Field(5.0, allow_inf_nan=False)
    possible_bits: float = Field(2.0, allow_inf_nan=False)
    tie_bits: float = Field(1.0, ge=0, allow_inf_nan=False)
    unlinked_bits: float = Field(-5.0, le=0, allow_inf_nan=False)
    component_limit: int = Field(5_000, ge=100)
    region: Annotated[str, AfterValidator(_region)] = "US"
    blocked: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()
    blocked_names: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()
    blocked_companies: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()
    blocked_dates: tuple[str, ...] = ()
    namespaces: Mapping[str, Namespace]
    fields: Mapping[str, ComparedField]
    blocking: Mapping[str, BlockingKey] = Field(default_factory=dict)
    sources: Mapping[str, SourcePolicy] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for name, key in self.blocking.items():
            if unknown := sorted({*key.of, *key.any} - self.fields.keys()):
                raise ValueError(
                    f"blocking.{name} names no field: {', '.join(unknown)} "
                    f"(fields: {', '.join(self.fields)})"
                )
        if self.possible_bits > self.merge_bits:
            raise ValueError("possibleBits must not be above mergeBits")
        if ours := sorted(name for name in self.namespaces if name.startswith(OURS)):
            raise ValueError(f"namespaces.{ours[0]} must not begin with {OURS}")
        return self

    def __hash__(self) -> int:
        """One by one: a policy is made once, and what it says of a text is remembered by it."""
        return id(self)

    def __eq__(self, other: object) -> bool:
        """One by one, as the hash."""
        return self is other

    @property
    def month_first(self) -> bool:
        """Whether people there write the month of a date before the day."""
        return self.region == "US"

    @cached_property
    def links(self) -> Mapping[str, float]:
        """Bits by namespace that is evidence; an address is one, which a household shares."""
        bits = {name: kind.bits for name, kind in self.namespaces.items() if kind.bits > 0}
        if self.addresses:
            bits[ADDRESS] = max(self.fields[name].agree for name in self.addresses)
        return bits

    @cached_property
    def keys(self) -> frozenset[str]:
        """The namespaces of blocking keys."""
        return frozenset(f"{OURS}{name}" for name in self.blocking)

    @cached_property
    def leads(self) -> frozenset[str]:
        """The namespaces that a traversal follows from profile to profile."""
        return frozenset(self.links.keys() - {ADDRESS} | self.keys)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The namespaces whose identifiers know how many people they have."""
        return self.leads | self.links.keys()

    @cached_property
    def mailboxes(self) -> frozenset[str]:
        """Namespaces whose values are e-mails."""
        return frozenset(
            name for name, kind in self.namespaces.items() if kind.normaliser == "email"
        )

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """Namespaces of which a person has one value."""
        return tuple(sorted(name for name, kind in self.namespaces.items() if kind.unique))

    @cached_property
    def told_apart(self) -> Mapping[str, float]:
        """Bits by namespace whose different values count against."""
        return {name: kind.differ for name, kind in self.namespaces.items() if kind.differ < 0}

    @cached_property
    def compared(self) -> frozenset[str]:
        """Namespaces whose values are compared: a person has one, or different ones count."""
        return frozenset(self.unique) | self.told_apart.keys()

    @cached_property
    def telling(self) -> frozenset[str]:
        """Namespaces whose different values on one browser or device are different people.

        A person has two phones sooner than two mailboxes, and so may a device.
        """
        return frozenset(name for name, bits in self.told_apart.items() if bits <= TELLING)

    @cached_property
    def things(self) -> frozenset[str]:
        """Namespaces of what several people may use one of, such as browsers and devices."""
        return frozenset(name for name, kind in self.namespaces.items() if kind.shared)

    @cached_property
    def personal(self) -> frozenset[str]:
        """Namespaces whose values nobody shares on purpose."""
        return frozenset(name for name, kind in self.namespaces.items() if kind.personal)

    @cached_property
    def owned(self) -> frozenset[str]:
        """Namespaces of which a value that several people used belongs to the newest."""
        return frozenset(name for name, kind in self.namespaces.items() if kind.owner == "newest")

    @cached_property
    def blocked_pattern(self) -> "AnyOf":
        """Matches whole values that never become identifiers."""
        return AnyOf(self.blocked)

    @cached_property
    def blocked_name_pattern(self) -> "AnyOf":
        """Matches what stands where a name belongs and is none."""
        return AnyOf(self.blocked_names)

    @cached_property
    def blocked_company_pattern(self) -> "AnyOf":
        """Matches what stands where a company belongs and is none."""
        return AnyOf(self.blocked_companies)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The fields that are addresses."""
        return tuple(name for name, field in self.fields.items() if field.kind == "address")

    @cached_property
    def companies(self) -> tuple[str, ...]:
        """The fields that are companies."""
        return tuple(name for name, field in self.fields.items() if field.kind == "company")

    @cached_property
    def told_by_values(self) -> Mapping[str, ComparedField]:
        """The fields whose values agree or differ: all but addresses and companies."""
        others = {*self.addresses, *self.companies}
        return {name: field for name, field in self.fields.items() if name not in others}

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The fields that are dates, such as that of birth."""
        return tuple(name for name, field in self.fields.items() if field.kind == "date")

    @cached_property
    def initials(self) -> tuple[str, ...]:
        """The fields that are first letters alone, such as that of the middle name."""
        return tuple(name for name, field in self.fields.items() if field.kind == "initial")

    @cached_property
    def given(self) -> str | None:
        """The field that tells people apart: their given name."""
        return self._field("given")

    @cached_property
    def family(self) -> str | None:
        """The field of family names."""
        return self._field("family")

    @cached_property
    def generation(self) -> str | None:
        """The field that tells a junior from a senior."""
        return self._field("generation")

    def _field(self, kind: str) -> str | None:
        return next((name for name, field in self.fields.items() if field.kind == kind), None)

    def traits_of(self, field: str) -> tuple[str, ...]:
        """The traits that a compared field is read from: its own name, unless it says others."""
        return self.fields[field].traits or (field,)

    def namespace(self, name: str) -> Namespace:
        """The declared namespace, or one that is kept and links nobody."""
        return self.namespaces.get(name, _UNDECLARED)

    def source(self, name: str) -> SourcePolicy:
        """The declared source, or a trusted one of no priority."""
        return self.sources.get(name, _UNLISTED)

    @cached_property
    def doubtful(self) -> tuple[str, ...]:
        """The sources that are not trusted."""
        return tuple(name for name, source in self.sources.items() if not source.trusted)

    @cached_property
    def doubts(self) -> bool:
        """Whether there are sources that are not trusted."""
        return bool(self.doubtful)

    def trusts(self, source: str) -> bool:
        """Whether what a source says of somebody may be believed."""
        return self.source(source).trusted


class AnyOf:
    """Regular expressions of which any one will do; case does not matter."""

    # What refers to a group of its own, which among those of others would have another number.
    _REFERS = re.compile(r"\\\d|\(\?P")

    def __init__(self, patterns: Collection[str]) -> None:
        """Take them; most are tried as one."""
        alone = {one for one in patterns if self._REFERS.search(one)}
        together = "|".join(f"(?:{one})" for one in patterns if one not in alone) or r"(?!)"
        found = [together, *sorted(alone)]
        self._patterns = [re.compile(one, re.IGNORECASE) for one in found]

    def matches(self, text: str) -> bool:
        """Whether one of them matches the whole text."""
        for one in self._patterns:  # noqa: SIM110 - asked of every value; `any` takes twice as long
            if one.fullmatch(text):
                return True
        return False


_UNDECLARED = Namespace()
_UNLISTED = SourcePolicy()
