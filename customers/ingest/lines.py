"""Lines of a file or of standard input, plain or gzip, numbered, none of them without bound."""

import asyncio
import gzip
import hashlib
import io
import os
import stat
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, TypeVar

from customers.errors import InvalidInputError

T = TypeVar("T")

STDIN = "-"
LONGEST_LINE_BYTES = 1 << 20
# What is kept of a longer one, so that its sender finds it.
KEPT_OF_LONG_LINE = 1_024
# Lines are brought a few at a time: whoever else uses the loop waits while they are worked on.
SLICE_LINES = 40
SLICE_BYTES = 256 << 10
GZIP_MAGIC = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the blanks around it; not `whole` when it was cut."""

    number: int
    text: bytes
    whole: bool = True


class _Content(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class LineFile(ExitStack):
    """The lines of the file `path`, or of standard input (``-``); use it as a context manager."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def __enter__(self) -> Self:
        with _explained(self.path):
            self._raw = self._open()
            self.status = os.fstat(self._raw.fileno())
        # What comes through a pipe cannot be read twice, and nobody knows how much there is.
        self._regular = stat.S_ISREG(self.status.st_mode) and self.path != STDIN
        self._lines = self._numbered()
        return self

    @property
    def size(self) -> int | None:
        """Bytes in all, compressed ones where it is compressed; None where nobody knows."""
        return self.status.st_size if self._regular else None

    def position(self) -> int:
        """Bytes of `size` that were read so far."""
        return self._raw.tell() if self._regular else 0

    async def digest(self) -> str:
        """The beginning of the SHA-256 of the content; empty for what can be read only once."""
        return await asyncio.to_thread(self._digest) if self._regular else ""

    async def next(self) -> list[Line]:
        """The next few lines that are not blank; none at the end.

        Raises:
            InvalidInputError: it cannot be read, or is a damaged gzip file.
        """
        if not self._regular:
            return await _in_thread(self._slice)
        await asyncio.sleep(0)  # a file answers sooner than a thread would start
        return self._slice()

    def _open(self) -> io.BufferedReader:
        if self.path == STDIN:
            # Not sys.stdin: a thread that still reads it would hang the interpreter's end.
            return open(0, "rb", closefd=False)
        return self.enter_context(Path(self.path).open("rb"))

    def _digest(self) -> str:
        hasher = hashlib.sha256()
        with _explained(self.path):
            content = self._content()
            while piece := content.read(1 << 20):
                hasher.update(piece)
            self._raw.seek(0)
        return hasher.hexdigest()[:16]

    def _slice(self) -> list[Line]:
        some: list[Line] = []
        size = 0
        with _explained(self.path):
            for line in self._lines:
                some.append(line)
                size += len(line.text)
                if len(some) == SLICE_LINES or size > SLICE_BYTES:
                    break
        return some

    def _numbered(self) -> Iterator[Line]:
        content = self._content()
        number = 0
        while text := content.readline(LONGEST_LINE_BYTES + 1):
            number += 1
            whole = len(text) <= LONGEST_LINE_BYTES or text.endswith(b"\n")
            if not whole:
                _skip_line(content)
                text = text[:KEPT_OF_LONG_LINE]
            if number == 1:
                text = text.removeprefix(BOM)
            if text := text.strip():
                yield Line(number, text, whole)

    def _content(self) -> _Content:
        if self._raw.peek(2).startswith(GZIP_MAGIC):
            return gzip.GzipFile(fileobj=self._raw, mode="rb")
        return self._raw


def _skip_line(content: _Content) -> None:
    while (text := content.readline(LONGEST_LINE_BYTES)) and not text.endswith(b"\n"):
        pass


@contextmanager
def _explained(path: str) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise InvalidInputError(f"{path} is a damaged gzip file: {problem}") from None
    except OSError as problem:
        raise InvalidInputError(f"{path} cannot be read: {problem.strerror}") from None


async def _in_thread(function: Callable[[], T]) -> T:
    """Like `asyncio.to_thread`, but nobody waits for it at the end: a pipe may never say a word."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(act: Callable[..., None], value: object) -> None:
        if not answer.done():
            act(value)

    def run() -> None:
        try:
            value = function()
        except BaseException as problem:  # noqa: BLE001 - handed over
            loop.call_soon_threadsafe(settle, answer.set_exception, problem)
        else:
            loop.call_soon_threadsafe(settle, answer.set_result, value)

    threading.Thread(target=run, name="pipe", daemon=True).start()
    return await answer
