"""Versions: whether an answer made of several reads shows every profile in exactly one customer.

Reads are read-committed. A customer that gains or loses a profile gets a new version in the same
transaction, so an answer all of whose customers still have the versions it saw is as of one moment.
"""

from collections.abc import Awaitable, Callable, Iterable

from customers.errors import StaleReadError
from cypher import Row, load

VERSIONS = load("customers/versions")


class Versions:
    """The versions that one answer saw."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._seen: dict[str, int] = {}
        self._reads = 0

    @property
    def customers(self) -> list[str]:
        """The ids of all customers that were seen."""
        return list(self._seen)

    def saw_read(self, found: Iterable[tuple[str, int]]) -> None:
        """Note the versions that one statement saw.

        Raises:
            StaleReadError: a customer changed since an earlier statement of the same answer.
        """
        self._reads += 1
        for customer, version in found:
            if self._seen.setdefault(customer, version) != version:
                raise StaleReadError("A customer changed while the answer was being read.")

    async def check(self, read: Callable[..., Awaitable[list[Row]]]) -> None:
        """Look again at the end, where more than one statement was read.

        Raises:
            StaleReadError: a customer changed meanwhile.
        """
        if self._reads < 2 or not self._seen:  # noqa: PLR2004 - one statement checks itself
            return
        rows = await read(VERSIONS, ids=list(self._seen))
        if {row["id"]: row["version"] for row in rows} != self._seen:
            raise StaleReadError("A customer changed while the answer was being read.")
