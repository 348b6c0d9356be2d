"""The embedded engine: one process of its own per data directory, shared by all who need it."""

from cypher.engine.data_dir import Address
from cypher.engine.errors import BackupError, EngineError
from cypher.engine.starter import Attachment, attach

__all__ = ["Address", "Attachment", "BackupError", "EngineError", "attach"]
