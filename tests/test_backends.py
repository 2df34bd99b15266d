"""The schemas of every backend: they accept the data, and find a broken row of every kind."""

from __future__ import annotations

import datetime
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pandera.errors
import pytest

import cambodia_tip as tip
from cambodia_tip.errors import UnknownNameError
from cambodia_tip.package.model import Field, Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.schemas.building import BACKENDS, schema_of

pytestmark = [  # Ibis uses what DuckDB and pandas have deprecated
    pytest.mark.filterwarnings("ignore:fetch_arrow_table"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]

Cells = dict[str, list[Any]]

RULES = {
    "required": "not_nullable",
    "enum": "isin(",
    "pattern": "str_matches(",
    "minimum": "greater_than_or_equal_to(",
    "maximum": "less_than_or_equal_to(",
}
"""Constraints of a single cell, with the beginning of what pandera calls them."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(request.param)
    return request.param


@cache
def connection() -> Any:
    import ibis

    return ibis.duckdb.connect()


DTYPES = {
    "pandas": {"text": "object", "fraction": "float64", "time": "datetime64[s]"},
    "polars": {"text": "String", "fraction": "Float64", "time": "Datetime"},
    "ibis": {"text": "string", "fraction": "float64", "time": "timestamp"},
}
"""How each library calls the dtypes that a test gives to a column in place of the right one."""


def frame_of(schema: Any, cells: Cells, **others: str) -> Any:
    """A frame of the library of a schema, with its dtypes where no others are named."""
    backend = type(schema).__module__.rpartition("_")[2]
    columns = {name: schema.columns[name] for name in cells if name in schema.columns}
    dtypes: dict[str, Any] = {name: column.dtype.type for name, column in columns.items()}
    others = {name: DTYPES[backend][dtype] for name, dtype in others.items()}
    if backend == "pandas":
        # a column of text takes the name of its dtype, which differs between versions of pandas
        dtypes = {n: "str" if str(d) in ("str", "string", "<U0") else d for n, d in dtypes.items()}
        dtypes |= others
        return pd.DataFrame({n: pd.Series(cells[n], dtype=dtypes.get(n)) for n in cells})
    if backend == "polars":
        import polars as pl

        dtypes |= {name: getattr(pl, dtype) for name, dtype in others.items()}
        return pl.DataFrame([pl.Series(n, cells[n], dtype=dtypes.get(n)) for n in cells])
    import ibis
    import pyarrow

    dtypes |= others
    arrays = {
        n: pyarrow.array(cells[n], ibis.dtype(dtypes.get(n, "string")).to_pyarrow()) for n in cells
    }
    name = ibis.util.gen_name("table")
    return connection().create_table(name, ibis.memtable(pyarrow.table(arrays)))


def cells_of(frame: Any) -> Cells:
    """The cells of a frame of any library, missing ones as None and days as dates."""
    if hasattr(frame, "execute"):
        frame = frame.execute()
    if not isinstance(frame, pd.DataFrame):
        return frame.to_dict(as_series=False)

    def plain(cell: Any) -> Any:
        if pd.isna(cell):
            return None
        return cell.date() if isinstance(cell, datetime.datetime) else cell

    return {name: [plain(cell) for cell in frame[name].astype(object)] for name in frame.columns}


def texts_of(cells: Cells) -> Cells:
    """The cells as they stand in a CSV file."""

    def text(cell: Any) -> str | None:
        if isinstance(cell, bool):
            return str(cell).lower()
        return None if cell is None else str(cell)

    return {name: [text(cell) for cell in column] for name, column in cells.items()}


def faults(schema: Any, frame: Any) -> set[tuple[str, str]]:
    """What a schema finds in a frame: columns and the names of the checks."""
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(frame, lazy=True)
    errors = caught.value.schema_errors
    return {(error.schema.name, getattr(error.check, "error", error.check)) for error in errors}


def rules_of(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The columns of these faults, with the constraint of a single cell that each breaks."""
    return {
        (column, rule)
        for column, check in found
        for rule, name in RULES.items()
        if check.startswith(name)
    }


def breaks(field: Field, good: Any) -> Iterator[tuple[str, Any]]:
    """For each constraint of a field, a cell that breaks that constraint and no other."""
    constraints = field.constraints
    if field.required:
        yield "required", None
    if "enum" in constraints:
        yield "enum", "no such code"
    if "pattern" in constraints:
        yield "pattern", f"{good or field.example}\n"
    step = datetime.timedelta(days=1) if field.type == "date" else 1
    for rule, sign in (("minimum", -1), ("maximum", 1)):
        if rule in constraints:
            limit = constraints[rule]
            if field.type == "date":
                limit = datetime.date.fromisoformat(limit)
            yield rule, limit + sign * step


def kinds(resource: Resource) -> set[tuple[str, str]]:
    return {(f.type, rule) for f in resource.fields for rule in RULES if rule in f.constraints}


def tables_with_every_kind() -> list[str]:
    """A few tables in which each constraint is there for each type that has it."""
    resources = open_package().resources.values()
    missing = set().union(*map(kinds, resources))
    chosen = []
    while missing:
        best = max(resources, key=lambda resource: len(kinds(resource) & missing))
        chosen.append(best.name)
        missing -= kinds(best)
    return chosen


FEW = tables_with_every_kind()
on_tables = pytest.mark.parametrize(
    ("backend", "table"),
    [
        pytest.param(backend, table, marks=marks)
        for backend in BACKENDS
        for table in open_package().resources
        # of the libraries that pandas is not, the other tables are tried before a release
        for marks in [[] if backend == "pandas" or table in FEW else pytest.mark.exhaustive]
    ],
)


@on_tables
def test_a_table_is_accepted(backend: str, table: str) -> None:
    schema = tip.schema(table, backend=backend)
    cells = cells_of(tip.load(table))
    assert cells_of(schema.validate(frame_of(schema, cells))) == cells


@on_tables
def test_text_is_read(backend: str, table: str) -> None:
    pytest.importorskip(backend)
    schema = tip.schema(table, coerce=True, backend=backend)
    cells = cells_of(tip.load(table))
    texts = texts_of(cells)
    checked = schema.validate(frame_of(schema, texts, **dict.fromkeys(texts, "text")))
    assert cells_of(checked) == cells
    tip.schema(table, backend=backend).validate(checked)


@on_tables
def test_every_constraint_is_checked(backend: str, table: str) -> None:
    pytest.importorskip(backend)
    schema = tip.schema(table, backend=backend)
    first = {name: column[0] for name, column in cells_of(tip.load(table)).items()}
    rows, expected, as_text = [first, first], set(), {}
    for field in open_package().resource(table).fields:
        for rule, cell in breaks(field, first[field.name]):
            rows.append({**first, field.name: cell})
            expected.add((field.name, rule))
        if field.categories:
            as_text[field.name] = "text"
    cells = {name: [row[name] for row in rows] for name in first}
    found = faults(schema, frame_of(schema, cells, **as_text))
    assert rules_of(found) == expected
    assert "multiple_fields_uniqueness" in {check for _, check in found}


def field(name: str, type: str, codes: str = "", **constraints: Any) -> Field:
    if codes:
        constraints["enum"] = codes.split()
    template = next(iter(open_package().resources.values())).fields[0]
    categories = dict.fromkeys(codes.split(), "A label")
    return replace(template, name=name, type=type, constraints=constraints, categories=categories)


THINGS = replace(
    next(iter(open_package().resources.values())),
    name="things",
    fields=(
        field("place", "string", required=True, pattern="[a-z]+|[0-9]{2}"),
        field("day", "date", minimum="2000-01-02", maximum="2000-12-30"),
        field("code", "string", "old new"),
        field("number", "integer", minimum=0, maximum=9),
        field("share", "number", minimum=0, maximum=1),
        field("fits", "boolean"),
        field("nickname", "string", unique=True),
    ),
    primary_key=("place", "day"),
    foreign_keys=(),
    label_field=None,
)
"""A table with a field of each type, a key of two and a unique column with empty cells."""

DAYS = [datetime.date(2000, 1, 2), datetime.date(2000, 12, 30)]
GOOD: Cells = {
    "place": ["here", "here", "42"],
    "day": [DAYS[0], DAYS[1], DAYS[0]],
    "code": ["new", "old", None],
    "number": [0, 9, None],
    "share": [0.0, 1.0, None],
    "fits": [True, False, None],
    "nickname": ["x", None, None],
}


def things(backend: str, *, coerce: bool = False) -> Any:
    return schema_of(THINGS, coerce=coerce, backend=backend)


def with_cell(column: str, cell: Any) -> Cells:
    return {**GOOD, column: [cell, *GOOD[column][1:]]}


def test_good_rows_are_accepted(backend: str) -> None:
    schema = things(backend)
    assert cells_of(schema.validate(frame_of(schema, GOOD))) == GOOD


def test_no_rows_are_accepted_if_their_dtypes_are_right(backend: str) -> None:
    schema = things(backend)
    none: Cells = {name: [] for name in GOOD}
    schema.validate(frame_of(schema, none))
    assert faults(schema, frame_of(schema, none, number="text"))


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("place", "Here", "pattern"),
        ("place", "here42", "pattern"),
        ("place", "42\n", "pattern"),
        ("place", None, "required"),
        ("day", None, "required"),
        ("day", datetime.date(2000, 1, 1), "minimum"),
        ("day", datetime.date(2000, 12, 31), "maximum"),
        ("number", -1, "minimum"),
        ("number", 10, "maximum"),
        ("share", -0.5, "minimum"),
        ("share", 1.5, "maximum"),
    ],
)
def test_a_broken_cell_is_found(backend: str, column: str, cell: Any, rule: str) -> None:
    schema = things(backend)
    frame = frame_of(schema, with_cell(column, cell))
    found = faults(schema, frame)
    assert len(found) == 1
    assert rules_of(found) == {(column, rule)}
    with pytest.raises(pandera.errors.SchemaError, match=column):
        schema.validate(frame)


