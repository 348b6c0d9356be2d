"""The audit of dependencies: red for what is found, and no more than a note if nobody answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.dependencies import KNOWN, PINS, known, main

PACKAGE, VERSION = "orjson", "3.13.0"


class _Made(BaseHTTPRequestHandler):
    """An OSV database that knows one made-up vulnerability of one package."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        name = asked["package"]["name"]
        affected = {
            "package": {"name": name, "ecosystem": "PyPI"},
            "versions": [asked["version"]],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
        }
        made = {"id": "MADE-1", "aliases": ["UP-1"], "summary": "made up", "affected": [affected]}
        answer = json.dumps({"vulns": [made]} if name == PACKAGE else {}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def database() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Made) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/query"
        server.shutdown()


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    file = tmp_path / "pins.txt"
    file.write_text(f"# two\n{PACKAGE}=={VERSION}\nrich==15.0.0\n")
    return file


def test_a_vulnerability_is_red_until_it_is_listed_with_a_reason(
    database: str, pins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--pins", str(pins), "--osv-url", database]
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert f"{PACKAGE} {VERSION} HAS MADE-1 (fixed in 99): made up" in said
    assert "2 packages looked up, 1 unknown vulnerabilities" in said
    listed = tmp_path / "known.toml"
    listed.write_text('[[known]]\nid = "UP-1"\nreason = "never called"\n')
    assert main([*asked, "--known", str(listed)]) == 0
    assert "which is known: never called" in capsys.readouterr().out
    listed.write_text('[[known]]\nid = "OTHER-1"\nreason = "gone"\n')
    assert main([*asked, "--known", str(listed)]) == 1
    assert "OTHER-1 is listed as known and no package has it" in capsys.readouterr().out


def test_a_database_that_nobody_reaches_is_a_note(
    pins: Path, unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/query"
    assert main(["--pins", str(pins), "--osv-url", url]) == 0
    said = capsys.readouterr().out
    assert said.startswith("NOT AUDITED: the database of vulnerabilities cannot be reached.")


def test_pins_that_cannot_be_read_are_no_note(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="pip-audit failed"):
        main(["--pins", str(tmp_path / "nothing.txt")])


def test_what_is_listed_has_a_reason() -> None:
    assert all(reason.strip() for reason in known(KNOWN).values())
    assert PINS.exists()
