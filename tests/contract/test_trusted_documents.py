"""Trusted documents: what a front-end was built with runs by its id, and what else may run."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from customers.services import Services
from graph_schema.schema import schema
from graph_schema.trusted import ManifestError, Trusted
from server.rules import limits_of
from server.settings import Settings
from tests.contract.serving import Served, served

TEXT = "query Hello {\n  __typename\n}"
CHANGES = "subscription Follow { changes { seq } }"
WRITE = "mutation Write { ingest(records: []) { errors { code } } }"
OTHER = "query Other { __typename }"
DOCUMENTS = {hashlib.sha256(text.encode()).hexdigest(): text for text in (TEXT, CHANGES, WRITE)}
HASH, FOLLOW, MUTATE = DOCUMENTS
# As relay-compiler and graphql-codegen write it, and as Apollo does.
PLAIN = json.dumps(DOCUMENTS)
APOLLO = json.dumps(
    {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            {"id": name, "name": "n", "type": "query", "body": body}
            for name, body in DOCUMENTS.items()
        ],
    }
)
DATA = {"data": {"__typename": "Query"}}


@pytest.fixture(params=["enforce", "warn", "off"])
def mode(request: pytest.FixtureRequest) -> str:
    """How strict the server is."""
    return str(request.param)


@pytest.fixture
async def server(services: Services, tmp_path: Path, mode: str) -> AsyncIterator[Served]:
    """A server that was given documents."""
    (tmp_path / "manifest.json").write_text(PLAIN, encoding="utf-8")
    settings = {"documents": tmp_path / "manifest.json", "documents_mode": mode}
    async with served(services, **settings) as running:
        yield running


async def sent(server: Served, **body: Any) -> httpx2.Response:  # noqa: ANN401
    """A request."""
    async with server.http() as client:
        return await client.post(server.url, json=body)


def code(answer: httpx2.Response) -> str:
    """The one of an answer without data."""
    assert "data" not in answer.json()
    [error] = answer.json()["errors"]
    return str(error["extensions"]["code"])


def apollo(hash: str) -> dict[str, Any]:
    """As Apollo's clients name a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": hash}}


@pytest.mark.parametrize("manifest", [PLAIN, APOLLO], ids=["relay and codegen", "Apollo"])
def test_each_build_s_manifest_is_read(manifest: str) -> None:
    trusted = Trusted.of(manifest.encode(), "enforce")
    assert trusted.documents == DOCUMENTS
    trusted.check(schema._schema)


async def test_a_document_is_asked_for_in_each_client_s_way(server: Served) -> None:
    bodies: list[dict[str, Any]] = [
        {"documentId": HASH},
        {"documentId": f"sha256:{HASH}"},
        {"doc_id": HASH},
        {"id": HASH},
        {"extensions": apollo(HASH)},
        {"query": TEXT, "extensions": apollo(HASH)},
        {"query": None, "documentId": HASH, "variables": {}},
        {"query": TEXT},
        {"query": f"{TEXT}\n"},
    ]
    for body in bodies:
        assert (await sent(server, **body)).json() == DATA, body


async def test_a_document_goes_by_get_but_no_mutation(server: Served) -> None:
    async with server.http() as client:
        for params in ({"documentId": HASH}, {"extensions": json.dumps(apollo(HASH))}):
            assert (await client.get(server.url, params=params)).json() == DATA
        mutation = await client.get(server.url, params={"documentId": MUTATE})
    assert mutation.status_code == 405


