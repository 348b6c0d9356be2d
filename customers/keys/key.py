"""Key: what is known of an API key, and the one text of which its holder knows all."""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from customers.principal import Role
from cypher import Row

# Begins like no other secret, so that whoever looks for secrets in code and logs finds it.
PREFIX = "pgk"
# No vowels and no look-alikes, as in other ids: it is read out when a key is to be revoked.
_ID_LETTERS, _ID_LENGTH = "23456789bcdfghjkmnpqrstvwxz", 12
_LETTERS = string.ascii_letters + string.digits
# 43 of 62 letters are 256 bits.
_SECRET_LENGTH = 43
_TEXT = re.compile(f"{PREFIX}_([{_ID_LETTERS}]{{{_ID_LENGTH}}})_([A-Za-z0-9]{{{_SECRET_LENGTH}}})")
_ID = re.compile(f"(?:{PREFIX}_)?([{_ID_LETTERS}]{{{_ID_LENGTH}}})(?:_[A-Za-z0-9]*)?")
# What a secret is compared with whose key is not there, so that both take the same time.
NOBODYS = "0" * 64


class Kind(StrEnum):
    """A write key is what a browser has, and so is public; a server key is kept by a program."""

    WRITE = "write"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret; times are epoch milliseconds, None: never."""

    id: str
    name: str
    kind: Kind
    role: Role
    source: str | None
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None
    hash: str = field(default=NOBODYS, repr=False)

    @classmethod
    def of(cls, row: Row) -> Self:
        """The key of a row."""
        return cls(
            row["id"],
            row["name"],
            Kind(row["kind"]),
            Role(row["role"]),
            row["source"],
            row["createdAt"],
            row["expiresAt"],
            row["revokedAt"],
            row["lastUsedAt"],
            row.get("hash", NOBODYS),
        )

    def state(self, now: int) -> str:
        """Whether it is of use."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "usable"


def new_text() -> tuple[str, str, str]:
    """The text of a new key, its id, and the hash of its secret."""
    key_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
    secret = "".join(secrets.choice(_LETTERS) for _ in range(_SECRET_LENGTH))
    return f"{PREFIX}_{key_id}_{secret}", key_id, hash_of(secret)


def parts(text: str) -> tuple[str, str] | None:
    """The id and the secret in the text of a key; None where it is no such text."""
    found = _TEXT.fullmatch(text)
    return (found[1], found[2]) if found else None


def id_in(text: str) -> str | None:
    """The id that somebody gives of a key: by itself, or in the beginning or all of its text."""
    found = _ID.fullmatch(text.strip())
    return found[1] if found else None


def hash_of(secret: str) -> str:
    """What is kept of a secret.

    It has 256 random bits: nobody tries those out, so there is no need for a slow hash or a salt.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(secret: str, key: Key | None) -> bool:
    """Whether it is the secret of the key, found out in the same time whatever the answer."""
    right = hmac.compare_digest(hash_of(secret), NOBODYS if key is None else key.hash)
    return right and key is not None
