"""The endpoint's fixtures serve here too."""

from tests.graph_schema.conftest import ask, client

__all__ = ["ask", "client"]
