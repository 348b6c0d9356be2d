"""Identifiers as compared: normalised values, and why a value is refused."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from babel.core import get_global
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
# Whose names of countries are understood, and what else people call some.
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
CALLED = {
    "america": "US", "england": "GB", "great britain": "GB", "holland": "NL", "scotland": "GB",
    "united states of america": "US", "wales": "GB",
}  # fmt: skip


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
    plain = " ".join(value.split())
    # Before it is normalised: that takes long of many marks, and makes hardly any text shorter.
    if len(plain) > LONGEST_BYTES:
        raise RefusedError(f"longer than {LONGEST_BYTES} bytes")
    shown = " ".join(unicodedata.normalize("NFKC", plain).split())
    if not shown:
        raise RefusedError("empty")
    if len(shown.encode()) > LONGEST_BYTES:
        raise RefusedError(f"longer than {LONGEST_BYTES} bytes")
    if not shown.isprintable():
        raise RefusedError("control characters")
    if policy.blocked_pattern.matches(shown):
        raise RefusedError("a placeholder, blocked by the policy")
    kind = policy.namespace(namespace).normaliser
    if kind == "email":
        shown = _email(shown)
    elif kind == "phone":
        shown = _phone(shown, region or policy.region)
    if kind != "plain" and policy.blocked_pattern.matches(shown):
        raise RefusedError("a placeholder, blocked by the policy")
    return f"{namespace}|{shown.lower()}", shown


def region_of(country: object) -> str | None:
    """The region for phone numbers that a trait ``country`` tells: GB, GBR, UK, United Kingdom."""
    text = " ".join(country.split()) if isinstance(country, str) else ""
    code = text.upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        code = _countries().get(text.casefold(), "") if text else ""
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


@cache
def _countries() -> Mapping[str, str]:
    """By what people call a country its region, as Unicode's CLDR has names and other codes."""
    known = dict(CALLED)
    for old, regions in get_global("territory_aliases").items():
        if len(regions) == 1:
            known[old.casefold()] = regions[0]
    for language in LANGUAGES:
        for region, name in Locale(language).territories.items():
            known.setdefault(name.casefold(), region)
    return known


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
    found = []
    # Many write the prefix of calls abroad as 00 wherever they are.
    for written in dict.fromkeys((text, re.sub(r"^\s*00", "+", text))):
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(written, region)
            if phonenumbers.is_possible_number(number):
                found.append(number)
    if not found:
        raise RefusedError("not a possible phone number")
    # Of two readings the one that is a number somebody may have, else that of the region.
    one = found[0] if len(found) == 1 else max(found, key=phonenumbers.is_valid_number)
    return phonenumbers.format_number(one, phonenumbers.PhoneNumberFormat.E164)
