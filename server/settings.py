"""Settings: what the environment says, checked once at the start."""

import os
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cypher import Connection, ProfileGraphError

PREFIX = "PROFILE_GRAPH_"
SHORTEST_SECRET = 32


class ConfigError(ProfileGraphError):
    """A setting that cannot be used; the text names the variable."""

    code: ClassVar[str] = "CONFIG_INVALID"


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value) < SHORTEST_SECRET:
        raise ValueError(f"needs at least {SHORTEST_SECRET} characters")
    return value


class Settings(BaseSettings):
    """Everything that can be set. A variable that is empty counts as one that is not there."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    allowed_hosts: str = ""
    loopback_mapping: bool = False
    data_dir: Path = Path(".data")
    secret: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = "console"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        "info"
    )
    policy: Path | None = None
    request_timeout: float = Field(10.0, gt=0, le=600)
    metrics: bool = True
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
            return cls()
        except ValidationError as problem:
            # Without the input: what is wrong may be a password in the wrong variable.
            wrong = problem.errors(include_url=False, include_input=False)
            lines = [f"{_variable(str(one['loc'][0]))}: {_text(one['msg'])}" for one in wrong]
            raise ConfigError("; ".join(lines)) from None

    @property
    def hosts(self) -> list[str]:
        """Names besides loopback's that the server goes by, from a list with commas."""
        return [name.strip() for name in self.allowed_hosts.split(",") if name.strip()]

    def policy_text(self) -> str | None:
        """The policy document that PROFILE_GRAPH_POLICY names.

        Raises:
            ConfigError
        """
        if self.policy is None:
            return None
        try:
            return self.policy.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigError(f"{PREFIX}POLICY: {self.policy} cannot be read: {problem}") from None

    def connection(self) -> Connection:
        """Where the graph is."""
        return Connection(
            data_dir=self.data_dir,
            uri=self.neo4j_uri,
            user=self.neo4j_user,
            password=self.neo4j_password.get_secret_value(),
            database=self.neo4j_database,
        )


def unknown_variables() -> list[str]:
    """Variables that look like ours and are not, which is how a slip in a name shows."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def _variable(field: str) -> str:
    return field if field.startswith("NEO4J_") else f"{PREFIX}{field.upper()}"


def _text(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ")
