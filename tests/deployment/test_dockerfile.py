"""The image is built from pinned versions, holds the server alone, and runs as nobody special."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STEPS = [
    tuple(line.split(maxsplit=1))
    for line in TEXT.splitlines()
    if line.strip() and not line.startswith("#")
]
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = {"server", "graph_schema", "customers", "cypher"}


def steps(name: str) -> list[str]:
    return [rest for step, rest in STEPS if step == name]


def last_stage() -> list[tuple[str, ...]]:
    return STEPS[max(n for n, step in enumerate(STEPS) if step[0] == "FROM") :]


def test_both_stages_begin_with_one_pinned_python() -> None:
    images = [rest.partition(" ")[0] for rest in steps("FROM")]
    assert len(images) == 2
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", images[0])


def test_dependencies_are_the_pinned_ones_without_those_of_development() -> None:
    [install] = [rest for rest in steps("RUN") if "pip install" in rest]
    assert install.endswith("-c constraints.txt .")
    assert "dev" not in install


def test_nothing_is_copied_but_the_product() -> None:
    copied = [rest for rest in steps("COPY") if not rest.startswith("--from=build")]
    sources = {part for rest in copied for part in rest.split()[:-1]}
    assert sources == PACKAGES | {"pyproject.toml", "constraints.txt", "LICENSE"}
    assert steps("ADD") == []
    assert IGNORED[1] == "*"
    assert {line[1:] for line in IGNORED if line.startswith("!")} == sources
    assert "**/.env*" in IGNORED


def test_no_secret_is_set() -> None:
    for rest in steps("ENV") + steps("ARG"):
        assert not re.search("PASSWORD|SECRET|TOKEN", rest)


def test_it_runs_as_a_user_without_rights() -> None:
    names = [step[0] for step in last_stage()]
    assert steps("USER") == ["10001:10001"]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert "RUN" not in names[names.index("USER") :]


def test_it_says_whether_it_is_healthy() -> None:
    [health] = steps("HEALTHCHECK")
    assert "/readyz" in health
    assert steps("EXPOSE") == ["8000"]


def test_files_that_are_no_python_are_packed_with_it() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]
    packed = {Path(one).suffix for one in data["*"]}
    assert data["server.graphiql"] == ["built/*"]
    # What GraphiQL is built from is not needed to serve it.
    apart = {ROOT / "server/graphiql/built", ROOT / "server/graphiql/source"}
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*"):
            if apart.isdisjoint(file.parents) and "__pycache__" not in file.parts:
                assert file.is_dir() or file.suffix in packed | {".py", ".md"}, file
