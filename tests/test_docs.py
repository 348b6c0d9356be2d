"""docs/ as a whole: every page is found, every link leads somewhere, what is listed is complete."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from customers.access.matrix import matrix
from customers.access.table import table
from customers.page import LARGEST_PAGE
from graph_schema.connection import DEFAULT_FIRST
from graph_schema.document import ALIASES, DEPTH, TOKENS
from graph_schema.node.queries import MOST_IDS
from server.settings import Settings
from tests.cli_help import REGENERATE, names
from tests.pages import DOCS, ROOT, Page, said_by

PAGES = sorted(DOCS.glob("*.md"))
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
# Codes that only commands and logs have; no request is answered with them.
OF_COMMANDS = {
    "BACKUP_FAILED",
    "CONFIG_INVALID",
    "DEMO_DATA_MISSING",
    "DEMO_REFUSED",
    "ENGINE_UNAVAILABLE",
    "FAILED",
    "MANIFEST_INVALID",
    "MAP_INVALID",
    "MAP_NEEDED",
    "MIGRATION_FAILED",
    "POLICY_INVALID",
    "TRANSFER_FAILED",
    "WRONG",
}
NO_CODES = {
    "ARCADEDB_JVM_ERROR_FILE",
    "CROSS_SELL",
    "LAST_PURCHASE",
    "LAST_SEEN",
    "OPEN_TICKETS",
    "SC_PAGE_SIZE",
    "SC_PHYS_PAGES",
    "UP_SELL",
}
SEVERAL_WORDS = re.compile(r"[A-Z]+(_[A-Z]+)+")
ONE_WORD = re.compile(r"[A-Z]{4,}")


def codes() -> set[str]:
    """Every error code in the source: it has several words, or stands where codes stand."""
    found: set[str] = set()
    for folder in ("server", "graph_schema", "customers", "cypher"):
        for file in (ROOT / folder).rglob("*.py"):
            found |= set(codes_in(ast.parse(file.read_text(encoding="utf-8"))))
    return found - NO_CODES


def codes_in(tree: ast.AST) -> Iterator[str]:
    """The codes in a module."""
    for node in ast.walk(tree):
        yield from texts(node, SEVERAL_WORDS) if isinstance(node, ast.Constant) else ()
        for place in code_places(node):
            for inner in ast.walk(place):
                yield from texts(inner, ONE_WORD)


def code_places(node: ast.AST) -> Iterator[ast.AST]:
    """What a code is written in, of `node`: ``code = …``, ``{"code": …}`` and ``def _code``."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(one, ast.Name) and one.id in {"code", "INTERNAL"} for one in targets):
            yield node.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "code":
                yield value
    if isinstance(node, ast.FunctionDef) and node.name in {"_code", "code_of"}:
        yield node


def texts(node: ast.AST, like: re.Pattern[str]) -> list[str]:
    """The text of a constant, if it is like that."""
    value = node.value if isinstance(node, ast.Constant) else None
    return [value] if isinstance(value, str) and like.fullmatch(value) else []


def anchors(text: str) -> set[str]:
    """What a heading is linked by."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_every_error_code_is_in_the_table_with_what_to_do() -> None:
    rows = Page.of("for-front-end-developers.md").rows("## Errors")
    listed = [code for row in rows for code in re.findall(r"`([A-Z_]+)`", row[0])]
    assert len(listed) == len(set(listed))
    assert codes() == set(listed) | OF_COMMANDS
    assert not set(listed) & OF_COMMANDS
    assert [row for row in rows if not (len(row) == 3 and row[1])] == []


def test_the_numbers_for_front_end_developers_are_those_there_are() -> None:
    text = Page.of("for-front-end-developers.md").text.replace("\n", " ")
    assert f"`first` is {DEFAULT_FIRST} unless you say, at most {LARGEST_PAGE}." in text
    assert f"`nodes(ids:)` up to {MOST_IDS} at once" in text
    assert f"{DEPTH} deep, with {ALIASES} aliases and {TOKENS:,} tokens" in text
    settings = Settings(_env_file=None)
    assert f"has {settings.request_timeout:.0f} seconds (`PROFILE_GRAPH_REQUEST_TIMEOUT`)" in text
    assert f"more than {settings.max_body_bytes >> 20} MiB (`PROFILE_GRAPH_MAX_BODY_BYTES`)" in text
    assert settings.batching == 0


def test_the_index_names_every_page() -> None:
    named = re.findall(r"\(([\w-]+\.md)\)", (DOCS / "README.md").read_text(encoding="utf-8"))
    assert sorted(named) == [page.name for page in PAGES if page.name != "README.md"]


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("terminal", [{}, {"COLUMNS": "40", "FORCE_COLOR": "1", "TERM": "xterm"}])
def test_the_commands_say_the_help_that_is_written(terminal: dict[str, str]) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.cli_help"],
        cwd=ROOT,
        env=os.environ | terminal,
        capture_output=True,
        text=True,
        check=True,
    )
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert said.stdout == written, f"The help has changed: run {REGENERATE}"


def test_every_command_has_its_help_on_the_page() -> None:
    page = Page.of("cli.md")
    assert re.findall(r"^## (.*)$", page.text, re.MULTILINE) == names()
    assert {"profile-graph", "profile-graph import", "profile-graph policy apply"} <= set(names())
    for name, block in zip(names(), page.blocks("text"), strict=True):
        assert said_by(f"\n Usage: {name} …\n", "\n".join(block.text.splitlines()[:2]) + "\n")


def test_a_text_of_a_page_is_what_was_shown_but_for_what_it_leaves_out() -> None:
    assert said_by("a … c\n", "a b c\n")
    assert said_by("…\nlast\n", "first\nsecond\nlast\n")
    assert not said_by("a … c\n", "a b\nc\n")
    assert not said_by("a\n", "a\nb\n")
    assert not said_by("…\nlast\n", "first\nlast but one\n")


def test_the_page_of_roles_has_the_table_that_is_in_force() -> None:
    text = (DOCS / "roles.md").read_text(encoding="utf-8")
    assert text.endswith(f"## The whole table\n\n{matrix(table())}"), (
        "The table has changed: write the output of `profile-graph roles` to the end of the page"
    )
