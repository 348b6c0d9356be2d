"""Errors: the one place where an exception becomes what a client sees."""

import re
from collections.abc import Sequence
from typing import Any

import structlog
from graphql import GraphQLError, GraphQLSyntaxError

from cypher import ProfileGraphError

log = structlog.get_logger(__name__)

INTERNAL = "INTERNAL"
INVALID = "GRAPHQL_VALIDATION_FAILED"
UNFIT = "The document does not fit the schema."
SUGGESTION = re.compile(r" *Did you mean .*", re.DOTALL)
MASKED = "Something went wrong on our side. The request id leads us to it."


def shown(error: GraphQLError) -> GraphQLError:
    """The error as a client may see it, with a stable `extensions.code`.

    What is not expected is logged once, here, and masked.
    """
    cause, code = error.original_error, code_of(error)
    if code != INTERNAL:
        return _coded(
            error, str(cause) if isinstance(cause, ProfileGraphError) else error.message, code
        )
    log.error("unexpected error", path=error.path, exc_info=cause)
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return _coded(error, MASKED, code, requestId=request_id)


def code_of(error: GraphQLError) -> str:
    """The stable code of an error."""
    cause = error.original_error
    if isinstance(cause, ProfileGraphError):
        return cause.code
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    if cause is None or isinstance(cause, GraphQLError):
        # A fault of the request: an unknown field, a variable of the wrong type, a limit exceeded.
        code = INVALID if error.path is None else "BAD_USER_INPUT"
        return str((error.extensions or {}).get("code", code))
    return INTERNAL


def discreet(errors: Sequence[GraphQLError], *, masked: bool) -> list[GraphQLError]:
    """Errors that tell nothing of the schema to who does not know it.

    What is wrong with a document that is not valid would say which of its names are right, so of
    such a one (`masked`) there is one error. What is left makes no suggestions.
    """
    invalid = masked and any(code_of(error) == INVALID for error in errors)
    if invalid:
        return [GraphQLError(UNFIT, extensions={"code": INVALID})]
    return [_coded(error, SUGGESTION.sub("", error.message), code_of(error)) for error in errors]


def unexpected(problem: Exception) -> GraphQLError:
    """The error as a client may see it of what no resolver raised."""
    return shown(GraphQLError(MASKED, original_error=problem))


def _coded(error: GraphQLError, message: str, code: str, **more: object) -> GraphQLError:
    extensions: dict[str, Any] = {**(error.extensions or {}), "code": code, **more}
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
