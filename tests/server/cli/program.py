"""The real program, as a process of its own."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[3]
LONG_S = 60


def command(*arguments: str) -> list[str]:
    """The command line of the program."""
    return [sys.executable, "-m", "server.cli", *arguments]


async def program(
    env: Mapping[str, str], *arguments: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end."""
    return await asyncio.to_thread(
        subprocess.run,
        command(*arguments),
        input=stdin,
        capture_output=True,
        cwd=PROJECT,
        env=dict(env),
        timeout=LONG_S,
        check=False,
    )


def heeds_ctrl_c() -> None:
    """Undo what a shell does to the programs that it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
