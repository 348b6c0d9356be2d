"""CSV and TSV: what is read of files as people have them, and what becomes of bad rows."""

import tracemalloc
from pathlib import Path

import pytest

from customers.errors import InvalidInputError
from customers.ingest.formats.compression import Input
from customers.ingest.formats.delimited import Table
from customers.ingest.formats.layout import Layout, text_layout
from tests.customers.ingest.reading import rows_of

WIDTHS = b"a,b\n"


def values(path: Path, content: bytes, layout: Layout | None = None) -> list[list[str]]:
    """The values of the rows that are right."""
    _, rows = rows_of(path, content, layout)
    return [[str(value) for value in row.values] for row in rows if row.wrong is None]


def wrong(
    path: Path, content: bytes, layout: Layout | None = None
) -> list[tuple[int, str | None, str | None]]:
    """The line, the text and the reason of the rows that are not."""
    _, rows = rows_of(path, content, layout)
    return [(row.number, row.text, row.wrong) for row in rows if row.wrong is not None]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"name,amount\nAnn,5\n", ["name", "amount"]),
        (b"name;amount\nAnn;1,5\nBob;2,75\nCat;3,25\n", ["name", "amount"]),
        (b"name\tnote\nAnn\tone, two, three\nBob\tfour, five, six\n", ["name", "note"]),
        (b"name|street\nAnn|1, High St\n", ["name", "street"]),
        (b'"last, first";mail\n"A, B";x@y.example\n"C, D";z@y.example\n', ["last, first", "mail"]),
        (b"sep=|\na,b|c\n1,2|3\n", ["a,b", "c"]),
        (b"only\n1\n2\n", ["only"]),
    ],
)
def test_the_delimiter_is_the_one_that_the_header_and_the_rows_agree_on(
    tmp_path: Path, content: bytes, wanted: list[str]
) -> None:
    columns, rows = rows_of(tmp_path / "a.csv", content)
    assert columns == wanted
    assert len(rows) >= 1
    assert [row.wrong for row in rows] == [None] * len(rows)


def test_a_quoted_value_may_have_lines_delimiters_and_quotes(tmp_path: Path) -> None:
    content = b'a,b\n1,"x\ny, ""z"""\n2,u\n'
    columns, rows = rows_of(tmp_path / "a.csv", content)
    assert columns == ["a", "b"]
    assert [(row.number, row.last, list(row.values)) for row in rows] == [
        (2, 3, ["1", 'x\ny, "z"']),
        (4, 4, ["2", "u"]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_unicode_is_read_however_it_is_written(tmp_path: Path, encoding: str, end: str) -> None:
    content = end.join(["name,city", "Zoë,Köln", '"Şen, A.",İzmir', ""]).encode(encoding)
    assert values(tmp_path / "a.csv", content) == [["Zoë", "Köln"], ["Şen, A.", "İzmir"]]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Vorname;Straße\nJürgen;Königstraße 5\nBjörn;Ölweg 1\n"),
        ("cp1251", "имя;фамилия\nИван;Петров\nМария;Сидорова\n"),
        ("shift_jis", "名前;住所\n山田太郎;東京都\n佐藤花子;大阪府\n"),
    ],
)
def test_an_older_encoding_is_found_out(tmp_path: Path, encoding: str, text: str) -> None:
    found = values(tmp_path / "a.csv", text.encode(encoding))
    assert found == [line.split(";") for line in text.splitlines()[1:]]


def test_what_is_not_ascii_is_looked_for_in_all_of_a_file(tmp_path: Path) -> None:
    begin = "name;city\n" + "Ann;Leeds\n" * 200_000
    content = (begin + "Jürgen;Königswinter\nBjörn;Köln\n" * 20).encode("cp1252")
    assert values(tmp_path / "a.csv", content)[-1] == ["Björn", "Köln"]


def test_what_is_told_is_not_found_out(tmp_path: Path) -> None:
    layout = Layout("csv", delimiter=":", quote="'", encoding="latin-1")
    content = b"a:b\n'x:y':\xe9\n"
    assert values(tmp_path / "a.txt", content, layout) == [["x:y", "é"]]
    assert values(tmp_path / "a.txt", b'a:b\n"x:1\n', Layout("csv", ":", "none")) == [['"x', "1"]]


