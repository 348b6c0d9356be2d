"""Mailboxes: which of two e-mails is the other, mistyped, and which are those of an office."""

import re

from customers.identity.names import slip

# In the name of a mailbox. A shorter one with a letter less is another: ann@, an@.
LONG_MAILBOX = 8
TWICE = re.compile(r"([a-z])\1+")

# What names an office and nobody in it: the names of RFC 2142, and what firms of several countries
# write on their letters.
OFFICES = frozenset(
    {
        "accounting",
        "accounts",
        "admin",
        "administracion",
        "billing",
        "bookings",
        "buchhaltung",
        "comercial",
        "compras",
        "contabilidad",
        "customerservice",
        "einkauf",
        "empfang",
        "facturacion",
        "finance",
        "frontdesk",
        "help",
        "helpdesk",
        "hr",
        "info",
        "invoices",
        "marketing",
        "office",
        "orders",
        "procurement",
        "purchasing",
        "reception",
        "rechnung",
        "reservations",
        "sales",
        "sekretariat",
        "service",
        "shop",
        "support",
        "team",
        "verkauf",
        "vertrieb",
        "ventas",
        "zentrale",
    }
)


def is_office(key: str) -> bool:
    """Whether a mailbox is named for an office, as ``info@`` or ``purchasing2@``."""
    local, _ = _mailbox(key)
    return local.rstrip("0123456789-_") in OFFICES


def mistyped(one: str, other: str) -> bool:
    """Whether two are one e-mail with a slip in the domain, a letter typed twice, or two swapped.

    Other slips make the mailboxes of others: those of Jan and Jana, or of ann1 and ann2.
    """
    (local, domain), (local2, domain2) = _mailbox(one), _mailbox(other)
    # In none of these ways letters come that were not there.
    if {*local} != {*local2} or not slip(domain, domain2):
        return False
    if min(len(local), len(local2)) >= LONG_MAILBOX:
        local, local2 = TWICE.sub(r"\1", local), TWICE.sub(r"\1", local2)
    swapped = sorted(local) == sorted(local2) and slip(local, local2)
    return local == local2 or (domain == domain2 and swapped)


def _mailbox(key: str) -> tuple[str, str]:
    """Its name and its domain; without dots, which some domains count for nothing."""
    local, _, domain = key.partition("|")[2].partition("@")
    return local.replace(".", ""), domain
