"""Settings: what the environment says, and what it says wrong."""

from pathlib import Path

import pytest

from cypher import Connection
from server.settings import ConfigError, Settings, unknown_variables


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "HOST", "PORT", "SECRET", "LOG_FORMAT", "LOG_LEVEL", "JWT_JWKS"):
        monkeypatch.delenv(f"PROFILE_GRAPH_{name}", raising=False)
    for name in ("URI", "USER", "PASSWORD", "DATABASE"):
        monkeypatch.delenv(f"NEO4J_{name}", raising=False)


def test_nothing_set_is_the_embedded_engine_on_loopback() -> None:
    settings = Settings.from_environment()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.request_timeout, settings.max_body_bytes) == (10.0, 2_097_152)
    assert settings.connection() == Connection(Path(".data"), None, "neo4j", "", "neo4j")


def test_neo4j_is_named_without_our_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in [("URI", "neo4j://db:7687"), ("USER", "u"), ("PASSWORD", "p")]:
        monkeypatch.setenv(f"NEO4J_{name}", value)
    connection = Settings.from_environment().connection()
    assert connection == Connection(Path(".data"), "neo4j://db:7687", "u", "p", "neo4j")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "")
    monkeypatch.setenv("PROFILE_GRAPH_PORT", "")
    settings = Settings.from_environment()
    assert (settings.neo4j_uri, settings.port) == (None, 8000)


def test_what_is_wrong_is_named_by_its_variable_and_never_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROFILE_GRAPH_PORT", "hunter2")
    monkeypatch.setenv("PROFILE_GRAPH_SECRET", "hunter2")
    with pytest.raises(ConfigError) as caught:
        Settings.from_environment()
    assert str(caught.value) == (
        "PROFILE_GRAPH_PORT: should be a valid integer, unable to parse string as an integer; "
        "PROFILE_GRAPH_SECRET: needs at least 32 characters"
    )


def test_a_slip_in_a_name_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROFILE_GRAPH_PROT", "8001")
    assert unknown_variables() == ["PROFILE_GRAPH_PROT"]


TOKENS = {"JWKS": "https://id.example/jwks", "ISSUER": "https://id.example", "AUDIENCE": "shop"}


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that tokens need."""
    for name, value in TOKENS.items():
        monkeypatch.setenv(f"PROFILE_GRAPH_JWT_{name}", value)


def test_tokens_need_three_settings_and_have_defaults_for_the_rest(tokens: None) -> None:
    settings = Settings.from_environment()
    assert settings.algorithms == ["RS256", "ES256", "EdDSA"]
    assert (settings.jwt_leeway, settings.jwt_role_claim) == (30, "role")
    assert (settings.jwt_subject_claim, settings.jwt_subject_namespace) == ("sub", "userId")


@pytest.mark.parametrize("missing", TOKENS)
def test_half_of_what_tokens_need_is_refused(
    tokens: None, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(f"PROFILE_GRAPH_JWT_{missing}")
    with pytest.raises(ConfigError, match=f"^PROFILE_GRAPH_JWT_{missing}: to be set too"):
        Settings.from_environment()


@pytest.mark.parametrize("value", ["none", "HS256", "RS256,HS256", "RS256,none", ",", "rs256"])
def test_an_algorithm_by_which_everybody_could_sign_is_refused(
    tokens: None, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PROFILE_GRAPH_JWT_ALGORITHMS", value)
    with pytest.raises(ConfigError, match=r"^PROFILE_GRAPH_JWT_ALGORITHMS: names some of ES256, "):
        Settings.from_environment()


@pytest.mark.parametrize(
    "place", ["http://id.example/jwks", "ftp://id.example/jwks", "file:///etc/x"]
)
def test_keys_that_somebody_could_change_on_their_way_are_refused(
    tokens: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("PROFILE_GRAPH_JWT_JWKS", place)
    with pytest.raises(
        ConfigError, match=r"^PROFILE_GRAPH_JWT_JWKS: names a file, or an https URL"
    ):
        Settings.from_environment()


def test_keys_in_a_file_that_is_not_there_are_told(
    tokens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROFILE_GRAPH_JWT_JWKS", "/nope.json")
    with pytest.raises(ConfigError, match=r"^PROFILE_GRAPH_JWT_JWKS: there is no file /nope.json"):
        Settings.from_environment()


def test_a_provider_on_this_machine_may_do_without_https(
    tokens: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("http://127.0.0.1:9000/jwks", "http://localhost/jwks", "http://[::1]/jwks"):
        monkeypatch.setenv("PROFILE_GRAPH_JWT_JWKS", place)
        assert Settings.from_environment().jwt_jwks == place


@pytest.mark.parametrize(
    ("hosts", "fits"),
    [
        ("graph.example.com, Z.Example,[::1], 10.0.0.1,intern_al", True),
        ("https://graph.example.com", False),
        ("graph.example.com:8000", False),
        ("graph.example.com/", False),
    ],
)
def test_hosts_are_names_without_scheme_port_and_path(
    monkeypatch: pytest.MonkeyPatch, hosts: str, fits: bool
) -> None:
    monkeypatch.setenv("PROFILE_GRAPH_ALLOWED_HOSTS", hosts)
    if fits:
        assert len(Settings.from_environment().hosts) == 5
        return
    with pytest.raises(ConfigError, match=r"PROFILE_GRAPH_ALLOWED_HOSTS: .* is no host's name"):
        Settings.from_environment()
