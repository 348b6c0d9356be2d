"""Large headers: a head without end is refused while it arrives; uvicorn would take all of it."""

from http import HTTPStatus

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

# The request line and the headers, with the four bytes around each.
MOST_BYTES, AROUND = 64 << 10, 4
MOST_HEADERS = 200


class Bounded(HttpToolsProtocol):
    """A connection that takes heads of some size alone, and trailers as part of them.

    The parser tells of a header when it is whole, and puts together until then whatever comes, each
    time anew; so what comes is counted, too, for as long as the parser tells of nothing.
    """

    _size = _untold = 0
    _told = False
    _refusal: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """Take what comes, unless it is a head that is longer already."""
        self._told = False
        super().data_received(data)
        self._untold = 0 if self._told else self._untold + len(data)
        if self._untold > MOST_BYTES and not self.transport.is_closing():
            self._refusal = TOO_LARGE
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A head begins."""
        self._size = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the request line."""
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, which has not been too many or, where there is one for all, too often."""
        self._count(name, value)
        if len(self.headers) >= MOST_HEADERS:
            raise self._refused(TOO_LARGE)
        if name.lower() == b"host" and any(known == b"host" for known, _ in self.headers):
            raise self._refused(TWO_HOSTS)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._told = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body; whoever reads it bounds it."""
        self._told = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here."""
        self._told = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what was refused, as that is known, and close; never into another answer."""
        if self._refusal is None:
            super().send_400_response(msg)
            return
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or not cycle.response_started or cycle.response_complete:
            self.transport.write(self._refusal)
        self.transport.close()

    def _count(self, *parts: bytes) -> None:
        self._size += AROUND + sum(map(len, parts))
        if self._size > MOST_BYTES:
            raise self._refused(TOO_LARGE)

    def _refused(self, answer: bytes) -> Exception:
        self._refusal = answer
        return ValueError("refused")  # the parser stops at any


def _answer(status: HTTPStatus, code: str, text: str) -> bytes:
    body = orjson.dumps({"error": text, "code": code})
    head = (
        f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body


TOO_LARGE = _answer(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "HEADERS_TOO_LARGE",
    f"The request line and the headers are larger than {MOST_BYTES} bytes, or more than "
    f"{MOST_HEADERS}: send what is long in the body of a POST.",
)
TWO_HOSTS = _answer(
    HTTPStatus.BAD_REQUEST, "BAD_REQUEST", "There are several Host headers: send one."
)
