"""Personal: which reads are of people's unmasked values, and so are written down."""

from collections.abc import Collection

from customers.access.table import table
from customers.principal import Principal, Role

# A customer reads their own, and who ingests reads nothing.
NOT_AT_WORK = frozenset({Role.CUSTOMER, Role.INGEST})


def reads_personal(principal: Principal, fields: Collection[str]) -> bool:
    """Whether who reads `fields` (such as `Customer.traits`) of a customer reads personal data."""
    return principal.role not in NOT_AT_WORK and table().tells_of_persons(principal.role, fields)
