"""Requests: the operation, or the batch of them, that an HTTP request asks for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from starlette.requests import Request

from graph_schema.http.refused import JSON, RefusedError
from graph_schema.operations import Asked

# A request that has it, with any value, is answered with what it cost.
COST_HEADER = "x-cost"
# Content types that a page of another site cannot send without asking first: no form can.
BODY_TYPE = JSON


async def asked(request: Request) -> Asked | list[Any]:
    """The operation of a request; a list of what claims to be one where it is a batch.

    Raises:
        RefusedError
    """
    if request.method == "GET":
        given = request.query_params
        named = {name: _json(name, given.get(name)) for name in ("variables", "extensions")}
        return _reported(operation({**given, **named}), request)
    _check_type(request)
    content = _json("body", await request.body())
    return content if isinstance(content, list) else _reported(operation(content), request)


def operation(content: object) -> Asked:
    """The operation that JSON describes.

    Raises:
        RefusedError: what is wrong with it.
    """
    if not isinstance(content, Mapping):
        raise _bad('An operation is an object: {"query": "…", "variables": {…}}.')
    extensions = content.get("extensions")
    if not isinstance(extensions, Mapping | None):
        raise _bad("`extensions` is to be an object.")
    query = content.get("query")
    document = _document(content, extensions or {})
    own = content.get("id")
    if document is None and query is None:
        document = _text_or_none(own)
    if not isinstance(query, str) and (document is None or query is not None):
        raise _bad("`query` is to be the text of the operation.")
    variables = content.get("variables")
    if not isinstance(variables, Mapping | None):
        raise _bad("`variables` is to be an object.")
    name = content.get("operationName")
    if not isinstance(name, str | None):
        raise _bad("`operationName` is to be a string.")
    report = (extensions or {}).get("cost") is True
    numbered = own if isinstance(own, str) else None
    return Asked(query, variables, name or None, document, report, numbered)


def _document(content: Mapping[str, Any], extensions: Mapping[str, Any]) -> str | None:
    """What is surely a document's: of GraphQL over HTTP, of Apollo, or of Relay's examples."""
    persisted = extensions.get("persistedQuery")
    ids = [content.get(name) for name in ("documentId", "doc_id")]
    if isinstance(persisted, Mapping):
        ids.insert(1, persisted.get("sha256Hash"))
    return _text_or_none(next((one for one in ids if one is not None), None))


def _text_or_none(id: object) -> str | None:
    if not isinstance(id, str | None):
        raise _bad("The id of a document is to be a string.")
    return id


def _reported(asked: Asked, request: Request) -> Asked:
    return replace(asked, report=asked.report or COST_HEADER in request.headers)


def _check_type(request: Request) -> None:
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise RefusedError(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send the operation as it is, without a Content-Encoding.",
            {"Accept-Encoding": "identity"},
        )
    type_, *given = request.headers.get("content-type", "").lower().split(";")
    charset = next((one.strip() for one in given if one.strip().startswith("charset=")), "")
    if type_.strip() != BODY_TYPE or charset.removeprefix("charset=").strip('"') not in (
        "",
        "utf-8",
        "utf8",
    ):
        raise RefusedError(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            f"Send the operation as {BODY_TYPE} in UTF-8.",
            {"Accept": BODY_TYPE},
        )


def _json(what: str, text: str | bytes | None) -> Any:  # noqa: ANN401 - JSON is anything
    if text is None or text == "":
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad(f"The {what} is no JSON in UTF-8.") from None


def _bad(text: str) -> RefusedError:
    return RefusedError(400, "BAD_REQUEST", text)
