"""Trusted documents: what a front-end was built with, in the manifest that its build wrote.

Three forms are read: `{hash: text}` as relay-compiler and graphql-codegen write it, and Apollo's
`{"format": "apollo-persisted-query-manifest", "operations": [{id, body}]}`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

import orjson
import structlog
from graphql import GraphQLError, GraphQLSchema, validate

from cypher import ProfileGraphError
from graph_schema.document import parsed

log = structlog.get_logger(__name__)

APOLLO = "apollo-persisted-query-manifest"
# graphql-over-http and some builds name the hash's algorithm before it.
PREFIX = "sha256:"
Mode: TypeAlias = Literal["off", "warn", "enforce"]


class ManifestError(ProfileGraphError):
    """A manifest that cannot be used; the text names the document."""

    code: ClassVar[str] = "MANIFEST_INVALID"


@dataclass(frozen=True, slots=True)
class Trusted:
    """Documents by their ids, and what becomes of any other."""

    documents: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "off"
    texts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, manifest: bytes, mode: Mode) -> "Trusted":
        """What a manifest lists.

        Raises:
            ManifestError: it is none.
        """
        documents = dict(_listed(manifest))
        return cls(documents, mode, frozenset(text.strip() for text in documents.values()))

    def check(self, schema: GraphQLSchema) -> None:
        """See that all documents may run.

        Raises:
            ManifestError: one may not.
        """
        for name, text in self.documents.items():
            try:
                wrong = validate(schema, parsed(text))
            except GraphQLError as problem:
                wrong = [problem]
            if wrong:
                raise ManifestError(
                    f"The trusted document {_name(text) or 'without a name'} ({name}) does not fit "
                    f"the schema: {wrong[0].message}"
                )

    def text(self, query: str | None, id: str | None) -> str:
        """The text that runs for a request that has one, or an id, or both.

        Raises:
            GraphQLError: there is none, or it is not trusted.
        """
        if id is not None:
            return self._text_of(_bare(id), query)
        if query is None:
            raise GraphQLError("There is no `query`.", extensions={"code": "BAD_REQUEST"})
        if self.mode != "off" and query.strip() not in self.texts:
            self._untrusted(query)
        return query

    def _text_of(self, id: str, query: str | None) -> str:
        if id in self.documents:
            return self.documents[id]
        if query is not None:
            if hashlib.sha256(query.encode()).hexdigest() != id:
                raise GraphQLError(
                    "The hash is not that of the query.",
                    extensions={"code": "PERSISTED_QUERY_HASH_MISMATCH"},
                )
            return self.text(query, None)
        if not self.documents:
            raise GraphQLError(
                "PersistedQueryNotSupported", extensions={"code": "PERSISTED_QUERY_NOT_SUPPORTED"}
            )
        raise GraphQLError(
            "PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"}
        )

    def _untrusted(self, query: str) -> None:
        if self.mode == "enforce":
            raise GraphQLError(
                "Only the documents that this server was given run here: send the id of one, or "
                "its text as it is.",
                extensions={"code": "DOCUMENT_NOT_TRUSTED"},
            )
        log.warning(
            "untrusted document",
            operation=_name(query),
            hash=hashlib.sha256(query.encode()).hexdigest(),
        )


def _listed(manifest: bytes) -> Iterator[tuple[str, str]]:
    try:
        found = orjson.loads(manifest)
    except orjson.JSONDecodeError as problem:
        raise ManifestError(f"The manifest is no JSON: {problem}") from None
    if isinstance(found, dict) and found.get("format") == APOLLO:
        operations = found.get("operations")
        pairs = [_pair(one) for one in operations] if isinstance(operations, list) else []
    else:
        pairs = list(found.items()) if isinstance(found, dict) else []
    for name, text in pairs:
        if not isinstance(name, str) or not isinstance(text, str):
            raise ManifestError(f"The manifest has no text for {name!r}.")
        yield _bare(name), text
    if not pairs:
        raise ManifestError(
            'The manifest lists nothing: it is to be {"hash": "text", …}, or Apollo\'s '
            f'{{"format": "{APOLLO}", "operations": [{{"id", "body"}}]}}.'
        )


def _pair(one: Any) -> tuple[Any, Any]:  # noqa: ANN401 - JSON is anything
    return (one.get("id"), one.get("body")) if isinstance(one, dict) else (one, None)


def _bare(id: str) -> str:
    return id.removeprefix(PREFIX)


def _name(text: str) -> str | None:
    """What the first operation calls itself, as far as that can be told."""
    try:
        definitions = parsed(text).definitions
    except GraphQLError:
        return None
    names = (getattr(one, "name", None) for one in definitions if hasattr(one, "operation"))
    return next((name.value for name in names if name is not None), None)
