"""What changed between two versions is told whole, and a version that is too small is found."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import time
import tomllib
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cambodia_tip as tip
from cambodia_tip.command.cli import main
from cambodia_tip.package.opening import open_package

if TYPE_CHECKING:
    from conftest import PackageCopy

ROOT = Path(__file__).parents[1]


def field(schema: dict, name: str) -> dict:
    return next(field for field in schema["fields"] if field["name"] == name)


def edit_field(copy: PackageCopy, table: str, name: str, edit: Callable[[dict], object]) -> None:
    copy.edit_schema(table, lambda schema: edit(field(schema, name)))


def set_version(copy: PackageCopy, version: str) -> None:
    copy.write_descriptor({**copy.descriptor(), "version": version})


def change_a_cell(copy: PackageCopy) -> None:
    copy.edit("units", "calls", {"definition": "Calls by telephone."})


def add_a_row(copy: PackageCopy) -> None:
    row = {"unit": "boats", "label": "Boats", "kind": "count", "definition": "Fishing boats."}
    copy.change("units", lambda rows: rows.append(row))


def remove_a_row(copy: PackageCopy) -> None:
    copy.change("units", lambda rows: rows.remove(next(r for r in rows if r["unit"] == "raids")))


def rename_an_id(copy: PackageCopy) -> None:
    copy.edit("units", "raids", {"unit": "raids_of_police"})


def remove_a_link_between_rows(copy: PackageCopy) -> None:
    copy.change("row_caveats", lambda rows: rows.pop(0))


def remove_a_row_that_others_point_at(copy: PackageCopy) -> None:
    copy.change("passages", lambda rows: rows.pop(0))


def add_a_column(copy: PackageCopy) -> None:
    copy.change("units", lambda rows: [row.update(symbol="x") for row in rows])
    new = {"name": "symbol", "type": "string", "title": "Symbol", "description": "A sign."}
    copy.edit_schema("units", lambda schema: schema["fields"].append(new))


def remove_a_column(copy: PackageCopy) -> None:
    copy.change("units", lambda rows: [row.pop("definition") for row in rows])
    copy.edit_schema("units", lambda s: s["fields"].remove(field(s, "definition")))


def rename_a_column(copy: PackageCopy) -> None:
    content = copy.file("units").read_bytes()
    copy.write("units", content.replace(b"definition", b"meaning", 1))
    edit_field(copy, "units", "definition", lambda f: f.update(name="meaning"))


def rename_the_key(copy: PackageCopy) -> None:
    content = copy.file("units").read_bytes()
    copy.write("units", content.replace(b"unit,", b"measure,", 1))
    edit_field(copy, "units", "unit", lambda f: f.update(name="measure"))
    copy.edit_schema("units", lambda schema: schema.update(primaryKey=["measure"]))


def swap_columns(copy: PackageCopy) -> None:
    rows = [
        {n: row[n] for n in ("unit", "kind", "label", "definition")} for row in copy.rows("units")
    ]
    copy.write_rows("units", rows)
    copy.edit_schema("units", lambda s: s["fields"].insert(1, s["fields"].pop(2)))


def add_a_table(copy: PackageCopy) -> None:
    (copy.path / "data" / "boats.csv").write_text("boat\na\nb\n", encoding="utf-8")
    schema = {"fields": [{"name": "boat", "type": "string"}], "primaryKey": "boat"}
    entry = {"name": "boats", "path": "data/boats.csv", "schema": schema}
    descriptor = copy.descriptor()
    copy.write_descriptor({**descriptor, "resources": [*descriptor["resources"], entry]})


def remove_a_table(copy: PackageCopy) -> None:
    descriptor = copy.descriptor()
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] != "routes"]
    copy.write_descriptor(descriptor)


def rename_a_table(copy: PackageCopy) -> None:
    descriptor = copy.descriptor()
    entry = next(r for r in descriptor["resources"] if r["name"] == "routes")
    entry.update(name="ways", path="data/ways.csv")
    copy.file("routes").rename(copy.file("ways"))
    copy.write_descriptor(descriptor)


def add_a_code(copy: PackageCopy) -> None:
    def add(field: dict) -> None:
        field["categories"].append({"value": "length", "label": "A length"})
        field["constraints"]["enum"].append("length")

    edit_field(copy, "units", "kind", add)


def remove_a_code(copy: PackageCopy) -> None:
    def remove(field: dict) -> None:
        field["categories"] = [c for c in field["categories"] if c["value"] != "share"]
        field["constraints"]["enum"].remove("share")

    edit_field(copy, "units", "kind", remove)


def label_a_code(copy: PackageCopy) -> None:
    edit_field(copy, "units", "kind", lambda f: f["categories"][0].update(label="Made up"))


def change_a_type(copy: PackageCopy) -> None:
    edit_field(copy, "passages", "words", lambda f: f.update(type="number"))


def describe_a_column(copy: PackageCopy) -> None:
    edit_field(copy, "units", "label", lambda f: f.update(description="Made up."))


def ask_for_a_column(copy: PackageCopy) -> None:
    edit_field(copy, "passages", "heading", lambda f: f.update(constraints={"required": True}))


def ask_less_of_a_column(copy: PackageCopy) -> None:
    edit_field(copy, "units", "definition", lambda f: f["constraints"].pop("required"))


def describe_a_table(copy: PackageCopy) -> None:
    descriptor = copy.descriptor()
    next(r for r in descriptor["resources"] if r["name"] == "units")["title"] = "Made up"
    copy.write_descriptor(descriptor)


def describe_the_package(copy: PackageCopy) -> None:
    copy.write_descriptor({**copy.descriptor(), "title": "Made up"})


KINDS = [
    (change_a_cell, "units", "definition", "cell", "calls", "changed", "PATCH"),
    (add_a_row, "units", "", "row", "boats", "added", "MINOR"),
    (remove_a_row, "units", "", "row", "raids", "removed", "MAJOR"),
    (add_a_column, "units", "symbol", "column", "", "added", "MINOR"),
    (remove_a_column, "units", "definition", "column", "", "removed", "MAJOR"),
    (swap_columns, "units", "", "order of columns", "", "changed", "MAJOR"),
    (add_a_table, "boats", "", "table", "", "added", "MINOR"),
    (remove_a_table, "routes", "", "table", "", "removed", "MAJOR"),
    (add_a_code, "units", "kind", "code", "length", "added", "MINOR"),
    (remove_a_code, "units", "kind", "code", "share", "removed", "MAJOR"),
    (change_a_type, "passages", "words", "type", "", "changed", "MAJOR"),
    (describe_a_column, "units", "label", "description", "", "changed", "PATCH"),
    (ask_for_a_column, "passages", "heading", "constraint", "required", "changed", "MAJOR"),
    (ask_less_of_a_column, "units", "definition", "constraint", "required", "changed", "MINOR"),
    (describe_a_table, "units", "", "title", "", "changed", "PATCH"),
    (describe_the_package, "", "", "title", "", "changed", "PATCH"),
]


@pytest.mark.parametrize(("edit", *"table column what item kind step".split()), KINDS)
def test_one_change_is_told_as_that_and_no_other(
    package_copy: PackageCopy,
    edit: Callable[[PackageCopy], None],
    table: str,
    column: str,
    what: str,
    item: str,
    kind: str,
    step: str,
) -> None:
    edit(package_copy)
    found = tip.changes(None, package_copy.path)
    told = [(c.table, c.column, c.what, c.item, c.kind, c.bump) for c in found]
    assert told == [(table, column, what, item, kind, step)]
    assert found.required_bump == step
    assert not found.sufficient


def test_a_code_has_a_new_label(package_copy: PackageCopy) -> None:
    label_a_code(package_copy)
    (change,) = tip.changes(None, package_copy.path)
    told = (change.what, change.column, change.kind, change.new, change.bump)
    assert told == ("label", "kind", "changed", "Made up", "PATCH")
    assert change.text() == f"label of {change.item} in kind changed: {change.old} -> Made up"


def test_values_before_and_after_are_whole_in_data_and_cut_in_text(
    package_copy: PackageCopy,
) -> None:
    before = next(r["definition"] for r in package_copy.rows("units") if r["unit"] == "cases")
    package_copy.edit("units", "cases", {"definition": f"{before} | *{'x' * 500}"})
    found = tip.changes(None, package_copy.path)
    (change,) = found
    assert (change.old, change.new) == (before, f"{before} | *{'x' * 500}")
    table, line, _ = found.lines()
    assert table == "units"
    assert line.startswith("  cell definition of cases changed: …")
    assert len(line) < 200
    heading, entry = found.to_markdown().splitlines()
    assert heading == "- `units`"
    assert "\\| \\*xxx" in entry
    frame = found.to_frame()
    assert frame[["table", "column", "item", "new"]].iloc[0].tolist() == [
        *("units", "definition", "cases"),
        change.new,
    ]


@pytest.mark.parametrize(
    ("edit", "what", "old", "new"),
    [
        (rename_an_id, "row", "raids", "raids_of_police"),
        (rename_a_column, "column", "definition", "meaning"),
        (rename_the_key, "column", "unit", "measure"),
        (rename_a_table, "table", "routes", "ways"),
    ],
)
def test_what_is_renamed_is_removed_and_added(
    package_copy: PackageCopy,
    edit: Callable[[PackageCopy], None],
    what: str,
    old: str,
    new: str,
) -> None:
    edit(package_copy)
    found = [change for change in tip.changes(None, package_copy.path) if change.what == what]
    names = [change.item or change.column or change.table for change in found]
    told = [(c.kind, name, c.bump) for c, name in zip(found, names, strict=True)]
    assert told == [("removed", old, "MAJOR"), ("added", new, "MINOR")]


@pytest.mark.parametrize(
    ("edit", "step"),
    [(remove_a_link_between_rows, "MINOR"), (remove_a_row_that_others_point_at, "MAJOR")],
)
def test_a_row_without_an_id_lasts_where_others_point_at_it(
    package_copy: PackageCopy, edit: Callable[[PackageCopy], None], step: str
) -> None:
    edit(package_copy)
    found = tip.changes(None, package_copy.path)
    assert [(c.what, c.kind, c.bump) for c in found] == [("row", "removed", step)]


def test_rows_without_a_key_are_compared_whole(package_copy: PackageCopy) -> None:
    package_copy.edit_schema("row_caveats", lambda schema: schema.pop("primaryKey"))
    old = shutil.copytree(package_copy.path, package_copy.path.with_name("old"))
    first = package_copy.rows("row_caveats")[0]
    package_copy.change("row_caveats", lambda rows: rows.append(rows.pop(0)))
    assert len(tip.changes(old, package_copy.path)) == 0
    package_copy.change("row_caveats", lambda rows: rows.append(dict(first)))
    (change,) = tip.changes(old, package_copy.path)
    assert (change.kind, change.item) == ("added", ", ".join(first.values()))


def test_equal_packages_have_no_changes_whatever_their_order_and_stamps(
    package_copy: PackageCopy,
) -> None:
    package_copy.change("units", lambda rows: rows.reverse())
    set_version(package_copy, "7.0.0")
    found = tip.changes(None, package_copy.path / "datapackage.json")
    assert (len(found), found.required_bump, found.sufficient) == (0, "", True)
    assert list(found.lines()) == [f"{tip.__version__} -> 7.0.0: nothing changed"]
    assert found.to_markdown() == ""


def correct_a_cell(package: PackageCopy) -> None:
    """As a release does that mends a cell: the cell, and what is said of it."""
    change_a_cell(package)
    cells = {"changed_in": "1.2.4", "row_key": "calls", "table_name": "units"}
    package.change("corrections", lambda rows: rows.append({**rows[-1], **cells}))


@pytest.mark.parametrize(
    ("edit", "old", "new", "sufficient"),
    [
        (correct_a_cell, "1.2.3", "1.2.3", False),
        (correct_a_cell, "1.2.3", "1.2.4", True),
        (change_a_cell, "1.2.3", "1.2.3", False),
        (change_a_cell, "1.2.3", "1.2.4", True),
        (change_a_cell, "1.2.3", "1.2.2", False),
        (add_a_row, "1.2.3", "1.2.9", False),
        (add_a_row, "1.2.3", "1.3.0", True),
        (remove_a_row, "1.2.3", "1.9.0", False),
        (remove_a_row, "1.2.3", "2.0.0", True),
        (remove_a_row, "1.9.3", "1.10.0", False),
        (remove_a_row, "0.2.3", "0.2.4", False),
        (remove_a_row, "0.2.3", "0.3.0", True),
        (remove_a_row, "0.9.0", "1.0.0", True),
        (add_a_row, "0.2.3", "0.2.4", False),
        (change_a_cell, "0.2.3", "0.2.4", True),
        (add_a_row, "0.9.0", "0.10.0rc1", True),
    ],
)
def test_the_version_must_make_the_step(
    package_copy: PackageCopy,
    edit: Callable[[PackageCopy], None],
    old: str,
    new: str,
    sufficient: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_version(package_copy, old)
    before = shutil.copytree(package_copy.path, package_copy.path.with_name("old"))
    edit(package_copy)
    set_version(package_copy, new)
    with pytest.raises(SystemExit) as left:
        main(["changes", str(before), str(package_copy.path)])
    assert left.value.code == (0 if sufficient else 1)
    verdict = "goes back" if new == "1.2.2" else "too small"
    assert (verdict in capsys.readouterr().out) is not sufficient


def pack(folder: Path, archive: Path, prefix: str) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(f"{prefix}README.md", "Made up.")
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                target.write(file, prefix + file.relative_to(folder).as_posix())
    return archive


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("cambodia_tip-0.4.0-py3-none-any.whl", "cambodia_tip/datapackage/"),
        ("package.zip", ""),
        ("folder.zip", "datapackage/"),
    ],
)
def test_wheels_and_zips_say_the_same_as_folders(
    package_copy: PackageCopy, name: str, prefix: str
) -> None:
    for edit in (change_a_cell, add_a_row, add_a_table, label_a_code):
        edit(package_copy)
    archive = pack(package_copy.path, package_copy.path.parent / name, prefix)
    expected = tip.changes(None, package_copy.path)
    assert len(expected) == 4
    assert tip.changes(None, archive) == expected
    assert tip.changes(package_copy.path, archive) == tip.Changes((), expected.new, expected.new)
    left = {file.name for file in package_copy.path.parent.iterdir()}
    assert left == {"datapackage", name}, "something was unpacked"


def test_the_zip_that_export_writes_has_no_changes(tmp_path: Path) -> None:
    assert not len(tip.changes(tip.export("csv", tmp_path / "tables.zip")))


def zip_of(path: Path, names: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return path


RESOURCE = {"name": "boats", "path": "boats.csv", "schema": {"fields": [{"name": "boat"}]}}


def descriptor(version: object = "1.0.0", **changes: object) -> str:
    return json.dumps({"version": version, "resources": [{**RESOURCE, **changes}]})


WRONG_LINK = {"fields": "boat", "reference": {"resource": 1, "fields": "boat"}}
LINK = {"fields": "owner", "reference": {"resource": "", "fields": "boat"}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"maximum": 5}, {"maximum": 4}, [("constraint", "maximum", "MAJOR")]),
        ({"maximum": 5}, {"maximum": 6}, [("constraint", "maximum", "MINOR")]),
        ({"minimum": 5}, {"minimum": 6}, [("constraint", "minimum", "MAJOR")]),
        ({"minimum": 5}, {"minimum": 4}, [("constraint", "minimum", "MINOR")]),
        ({"minimum": 0.5}, {"minimum": 0}, [("constraint", "minimum", "MINOR")]),
        ({"minimum": 0.5}, {"minimum": "1"}, [("constraint", "minimum", "MAJOR")]),
        ({}, {"pattern": "a"}, [("constraint", "pattern", "MAJOR")]),
        ({"pattern": "a"}, {"pattern": "b"}, [("constraint", "pattern", "MAJOR")]),
        ({"pattern": "a"}, {}, [("constraint", "pattern", "MINOR")]),
        ({}, {"enum": ["a"]}, [("list of codes", "", "MAJOR")]),
        ({"enum": ["a"]}, {}, [("list of codes", "", "MINOR")]),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, [("order of codes", "", "PATCH")]),
    ],
)
def test_a_constraint_that_asks_for_more_breaks_and_one_that_asks_for_less_does_not(
    tmp_path: Path, old: dict, new: dict, told: list[tuple[str, str, str]]
) -> None:
    sides = []
    for name, constraints in (("old.zip", old), ("new.zip", new)):
        schema = {"fields": [{"name": "boat", "type": "string", "constraints": constraints}]}
        names = {"datapackage.json": descriptor(schema=schema), "boats.csv": "boat\na\n"}
        sides.append(zip_of(tmp_path / name, names))
    assert [(c.what, c.item, c.bump) for c in tip.changes(*sides)] == told


@pytest.mark.parametrize(
    ("old_columns", "old_links", "new_links", "told"),
    [
        ("boat,owner", [], [LINK], [("link", "owner to boat", "added", "MAJOR")]),
        ("boat,owner", [LINK], [], [("link", "owner to boat", "removed", "MINOR")]),
        (
            "boat",
            [],
            [LINK],
            [("link", "owner to boat", "added", "MINOR"), ("column", "", "added", "MINOR")],
        ),
    ],
)
def test_a_link_binds_the_columns_that_were_there(
    tmp_path: Path, old_columns: str, old_links: list, new_links: list, told: list
) -> None:
    sides = []
    for side, header, links in (("old", old_columns, old_links), ("new", "boat,owner", new_links)):
        columns = header.split(",")
        schema = {"fields": [{"name": name} for name in columns], "primaryKey": columns[:1]}
        schema["foreignKeys"] = links
        row = ",".join("ab"[: len(columns)])
        names = {"datapackage.json": descriptor(schema=schema), "boats.csv": f"{header}\n{row}\n"}
        sides.append(zip_of(tmp_path / f"{side}.zip", names))
    assert [(c.what, c.item, c.kind, c.bump) for c in tip.changes(*sides)] == told


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_a_side_that_is_no_package_is_a_clear_error(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tip.package_path(), tmp_path / "datapackage")
    monkeypatch.chdir(tmp_path / "datapackage")  # which an empty path must not mean
    with pytest.raises(tip.DataPackageError, match="is not a data package"):
        tip.changes(path)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"README.md": ""}, "has no datapackage.json"),
        ({"a/datapackage.json": "{}", "b/datapackage.json": "{}"}, "has no datapackage.json"),
        ({"datapackage.json": descriptor(path="../boats.csv")}, "is not in the archive"),
        ({"datapackage.json": descriptor(path="https://example.org/x.csv")}, "is not in"),
        ({"datapackage.json": descriptor(path=["boats.csv"])}, "not in the form"),
        ({"datapackage.json": descriptor()}, "'boats.csv' is not in"),
        ({"datapackage.json": descriptor(), "boats.csv": "boat\na,b\n"}, "line 2: has 2 cells"),
        ({"datapackage.json": descriptor(), "boats.csv": "boat,boat\n"}, "the column 'boat' twice"),
        ({"datapackage.json": descriptor("new"), "boats.csv": "boat\n"}, "'new' .* not like 1.2.3"),
        ({"datapackage.json": descriptor("1.0.0\x1b"), "boats.csv": "boat\n"}, "not like 1.2.3"),
        ({"datapackage.json": descriptor(None), "boats.csv": "boat\n"}, "not like 1.2.3"),
        ({"datapackage.json": "{"}, "not valid JSON"),
        ({"datapackage.json": '{"title": "\\ud800"}'}, "not valid JSON"),
        ({"datapackage.json": "[]"}, "must have an object"),
        ({"datapackage.json": "{}"}, "not in the form"),
        ({"datapackage.json": descriptor(schema=1), "boats.csv": "boat\n"}, "not in the form"),
        (
            {
                "datapackage.json": descriptor(schema={"fields": [], "foreignKeys": [{}]}),
                "boats.csv": "boat\n",
            },
            "not in the form",
        ),
        (
            {
                "datapackage.json": descriptor(schema={"fields": [], "foreignKeys": [WRONG_LINK]}),
                "boats.csv": "boat\n",
            },
            "not in the form",
        ),
        (
            {
                "datapackage.json": descriptor(schema={"fields": [], "primaryKey": [1]}),
                "boats.csv": "boat\n",
            },
            "not in the form",
        ),
    ],
)
def test_what_is_no_data_package_is_an_error_of_one_line(
    tmp_path: Path,
    names: dict[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # a long path would be cut in the message
    archive = zip_of(Path("wrong.zip"), names)
    with pytest.raises(tip.DataPackageError, match=message):
        tip.changes(archive)
    with pytest.raises(SystemExit) as left:
        main(["changes", str(archive)])
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert printed.err.startswith("cambodia-tip: ")
    assert "wrong.zip" in printed.err or "not like 1.2.3" in printed.err  # of two sides, which


def test_signs_that_steer_a_terminal_are_spelled_out(package_copy: PackageCopy) -> None:
    package_copy.edit("units", "calls", {"definition": "\x1b[31mred"})
    for line in tip.changes(None, package_copy.path).lines():
        assert line.isprintable()


def test_places_without_a_data_package_are_named(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    cut = tip.export("csv", tmp_path / "cut.zip").read_bytes()
    spoilt = bytearray(cut)
    spoilt[200:4000] = bytes(3800)
    (tmp_path / "cut.zip").write_bytes(cut[:-2000])
    (tmp_path / "spoilt.zip").write_bytes(spoilt)
    for name in ("text.zip", "cut.zip", "spoilt.zip", "", "nowhere", "nowhere.whl", "a\0b"):
        path = tmp_path / name if name else name
        with pytest.raises(tip.DataPackageError, match=r"^[^\n]+$"):
            tip.changes(path)


def test_a_link_out_of_the_folder_is_refused(package_copy: PackageCopy) -> None:
    outside = package_copy.path.with_name("outside.csv")
    package_copy.file("units").rename(outside)
    try:
        package_copy.file("units").symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(tip.DataPackageError, match="through a link"):
        tip.changes(package_copy.path)


def test_machines_get_everything(
    package_copy: PackageCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    package_copy.change(
        "units", lambda rows: [row.update(definition=f"{row['definition']} x") for row in rows]
    )
    number = len(package_copy.rows("units"))
    arguments = ["changes", str(package_copy.path), "--format"]
    for form in ("json", "text", "markdown"):
        with pytest.raises(SystemExit) as left:
            main([*arguments, form])
        assert left.value.code == 1
        printed = capsys.readouterr().out
        if form == "json":
            found = json.loads(printed)
            assert [found[n] for n in ("required_bump", "actual_bump", "sufficient")] == [
                "PATCH",
                "",
                False,
            ]
            assert {c["item"] for c in found["changes"]} == {
                row["unit"] for row in package_copy.rows("units")
            }
        else:
            assert f"{number - 10} more: cell of definition changed" in printed
    with pytest.raises(SystemExit) as left:
        main([*arguments, "csv"])
    assert left.value.code == 2


def test_a_file_that_unfolds_to_more_than_was_stated_is_not_unpacked(tmp_path: Path) -> None:
    """A zip of 8 million rows of one comma took five minutes."""
    trap = "boat\n" + ",\n" * (8 << 20)
    for stated in ({"bytes": 5}, {"bytes": len(trap)}, {}):
        path = tmp_path / "trap.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("datapackage.json", descriptor(**stated))
            archive.writestr("boats.csv", trap)
        begin = time.process_time()
        with pytest.raises(tip.DataPackageError, match=r"in place of 5|too large"):
            tip.changes(path)
        assert time.process_time() - begin < 1


def test_changes_have_no_truth_value_and_are_short_in_a_notebook(
    package_copy: PackageCopy,
) -> None:
    package_copy.change(
        "passages", lambda rows: [row.update(heading=f"{row['heading']}<") for row in rows]
    )
    found = tip.changes(None, package_copy.path)
    assert len(found) > 100
    with pytest.raises(TypeError, match="use len"):
        bool(found)
    assert repr(found) == f"<Changes {found.verdict()}>"
    shown = found._repr_html_()
    assert shown.count("<tr") == 11
    assert f"{len(found) - 10} more. " in shown


def test_an_older_package_with_other_properties_is_read(package_copy: PackageCopy) -> None:
    def simplify(schema: dict) -> None:
        for entry in schema["fields"]:
            for name in ("title", "example", "constraints", "categories"):
                entry.pop(name, None)

    package_copy.edit_schema("units", simplify)
    with pytest.raises(tip.DataPackageError):
        open_package(package_copy.path)
    assert {change.table for change in tip.changes(package_copy.path)} == {"units"}


def test_an_id_that_is_gone_says_what_became_of_it(package_copy: PackageCopy) -> None:
    """Whoever wrote it down looks for it; and no id may go without a word."""
    package_copy.change("routes", lambda rows: [rows.pop(0), rows.pop(0), rows.pop(0)])
    gone = [row["id"] for row in open_rows("routes")[:3]]
    retired = {"retired": tip.__version__, "replaced_by": gone[2]}
    package_copy.edit("ids", gone[0], retired)
    package_copy.edit("ids", gone[1], {**retired, "replaced_by": ""})
    found = tip.changes(None, package_copy.path)
    assert {c.item: c.text() for c in found if c.table == "routes"} == {
        gone[0]: f"row {gone[0]} removed: retired in {tip.__version__}, replaced by {gone[2]}",
        gone[1]: f"row {gone[1]} removed: retired in {tip.__version__}, not replaced",
        gone[2]: f"row {gone[2]} removed: not retired in ids",
    }


def open_rows(table: str) -> list[dict[str, str]]:
    text = (ROOT / "datapackage" / "data" / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def git(*arguments: str) -> bytes:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no git history here")
    result = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, timeout=60)
    assert result.returncode == 0, result.stderr.decode(errors="replace")
    return result.stdout


def project_version(text: str) -> str:
    return tomllib.loads(text)["project"]["version"]


@pytest.fixture(scope="module")
def releases() -> dict[str, str]:
    """Where each version before this one is, the latest first: its tag, else its last commit."""
    later = project_version((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    touched = git("log", "--first-parent", "--format=%P", "--", "pyproject.toml").decode()
    # the version may differ before such a commit, whose parent is then the last with it
    for commit in ["HEAD", *(line.split()[0] for line in touched.splitlines() if line)]:
        version = project_version(git("show", f"{commit}:pyproject.toml").decode())
        if version != later:
            tag = git("tag", "--list", f"v{version}").decode().strip()
            found[version] = tag or commit
        later = version
    if not found and git("rev-parse", "--is-shallow-repository").strip() == b"true":
        pytest.fail("the history is cut off: git fetch --unshallow; in a workflow, fetch-depth: 0")
    if not found:
        pytest.skip("the history has one version")
    return found


@pytest.fixture(scope="module")
def steps(releases: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[tip.Changes]:
    """What changed from each version to the next, the latest first."""
    folder = tmp_path_factory.mktemp("releases")
    places = [ROOT / "datapackage"]
    for version, commit in releases.items():
        places.append(folder / f"{version}.zip")
        places[-1].write_bytes(git("archive", "--format=zip", commit, "datapackage"))
    return [tip.changes(old, new) for new, old in pairwise(places)]


@pytest.fixture(scope="module")
def since_last_version(steps: list[tip.Changes]) -> tip.Changes:
    return steps[0]


@pytest.mark.history
def test_the_version_moved_as_far_as_the_data_since_the_last(
    since_last_version: tip.Changes,
) -> None:
    assert since_last_version.sufficient, str(since_last_version)


def data_part(changelog: str) -> str:
    entry = re.split(r"^## ", changelog, flags=re.M)[1]
    return next((p for p in re.split(r"^### ", entry, flags=re.M) if p.startswith("Data")), "")


@pytest.mark.history
def test_the_changelog_names_each_table_that_changed(since_last_version: tip.Changes) -> None:
    data = data_part((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    named = set(re.findall(r"`(\w+)`", data))
    in_one_line = {"title", "description", "label", "example", "constraint", "dialect", "differs"}
    told = [change for change in since_last_version if change.what not in in_one_line]
    missing = {change.table for change in told if change.table} - named
    assert missing == set(), "name these tables in CHANGELOG.md, Data"


@pytest.mark.history
def test_every_id_that_was_released_is_listed(releases: dict[str, str]) -> None:
    """For ever, with its table and first version, in use or retired."""
    listed = {(row["id"], row["table"], row["since"]) for row in open_rows("ids")}
    for version, commit in releases.items():
        text = git("show", f"{commit}:datapackage/data/ids.csv").decode()
        rows = csv.DictReader(text.splitlines())
        released = {(row["id"], row["table"], row["since"]) for row in rows}
        assert released
        lost = sorted(released - listed)
        assert lost == [], f"ids of {version}: put them back into ids.csv, or retire them there"


@pytest.mark.history
def test_an_id_that_was_retired_stays_so(releases: dict[str, str]) -> None:
    retired = {(row["id"], row["retired"]) for row in open_rows("ids") if row["retired"]}
    for version, commit in releases.items():
        text = git("show", f"{commit}:datapackage/data/ids.csv").decode()
        rows = csv.DictReader(text.splitlines())
        before = {(row["id"], row["retired"]) for row in rows if row.get("retired")}
        assert before <= retired, f"retired in {version} or before, and never used again"


@pytest.mark.history
def test_a_version_that_has_a_tag_has_the_data_of_the_tag(tmp_path: Path) -> None:
    """After a release the first change of the data raises the version."""
    tag = f"v{project_version((ROOT / 'pyproject.toml').read_text(encoding='utf-8'))}"
    if not git("tag", "--list", tag).strip():
        pytest.skip("this version has no tag yet")
    tagged = tmp_path / "tagged.zip"
    tagged.write_bytes(git("archive", "--format=zip", tag, "datapackage"))
    found = tip.changes(tagged, ROOT / "datapackage")
    assert not len(found), f"{tag} is released: raise the version in pyproject.toml\n{found}"


def test_a_retired_id_is_in_no_table() -> None:
    retired = {row["id"] for row in open_rows("ids") if row["retired"]}
    assert retired
    for name, resource in open_package().resources.items():
        if "id" in resource.field_names and name != "ids":
            assert not retired & {row["id"] for row in open_rows(name)}, name


MADE = {"bytes", "sha256", "text_hash", "words", "position"}
"""Columns that a program makes from the documents."""


def in_numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", version)[:3]]


def wrong_corrections(step: tip.Changes, corrections: list[dict[str, str]]) -> list[str]:
    """What changed in a step without a correction, or has one without a change, by its key."""
    told = {
        (row["table_name"], row["row_key"], "" if row["kind"] == "row" else row["column_name"])
        for row in corrections
        if row["changed_in"] == step.new and in_numbers(row["stood_since"]) <= in_numbers(step.old)
    }
    changed = {
        (change.table, change.item, change.column)
        for change in step
        if change.table not in ("ids", "corrections")  # which themselves say what became of rows
        and (
            (change.what == "cell" and change.column not in MADE)
            or ((change.what, change.kind, change.new) == ("row", "removed", ""))  # had no id
        )
    }
    lines = [("add", cell) for cell in changed - told]
    lines += [("take out", cell) for cell in told - changed]
    return sorted(", ".join((verb, step.new, *cell)) for verb, cell in lines)


def test_the_corrections_are_the_cells_that_changed_after_a_release(
    steps: list[tip.Changes],
) -> None:
    """A kind may be `wording` or `addition`, where nothing was wrong."""
    corrections = open_rows("corrections")
    wrong = [line for step in steps for line in wrong_corrections(step, corrections)]
    if wrong:
        pytest.fail("\n".join(["in corrections.csv:", *wrong]))
    known = {step.new for step in steps}
    assert [row for row in corrections if row["changed_in"] not in known] == []


def test_a_cell_that_changed_and_is_not_among_the_corrections_is_seen(
    package_copy: PackageCopy,
) -> None:
    change_a_cell(package_copy)
    package_copy.edit("sources", "tip-2004", {"bytes": "1"})
    link = ", ".join(list(package_copy.rows("organization_members")[0].values())[:2])
    package_copy.change("organization_members", lambda rows: rows.pop(0))
    set_version(package_copy, "9.0.0")
    step = tip.changes(None, package_copy.path)
    cell = {"table_name": "units", "row_key": "calls", "column_name": "definition"}
    row = {"table_name": "organization_members", "row_key": link, "column_name": "quote"}
    both = {"stood_since": "0.1.0", "changed_in": "9.0.0"}
    right = [{**cell, **both, "kind": "wording"}, {**row, **both, "kind": "row"}]
    add_cell, add_row = (
        "add, 9.0.0, units, calls, definition",
        f"add, 9.0.0, organization_members, {link}, ",
    )
    assert wrong_corrections(step, open_rows("corrections")) == [add_row, add_cell]
    assert wrong_corrections(step, right) == []
    assert wrong_corrections(step, right[:1]) == [add_row]
    late = {**right[0], "stood_since": "9.0.0"}
    early = {**right[0], "changed_in": tip.__version__}
    assert wrong_corrections(step, [late, right[1]]) == [add_cell]
    assert wrong_corrections(step, [early, right[1]]) == [add_cell]
    idle = {**right[0], "row_key": "cases"}
    assert wrong_corrections(step, [*right, idle]) == ["take out, 9.0.0, units, cases, definition"]
