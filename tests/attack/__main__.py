"""`make attack`: schemathesis, clairvoyance, vamp and slowhttptest, each bounded, and their finds.

`make attack ARGS="vamp"` runs one of them.

The tools come pinned into environments of their own, in a temporary folder. The servers are this
checkout's, in production mode, with the people of the demo in an engine that is thrown away: one
that asks nobody who they are, and one that wants a token, for a tool that has a customer's.
"""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from customers.services import Services, open_services
from graph_schema.schema import sdl
from server import logging
from server.app import create_app
from server.demo.demo import load
from server.demo.records import stream
from server.secret import secret_of
from server.serve import Server
from server.settings import Settings
from tests.tokens import AUDIENCE, ISSUER, Signer, jwks_file

PEOPLE = 40
TOOLS = {
    "schemathesis": "schemathesis==4.32.5",
    "clairvoyance": "clairvoyance==2.5.5",
    # It does not say that it needs aiohttp.
    "vamp": "vamp-graphql-audit==1.4.0 aiohttp==3.14.5",
}
# What vamp takes for weak without having seen it, by its names.
FALSE_ALARMS = {
    "Insecure Transport",  # loopback; TLS is a proxy's
    "GQL-HOTCHOC-001 Recursive Fragment DoS",  # refused, and in production nobody is told why
    "GQL-APOLLO-001 Fragment Amplification",  # fifteen fragments in a row come to one field
    "GQL-HASURA-001 Row-Level Permission Bypass",  # `__typename`, which every role may ask for
}
# With which clairvoyance gives up.
NO_SUGGESTIONS = "Field Suggestion is not fully enabled"
DID_NOT_RUN = "DID NOT RUN: "
# What schemathesis is told of our scalars.
SCALARS = "scalars"
FUZZ_S, ASK_S, INSTALL_S = 60, 120, 300
# The namespace of the ids by which the provider of the tokens knows the demo's people.
SUBJECTS = "crmId"
TOKEN_S = 1_800


@dataclass(frozen=True, slots=True)
class Attack:
    """A tool's run: what it printed, and how it ended."""

    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Target:
    """A server that takes everybody for the developer, and one that wants a token such as this."""

    url: str
    guarded: str
    token: str


def main() -> None:
    """Print what each tool found; 1 if any found something, or did not run."""
    logging.configure("console", "error")
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(uvloop.run(attack(Path(folder))))


async def attack(folder: Path) -> int:
    """All tools, one after the other."""
    found = 0
    async with serving(folder) as target:
        for name, run in (
            ("schemathesis", schemathesis),
            ("clairvoyance", clairvoyance),
            ("vamp", vamp),
            ("slowhttptest", slowhttptest),
        ):
            if sys.argv[1:] and name not in sys.argv[1:]:
                continue
            start = time.monotonic()
            try:
                verdict, finds = await run(folder, target)
            except (OSError, subprocess.CalledProcessError) as problem:
                verdict, finds = f"{DID_NOT_RUN}{problem}", True
            found += finds
            say(name, f"{verdict} ({time.monotonic() - start:.0f} s)")
        say("server", "answers" if await answers(target.url) else "DOES NOT ANSWER")
    return min(found, 1)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Target]:
    """Servers with the demo's people, on free ports of loopback."""
    settings = Settings(
        data_dir=folder / "data",
        neo4j_uri=None,
        production=True,
        receive_timeout=10,
        log_level="error",
    )
    signer = Signer("attack")
    guarded = settings.model_copy(
        update={
            "jwt_jwks": str(jwks_file(folder, signer)),
            "jwt_issuer": ISSUER,
            "jwt_audience": AUDIENCE,
            "jwt_subject_namespace": SUBJECTS,
        }
    )
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(
            open_services(settings.connection(), secret_of(settings))
        )
        await load(services, settings.connection(), PEOPLE, lambda *_: None)
        open_, closed = [
            await stack.enter_async_context(served(services, one)) for one in (settings, guarded)
        ]
        yield Target(open_, closed, signer.token(sub=somebody(), exp=int(time.time()) + TOKEN_S))


@asynccontextmanager
async def served(services: Services, settings: Settings) -> AsyncIterator[str]:
    """The address of a server of these settings."""
    app = create_app(settings)
    app.state.services = services
    ready = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        server = Server(app, settings, ready.set)
        serve = asyncio.create_task(server.serve([listener]))
        await ready.wait()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        server.should_exit = True
        await serve


def somebody() -> str:
    """The subject of a token of one of the people: their id at the provider."""
    held = (one for record in stream(PEOPLE).records for one in record.get("identifiers", ()))
    found: str = next(one["value"] for one in held if one["namespace"] == SUBJECTS)
    return found


async def schemathesis(folder: Path, target: Target) -> tuple[str, bool]:
    """What fits the schema and what does not; an error that no caller made is a find.

    By everybody, and by a customer.
    """
    (folder / "schema.graphql").write_text(sdl(), encoding="utf-8")
    shutil.copy(Path(__file__).with_name(f"{SCALARS}.py"), folder)
    program = await installed(folder, "schemathesis")
    token = ["--header", f"Authorization: Bearer {target.token}"]
    said, found = [], False
    for whom, url, sent in (
        ("everybody", target.url, []),
        ("a customer", target.guarded, token),
    ):
        verdict, finds = await fuzzed(program, folder, [url, *sent])
        said.append(f"{whom}: {verdict}")
        found = found or finds
    return "; ".join(said), found


