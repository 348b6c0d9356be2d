"""The errors of the embedded engine."""

from cypher.errors import ProfileGraphError


class BackupError(ProfileGraphError):
    """A backup that cannot be made or restored; the text says what to do."""

    code = "BACKUP_FAILED"


class EngineError(ProfileGraphError):
    """The engine cannot be used; the text says why and what to do."""

    code = "ENGINE_UNAVAILABLE"
