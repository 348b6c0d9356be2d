"""Rules: what the settings let a caller ask for, and which pages may ask."""

from limits.errors import ConfigurationError
from strawberry.http.websocket_origin import normalize_allowed_origins

from graph_schema.budget import Budget
from graph_schema.http import Limits
from graph_schema.rules import Rules
from graph_schema.schema import schema
from graph_schema.trusted import Trusted
from server.settings import PREFIX, ConfigError, Settings


def limits_of(settings: Settings) -> Limits:
    """All that the endpoint is to know.

    Raises:
        ConfigError, ManifestError
    """
    return Limits(
        settings.request_timeout,
        settings.max_connections,
        settings.batching,
        connections_per_caller=settings.max_connections_per_caller,
        rules=Rules(
            max_cost=settings.max_cost,
            budget=_budget(settings),
            production=settings.production,
            trusted=_trusted(settings),
        ),
        origins=origins_of(settings),
    )


def origins_of(settings: Settings) -> frozenset[str]:
    """Origins besides the server's own whose pages may ask, as browsers write them.

    Raises:
        ConfigError
    """
    given = [name.strip() for name in settings.cors_origins.split(",") if name.strip()]
    if "*" in given:
        raise ConfigError(
            f"{PREFIX}CORS_ORIGINS: * would let every page ask that somebody looks at: list the "
            "origins, such as https://shop.example."
        )
    try:
        return normalize_allowed_origins(given)
    except ValueError as problem:
        raise ConfigError(f"{PREFIX}CORS_ORIGINS: {problem}") from None


def _budget(settings: Settings) -> Budget | None:
    if settings.cost_per_minute == 0:
        return None
    if settings.cost_per_minute < settings.max_cost:
        raise ConfigError(
            f"{PREFIX}COST_PER_MINUTE={settings.cost_per_minute} is less than one operation may "
            f"cost ({PREFIX}MAX_COST={settings.max_cost}): nobody could ask for it."
        )
    try:
        return Budget(settings.cost_per_minute, settings.rate_storage)
    except (ConfigurationError, NotImplementedError, ValueError) as problem:
        why = str(problem).rstrip(". ")
        raise ConfigError(
            f"{PREFIX}RATE_STORAGE: {why}. It names a storage of the library limits for asyncio, "
            "such as async+redis://HOST:6379."
        ) from None


def _trusted(settings: Settings) -> Trusted:
    if settings.documents is None:
        if settings.documents_mode != "off":
            raise ConfigError(
                f"{PREFIX}DOCUMENTS_MODE={settings.documents_mode} needs a manifest: name one in "
                f"{PREFIX}DOCUMENTS."
            )
        return Trusted()
    try:
        manifest = settings.documents.read_bytes()
    except OSError as problem:
        raise ConfigError(f"{PREFIX}DOCUMENTS: {settings.documents}: {problem.strerror}") from None
    trusted = Trusted.of(manifest, settings.documents_mode)
    trusted.check(schema._schema)  # noqa: SLF001 - Strawberry has no other way
    return trusted
