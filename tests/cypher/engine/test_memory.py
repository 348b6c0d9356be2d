"""How much memory the embedded engine takes where nobody says it."""

from pathlib import Path

import pytest

from cypher.engine import memory
from cypher.engine.memory import default_heap_mb

GB = 1 << 30


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of control groups of a machine of 64 GB."""
    sizes = {"SC_PAGE_SIZE": 4_096, "SC_PHYS_PAGES": 64 * GB // 4_096}
    monkeypatch.setattr("os.sysconf", sizes.__getitem__)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory, "_OWN_GROUPS", tmp_path / "own")
    return tmp_path / "groups"


def limited(groups: Path, path: str, limit: str, name: str = "memory.max") -> None:
    """Give a group a limit."""
    (groups / path).mkdir(parents=True, exist_ok=True)
    (groups / path / name).write_text(f"{limit}\n")


@pytest.mark.parametrize(
    ("machine_gb", "heap_mb"), [(64, 8_192), (16, 4_096), (6, 1_536), (2, 1_024)]
)
def test_it_is_a_quarter_of_the_machines(
    machine_gb: int, heap_mb: int, groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"SC_PAGE_SIZE": 4_096, "SC_PHYS_PAGES": machine_gb * GB // 4_096}
    monkeypatch.setattr("os.sysconf", sizes.__getitem__)
    assert default_heap_mb() == heap_mb


def test_a_container_has_its_limit_at_the_root(groups: Path) -> None:
    (groups.parent / "own").write_text("0::/\n")
    limited(groups, "", str(12 * GB))
    assert default_heap_mb() == 3_072


def test_a_service_has_the_least_limit_of_those_it_is_in(groups: Path) -> None:
    (groups.parent / "own").write_text("0::/system.slice/shop.service\n")
    limited(groups, "system.slice", str(8 * GB))
    limited(groups, "system.slice/shop.service", "max")
    assert default_heap_mb() == 2_048
    limited(groups, "system.slice/shop.service", str(6 * GB))
    assert default_heap_mb() == 1_536


def test_the_first_version_of_control_groups_counts_too(groups: Path) -> None:
    (groups.parent / "own").write_text("4:cpu:/docker/ab\n3:hugetlb,memory:/docker/ab\n0::/\n")
    limited(groups, "memory", str(16 * GB), "memory.limit_in_bytes")
    assert default_heap_mb() == 4_096


def test_a_limit_above_what_there_is_is_none(groups: Path) -> None:
    (groups.parent / "own").write_text("0::/\n")
    limited(groups, "", str(1 << 62))
    assert default_heap_mb() == 8_192
