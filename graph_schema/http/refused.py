"""Refusals: requests that are no operation, answered like GraphQL errors, with a status."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response

JSON = "application/json"


class RefusedError(Exception):
    """A request that is refused; `code` is stable, the text says what would be right."""

    def __init__(
        self, status: int, code: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Refuse with an HTTP status."""
        super().__init__(text)
        self.status, self.code, self.headers = status, code, headers

    def body(self) -> dict[str, object]:
        """As an answer without data."""
        return {"errors": [{"message": str(self), "extensions": {"code": self.code}}]}

    def response(self) -> Response:
        """As an HTTP answer."""
        return Response(
            orjson.dumps(self.body()), self.status, media_type=JSON, headers=self.headers
        )
