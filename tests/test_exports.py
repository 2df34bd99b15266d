"""Each export, read back by a tool that did not write it, against the CSV files.

DuckDB alone can read its files; it reads them in a connection of its own.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pandas as pd
import polars as pl
import pytest

import cambodia_tip as tip
from cambodia_tip.exports import FORMATS
from cambodia_tip.exports import duckdb as duckdb_format
from cambodia_tip.exports import sqlite as sqlite_format
from cambodia_tip.exports import xlsx as xlsx_format
from cambodia_tip.package.model import Field, Package, Resource
from cambodia_tip.package.opening import open_package

TABULAR = ["csv", "duckdb", "parquet", "sqlite", "xlsx"]
DATABASES = ["duckdb", "sqlite"]
PACKAGE = open_package()
TABLES = list(PACKAGE.resources)
READERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": datetime.date.fromisoformat,
    "string": str,
}


def expected_rows(resource: Resource) -> list[list[Any]]:
    """The rows of the CSV file, each cell of the type that the schema gives it."""
    text = resource.path.read_bytes().decode("utf-8")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == list(resource.field_names)
    return [
        [
            READERS[f.type](cell) if cell else None
            for cell, f in zip(row, resource.fields, strict=True)
        ]
        for row in rows
    ]


def read_csv(path: Path, resource: Resource) -> list[list[Any]]:
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"data/{resource.name}.csv").decode("utf-8")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    return [
        [
            READERS[f.type](cell) if cell else None
            for cell, f in zip(row, resource.fields, strict=True)
        ]
        for row in rows
    ]


def read_sqlite(path: Path, resource: Resource) -> list[list[Any]]:
    rows = list(map(list, query_sqlite(path, f"SELECT * FROM {resource.name}")))
    for place, field in enumerate(resource.fields):
        for row in rows:  # SQLite has neither days nor truth values
            if row[place] is not None and field.type == "date":
                assert isinstance(row[place], str)
                row[place] = datetime.date.fromisoformat(row[place])
            if row[place] is not None and field.type == "boolean":
                row[place] = {0: False, 1: True}[row[place]]
    return rows


def query_sqlite(path: Path, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def query_duckdb(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(statement).fetchall()


QUERY = {"sqlite": query_sqlite, "duckdb": query_duckdb}


def read_duckdb(path: Path, resource: Resource) -> list[list[Any]]:
    key = ", ".join(resource.primary_key)
    return list(map(list, query_duckdb(path, f"FROM {resource.name} ORDER BY {key}")))


def read_parquet(path: Path, resource: Resource) -> list[list[Any]]:
    return list(map(list, pl.read_parquet(path / f"{resource.name}.parquet").rows()))


def read_xlsx(path: Path, resource: Resource) -> list[list[Any]]:
    header, *rows = workbook(path)[resource.name].iter_rows()
    places = {cell.value: place for place, cell in enumerate(header)}
    return [[xlsx_cell(row[places[f.name]], f) for f in resource.fields] for row in rows]


_WORKBOOKS: dict[Path, openpyxl.Workbook] = {}


def workbook(path: Path) -> openpyxl.Workbook:
    if path not in _WORKBOOKS:
        _WORKBOOKS[path] = openpyxl.load_workbook(path)
    return _WORKBOOKS[path]


def xlsx_cell(cell: Any, field: Field) -> Any:
    if cell.value is None:
        return None
    kinds = {"integer": "n", "number": "n", "boolean": "b", "date": "d", "string": "s"}
    assert cell.data_type == kinds[field.type]
    return cell.value.date() if field.type == "date" else cell.value


READ = {
    "csv": read_csv,
    "duckdb": read_duckdb,
    "parquet": read_parquet,
    "sqlite": read_sqlite,
    "xlsx": read_xlsx,
}


@pytest.mark.parametrize("format", TABULAR)
def test_every_cell_is_that_of_the_csv_file(
    format: str, any_table: str, exported: dict[str, Path]
) -> None:
    resource = PACKAGE.resource(any_table)
    found, expected = READ[format](exported[format], resource), expected_rows(resource)
    assert found == expected
    kinds = [[type(cell) for cell in row] for row in found]
    if format != "xlsx":  # Excel has one kind of number
        assert kinds == [[type(cell) for cell in row] for row in expected]


def test_the_path_comes_back(tmp_path: Path) -> None:
    assert tip.export("csv", str(tmp_path / "x.zip")) == tmp_path / "x.zip"


@pytest.mark.parametrize("format", ["csv", "parquet", "sqlite", "xlsx"])
def test_equal_tables_are_equal_bytes(
    format: str, exported: dict[str, Path], tmp_path: Path
) -> None:
    again = tip.export(format, tmp_path / "again")
    assert contents(again) == contents(exported[format])


def contents(path: Path) -> dict[str, bytes]:
    files = path.rglob("*") if path.is_dir() else [path]
    return {file.name if path.is_dir() else "": file.read_bytes() for file in files}


# --- databases


def test_sqlite_links_all_lead_to_a_row(exported: dict[str, Path]) -> None:
    assert query_sqlite(exported["sqlite"], "PRAGMA foreign_key_check") == []
    assert query_sqlite(exported["sqlite"], "PRAGMA integrity_check") == [("ok",)]


def test_sqlite_has_the_keys_of_the_schema(any_table: str, exported: dict[str, Path]) -> None:
    resource = PACKAGE.resource(any_table)
    columns = query_sqlite(exported["sqlite"], f"PRAGMA table_info({any_table})")
    key = [name for _, name, *_, place in sorted(columns, key=lambda c: c[5]) if place]
    assert key == list(resource.primary_key)
    needed = {name for _, name, _, is_needed, *_ in columns if is_needed}
    assert needed == {f.name for f in resource.fields if f.required} | set(key)
    links: dict[int, list[tuple[str, str, str]]] = {}
    for number, _, target, own, reference, *_ in query_sqlite(
        exported["sqlite"], f"PRAGMA foreign_key_list({any_table})"
    ):
        links.setdefault(number, []).append((target, own, reference))
    assert sorted(links.values()) == sorted(
        [
            (key.resource, own, ref)
            for own, ref in zip(key.fields, key.reference_fields, strict=True)
        ]
        for key in resource.foreign_keys
    )


def test_duckdb_has_all_keys_but_those_that_it_says_it_has_not(
    exported: dict[str, Path],
) -> None:
    found = query_duckdb(
        exported["duckdb"],
        "SELECT table_name, constraint_type, constraint_column_names, referenced_table, "
        "referenced_column_names FROM duckdb_constraints()",
    )
    keys = {(t, tuple(own), to, tuple(ref)) for t, kind, own, to, ref in found if "FOREIGN" in kind}
    expected = {
        (resource.name, key.fields, key.resource, key.reference_fields)
        for resource in PACKAGE.resources.values()
        for key in resource.foreign_keys
    }
    assert keys < expected
    missing = {
        (t, ", ".join(own), f"{to} ({', '.join(ref)})") for t, own, to, ref in expected - keys
    }
    within = {
        (t, ", ".join(own), f"{to} ({', '.join(ref)})") for t, own, to, ref in expected if t == to
    }
    assert missing == within | {("sources", "publisher", "organizations (id)")}
    told = query_duckdb(
        exported["duckdb"],
        "SELECT table_name, column_names, value FROM dictionary_rules "
        "WHERE rule = 'foreignKey' AND NOT enforced",
    )
    assert set(told) == missing
    primary = {t: tuple(own) for t, kind, own, *_ in found if kind == "PRIMARY KEY"}
    for resource in PACKAGE.resources.values():
        assert primary[resource.name] == resource.primary_key


UNIT = "INSERT INTO units VALUES ('{unit}', 'Boats', '{kind}', 'Fishing boats.')"
BAD = {
    "primary key": UNIT.format(unit="persons", kind="count"),
    "no key": "INSERT INTO units VALUES (NULL, 'Boats', 'count', 'Fishing boats.')",
    "missing": "INSERT INTO units VALUES ('boats', NULL, 'count', 'Fishing boats.')",
    "empty": "INSERT INTO units VALUES ('boats', '', 'count', 'Fishing boats.')",
    "closed list": UNIT.format(unit="boats", kind="fish"),
    "link": "UPDATE repatriations SET from_area = 'ZZZ'",
    "link of two columns": "UPDATE repatriations SET passage = '999'",
    "link in the same table": "UPDATE repatriations SET part_of = 'nothing' WHERE part_of IS NULL",
    "too small": "UPDATE repatriations SET value = -1",
    "too early": "UPDATE repatriations SET period_start = '1850-01-01'",
    "too late": "UPDATE repatriations SET period_start = '2150-01-01'",
    "no number": "UPDATE repatriations SET value = 'many'",
    "no day": "UPDATE repatriations SET period_start = '2017-02-30'",
    "no truth value": "UPDATE statutes SET covers_internal = 'perhaps'",
}


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("format", DATABASES)
def test_a_database_refuses_what_a_schema_forbids(
    format: str, fault: str, exported: dict[str, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(exported[format].read_bytes())
    statement = BAD[fault]
    good = UNIT.format(unit="boats", kind="count")
    if format == "sqlite":
        connection = sqlite3.connect(copy)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(good)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        connection.close()
    elif fault == "link in the same table":  # as its documentation says
        with duckdb.connect(copy) as connection:
            connection.execute(statement)
    else:
        with duckdb.connect(copy) as connection:
            connection.execute(good)
            with pytest.raises((duckdb.ConstraintException, duckdb.ConversionException)):
                connection.execute(statement)


@pytest.mark.parametrize("format", DATABASES)
def test_patterns_are_told_as_not_enforced(format: str, exported: dict[str, Path]) -> None:
    statement = "SELECT count(*) FROM dictionary_rules WHERE rule = 'pattern' AND NOT enforced"
    number = sum(
        "pattern" in field.constraints for r in PACKAGE.resources.values() for field in r.fields
    )
    assert QUERY[format](exported[format], statement) == [(number,)]


@pytest.mark.parametrize("format", DATABASES)
def test_the_figures_are_those_of_observations_with_their_evidence(
    format: str, exported: dict[str, Path]
) -> None:
    frame = tip.observations()
    assert_figures_are_those_of(frame, format, exported[format])


@pytest.mark.parametrize("format", DATABASES)
def test_the_figures_of_some_tables_are_those_of_observations(format: str, tmp_path: Path) -> None:
    frame = tip.observations()
    path = tip.export(format, tmp_path / "some", tables=["budgets", "repatriations"])
    some = frame[frame["table"].isin(["budgets", "repatriations"])]
    assert_figures_are_those_of(some.dropna(axis="columns", how="all"), format, path)


def assert_figures_are_those_of(frame: pd.DataFrame, format: str, path: Path) -> None:
    shared = [n for n in frame.columns if n != "table"]
    assert {"series", "time_period", "has_caveats", "has_overlap"} < set(shared)
    of_evidence = "title published url url_status heading caveats".split()
    columns = ["table_name", *shared, *of_evidence]
    rows = QUERY[format](path, f"SELECT {', '.join(columns)} FROM observations")
    found = {row[columns.index("id")]: dict(zip(columns, row, strict=True)) for row in rows}
    assert len(rows) == len(found) == len(frame)
    labels = 0
    truths = {"has_caveats", "has_overlap", "is_latest"}
    evidence = tip.evidence(frame)
    for figure, origin in zip(frame.iterrows(), evidence.iterrows(), strict=True):
        row = {name: None if pd.isna(cell) else cell for name, cell in figure[1].items()}
        row |= {n: None if pd.isna(origin[1][n]) else origin[1][n] for n in of_evidence}
        told = found[row["id"]]
        assert told["table_name"] == row["table"]
        for name in [*shared, *of_evidence]:
            value = row[name]
            if name in ("period_start", "period_end") and value is not None:
                assert str(told[name]) == value.date().isoformat()
            else:
                assert told[name] == value, (row["id"], name)
                assert format == "sqlite" or isinstance(told[name], bool) == (name in truths)
                labels += value is not None and name.endswith("_label")
    assert labels > len(frame)


@pytest.mark.parametrize("format", DATABASES)
def test_figures_have_the_meanings_of_closed_codes(format: str, exported: dict[str, Path]) -> None:
    statement = "SELECT DISTINCT obs_status, obs_status_label FROM observations"
    field = PACKAGE.resource("repatriations").field("obs_status")
    found = dict(QUERY[format](exported[format], statement))
    assert len(found) > 2
    assert found == {code: field.categories[code] for code in found}


@pytest.mark.parametrize("format", DATABASES)
def test_the_dictionary_says_what_the_descriptor_says(
    format: str, exported: dict[str, Path]
) -> None:
    def query(statement: str) -> list[tuple[Any, ...]]:
        return QUERY[format](exported[format], statement)

    package = dict(
        query(
            "FROM dictionary_package SELECT *"
            if format == "duckdb"
            else "SELECT * FROM dictionary_package"
        )
    )
    assert package["version"] == tip.__version__
    assert package["contentHash"] == PACKAGE.descriptor["contentHash"]
    assert package["license"].startswith("CC-BY-4.0 (https://")
    tables = query(
        "SELECT table_name, title, description FROM dictionary_tables "
        "WHERE table_name != 'observations'"
    )
    assert sorted(tables) == sorted(
        (r.name, r.title, r.description) for r in PACKAGE.resources.values()
    )
    columns = query(
        "SELECT table_name, position, column_name, type, description FROM dictionary_columns "
        "WHERE table_name != 'observations'"
    )
    assert sorted(columns) == sorted(
        (r.name, place, f.name, f.type, f.description)
        for r in PACKAGE.resources.values()
        for place, f in enumerate(r.fields, 1)
    )
    codes = query("SELECT table_name, column_name, code, label FROM dictionary_codes")
    assert sorted(codes) == sorted(
        (r.name, f.name, code, label)
        for r in PACKAGE.resources.values()
        for f in r.fields
        for code, label in f.categories.items()
    )


KINDS = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}


def test_the_dictionary_says_what_the_columns_of_figures_are(exported: dict[str, Path]) -> None:
    found = query_duckdb(
        exported["duckdb"],
        "SELECT column_name, column_index, data_type, comment FROM duckdb_columns() "
        "WHERE table_name = 'observations' ORDER BY column_index",
    )
    statement = (
        "SELECT column_name, position, type, description FROM dictionary_columns "
        "WHERE table_name = 'observations' ORDER BY position"
    )
    told = query_duckdb(exported["duckdb"], statement)
    typed = [(*row[:2], KINDS.get(row[2], "BOOLEAN"), row[3]) for row in told]
    assert typed == found
    assert {row[0] for row in found} > set(tip.observations()) - {"table"}
    assert query_sqlite(exported["sqlite"], statement) == told
    names = query_sqlite(exported["sqlite"], "SELECT name FROM pragma_table_info('observations')")
    assert [name for (name,) in names] == [row[0] for row in told]


def query(format: str, exported: dict[str, Path], statement: str) -> list[tuple[Any, ...]]:
    return QUERY[format](exported[format], statement)


def test_duckdb_tables_are_in_the_order_of_the_files(
    any_table: str, exported: dict[str, Path]
) -> None:
    found = list(map(list, query_duckdb(exported["duckdb"], f"FROM {any_table}")))
    assert found == expected_rows(PACKAGE.resource(any_table))


def test_duckdb_tables_and_columns_carry_comments(exported: dict[str, Path]) -> None:
    found = query_duckdb(
        exported["duckdb"],
        "SELECT table_name, column_name, comment FROM duckdb_columns() "
        "WHERE comment IS NOT NULL AND table_name IN (SELECT table_name FROM duckdb_tables()) "
        "AND table_name != 'observations'",
    )
    assert sorted(found) == sorted(
        (r.name, f.name, f"{f.title}. {f.description}")
        for r in PACKAGE.resources.values()
        for f in r.fields
    )
    comments = dict(
        query_duckdb(exported["duckdb"], "SELECT table_name, comment FROM duckdb_tables()")
    )
    assert comments["units"].endswith(PACKAGE.resource("units").description)


def write(format: Any, package: Package, target: Path, *tables: str) -> Path:
    resources = [package.resource(name) for name in tables or package.resources]
    format.write(package, resources, target)
    return target


@pytest.mark.parametrize("format", [sqlite_format, duckdb_format], ids=["sqlite", "duckdb"])
def test_a_row_that_breaks_its_schema_is_one_line(
    format: Any, package_copy: Any, tmp_path: Path
) -> None:
    for table, cells in [
        ("repatriations", {"from_area": "ZZZ"}),
        ("repatriations", {"value": "-1"}),
        ("sources", {"publisher": "nobody"})
        if format is sqlite_format
        else ("units", {"kind": ""}),
    ]:
        row = package_copy.rows(table)[0]
        package_copy.edit(table, next(iter(row.values())), cells)
        with pytest.raises(tip.DataPackageError) as error:
            write(format, open_package(package_copy.path), tmp_path / "new")
        assert "\n" not in str(error.value).strip()
        package_copy.edit(table, next(iter(row.values())), {n: row[n] for n in cells})
        (tmp_path / "new").unlink()


CELLS = ["x", "9007199254740993", "0.12345678901234", "true", "1850-01-01", "it's", 'é\t"', "0203"]
ROW = ["x", 2**53 + 1, 0.12345678901234, True, datetime.date(1850, 1, 1), "it's", 'é\t"', "0203"]
AWKWARD = "pivot order qualify show at returning nothing lambda".split()
"""Names of columns that mean something in some SQL."""


def awkward_table(package_copy: Any) -> Package:
    """A package with a table whose names and cells are what databases stumble over."""
    kinds = "string integer number boolean date string string string".split()
    fields: list[dict[str, Any]] = [
        {
            "name": name,
            "type": kind,
            "title": name,
            "description": 'It\'s 100% "so", \\ and :so',
            "example": "x",
        }
        for name, kind in zip(AWKWARD, kinds, strict=True)
    ]
    fields[3] |= {"trueValues": ["true"], "falseValues": ["false"]}
    fields[5]["constraints"] = {"enum": ["it's", "b\\c"]}
    fields[7]["constraints"] = {"unique": True, "pattern": r"\d+|[^'%:]+"}
    descriptor = package_copy.descriptor()
    entry = descriptor["resources"][0]
    descriptor["resources"].append(
        {**entry, "name": "group-by", "path": "data/group-by.csv", "schema": "schemas/group.json"}
    )
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "missingValues": [""],
        "primaryKey": "pivot",
    }
    package_copy.write_descriptor(descriptor)
    (package_copy.path / "schemas" / "group.json").write_text(json.dumps(schema), encoding="utf-8")
    empty = dict.fromkeys(AWKWARD, "")
    full = dict(zip(AWKWARD, CELLS, strict=True))
    package_copy.write_rows("group-by", [full, {**empty, "pivot": "y"}])
    return open_package(package_copy.path)


@pytest.mark.parametrize("format", DATABASES)
def test_names_that_are_words_of_sql_and_awkward_cells_go_in_as_they_are(
    format: str, package_copy: Any, tmp_path: Path
) -> None:
    package = awkward_table(package_copy)
    path = write(
        {"sqlite": sqlite_format, "duckdb": duckdb_format}[format], package, tmp_path / "x"
    )
    quoted = {"name": '"group-by"', "primary_key": ('"pivot"',)}
    table = replace(package.resource("group-by"), **quoted)
    assert READ[format](path, table) == [ROW, ["y", *[None] * 7]]
    told = QUERY[format](
        path, "SELECT DISTINCT description FROM dictionary_columns WHERE table_name = 'group-by'"
    )
    assert told == [('It\'s 100% "so", \\ and :so',)]
    rules = QUERY[format](
        path,
        "SELECT enforced FROM dictionary_rules WHERE table_name = 'group-by' AND rule = 'pattern'",
    )
    assert rules == [(False,)]


def test_a_dot_in_the_name_of_a_table_is_an_error_in_a_database(
    package_copy: Any, tmp_path: Path
) -> None:
    descriptor = package_copy.descriptor()
    next(r for r in descriptor["resources"] if r["name"] == "routes")["name"] = "routes.old"
    package_copy.write_descriptor(descriptor)
    package_copy.seal()
    with pytest.raises(tip.DataPackageError, match=r"cannot be named routes\.old in a database"):
        write(sqlite_format, open_package(package_copy.path), tmp_path / "new")


# --- some of the tables


@pytest.mark.parametrize("format", [name for name in TABULAR if FORMATS[name].is_partial])
def test_a_table_comes_with_those_that_it_refers_to(format: str, tmp_path: Path) -> None:
    path = tip.export(format, tmp_path / f"some.{format}", tables=["repatriations"])
    names = {
        "duckdb": lambda: {
            t for (t,) in query_duckdb(path, "SELECT table_name FROM duckdb_tables()")
        },
        "sqlite": lambda: {
            t for (t,) in query_sqlite(path, "SELECT name FROM sqlite_master WHERE type = 'table'")
        },
        "parquet": lambda: {file.stem for file in path.iterdir()},
        "xlsx": lambda: set(workbook(path).sheetnames),
    }[format]()
    expected = {"repatriations", "indicators", "units", "populations", "areas", "organizations"}
    expected |= {"sources", "passages", "ids", "row_caveats", "caveats"}
    assert names & set(TABLES) == expected
    if format in DATABASES:
        (rows,) = QUERY[format](path, "SELECT count(*), count(caveats) FROM observations")
        with_caveats = tip.evidence(tip.load("repatriations"))["caveats"].notna().sum()
        assert rows == (len(tip.load("repatriations")), with_caveats)
    if format == "sqlite":
        assert query_sqlite(path, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("format", DATABASES)
def test_tables_without_figures_have_no_view_of_figures(format: str, tmp_path: Path) -> None:
    path = tip.export(format, tmp_path / "some", tables=["units"])
    with pytest.raises((sqlite3.OperationalError, duckdb.CatalogException)):
        QUERY[format](path, "SELECT * FROM observations")
    assert len(QUERY[format](path, "SELECT * FROM units")) == len(tip.load("units"))


# --- files


def test_parquet_keeps_types_and_descriptions(any_table: str, exported: dict[str, Path]) -> None:
    resource = PACKAGE.resource(any_table)
    schema = pl.read_parquet_schema(exported["parquet"] / f"{any_table}.parquet")
    kinds = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
    for field in resource.fields:
        kind = schema[field.name]
        if field.categories:
            assert isinstance(kind, (pl.Categorical, pl.Enum)), field.name
        else:
            assert kind == kinds.get(field.type, pl.String), field.name
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT key, value FROM parquet_kv_metadata(?)",
            [str(exported["parquet"] / f"{any_table}.parquet")],
        ).fetchall()
    metadata = {key.decode(): value.decode() for key, value in rows}
    assert metadata["description"] == resource.description
    assert metadata["package"] == "cambodia-tip"
    assert metadata["version"] == tip.__version__
    assert metadata["license"] == "CC-BY-4.0"
    assert metadata["contentHash"] == PACKAGE.descriptor["contentHash"]


def test_parquet_columns_carry_their_descriptions(exported: dict[str, Path]) -> None:
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(exported["parquet"] / "repatriations.parquet")
    for field in PACKAGE.resource("repatriations").fields:
        assert schema.field(field.name).metadata[b"description"].decode() == field.description


def test_the_zip_is_the_data_package_and_nothing_else(exported: dict[str, Path]) -> None:
    root = tip.package_path()
    entries = [(root / r.path).relative_to(root).as_posix() for r in PACKAGE.resources.values()]
    schemas = [entry["schema"] for entry in PACKAGE.descriptor["resources"]]
    with zipfile.ZipFile(exported["csv"]) as archive:
        assert archive.namelist() == sorted(["datapackage.json", *schemas, *entries])
        for name in archive.namelist():
            assert archive.read(name) == (root / name).read_bytes()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.filterwarnings("ignore")  # of what frictionless uses
def test_frictionless_finds_the_zip_valid(small_package, tmp_path: Path) -> None:
    archive = tip.open_package(small_package.path).export("csv", tmp_path / "cambodia-tip.zip")
    assert frictionless.validate(str(archive)).valid


def test_the_workbook_begins_with_what_it_is_and_ends_with_the_codebook(
    exported: dict[str, Path],
) -> None:
    book = workbook(exported["xlsx"])
    assert book.sheetnames == ["Read me", "Figures", *TABLES, "Codebook"]
    cells = [str(cell.value) for row in book["Read me"].iter_rows() for cell in row if cell.value]
    assert tip.__version__ in cells
    assert tip.cite() in cells
    assert any(cell.startswith("CC-BY-4.0") for cell in cells)
    warnings = PACKAGE.descriptor["usageWarnings"]
    assert warnings[0].startswith("Do not add up a column")
    assert set(warnings) <= set(cells)
    assert set(TABLES) <= set(cells)
    assert book.properties.created == datetime.datetime.fromisoformat(
        PACKAGE.descriptor["created"]
    ).replace(tzinfo=None)


def test_the_codebook_has_each_column_and_each_code(exported: dict[str, Path]) -> None:
    rows = list(workbook(exported["xlsx"])["Codebook"].iter_rows(values_only=True))
    described = [(row[0], row[1], row[3], row[6]) for row in rows[1:] if row[6]]
    (figures, *_) = workbook(exported["xlsx"])["Figures"].iter_rows(values_only=True)
    columns = [column for column in described if column[0] != "Figures"]
    assert [column[1] for column in described if column not in columns] == list(figures)
    assert columns == [
        (r.name, f.name, f.type, f.description)
        for r in PACKAGE.resources.values()
        for f in r.fields
    ]
    codes = {(row[0], row[1], row[4], row[5]) for row in rows if str(row[4]).startswith("code: ")}
    assert codes == {
        (r.name, f.name, f"code: {code}", label)
        for r in PACKAGE.resources.values()
        for f in r.fields
        for code, label in f.categories.items()
    }


def test_sheets_have_a_frozen_header_a_filter_and_widths(
    any_table: str, exported: dict[str, Path]
) -> None:
    sheet = workbook(exported["xlsx"])[any_table]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    widths = [dimension.width for dimension in sheet.column_dimensions.values()]
    assert all(8 <= width <= 62 for width in widths)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str) and len(cell.value) > 61:
                assert cell.alignment.wrap_text


def test_sheets_have_labels_beside_codes_linked_rows_and_caveats(
    any_table: str, exported: dict[str, Path]
) -> None:
    header, *rows = workbook(exported["xlsx"])[any_table].iter_rows(values_only=True)
    frame = tip.load(any_table, labels=True)
    assert list(header) == list(frame.columns)
    added = [name for name in header if name not in PACKAGE.resource(any_table).field_names]
    for name in added:
        expected = [None if pd.isna(cell) else cell for cell in frame[name]]
        assert [row[header.index(name)] for row in rows] == expected, name


def test_labels_in_a_sheet_are_those_of_the_codes(exported: dict[str, Path]) -> None:
    header, *rows = workbook(exported["xlsx"])["repatriations"].iter_rows(values_only=True)
    (row,) = [row for row in rows if row[0] == "repatriation-2018-mfaic-2017-malaysia"]
    found = dict(zip(header, row, strict=True))
    assert (found["from_area"], found["from_area_label"]) == ("MYS", "Malaysia")
    assert found["reported_by_label"] == "Ministry of Foreign Affairs and International Cooperation"
    assert header[header.index("from_area") + 1] == "from_area_label"


def test_the_sheet_of_figures_is_the_view_of_the_databases(exported: dict[str, Path]) -> None:
    header, *rows = workbook(exported["xlsx"])["Figures"].iter_rows(values_only=True)
    columns = [
        row[1] for row in query_sqlite(exported["sqlite"], "PRAGMA table_info(observations)")
    ]
    assert list(header) == columns
    days = [columns.index(name) for name in ("period_start", "period_end")]
    found = [
        tuple(
            cell.date().isoformat() if place in days and cell else cell
            for place, cell in enumerate(row)
        )
        for row in rows
    ]
    assert found == query_sqlite(exported["sqlite"], "SELECT * FROM observations")


def test_a_workbook_of_tables_without_figures_has_no_sheet_of_figures(tmp_path: Path) -> None:
    path = tip.export("xlsx", tmp_path / "new.xlsx", tables=["units"])
    assert openpyxl.load_workbook(path).sheetnames == ["Read me", "units", "Codebook"]


def test_text_stays_text_in_excel(package_copy: Any, tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://example.org", "0012", "TRUE"]

    def put(rows: list[dict[str, str]]) -> None:
        for row, text in zip(rows, texts, strict=False):
            row["label"] = text

    package_copy.change("units", put)
    package = open_package(package_copy.path)
    xlsx_format.write(package, [package.resource("units")], path := tmp_path / "new.xlsx")
    sheet = openpyxl.load_workbook(path)["units"]
    for row, text in enumerate(texts, 2):
        cell = sheet.cell(row, 2)
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_text_that_excel_would_cut_is_an_error(package_copy: Any, tmp_path: Path) -> None:
    row = package_copy.rows("units")[0]["unit"]
    package_copy.edit("units", row, {"label": "x" * 40_000})
    with pytest.raises(tip.ExportError, match="too long for a cell"):
        write(xlsx_format, open_package(package_copy.path), tmp_path / "new.xlsx", "units")


def test_a_number_that_excel_would_round_stays_whole_as_text(
    package_copy: Any, tmp_path: Path
) -> None:
    path = write(xlsx_format, awkward_table(package_copy), tmp_path / "new.xlsx", "group-by")
    row = [cell.value for cell in openpyxl.load_workbook(path)["group-by"][2]]
    assert row[:5] == ["x", "9007199254740993", 0.12345678901234, True, "1850-01-01"]


def test_a_table_that_is_too_long_for_a_sheet_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_format, "_MOST_ROWS", len(tip.load("units")))
    with pytest.raises(tip.ExportError, match=r"^units has [0-9]+ rows, more than an Excel sheet"):
        tip.export("xlsx", tmp_path / "new.xlsx", tables=["units"])
    assert not list(tmp_path.iterdir())
