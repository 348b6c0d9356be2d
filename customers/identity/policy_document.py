"""A policy as the TOML document that people write, and where in it a mistake is."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import ValidationError

from customers.errors import InvalidInputError
from customers.identity.policy import Policy

DEFAULT = Path(__file__).with_name("default_policy.toml")
HEADER = re.compile(r"\s*\[+([^\]]+)\]+")
ASSIGNMENT = re.compile(r"\s*([\w.\"'-]+)\s*=")


class InvalidPolicyError(InvalidInputError):
    """A policy that cannot be used; the text says in which line, and why."""

    code: ClassVar[str] = "POLICY_INVALID"


def read_policy(text: str, name: str = "policy") -> Policy:
    """The policy that a TOML document says; `name` is what errors call the document.

    Raises:
        InvalidPolicyError: every mistake with its line.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InvalidPolicyError(f"{name}: not TOML: {problem}") from None
    try:
        return Policy.model_validate(said)
    except ValidationError as problem:
        lines = dict(_places(text))
        mistakes = []
        for error in problem.errors(include_url=False, include_input=False, include_context=False):
            path = tuple(str(part) for part in error["loc"])
            message = error["msg"].removeprefix("Value error, ")
            if error["type"] == "extra_forbidden":
                message = "no such setting"
            mistakes.append((_line(path, message, lines), ".".join(path), message))
        raise InvalidPolicyError("\n".join(_told(name, *one) for one in sorted(mistakes))) from None


def _told(name: str, line: int, path: str, why: str) -> str:
    place = f"{name}, line {line}" if line else name
    return ": ".join(filter(None, (place, path, why)))


def _places(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The line of every table and setting, by its path."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.fullmatch(line.split("#")[0].rstrip()):
            table = _path(header[1])
            yield table, number
        elif setting := ASSIGNMENT.match(line):
            yield (*table, *_path(setting[1])), number


def _path(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


def _line(path: tuple[str, ...], message: str, lines: dict[tuple[str, ...], int]) -> int:
    """The line of the nearest table or setting that a mistake is in; 0 where nobody knows."""
    if not path and (named := re.match(r"([\w.~-]+)", message)):
        path = _path(named[1])
    while path and path not in lines:
        inside = [line for place, line in lines.items() if place[: len(path)] == path]
        if inside:
            return min(inside)
        path = path[:-1]
    return lines.get(path, 0)


def digest_of(text: str) -> str:
    """By what a document is known: comments and blanks do not count."""
    said = repr(tomllib.loads(text))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def default_text() -> str:
    """The document that holds unless another is applied."""
    return DEFAULT.read_text(encoding="utf-8")


@cache
def default_policy() -> Policy:
    """The policy in ``default_policy.toml`` beside this file."""
    return read_policy(default_text(), DEFAULT.name)
