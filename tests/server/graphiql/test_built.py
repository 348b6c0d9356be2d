"""What is committed in `built/` is what a build of `source/` leaves there."""

import hashlib
import json
import re
from pathlib import Path

from server.graphiql.built import BUILT, manifest

SOURCE = BUILT.parent / "source"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_was_built_from_this_source() -> None:
    files = sorted(path for path in SOURCE.iterdir() if path.name != "node_modules")
    lines = "".join(f"{path.name} {digest(path)}\n" for path in files)
    stored = json.loads((BUILT / "manifest.json").read_bytes())["source"]
    assert stored == hashlib.sha256(lines.encode()).hexdigest(), "run make graphiql"


def test_its_files_are_those_of_the_manifest() -> None:
    found = {path.name: digest(path) for path in BUILT.iterdir() if path.name != "manifest.json"}
    assert found == manifest()


def test_it_names_no_registry_and_no_path_of_a_machine() -> None:
    told = re.compile(r"node_modules/|registry\.[\w-]+\.\w|sourceMappingURL|/tmp/|/home/|/root/")
    for path in (*BUILT.glob("*.js"), *BUILT.glob("*.css"), *BUILT.glob("*.html")):
        assert told.findall(path.read_text(encoding="utf-8")) == [], path.name
    assert "resolved" not in (SOURCE / "package-lock.json").read_text(encoding="utf-8")


def test_everything_in_it_has_its_license() -> None:
    [path] = BUILT.glob("licenses-*.txt")
    text = path.read_text(encoding="utf-8")
    for name in ("graphiql 5", "react 19", "monaco-editor 0", "graphql 16", "prettier 3"):
        assert re.search(rf"^{name}\.\S+: MIT$", text, re.MULTILINE), name
