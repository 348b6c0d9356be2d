"""Every statement as one ``.cypher`` file, and the only user of the driver.

``load("customers/by_id")`` gives a checked :class:`Statement`; :class:`Graph` runs it. Nothing
above this package knows which engine answers.
"""

from cypher.compose import Composed, Condition, Every, Leaf, Not, Piece, Some
from cypher.connect import Connection, connect
from cypher.deadline import Deadline
from cypher.errors import (
    DatabaseUnavailableError,
    DeadlineExceededError,
    OverloadedError,
    ProfileGraphError,
)
from cypher.graph import Graph, Row, Transaction, tally
from cypher.migrate import Migration, migrate, pending
from cypher.moving import Moved, TransferError, transfer
from cypher.statement import Statement, StatementError, every, load
from cypher.watcher import Watcher

__all__ = [
    "Composed",
    "Condition",
    "Connection",
    "DatabaseUnavailableError",
    "Deadline",
    "DeadlineExceededError",
    "Every",
    "Graph",
    "Leaf",
    "Migration",
    "Moved",
    "Not",
    "OverloadedError",
    "Piece",
    "ProfileGraphError",
    "Row",
    "Some",
    "Statement",
    "StatementError",
    "Transaction",
    "TransferError",
    "Watcher",
    "connect",
    "every",
    "load",
    "migrate",
    "pending",
    "tally",
    "transfer",
]
