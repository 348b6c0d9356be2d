"""A policy as the TOML document that people write."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import ClassVar

from customers.errors import InvalidInputError
from customers.identity.policy import Policy
from customers.toml_document import read_document

DEFAULT = Path(__file__).with_name("default_policy.toml")


class InvalidPolicyError(InvalidInputError):
    """A policy that cannot be used; the text says in which line, and why."""

    code: ClassVar[str] = "POLICY_INVALID"


def read_policy(text: str, name: str = "policy") -> Policy:
    """The policy that a TOML document says; `name` is what errors call the document.

    Raises:
        InvalidPolicyError: every mistake with its line.
    """
    return read_document(text, name, Policy, InvalidPolicyError)


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
