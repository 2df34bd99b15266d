"""Both engines of `validate` find the same, in the same order, whatever is wrong."""

from __future__ import annotations

import runpy
import subprocess
import sys
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.checking import out_of_core, validation
from cambodia_tip.checking.rules import PACKAGE_RULES, TABLE_RULES
from cambodia_tip.package.content_hash import sha256
from cambodia_tip.package.model import Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.csv_text import parse, parse_blocks

sys.path.insert(0, str(Path(__file__).parent))

from descriptor_faults import DescriptorFault, descriptor_faults, one_of_each
from faults import Fault
from lean import OF_FILES, Lean, Patch
from trials import refresh, spoilt

synthetic = runpy.run_path(str(Path(__file__).with_name("synthetic.py")))
PROPERTIES = one_of_each(descriptor_faults(tip.package_path()))


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that the rows that a rule looks at are in other parts."""
    monkeypatch.setattr(out_of_core, "BATCH", 60)


def check(folder: Path | None = None) -> tip.Report:
    """The report, which is the same from both engines."""
    report = tip.validate(folder)
    other = tip.validate(folder, engine="duckdb")
    pairs = zip_longest(report, other)
    differing = next((pair for pair in pairs if pair[0] != pair[1]), None)
    assert differing is None, [str(finding) for finding in differing]
    assert report == other
    return report


def rounds(lean: Lean) -> list[dict[str, Patch]]:
    """All faults of rows: in each round as many as change different rows."""
    made: list[dict[str, Patch]] = []
    for table, patch in lean.patches:
        for patches in made:
            if not patch.keys() & patches.get(table, {}).keys():
                break
        else:
            patches = {}
            made.append(patches)
        patches[table] = patches.get(table, {}) | patch
    return made


def check_round(lean: Lean, patches: dict[str, Patch]) -> tip.Report:
    for table, patch in patches.items():
        lean.files[table].write_bytes(lean.content(table, patch))
    refresh(lean.path)
    try:
        return check(lean.path)
    finally:
        lean.restore()


def test_the_engines_agree_on_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out_of_core, "BATCH", 1000)
    assert check().valid


def test_the_engines_agree_on_a_synthetic_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has errors in some rows, and wholes, parts and equal rows in different parts."""
    monkeypatch.setattr(out_of_core, "BATCH", 50)
    synthetic["write_package"](tmp_path, 300, tables=["repatriations", "indicator_uses"])
    file = tmp_path / "data" / "repatriations.csv"
    header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [
        line.replace(",persons,", ",cases,") if n % 9 == 0 else line for n, line in enumerate(lines)
    ]
    file.write_text(
        "".join([header, *lines[:200], *lines[100:150], *lines[200:]]), encoding="utf-8"
    )
    synthetic["refresh"](tmp_path)
    assert {"parts", "indicator-use", "primary-key", "order"} <= {f.rule for f in check(tmp_path)}


@pytest.mark.exhaustive
def test_the_engines_agree_on_every_fault_of_a_row(lean: Lean) -> None:
    """As many at a time as are in different rows; each rule that needs other rows finds some."""
    found = {finding.rule for patches in rounds(lean) for finding in check_round(lean, patches)}
    assert {rule.name for rule in (*TABLE_RULES, *PACKAGE_RULES)} <= found


def test_the_engines_agree_on_many_faults_of_rows(
    lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_core, "BATCH", 400)
    rules = {finding.rule for finding in check_round(lean, rounds(lean)[0])}
    assert len(rules) > 20, rules


def check_alone(resource: Resource) -> None:
    """Both engines find the same in a package with this table only."""
    package = replace(open_package(), resources={resource.name: resource})
    assert validation._check_tables(package, []) == out_of_core.check_tables(package, [])


def test_the_engines_agree_on_faults_of_files(lean: Lean) -> None:
    for fault in OF_FILES[::20]:
        check_file(lean, fault)


@pytest.mark.exhaustive
def test_the_engines_agree_on_every_fault_of_a_file(lean: Lean) -> None:
    for fault in OF_FILES:
        check_file(lean, fault)


