"""The one base of every expected error, and the errors of the database door."""

from typing import ClassVar


class ProfileGraphError(Exception):
    """Something a caller or an operator can act on; ``code`` is stable and public."""

    code: ClassVar[str] = "FAILED"


class DatabaseUnavailableError(ProfileGraphError):
    """The database cannot be reached, refuses the credentials or is too old."""

    code = "DATABASE_UNAVAILABLE"


class OverloadedError(ProfileGraphError):
    """More work is waiting than this process takes; try again shortly."""

    code = "OVERLOADED"


class DeadlineExceededError(ProfileGraphError):
    """The caller's deadline passed before the answer was there."""

    code = "DEADLINE_EXCEEDED"


class MigrationError(ProfileGraphError):
    """The schema in the database does not fit this version of the program."""

    code = "MIGRATION_FAILED"
