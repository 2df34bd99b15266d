"""The tables that the site offers as files: they are there, whole, and say what the data say."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import cambodia_tip as tip

EXTENSIONS = Path(__file__).parents[2] / "docs" / "_extensions"
FORMATS = {"xlsx": "xlsx", "zip": "csv", "sqlite": "sqlite"}
"""The formats of the exports by the ends of their names."""
ROW, VALUE = "repatriation-2018-mfaic-2017-malaysia", 382


def offered(site: Path) -> dict[str, tuple[Path, str, str]]:
    """The files that the page links, by the end of their names, with size and hash as shown."""
    html = (site / "data.html").read_text(encoding="utf-8")
    found = re.findall(r'<div class="tip-file[^"]*">(.*?)</div>', html, re.S)
    files = {}
    for box in found:
        path = (site / re.search(r'href="([^"]+)"', box)[1]).resolve()
        text = re.sub(r"<[^>]+>", "", box)
        size, digest = re.search(r", ([\d.]+ [kM]B)\s+SHA-256 ([0-9a-f]{64})", text).groups()
        files[path.suffix[1:]] = (path, size, digest)
    return files


def test_each_form_is_offered_under_the_version(site: Path) -> None:
    names = {path.name for path, _, _ in offered(site).values()}
    assert names == {f"cambodia-tip-{tip.__version__}.{end}" for end in FORMATS}
    assert names == {path.name for path in (site / "files").iterdir()}


@pytest.mark.parametrize("end", FORMATS)
def test_size_and_hash_are_those_of_the_file(site: Path, end: str) -> None:
    path, size, digest = offered(site)[end]
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    number, unit = size.split()
    factor = {"kB": 1e3, "MB": 1e6}[unit]
    assert abs(len(content) - float(number) * factor) < factor


def test_the_hash_is_seen_whole_on_a_phone(browser: Any, site: Path) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    try:
        page.goto((site / "data.html").as_uri())
        room = page.evaluate(
            """() => [...document.querySelectorAll(".tip-file")].map((box) => {
                const code = box.querySelector("code").getBoundingClientRect();
                return box.getBoundingClientRect().right - code.right;
            })"""
        )
        assert len(room) == len(FORMATS)
        assert min(room) > 0
    finally:
        page.close()


@pytest.mark.parametrize("end", FORMATS)
def test_a_file_is_the_export_to_the_last_byte(site: Path, tmp_path: Path, end: str) -> None:
    for library in {"xlsx": ["xlsxwriter"], "sqlite": ["sqlalchemy"]}.get(end, []):
        pytest.importorskip(library)
    again = tip.export(FORMATS[end], tmp_path / f"again.{end}")
    assert again.read_bytes() == offered(site)[end][0].read_bytes()


def test_the_workbook_opens_and_has_a_figure_with_its_caveats(site: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(offered(site)["xlsx"][0], read_only=True)
    assert {"Read me", "Codebook", "sources"} <= set(book.sheetnames)
    head, *rows = book["repatriations"].iter_rows(values_only=True)
    row = next(
        found for found in (dict(zip(head, r, strict=True)) for r in rows) if found["id"] == ROW
    )
    assert row["value"] == VALUE
    assert head[-1] == "caveats"
    assert "(overlap)" in row["caveats"]


def test_the_zip_opens_and_has_a_figure(site: Path) -> None:
    with zipfile.ZipFile(offered(site)["zip"][0]) as archive:
        assert archive.testzip() is None
        text = archive.read("data/repatriations.csv").decode()
    values = {row["id"]: row["value"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert values[ROW] == str(VALUE)


def test_the_database_opens_and_joins_a_figure_to_its_words(site: Path) -> None:
    address = f"{offered(site)['sqlite'][0].as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        query = "select value from repatriations where id = ?"
        assert database.execute(query, [ROW]).fetchall() == [(VALUE,)]
        names = [column[1] for column in database.execute("pragma table_info(observations)")]
        rows = database.execute("select * from observations where id = ?", [ROW]).fetchall()
    assert len(rows) == 1
    figure = dict(zip(names, rows[0], strict=True))
    assert figure["quote"] == "382 victims from Malaysia"
    assert "caveats" in names


@pytest.mark.parametrize("page", ["index.html", "writing.html"])
def test_readers_are_led_to_the_page(site: Path, page: str) -> None:
    article = (site / page).read_text(encoding="utf-8").partition("<article")[2]
    assert "data.html" in article.partition("</article>")[0]


def test_the_page_leads_to_the_explorer(site: Path) -> None:
    html = (site / "data.html").read_text(encoding="utf-8")
    assert 'href="explorer.html"' in html.partition("<article")[2].partition("</article>")[0]


@pytest.mark.parametrize("library", ["sqlalchemy", "xlsxwriter"])
def test_a_build_without_the_libraries_names_the_command(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = pytest.importorskip("sphinx.errors")
    monkeypatch.syspath_prepend(EXTENSIONS)
    import downloads

    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(errors.ExtensionError, match=r'python -m pip install -e "\.\[docs\]"'):
        downloads.setup(None)


def test_files_of_an_earlier_version_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sphinx")
    monkeypatch.syspath_prepend(EXTENSIONS)
    import downloads

    (tmp_path / "cambodia-tip-0.0.1.zip").write_bytes(b"old")
    (tmp_path / "other.zip").write_bytes(b"of somebody else")
    written = downloads.written("csv", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {written.name, "other.zip"}
