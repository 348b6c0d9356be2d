"""What the demo remembers of what it has loaded."""

from pathlib import Path

from cypher import Connection
from server.demo.loaded import Loaded, graph_of


def test_a_marker_that_is_broken_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"graph": "embedded", "figures": {"people": 1}}')
    assert Loaded.read(tmp_path) is None
    Loaded("embedded").write(tmp_path)
    assert Loaded.read(tmp_path) == Loaded("embedded")


def test_a_password_in_an_address_is_not_remembered() -> None:
    there = Connection(Path(), "neo4j://ann:secret@graph.example:7687", database="people")
    assert graph_of(there) == "graph.example:7687/people"
