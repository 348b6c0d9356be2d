"""Parts of one answer, each ended by the boundary of the next, so that it is read at once."""

from collections.abc import Mapping

_HEAD = b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"


class Multipart:
    """Apollo's multipart subscription protocol: results are payloads."""

    headers: Mapping[str, str] = {
        "Content-Type": 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
        "Cache-Control": "no-cache, no-transform",
        "X-Accel-Buffering": "no",
    }
    opening = b"--graphql"
    heartbeat = _HEAD + b"{}\r\n--graphql"
    heartbeat_s = 5.0  # what the protocol asks for
    closing = b"--\r\n"

    def result(self, json: bytes) -> bytes:
        """A result."""
        return _HEAD + b'{"payload":' + json + b"}\r\n--graphql"

    def interruption(self, json: bytes) -> bytes:
        """The errors that end the stream; they are the transport's, not the operation's."""
        return _HEAD + b'{"payload":null,' + json.removeprefix(b"{") + b"\r\n--graphql"


class Incremental:
    """Incremental delivery: each part is a result, which says whether there may be more."""

    headers: Mapping[str, str] = {
        "Content-Type": 'multipart/mixed; boundary="-"',
        "Cache-Control": "no-cache, no-transform",
        "X-Accel-Buffering": "no",
    }
    opening = b"---"
    # White space between a boundary and the headers of its part is nothing.
    heartbeat = b" "
    heartbeat_s = 12.0
    closing = _HEAD + b'{"hasNext":false}\r\n-----\r\n'

    def result(self, json: bytes) -> bytes:
        """A result."""
        return _HEAD + json.removesuffix(b"}") + b',"hasNext":true}\r\n---'

    interruption = result
