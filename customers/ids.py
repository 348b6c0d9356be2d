"""Global ids: readable, typed, the same in GraphQL, exports and URLs."""

import hashlib
import secrets

# No vowels and no look-alikes: an id spells no word and survives being read over the phone.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_LENGTH = 20

CUSTOMER = "cus_"
PROFILE = "prf_"
IDENTIFIER = "idn_"
INTERACTION = "int_"
HOUSEHOLD = "hh_"


def new_customer_id() -> str:
    """A random id; each profile gets one, and a customer answers to that of its anchor."""
    return CUSTOMER + _letters(secrets.randbits(128))


def profile_id(customer_id: str) -> str:
    """The id of the profile whose own customer id this is."""
    return PROFILE + customer_id.removeprefix(CUSTOMER)


def household_id(customer_id: str) -> str:
    """The id of the household of which this is the customer of the lowest number."""
    return HOUSEHOLD + customer_id.removeprefix(CUSTOMER)


def keyed_id(prefix: str, key: str, secret: bytes) -> str:
    """The id of what is known by `key`; keyed, so that nobody can try out values on it."""
    digest = hashlib.blake2b(key.encode(), key=secret[:64], digest_size=16).digest()
    return prefix + _letters(int.from_bytes(digest, "big"))


def _letters(number: int) -> str:
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)
