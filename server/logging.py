"""Logging: structlog for us and, through it, for the libraries. Never a personal value."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.types import Processor

Event = MutableMapping[str, Any]
FEW_FRAMES = 8


def configure(log_format: Literal["console", "json"], level: str) -> None:
    """Send all logs to standard error, one line each."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Places(None if level == "debug" else FEW_FRAMES),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # The libraries' own lines have not been through the chain above.
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow={"code"}), *shared, _outline],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # Below this the driver writes the parameters of statements, which are personal data.
    logging.getLogger("neo4j").setLevel(logging.WARNING)
    # What uvicorn tells of its start and end we tell ourselves, with the addresses; at debug it
    # writes the headers and messages of sockets, which are credentials and personal data.
    logging.getLogger("uvicorn").setLevel(logging.INFO if level == "debug" else logging.WARNING)


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


class _Places:
    """Where an exception came from, without its text, which may quote a customer's values."""

    def __init__(self, frames: int | None) -> None:
        """Name the innermost `frames`, or all."""
        self._frames = frames

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        info = event.pop("exc_info", None)
        problem = (
            sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
        )
        if isinstance(problem, BaseException):
            frames = list(traceback.extract_tb(problem.__traceback__))
            event["error"] = getattr(problem, "code", None) or type(problem).__name__
            event["at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in frames[-(self._frames or len(frames)) :]
            ]
        return event


def _outline(_logger: object, _method: str, event: Event) -> Event:
    """Asyncio's own lines without the tasks they show, whose results and errors quote values."""
    if event.get("logger") == "asyncio":
        event["event"] = re.split(r"[\n<]", str(event["event"]), maxsplit=1)[0].rstrip()
    return event
