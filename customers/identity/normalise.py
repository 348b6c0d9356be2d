"""Identifiers as compared: normalised values, and why a value is refused."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from customers.identity.policy import OURS, Policy

LONGEST_BYTES = 512
# Mail for somebody+anything goes to somebody.
TAGGED_DOMAINS = frozenset({
    "gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "mac.com",
    "fastmail.com", "proton.me", "protonmail.com", "pm.me",
})  # fmt: skip
# Dots before the @ count for nothing.
DOTLESS_DOMAINS = frozenset({"gmail.com"})
SAME_DOMAIN = {"googlemail.com": "gmail.com"}


class RefusedError(Exception):
    """The value never becomes an identifier; the text is the reason."""


def identifier_key(
    namespace: str, value: str, policy: Policy, region: str | None = None
) -> tuple[str, str]:
    """The key, ``namespace|normalised value``, and the value to show.

    Values that differ in case only are one identifier. A phone number without a country prefix is
    one of `region`, or of the policy's.

    Raises:
        RefusedError: blocked, too long, or not what its namespace holds.
    """
    if namespace.startswith(OURS):
        raise RefusedError("namespaces that begin with ~ are the program's own")
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
        shown = _phone(shown, region or policy.region)
    if kind != "plain" and policy.blocked_pattern.fullmatch(shown):
        raise RefusedError("a placeholder, blocked by the policy")
    return f"{namespace}|{shown.lower()}", shown


def region_of(country: object) -> str | None:
    """The region for phone numbers that a trait ``country`` tells: where it is a code, as GB."""
    code = country.strip().upper() if isinstance(country, str) else ""
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


@lru_cache(maxsize=65_536)
def _email(text: str) -> str:
    try:
        address = validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise RefusedError("not an e-mail address") from None
    local, _, domain = address.rpartition("@")
    domain = SAME_DOMAIN.get(domain, domain)
    if domain in TAGGED_DOMAINS:
        local = local.partition("+")[0] or local
    if domain in DOTLESS_DOMAINS:
        local = local.replace(".", "")
    return f"{local}@{domain}"


@lru_cache(maxsize=65_536)
def _phone(text: str, region: str) -> str:
    # Many write the prefix of calls abroad as 00 wherever they are.
    for written in (text, re.sub(r"^\s*00", "+", text)):
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise RefusedError("not a possible phone number")
