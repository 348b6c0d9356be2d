"""The page of a customer: what `SellerBrief` answers its caller, on a phone or on paper.

The query runs through the schema as any other would, so that who may see what, what it costs and
what the audit log has of it is decided in one place.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse
from strawberry.types import ExecutionResult

from customers.services import Services
from graph_schema.http import Authenticate, Limits, RefusedError
from graph_schema.http.origin import check_origin
from graph_schema.operations import READS, Asked, Operations
from graph_schema.trusted import Trusted
from server.brief.rendered import POLICY, brief_page, refused_page
from server.graphiql.examples import FOLDER

QUERY = (FOLDER / "8_seller_brief.graphql").read_text(encoding="utf-8")
RETRY = {"Retry-After": "5"}
LONGEST_ID = 100

_HEADINGS = {
    400: "This cannot be asked",
    401: "Who are you?",
    403: "Not for you",
    404: "Nobody is known by this",
    429: "Too much at once",
    503: "Not just now",
}
_STATUS = {
    "FORBIDDEN": 403,
    "MASKED": 403,
    "DATABASE_UNAVAILABLE": 503,
    "OVERLOADED": 503,
    "CONFLICT": 503,
    "DEADLINE_EXCEEDED": 503,
    "SERVER_STOPPING": 503,
}
_BROKEN = "Something went wrong"


class BriefPage:
    """The page at ``/customers/{id}/brief``."""

    def __init__(
        self, services_of: Callable[[], Services], limits: Limits, authenticate: Authenticate
    ) -> None:
        """As the endpoint; its one document is the server's own, and so trusted."""
        rules = replace(limits.rules, trusted=Trusted())
        self._operations = Operations(services_of, limits.request_timeout, rules)
        self._authenticate, self._origins = authenticate, limits.origins

    async def page(self, request: Request) -> HTMLResponse:
        """The page, or one that says why there is none."""
        try:
            if request.headers.get("sec-fetch-dest") != "document":  # a link may lead here
                check_origin(request.headers, self._origins)
            caller = await self._authenticate(Headers(scope=request.scope))
        except RefusedError as problem:
            return _refused(problem.status, problem.code, str(problem), problem.headers)
        given = request.path_params["id"]
        if len(given) > LONGEST_ID:
            return _unknown()
        asked = Asked(QUERY, {"id": given, "identifier": None})
        return _answer(await self._operations.answer(asked, caller.principal, READS))


def _answer(result: ExecutionResult) -> HTMLResponse:
    for error in result.errors or ():
        extensions: Mapping[str, Any] = error.extensions or {}
        code = str(extensions.get("code"))
        if (wait := extensions.get("retryAfter")) is not None:
            return _refused(429, code, error.message, {"Retry-After": f"{wait}"})
        status = _STATUS.get(code, 500)
        return _refused(status, code, error.message, RETRY if status == 503 else None)  # noqa: PLR2004
    customer = (result.data or {}).get("customer")
    if customer is None:
        return _unknown()
    return _html(brief_page(customer))


def _unknown() -> HTMLResponse:
    return _refused(404, "NOT_FOUND", "Nobody is known by this id, or nobody is any more.")


def _refused(
    status: int, code: str, text: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    heading = _HEADINGS.get(status, _BROKEN)
    return _html(refused_page(status, code, text, heading), status, headers)


def _html(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(text, status, {"Content-Security-Policy": POLICY, **(headers or {})})
