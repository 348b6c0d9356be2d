"""`profile-graph doctor`."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

import typer

from cypher import Connection, Deadline, ProfileGraphError, connect, pending
from server.address import check_loopback
from server.cli.run import FAILED, complain, run, settings_of
from server.secret import secret_file, secret_of
from server.settings import Settings, unknown_variables

ASK_S = 5.0
PACKAGES = ("profile-graph", "neo4j", "neo4j-rust-ext", "arcadedb-embedded", "strawberry-graphql")


@dataclass(slots=True)
class _Findings:
    """What is in force, and what is wrong with it."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[ProfileGraphError] = field(default_factory=list)


def doctor() -> None:
    """Say what is in force and what is wrong; changes nothing."""
    settings = settings_of()
    found = _Findings()
    found.facts += _configured(settings)
    for check in (
        lambda: check_loopback(settings.host, mapped=settings.loopback_mapping),
        lambda: secret_of(settings),
    ):
        try:
            check()
        except ProfileGraphError as problem:
            found.wrong.append(problem)
    run(_ask(settings.connection(), found))
    for name, value in found.facts:
        typer.echo(f"{name:<10} {value}")
    for wrong in found.wrong:
        complain(wrong)
    if found.wrong:
        raise typer.Exit(FAILED)
    typer.echo("Nothing is wrong.")


def _configured(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield "packages", ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    yield "engine", address_of(settings.connection())
    yield "serve", f"http://{settings.host}:{settings.port}"
    kept = f"in {secret_file(settings).absolute()}"
    yield "secret", "from PROFILE_GRAPH_SECRET" if settings.secret else kept
    if unknown := unknown_variables():
        yield "unknown", f"{', '.join(unknown)}: set, but no setting of this program"


async def _ask(connection: Connection, found: _Findings) -> None:
    try:
        async with connect(connection, Deadline.after(ASK_S)) as graph:
            found.facts.append(("answers as", await graph.server_version(Deadline.after(ASK_S))))
            missing = await pending(graph, Deadline.after(ASK_S))
            names = ", ".join(migration.version for migration in missing)
            found.facts.append(("schema", f"to be migrated: {names}" if names else "up to date"))
    except ProfileGraphError as problem:
        found.wrong.append(problem)


def address_of(connection: Connection) -> str:
    """Which engine, and where, without a password that may be part of its address."""
    if connection.uri is None:
        return f"embedded, in {connection.data_dir.absolute()}"
    parts = urlsplit(connection.uri)
    place = parts.netloc.rpartition("@")[2]
    return f"Neo4j at {parts.scheme}://{place}, database {connection.database}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