def test_an_unknown_code_is_found(backend: str) -> None:
    schema = things(backend)
    frame = frame_of(schema, with_cell("code", "odd"), code="text")
    assert ("code", "enum") in rules_of(faults(schema, frame))


def test_a_double_key_is_found(backend: str) -> None:
    schema = things(backend)
    found = faults(schema, frame_of(schema, {**GOOD, "place": ["here"] * 3}))
    assert {check for _, check in found} == {"multiple_fields_uniqueness"}


def test_a_double_in_a_unique_column_is_found(backend: str) -> None:
    schema = things(backend)
    found = faults(schema, frame_of(schema, {**GOOD, "nickname": ["x", None, "x"]}))
    assert found == {("nickname", "unique")}


@pytest.mark.parametrize(
    ("cells", "check"),
    [
        ({n: c for n, c in GOOD.items() if n != "share"}, "column_in_dataframe"),
        ({n: c for n, c in GOOD.items() if n != "day"}, "column_in_dataframe"),
        ({**GOOD, "more": ["1", "2", "3"]}, "column_in_schema"),
        (dict(reversed(GOOD.items())), "column_ordered"),
    ],
    ids=["missing", "part of key missing", "extra", "moved"],
)
def test_wrong_columns_are_found(backend: str, cells: Cells, check: str) -> None:
    schema = things(backend)
    frame = frame_of(schema, cells)
    assert {check for _, check in faults(schema, frame)} == {check}
    with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
        schema.validate(frame)


