"""What the explorer's page is made of, without a browser."""

from __future__ import annotations

import doctest
import importlib
import json
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

pytest.importorskip("sphinx")
EXTENSIONS = Path(__file__).parents[2] / "docs" / "_extensions"


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return extension("explorer_words", monkeypatch)


def extension(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    return importlib.import_module(name)


def test_examples_in_the_docstrings_hold(words: ModuleType) -> None:
    result = doctest.testmod(words)
    assert result.attempted > 5
    assert result.failed == 0


UNITS = {
    "ministries": {"unit": "ministries", "label": "Ministries", "kind": "count"},
    "USD": {"unit": "USD", "label": "United States dollars", "kind": "money"},
    "share": {"unit": "share", "label": "Share", "kind": "share"},
    "sessions": {"unit": "sessions", "label": "Training sessions", "kind": "count"},
}


@pytest.mark.parametrize(
    ("row", "unit", "expected"),
    [
        ({"value": 1}, "ministries", "1 ministry"),
        ({"value": 0}, "ministries", "0 ministries"),
        ({"value": 1}, "sessions", "1 (training sessions)"),
        ({"value": 1200000}, "USD", "1,200,000 United States dollars"),
        ({"value": 5.0, "value_max": 10.0}, "ministries", "5 to 10 ministries"),
        ({"minimum": 4, "maximum": 4}, "ministries", "4 ministries"),
        ({"maximum": 4}, "ministries", "up to 4 ministries"),
        ({"value": 0.6667}, "share", "0.6667 (share)"),
        ({"value": 3, "obs_status": "planned"}, "ministries", "3 ministries (planned)"),
        ({"obs_status": "not_available"}, "ministries", "not available"),
        (
            {"value": 9, "value_basis": "derived"},
            "ministries",
            "9 ministries (derived, not printed)",
        ),
        ({}, "ministries", ""),
    ],
)
def test_a_number_is_told_with_unit_hedge_and_status(
    words: ModuleType, row: dict, unit: str, expected: str
) -> None:
    assert words.measure(row, UNITS[unit]) == expected


def test_text_in_the_records_cannot_end_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = extension("explorer", monkeypatch)
    hostile = {"records": [{"id": "</script><b>", "label": "\u2028"}]}
    monkeypatch.setattr(explorer, "all_records", lambda: None)
    monkeypatch.setattr(explorer, "packed", lambda _: hostile)
    script = explorer.data_script()
    assert "</" not in script
    assert "\u2028" not in script
    text = script.partition("data: ")[2].removesuffix(" };\n")
    assert json.loads(text) == hostile


def test_without_the_search_library_the_build_names_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    explorer = extension("explorer", monkeypatch)
    monkeypatch.setattr(explorer, "MODULES", tmp_path)
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=tmp_path / "out")
    with pytest.raises(Exception, match="npm ci --ignore-scripts --prefix docs") as raised:
        explorer.write_assets(app)
    assert type(raised.value).__name__ == "ExtensionError"
    assert not (tmp_path / "out").exists()


def test_the_lock_file_names_versions_and_hashes_but_no_address() -> None:
    lock = json.loads((EXTENSIONS.parent / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for entry in packages.values():
        assert {"version", "integrity"} <= set(entry)
        assert "resolved" not in entry


MOST_BYTES = 3_000_000


def test_what_the_page_loads_is_there_and_small(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = extension("explorer", monkeypatch)
    page = (site / "explorer.html").read_text(encoding="utf-8")
    for name in (*explorer.SCRIPTS["explorer"], "explorer.css"):
        assert f"_static/{name}" in page
        assert (site / "_static" / name).is_file()
    assert (site / "_static" / "minisearch.LICENSE.txt").is_file()
    assert (site / "_static" / "explorer.data.js").stat().st_size < MOST_BYTES


def test_the_index_of_pages_is_loaded_where_it_is_searched_alone(site: Path) -> None:
    index = "searchindex.js"
    assert index in (site / "search.html").read_text(encoding="utf-8")
    for name in ("index", "explorer", "dictionary"):
        assert index not in (site / f"{name}.html").read_text(encoding="utf-8")