async def fuzzed(program: Path, folder: Path, url: list[str]) -> tuple[str, bool]:
    """One run of it."""
    done = await ran(
        [
            *(str(program / "schemathesis"), "run", str(folder / "schema.graphql"), "--url", *url),
            *("--max-time", f"{FUZZ_S}", "--continue-on-failure", "--no-color"),
            *("--exclude-checks", "positive_data_acceptance"),
        ],
        FUZZ_S + ASK_S,
        folder,  # where it keeps what failed
        {"SCHEMATHESIS_HOOKS": SCALARS, "PYTHONPATH": str(folder)},
    )
    if done.code not in {0, 1, None}:
        return f"{DID_NOT_RUN}{last_lines(done.text, 4)}", True
    # What a caller did wrong counts as a fault of the server there, unless its code is Apollo's.
    codes = Counter(re.findall(r'"code": ?"([A-Z_]+)"', done.text))
    kinds = set(re.findall(r"^ *- (ST\d+ .*)$", done.text, re.MULTILINE))
    last = last_lines(done.text, 1).strip(" =")
    # Errors are fields that it could not ask for.
    found = bool(kinds - {"ST113 GraphQL server error"}) or "INTERNAL" in codes or " error" in last
    return f"{last} {sorted(kinds)} {dict(codes)}", found or done.code is None


async def clairvoyance(folder: Path, target: Target) -> tuple[str, bool]:
    """The schema from suggestions and guesses: it must write none."""
    program, out = await installed(folder, "clairvoyance"), folder / "guessed.json"
    done = await ran([str(program / "clairvoyance"), target.url, "-o", str(out)], ASK_S)
    names = guessed(out)
    if done.code != 0 and not names and NO_SUGGESTIONS not in done.text:
        return f"{DID_NOT_RUN}{last_lines(done.text, 4)}", True
    return (f"found {names}" if names else f"found no field: {last_lines(done.text, 2)}"), bool(
        names
    )


def guessed(out: Path) -> list[str]:
    """The fields of a schema that was guessed."""
    if not out.exists():
        return []
    types = json.loads(out.read_bytes()).get("data", {}).get("__schema", {}).get("types", [])
    ours = (one for one in types if not str(one.get("name", "__")).startswith("__"))
    return [f"{one['name']}.{field['name']}" for one in ours for field in one.get("fields") or ()]


async def vamp(folder: Path, target: Target) -> tuple[str, bool]:
    """Settings that are known to be weak."""
    program, out = await installed(folder, "vamp"), folder / "vamp.json"
    done = await ran(
        [
            *(str(program / "vamp-graphql-audit"), "--target", target.url, "--json", str(out)),
            *("--timeout", "10"),
        ],
        ASK_S,
    )
    if not out.exists():
        return f"{DID_NOT_RUN}{last_lines(done.text, 4)}", True
    report = json.loads(out.read_bytes())["findings"]
    weak = {one["type"] for one in report if one["severity"] != "INFO"}
    found = sorted(weak - FALSE_ALARMS)
    return f"found {found} besides {len(weak & FALSE_ALARMS)} false alarms", bool(found)


async def slowhttptest(_: Path, target: Target) -> tuple[str, bool]:
    """300 requests whose head, then whose body, comes drop by drop: others are answered."""
    program = shutil.which("slowhttptest")
    if program is None:
        return f"{DID_NOT_RUN}apt-get install slowhttptest", True
    said, found = [], False
    for kind in ("-H", "-B"):
        # With its own content type a body is refused before any of it is awaited.
        sent = f"{kind} -t POST -f application/json -x 24"
        options = f"-c 300 {sent} -i 5 -r 150 -p 3 -l 15 -u {target.url}".split()
        attacking = asyncio.create_task(ran([program, *options], ASK_S))
        answered = 0
        while not attacking.done():
            answered += await answers(target.url)
            await asyncio.sleep(0.5)
        text = (await attacking).text
        if "Hit test time limit" not in text and "No open connections left" not in text:
            return f"{DID_NOT_RUN}{last_lines(text, 4)}", True
        available = "service available:   NO" not in text and answered > 0
        found = found or not available
        said.append(f"{kind} {'available' if available else 'NOT AVAILABLE'}, answered {answered}")
    return "; ".join(said), found


async def answers(url: str) -> bool:
    """Whether a request is answered within three seconds."""
    body = b'{"query": "{ __typename }"}'
    port = int(url.split(":")[2].partition("/")[0])
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(f"{head}{kind}".encode() + body)
            answer = await reader.read()
            writer.close()
    except (TimeoutError, OSError):
        return False
    return answer.startswith(b"HTTP/1.1 200")


async def installed(folder: Path, name: str) -> Path:
    """The programs of a tool, in an environment of its own."""
    home = folder / name
    made = [sys.executable, "-m", "venv", "--without-pip", str(home)]
    into = ["--python", str(home / "bin" / "python"), "--quiet"]
    for command in (made, [sys.executable, "-m", "pip", *into, "install", *TOOLS[name].split()]):
        done = await ran(command, INSTALL_S)
        if done.code != 0:
            raise OSError(last_lines(done.text, 1))
    return home / "bin"


async def ran(
    command: list[str],
    seconds: float,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Attack:
    """A program in a folder, with `settings` in its environment, ended when its time is up."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env={**os.environ, "COLUMNS": "160", "NO_COLOR": "1", **(settings or {})},
    )
    try:
        async with asyncio.timeout(seconds):
            text, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        text, _ = await process.communicate()
        return Attack(None, f"{text.decode(errors='replace')}\nended after {seconds:.0f} s")
    return Attack(process.returncode, text.decode(errors="replace"))


def last_lines(text: str, count: int) -> str:
    """The end of what a program said."""
    return "\n         ".join([line for line in text.splitlines() if line.strip()][-count:])


def say(what: str, text: str) -> None:
    """A line of the report."""
    sys.stdout.write(f"{what:<13}{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