@pytest.mark.parametrize("column", GOOD)
def test_a_wrong_dtype_is_found(backend: str, column: str) -> None:
    schema = things(backend)
    cells, dtype = ([1.5, 2.5, 3.5], "fraction") if column != "share" else (["0", "1", "0"], "text")
    found = faults(schema, frame_of(schema, {**GOOD, column: cells}, **{column: dtype}))
    assert any(name == column and check.startswith("dtype(") for name, check in found)


def test_a_schema_is_the_same_after_a_broken_frame(backend: str) -> None:
    schema = things(backend)
    faults(schema, frame_of(schema, {n: c for n, c in GOOD.items() if n != "day"}))
    assert faults(schema, frame_of(schema, {**GOOD, "place": ["here"] * 3}))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("number", "3.0"),
        ("number", "1e0"),
        ("number", " 5"),
        ("number", "+5"),
        ("number", "05"),
        ("number", "five"),
        ("share", "1e-1"),
        ("share", "nan"),
        ("share", ".5"),
        ("fits", "tRUE"),
        ("fits", "yes"),
        ("day", "2000-02-30"),
        ("day", "2000-2-3"),
        ("day", "2000-02-03 00:00:00"),
        ("code", "odd"),
    ],
)
def test_text_of_another_form_is_not_read(backend: str, column: str, text: str) -> None:
    schema = things(backend, coerce=True)
    texts = texts_of(GOOD)
    texts[column][0] = text
    frame = frame_of(schema, texts, **dict.fromkeys(texts, "text"))
    assert {name for name, _ in faults(schema, frame)} == {column}


