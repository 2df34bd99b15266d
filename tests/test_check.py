"""Rows of one's own, checked against a table."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

import cambodia_tip as tip

OWN = {
    "id": "own-returns",
    "indicator": "victims_repatriated",
    "value": 12,
    "unit": "persons",
    "qualifier": "unqualified",
    "value_basis": "printed",
    "obs_status": "reported",
    "population": "victims",
    "from_area": "THA",
    "to_area": "KHM",
    "period_start": "2019-01-01",
    "period_end": "2019-12-31",
    "period_basis": "stated",
    "reported_by": "government-of-cambodia",
    "source_id": "own-report",
    "passage": "4",
    "quote": "12 victims returned from Thailand in 2019",
}


def own(**cells: object) -> pd.DataFrame:
    row = dict.fromkeys(tip.load("repatriations", warn=False).columns) | OWN | cells
    return pd.DataFrame([row])


@pytest.mark.parametrize("text", [False, True])
def test_right_rows_of_ones_own_pass(text: bool) -> None:
    frame = own()
    if not text:
        frame = frame.astype({"value": "Int64"})
        frame["period_start"] = pd.to_datetime(frame["period_start"])
    report = tip.check(frame, "repatriations")
    assert report.valid, str(report)
    assert report.subject == "1 row as repatriations"


def test_every_table_passes_its_own_check(any_table: str) -> None:
    frame = tip.load(any_table, warn=False)
    report = tip.check(frame, any_table)
    assert report.valid, str(report)
    text = pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype=str, keep_default_na=False)
    report = tip.check(text, any_table)  # pandas writes True, the files have true
    assert report.valid, str(report)


def test_the_key_may_be_the_index() -> None:
    assert tip.check(own().set_index("id"), "repatriations").valid
    wrong = tip.check(own(unit="person").set_index("id"), "repatriations")
    assert [(f.row, f.column) for f in wrong] == [("own-returns", "unit")]
    areas = tip.load("row_caveats").set_index(["row_id", "caveat_id"])
    assert tip.check(areas, "row_caveats").valid


def test_no_rows_are_right_rows() -> None:
    report = tip.check(own().head(0), "repatriations")
    assert (report.valid, report.subject) == (True, "0 rows as repatriations")


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"unit": "person"}, "unit", "foreign-key"),
        ({"from_area": "Thailand"}, "from_area", "foreign-key"),
        ({"part_of": "own-total"}, "part_of", "foreign-key"),
        ({"value": 12.5}, "value", "type"),
        ({"value": float("inf")}, "value", "type"),
        ({"value": np.array([12, 13])}, "value", "type"),
        ({"value": 13}, "value", "printed"),
        ({"obs_status": "guessed"}, "obs_status", "enum"),
        ({"period_start": "2020-01-01"}, "period_end", "period"),
        ({"indicator": None}, "indicator", "required"),
        ({"quote": " 12 victims returned in 2019"}, "quote", "whitespace"),
    ],
)
def test_a_wrong_cell_is_found(cells: dict[str, object], column: str, rule: str) -> None:
    report = tip.check(own(**cells), "repatriations")
    found = [(f.row, f.column, f.rule) for f in report]
    assert ("own-returns", column, rule) in found, found


def test_a_part_may_be_of_a_row_beside_it() -> None:
    whole = own()
    part = own(id="own-part", part_of="own-returns", part_role="subset")
    assert tip.check(pd.concat([whole, part]), "repatriations").valid


def test_a_duplicate_key_is_found_and_a_missing_one_is_named_by_its_place() -> None:
    twice = tip.check(pd.concat([own(), own()]), "repatriations")
    assert "primary-key" in {f.rule for f in twice}
    missing = tip.check(pd.concat([own(), own(id=None)]), "repatriations")
    assert ("row 1", "id", "required") in [(f.row, f.column, f.rule) for f in missing]


def test_columns_may_be_in_any_order_and_must_be_those_of_the_table() -> None:
    frame = own()
    assert tip.check(frame[sorted(frame.columns)], "repatriations").valid
    report = tip.check(frame.rename(columns={"unit": "units"}), "repatriations")
    assert [(f.column, f.rule) for f in report] == [("units", "header"), ("unit", "header")]
    assert "did you mean 'unit'?" in report.findings[0].message
    report = tip.check(frame[["id", "value"]], "repatriations")
    assert [len(f.columns) for f in report] == [len(frame.columns) - 2]
    report = tip.check(pd.concat([frame, frame["unit"]], axis=1), "repatriations")
    assert [(f.column, f.message) for f in report] == [("unit", "this column is a duplicate")]


@pytest.mark.parametrize("table", ["repatriations", "agreements", "organizations"])
def test_a_frame_with_labels_gets_one_line_that_says_so(table: str) -> None:
    (finding,) = tip.check(tip.load(table, labels=True), table).findings
    assert "load(labels=True) adds" in finding.message
    assert set(finding.columns) == set(tip.load(table, labels=True)) - set(
        tip.load(table, warn=False)
    )


def test_a_report_says_once_what_was_not_checked() -> None:
    notes = tip.check(own(), "repatriations").notes
    assert len(notes) == 2
    assert "whether documents have the quotes" in notes[0]
    assert all(rule in notes[1] for rule in ("restatements", "indicator-use", "publication"))


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(tip.UnknownNameError, match="did you mean 'repatriations'"):
        tip.check(own(), "repatriation")  # type: ignore[arg-type]


def test_the_frame_stays_as_it_is() -> None:
    frame = own().set_index("id")
    before = frame.copy()
    tip.check(frame, "repatriations")
    pd.testing.assert_frame_equal(frame, before)


def test_polars_frames_and_ibis_tables_are_checked_alike() -> None:
    polars, ibis = pytest.importorskip("polars"), pytest.importorskip("ibis")
    row = own(value=13).iloc[0].to_dict()
    frame = polars.DataFrame({name: [cell] for name, cell in row.items()}, strict=False)
    expected = tip.check(own(value=13), "repatriations").findings
    assert expected
    assert tip.check(frame, "repatriations").findings == expected
    assert tip.check(frame.lazy(), "repatriations").findings == expected
    assert tip.check(ibis.memtable(frame.to_arrow()), "repatriations").findings == expected


@pytest.mark.parametrize("frame", [None, [OWN], "repatriations"])
def test_what_is_not_a_frame_is_a_type_error(frame: object) -> None:
    with pytest.raises(TypeError, match="frame must be"):
        tip.check(frame, "repatriations")


def test_a_report_of_nothing_has_text_columns_too() -> None:
    wrong = tip.check(own(unit="person"), "repatriations").to_frame()
    right = tip.check(own(), "repatriations").to_frame()
    assert len(wrong) > len(right) == 0
    assert set(wrong.dtypes) == set(right.dtypes) == set(tip.changes(None).to_frame().dtypes)
    assert set(map(str, right.dtypes)) == {"str"}
