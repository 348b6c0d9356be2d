"""Logging: structlog for us and, through it, for the libraries. Never a personal value."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.types import Processor

Event = MutableMapping[str, Any]


def configure(log_format: Literal["console", "json"], level: str) -> None:
    """Send all logs to standard error, one line each."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if level == "debug" else _places,
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
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow={"code"}), *shared],
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
    # What uvicorn tells of its start and end we tell ourselves, with the addresses. Below that it
    # writes the headers and messages of sockets, in which the credentials of callers are.
    logging.getLogger("uvicorn").setLevel(logging.INFO if level == "debug" else logging.WARNING)


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _places(_logger: object, _method: str, event: Event) -> Event:
    """Where an exception came from, without its text, which may quote a customer's values."""
    info = event.pop("exc_info", None)
    problem = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(problem, BaseException):
        frames = traceback.extract_tb(problem.__traceback__)
        event["error"] = getattr(problem, "code", None) or type(problem).__name__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return event
