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


class MaskedError(ForbiddenError):
    """A filter, order or look-up by what the caller does not see as it is."""

    code = "MASKED"


class SubjectUnknownError(ProfileGraphError):
    """Nobody is known by the identifier that a customer's token vouches for."""

    code = "SUBJECT_UNKNOWN"


class SubjectAmbiguousError(ProfileGraphError):
    """The identifier that a customer's token vouches for is that of several people."""

    code = "SUBJECT_AMBIGUOUS"


class SharedIdentifierError(ProfileGraphError):
    """The identifier belongs to several customers, so it does not say which one is meant."""

    code = "IDENTIFIER_SHARED"


class UnindexedFilterError(ProfileGraphError):
    """A filter that would go through every customer; the text says which ones do not."""

    code = "UNINDEXED_FILTER"


class FilterTooLargeError(ProfileGraphError):
    """A filter of more conditions, or nested deeper, than one statement should have."""

    code = "FILTER_TOO_LARGE"


class StaleReadError(ProfileGraphError):
    """Customers kept changing while they were read; trying again will do."""

    code = "CONFLICT"


class TooSlowError(ProfileGraphError):
    """A follower of changes took them more slowly than they happened."""

    code = "TOO_SLOW"


class StoppingError(ProfileGraphError):
    """The server is going down; another one, or the same a little later, goes on."""

    code = "SERVER_STOPPING"
