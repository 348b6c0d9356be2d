"""Who asks. All of ``customers/`` works for a Principal, so that all doors obey the same rules."""

from dataclasses import dataclass

from customers.errors import ForbiddenError


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller; `name` is what the change log says of it."""

    name: str
    may_read: bool = True
    may_write: bool = True

    def check_read(self) -> None:
        """Refuse a caller that may not read.

        Raises:
            ForbiddenError: it may not.
        """
        if not self.may_read:
            raise ForbiddenError("This caller may not read customers.")

    def check_write(self) -> None:
        """Refuse a caller that may not write.

        Raises:
            ForbiddenError: it may not.
        """
        if not self.may_write:
            raise ForbiddenError("This caller may not write records.")


# On loopback without credentials the server and the command line act for the developer.
DEVELOPER = Principal("developer")
