"""Loading: dtypes, fresh frames, labels, and files that are not as they should be."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cambodia_tip as tip
from cambodia_tip.checking import columns
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading import frames
from cambodia_tip.reading.frames import cast_column, parse_columns, read_frame


def test_a_frame_holds_every_cell_of_its_file(any_table: str) -> None:
    resource = open_package().resource(any_table)
    rows = list(csv.reader(io.StringIO(resource.path.read_bytes().decode(), newline="")))
    frame = tip.load(any_table)
    assert list(frame.columns) == rows[0]
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            column = column.dt.strftime("%Y-%m-%d")
        if column.dtype == "boolean":
            column = column.astype(object).map({True: "true", False: "false"})
        if column.dtype == "Float64":
            column = column.astype(object).map(lambda number: f"{number:.15g}", na_action="ignore")
        cells = ["" if pd.isna(cell) else str(cell) for cell in column]
        assert cells == [row[rows[0].index(name)] for row in rows[1:]]


def test_dtypes_follow_the_schema(any_table: str) -> None:
    frame = tip.load(any_table)
    dtypes = {"integer": "Int64", "number": "Float64", "boolean": "boolean",
              "date": "datetime64[s]"}  # fmt: skip
    for field in open_package().resource(any_table).fields:
        dtype = frame[field.name].dtype
        if field.categories:
            assert isinstance(dtype, pd.CategoricalDtype)
            assert list(dtype.categories) == list(field.categories)
        elif field.type == "string":
            assert pd.api.types.is_string_dtype(frame[field.name].dropna())
        else:
            assert dtype == dtypes[field.type]


def test_no_column_is_empty(any_table: str) -> None:
    frame = tip.load(any_table)
    assert list(frame.dropna(axis="columns", how="all")) == list(frame)


def test_each_call_gives_a_fresh_frame(any_table: str) -> None:
    first = tip.load(any_table)
    expected = tip.load(any_table)
    first.iloc[:, 0] = None
    del first[first.columns[-1]]
    pd.testing.assert_frame_equal(tip.load(any_table), expected)


def test_labels_follow_their_codes(any_table: str) -> None:
    plain, labelled = tip.load(any_table), tip.load(any_table, labels=True)
    pd.testing.assert_frame_equal(labelled[list(plain.columns)], plain)
    for name in labelled.columns.difference(plain.columns):
        if name == "caveats" or name in set(tip.tables()["name"]):
            continue  # linked rows
        code = name.removesuffix("_label")
        assert list(labelled.columns).index(name) == list(labelled.columns).index(code) + 1
        assert (labelled[name].notna() == plain[code].notna()).all()


def test_labels_are_names() -> None:
    rows = tip.load("repatriations", labels=True).set_index("id")
    row = rows.loc["repatriation-2018-mfaic-2017-myanmar"]
    assert row["from_area_label"] == "Myanmar"
    assert row["source_id_label"] == "2018 Trafficking in Persons Report: Cambodia"
    assert row["unit_label"] == "Persons"
    assert "Never add" in row["caveats"]


@pytest.mark.parametrize(
    ("table", "row", "column", "text"),
    [
        (
            "agreements",
            "agreement-2009-vietnam-identification",
            "agreement_parties",
            "Royal Government of Cambodia; Government of Vietnam",
        ),
        (
            "programmes",
            "programme-2006-transit-center",
            "programme_organizations",
            "International Organization for Migration (Funds)",
        ),
    ],
)
def test_linked_rows_are_text_with_labels(table: str, row: str, column: str, text: str) -> None:
    linked = tip.load(table, labels=True).set_index("id")[column][row]
    assert text in linked


def test_a_joint_reporter_has_its_members() -> None:
    members = tip.load("organization_members", labels=True)
    rows = tip.load("organizations", labels=True).set_index("id")["organization_members"].dropna()
    assert set(rows.index) == set(members["organization"])
    for organization, group in members.groupby("organization"):
        assert rows[organization] == "; ".join(group["member_label"])


def test_official_records_can_be_loaded_alone() -> None:
    sources = tip.load("sources").set_index("source_id")["standing"]
    both = tip.load("repatriations", warn=False)
    official = tip.load("repatriations", standing="official", warn=False)
    leaked = tip.load("repatriations", standing="leaked", warn=False)
    assert set(official["source_id"].map(sources)) == {"official"}
    assert len(official) + len(leaked) == len(both)
    assert len(tip.load("sources", standing="leaked")) == 3
    assert len(tip.load("units", standing="official")) == len(tip.load("units"))
    with pytest.raises(tip.UnknownNameError, match="did you mean 'official'"):
        tip.load("statutes", standing="offical")


def test_a_frame_knows_its_version_also_after_concat_and_parquet(tmp_path) -> None:
    frame = tip.load("repatriations", warn=False)
    descriptor = tip.open_package().descriptor
    own = {"version": tip.__version__, "contentHash": descriptor["contentHash"]}
    assert frame.attrs["cambodia_tip"] == own
    assert pd.concat([frame, frame]).attrs["cambodia_tip"] == own
    frame.to_parquet(tmp_path / "rows.parquet")
    assert pd.read_parquet(tmp_path / "rows.parquet").attrs["cambodia_tip"] == own


def test_overlaps_are_warned_of_once_in_a_process() -> None:
    code = (
        "import warnings, cambodia_tip as tip\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always', tip.CaveatWarning)\n"
        "    for table in ['repatriations', 'repatriations', 'statutes', 'areas']:\n"
        "        tip.load(table)\n"
        "    tip.load('victim_stats', labels=True), tip.load('victim_stats', warn=False)\n"
        "    tip.observations(), tip.observations(), tip.observations(warn=False)\n"
        "print([(w.category.__name__, str(w.message)[:24], w.filename) for w in caught])\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    overlaps = tip.observations().query("has_overlap")
    rows = (overlaps["table"] == "repatriations").sum()
    said = (f"{rows} rows of repatriations may", f"{len(overlaps)} figures may count the")
    expected = [("CaveatWarning", text[:24], "<string>") for text in said]
    assert result.stdout == f"{expected}\n"


@pytest.mark.parametrize("filters", [["-W", "ignore::UserWarning"], []])
def test_the_filter_of_the_readme_works_where_warnings_are_errors(filters: list[str]) -> None:
    """In a new process: a filter that named `CaveatWarning` would be dropped as unknown."""
    code = "import cambodia_tip as tip; tip.load('repatriations'); tip.observations()"
    command = [sys.executable, "-W", "error", *filters, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode == 0) is bool(filters), result.stderr
    assert f"python {' '.join(['-W', 'error', *filters])}" in (
        Path(__file__).parents[1] / "README.md"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("statute", "statutes"),
        ("Repatriations", "repatriations"),
        ("enforcement", None),
        ("", None),
    ],
)
def test_an_unknown_table_names_the_nearest(given: str, hint: str | None) -> None:
    with pytest.raises(tip.UnknownNameError) as caught:
        tip.load(given)
    assert "\n" not in str(caught.value)
    assert (f"did you mean '{hint}'?" if hint else "no table") in str(caught.value)


def test_any_day_of_the_calendar_can_be_read() -> None:
    """pandas counts nanoseconds where nothing stops it, and has no days before 1677 then."""
    field = next(f for r in open_package().resources.values() for f in r.fields if f.type == "date")
    days = pd.Series(["0001-01-01", None, "1500-02-28", "9999-12-31"], dtype=object)
    read = cast_column(days, field)
    assert read.dtype == "datetime64[s]"
    assert [None if pd.isna(day) else day.isoformat()[:10] for day in read] == list(days)
    for wrong in ("2004", "2004-1-5", "20040105", "2004-02-30", "2004-01-05T00:00", "0000-01-01"):
        with pytest.raises(ValueError, match=r"."):
            cast_column(pd.Series([wrong], dtype=object), field)


def test_na_stays_text(package_copy) -> None:
    package_copy.edit("areas", "THA", {"label": "NA"})
    resource = open_package(package_copy.path).resource("areas")
    assert "NA" in set(read_frame(resource)["label"])


LINE_AFTER = f"line {len(tip.load('areas')) + 2}: "


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda content: b"", "line 1: the file is empty"),
        (lambda content: content + b'"open,\n', LINE_AFTER + "opens a quotation mark"),
        (lambda content: content.replace(b"Thailand", b"Tha\xe9land"), "not UTF-8"),
        (lambda content: content.replace(b"kind", b"kinds", 1), "lacks the column 'kind'"),
        (lambda content: content.replace(b"label,kind", b"kind,label", 1), "in the order"),
        (lambda content: content.replace(b"\n", b",\n"), "has no name for column 6"),
        (lambda content: content.replace(b"country,ISO", b"planet,ISO"), "column 'kind'"),
    ],
)
def test_a_broken_file_is_one_clear_error(package_copy, break_it, message: str) -> None:
    package_copy.write("areas", break_it(package_copy.file("areas").read_bytes()))
    resource = open_package(package_copy.path).resource("areas")
    with pytest.raises(tip.DataPackageError, match=message) as caught:
        read_frame(resource)
    assert "areas" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_clear_error(package_copy) -> None:
    package_copy.file("areas").unlink()
    with pytest.raises(tip.DataPackageError, match=r"areas .*missing"):
        read_frame(open_package(package_copy.path).resource("areas"))


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_one_clear_error(package_copy, keep: float) -> None:
    file = package_copy.file("repatriations")
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(tip.DataPackageError, match=r"repatriations .* it was cut off"):
        read_frame(open_package(package_copy.path).resource("repatriations"))


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=3)


TWO_COLUMNS = mock.Mock(field_names=("a", "b"))


@given(st.lists(st.lists(cells, min_size=2, max_size=2).filter(any), max_size=6), st.booleans())
def test_pandas_and_arrow_read_from_large_files_the_same_cells(
    written: list[list[str]], quote_all: bool
) -> None:
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    buffer.write("a,b\n")
    csv.writer(buffer, quoting=quoting, lineterminator="\n").writerows(written)
    content = buffer.getvalue().encode()
    with mock.patch.object(frames, "LARGE", 0), mock.patch.object(frames, "parse", None):
        found, lines, errors = parse_columns(content, ["a", "b"])
    assert not errors
    assert list(lines) == list(range(2, len(written) + 2))
    texts = [["" if pd.isna(cell) else cell for cell in found[name]] for name in ("a", "b")]
    assert texts == [[row[0] for row in written], [row[1] for row in written]]
    with mock.patch.object(columns, "LARGE", 0), mock.patch.object(columns, "parse_columns", None):
        table, _ = columns.read_table(TWO_COLUMNS, content)
    assert table.lines.tolist() == list(lines)
    texts = [[cell or "" for cell in table.columns[name].objects()] for name in ("a", "b")]
    assert texts == [[row[0] for row in written], [row[1] for row in written]]
