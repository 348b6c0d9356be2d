"""Callers: what is set up to tell who calls, for the doctor."""

from collections import Counter
from collections.abc import AsyncIterator

from customers.keys.key import Key, Kind
from customers.keys.keys import believed, every_key
from customers.principal import DEVELOPER
from customers.times import DAY_MS, now_ms
from cypher import Deadline, Graph
from server.address import check_credentials
from server.diagnosis import ASK_S, Fact
from server.jwks import Jwks
from server.settings import Settings

SOON_DAYS = 30


async def callers(graph: Graph, settings: Settings) -> AsyncIterator[Fact]:
    """Who is let in.

    Raises:
        ConfigError, JwksUnavailableError
    """
    now = now_ms()
    every = await every_key(graph, DEVELOPER, Deadline.after(ASK_S))
    usable = [key for key in every if key.state(now) == "usable"]
    yield "keys", _counted(usable, now)
    public = {key.source for key in usable if key.kind is Kind.WRITE and key.source is not None}
    if public and (wrong := await believed(graph, public, Deadline.after(ASK_S))):
        yield (
            "write keys",
            f"of sources that the policy trusts: {', '.join(wrong)}; see docs/access.md",
        )
    if settings.jwt_jwks is None:
        yield "tokens", "of nobody: PROFILE_GRAPH_JWT_JWKS is not set"
        asked = bool(usable) or settings.authentication == "required"
        yield "callers", "show a key" if asked else "show nothing, and are the developer"
        check_credentials(settings, keys=bool(usable))
        return
    yield "tokens", f"of {settings.jwt_issuer} for {settings.jwt_audience}"
    yield "callers", "show a key or a token"
    count = await Jwks(settings.jwt_jwks, settings.algorithms).load()
    yield "jwks", f"{count} keys for {', '.join(settings.algorithms)} at {settings.jwt_jwks}"


def _counted(usable: list[Key], now: int) -> str:
    """How many of which kind, and which of them end soon."""
    if not usable:
        return "none that is usable"
    kinds = Counter(f"{key.kind} ({key.role})" for key in usable)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    soon = [
        f"{key.id} ({key.name})"
        for key in usable
        if key.expires_at is not None and key.expires_at < now + SOON_DAYS * DAY_MS
    ]
    return f"{told}; within {SOON_DAYS} days expire: {', '.join(soon)}" if soon else told
