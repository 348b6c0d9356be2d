"""Results as the maps that are sent."""

from typing import Any

from strawberry.types import ExecutionResult

from graph_schema.operations import ended


def body(result: ExecutionResult) -> dict[str, Any]:
    """A result as it is sent; there is no `data` where nothing was executed."""
    errors = {"errors": [error.formatted for error in result.errors]} if result.errors else {}
    more = {"extensions": result.extensions} if result.extensions else {}
    return {**errors, **more} if ended(result) else {"data": result.data, **errors, **more}
