"""`profile-graph keys create|list|revoke`."""

from dataclasses import replace
from typing import Annotated, Any, Literal

import orjson
import typer

from customers.errors import InvalidInputError
from customers.keys.expiry import expiry
from customers.keys.key import Key
from customers.keys.keys import (
    USUAL_DAYS,
    Wanted,
    create_key,
    every_key,
    revoke_key,
    usual_expiry,
)
from customers.principal import DEVELOPER, Role
from customers.services import MIGRATE_S
from customers.times import now_ms, to_datetime
from cypher import Deadline, connect, migrate
from server.cli.run import console, run, settings_of
from server.settings import Settings

ASK_S = 60.0
# Every role but a customer's, who comes with a token; a test compares.
ServerRole = Literal["ingest", "seller", "service", "analyst", "steward", "marketer", "admin"]

keys = typer.Typer(no_args_is_help=True, help="What programs call the server with.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Who has it, for the list and the log.")]
ForRole = Annotated[
    ServerRole | None, typer.Option("--role", help="A server key: what its holder is here for.")
]
Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        help="The one source that it writes for. Without --role: a write key, which may be public.",
    ),
]
Expires = Annotated[
    str | None,
    typer.Option(
        "--expires",
        metavar="WHEN",
        help=f"90d, 12h, 4w, a date, or never; server keys: {USUAL_DAYS}d unless you say.",
    ),
]
Which = Annotated[str, typer.Argument(metavar="ID", help="Its id, or the key itself.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")]


@keys.command()
def create(
    name: Name,
    role: ForRole = None,
    source: Source = None,
    expires: Expires = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once: nobody can read it again."""
    try:
        wanted = _wanted(name, role, source, expires)
    except InvalidInputError as problem:
        raise typer.BadParameter(str(problem)) from None
    key, text = run(_create(settings_of(), wanted))
    if as_json:
        typer.echo(orjson.dumps({"key": text, **_told(key)}))
        return
    typer.echo(text)
    if console.is_terminal:
        end = _day(key.expires_at) or "never"
        console.print(f"Keep it now: it is shown this once. Its id is {key.id}, it expires: {end}.")


@keys.command("list")
def list_(as_json: AsJson = False) -> None:
    """List every key there has been, without its secret."""
    found = run(_every(settings_of()))
    if as_json:
        typer.echo(orjson.dumps({"keys": [_told(key) for key in found]}))
    elif found:
        _show(found)
    else:
        typer.echo("There are no keys: profile-graph keys create makes one.")


@keys.command()
def revoke(which: Which, as_json: AsJson = False) -> None:
    """End a key; servers know within seconds."""
    key = run(_revoke(settings_of(), which))
    if as_json:
        typer.echo(orjson.dumps(_told(key)))
    else:
        typer.echo(f"{key.id} ({key.name}) is revoked.")


def _wanted(name: str, role: str | None, source: str | None, expires: str | None) -> Wanted:
    wanted = Wanted(name, Role(role) if role else None, source)
    now = now_ms()
    end = expiry(expires, now) if expires else usual_expiry(wanted.kind, now)
    return replace(wanted, expires_at=end)


async def _create(settings: Settings, wanted: Wanted) -> tuple[Key, str]:
    async with connect(settings.connection()) as graph:
        await migrate(graph, Deadline.after(MIGRATE_S))
        return await create_key(graph, wanted, DEVELOPER, Deadline.after(ASK_S))


async def _every(settings: Settings) -> list[Key]:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        return await every_key(graph, DEVELOPER, Deadline.after(ASK_S))


async def _revoke(settings: Settings, which: str) -> Key:
    async with connect(settings.connection(), Deadline.after(ASK_S)) as graph:
        return await revoke_key(graph, which, DEVELOPER, Deadline.after(ASK_S))


def _told(key: Key) -> dict[str, Any]:
    """A key for machines; times in ISO 8601."""
    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "role": key.role,
        "source": key.source,
        "state": key.state(now_ms()),
        "createdAt": _time(key.created_at),
        "expiresAt": _time(key.expires_at),
        "revokedAt": _time(key.revoked_at),
        "lastUsedAt": _time(key.last_used_at),
    }


def _show(found: list[Key]) -> None:
    """In columns that are as wide as they have to be, wherever it is printed."""
    now = now_ms()
    rows = [("id", "name", "kind", "role", "source", "state", "expires", "last used")]
    rows += [
        (
            *(key.id, key.name, key.kind, key.role, key.source or "-", key.state(now)),
            *(_day(key.expires_at) or "never", _day(key.last_used_at) or "never"),
        )
        for key in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _time(ms: int | None) -> str | None:
    return None if ms is None else to_datetime(ms).isoformat(timespec="seconds")


def _day(ms: int | None) -> str:
    return "" if ms is None else to_datetime(ms).date().isoformat()