async def test_a_document_goes_over_a_socket(server: Served) -> None:
    async with server.socket() as client:
        await client.send(
            {"id": "1", "type": "subscribe", "payload": {"extensions": apollo(HASH)}},
            {"id": "2", "type": "subscribe", "payload": {"documentId": FOLLOW}},
        )
        assert await client.receive() == {"id": "1", "type": "next", "payload": DATA}
        await server.followed_by(1)
        await client.send({"id": "3", "type": "subscribe", "payload": {"documentId": "0" * 64}})
        messages = [await client.receive(), await client.receive()]
    [refused] = [one for one in messages if one["id"] == "3"]
    assert refused["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_an_id_that_nobody_knows_is_told_as_apollo_s_clients_expect(server: Served) -> None:
    answer = await sent(server, extensions=apollo("0" * 64))
    assert answer.json() == {
        "errors": [
            {
                "message": "PersistedQueryNotFound",
                "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
            }
        ]
    }


async def test_without_documents_apollo_s_clients_are_told_to_send_texts(
    services: Services,
) -> None:
    async with served(services) as server:
        refused = await sent(server, extensions=apollo(HASH))
        assert code(refused) == "PERSISTED_QUERY_NOT_SUPPORTED"
        # A text with its hash is not remembered.
        assert (await sent(server, query=TEXT, extensions=apollo(HASH))).json() == DATA
        assert code(await sent(server, documentId=HASH)) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_without_documents_a_text_may_have_an_id_of_its_own(services: Services) -> None:
    async with served(services) as server:
        for number in (7, "7", HASH, None):
            assert (await sent(server, query=TEXT, id=number)).json() == DATA
        async with server.http() as client:
            by_get = await client.get(server.url, params={"query": TEXT, "id": "7"})
        assert by_get.json() == DATA
        # Without a text it can only be a document's, and what Apollo sends always is.
        assert code(await sent(server, id="7")) == "PERSISTED_QUERY_NOT_SUPPORTED"
        wrong = await sent(server, query=TEXT, id=7, extensions=apollo("0" * 64))
        assert code(wrong) == "PERSISTED_QUERY_HASH_MISMATCH"


async def test_with_documents_a_text_s_id_is_one_of_theirs(server: Served) -> None:
    assert (await sent(server, query=TEXT, id=HASH)).json() == DATA
    assert code(await sent(server, query=TEXT, id="0" * 64)) == "PERSISTED_QUERY_HASH_MISMATCH"
    assert (await sent(server, query=TEXT, id=7)).json() == DATA


async def test_any_other_text_runs_or_not_as_the_server_is_told(server: Served, mode: str) -> None:
    hash_ = hashlib.sha256(OTHER.encode()).hexdigest()
    for body in ({"query": OTHER}, {"query": OTHER, "extensions": apollo(hash_)}):
        with capture_logs() as logs:
            answer = await sent(server, **body)
        warned = [line for line in logs if line["event"] == "untrusted document"]
        if mode == "enforce":
            assert code(answer) == "DOCUMENT_NOT_TRUSTED"
        else:
            assert answer.json() == DATA
        assert [(one["operation"], one["hash"]) for one in warned] == (
            [("Other", hash_)] if mode == "warn" else []
        )


async def test_a_hash_that_is_not_the_text_s_is_refused(server: Served) -> None:
    answer = await sent(server, query=OTHER, extensions=apollo("0" * 64))
    assert code(answer) == "PERSISTED_QUERY_HASH_MISMATCH"


@pytest.mark.parametrize(
    "body", [{}, {"documentId": 1}, {"id": 1}, {"query": 1, "documentId": HASH}]
)
async def test_a_request_that_names_no_document_is_none(
    server: Served, body: dict[str, Any]
) -> None:
    answer = await sent(server, **body)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("{", "no JSON"),
        ("[]", "lists nothing"),
        ("{}", "lists nothing"),
        ('{"a": 1}', "no text for 'a'"),
        ('{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}', "for 'a'"),
        ('{"abc": "query Broken { nothing }"}', r"Broken \(abc\) .*Cannot query field 'nothing'"),
        ('{"abc": "query Broken {"}', r"\(abc\) .*Syntax Error"),
    ],
)
def test_a_broken_manifest_stops_the_start_with_its_reason(
    manifest: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(ManifestError, match=text):
        limits_of(Settings(documents=tmp_path / "manifest.json"))
