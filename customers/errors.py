"""Expected errors of the product, each with a stable code."""

from cypher import ProfileGraphError


class InvalidInputError(ProfileGraphError):
    """An argument that cannot be used; the text says what would be right."""

    code = "INVALID_INPUT"


class CursorMismatchError(InvalidInputError):
    """A cursor that belongs to the same connection with other arguments."""

    code = "CURSOR_MISMATCH"


class ForbiddenError(ProfileGraphError):
    """The caller may not do this."""

    code = "FORBIDDEN"


class SharedIdentifierError(ProfileGraphError):
    """The identifier belongs to several customers, so it does not say which one is meant."""

    code = "IDENTIFIER_SHARED"


class StaleReadError(ProfileGraphError):
    """Customers kept changing while they were read; trying again will do."""

    code = "CONFLICT"
