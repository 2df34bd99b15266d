"""Packages and archives of strangers end in a finding or in one line, and soon."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pandera.pandas as pa
import pytest

import cambodia_tip as tip
from cambodia_tip.command.cli import run
from cambodia_tip.package import patterns
from cambodia_tip.reading.csv_text import MOST_CHARACTERS

if TYPE_CHECKING:
    from conftest import PackageCopy

SLOW = "([A-Za-z ]+)+[0-9]"
"""A pattern that takes Python's `re` longer than anyone waits."""


@pytest.fixture(autouse=True)
def forget_patterns() -> None:
    patterns.matcher.cache_clear()


def test_a_pattern_of_repeats_in_repeats_is_matched_in_bounded_time(small_copy) -> None:
    pytest.importorskip("re2")
    small_copy.edit_field("units", "label", constraints={"required": True, "pattern": SLOW})
    report = tip.validate(small_copy.path)
    assert "pattern" in {f.rule for f in report if f.column == "label"}
    assert "pattern-limit" not in {f.rule for f in report}


def test_without_re2_such_a_pattern_is_one_finding(
    small_copy: PackageCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    small_copy.edit_field("units", "label", constraints={"required": True, "pattern": SLOW})
    small_copy.seal()
    (finding,) = tip.validate(small_copy.path).findings
    assert finding.rule == "pattern-limit"
    assert 'python -m pip install "cambodia-tip[re2]"' in finding.message


def test_the_schema_of_a_stranger_matches_such_a_pattern_in_bounded_time(
    small_copy: PackageCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_copy.edit_field("units", "label", constraints={"required": True, "pattern": SLOW})
    rows = tip.load("units").assign(label="x" * 500)
    package = tip.open_package(small_copy.path)
    if find_spec("re2"):
        with pytest.raises(pa.errors.SchemaError, match="str_matches"):
            package.schema("units").validate(rows)
        patterns.matcher.cache_clear()
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(tip.MissingLibraryError, match=r"cambodia-tip\[re2\]"):
        package.schema("units")


@pytest.mark.parametrize(
    ("pattern", "is_simple"),
    [
        ("[A-Z]{3}", True),
        ("([A-Z]{3}|KH-([0-9]{1,2}|NW)|W[0-9]|[0-9]{3})", True),
        (r"\(a+\)\*[(*+]", True),
        ("(a+)+b", False),
        ("((a?){30})a{30}", False),
        ("(a|aa)+b", False),
        ("((x(a*)y)){2}", False),
        ("a?a?a?a?a?aaaaa", False),
        ("a*a*a*b", False),
        ("a{0,9}a{0,9}a{0,9}b", False),
    ],
)
def test_only_patterns_with_few_repeats_are_simple(pattern: str, is_simple: bool) -> None:
    assert patterns.is_simple(pattern) == is_simple


COMMANDS = [
    ("validate", "PACKAGE"),
    ("stamp", "PACKAGE"),
    ("changes", "PACKAGE"),
    ("path", "--hash", "PACKAGE"),
    ("verify", "PACKAGE", "--sources", "."),
    ("audit", "PACKAGE", "--sources", "."),
    ("add-source", "quay-2041.txt", "PACKAGE"),
]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_waits_for_a_named_pipe(
    small_copy: PackageCopy,
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("quay-2041.txt").write_text("A quay.\n\nIt has two bars.\n")
    for file in (small_copy.file("units"), small_copy.path / "schemas" / "units.json"):
        content = file.read_bytes()
        file.unlink()
        os.mkfifo(file)
        status = run([part.replace("PACKAGE", str(small_copy.path)) for part in command])
        said = capsys.readouterr()
        assert status in (1, 2)
        assert "cannot be read: it is a pipe or a device" in said.out + said.err
        file.unlink()
        file.write_bytes(content)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_document_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tip-2018.pdf")
    with pytest.raises(tip.DataPackageError, match=r"tip-2018\.pdf cannot be read: it is a pipe"):
        tip.verify(tmp_path, only=["tip-2018"])


def test_a_file_of_an_archive_must_have_the_size_that_is_stated(
    small_copy: PackageCopy, tmp_path: Path
) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in small_copy.path.rglob("*.*"):
            content = b"unit,label\n" + b",\n" * (8 << 20) if file.name == "units.csv" else None
            archive.writestr(
                file.relative_to(small_copy.path).as_posix(), content or file.read_bytes()
            )
    with pytest.raises(tip.DataPackageError, match="has 16777227 bytes in place of"):
        tip.changes(bomb)


@pytest.mark.parametrize("is_sealed", [True, False])
def test_of_a_file_of_many_wrong_lines_the_first_are_reported(
    small_copy: PackageCopy, is_sealed: bool
) -> None:
    header = small_copy.file("units").read_bytes().partition(b"\n")[0]
    small_copy.write("units", header + b"\n" + b",\n" * (1 << 18), refresh=is_sealed)
    report = tip.validate(small_copy.path)
    found = [f for f in report if f.table == "units"]
    assert len(found) < 1100
    assert "row-length" in {f.rule for f in found}


@pytest.mark.parametrize(
    ("content", "command"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n", "git lfs pull"),
        (b"/annex/objects/SHA256E-s9--12.csv\n", "git annex get ."),
    ],
)
def test_a_pointer_to_data_elsewhere_is_told_from_data(
    small_copy: PackageCopy, content: bytes, command: str
) -> None:
    small_copy.file("units").write_bytes(content)
    wanted = f"the file only points to the data; get them with: {command}"
    assert wanted in [f.message for f in tip.validate(small_copy.path)]
    with pytest.raises(tip.DataPackageError, match="the file only points to the data"):
        tip.open_package(small_copy.path).load("units")


def test_a_missing_file_says_how_to_get_it(small_copy: PackageCopy) -> None:
    file = small_copy.file("units")
    file.unlink()
    file.with_name("units.csv.dvc").touch()
    assert "get it with: dvc pull" in tip.validate(small_copy.path).findings[0].message
    file.symlink_to("elsewhere.csv")
    assert "is a link to a file that is missing" in str(tip.validate(small_copy.path))


def test_a_link_out_of_the_package_is_named_as_one(small_copy: PackageCopy, tmp_path: Path) -> None:
    file = small_copy.file("units").rename(tmp_path / "units.csv")
    small_copy.file("units").symlink_to(file)
    (finding,) = tip.validate(small_copy.path).findings
    assert "leads out of the package through a link" in finding.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("unit,label,label", "has the column 'label' twice"),
        ("unit,label,", "does the line end with a comma?"),
        ("unit,label,kind,definition\na,b,c," + "x" * (MOST_CHARACTERS + 1), "longer than 131,072"),
    ],
)
def test_errors_of_a_file_are_named_as_they_are_in_it(
    small_copy: PackageCopy, content: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    small_copy.write("units", content.encode() + b"\n", refresh=False)
    assert message in str(tip.validate(small_copy.path))
    for command in ("stamp", "changes"):
        assert run([command, str(small_copy.path)]) == 2
        assert message in capsys.readouterr().err


def test_utf_16_and_a_mark_before_the_descriptor_are_named(small_copy: PackageCopy) -> None:
    small_copy.write("units", "unit,label\n".encode("utf-16"), refresh=False)
    assert "is encoded as UTF-16; save it as UTF-8" in str(tip.validate(small_copy.path))
    file = small_copy.path / "datapackage.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    (finding,) = tip.validate(small_copy.path).findings
    assert "it begins with a byte-order mark; save it as plain UTF-8" in finding.message


def test_of_four_who_add_a_document_at_once_each_keeps_it(
    small_copy: PackageCopy, tmp_path: Path
) -> None:
    names = [f"quay-{year}" for year in range(2041, 2045)]
    started = []
    for name in names:
        text = tmp_path / f"{name}.txt"
        text.write_text(f"Report on {name}\n\nIt has bars at {name}.\n\nThat is all of {name}.\n")
        command = [sys.executable, "-m", "cambodia_tip", "add-source", text, small_copy.path]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    said = [process.communicate(timeout=120)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert set(names) <= {row["source_id"] for row in small_copy.rows("sources")}
    assert set(names) <= {row["source_id"] for row in small_copy.rows("passages")}
