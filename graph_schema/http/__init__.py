"""GraphQL over HTTP and WebSockets."""

from graph_schema.http.caller import Authenticate, Caller
from graph_schema.http.endpoint import Endpoint, Limits
from graph_schema.http.refused import RefusedError

__all__ = ["Authenticate", "Caller", "Endpoint", "Limits", "RefusedError"]
