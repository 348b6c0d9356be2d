"""GraphQL over HTTP and WebSockets."""

from graph_schema.http.endpoint import Endpoint, Limits

__all__ = ["Endpoint", "Limits"]
