"""Global ids: readable, typed, the same in GraphQL, exports and URLs."""

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

# No vowels and no look-alikes: an id spells no word and survives being read over the phone.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_LENGTH = 20

CUSTOMER = "cus_"
PROFILE = "prf_"
IDENTIFIER = "idn_"
INTERACTION = "int_"
HOUSEHOLD = "hh_"
DEVICE = "dev_"
CHANGE = "chg_"
AUDIT = "aud_"
DECISION = "dec_"
NOTE = "note_"
CORRECTION = "cor_"
LABEL = "lab_"
MATCH = "mat_"
EVIDENCE = "evd_"


def new_id(prefix: str) -> str:
    """A random id of a kind."""
    return prefix + _letters(secrets.randbits(128))


def new_customer_id() -> str:
    """A random id; each profile gets one, and a customer answers to that of its anchor."""
    return new_id(CUSTOMER)


def profile_id(customer_id: str) -> str:
    """The id of the profile whose own customer id this is."""
    return PROFILE + customer_id.removeprefix(CUSTOMER)


def household_id(customer_id: str) -> str:
    """The id of the household of which this is the customer of the lowest number."""
    return HOUSEHOLD + customer_id.removeprefix(CUSTOMER)


def own_customer_id(profile: str) -> str:
    """The id that the customer of a profile would have if the profile were its anchor."""
    return CUSTOMER + profile.removeprefix(PROFILE)


def match_id(one: str, other: str) -> str:
    """The id of a possible match of two customers; always the same."""
    low, high = sorted((one, other))
    digest = hashlib.blake2b(f"{low}|{high}".encode(), digest_size=16, person=b"match").digest()
    return MATCH + _letters(int.from_bytes(digest, "big"))


class SealedIds:
    """Ids of what is known by a key: nobody can try out values on them, and we can read them."""

    def __init__(self, secret: bytes) -> None:
        """Derive the cipher's key from `secret`, which all processes on a graph share."""
        self._cipher = AESSIV(hashlib.blake2b(secret, person=b"id").digest())

    def seal(self, prefix: str, key: str) -> str:
        """The id of what is known by `key`; always the same."""
        sealed = self._cipher.encrypt(key.encode(), [prefix.encode()])
        return prefix + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def key(self, prefix: str, sealed: str) -> str | None:
        """The key that `seal` was given; None for an id that it never gave."""
        text = sealed.removeprefix(prefix)
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(raw, [prefix.encode()]).decode()
        except (binascii.Error, InvalidTag, ValueError):
            return None


def _letters(number: int) -> str:
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)
