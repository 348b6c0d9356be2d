"""Personal: which reads are of people's unmasked values, and so are written down."""

from collections.abc import Collection

from customers.principal import Principal, Role

# People at work. A customer reads their own, and who ingests reads back what it sent.
PEOPLE = frozenset(
    {Role.SELLER, Role.SERVICE, Role.ANALYST, Role.STEWARD, Role.MARKETER, Role.ADMIN}
)


def reads_personal(principal: Principal, fields: Collection[str]) -> bool:
    """Whether who reads `fields` (such as `Customer.traits`) of a customer reads personal data."""
    del fields  # until there is a table of what each role sees of each field
    return principal.role in PEOPLE
