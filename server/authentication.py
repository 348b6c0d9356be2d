"""Authentication: a request's credentials become the principal that everything works for."""

import asyncio
import hmac
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import structlog
from starlette.datastructures import Headers

from customers.keys.key import Key
from customers.keys.keyring import KEPT_S
from customers.principal import DEVELOPER, Role
from customers.services import Services
from cypher import ProfileGraphError
from graph_schema.http import Caller, RefusedError
from server.address import reached_by_others
from server.credential import (
    BadReasonError,
    Credential,
    CredentialsError,
    TokenExpiredError,
    credential,
    reason,
)
from server.principals import principal_of_key, principal_of_token
from server.settings import Settings
from server.tokens import Tokens

RETRY_S = 5
# The longest that one wait takes; a token may be good for years.
LONGEST_WAIT_S = 3_600.0
# What proxies add: whoever they ask for is not at this machine, and so not its developer.
FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="profile-graph"'}

_log = structlog.get_logger("profile_graph.authentication")


class Authentication:
    """Who calls this server.

    Where no credentials are set up, whoever reaches it on loopback is its developer; from the
    first key on that this process knows of, nobody is.
    """

    def __init__(self, settings: Settings, services_of: Callable[[], Services]) -> None:
        """By the settings, and by the keys of the graph that `services_of` gives."""
        self._settings, self._services_of = settings, services_of
        self._tokens = Tokens(settings, settings.jwt_jwks) if settings.jwt_jwks else None
        self._metrics_token = settings.metrics_token
        self.required = (
            settings.authentication == "required"
            or self._tokens is not None
            or reached_by_others(settings)
        )

    async def close(self) -> None:
        """Stop what goes on behind requests."""
        if self._tokens is not None:
            await self._tokens.close()

    async def __call__(self, headers: Headers) -> Caller:
        """Who sends a request with these headers.

        Raises:
            RefusedError: nobody that we know.
        """
        try:
            why = reason(headers)
            caller = await self._caller(credential(headers), headers)
        except (BadReasonError, CredentialsError) as problem:
            raise _refused(problem) from None
        except ProfileGraphError as problem:
            retry = {"Retry-After": f"{RETRY_S}"}
            raise RefusedError(503, problem.code, str(problem), retry) from None
        return Caller(replace(caller.principal, reason=why), caller.until)

    async def check_scraper(self, headers: Headers) -> None:
        """Let in who has the token for metrics; where none is set, an administrator.

        Raises:
            RefusedError
        """
        if self._metrics_token is not None:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            wanted = self._metrics_token.get_secret_value()
            if scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), wanted.encode()):
                return
            raise _refused(CredentialsError("metrics token"))
        if not await self._nobody_is_asked():
            caller = await self(headers)
            if caller.principal.role is not Role.ADMIN:
                raise RefusedError(403, "FORBIDDEN", "Metrics are for administrators.")

    async def is_open(self) -> bool:
        """Whether who shows nothing is the developer.

        Raises:
            DatabaseUnavailableError, OverloadedError, DeadlineExceededError
        """
        if not self.required and await self._services_of().keys.holds_any():
            # For good: a server that asked for credentials stays so when the last key is revoked.
            self.required = True
        return not self.required

    async def _nobody_is_asked(self) -> bool:
        """The same, by what was known last while the database, of which metrics tell, is away."""
        try:
            return await self.is_open()
        except ProfileGraphError:
            return not self.required

    async def _caller(self, given: Credential | None, headers: Headers) -> Caller:
        if given is None:
            if await self.is_open():
                if not FORWARDED.isdisjoint(headers.keys()):
                    raise CredentialsError("a proxy asks, and there are no credentials yet")
                return Caller(DEVELOPER, self._until_asked)
            raise CredentialsError("none")
        if given.is_key:
            key = await self._services_of().keys.find(given.text)
            if key is None:
                raise CredentialsError("unknown key")
            self.required = True
            principal = principal_of_key(key)
            self._services_of().audit.key_used(principal, key.id)
            return Caller(principal, lambda: self._until_over(key))
        if self._tokens is None:
            raise CredentialsError("no key, and tokens are not set up")
        claims = await self._tokens.claims(given.text)
        principal = principal_of_token(claims, self._settings, self._services_of().secret)
        end = int(claims["exp"]) + self._settings.jwt_leeway
        return Caller(principal, lambda: self._until_expired(end))

    async def _until_asked(self) -> RefusedError:
        """Wait until somebody sets up credentials."""
        while True:
            await asyncio.sleep(KEPT_S)
            with suppress(ProfileGraphError):  # away; what is open has nothing to read either
                if not await self.is_open():
                    return _refused(CredentialsError("credentials are asked for now"))

    async def _until_over(self, key: Key) -> RefusedError:
        """Wait until a key expires or is revoked."""
        end = math.inf if key.expires_at is None else key.expires_at / 1000
        while True:
            await asyncio.sleep(min(KEPT_S, max(end - time.time(), 0)))
            if time.time() >= end:
                return _refused(TokenExpiredError())
            with suppress(ProfileGraphError):
                if not await self._services_of().keys.holds(key.id):
                    return _refused(CredentialsError("revoked"))

    async def _until_expired(self, end: float) -> RefusedError:
        """Wait until a token is no longer taken."""
        while True:
            await asyncio.sleep(min(LONGEST_WAIT_S, max(end - time.time(), 0)))
            if time.time() >= end:
                return _refused(TokenExpiredError())


def _refused(problem: BadReasonError | CredentialsError) -> RefusedError:
    if isinstance(problem, BadReasonError):
        return RefusedError(400, problem.code, str(problem))
    _log.info("refused", why=problem.why)
    return RefusedError(401, problem.code, str(problem), CHALLENGE)
