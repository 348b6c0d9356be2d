"""Cursors: where a page ended, encrypted so that they tell nobody what they were sorted by."""

import base64
import binascii
import hashlib
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from customers.errors import InvalidInputError


class Cursors:
    """Makes and reads cursors with one secret: equal in all processes that share it."""

    def __init__(self, secret: bytes) -> None:
        """Derive the key from `secret`."""
        # SIV needs no nonce and is authentic: equal positions give equal cursors, none is made up.
        self._cipher = AESSIV(hashlib.blake2b(secret, person=b"cursor").digest())

    def encode(self, connection: str, *position: str | int) -> str:
        """The cursor of a position in a connection; it is of no use in another connection."""
        sealed = self._cipher.encrypt(orjson.dumps(position), [connection.encode()])
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def decode(self, connection: str, cursor: str) -> list[Any]:
        """The position that `encode` was given.

        Raises:
            InvalidInputError: not a cursor of this connection and this server.
        """
        try:
            sealed = base64.b64decode(
                cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
            )
            position: list[Any] = orjson.loads(self._cipher.decrypt(sealed, [connection.encode()]))
        except (binascii.Error, InvalidTag, ValueError):
            raise InvalidInputError(
                "The cursor is not one of this connection: take it from endCursor or from an edge "
                "of a page of it."
            ) from None
        return position

    def after(self, connection: str, cursor: str | None) -> tuple[Any, ...]:
        """The position that a page begins after: none, for the first page, without a cursor.

        Raises:
            InvalidInputError: not a cursor of this connection and this server.
        """
        return () if cursor is None else tuple(self.decode(connection, cursor))
