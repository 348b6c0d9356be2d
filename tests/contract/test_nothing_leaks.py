"""A lap through the product at its most talkative: no value of a person in a log or a metric."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from tests.contract.serving import PROTOCOL, subscribe
from tests.contract.test_kill import ROOT, START_S, engine_pid, free_port
from tests.server.cli.program import program

# Words that come nowhere else, each in one part of one value.
SECRETS = (
    "qannabelq", "qmoorcroftq", "qmailq", "447700900", "qstreetq", "qsourceidq", "qcompanyq",
    "qorderq", "qpropertyq", "qcookieq", "qkeyq", "qbearerq", "qpasswordq", "qsettingq", "1987-03",
    "qvariableq", "qnamespaceq", "qreasonq",
)  # fmt: skip
MAIL = "qmailq@example.org"
RECORD: dict[str, Any] = {
    "source": "crm",
    "sourceId": "qsourceidq",
    "at": "2026-01-01T00:00:00Z",
    "identifiers": [
        {"namespace": "email", "value": MAIL},
        {"namespace": "phone", "value": "+447700900123"},
        {"namespace": "cookie", "value": "qcookieq"},
    ],
    "traits": {
        "firstName": "qannabelq",
        "lastName": "qmoorcroftq",
        "birthDate": "1987-03-04",
        "street": "1 qstreetq",
        "company": "qcompanyq",
    },
    "interaction": {
        "id": "1",
        "type": "track",
        "orderId": "qorderq",
        "properties": {"said": "qpropertyq"},
    },
}
BAD: list[dict[str, Any]] = [
    {**RECORD, "at": "qmailq"},
    {**RECORD, "source": "qnamespaceq " * 40},
    {**RECORD, "traits": {"firstName": ["qannabelq"], "birthDate": "1987-03-99", "age": 10**30}},
    {**RECORD, "identifiers": [{"namespace": "email", "value": "qmailq@@"}]},
    {**RECORD, "identifiers": [{"namespace": "qnamespaceq!", "value": "qmailq"}]},
    {**RECORD, "identifiers": [{"namespace": "email", "value": "qmailq" * 200}]},
    {**RECORD, "interaction": {"type": "track", "amount": 1, "currency": "qmailq"}},
    {**RECORD, "deleted": True},
]
INGEST = """mutation($records: [RecordInput!]!) { ingest(records: $records) {
  results { index refused { what value reason } } errors { message } customers { id traits } } }"""
WHOLE = """query($i: IdentifierInput) { customer(identifier: $i) { id displayName traits
  profiles { nodes { sourceId traits } } identifiers { nodes { value } }
  interactions { nodes { orderId properties } } } }"""
FILTER = """query($w: CustomerWhere) { customers(where: $w) { totalCount nodes { traits } } }"""
HEADERS = {"cookie": "s=qcookieq", "x-reason": "qreasonq"}
WRONG = [{"authorization": "Bearer qbearerq"}, {"x-api-key": "qkeyq"}]
OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    (INGEST, {"records": [RECORD]}),
    (INGEST, {"records": BAD}),
    (INGEST, {"records": [{**RECORD, "qvariableq": "qmailq"}]}),
    (INGEST, {"records": [{**RECORD, "traits": {"lastName": "qmoorcroftq\ud800"}}]}),
    (INGEST, {"records": [RECORD] * 1001}),
    (WHOLE, {"i": {"namespace": "email", "value": MAIL}}),
    (WHOLE, {"i": {"namespace": "qnamespaceq", "value": MAIL}}),
    (WHOLE, {"i": {"namespace": "email", "value": "qmailq\ud800"}}),
    (WHOLE, {"i": "qmailq@example.org"}),
    (WHOLE, {"i": {"qvariableq": "qmailq"}}),
    ('{ customer(id: "qmailq") { traits(qvariableq: 1) } }', {}),
    ('{ customer(id: "qmailq" }', {}),
    ('query qannabelq { customer(id: "qmailq") { id } }', {}),
    ("query($t: String!) { search(text: $t) { customer { displayName } } }",
     {"t": "qannabelq qmoorcroftq"}),
    ("query($t: String!) { search(text: $t) { customer { displayName } } }", {"t": "qmailq\ud800"}),
    ("query($t: String!) { search(text: $t) { customer { displayName } } }", {"t": MAIL}),
    ("query($t: String!) { search(text: $t) { customer { displayName } } }", {"t": "qorderq"}),
    (FILTER, {"w": {"trait": {"name": "lastName", "equals": "qmoorcroftq"}}}),
    (FILTER, {"w": {"trait": {"name": "company", "startsWith": "qcompanyq\ud800"}}}),
    (FILTER, {"w": {"trait": {"name": "qvariableq", "equals": "qmoorcroftq"}}}),
    (FILTER, {"w": {"trait": {"name": "birthDate", "gte": "1987-03-99"}}}),
    ('{ customers(after: "qmailq") { nodes { id } } }', {}),
    ('{ node(id: "idn_qmailq") { id } }', {}),
    ('{ profile(source: "crm", sourceId: "qsourceidq") { traits } }', {}),
    ('{ profile(source: "crm", sourceId: "qsourceidq\\u0000") { traits } }', {}),
    ('{ audit(about: "qmailq") { nodes { seq } } }', {}),
]  # fmt: skip


class Lap:
    """A server at debug whose every word is kept, and all that was scraped from it."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self.data = home / "data"
        self.output = home / "output"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.codes: set[str] = set()
        self.scraped = ""
        self._env = {
            **{name: value for name, value in env.items() if not name.startswith("NEO4J_")},
            "PROFILE_GRAPH_DATA_DIR": str(self.data),
            "PROFILE_GRAPH_PORT": str(self.port),
            "PROFILE_GRAPH_LOG_LEVEL": "debug",
            "PROFILE_GRAPH_LOG_FORMAT": "json",
            "PROFILE_GRAPH_SECRET": "qsettingq" * 5,
            "PROFILE_GRAPH_BATCHING": "5",
            "NEO4J_PASSWORD": "qpasswordq",
            "PYTHONASYNCIODEBUG": "1",
        }

    async def run(self) -> None:
        with self.output.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "server.cli", "serve",
                cwd=ROOT, env=self._env, stdout=out, stderr=out,
            )  # fmt: skip
            try:
                await self._asked(out.fileno())
            finally:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
                await process.wait()

    async def _files(self, out: int) -> None:
        """An import with bad rows; what it prints is for whoever may run it, so it counts too."""
        file = self.data.parent / "records.ndjson"
        lines = [json.dumps(one) for one in (RECORD, *BAD)] + ['{"source": "qmailq', "[]"]
        file.write_text("\n".join(lines), encoding="utf-8")
        for command in (("import", str(file)), ("doctor",)):
            done = await program(self._env, *command)
            os.write(out, done.stdout + done.stderr)

    async def _asked(self, out: int) -> None:
        async with asyncio.timeout(START_S * 2), httpx2.AsyncClient(timeout=60) as client:
            while True:
                with suppress(httpx2.TransportError):
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
            await self._files(out)
            await self._http(client)
            await self._socket()
            await self._scrape(client)
            # A killed engine is started again, and one whose files are damaged is not.
            for damaged in (False, True):
                os.kill(engine_pid(self.data), signal.SIGKILL)
                for file in (self.data / "databases").glob("*/schema*.json") if damaged else ():
                    file.write_text("{")
                for n in (0, 5, 13, 17):
                    await self._ask(client, *OPERATIONS[n])
                await self._scrape(client)

    async def _ask(self, client: httpx2.AsyncClient, text: str, variables: Any) -> None:  # noqa: ANN401
        # json.dumps writes half a surrogate pair as an escape, as a careless client does.
        body = json.dumps({"query": text, "variables": variables})
        headers = {**HEADERS, "content-type": "application/json"}
        answer = (await client.post(f"{self.url}/graphql", content=body, headers=headers)).json()
        self.codes |= {error["extensions"]["code"] for error in answer.get("errors", ())}

    async def _http(self, client: httpx2.AsyncClient) -> None:
        for text, variables in OPERATIONS:
            await self._ask(client, text, variables)
        graphql = f"{self.url}/graphql"
        for content in ('{"query": "qmailq', '"qmailq"', '{"query": 1, "qmailq": 2}', "[]"):
            for kind in ("application/json", "text/plain; qmailq"):
                headers = {**HEADERS, "content-type": kind, "x-request-id": "qmailq@"}
                await client.post(graphql, content=content, headers=headers)
        await client.get(graphql, params={"query": f'{{ customer(id: "{MAIL}") {{ id }} }}'})
        await client.get(graphql, params={"query": "{ __typename }", "variables": "qmailq"})
        await client.get(f"{self.url}/v1/{MAIL}?phone=447700900123")
        await client.put(graphql, content=MAIL)
        for wrong in WRONG:
            refused = await client.post(graphql, json={"query": "{ __typename }"}, headers=wrong)
            assert refused.status_code == 401
        batch = [{"query": text, "variables": values} for text, values in OPERATIONS[13:14]]
        await client.post(graphql, json=[*batch, "qmailq"])
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"GET /qmailq HTTP/qmailq\r\nqmailq\r\n\r\n")
        await reader.read(1000)
        writer.close()

    async def _socket(self) -> None:
        changes = "subscription($after: String) { changes(after: $after) { customer { traits } } }"
        where = f"ws://127.0.0.1:{self.port}/graphql"
        for wrong in WRONG:
            with suppress(InvalidStatus):
                async with connect(
                    where, subprotocols=[Subprotocol(PROTOCOL)], additional_headers=wrong
                ):
                    pass
        async with connect(
            where, subprotocols=[Subprotocol(PROTOCOL)], additional_headers=HEADERS
        ) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": HEADERS}))
            asked: list[tuple[str, dict[str, Any]]] = [
                (changes, {}),
                (changes, {"after": "qmailq"}),
                (changes, {"qvariableq": MAIL, "after": 5}),
                *(one for one in OPERATIONS[5:14] if "\\ud800" not in json.dumps(one)),
            ]
            for text, variables in asked:
                name = f"qvariableq{len(text)}{json.dumps(variables)}"
                await socket.send(json.dumps(subscribe(name, text, **variables)))
            async with httpx2.AsyncClient(timeout=60) as client:
                more = {**RECORD, "sourceId": f"qsourceidq{os.getpid()}"}
                await self._ask(client, INGEST, {"records": [more]})
            with suppress(TimeoutError):
                async with asyncio.timeout(3):
                    async for _ in socket:
                        pass
            await socket.send("qmailq is no JSON")
            with suppress(TimeoutError):
                await asyncio.wait_for(socket.wait_closed(), 5)

    async def _scrape(self, client: httpx2.AsyncClient) -> None:
        self.scraped += (await client.get(f"{self.url}/metrics")).text


async def test_no_value_of_a_person_and_no_secret_is_in_a_log_or_a_metric(
    tmp_path: Path, cli_env: Mapping[str, str]
) -> None:
    lap = Lap(tmp_path, cli_env)
    await lap.run()
    # The lap went where it was meant to.
    reached = {"INVALID_INPUT", "BAD_REQUEST", "DATABASE_UNAVAILABLE", "GRAPHQL_PARSE_FAILED"}
    assert reached <= lap.codes
    said = lap.output.read_text(encoding="utf-8")
    assert len(re.findall(r"request\b", said)) > len(OPERATIONS)
    assert "statement_seconds" in lap.scraped
    kept = {one for one in SECRETS if one in said.lower()}
    lines = [line for line in said.splitlines() if any(one in line.lower() for one in SECRETS)]
    assert kept == set(), "\n".join(lines[:20])
    assert not any(one in lap.scraped.lower() for one in SECRETS)
    password = (lap.data / "password").read_text().strip()
    assert password
    assert password not in said + lap.scraped
