"""What tests share: a copy of the data package to break, and the documents where they are."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cambodia_tip as tip
from cambodia_tip.maintaining.stamping import stamp
from cambodia_tip.package.content_hash import content_hash
from cambodia_tip.package.opening import open_package

if TYPE_CHECKING:
    from lean import Lean


class PackageCopy:
    """A copy of the data package whose hashes follow each change, so that only rules see it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def copy_to(self, place: Path) -> PackageCopy:
        shutil.copytree(self.path, place)
        return PackageCopy(place)

    def file(self, table: str) -> Path:
        return self.path / "data" / f"{table}.csv"

    def write(self, table: str, content: bytes, *, refresh: bool = True) -> None:
        self.file(table).write_bytes(content)
        if refresh:
            self.refresh()

    def refresh(self) -> None:
        descriptor = self.descriptor()
        for entry in descriptor["resources"]:
            content = (self.path / entry["path"]).read_bytes()
            entry["bytes"] = len(content)
            entry["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
        self.write_descriptor(descriptor)
        self.seal()

    def seal(self) -> None:
        """Give the descriptor the hash of what it says now."""
        descriptor = self.descriptor()
        descriptor["contentHash"] = content_hash(self.path, descriptor)
        self.write_descriptor(descriptor)

    def descriptor(self) -> dict:
        return json.loads((self.path / "datapackage.json").read_text(encoding="utf-8"))

    def write_descriptor(self, descriptor: object) -> None:
        (self.path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")

    def edit_schema(self, table: str, edit: Callable[[dict], object]) -> None:
        file = self.path / "schemas" / f"{table}.json"
        schema = json.loads(file.read_text(encoding="utf-8"))
        edit(schema)
        file.write_text(json.dumps(schema), encoding="utf-8")

    def edit_field(self, table: str, column: str, **properties: object) -> None:
        def update(schema: dict) -> None:
            next(f for f in schema["fields"] if f["name"] == column).update(properties)

        self.edit_schema(table, update)

    def rows(self, table: str) -> list[dict[str, str]]:
        text = self.file(table).read_bytes().decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def write_rows(self, table: str, rows: list[dict[str, str]], *, refresh: bool = True) -> None:
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.write(table, buffer.getvalue().encode(), refresh=refresh)

    def edit(self, table: str, row: str, cells: dict[str, str]) -> None:
        """Change cells of the row with this id (or of the first row whose first cell it is)."""
        rows = self.rows(table)
        key = next(iter(rows[0]))
        next(r for r in rows if r[key] == row).update(cells)
        self.write_rows(table, rows)

    def change(self, table: str, change: Callable[[list[dict[str, str]]], None]) -> None:
        rows = self.rows(table)
        change(rows)
        self.write_rows(table, rows)


@pytest.fixture
def package_copy(tmp_path: Path) -> PackageCopy:
    return PackageCopy(tip.package_path()).copy_to(tmp_path / "datapackage")


class Exports(dict[str, Path]):
    """Where the export of each format is; it is made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __missing__(self, format: str) -> Path:
        suffix = {"csv": "zip"}.get(format, format)
        self[format] = tip.export(format, self.folder / f"cambodia-tip.{suffix}")
        return self[format]


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The exports of the whole package, for tests that read them."""
    return Exports(tmp_path_factory.mktemp("exports"))


SMALL = {
    *("enforcement_stats", "training_counts", "unused_numerals", "row_caveats"),
    *("indicator_uses", "code_words"),
}
"""Tables of a small package: with those that they refer to, enough to code a document."""


@pytest.fixture
def small_copy(small_package: PackageCopy, tmp_path: Path) -> PackageCopy:
    return small_package.copy_to(tmp_path / "datapackage")


@pytest.fixture(scope="session")
def small_package(tmp_path_factory: pytest.TempPathFactory) -> PackageCopy:
    """A valid package of fewer tables; copy it before you change it."""
    path = tmp_path_factory.mktemp("small") / "datapackage"
    small, resources = PackageCopy(tip.package_path()).copy_to(path), open_package().resources
    kept = set(SMALL)
    while more := {k.resource for name in kept for k in resources[name].foreign_keys} - kept:
        kept |= more
    descriptor = small.descriptor()
    for name in resources.keys() - kept:
        (path / "data" / f"{name}.csv").unlink()
        (path / "schemas" / f"{name}.json").unlink()
    entries = [entry for entry in descriptor["resources"] if entry["name"] in kept]
    small.write_descriptor({**descriptor, "resources": entries})
    ids = [row for row in small.rows("ids") if row["table"] in kept]
    known = {"", *(row["id"] for row in ids)}
    ids = [row for row in ids if row["replaced_by"] in known]
    small.write_rows("ids", ids, refresh=False)
    known = {"", *(row["id"] for row in ids)}
    for name in kept - {"ids"}:
        rows, links = small.rows(name), resources[name].foreign_keys
        for column in (key.fields[0] for key in links if key.resource == "ids"):
            rows = [row for row in rows if row[column] in known]
        small.write_rows(name, rows, refresh=False)
    stamp(path)
    return small


@pytest.fixture(scope="session")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Lean:
    """A package of few rows for every error; restore it after you change it."""
    from lean import Lean

    return Lean(tmp_path_factory.mktemp("lean") / "datapackage")


@pytest.fixture(scope="session")
def sources() -> dict[str, str]:
    """The texts of the documents by source id; skips where they are not given."""
    folder = os.environ.get("CAMBODIA_TIP_SOURCES")
    if not folder:
        pytest.skip("CAMBODIA_TIP_SOURCES does not name a folder with the documents")
    ids = tip.load("sources").dropna(subset=["bytes"])["source_id"]  # those that are held
    return {name: (Path(folder) / f"{name}.txt").read_bytes().decode() for name in ids}


TABLES = list(open_package().resources)
"""Names of all tables, for tests that run on each."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "any_table" in metafunc.fixturenames:
        metafunc.parametrize("any_table", TABLES)
