"""Who asks. All of ``customers/`` works for a Principal, so that all doors obey the same rules."""

from dataclasses import dataclass
from enum import StrEnum

from customers.errors import ForbiddenError


class Role(StrEnum):
    """What a caller is here for; what each may do is in one table."""

    CUSTOMER = "customer"
    INGEST = "ingest"
    SELLER = "seller"
    SERVICE = "service"
    ANALYST = "analyst"
    STEWARD = "steward"
    MARKETER = "marketer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Subject:
    """The identifier that a customer's token vouches for: its namespace and value."""

    namespace: str
    value: str


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller; `name` is what the change log and the audit say of it.

    A customer has a `subject`. `source` is the only one that it may write for, None is any.
    `reason` is why it asks, where it says so.
    """

    name: str
    role: Role = Role.ADMIN
    subject: Subject | None = None
    source: str | None = None
    reason: str | None = None
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
