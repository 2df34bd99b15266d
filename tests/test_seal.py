"""The content hash: what an author prints, a reader can check, and any change breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.command import cli

HASH = json.loads((tip.package_path() / "datapackage.json").read_text(encoding="utf-8"))[
    "contentHash"
]


def one_byte_of_a_table(package) -> None:
    file = package.file("units")
    file.write_bytes(file.read_bytes().replace(b"Telephone", b"telephone", 1))


def one_byte_of_a_schema(package) -> None:
    file = package.path / "schemas" / "units.json"
    file.write_bytes(file.read_bytes().replace(b"Unit", b"unit", 1))


def two_files_for_each_other(package) -> None:
    units, areas = package.file("units"), package.file("areas")
    contents = units.read_bytes(), areas.read_bytes()
    areas.write_bytes(contents[0])
    units.write_bytes(contents[1])


def two_titles_for_each_other(package) -> None:
    """Files, hashes and schemas stay: only the entries in the descriptor differ."""
    descriptor = package.descriptor()
    for entry in descriptor["resources"]:
        others = {"sources": "Ids", "ids": "Sources"}
        entry["title"] = others.get(entry["name"], entry["title"])
    package.write_descriptor(descriptor)


def a_table_more(package) -> None:
    descriptor = package.descriptor()
    entry = next(entry for entry in descriptor["resources"] if entry["name"] == "units")
    descriptor["resources"].append({**entry, "name": "units2"})
    package.write_descriptor(descriptor)


def a_table_less(package) -> None:
    descriptor = package.descriptor()
    left = [entry for entry in descriptor["resources"] if entry["name"] != "row_caveats"]
    package.write_descriptor({**descriptor, "resources": left})


CHANGES = [
    (one_byte_of_a_table, {"units"}),
    (one_byte_of_a_schema, set()),
    (two_files_for_each_other, {"areas", "units"}),
    (two_titles_for_each_other, set()),
    (a_table_more, set()),
    (a_table_less, set()),
]


@pytest.mark.parametrize(("change", "tables"), CHANGES)
def test_what_was_changed_is_named_and_has_no_hash_to_print(
    package_copy, capsys, change: Callable[..., None], tables: set[str]
) -> None:
    change(package_copy)
    found = {f.table for f in tip.validate(package_copy.path)}
    assert found
    assert tables <= found
    assert cli.run(["path", "--hash", str(package_copy.path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    what = ", ".join(sorted(tables)) or "descriptor or schemas"
    assert printed.err.startswith(f"cambodia-tip: {what}: differs from the content hash")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("change", [None, *(change for change, _ in CHANGES)])
def test_the_page_shows_how_to_check_it_without_this_package(
    package_copy, monkeypatch: pytest.MonkeyPatch, capsys, change: Callable[..., None] | None
) -> None:
    page = Path(__file__).parents[1] / "docs" / "formats.md"
    script = re.search(r"```python\n(import hashlib.*?)```", page.read_text("utf-8"), re.S)
    assert script
    assert "cambodia_tip" not in script[1]
    if change:
        change(package_copy)
    monkeypatch.chdir(package_copy.path.parent)
    exec(compile(script[1], page, "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    expected = "does not match" if change else f"{HASH} matches"
    assert lines[-1].endswith(expected)


def test_a_change_of_the_descriptor_alone_is_refused_too(package_copy, capsys) -> None:
    package_copy.write_descriptor({**package_copy.descriptor(), "title": "Another"})
    assert cli.run(["path", "--hash", str(package_copy.path)]) == 1
    assert "descriptor or schemas: differs from the content hash" in capsys.readouterr().err


def test_data_that_were_sealed_anew_have_another_hash(package_copy, capsys) -> None:
    """Nothing is wrong with them; that they are others, the citation tells."""
    package_copy.edit("units", "calls", {"definition": "Calls."})
    assert cli.run(["path", str(package_copy.path), "--hash"]) == 0
    printed = capsys.readouterr().out.strip()
    assert printed == package_copy.descriptor()["contentHash"] != HASH


@pytest.mark.parametrize("arguments", [[], ["datapackage"]])
def test_the_hash_is_that_of_the_citation(
    package_copy, monkeypatch: pytest.MonkeyPatch, capsys, arguments: list[str]
) -> None:
    monkeypatch.chdir(package_copy.path.parent)
    assert cli.run(["path", "--hash", *arguments]) == 0
    assert capsys.readouterr().out == f"{HASH}\n"
    assert tip.cite().endswith(HASH)


def test_how_the_files_are_written_does_not_count_where_they_say_the_same(package_copy) -> None:
    descriptor = package_copy.descriptor()
    for entry in descriptor["resources"]:
        entry["schema"] = json.loads((package_copy.path / entry["schema"]).read_text("utf-8"))
    package_copy.write_descriptor(dict(reversed(descriptor.items())))
    assert cli.run(["path", "--hash", str(package_copy.path)]) == 0


def test_a_path_is_printed_as_a_folder(package_copy, capsys) -> None:
    assert cli.run(["path", str(package_copy.path / "datapackage.json")]) == 0
    assert capsys.readouterr().out == f"{package_copy.path}\n"


@pytest.mark.parametrize("arguments", [["nowhere"], ["nowhere", "--hash"], ["", "--hash"]])
def test_no_package_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["path", *arguments]) == 2
    assert "is not a data package" in capsys.readouterr().err


def test_a_table_that_is_missing_is_named(package_copy, capsys) -> None:
    package_copy.file("units").unlink()
    assert cli.run(["path", "--hash", str(package_copy.path)]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "units.csv" in printed.err, printed.err.count("\n")) == ("", True, 1)
