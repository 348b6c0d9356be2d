"""The identity policy: what counts as evidence, how much, and from when on two are one."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Namespace(_Part):
    """A kind of identifier; `bits` 0 keeps its values without linking anybody."""

    bits: float = Field(0.0, ge=0)
    unique: bool = False
    shared: bool = False
    differ: float = Field(0.0, le=0)
    normaliser: Literal["plain", "email", "phone"] = "plain"


class ComparedField(_Part):
    """A trait whose agreement or disagreement is evidence, in bits."""

    kind: Literal["name", "date"] = "name"
    agree: float = Field(ge=0)
    disagree: float = Field(le=0)
    people: bool = False
    veto: bool = False


class SourcePolicy(_Part):
    """What we know of a source of records; a larger `priority` wins in golden traits."""

    kind: str = "other"
    priority: int = 0
    trusted: bool = True


class Policy(_Part):
    """Everything that resolution may take into account besides the evidence itself."""

    crowd: int = Field(5, ge=1)
    merge_bits: float = Field(5.0, alias="mergeBits")
    tie_bits: float = Field(1.0, alias="tieBits", ge=0)
    region: str = Field("US", pattern="^[A-Z]{2}$")
    blocked: tuple[str, ...] = ()
    namespaces: Mapping[str, Namespace]
    fields: Mapping[str, ComparedField]
    sources: Mapping[str, SourcePolicy] = MappingProxyType({})

    def __hash__(self) -> int:
        """One by one: a policy is made once, and what it says of a text is remembered by it."""
        return id(self)

    @cached_property
    def links(self) -> Mapping[str, float]:
        """Bits by linking namespace."""
        return {name: kind.bits for name, kind in self.namespaces.items() if kind.bits > 0}

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """Namespaces of which a person has one value."""
        return tuple(sorted(name for name, kind in self.namespaces.items() if kind.unique))

    @cached_property
    def told_apart(self) -> Mapping[str, float]:
        """Bits by namespace whose different values count against."""
        return {name: kind.differ for name, kind in self.namespaces.items() if kind.differ < 0}

    @cached_property
    def people_fields(self) -> tuple[str, ...]:
        """Traits whose different values mean different people."""
        return tuple(sorted(name for name, field in self.fields.items() if field.people))

    @cached_property
    def blocked_pattern(self) -> re.Pattern[str]:
        """Matches whole values that never become identifiers."""
        return re.compile("|".join(f"(?:{one})" for one in self.blocked) or r"(?!)", re.IGNORECASE)

    def namespace(self, name: str) -> Namespace:
        """The declared namespace, or one that is kept and links nobody."""
        return self.namespaces.get(name, _UNDECLARED)

    def source(self, name: str) -> SourcePolicy:
        """The declared source, or a trusted one of no priority."""
        return self.sources.get(name, _UNLISTED)


_UNDECLARED = Namespace()
_UNLISTED = SourcePolicy()


@cache
def default_policy() -> Policy:
    """The policy in ``default_policy.toml`` beside this file."""
    path = Path(__file__).with_name("default_policy.toml")
    return Policy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
