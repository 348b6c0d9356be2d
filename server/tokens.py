"""Tokens: JWTs of an identity provider, verified before anything that they say is believed."""

from collections.abc import Mapping
from typing import Any

import jwt

from server.credential import CredentialsError, TokenExpiredError
from server.jwks import Jwks
from server.settings import Settings

Claims = Mapping[str, Any]


class Tokens:
    """The tokens of one issuer for one audience."""

    def __init__(self, settings: Settings, place: str) -> None:
        """Those that are signed by a key at `place`."""
        self._settings = settings
        self._jwks = Jwks(place, settings.algorithms)

    async def close(self) -> None:
        """Stop reading keys."""
        await self._jwks.close()

    async def claims(self, token: str) -> Claims:
        """The claims of a token that is right in every way.

        Raises:
            TokenExpiredError: it was.
            CredentialsError: it is not.
            JwksUnavailableError
        """
        settings = self._settings
        try:
            header = jwt.get_unverified_header(token)
            # Before a key is asked for, so that what we never take costs nothing.
            if header.get("alg") not in settings.algorithms:
                raise CredentialsError("algorithm")
            key = await self._jwks.key(header.get("kid"))
            if key is None:
                raise CredentialsError("unknown kid")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=settings.algorithms,
                issuer=settings.jwt_issuer,
                audience=settings.jwt_audience,
                leeway=settings.jwt_leeway,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpiredError from None
        except (jwt.PyJWTError, ValueError, TypeError) as problem:
            raise CredentialsError(type(problem).__name__) from None
        if not claims.keys() & {"iat", "nbf"}:
            raise CredentialsError("neither iat nor nbf")
        return claims
