"""Stamping: what follows from the rows is written, and nothing else."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cambodia_tip as tip
from cambodia_tip.maintaining.stamping import passage_rows, stamp
from cambodia_tip.parsing.passages import divide

if TYPE_CHECKING:
    from conftest import PackageCopy

RETIRED = "raid-2006-08-brothels"


def test_a_package_that_is_up_to_date_stays_as_it_is(package_copy) -> None:
    before = {f: f.read_bytes() for f in package_copy.path.rglob("*") if f.is_file()}
    assert stamp(package_copy.path) == []
    assert {f: f.read_bytes() for f in package_copy.path.rglob("*") if f.is_file()} == before


def test_passages_are_those_of_the_documents(package_copy, sources) -> None:
    assert stamp(package_copy.path, os.environ["CAMBODIA_TIP_SOURCES"]) == []


def test_a_decision_on_scope_stays_with_its_text() -> None:
    first = divide("Title\n\nOne.\n\nTwo.\n\nThree.\n", "unnumbered")
    before = passage_rows("a", first, [])
    assert {row["in_scope"] for row in before} == {"true"}
    before[2] |= {"in_scope": "false", "out_of_scope_reason": "education"}
    before[3] |= {"in_scope": "false", "out_of_scope_reason": "social_protection"}
    second = divide("Title\n\nOne.\n\nNew.\n\nTwo.\n\nThird.\n", "unnumbered")
    after = {
        row["passage"]: row["out_of_scope_reason"] for row in passage_rows("a", second, before)
    }
    assert after == {"title": "", "1": "", "2": "", "3": "education", "4": ""}
    third = divide("Title\n\nOne.\n\nTwo.\n\nThird.\n", "unnumbered")
    after = {row["passage"]: row["out_of_scope_reason"] for row in passage_rows("a", third, before)}
    assert after == {"title": "", "1": "", "2": "education", "3": "social_protection"}
    assert passage_rows("b", first, before)[2]["in_scope"] == "true"


def test_a_new_row_is_sorted_registered_and_hashed(package_copy) -> None:
    def add(rows: list[dict[str, str]]) -> None:
        rows.append({**rows[-1], "id": "a-first-operation", "label": "Another raid"})

    package_copy.change("operations", add)
    assert not tip.validate(package_copy.path).valid
    changed = stamp(package_copy.path)
    assert sorted(changed) == ["data/ids.csv", "data/operations.csv", "datapackage.json"]
    assert package_copy.rows("operations")[0]["id"] == "a-first-operation"
    new = next(r for r in package_copy.rows("ids") if r["id"] == "a-first-operation")
    assert new == {
        **{"id": "a-first-operation", "table": "operations", "since": tip.__version__},
        **{"retired": "", "replaced_by": ""},
    }
    assert tip.validate(package_copy.path).valid


def test_spreadsheet_line_ends_and_marks_are_mended(package_copy) -> None:
    file = package_copy.file("areas")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    stamp(package_copy.path)
    assert file.read_bytes() == (tip.package_path() / "data" / "areas.csv").read_bytes()


def test_booleans_are_written_as_in_the_files(package_copy) -> None:
    """pandas writes True, R TRUE and spreadsheets both."""
    before = package_copy.file("statutes").read_bytes()
    assert b"true" in before
    for true, false in (("True", "False"), ("TRUE", "FALSE"), ("1", "0")):
        rows = package_copy.rows("statutes")
        for row in rows:
            for name in ("covers_internal", "covers_transnational", "extraterritorial"):
                row[name] = {"true": true, "false": false}.get(row[name], row[name])
        package_copy.write_rows("statutes", rows)
        stamp(package_copy.path)
        assert package_copy.file("statutes").read_bytes() == before


def test_the_descriptor_lists_the_documents(package_copy) -> None:
    def rename(rows: list[dict[str, str]]) -> None:
        rows[0].update({"title": "A made-up document", "url": ""})

    package_copy.change("sources", rename)
    stamp(package_copy.path)
    assert package_copy.descriptor()["sources"][0] == {"title": "A made-up document"}


@pytest.mark.parametrize("failure", [PermissionError(1, "not permitted"), KeyboardInterrupt()])
@pytest.mark.parametrize("after", [False, True])
def test_a_failure_between_two_files_leaves_none_changed(
    package_copy, failure: BaseException, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_copy.change("operations", lambda rows: rows.append({**rows[-1], "id": "a-new-one"}))
    before = {f: f.read_bytes() for f in package_copy.path.rglob("*") if f.is_file()}
    replace, calls = os.replace, []

    def fail_once(new: Path, file: Path) -> None:
        calls.append(file)
        if len(calls) == 2 and not after:
            raise failure
        replace(new, file)
        if len(calls) == 2:
            raise failure

    monkeypatch.setattr(os, "replace", fail_once)
    expected = tip.DataPackageError if isinstance(failure, OSError) else type(failure)
    with pytest.raises(expected):
        stamp(package_copy.path)
    assert len(calls) > 2
    assert {f: f.read_bytes() for f in package_copy.path.rglob("*") if f.is_file()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and rights of files")
def test_links_stay_links_and_rights_stay_as_they_are(package_copy) -> None:
    file, target = package_copy.file("operations"), package_copy.path / "operations-of-2006.csv"
    file.rename(target)
    file.symlink_to(target)
    target.chmod(0o640)
    package_copy.change("operations", lambda rows: rows.append({**rows[-1], "id": "a-new-one"}))
    assert "data/operations.csv" in stamp(package_copy.path)
    assert file.is_symlink()
    assert target.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(os.listdir(package_copy.path / "data")) == sorted(
        os.listdir(tip.package_path() / "data")
    )


def test_the_version_is_that_of_the_project(package_copy) -> None:
    (package_copy.path.parent / "pyproject.toml").write_text(
        '[project]\nname = "cambodia-tip"\nversion = "7.8.9"\n'
    )
    assert stamp(package_copy.path) == ["datapackage.json"]
    assert package_copy.descriptor()["version"] == "7.8.9"


@pytest.mark.parametrize("version", ['"1.0"', '""', "1", "[]"])
def test_a_version_that_could_not_be_read_again_is_not_written(package_copy, version: str) -> None:
    before = (package_copy.path / "datapackage.json").read_bytes()
    (package_copy.path.parent / "pyproject.toml").write_text(
        f'[project]\nname = "cambodia-tip"\nversion = {version}\n'
    )
    with pytest.raises(tip.DataPackageError, match=r"pyproject\.toml .* such as '1\.2\.0'"):
        stamp(package_copy.path)
    assert (package_copy.path / "datapackage.json").read_bytes() == before


def test_the_version_of_another_project_is_not_taken(package_copy) -> None:
    (package_copy.path.parent / "pyproject.toml").write_text('[project]\nversion = "3.2.1"\n')
    assert stamp(package_copy.path) == []


def test_a_row_that_was_never_released_may_go(package_copy) -> None:
    package_copy.change("operations", lambda rows: rows.append({**rows[-1], "id": "z-new"}))
    stamp(package_copy.path)
    package_copy.change("operations", lambda rows: rows.pop())
    assert sorted(stamp(package_copy.path)) == ["data/ids.csv", "datapackage.json"]
    assert tip.validate(package_copy.path).valid


def test_a_released_row_may_go_once_its_id_is_retired(package_copy) -> None:
    gone = package_copy.rows("routes")[0]["id"]
    package_copy.change("routes", lambda rows: rows.pop(0))
    package_copy.edit("ids", gone, {"retired": tip.__version__})
    package_copy.change("row_caveats", lambda r: r.__setitem__(slice(None), without(r, gone)))
    assert "data/ids.csv" not in stamp(package_copy.path)
    assert gone in {row["id"] for row in package_copy.rows("ids")}
    assert tip.validate(package_copy.path).valid


def without(rows: list[dict[str, str]], gone: str) -> list[dict[str, str]]:
    return [row for row in rows if gone not in row.values()]


def test_a_new_id_has_the_version_that_is_being_made(package_copy) -> None:
    (package_copy.path.parent / "pyproject.toml").write_text(
        '[project]\nname = "cambodia-tip"\nversion = "7.8.9"\n'
    )
    package_copy.change("operations", lambda rows: rows.append({**rows[-1], "id": "z-new"}))
    stamp(package_copy.path)
    assert next(r["since"] for r in package_copy.rows("ids") if r["id"] == "z-new") == "7.8.9"


def move_to_another_table(copy: PackageCopy, name: str) -> None:
    copy.change("operations", lambda rows: rows.remove(next(r for r in rows if r["id"] == name)))
    copy.change("statutes", lambda rows: rows.append({**rows[-1], "id": name}))


NEXT = f"line {len(tip.load('areas')) + 2}"
"""The line below the last one of the table of areas."""


def append_line(line: bytes) -> Callable[[PackageCopy], None]:
    return lambda copy: copy.write("areas", copy.file("areas").read_bytes() + line + b"\n")


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (
            lambda copy: copy.change("operations", lambda rows: rows.pop()),
            r"'raid-2007-02-hotel' is gone from operations; it was released in 0\.1\.0: "
            r"put its row back, or retire it in ids\.csv \(retired \d+\.\d+\.\d+, and in",
        ),
        (
            lambda copy: copy.change("operations", lambda r: r[-1].update(id=RETIRED)),
            f"'{RETIRED}' is in operations; it was retired in 0.2.0 and is never used again",
        ),
        (lambda copy: copy.write("areas", b"x,y\n"), r"areas\.csv\), line 1: lacks the column"),
        (lambda copy: copy.write("areas", b""), "the file is empty"),
        (lambda copy: copy.write("areas", b"\xff"), "not UTF-8"),
        (lambda copy: copy.file("areas").unlink(), "the file is missing"),
        (
            lambda copy: copy.change(
                "operations", lambda r: r[0].update(id="enforcement-2004-persons-arrested")
            ),
            "is in enforcement_stats and operations",
        ),
        (
            lambda copy: copy.change("operations", lambda rows: rows.append(rows[-1])),
            "the id 'raid-2007-02-hotel' is twice in operations",
        ),
        (
            lambda copy: copy.change("ids", lambda rows: rows.insert(0, rows[0])),
            "the id 'action-pour-les-enfants' is twice in ids; take one row out",
        ),
        (
            lambda copy: move_to_another_table(copy, "raid-2007-02-hotel"),
            r"'raid-2007-02-hotel' is in statutes; since 0\.1\.0 it is one of operations: "
            "give the row another id",
        ),
        (append_line(b'x,"The period is "that" of the sentence before."'), "a closing quotation"),
        (append_line(b'x,"a quotation mark that stays open'), f"{NEXT}: opens a quotation mark"),
        (append_line(b"x," + b"y" * 200_000), "has a cell longer than 131,072"),
        (append_line(b""), f"{NEXT}: the line is blank"),
        (append_line(b",,,,"), f"{NEXT}: has only empty cells"),
        (append_line(b'"",,,,'), f"{NEXT}: has only empty cells"),
    ],
)
def test_what_cannot_be_stamped_stays_untouched(package_copy, break_it, message: str) -> None:
    break_it(package_copy)
    before = {f: f.read_bytes() for f in package_copy.path.rglob("*") if f.is_file()}
    with pytest.raises(tip.DataPackageError, match=message):
        stamp(package_copy.path)
    assert {f: f.read_bytes() for f in package_copy.path.rglob("*") if f.is_file()} == before


def test_missing_documents_are_a_clear_error(package_copy, tmp_path: Path) -> None:
    with pytest.raises(tip.DataPackageError, match=r"cable-06PHNOMPENH413\.txt cannot be read"):
        stamp(package_copy.path, tmp_path)


def test_a_version_to_come_is_told_how_it_comes(package_copy) -> None:
    package_copy.edit("ids", package_copy.rows("ids")[0]["id"], {"since": "99.0.0"})
    advice = f"raise version in pyproject.toml and stamp, if {tip.__version__} is released"
    assert advice in str(tip.validate(package_copy.path))


def test_one_document_may_be_named_without_a_list(package_copy, tmp_path: Path) -> None:
    with pytest.raises(tip.UnknownNameError, match="no document 'tip-20118'"):
        tip.open_package(package_copy.path).stamp(tmp_path, only="tip-20118")
