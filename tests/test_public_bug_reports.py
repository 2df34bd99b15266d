"""What went wrong elsewhere, as public reports tell it, does not go wrong here.

Each test names the report and its symptom. Reports that a test of a part covers are not repeated.
"""

from __future__ import annotations

import concurrent.futures
import copy
import datetime
import json
import multiprocessing
import os
import pickle
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pandera.errors
import pytest

import cambodia_tip as tip
from cambodia_tip import errors
from cambodia_tip.package.content_hash import content_hash
from cambodia_tip.parsing.passages import fold
from cambodia_tip.reading.choosing import rows_where
from cambodia_tip.sources.documents import find_words

ROOT = Path(__file__).parents[1]
DECOMPOSED = unicodedata.normalize("NFD", "Côté")
CLASSES = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, Exception)]
FAR_APART = ("Pacific/Pago_Pago", "Pacific/Kiritimati")
"""Where it is never the same day."""


def rules(package: Any) -> list[str]:
    return [finding.rule for finding in tip.validate(package.path)]


# --- files and databases


@pytest.mark.parametrize(("format", "ending"), [("sqlite", "-wal"), ("duckdb", ".wal")])
def test_a_new_database_is_not_put_beside_the_log_of_an_old_one(
    format: Any, ending: str, tmp_path: Path
) -> None:
    """DeusData/codebase-memory-mcp#897: the log of the database before was read into the new one,
    which then had the old rows."""
    target = tmp_path / "new.db"
    write_with_a_log(format, tmp_path / "open.db", target, ending)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    for place in (target, link_to(target)):
        with pytest.raises(tip.ExportError, match=rf"new\.db{ending}' has changes of another") as e:
            tip.export(format, place, tables=["units"], force=True)
        assert "\n" not in str(e.value)
    assert {file: file.read_bytes() for file in before} == before
    Path(f"{target}{ending}").unlink()
    tip.export(format, target, tables=["units"], force=True)
    connect = sqlite3.connect if format == "sqlite" else duckdb.connect
    with connect(target) as connection:
        rows = connection.execute("SELECT unit FROM units").fetchall()
    connection.close()
    assert [unit for (unit,) in rows] == list(tip.load("units")["unit"])


def write_with_a_log(format: str, source: Path, target: Path, ending: str) -> None:
    """Put there a database as a program leaves it that is killed."""
    connection: Any
    if format == "sqlite":
        connection = sqlite3.connect(source)
        connection.execute("PRAGMA journal_mode = WAL")
    else:
        connection = duckdb.connect(str(source))
        connection.execute("CHECKPOINT")
    connection.execute("CREATE TABLE old (a INTEGER)")
    connection.execute("INSERT INTO old VALUES (1)")
    connection.commit()
    shutil.copy(source, target)
    shutil.copy(f"{source}{ending}", f"{target}{ending}")
    connection.close()


