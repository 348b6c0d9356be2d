"""How long a caller is willing to wait, carried through every layer."""

import time
from dataclasses import dataclass

from cypher.errors import DeadlineExceededError


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, in seconds, after which the answer is of no use."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Seconds left, always positive.

        Raises:
            DeadlineExceededError: nothing is left.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise DeadlineExceededError("The deadline passed before the database answered.")
        return left
