"""Settled: which entries of a file are through, in whatever order they are written."""

from collections import deque


class Settled:
    """The entries of a file that are in the graph or in the file of rejects, by their first lines.

    What ends by `line` all is, and of what is after it the entries in `beyond`: a bit for each
    line, beginning with the byte of the first line after `line`.
    """

    def __init__(self, line: int = 0, beyond: bytes = b"") -> None:
        # Entries that were read and were not through by then.
        self.read = 0
        self._line = line
        self._byte = _byte_after(line)
        self._bits = bytearray(beyond)
        self._order: deque[int] = deque()

    def __contains__(self, number: int) -> bool:
        byte = number // 8 - self._byte
        return 0 <= byte < len(self._bits) and bool(self._bits[byte] >> number % 8 & 1)

    def expect(self, number: int, last: int) -> None:
        """Take note that the entry from the line `number` to `last` was read; in their order."""
        self.read += number not in self
        self._order.append(number)
        self._line = max(self._line, last)

    def settle(self, number: int) -> None:
        """Take note that an entry that was read is through."""
        byte = number // 8 - self._byte
        self._bits.extend(bytes(max(0, byte + 1 - len(self._bits))))
        self._bits[byte] |= 1 << number % 8

    def mark(self) -> tuple[int, bytes]:
        """`line` and `beyond`, from which another can go on."""
        while self._order and self._order[0] in self:
            self._order.popleft()
        line = self._order[0] - 1 if self._order else self._line
        passed = _byte_after(line) - self._byte
        del self._bits[:passed]
        self._byte += passed
        return line, bytes(self._bits)


def _byte_after(line: int) -> int:
    return (line + 1) // 8