def link_to(target: Path) -> Path:
    link = target.with_name("link.db")
    link.symlink_to(target)
    return link


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
def test_a_locked_database_is_replaced_whole_by_several_at_once(tmp_path: Path) -> None:
    """simonw/datasette#1744, uktrade/tamato#431: an export into a file that was locked, or was
    written twice at once, was half written."""
    target = tmp_path / "new.sqlite"
    tip.export("sqlite", target, tables=["units"])
    holder = sqlite3.connect(target, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        calls = [
            pool.submit(tip.export, "sqlite", target, tables=["areas"], force=True)
            for _ in range(3)
        ]
        assert [call.result() for call in calls] == [target] * 3
    holder.close()
    connection = sqlite3.connect(target)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    number = connection.execute("SELECT count(*) FROM areas").fetchone()[0]
    connection.close()
    assert number == len(tip.load("areas"))
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("sign", [*"?#%&;'[ ក", "%41"])
@pytest.mark.parametrize("format", ["duckdb", "parquet", "sqlite", "xlsx"])
def test_a_path_is_no_address(format: Any, sign: str, tmp_path: Path) -> None:
    """semantic-reasoning/verinote#188, transact-rs/sqlx#2460, duckdb/duckdb#13472: what follows a
    question mark or a number sign in a path was cut off, or a file came to be elsewhere."""
    folder = tmp_path / f"a{sign}b"
    folder.mkdir()
    if (format, sign) == ("duckdb", "?"):
        with pytest.raises(tip.ExportError, match=r"with a question mark in its path$"):
            tip.export(format, folder / f"new{sign}", tables=["units"])
        assert not list(folder.iterdir())
    else:
        path = tip.export(format, folder / f"new{sign}", tables=["units"])
        assert list(folder.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_package_may_lie_anywhere(small_copy, tmp_path) -> None:
    """duckdb/duckdb#6573, codebox/bitmeteros#2: a folder of another alphabet was not found."""
    place = tmp_path / "a b#%41 [ក] é"
    shutil.move(small_copy.path, place)
    package = tip.open_package(place)
    assert package.load("units").equals(tip.load("units"))
    assert content_hash(place, package.descriptor) == package.descriptor["contentHash"]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository")
def test_git_changes_no_line_ending() -> None:
    """pywr/pywr#536: on Windows the hash of a file differed after a checkout."""
    files = [r.path for r in tip.open_package().resources.values()]
    command = ["git", "check-attr", "eol", "--", *map(str, files)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.rpartition(": ")[2] for line in told.splitlines()} == {"lf"}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository")
def test_windows_has_a_file_of_each_name() -> None:
    """andrewgioia/keyrune#158, h3abionet/h3agwas#30: a name that Windows keeps for a device could
    not be checked out."""
    command = ["git", "ls-files", "-z"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ids = [*tip.load("ids")["id"], *tip.load("sources")["source_id"], *tip.load("areas")["area"]]
    for names in (told.strip("\0").split("\0"), ids):
        assert len({name.casefold() for name in names}) == len(names)
        for part in (part for name in names for part in name.split("/")):
            assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", part.casefold()), part
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), part


# --- times, places, settings


def test_neither_time_nor_place_is_in_an_export(tmp_path: Path) -> None:
    """catalyst-cooperative/pudl-archiver#251, andmarti1424/sc-im#722: the hash of an archive
    differed with the time of its making; dates moved by a day where the clock is another."""
    held, days = [], []
    for number, zone in enumerate(FAR_APART):
        folder = tmp_path / str(number)
        folder.mkdir()
        code = "import sys, cambodia_tip as tip\ntip.export('csv', sys.argv[1] + '/csv')\n"
        for name in ("duckdb", "parquet", "sqlite", "xlsx"):
            code += f"tip.export({name!r}, sys.argv[1] + '/{name}', tables=['repatriations'])\n"
        changed = {"TZ": zone, "PYTHONHASHSEED": str(number)}
        subprocess.run(
            [sys.executable, "-c", code, folder], env={**os.environ, **changed}, check=True
        )
        database = folder / "duckdb"
        with duckdb.connect(database, read_only=True) as connection:
            query = "SELECT id, period_start FROM repatriations ORDER BY id"
            days.append(connection.execute(query).fetchall())
        database.unlink()  # the file has numbers of its own in it
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        held.append({f.relative_to(folder): f.read_bytes() for f in files})
    assert held[0] == held[1]
    assert days[0] == days[1]
    frame = tip.load("repatriations", warn=False).sort_values("id")
    starts = [None if pd.isna(day) else day.date() for day in frame["period_start"]]
    assert [day for _, day in days[0]] == starts
    assert any(isinstance(day, datetime.date) for day in starts)


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_comes_back_from_another_process(error: type[Exception]) -> None:
    """PyFilesystem/pyfilesystem2#183, hgrecco/pint#916: an error that could not be pickled hung the
    pool, or hid what had gone wrong."""
    told = pickle.loads(pickle.dumps(error("what is wrong")))
    assert (type(told), str(told)) == (error, "what is wrong")


def test_a_package_can_be_sent_to_another_process(small_copy) -> None:
    """Graviti-AI/tensorbay-python-sdk#545: a data set with a lock could not be pickled."""
    small_copy.edit("units", "persons", {"label": "People"})
    package = tip.open_package(small_copy.path)
    expected = package.load("units")
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert pool.submit(package.load, "units").result(60).equals(expected)
        with pytest.raises(tip.UnknownNameError, match="did you mean 'units'"):
            pool.submit(package.load, "unit").result(60)
    for twin in (copy.copy(package), copy.deepcopy(package), pickle.loads(pickle.dumps(package))):
        same = tip.DataPackage, package.path, tip.__version__
        assert (type(twin), twin.path, twin.version) == same
        assert twin.load("units").equals(expected)
        assert len(twin.search("people")) == len(package.search("people")) > 0


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")
def test_a_forked_process_reads_on() -> None:
    """duckdb/duckdb-python#292, pola-rs/polars#3144: what the parent had opened did not work, or
    hung, in a forked child."""
    code = """
import multiprocessing, cambodia_tip as tip
def read():
    return len(tip.search("Vietnam")), len(tip.load("units")), len(tip.load("areas"))
if __name__ == "__main__":
    here = len(tip.search("Vietnam")), len(tip.load("units"))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for there in [pool.apply_async(read) for _ in range(4)]:
            assert there.get(60)[:2] == here, there
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120, text=True)
    assert done.returncode == 0, done.stderr


def test_what_is_done_to_an_answer_does_not_change_the_next() -> None:
    """sktime/sktime#6451, truenas/middleware#11567: a cached answer was changed by its caller, and
    everybody after got it so."""
    package = tip.open_package()
    before = json.dumps(package.descriptor), tip.cite(), tip.schema("units").columns.keys()
    package.descriptor["version"] = "9.9.9"
    package.descriptor["resources"].clear()
    package.resources.clear()
    tip.schema("units").columns.clear()
    again = tip.open_package()
    assert (json.dumps(again.descriptor), tip.cite(), tip.schema("units").columns.keys()) == before
    row = tip.load("statutes")["id"].iloc[0]
    calls = [tip.tables, lambda: tip.dictionary("units"), lambda: tip.evidence(row)]
    calls += [lambda: tip.search("Vietnam"), lambda: tip.observations(warn=False)]
    for call in calls:
        given = call()
        kept = given.copy(deep=True)
        given.iloc[:, 0] = "changed"
        given.attrs.clear()
        pd.testing.assert_frame_equal(call(), kept)
        assert call().attrs == kept.attrs


# --- texts and numbers


@pytest.mark.parametrize(
    "text", [DECOMPOSED, "New\u00a0Zealand", "a\u200bb", "a\ufeff", "a\u2009b"]
)
def test_what_looks_alike_is_one_text(text: str, small_copy) -> None:
    """phoible/dev#382, vshulcz/deja-vu#1098, rfordatascience/tidytuesday#1077: names with composed
    and decomposed accents, or with odd blanks, looked alike and did not match."""
    small_copy.edit("units", "persons", {"label": text})
    assert rules(small_copy) == ["whitespace"]
    frame = tip.load("units")
    frame["label"] = frame["label"].mask(frame["unit"] == "persons", text)
    assert [finding.rule for finding in tip.check(frame, "units")] == ["whitespace"]


def test_accents_are_found_however_they_are_typed(small_copy) -> None:
    """openfoodfacts/openfoodfacts-server#8225, sillsdev/web-languageforge#1244: a word typed on one
    system was not found when typed on another."""
    small_copy.edit("areas", "THA", {"label": "Côté"})
    package = tip.open_package(small_copy.path)
    labeled = package.load("areas", labels=True)
    for typed in ("Côté", DECOMPOSED, DECOMPOSED.upper()):
        assert list(labeled["area"][rows_where(labeled, "areas", [f"label={typed}"])]) == ["THA"]
        assert "THA" in set(package.search(typed)["id"])
    assert fold(f"in {DECOMPOSED}") == fold("in Côté")
    assert find_words(fold(f"in {DECOMPOSED} \u2013  “x”"), fold('Côté - "x"')) == 3


ODD_NUMBERS = [
    "1_000",
    "\uff11\uff12",
    "\u0663",
    "0x10",
    "1e3",
    "+5",
    "5.",
    "05",
    " 5",
    "1,000",
    "∞",
    "9" * 19,
]


def test_what_only_some_programs_take_for_a_number_is_none(small_copy) -> None:
    """estuary/flow#1364: a number with an underscore was valid where it was checked, and not where
    it was read."""
    rows = small_copy.rows("enforcement_stats")
    for row, text in zip(rows, ODD_NUMBERS, strict=False):
        row["value"] = text
    small_copy.write_rows("enforcement_stats", rows)
    found = [f for f in tip.validate(small_copy.path) if f.rule in ("type", "whitespace")]
    assert {f.row for f in found} == {row["id"] for row in rows[: len(ODD_NUMBERS)]}
    with pytest.raises(tip.DataPackageError, match="'value': a cell is no integer"):
        tip.open_package(small_copy.path).load("enforcement_stats")
    schema = tip.schema("enforcement_stats", coerce=True)
    for number in range(len(ODD_NUMBERS)):
        frame = pd.DataFrame(rows[number : number + 1]).replace({"": None})
        with pytest.raises(
            (pandera.errors.SchemaError, pandera.errors.SchemaErrors), match="value"
        ):
            schema.validate(frame)


def test_a_share_is_what_the_quote_prints(package_copy) -> None:
    """catalyst-cooperative/pudl#130, openml/OpenML#657: some shares were percent, others
    fractions."""
    rows = package_copy.rows("estimates")
    row = next(row for row in rows if row["unit"] == "percent" and row["value"])
    package_copy.edit("estimates", row["id"], {"value": str(float(row["value"]) / 100)})
    assert "printed" in rules(package_copy)


def test_text_like_an_escape_stays_text_in_excel(small_copy, tmp_path) -> None:
    """exceljs/exceljs#584, office-kit/xlsx#184: a text such as _x0041_ came back as a letter."""
    text = "_x0041_x0042_ SKU_x000D_"
    small_copy.edit("units", "persons", {"label": text})
    package = tip.open_package(small_copy.path)
    path = package.export("xlsx", tmp_path / "new.xlsx", tables=["units"])
    sheet = openpyxl.load_workbook(path)["units"]
    assert text in {row[1].value for row in sheet.iter_rows()}


# --- tables


def add_table(package: Any, name: str, column: str | None = None) -> None:
    """Add a table like ``units``, and if it is named one more column."""
    descriptor = package.descriptor()
    entry = next(e for e in descriptor["resources"] if e["name"] == "units")
    file = {"path": f"data/{name}.csv", "schema": f"schemas/{name}.json"}
    descriptor["resources"].append({**entry, **file, "name": name})
    package.write_descriptor(descriptor)
    schema = json.loads((package.path / "schemas" / "units.json").read_text(encoding="utf-8"))
    schema["fields"] += [{**schema["fields"][1], "name": column}] if column else []
    (package.path / "schemas" / f"{name}.json").write_text(json.dumps(schema), encoding="utf-8")
    more = {column: "x"} if column else {}
    package.write_rows(name, [{**row, **more} for row in package.rows("units")])


@pytest.mark.parametrize("column", ["Label", "LABEL"])
def test_columns_differ_in_more_than_capitals(column: str, small_copy) -> None:
    """nao1215/filesql#258, mountainMath/cansim#104: SQLite has no two columns that differ only in
    capitals, and said so when it was too late."""
    add_table(small_copy, "things", column)
    with pytest.raises(tip.DataPackageError, match=rf"field 4 \({column}\): 'name' must be text"):
        tip.open_package(small_copy.path)
    assert rules(small_copy) == ["descriptor"]


def test_a_name_too_long_for_a_sheet_is_one_line(small_copy, tmp_path) -> None:
    """nao1215/filesql#206, dbgate/dbgate#1441: a table with a name of more than 31 signs ended in
    an error of another library, or in half a workbook."""
    name = "a-table-with-a-name-of-more-than-31-signs"
    add_table(small_copy, name)
    package = tip.open_package(small_copy.path)
    (tmp_path / "new").mkdir()
    with pytest.raises(tip.ExportError, match=rf"{name}[^\n]*31") as caught:
        package.export("xlsx", tmp_path / "new" / "new.xlsx", tables=[name])
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "new").iterdir())
    assert package.export("sqlite", tmp_path / "new" / "new.sqlite", tables=[name]).is_file()


