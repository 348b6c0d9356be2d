"""Masks: how the values of a person are shown to those who are not to have them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "name",
    "contact",
    "birthDate",
    "address",
    "place",
    "demographics",
    "text",
    "behaviour",
    "number",
    "secret",
    "device",
    "personal",
]
Sight = Literal["clear", "masked", "nothing"]

HIDDEN = "••"
# Digits or letters at the end of a number that tell it from others, and do not tell it.
LAST_OF_PHONE, LAST_OF_NUMBER = 4, 2
# What is shorter is not shown in part: the part would be most of it.
SHORTEST_PHONE, SHORTEST_NUMBER = 8, 6
YEAR = 4
# A date that begins with a year; 02031980 begins with a day.
_DATE = re.compile(r"(18|19|20)\d\d\D")


@dataclass(frozen=True, slots=True)
class Masks:
    """What somebody sees of each kind, and of which kind traits and namespaces are."""

    sees: Mapping[Kind, Sight]
    traits: Mapping[str, Kind]
    prefixes: Mapping[str, Kind]
    namespaces: Mapping[str, Kind]
    # Whether all is shown as it is.
    clear: bool = field(init=False)

    def __post_init__(self) -> None:
        """See whether there is anything to do."""
        object.__setattr__(self, "clear", set(self.sees.values()) == {"clear"})

    def kind_of_trait(self, name: str) -> Kind:
        """The kind of a trait; one that nobody declared is personal."""
        if name in self.traits:
            return self.traits[name]
        begun = (kind for prefix, kind in self.prefixes.items() if name.startswith(prefix))
        return next(begun, "personal")

    def kind_of_namespace(self, namespace: str) -> Kind:
        """The kind of a namespace's values."""
        return self.namespaces.get(namespace, "personal")

    def clear_trait(self, name: str) -> bool:
        """Whether a trait is shown as it is."""
        return self.sees[self.kind_of_trait(name)] == "clear"

    def clear_namespace(self, namespace: str) -> bool:
        """Whether identifiers of a namespace are shown as they are."""
        return self.sees[self.kind_of_namespace(namespace)] == "clear"

    def shows_trait(self, name: str) -> bool:
        """Whether anything of a trait is shown."""
        return self.sees[self.kind_of_trait(name)] != "nothing"

    def trait(self, name: str, value: object) -> Any:  # noqa: ANN401 - traits are JSON
        """A trait's value as it is shown; None where nothing of it is."""
        kind = self.kind_of_trait(name)
        match self.sees[kind]:
            case "clear":
                return self._inside(value)
            case "masked":
                return masked(kind, value)
            case _:
                return None

    def _inside(self, value: object) -> object:
        """What a value that is shown is made of, each part by its own name."""
        if self.clear:
            return value
        if isinstance(value, Mapping):
            return self.traits_of(value)
        return [self._inside(one) for one in value] if isinstance(value, list) else value

    def traits_of(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Traits, or properties of an interaction, as they are shown."""
        if self.clear:
            return values
        return {
            name: self.trait(name, value)
            for name, value in values.items()
            if self.shows_trait(name)
        }

    def identifier(self, namespace: str, value: str) -> str:
        """An identifier's value as it is shown."""
        kind = self.kind_of_namespace(namespace)
        match self.sees[kind]:
            case "clear":
                return value
            case "masked":
                return str(masked(kind, value))
            case _:
                return HIDDEN

    def source_id(self, source_id: str) -> str:
        """The id of a row as it is shown.

        Where the source has none, a hash of the row's identifiers stands for it: whoever may not
        see all of them could try out numbers on it.
        """
        return f"~{HIDDEN}" if source_id.startswith("~") and not self.clear else source_id

    def profile_key(self, key: str) -> str:
        """The key of a profile, `source|sourceId`, as it is shown."""
        if not key.startswith("~h|") or self.clear:
            return key
        return f"{key.rpartition('|')[0]}|{HIDDEN}"

    def identifier_key(self, key: str) -> str:
        """A key, `namespace|value`, as it is shown."""
        namespace, _, value = key.partition("|")
        return f"{namespace}|{self.identifier(namespace, value)}"


def masked(kind: Kind, value: object) -> object:
    """A value of a kind, in part: enough to recognise it by, too little to know it.

    `a••@example.org`, the last four digits of a phone, the year of a date of birth, the first
    letter of a name, the last two signs of a number. Of anything else only that it is there.
    """
    if value is None or value == "":
        return value
    text = value if isinstance(value, str) else ""
    match kind:
        case "name":
            return " ".join(f"{word[0]}{HIDDEN}" for word in text.split()) or HIDDEN
        case "contact":
            return _contact(text)
        case "birthDate":
            return text[:YEAR] if _DATE.match(text) else HIDDEN
        case "number" | "device" | "secret":
            return f"{HIDDEN}{text[-LAST_OF_NUMBER:]}" if len(text) >= SHORTEST_NUMBER else HIDDEN
        case _:
            return HIDDEN


def _contact(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if at and local:
        return f"{local[0]}{HIDDEN}@{domain}"
    digits = "".join(filter(str.isdecimal, text))
    return f"{HIDDEN}{digits[-LAST_OF_PHONE:]}" if len(digits) >= SHORTEST_PHONE else HIDDEN
