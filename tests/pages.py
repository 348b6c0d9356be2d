"""Pages of docs/ as their tests run them: every command and query, and what it really answers.

A page shows ``…`` where an answer differs from run to run. In JSON, a text that ends with it is any
text that begins so; the same text in a later command or query is then what was answered.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ADDRESS = "http://127.0.0.1:8000"
LONG_S = 120
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_RUN, _SAID = ("sh", "graphql", "js"), ("text", "json")
_ELIDED = re.compile(r'"[^"\s]*…"')
_TOOK, _SHOWN = re.compile(r"in [\d,.]+ s \([\d,]+/s\)"), "in 0.1 s (40/s)"


class Block(NamedTuple):
    """What stands between two fences, and in which language."""

    language: str
    text: str


class Step(NamedTuple):
    """A command or a query, and what the page says that it answers; None where it says nothing."""

    asked: Block
    said: Block | None


@dataclass(frozen=True)
class Page:
    """A page of docs/."""

    text: str

    @classmethod
    def of(cls, name: str) -> "Page":
        """The page of a name."""
        return cls((DOCS / name).read_text(encoding="utf-8"))

    def blocks(self, *languages: str) -> list[Block]:
        """Its fenced blocks in these languages, in order."""
        blocks = (Block(*found) for found in _BLOCK.findall(self.text))
        return [block for block in blocks if block.language in languages]

    def undone(self) -> list[str]:
        """The commands of which it says no answer."""
        return [step.asked.text for step in self.steps() if step.said is None]

    def steps(self) -> list[Step]:
        """What it has its readers do, in order."""
        blocks = [*self.blocks(*_RUN, *_SAID), Block("", "")]
        return [
            Step(one, after if after.language in _SAID else None)
            for one, after in pairwise(blocks)
            if one.language in _RUN
        ]

    def rows(self, heading: str) -> list[list[str]]:
        """The cells of the rows of the table below a heading."""
        part = self.text.partition(f"\n{heading}\n")[2].partition("\n## ")[0]
        lines = [line for line in part.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[2:]]


def said_by(said: str, shown: str) -> bool:
    """Whether a text of a page is what was shown; a line that is ``…`` is any lines."""
    lines = re.escape(said).replace("…\\\n", "(?s:.*)").replace("…", ".+?")
    return re.fullmatch(lines, shown) is not None


@dataclass
class Reader:
    """Somebody who does what a page says, in a folder, with a server at `url`."""

    env: Mapping[str, str]
    folder: Path
    url: str
    seen: dict[str, str] = field(default_factory=dict)

    async def follow(self, page: Page, *languages: str) -> None:
        """Do what the page has in these languages and with an answer, and compare."""
        for step in page.steps():
            if step.said is not None and step.asked.language in languages:
                answer = await self.ask(step.asked)
                assert self._as_said(step.said, answer), f"{step.asked.text}\nanswers\n{answer}"

    async def ask(self, asked: Block) -> str:
        """What a command or a query answers."""
        return await asyncio.to_thread(self._answer, asked)

    def _answer(self, asked: Block) -> str:
        text = _ELIDED.sub(lambda found: json.dumps(self.seen[found[0][1:-1]]), asked.text)
        text = text.replace(ADDRESS, self.url)
        if asked.language == "graphql":
            body = json.dumps({"query": text})
            json_type = "content-type: application/json"
            return self._run(["curl", "-s", f"{self.url}/graphql", "-H", json_type, "-d", body])
        if asked.language == "js":
            return self._run(["node", "--input-type=module", "-e", text])
        program = f"{sys.executable} -m server.cli"
        # As a word: the name is also part of what commands say and of files.
        return self._run(["sh", "-ec", re.sub(r"(?<![\w/-])profile-graph(?= )", program, text)])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **self.env, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=LONG_S,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _as_said(self, said: Block, answer: str) -> bool:
        if said.language == "json":
            return self._alike(json.loads(said.text), json.loads(answer))
        return said_by(said.text, _TOOK.sub(_SHOWN, answer))

    def _alike(self, said: object, shown: object) -> bool:
        if isinstance(said, dict) and isinstance(shown, dict):
            return said.keys() == shown.keys() and all(
                self._alike(value, shown[name]) for name, value in said.items()
            )
        if isinstance(said, list) and isinstance(shown, list):
            return len(said) == len(shown) and all(map(self._alike, said, shown))
        if isinstance(said, str) and said.endswith("…") and isinstance(shown, str):
            # Of those that begin with nothing in particular, such as cursors, the newest counts.
            known = shown if said == "…" else self.seen.get(said, shown)
            self.seen[said] = known
            return shown == known and shown.startswith(said[:-1])
        return said == shown
