"""Compression: gzip, zstd and none are the same content, and damage is named."""

import gzip
import os
import sys
from pathlib import Path

import pytest

from customers.errors import InvalidInputError
from customers.ingest.formats.compression import Input

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CONTENT = b"a,b\n" + b"1,2\n" * 60_000
WAYS = {
    "plain": CONTENT,
    "gzip": gzip.compress(CONTENT),
    "gzip, another level": gzip.compress(CONTENT, 1),
    "two gzip members": gzip.compress(CONTENT[:9]) + gzip.compress(CONTENT[9:]),
    "zstd": zstd.compress(CONTENT),
    "two zstd frames": zstd.compress(CONTENT[:9]) + zstd.compress(CONTENT[9:]),
}


def test_the_digest_is_of_the_content_and_the_content_is_read_after_it(tmp_path: Path) -> None:
    digests = set()
    for content in WAYS.values():
        (tmp_path / "a").write_bytes(content)
        with Input(str(tmp_path / "a")) as file:
            survey = file.survey()
            digests.add(survey.digest)
            assert survey.sample == CONTENT[: 64 << 10]
            assert file.head(3) == b"a,b"
            assert file.content().read() == CONTENT
    assert len(digests) == 1


def test_a_pipe_is_looked_at_and_then_read_from_its_beginning() -> None:
    reads, writes = os.pipe()
    with os.fdopen(writes, "wb") as pipe:
        pipe.write(zstd.compress(b"a,b\n1,2\n"))
    with os.fdopen(reads, "rb"), Input(f"/dev/fd/{reads}") as file:
        survey = file.survey()
        assert (survey.digest, survey.sample) == ("", b"a,b\n1,2\n")
        assert file.size is None
        assert file.content().read() == b"a,b\n1,2\n"


@pytest.mark.parametrize("way", ["gzip", "zstd"])
def test_what_is_cut_off_or_broken_is_named(tmp_path: Path, way: str) -> None:
    (tmp_path / "a").write_bytes(WAYS[way][:-3])
    with (
        Input(str(tmp_path / "a")) as file,
        pytest.raises(InvalidInputError, match=rf"a is a damaged {way} file: "),
    ):
        file.survey()
    (tmp_path / "a").write_bytes(WAYS[way][:12] + b"\xff" * 50)
    with (
        Input(str(tmp_path / "a")) as file,
        pytest.raises(InvalidInputError, match=rf"a is a damaged {way} file: "),
    ):
        file.survey()
