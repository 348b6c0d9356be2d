"""`profile-graph doctor`."""

import platform
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

import orjson
import typer

from cypher import Connection
from server.address import reached_by_others
from server.callers import callers
from server.cli.run import FAILED, complain, run, settings_of
from server.diagnosis import Fact, Findings, ask, directory, writer
from server.rules import limits_of
from server.secret import secret_file, secret_of
from server.settings import Settings, unknown_variables
from server.versions import installed

PACKAGES = ("profile-graph", "neo4j", "neo4j-rust-ext", "arcadedb-embedded", "strawberry-graphql")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


def doctor(as_json: AsJson = False) -> None:
    """Say what is in force and what is wrong; changes nothing. Exits 1 if something is wrong."""
    settings = settings_of()
    found = Findings()
    for look in (
        lambda: _configured(settings),
        lambda: _usable(settings),
        lambda: _rules(settings),
        lambda: _document(settings),
        lambda: directory(settings.data_dir),
        lambda: writer(settings.connection()),
    ):
        found.check(look)
    run(ask(settings.connection(), found, lambda graph: callers(graph, settings)))
    if as_json:
        wrong = [{"code": one.code, "message": str(one)} for one in found.wrong]
        typer.echo(orjson.dumps({"facts": dict(found.facts), "wrong": wrong}))
    else:
        _show(found)
    if found.wrong:
        raise typer.Exit(FAILED)


def _show(found: Findings) -> None:
    for name, value in found.facts:
        typer.echo(f"{name:<10} {value}")
    for wrong in found.wrong:
        complain(wrong)
    if not found.wrong:
        typer.echo("Nothing is wrong.")


def _configured(settings: Settings) -> Iterator[Fact]:
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield "packages", ", ".join(f"{name} {installed(name)}" for name in PACKAGES)
    yield "engine", address_of(settings.connection())
    yield "serve", f"http://{settings.host}:{settings.port}"
    kept = f"in {secret_file(settings).absolute()}"
    yield "secret", "from PROFILE_GRAPH_SECRET" if settings.secret else kept
    if unknown := unknown_variables():
        yield "unknown", f"{', '.join(unknown)}: set, but no setting of this program"


def _usable(settings: Settings) -> Iterator[Fact]:
    yield "mode", "production" if settings.production else "developer"
    secret_of(settings)
    mapped = "by a port mapping" if settings.loopback_mapping else "from this machine alone"
    yield "reached", "by other machines" if reached_by_others(settings) else mapped


def _rules(settings: Settings) -> Iterator[Fact]:
    """What `serve` would refuse of trusted documents, origins and the budget."""
    limits_of(settings)
    yield from ()


def _document(settings: Settings) -> Iterator[Fact]:
    if settings.policy_text() is not None:
        yield "document", f"{settings.policy}, by PROFILE_GRAPH_POLICY"


def address_of(connection: Connection) -> str:
    """Which engine, and where, without a password that may be part of its address."""
    if connection.uri is None:
        return f"embedded, in {connection.data_dir.absolute()}"
    parts = urlsplit(connection.uri)
    place = parts.netloc.rpartition("@")[2]
    return f"Neo4j at {parts.scheme}://{place}, database {connection.database}"
