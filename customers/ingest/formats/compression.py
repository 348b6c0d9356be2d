"""Input: a file or standard input, and its content, which may be compressed with gzip or zstd."""

import gzip
import hashlib
import io
import os
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from customers.errors import InvalidInputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STDIN = "-"
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
MAGIC_BYTES = 4
# 128 MB, what `zstd -d` allows: a frame may ask for two gigabytes.
ZSTD_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 27}
BUFFER_BYTES = 256 << 10
# So much of a content tells its encoding and how its columns are told apart.
SAMPLE_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look through a content tells: its digest, and some of it.

    `digest` is the beginning of a SHA-256, empty for what can be read only once. `sample` is the
    beginning and, where that is all ASCII, the first lines that are not.
    """

    digest: str
    sample: bytes


class Input(ExitStack):
    """The file `path`, or standard input (``-``); use it as a context manager."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self._head = b""

    def __enter__(self) -> Self:
        with explained(self.path):
            self._raw = self._open()
            self.status = os.fstat(self._raw.fileno())
        # What comes through a pipe cannot be read twice, and nobody knows how much there is.
        self.regular = stat.S_ISREG(self.status.st_mode) and self.path != STDIN
        self._stream: io.BufferedIOBase | None = None
        return self

    @property
    def size(self) -> int | None:
        """Bytes in all, compressed ones where it is compressed; None where nobody knows."""
        return self.status.st_size if self.regular else None

    def position(self) -> int:
        """Bytes of `size` that were read so far."""
        return self._raw.tell() if self.regular and not self._raw.closed else 0

    def survey(self) -> Survey:
        """Look through all of a file; at the first bytes of what can be read only once.

        Raises:
            InvalidInputError: it cannot be read, or is damaged.
        """
        if not self.regular:
            return Survey("", self.head(SAMPLE_BYTES))
        hasher = hashlib.sha256()
        with explained(self.path):
            content = self._decompressed()
            sample = piece = content.read(1 << 20)
            sample = sample[:SAMPLE_BYTES]
            telling = not sample.isascii()
            while piece:
                hasher.update(piece)
                if not telling and not piece.isascii():
                    sample, telling = sample + b"\n" + _not_ascii(piece), True
                piece = content.read(1 << 20)
            self._raw.seek(0)
        return Survey(hasher.hexdigest()[:16], sample)

    def head(self, size: int) -> bytes:
        """The first `size` bytes of the content, or all; they will be read again."""
        with explained(self.path):
            stream = self._opened()
            while len(self._head) < size and (more := stream.read1(size - len(self._head))):
                self._head += more
        return self._head[:size]

    def content(self) -> io.BufferedReader:
        """The content from its beginning, without its compression; to be read once."""
        with explained(self.path):
            return io.BufferedReader(_Joined(self._head, self._opened()), BUFFER_BYTES)

    def seekable(self) -> BinaryIO:
        """The content as a file that can be read in any order; a copy unless it is one already."""
        with explained(self.path):
            if self.regular and self._opened() is self._raw:
                self._raw.seek(0)
                return self._raw
            copy = self.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the stack
            shutil.copyfileobj(self.content(), copy, BUFFER_BYTES)
            copy.seek(0)
            return copy

    def _opened(self) -> io.BufferedIOBase:
        if self._stream is None:
            self._stream = self._decompressed()
        return self._stream

    def _open(self) -> io.BufferedReader:
        if self.path == STDIN:
            # Not sys.stdin: a thread that still reads it would hang the interpreter's end.
            return open(0, "rb", closefd=False)
        return self.enter_context(Path(self.path).open("rb"))

    def _decompressed(self) -> io.BufferedIOBase:
        begin = self._raw.peek(MAGIC_BYTES)
        if begin.startswith(GZIP_MAGIC):
            return gzip.GzipFile(fileobj=self._raw, mode="rb")
        if begin.startswith(ZSTD_MAGIC):
            return zstd.ZstdFile(self._raw, options=ZSTD_WINDOW)
        return self._raw


class _Joined(io.RawIOBase):
    """Bytes that were read ahead, then the stream that they came from."""

    def __init__(self, head: bytes, rest: io.BufferedIOBase) -> None:
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        """As every raw stream."""
        if not self._head:
            return self._rest.readinto1(buffer)
        size = min(len(buffer), len(self._head))
        buffer[:size] = self._head[:size]
        self._head = self._head[size:]
        return size


def _not_ascii(piece: bytes) -> bytes:
    """The lines of a piece from the first that is not ASCII."""
    lines = piece.split(b"\n")
    first = next(n for n, line in enumerate(lines) if not line.isascii())
    return b"\n".join(lines[first:])[:SAMPLE_BYTES]


@contextmanager
def explained(path: str) -> Iterator[None]:
    """What is wrong with a file that cannot be read, as an expected error."""
    try:
        yield
    except (gzip.BadGzipFile, zlib.error) as problem:
        raise InvalidInputError(f"{path} is a damaged gzip file: {problem}") from None
    except zstd.ZstdError as problem:
        raise InvalidInputError(f"{path} is a damaged zstd file: {problem}") from None
    except EOFError as problem:
        raise InvalidInputError(f"{path} is a damaged {_kind(path)}file: {problem}") from None
    except OSError as problem:
        raise InvalidInputError(f"{path} cannot be read: {problem.strerror}") from None


def _kind(path: str) -> str:
    if not Path(path).is_file():
        # Standard input or another pipe, which nobody can look at again.
        return "compressed "
    with Path(path).open("rb") as file:
        return "gzip " if file.read(2) == GZIP_MAGIC else "zstd "
