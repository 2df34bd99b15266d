"""The CSV reader: each error has its line, and no line is dropped without one."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.csv_text import MOST_CHARACTERS, is_regular, parse, read_rows

COLUMNS = ["id", "label", "kind"]
RIGHT = b"id,label,kind\nKHM,Cambodia,country\nTHA,Thailand,country\n"
SINGLE = b"id\nKHM\n"


def told(content: bytes, columns: list[str] | None = COLUMNS) -> list[tuple[int, str, str]]:
    return [(line, rule, message) for line, rule, message, _ in parse(content, columns).errors]


@pytest.mark.parametrize(
    ("content", "line", "rule", "words"),
    [
        (b"", 1, "columns", "empty"),
        (b"\n", 1, "columns", "no header"),
        (b"\xef\xbb\xbf", 1, "columns", "empty"),
        (b"\xef\xbb\xbf" + RIGHT, 1, "encoding", "byte-order mark"),
        (RIGHT.decode().encode("utf-16"), 1, "encoding", "UTF-16; save it as UTF-8"),
        (RIGHT.decode().encode("utf-16-be"), 1, "encoding", "NUL"),
        (b"\xfe\xff" + RIGHT.decode().encode("utf-16-be"), 1, "encoding", "UTF-16"),
        (RIGHT.replace(b"Thai", b"Tha\xef"), 3, "encoding", "not UTF-8 at byte 8 of the line"),
        (RIGHT.replace(b"Thai", b"Th\x00i"), 3, "encoding", "NUL as character 7"),
        (RIGHT.replace(b"Thai", b"Th\ri"), 3, "line-ends", "CR within the line"),
        (RIGHT.replace(b"Thai", b'"T\ri"'), 3, "line-ends", "CR within the line"),
        (RIGHT.replace(b"\n", b"\r\n"), 1, "line-ends", "3 lines have"),
        (RIGHT.replace(b"\n", b"\r"), 1, "line-ends", "CR in its line ending"),
        (RIGHT[:-1], 3, "line-ends", "cut off"),
        (RIGHT + b"VNM,Vietnam", 4, "row-length", "has 2 cells in place of 3"),
        (RIGHT + b"VNM,Viet,nam,country\n", 4, "row-length", "has 4 cells in place of 3"),
        (RIGHT + b"VNM\n", 4, "row-length", "has 1 cell in place of 3"),
        (RIGHT + b"\n", 4, "row-length", "blank"),
        (RIGHT + b"  \n", 4, "row-length", "has 1 cell in place of 3"),
        (RIGHT + b",,\n", 4, "row-length", "only empty cells"),
        (RIGHT + b'"",,""\n', 4, "row-length", "only empty cells"),
        (RIGHT.replace(b"KHM,", b'"KHM,'), 2, "quoting", "does not close"),
        (RIGHT.replace(b"Cam", b'"Cam"'), 2, "quoting", "after a closing quotation mark"),
        (RIGHT.replace(b"KHM", b'"KHM').replace(b"THA", b'THA"'), 2, "quoting", "does not close"),
        (RIGHT.replace(b"Thailand", b"a" * (MOST_CHARACTERS + 1)), 3, "row-length", "131,072"),
        (RIGHT.replace(b"label", b"id"), 1, "columns", "has the column 'id' twice"),
        (RIGHT.replace(b"kind\n", b"kind,\n"), 1, "columns", "column 4; does the line end with a"),
        (RIGHT.replace(b"label", b""), 1, "columns", "has no name for column 2"),
        (RIGHT.replace(b"label", b"lable"), 1, "columns", "lacks the column 'label'"),
        (RIGHT.replace(b"label", b"lable"), 1, "columns", "'lable' that the schema does not"),
        (RIGHT.replace(b"label,kind", b"kind,label"), 1, "columns", "order of the schema: id, l"),
        (RIGHT.replace(b",", b";"), 1, "columns", "separated by ';'; save it with commas"),
        (RIGHT.replace(b",", b"\t"), 1, "columns", r"separated by '\t'"),
        (RIGHT.replace(b"id,", b'"id,'), 1, "columns", "does not close"),
    ],
)
def test_each_error_has_its_line(content: bytes, line: int, rule: str, words: str) -> None:
    found = told(content)
    assert any((n, r) == (line, rule) and words in message for n, r, message in found), found
    assert not is_regular(content, COLUMNS)
    with pytest.raises(tip.DataPackageError, match=r"^areas, line \d+: ") as caught:
        read_rows(content, COLUMNS, "areas")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_all_errors_are_told_and_the_other_rows_are_read() -> None:
    content = RIGHT + b'"VNM,Vietnam,country\n\nLAO,Laos\nMMR,"Myan"mar,country\nCHN,China,country'
    text = parse(content, COLUMNS)
    assert [(e.line, e.rule) for e in text.errors] == [
        *[(4, "quoting"), (5, "row-length"), (6, "row-length"), (7, "quoting"), (8, "line-ends")]
    ]
    assert [row[0] for row in text.rows] == ["KHM", "THA", "CHN"]
    assert list(text.lines) == [2, 3, 8]


def test_a_wrong_header_has_one_error_for_each_column_and_gives_no_rows() -> None:
    content = RIGHT.replace(b"label,kind", b"name,sort")
    assert [message for _, _, message in told(content)] == [
        "lacks the column 'label'",
        "lacks the column 'kind'",
        "has a column 'name' that the schema does not know",
        "has a column 'sort' that the schema does not know",
    ]
    assert parse(content, COLUMNS).rows == []


def test_a_file_of_another_kind_is_one_error() -> None:
    for wrong in (RIGHT.replace(b",", b";"), RIGHT.decode().encode("utf-16"), b""):
        assert len(told(wrong)) == 1


def test_a_cell_may_be_as_long_as_the_limit() -> None:
    content = RIGHT.replace(b"Thailand", b"a" * MOST_CHARACTERS)
    assert told(content) == []
    content = RIGHT.replace(b"Thailand", "\u17d2".encode() * MOST_CHARACTERS)
    assert told(content) == []


@pytest.mark.parametrize("limit", [10_000_000, 5])
def test_the_limit_of_the_process_drops_nothing(limit: int) -> None:
    long = RIGHT.replace(b"Thailand", b"a" * (MOST_CHARACTERS + 1))
    before = csv.field_size_limit(limit)
    try:
        found = told(long)
        assert csv.field_size_limit() == limit
    finally:
        csv.field_size_limit(before)
    assert (3, "row-length") in [(line, rule) for line, rule, _ in found]


def test_columns_are_checked_only_against_each_other_without_a_schema() -> None:
    assert told(RIGHT, None) == []
    assert parse(RIGHT).header == COLUMNS
    assert [m for _, _, m in told(RIGHT.replace(b"kind", b"id"), None)] == [
        "has the column 'id' twice"
    ]


def test_a_file_to_be_written_again_may_have_a_mark_and_crlf() -> None:
    marked = b"\xef\xbb\xbf" + RIGHT.replace(b"\n", b"\r\n")
    rows = read_rows(marked, COLUMNS, "areas", ignore_lossless=True)
    assert rows == read_rows(RIGHT, COLUMNS, "areas")
    for wrong in (marked[:-2], marked + b"\r\n", marked.replace(b"Thai", b"Th\rai")):
        with pytest.raises(tip.DataPackageError):
            read_rows(wrong, COLUMNS, "areas", ignore_lossless=True)


def test_every_table_is_read_as_it_is(any_table: str) -> None:
    resource = open_package().resource(any_table)
    content = resource.path.read_bytes()
    text = parse(content, resource.field_names)
    assert text.errors == []
    assert [text.header, *text.rows] == list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert is_regular(content, resource.field_names)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=4)
rows = st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), max_size=5)


@settings(deadline=None)  # the time depends on what else the machine does
@given(rows)
def test_what_is_written_is_read(given_rows: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([COLUMNS, *given_rows])
    content = buffer.getvalue().encode()
    assert parse(content, COLUMNS) == (COLUMNS, given_rows, range(2, len(given_rows) + 2), [])
    assert is_regular(content, COLUMNS)


pieces = st.sampled_from(
    [b"id,label,kind\n", b"a,b,c\n", b"id", b",", b",", b'"', b'""', b"\n", b"\n", b"\r", b"\0",
     b" ", b"\xe9", b"\xc3\xa9", b"\xef\xbb\xbf", b"x", b";"]
)  # fmt: skip
files = st.one_of(
    st.binary(max_size=40),
    st.lists(pieces, max_size=20).map(b"".join),
    st.lists(pieces, max_size=20).map(lambda found: b"id,label,kind\n" + b"".join(found) + b"\n"),
)


@settings(deadline=None)
@given(files)
def test_no_line_is_dropped_without_an_error(content: bytes) -> None:
    text = parse(content, COLUMNS)
    number_of_lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert all(1 <= error.line <= number_of_lines for error in text.errors)
    if text.header == COLUMNS:
        told = {error.line for error in text.errors}
        assert set(range(2, number_of_lines + 1)) <= {*text.lines, *told}
        assert all(len(row) == 3 and any(row) for row in text.rows)
    else:
        assert text.errors
        assert text.rows == []
    if is_regular(content, COLUMNS):
        assert not text.errors
    if not text.errors:
        lines = content.decode().split("\n")[1:-1]
        assert text.rows == [next(csv.reader([line], strict=True)) for line in lines]