def check_file(lean: Lean, fault: Fault) -> None:
    file, resource = lean.files[fault.table], open_package().resource(fault.table)
    content = fault.change(lean.content(fault.table))
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
        if fault.is_hidden:
            resource = replace(resource, bytes=len(content), hash=sha256(content))
    try:
        check_alone(replace(resource, path=file))
    finally:
        file.write_bytes(lean.content(fault.table))


@pytest.mark.parametrize("number", [999, 1000, 1001, 2500])
@pytest.mark.parametrize("wrong", [b"\xe9,\n", b"x\n", b"\r\n", b'"x\n', b"a,b\r\n"])
def test_the_engines_agree_on_how_many_errors_are_reported(
    wrong: bytes, number: int, tmp_path: Path
) -> None:
    resource = open_package().resource("units")
    good = resource.path.read_bytes()
    for content in (good + wrong * number, good + wrong * number + good[-30:] + b"end"):
        file = tmp_path / "units.csv"
        file.write_bytes(content)
        check_alone(replace(resource, path=file))


def test_parts_of_a_file_are_read_as_the_whole() -> None:
    """Wherever the blocks end, and however few lines a part has."""
    good = b"id,label\nKHM,Cambodia\nTHA,Thailand\n"
    for content in (
        *(good, good[:-1], b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf" + good, b"\n" + good, b"a\rb"),
        *(
            good.replace(b"\n", b"\r\n"),
            good.replace(b"H", b"\xff"),
            good.replace(b"T", b'"'),
            good + b"\n",
        ),
        *(
            good.replace(b",", b";"),
            b"id,labels\n" + good,
            "\u1780,x\n".encode() + good,
            good.decode().encode("utf-16"),
        ),
    ):
        whole = parse(content, ["id", "label"])
        for size in (3, 8, 100):
            blocks = [content[n : n + size] for n in range(0, len(content), size)]
            *parts, last = parse_blocks(blocks, ["id", "label"], 2)
            assert [row for part in parts for row in part.rows] == whole.rows
            assert [line for part in parts for line in part.lines] == [*whole.lines]
            assert (last.header, last.errors) == (whole.header, whole.errors)


@pytest.mark.parametrize("fault", PROPERTIES[::100], ids=str)
def test_the_engines_agree_on_a_descriptor(fault: DescriptorFault, lean: Lean) -> None:
    with spoilt(lean.path, fault, sealed=True):
        check(lean.path)


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(tip.UnknownNameError, match="no engine 'duck'; did you mean 'duckdb'"):
        tip.validate(engine="duck")
    with pytest.raises(TypeError):
        tip.validate(engine=None)


def test_without_duckdb_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    for module in ("out_of_core", "store"):
        monkeypatch.delitem(sys.modules, f"cambodia_tip.checking.{module}")
    with pytest.raises(tip.MissingLibraryError, match=r"needs duckdb.*\[duckdb\]") as caught:
        tip.validate(engine="duckdb")
    assert "\n" not in str(caught.value)


def test_the_command_and_the_method_have_the_engine(
    lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_core, "BATCH", 1000)
    report = tip.validate(lean.path)
    assert tip.open_package(lean.path).validate(engine="duckdb") == report
    arguments = ["validate", str(lean.path), "--all", "--engine", "duckdb"]
    command = [sys.executable, "-m", "cambodia_tip", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.stdout.splitlines() == [*report.lines(None)]


PEAK = """
import sys
from cambodia_tip.checking import out_of_core, store
from cambodia_tip.checking.validation import validate
out_of_core.BATCH = 2000
store._CONFIG["memory_limit"] = "100MB"
assert validate(sys.argv[1], engine=sys.argv[2]).valid
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""Prints its peak of memory; `ru_maxrss` may be that of the process that started it."""


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_the_memory_does_not_grow_with_the_package(tmp_path: Path) -> None:
    """With less memory for the database than a package needs that a test has time for."""

    def peak(rows: int, engine: str) -> int:
        folder = tmp_path / str(rows)
        if not folder.exists():
            synthetic["write_package"](folder, rows, tables=["repatriations"])
        command = [sys.executable, "-c", PEAK, str(folder), engine]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    grown = {e: peak(20_000, e) - peak(2_000, e) for e in ("memory", "duckdb")}
    assert grown["duckdb"] < grown["memory"] / 2, grown
