"""Settings: what the environment says, checked once at the start."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from customers.identity.policy_document import read_policy
from customers.ingest.record import NamespaceName
from cypher import Connection, ProfileGraphError

PREFIX = "PROFILE_GRAPH_"
SHORTEST_SECRET = 32
# Who verifies by these cannot sign. `none` and HMAC, by which everybody could, are not among them.
ALGORITHMS = frozenset(
    {
        *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
        *("ES256", "ES384", "ES512", "EdDSA"),
    }
)


class ConfigError(ProfileGraphError):
    """A setting that cannot be used; the text names the variable."""

    code: ClassVar[str] = "CONFIG_INVALID"


# A name, an address of IPv4, or one of IPv6 in brackets.
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value) < SHORTEST_SECRET:
        raise ValueError(f"needs at least {SHORTEST_SECRET} characters")
    return value


def _asymmetric(value: str) -> str:
    if not (listed := _listed(value)) or set(listed) - ALGORITHMS:
        raise ValueError(f"names some of {', '.join(sorted(ALGORITHMS))}, with commas between")
    return value


def _listed(value: str) -> list[str]:
    """The parts of a list with commas."""
    return [part.strip() for part in value.split(",") if part.strip()]


def _host_names(value: str) -> str:
    for name in _listed(value):
        if not _HOST.fullmatch(name):
            raise ValueError(
                f"{name[:80]!r} is no host's name: write it as in graph.example.com, without "
                "scheme, port and path, with commas between"
            )
    return value


class Settings(BaseSettings):
    """Everything that can be set. A variable that is empty counts as one that is not there."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    allowed_hosts: Annotated[str, AfterValidator(_host_names)] = ""
    loopback_mapping: bool = False
    data_dir: Path = Path(".data")
    heap_mb: int | None = Field(None, ge=256)
    secret: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = "console"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        "info"
    )
    authentication: Annotated[Literal["auto", "required"], BeforeValidator(_lower)] = "auto"
    jwt_jwks: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    jwt_algorithms: Annotated[str, AfterValidator(_asymmetric)] = "RS256,ES256,EdDSA"
    jwt_leeway: float = Field(30.0, ge=0, le=300)
    jwt_role_claim: str = "role"
    jwt_subject_claim: str = "sub"
    jwt_subject_namespace: NamespaceName = "userId"
    policy: Path | None = None
    request_timeout: float = Field(10.0, gt=0, le=600)
    metrics: bool = True
    metrics_token: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    max_body_bytes: int = Field(2 << 20, ge=1024)
    max_connections: int = Field(1_000, ge=1)
    max_connections_per_caller: int = Field(250, ge=1)
    batching: int = Field(0, ge=0, le=100)
    receive_timeout: float = Field(20.0, gt=0, le=600)
    max_cost: int = Field(100_000, ge=100)
    cost_per_minute: int = Field(2_000_000, ge=0)
    rate_storage: str = "async+memory://"
    production: bool = False
    documents: Path | None = None
    documents_mode: Annotated[Literal["off", "warn", "enforce"], BeforeValidator(_lower)] = "off"
    cors_origins: str = ""
    neo4j_uri: str | None = Field(None, validation_alias="NEO4J_URI")
    neo4j_user: str = Field("neo4j", validation_alias="NEO4J_USER")
    neo4j_password: SecretStr = Field(SecretStr(""), validation_alias="NEO4J_PASSWORD")
    neo4j_database: str = Field("neo4j", validation_alias="NEO4J_DATABASE")

    @classmethod
    def from_environment(cls) -> Self:
        """The settings of this process.

        Raises:
            ConfigError: all that is wrong, by the names of the variables.
        """
        try:
            settings = cls()
        except ValidationError as problem:
            # Without the input: what is wrong may be a password in the wrong variable.
            wrong = problem.errors(include_url=False, include_input=False)
            lines = [f"{_variable(str(one['loc'][0]))}: {_text(one['msg'])}" for one in wrong]
            raise ConfigError("; ".join(lines)) from None
        settings.check_tokens()
        return settings

    @property
    def hosts(self) -> list[str]:
        """Names besides loopback's that the server goes by, from a list with commas."""
        return _listed(self.allowed_hosts)

    @property
    def algorithms(self) -> list[str]:
        """By which a token may be signed."""
        return _listed(self.jwt_algorithms)

    def check_tokens(self) -> None:
        """Refuse settings of tokens that name only some of what is needed to trust one.

        Raises:
            ConfigError
        """
        needed = {f"{PREFIX}JWT_{name}": getattr(self, f"jwt_{name.lower()}") for name in _NEEDED}
        missing = [name for name, value in needed.items() if value is None]
        if 0 < len(missing) < len(needed):
            raise ConfigError(
                f"{', '.join(missing)}: to be set too, since tokens need {', '.join(needed)}."
            )
        if self.jwt_jwks and "://" not in self.jwt_jwks and not Path(self.jwt_jwks).is_file():
            raise ConfigError(f"{PREFIX}JWT_JWKS: there is no file {self.jwt_jwks}.")
        if self.jwt_jwks is not None and not _trusted_place(self.jwt_jwks):
            raise ConfigError(
                f"{PREFIX}JWT_JWKS: names a file, or an https URL (http on loopback alone: who "
                "could change the keys on their way could sign in as anybody)."
            )

    def policy_text(self) -> str | None:
        """The policy document that PROFILE_GRAPH_POLICY names.

        Raises:
            ConfigError, InvalidPolicyError
        """
        if self.policy is None:
            return None
        try:
            text = self.policy.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigError(f"{PREFIX}POLICY: {self.policy} cannot be read: {problem}") from None
        read_policy(text, f"{PREFIX}POLICY, {self.policy}")  # its mistakes, by the file's name
        return text

    def connection(self) -> Connection:
        """Where the graph is."""
        return Connection(
            data_dir=self.data_dir,
            uri=self.neo4j_uri,
            user=self.neo4j_user,
            password=self.neo4j_password.get_secret_value(),
            database=self.neo4j_database,
            heap_mb=self.heap_mb,
        )


_NEEDED = ("JWKS", "ISSUER", "AUDIENCE")


def _trusted_place(place: str) -> bool:
    parts = urlsplit(place)
    if "://" not in place:
        return Path(place).is_file()
    return parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname or ""))


def loopback(host: str) -> bool:
    """Whether only this machine is reached by it, and reaches it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def unknown_variables() -> list[str]:
    """Variables that look like ours and are not, which is how a slip in a name shows."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def _variable(field: str) -> str:
    return field if field.startswith("NEO4J_") else f"{PREFIX}{field.upper()}"


def _text(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ")
