"""The compose file is right, gives nothing away, and says what our settings understand."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from server.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {
    str(field.validation_alias) for field in Settings.model_fields.values()
}
WANTED = re.compile(r"\$\{(\w+):\?")


def services() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(FILE)["services"]
    return found


def checked(file: Path) -> subprocess.CompletedProcess[str]:
    """What the schema of the compose specification says."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)


def test_the_specification_accepts_it() -> None:
    done = checked(FILE)
    assert done.returncode == 0, done.stdout


def test_the_specification_refuses_a_slip(tmp_path: Path) -> None:
    slip = tmp_path / "docker-compose.yml"
    slip.write_text(FILE.read_text(encoding="utf-8").replace("condition:", "conditions:"))
    assert checked(slip).returncode == 1


def test_versions_are_pinned() -> None:
    images = {name: one["image"] for name, one in services().items()}
    assert images == {"neo4j": "neo4j:5.26.12-community", "server": "profile-graph:0.1.0"}


def test_the_server_waits_for_a_healthy_database() -> None:
    assert services()["server"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert "cypher-shell" in services()["neo4j"]["healthcheck"]["test"]


@pytest.mark.parametrize("service", ["neo4j", "server"])
def test_ports_are_on_loopback_alone(service: str) -> None:
    for port in services()[service]["ports"]:
        assert re.fullmatch(r"127\.0\.0\.1:\$\{\w+:-\d+\}:\d+", port)


@pytest.mark.parametrize("service", ["neo4j", "server"])
def test_no_secret_is_in_it(service: str) -> None:
    for name, value in services()[service]["environment"].items():
        if re.search("PASSWORD|SECRET|AUTH$", name):
            assert re.fullmatch(r"(neo4j/)?\$\{\w+:\?[^}]+\}", value), name


def test_the_server_gets_settings_that_it_knows_and_that_it_starts_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = services()["server"]["environment"]
    assert environment.keys() <= SETTINGS
    for name, value in environment.items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:[-?]([^}]*)\}", r"\1", value))
    settings = Settings.from_environment()
    assert (settings.host, settings.port, settings.loopback_mapping) == ("0.0.0.0", 8000, True)
    assert settings.log_format == "json"
    assert (settings.authentication, settings.jwt_jwks, settings.metrics_token) == (
        *("auto", None, None),
    )


def test_the_example_names_every_variable_and_no_value_of_a_secret() -> None:
    used = set(re.findall(r"\$\{(\w+):", FILE.read_text(encoding="utf-8")))
    assert set(re.findall(r"^#?(\w+)=", EXAMPLE, re.MULTILINE)) == used
    required = set(WANTED.findall(FILE.read_text(encoding="utf-8")))
    assert required == {"NEO4J_PASSWORD", "PROFILE_GRAPH_SECRET"}
    for name in required:
        assert f"\n{name}=\n" in EXAMPLE


def test_defaults_of_the_example_are_those_of_the_file() -> None:
    text = FILE.read_text(encoding="utf-8")
    for name, value in re.findall(r"^#(\w+)=(.+)$", EXAMPLE, re.MULTILINE):
        assert set(re.findall(rf"\$\{{{name}:-([^}}]*)\}}", text)) == {value}


def test_the_server_runs_with_no_more_rights_than_it_needs() -> None:
    server = services()["server"]
    assert server["read_only"] is True
    assert server["cap_drop"] == ["ALL"]
    assert server["security_opt"] == ["no-new-privileges:true"]
