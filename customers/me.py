"""Me: the customer whom a token vouches for, as far as sources that are trusted know."""

import unicodedata

from customers.customer import Customer, Facets, customers_by_identifiers
from customers.errors import SubjectAmbiguousError, SubjectUnknownError
from customers.identity.normalise import RefusedError, identifier_key
from customers.identity.policy import Policy
from customers.principal import Principal, Role, Subject
from customers.reading import Reading

# One would do; of two nobody knows which is meant.
MOST = 2


def hidden_from(principal: Principal, policy: Policy) -> tuple[str, ...]:
    """The sources whose word is left out of what a caller sees.

    Whoever has a browser can say that it is somebody else's. So a customer is shown what sources
    that are trusted know, and nothing that others attached.
    """
    return policy.doubtful if principal.role is Role.CUSTOMER else ()


async def myself(reading: Reading, policy: Policy, facets: Facets) -> Customer:
    """The caller's own customer.

    Raises:
        SubjectUnknownError: nobody holds the identifier of the token, for all that trusted sources
            know.
        SubjectAmbiguousError: several customers do.
    """
    key = _key(reading.principal.subject, policy)
    found: list[Customer] = []
    if key is not None:
        [found] = await customers_by_identifiers(reading, [key], MOST, facets)
    if len(found) > 1:
        raise SubjectAmbiguousError("Several people have the identifier that this token is for.")
    if not found:
        raise SubjectUnknownError("Nobody is known by the identifier that this token is for.")
    return found[0]


def _exact(value: str) -> bool:
    """Whether a subject is written as it is meant; a full-width letter makes another account."""
    return unicodedata.normalize("NFKC", value) == value and value.strip() == value


def _key(subject: Subject | None, policy: Policy) -> str | None:
    if subject is None or not _exact(subject.value):
        return None
    try:
        return identifier_key(subject.namespace, subject.value, policy)[0]
    except RefusedError:
        return None
