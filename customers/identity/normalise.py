"""Identifiers as compared: normalised values, and why a value is refused."""

import unicodedata
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from customers.identity.policy import Policy

LONGEST_BYTES = 512


class RefusedError(Exception):
    """The value never becomes an identifier; the text is the reason."""


def identifier_key(namespace: str, value: str, policy: Policy) -> tuple[str, str]:
    """The key, ``namespace|normalised value``, and the value to show.

    Values that differ in case only are one identifier.

    Raises:
        RefusedError: blocked, too long, or not what its namespace holds.
    """
    shown = " ".join(unicodedata.normalize("NFKC", value).split())
    if not shown:
        raise RefusedError("empty")
    if len(shown.encode()) > LONGEST_BYTES:
        raise RefusedError(f"longer than {LONGEST_BYTES} bytes")
    if not shown.isprintable():
        raise RefusedError("control characters")
    if policy.blocked_pattern.fullmatch(shown):
        raise RefusedError("a placeholder, blocked by the policy")
    kind = policy.namespace(namespace).normaliser
    if kind == "email":
        shown = _email(shown)
    elif kind == "phone":
        shown = _phone(shown, policy.region)
    if kind != "plain" and policy.blocked_pattern.fullmatch(shown):
        raise RefusedError("a placeholder, blocked by the policy")
    return f"{namespace}|{shown.lower()}", shown


@lru_cache(maxsize=65_536)
def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise RefusedError("not an e-mail address") from None


@lru_cache(maxsize=65_536)
def _phone(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise RefusedError("not a phone number") from None
    if not phonenumbers.is_possible_number(number):
        raise RefusedError("not a possible phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
