"""One version, wherever it shows: whoever cites one place must have cited them all."""

from __future__ import annotations

import importlib.metadata
import json
import re
import sqlite3
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import cambodia_tip as tip
from cambodia_tip.citing.formats import FORMATS as CITATION_FORMATS
from cambodia_tip.exports import FORMATS
from cambodia_tip.package.opening import open_package

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
DESCRIPTOR = open_package().descriptor
PAGES = [
    page
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if not {"_build", "node_modules"} & set(page.parts)
]
PRINTED = {
    "plain": r"Version (\S+)\. Data package cambodia-tip\.",
    "key of BibTeX": r"@\w+\{cambodia-tip-([^,]+),",
    "note of BibTeX": r"Data package cambodia-tip, version ([^}\s]+)\}",
    "CFF": r'^version: "([^"]+)"$',
    "report": r"\bdata ?package (\d\S*), \d+ tables",
}
"""How pages and commands print the version of the data."""


def printed(text: str) -> dict[str, set[str]]:
    """The versions that a text prints, by the form in which it does."""
    found = {form: set(re.findall(pattern, text, re.M)) for form, pattern in PRINTED.items()}
    return {form: versions for form, versions in found.items() if versions}


def latest(changelog: str) -> tuple[str, str]:
    """Version and day of the entry at the top of a changelog."""
    heading = re.search(r"^## (.*)$", changelog, re.M)
    assert heading
    entry = re.fullmatch(r"(\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)", heading[1])
    assert entry, heading[1]
    return entry[1], entry[2]


def test_code_and_data_have_the_version_of_the_project() -> None:
    assert tip.__version__ == DESCRIPTOR["version"] == VERSION


def test_the_installation_has_the_version_of_the_project() -> None:
    """Install anew if it has not: metadata are written when a package is installed."""
    assert importlib.metadata.version("cambodia-tip") == VERSION


def test_the_changelog_begins_with_this_version_and_its_day() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert latest(changelog) == (VERSION, DESCRIPTOR["created"][:10])


def test_versions_of_the_changelog_go_down() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = [
        tuple(map(int, v)) for v in re.findall(r"^## (\d+)\.(\d+)\.(\d+) ", changelog, re.M)
    ]
    assert versions == sorted(set(versions), reverse=True)


def test_the_citation_file_has_this_version_and_its_day_and_hash() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == VERSION
    assert citation["date-released"] == DESCRIPTOR["created"][:10]
    assert [one["value"] for one in citation["identifiers"]] == [DESCRIPTOR["contentHash"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_print_no_other_version_and_no_other_hash(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert all(versions == {VERSION} for versions in printed(text).values()), printed(text)
    hashes = set(re.findall(r"Content hash (sha256:[0-9a-f]{64})", text))
    assert hashes <= {DESCRIPTOR["contentHash"]}


def test_pages_print_it_where_readers_look_for_it() -> None:
    texts = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
    forms = {page: set(printed(text)) for page, text in texts.items()}
    assert forms["README.md"] >= {"plain", "report"}
    assert forms["docs/formats.md"] >= {"plain", "key of BibTeX", "note of BibTeX", "CFF"}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("plain", "Trafficking. Version 0.0.9. Data package cambodia-tip. Content hash"),
        ("key of BibTeX", "@misc{cambodia-tip-0.0.9,"),
        ("note of BibTeX", "  howpublished = {Data package cambodia-tip, version 0.0.9},"),
        ("CFF", 'type: "dataset"\nversion: "0.0.9"\n'),
        ("report", "installed data package 0.0.9, 38 tables, 1 row: nothing wrong"),
        ("report", "datapackage 0.0.9, 38 tables, 1 row: 2 findings"),
    ],
)
def test_an_old_version_on_a_page_is_seen(form: str, text: str) -> None:
    assert printed(text) == {form: {"0.0.9"}}


@pytest.mark.parametrize("heading", ["Unreleased", "0.4", "0.4.0", "v0.4.0 (2026-01-01)"])
def test_a_changelog_whose_top_is_no_release_is_seen(heading: str) -> None:
    with pytest.raises(AssertionError):
        latest(f"# Changelog\n\n## {heading}\n\n## 0.3.0 (2026-01-01)\n")


def in_csv(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("datapackage.json"))["version"]


def in_duckdb(path: Path) -> str:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        return dict(connection.execute("FROM dictionary_package").fetchall())["version"]


def in_jsonld(path: Path) -> str:
    return json.loads((path / "croissant.json").read_text(encoding="utf-8"))["version"]


def in_parquet(path: Path) -> str:
    parquet = pytest.importorskip("pyarrow.parquet")
    (found,) = {parquet.read_schema(file).metadata[b"version"] for file in path.glob("*.parquet")}
    return found.decode()


def in_ro_crate(path: Path) -> str:
    text = (path / "ro-crate-metadata.json").read_text(encoding="utf-8")
    return next(one for one in json.loads(text)["@graph"] if one["@id"] == "./")["version"]


def in_sqlite(path: Path) -> str:
    connection = sqlite3.connect(path)
    found = dict(connection.execute("SELECT * FROM dictionary_package"))["version"]
    connection.close()
    return found


def in_xlsx(path: Path) -> str:
    book = pytest.importorskip("openpyxl").load_workbook(path, read_only=True)
    cells = {cell.value for row in book["Read me"].iter_rows() for cell in row}
    version = book.properties.description.removeprefix("cambodia-tip ")
    book.close()
    assert version in cells
    return version


SHOWN: dict[str, Callable[[Path], str]] = {
    "csv": in_csv,
    "duckdb": in_duckdb,
    "jsonld": in_jsonld,
    "parquet": in_parquet,
    "ro-crate": in_ro_crate,
    "sqlite": in_sqlite,
    "xlsx": in_xlsx,
}
"""Where each export shows the version."""


@pytest.mark.parametrize("format", FORMATS)
def test_each_export_shows_this_version(format: str, exported: dict[str, Path]) -> None:
    assert SHOWN[format](exported[format]) == VERSION


@pytest.mark.parametrize("format", CITATION_FORMATS)
def test_each_citation_shows_this_version(format: str) -> None:
    assert VERSION in tip.cite(format=format)