def test_labels_add_no_rows(any_table: str) -> None:
    """cmsetzer/autocensus#14: rows were multiplied by a join with the names of areas."""
    plain = tip.load(any_table, warn=False)
    labeled = tip.load(any_table, labels=True, warn=False)
    assert labeled[list(plain)].equals(plain)


def test_categories_stay_when_tables_are_put_together() -> None:
    """pandas-dev/pandas#24093, #10409: categories became plain text in a merge or a concat."""
    one, two = (tip.load(t, warn=False) for t in ("repatriations", "enforcement_stats"))
    shared = [c for c in one if c in two and isinstance(one[c].dtype, pd.CategoricalDtype)]
    assert shared
    whole = pd.concat([one[shared], two[shared]])
    merged = one[["id", *shared]].merge(two[shared].drop_duplicates(), on=shared, how="left")
    for column in shared:
        assert whole[column].dtype == merged[column].dtype == one[column].dtype
        assert set(whole[column].dropna()) == {*one[column].dropna(), *two[column].dropna()}


def test_every_fault_of_a_frame_is_told_with_its_row() -> None:
    """unionai-oss/pandera#1993, #882, #533: the first fault hid the others, or had no row."""
    frame = tip.load("units").astype(object)
    frame.loc[1, "label"], frame.loc[3, "unit"] = None, "No Code"
    assert faults_of(frame) == {("label", 1), ("unit", 3)}
    frame.loc[2, "kind"] = "fish"  # what cannot be read comes before all else
    assert faults_of(frame) == {("kind", 2)}


def faults_of(frame: pd.DataFrame) -> set[tuple[str, int]]:
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        tip.schema("units", coerce=True).validate(frame, lazy=True)
    cases = caught.value.failure_cases
    return set(zip(cases["column"], cases["index"], strict=True))
