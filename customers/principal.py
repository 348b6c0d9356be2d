"""Who asks. All of ``customers/`` works for a Principal, so that all doors obey the same rules."""

from dataclasses import dataclass
from enum import StrEnum

from customers.access.masks import Masks
from customers.access.table import table
from customers.errors import ForbiddenError, MaskedError


class Role(StrEnum):
    """What a caller is here for; what each may see and do is in ``access/access.toml``."""

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

    @property
    def masks(self) -> Masks:
        """How values of persons are shown to the caller."""
        return table().masks[self.role]

    def may(self, action: str) -> bool:
        """Whether the caller may do something that the table lists under actions."""
        return table().may(self.role, action)

    def check(self, action: str) -> None:
        """Refuse a caller that may not do something.

        Raises:
            ForbiddenError: it may not.
        """
        if not self.may(action):
            raise ForbiddenError(f"The role {self.role} may not {action}.")

    def may_see(self, field: str) -> bool:
        """Whether the caller may ask for a field, `Type.field`."""
        return table().may_see(self.role, field)

    def check_fields(self, fields: frozenset[str]) -> None:
        """Refuse a caller that asks for a field, `Type.field`, which is not for it.

        Raises:
            ForbiddenError: names them, or the first ten.
        """
        if refused := sorted(one for one in fields if not self.may_see(one)):
            more = len(refused) - MOST_NAMED
            named = ", ".join(refused[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
            raise ForbiddenError(f"The role {self.role} may not ask for {named}.")

    def check_trait(self, name: str) -> None:
        """Refuse to look up or order by a trait that the caller does not see as it is.

        Raises:
            MaskedError
        """
        if not self.masks.clear_trait(name):
            raise MaskedError(_MASKED.format(self.role, "the trait", name))

    def check_source_id(self, source_id: str) -> None:
        """Refuse to look up a row by what stands for identifiers of which some are masked.

        Raises:
            MaskedError
        """
        if self.masks.source_id(source_id) != source_id:
            raise MaskedError(_MASKED.format(self.role, "ids of rows that begin with", "~"))

    def check_namespace(self, namespace: str) -> None:
        """Refuse to look up an identifier that the caller does not see as it is.

        Raises:
            MaskedError
        """
        if not self.masks.clear_namespace(namespace):
            raise MaskedError(_MASKED.format(self.role, "identifiers of", namespace))


# Fields that a refusal names.
MOST_NAMED = 10
_MASKED = (
    "The role {} does not see {} {!r:.50} as they are, and so cannot look them up, filter or order "
    "by them."
)

# On loopback without credentials the server and the command line act for the developer.
DEVELOPER = Principal("developer")
