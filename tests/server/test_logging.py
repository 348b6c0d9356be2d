"""Logging: one line each, from us and from the libraries, without a personal value."""

import asyncio
import gc
import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from server.logging import configure


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail() -> None:
    raise ValueError("ann@example.org is not a number")


def test_a_line_is_json_with_the_request_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "info")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("ours").info("request", status=200)
    [line] = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request", "level": "info", "logger": "ours", "request_id": "r1", "status": 200,
    }  # fmt: skip


def test_a_library_logs_through_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "info")
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    [line] = lines(capsys)
    assert (line["event"], line["logger"]) == ("Invalid HTTP request received.", "uvicorn.error")


@pytest.mark.parametrize("level", ["info", "debug"])
@pytest.mark.parametrize("logger", ["ours", "uvicorn.error"])
def test_an_error_is_logged_by_its_place_and_not_by_its_text(
    logger: str, level: Literal["info", "debug"], capsys: pytest.CaptureFixture[str]
) -> None:
    configure("json", level)
    try:
        fail()
    except ValueError:
        log = structlog.get_logger(logger) if logger == "ours" else logging.getLogger(logger)
        log.exception("unexpected error")
    [line] = lines(capsys)
    assert line["error"] == "ValueError"
    assert line["at"][-1].endswith(" fail")
    assert "ann@example.org" not in json.dumps(line)


def test_the_driver_never_logs_what_a_statement_was_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("json", "debug")
    logging.getLogger("neo4j.io").debug("C: RUN … {'email': 'ann@example.org'}")
    assert lines(capsys) == []


def test_a_socket_is_never_logged_with_its_messages_and_headers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("json", "debug")
    logging.getLogger("uvicorn.error").debug("< TEXT '{ann@example.org}'")
    assert lines(capsys) == []


def test_a_task_that_failed_unheard_is_told_without_what_it_shows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("json", "info")
    asyncio.run(forgotten())
    gc.collect()
    told = lines(capsys)
    assert [line["event"] for line in told] == ["Task exception was never retrieved"]
    assert told[0]["error"] == "ValueError"
    assert "ann@example.org" not in json.dumps(told)


async def forgotten() -> None:
    async def failing() -> None:
        fail()

    task = asyncio.create_task(failing())
    await asyncio.wait({task})
    del task