def test_a_ragged_row_is_kept_with_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = WIDTHS + b"1,2\n3\n\n4,5,6\n,\n7,8,,\n"
    assert values(tmp_path / "a.csv", content) == [["1", "2"], ["7", "8"]]
    assert wrong(tmp_path / "a.csv", content) == [
        (3, "3\n", "1 columns where the first row names 2"),
        (5, "4,5,6\n", "3 columns where the first row names 2"),
    ]


def test_a_stray_quote_costs_its_own_line_alone(tmp_path: Path) -> None:
    content = WIDTHS + b'1,"open\n2,x\n3,y\n4,"z"!\n5,w\n'
    assert values(tmp_path / "a.csv", content) == [["2", "x"], ["3", "y"], ["5", "w"]]
    assert [(line, why) for line, _, why in wrong(tmp_path / "a.csv", content)] == [
        (2, "a quoted value goes on after its closing quote"),
        (5, "a quoted value goes on after its closing quote"),
    ]
    unclosed = WIDTHS + b'1,"open\n2,x\n'
    assert values(tmp_path / "b.csv", unclosed) == [["2", "x"]]
    assert wrong(tmp_path / "b.csv", unclosed) == [
        (2, '1,"open\n', "a quoted value without its closing quote")
    ]


def test_bytes_that_are_no_letters_are_shown_in_the_rejects(tmp_path: Path) -> None:
    content = "name,city\nZoë,Köln\n".encode() * 3 + b"J\xfcrgen,Bonn\nAnn,Leeds\n"
    assert wrong(tmp_path / "a.csv", content) == [
        (7, "J\\xfcrgen,Bonn\n", "not utf-8, at character 2: --encoding names another")
    ]
    assert values(tmp_path / "a.csv", content)[-1] == ["Ann", "Leeds"]


def test_letters_of_another_encoding_are_shown_as_letters(tmp_path: Path) -> None:
    content, layout = "id,name\n1,Zoé\n2,Ann\n".encode(), Layout(encoding="ascii")
    [(line, text, _)] = wrong(tmp_path / "a.csv", content, layout)
    assert (line, text) == (2, "1,Zoé\n")


def test_half_a_surrogate_pair_costs_its_row_alone(tmp_path: Path) -> None:
    content, layout = b"id,mail\n1,a@x.org\nx+2AA-y,b@x.org\n3,c@x.org\n", Layout(encoding="utf-7")
    assert wrong(tmp_path / "a.csv", content, layout) == [
        (3, "x\\ud800y,b@x.org\n", "not utf-7, at character 2: --encoding names another")
    ]
    assert values(tmp_path / "a.csv", content, layout) == [["1", "a@x.org"], ["3", "c@x.org"]]


def test_a_row_of_a_megabyte_is_not_read(tmp_path: Path) -> None:
    long = b"1," + b"x" * (1 << 20) + b"\n"
    content = WIDTHS + long + b"2,y\n"
    [(line, text, why)] = wrong(tmp_path / "a.csv", content)
    assert (line, why) == (2, "longer than 1048576 characters")
    assert text is not None
    assert len(text) == 1024
    assert values(tmp_path / "a.csv", content) == [["2", "y"]]


def test_columns_without_a_name_and_of_one_name_are_told_apart(tmp_path: Path) -> None:
    columns, _ = rows_of(tmp_path / "a.csv", b"a,,a,b,\n1,2,3,4,\n")
    assert columns == ["a", "column 2", "a (2)", "b"]


def test_an_empty_file_and_one_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"a\.csv: it has no first row"):
        rows_of(tmp_path / "a.csv", b"\n\n")
    with pytest.raises(InvalidInputError, match=r"a\.csv: it is not text: CSV, TSV, Parquet"):
        rows_of(tmp_path / "a.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00" + b"x" * 100)


def test_a_zero_byte_is_told_of_its_row_alone(tmp_path: Path) -> None:
    content = b"id,email\n1,a\x00b@x.example\n2,c@x.example\n"
    assert values(tmp_path / "a.csv", content)[-1] == ["2", "c@x.example"]


def test_a_large_file_is_read_in_the_memory_of_a_small_one(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / "a.csv"
        with path.open("wb") as file:
            file.writelines(b"%d,name %d,somewhere\n" % (n, n) for n in range(rows))
        tracemalloc.start()
        with Input(str(path)) as file:
            layout = text_layout(Layout("csv"), file.survey().sample)
            count = sum(1 for _ in Table(file.content(), layout).rows())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == rows - 1
        return most

    # 4 MB: a piece of the digest's, the sample and the buffers.
    assert peak(150_000) < 4 << 20
