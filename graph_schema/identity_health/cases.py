"""Cases: the queries that figures lead to, as texts that run as they are.

They name things by id, so that a figure tells no value that its reader may not see.
"""

from graphql.language.print_string import print_string

_CUSTOMER = "... on Customer { displayName counts { profiles identifiers } }"
_IDENTIFIER = "... on Identifier { namespace value people generic customers { id displayName } }"
_PROFILE = "... on Profile { source sourceId identifiers { namespace value people generic } }"


def customer(id: str) -> str:
    """Who a customer is."""
    return _node(id, _CUSTOMER)


def identifier(id: str) -> str:
    """What an identifier is, and who holds it."""
    return _node(id, _IDENTIFIER)


def profile(id: str) -> str:
    """What a profile has."""
    return _node(id, _PROFILE)


def graph(customer: str) -> str:
    """What holds a customer together."""
    return (
        f"{{ identityGraph(customerId: {print_string(customer)}) {{ "
        "profiles { id source sourceId } "
        "identifiers { id namespace value people generic } edges { profileId identifierId } "
        "clusters { customerId profileIds } complete } }"
    )


def known_to(source: str) -> str:
    """Customers of whom a source knows."""
    return (
        f"{{ customers(where: {{sources: [{print_string(source)}]}}, first: 10) {{ "
        "nodes { id displayName counts { profiles identifiers } } } }"
    )


def changes(cursor: str) -> str:
    """What happened from a place in the log on."""
    return (
        f"{{ changes(after: {print_string(cursor)}, first: 50) {{ "
        "nodes { seq at kind customerId fromId count because } pageInfo { endCursor } } }"
    )


def matches(kind: str | None) -> str:
    """Possible matches, of a kind if one is named."""
    chosen = f"kind: {kind}, " if kind else ""
    return (
        f"{{ possibleMatches({chosen}first: 10) {{ nodes {{ id score needed kind since suggestion "
        "customers { id displayName } } pageInfo { hasNextPage endCursor } } }"
    )


def namespaces() -> str:
    """Identifiers of the most people; where there is no case, this is what there is to see."""
    return "{ identityHealth { mostPeople { people holders identifier { namespace value } } } }"


def _node(id: str, of: str) -> str:
    return f"{{ node(id: {print_string(id)}) {{ id {of} }} }}"
