"""The one error of the embedded engine."""

from cypher.errors import ProfileGraphError


class EngineError(ProfileGraphError):
    """The engine cannot be used; the text says why and what to do."""

    code = "ENGINE_UNAVAILABLE"
