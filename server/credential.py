"""Credential: what a request shows of who it is, in one of the ways that clients have."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import ClassVar

from starlette.datastructures import Headers

from customers.keys.key import PREFIX
from cypher import ProfileGraphError

LONGEST = 8_192
LONGEST_REASON = 200


class CredentialsError(ProfileGraphError):
    """Credentials that are missing or wrong. Its text says no more; `why` is for our own log."""

    code: ClassVar[str] = "UNAUTHENTICATED"

    def __init__(
        self, why: str, text: str = "This request needs credentials, and has none that are right."
    ) -> None:
        """Refuse for a reason that the caller is not told."""
        super().__init__(text)
        self.why = why


class TokenExpiredError(CredentialsError):
    """A token that was right, and is over."""

    code: ClassVar[str] = "TOKEN_EXPIRED"

    def __init__(self) -> None:
        """Refuse; whoever had a right token may know."""
        super().__init__("expired", "The token has expired: get a new one.")


class BadReasonError(ProfileGraphError):
    """A reason that cannot be noted."""

    code: ClassVar[str] = "BAD_REQUEST"


@dataclass(frozen=True, slots=True)
class Credential:
    """The text of a key, or a token."""

    text: str = field(repr=False)

    @property
    def is_key(self) -> bool:
        """Whether it is a key, by its beginning."""
        return self.text.startswith(f"{PREFIX}_")


def credential(headers: Headers) -> Credential | None:
    """The credential of a request; None where it shows none.

    Raises:
        CredentialsError: there are several, or it is written in no way that we know.
    """
    given = [*headers.getlist("authorization"), *headers.getlist("x-api-key")]
    if not given:
        return None
    if len(given) > 1:
        raise CredentialsError("several credentials")
    if len(given[0]) > LONGEST:
        raise CredentialsError("too long")
    if "x-api-key" in headers:
        return Credential(given[0].strip())
    scheme, _, value = given[0].strip().partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return Credential(value.strip())
    if scheme.lower() == "basic":
        return Credential(_user_name(value.strip()))
    raise CredentialsError("another scheme")


def _user_name(value: str) -> str:
    """Where Segment's libraries put their key; the password is empty."""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        raise CredentialsError("no base64") from None


def reason(headers: Headers) -> str | None:
    """Why somebody asks, where they say so.

    Raises:
        BadReasonError
    """
    given = headers.get("x-reason")
    if given is None:
        return None
    try:
        text = given.encode("latin-1").decode().strip()
    except UnicodeError:
        text = ""
    if not (0 < len(text) <= LONGEST_REASON and text.isprintable()):
        raise BadReasonError(f"X-Reason is to be 1 to {LONGEST_REASON} printable characters.")
    return text
