"""The check of a table in DuckDB finds what that of the same rows in pandas finds."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ibis = pytest.importorskip("ibis")
pyarrow = pytest.importorskip("pyarrow")
sys.path.insert(0, str(Path(__file__).parent))

import cambodia_tip as tip  # noqa: E402
from cambodia_tip.checking import in_engine  # noqa: E402
from cambodia_tip.checking.engine_cells import SEEN, Cells  # noqa: E402
from cambodia_tip.checking.in_engine import find_suspects  # noqa: E402
from cambodia_tip.checking.rules import rules_of  # noqa: E402
from cambodia_tip.package.model import BOOLEANS  # noqa: E402
from cambodia_tip.package.opening import open_package  # noqa: E402
from editions import frames, of_rows, typed  # noqa: E402
from faults import all_faults, read_data  # noqa: E402

pytestmark = [  # Ibis uses what DuckDB and pandas have deprecated
    pytest.mark.filterwarnings("ignore:fetch_arrow_table"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]

TIMES = ["2019-01-01T00:00", "2019-01-01T12:00", None] * 2
DATA = read_data()
FAULTS = list(all_faults(DATA))
SAMPLE = ("repatriations", "penalties", "estimates", "passages", "tier_placements")


@pytest.fixture(scope="module")
def duckdb() -> Any:
    return ibis.duckdb.connect(threads=1)


def hold(duckdb: Any, cells: Any) -> Any:
    return duckdb.create_table(ibis.util.gen_name("rows"), ibis.memtable(cells))


def as_text(frame: pd.DataFrame) -> Any:
    return pyarrow.table({n: pyarrow.array(list(c), pyarrow.string()) for n, c in frame.items()})


ALL = [
    pytest.param(table, marks=[] if table in SAMPLE else pytest.mark.exhaustive)
    for table in open_package().resources
]
"""All tables, of which the others are tried before a release."""


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        *((table, "typed") for table in SAMPLE),
        *(pytest.param(*each.values, "text", marks=each.marks) for each in ALL),
    ],
)
def test_what_pandas_finds_is_found(table: str, kind: str, duckdb: Any) -> None:
    """The right rows of each table, and below them each error that rows of one table show."""
    for frame in frames(DATA, table, of_rows(FAULTS, table)):
        rows = as_text(frame) if kind == "text" else typed(frame, open_package().resource(table))
        expected = tip.check(rows.to_pandas(types_mapper=pd.ArrowDtype), table)
        report = tip.check(hold(duckdb, rows), table)
        assert set(report.findings) == set(expected.findings)
        assert (report.subject, report.notes) == (expected.subject, expected.notes)


def test_no_wrong_text_is_surely_right(any_table: str, duckdb: Any) -> None:
    """Each error of a text alone, one in each row."""
    resource = open_package().resource(any_table)
    faults = [
        fault
        for fault in FAULTS
        if fault.table == any_table and fault.is_of_text
        # frames may spell it in other ways than the files
        if resource.field(fault.column).type != "boolean" or fault.text not in BOOLEANS
    ]
    first = {name: next(iter(DATA.values(any_table, name)), "") for name in resource.field_names}
    rows = [{**first, fault.column: fault.text} for fault in faults]
    held = hold(duckdb, as_text(pd.DataFrame([first, *rows], columns=resource.field_names)))
    sure = held.select(**{f.name: Cells(held[f.name], f).is_sure for f in resource.fields})
    right, *answers = sure.to_pyarrow().to_pylist()
    wrong = [fault for fault, row in zip(faults, answers, strict=True) if row[fault.column]]
    assert not wrong
    assert all(right[field.name] for field in resource.fields if not field.edtf)


@pytest.mark.parametrize("table", ALL)
def test_few_right_rows_are_suspects(table: str, duckdb: Any) -> None:
    """All that leaves the engine has to be checked again."""
    resource = open_package().resource(table)
    held = hold(duckdb, as_text(pd.DataFrame(DATA.rows[table])))
    keys = {
        key.resource: {
            name: pd.Series(DATA.values(key.resource, name), dtype=object).to_numpy()
            for name in key.reference_fields
        }
        for key in resource.foreign_keys
        if key.resource not in ("ids", "sources", "passages")
    }
    assert len(find_suspects(held, resource, keys).rows) <= 0.02 * len(DATA.rows[table])


def test_every_rule_is_for_engines_too() -> None:
    rules = [rule for table in open_package().resources.values() for rule in rules_of(table)]
    assert not [rule.name for rule in rules if not rule.kind]
    assert {rule.name for rule in rules if rule.kind == "group"} == {*in_engine._GROUPS}


def test_a_rule_of_which_no_one_says_what_it_reads_is_named(
    duckdb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = rules_of(open_package().resource("repatriations"))
    rules = [replace(rule, kind="") if rule.name == "movement" else rule for rule in rules]
    monkeypatch.setattr("cambodia_tip.checking.rules.TABLE_RULES", rules)
    rows = as_text(pd.DataFrame(DATA.rows["repatriations"]).assign(to_area="THA", note=" "))
    report = tip.check(hold(duckdb, rows), "repatriations")
    assert report.notes[2] == "not checked, since this engine cannot run them: movement"
    assert {finding.rule for finding in report} == {"whitespace"}


def test_a_table_in_another_engine_is_read(tmp_path: Path) -> None:
    sqlite = ibis.sqlite.connect(tmp_path / "rows.sqlite")
    sqlite.raw_sql("CREATE TABLE held (unit TEXT, label TEXT, kind TEXT, definition TEXT)")
    sqlite.raw_sql("INSERT INTO held VALUES ('boats', 'Boats', 'tally', 'Fishing boats.')")
    (finding,) = tip.check(sqlite.table("held"), "units")
    assert (finding.row, finding.rule) == ("boats", "enum")


def test_engines_print_what_python_prints() -> None:
    """A character that one version of Unicode has and another lacks is left to Python."""
    import re

    seen = re.compile(f"[ {SEEN}]")
    assert all(chr(n).isprintable() for n in range(sys.maxunicode) if seen.match(chr(n)))


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("value", [12.0, 12.5, None, float("nan"), 1e300, float("inf")]),
        ("value", ["12", "012", "1e1", None, "", " 12"]),
        ("value", [2**62, -(2**63), 12, None, 0, 1]),
        ("passage", [4, 5, None, 12, 13, 14]),
        ("passage", [4.0, 4.5, None, 12, 13, 14]),
        ("period_start", pd.to_datetime(TIMES)),
        ("period_start", pd.to_datetime(TIMES, utc=True)),
        ("note", [[1], [2], None, [3], [], [4]]),
        ("from_area", [True, False, None, True, True, True]),
    ],
)
def test_cells_of_any_dtype_are_what_they_are_in_pandas(
    column: str, cells: Any, duckdb: Any
) -> None:
    frame = pd.DataFrame(DATA.rows["repatriations"][:6])
    table = as_text(frame)
    place = table.column_names.index(column)
    table = table.set_column(place, column, [pyarrow.array(cells, from_pandas=False)])
    pandas = frame.assign(**{column: pd.Series(table[column].to_pylist(), dtype=object)})
    expected = tip.check(pandas, "repatriations")
    assert set(tip.check(hold(duckdb, table), "repatriations")) == set(expected)


def test_rows_are_named_by_their_place_where_a_key_is_wrong(duckdb: Any) -> None:
    frame = pd.DataFrame(DATA.rows["repatriations"])
    frame.loc[[3, 7], "id"] = ["", " blank"]
    frame.loc[[3, 7], "unit"] = "person"
    expected = tip.check(frame, "repatriations")
    assert {"row 3", "row 7"} <= {finding.row for finding in expected}
    report = tip.check(hold(duckdb, as_text(frame)), "repatriations")
    assert set(report) == set(expected)


def test_a_circle_of_many_rows_is_found(duckdb: Any) -> None:
    """And a breakdown within a breakdown, of which one sum is wrong."""
    frame = pd.DataFrame(DATA.rows["organizations"])
    frame.loc[range(5), "parent"] = frame["id"].iloc[[1, 2, 3, 4, 0]].tolist()
    expected = tip.check(frame, "organizations")
    assert {"self-link"} == {finding.rule for finding in expected}
    assert set(tip.check(hold(duckdb, as_text(frame)), "organizations")) == set(expected)
