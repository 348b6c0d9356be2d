"""Server-sent events, as graphql-sse's distinct connections mode has them.

Lines end with LF alone: urql looks for two of them, and every reader of events takes them.
"""

from collections.abc import Mapping


class ServerSentEvents:
    """The form of a stream of events."""

    headers: Mapping[str, str] = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-cache, no-transform",
        "X-Accel-Buffering": "no",  # nginx would keep events until it has a page of them
    }
    opening = b""
    heartbeat = b":\n\n"
    heartbeat_s = 12.0
    closing = b"event: complete\ndata:\n\n"

    def result(self, json: bytes) -> bytes:
        """A result; JSON of ours is one line."""
        return b"event: next\ndata: " + json + b"\n\n"

    # What ends a stream is a result like others: whoever reads it knows it by its errors.
    interruption = result
