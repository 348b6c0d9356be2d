"""Watcher: who is told what a process does. Nobody, unless a server hands in its metrics."""


class Watcher:
    """Hears of everything and does nothing; metrics are a Watcher that counts.

    All names are of our own making: statements, kinds, codes. None is a value of a customer.
    """

    def statement(self, name: str, seconds: float) -> None:
        """A statement was answered, or failed, after some seconds."""

    def happened(self, what: str, kind: str, count: int = 1) -> None:
        """Something of a kind happened so many times, such as `change`, `merged`, 3."""

    def operation(self, name: str, seconds: float, codes: list[str]) -> None:
        """An operation of the API ended after some seconds, with the codes of its errors."""