@pytest.mark.parametrize(("true", "false"), [("True", "False"), ("TRUE", "FALSE"), ("1", "0")])
def test_booleans_are_read_as_the_standard_spells_them(backend: str, true: str, false: str) -> None:
    schema = things(backend, coerce=True)
    texts = {**texts_of(GOOD), "fits": [true, false, None]}
    frame = frame_of(schema, texts, **dict.fromkeys(texts, "text"))
    assert cells_of(schema.validate(frame)) == GOOD


def test_an_empty_text_is_no_text(backend: str) -> None:
    """A database or a spreadsheet gives them; `load` and the tables never do."""
    found = faults(things(backend), frame_of(things(backend), with_cell("nickname", "")))
    assert {(name, check.partition("(")[0]) for name, check in found} == {
        ("nickname", "str_matches")
    }


def test_an_empty_text_is_read_as_missing(backend: str) -> None:
    schema = things(backend, coerce=True)
    texts = {name: ["" if c is None else c for c in column] for name, column in GOOD.items()}
    texts = texts_of(texts)
    frame = frame_of(schema, texts, **dict.fromkeys(texts, "text"))
    assert cells_of(schema.validate(frame)) == GOOD
    texts["place"][0] = ""
    frame = frame_of(schema, texts, **dict.fromkeys(texts, "text"))
    assert ("place", "not_nullable") in faults(schema, frame)


TIMES = [datetime.datetime(2000, 1, 2), datetime.datetime(2000, 12, 30)]


@pytest.mark.parametrize(
    ("column", "cells", "dtype"),
    [
        ("number", [2.5, 9.0, None], "fraction"),
        ("day", [TIMES[0], TIMES[1].replace(hour=12), TIMES[0]], "time"),
    ],
)
def test_nothing_is_lost_in_a_cast(backend: str, column: str, cells: list[Any], dtype: str) -> None:
    schema = things(backend, coerce=True)
    frame = frame_of(schema, {**GOOD, column: cells}, **{column: dtype})
    assert {name for name, _ in faults(schema, frame)} == {column}


def test_other_dtypes_are_cast_where_nothing_is_lost(backend: str) -> None:
    schema = things(backend, coerce=True)
    cells = {**GOOD, "number": [0.0, 9.0, None], "day": [TIMES[0], TIMES[1], TIMES[0]]}
    frame = frame_of(schema, cells, number="fraction", day="time")
    assert cells_of(schema.validate(frame)) == GOOD


def test_a_lazy_frame_is_checked_and_stays_lazy() -> None:
    pl = pytest.importorskip("polars")
    for coerce in (False, True):
        schema = things("polars", coerce=coerce)
        checked = schema.validate(frame_of(schema, GOOD).lazy())
        assert isinstance(checked, pl.LazyFrame)
        assert cells_of(checked.collect()) == GOOD
        assert faults(schema, frame_of(schema, with_cell("number", -1)).lazy())


def test_a_frame_of_another_library_is_refused(backend: str) -> None:
    with pytest.raises(TypeError, match="expected"):
        things(backend).validate({"place": ["here"]})


def test_a_schema_can_be_sent_to_another_process(backend: str) -> None:
    schema = pickle.loads(pickle.dumps(things(backend, coerce=True)))
    schema.validate(frame_of(schema, GOOD))
    assert faults(schema, frame_of(schema, with_cell("number", -1)))


def test_a_column_of_your_own_can_be_added(backend: str) -> None:
    schema = things(backend, coerce=True)
    column = type(schema.columns["place"])
    more = schema.add_columns({"more": column(str, nullable=True)})
    more.validate(frame_of(more, {**GOOD, "more": ["1", "2", "3"]}, more="text"))


def test_pandas_loads_no_other_library() -> None:
    code = (
        "import sys, cambodia_tip as tip\n"
        "tip.schema('units', coerce=True).validate(tip.load('units'))\n"
        "print(*{'polars', 'ibis'} & sys.modules.keys())"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not result.stdout.strip()


@pytest.mark.parametrize("name", ["polars", "ibis"])
def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError) as caught:
        tip.schema("units", backend=name)
    assert str(caught.value) == (
        f"the {name} backend needs {name}; install it with: "
        f'python -m pip install "cambodia-tip[{name}]"'
    )


def test_an_unknown_backend_is_named() -> None:
    with pytest.raises(UnknownNameError, match="no backend 'polar'; did you mean 'polars'"):
        tip.schema("units", backend="polar")
