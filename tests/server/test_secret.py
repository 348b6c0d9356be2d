"""The secret: set, or made once for all processes on a data directory."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.secret import secret_of
from server.settings import ConfigError, Settings


def test_a_secret_that_is_set_is_used_and_not_written_down(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret=SecretStr("x" * 32))
    assert secret_of(settings) == b"x" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = secret_of(settings)
    assert len(first) == 64
    assert secret_of(settings) == first
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_all_who_start_at_once_get_the_same(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: secret_of(settings), range(32)))
    assert len(made) == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "secret"]


def test_a_secret_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(ConfigError, match="less than 32 characters"):
        secret_of(Settings(data_dir=tmp_path))


def test_a_place_that_cannot_hold_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="set PROFILE_GRAPH_SECRET"):
        secret_of(Settings(data_dir=tmp_path / "file"))
