"""Every fault that can be made from the descriptor is found, by the rule that is for it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

sys.path.insert(0, str(Path(__file__).parent))

from descriptor_faults import descriptor_faults, one_of_each
from faults import Fault, all_faults, document_faults, read_data
from trials import Trials, is_found, is_found_in_text, seal

PAGE = Path(__file__).parents[1] / "docs" / "faults.md"
DATA = read_data()
FAULTS = list(all_faults(DATA))
OF_TEXT = [fault for fault in FAULTS if fault.is_of_text]
IN_FILES = [
    *{(fault.kind, fault.table): fault for fault in OF_TEXT[::-1]}.values(),
    *(fault for fault in FAULTS if not fault.is_of_text),
]
"""What is tried in files: of the faults of a text, the first of its kind in each table."""

PROPERTIES = one_of_each(descriptor_faults(tip.package_path()))


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(copy_package(tmp_path_factory.mktemp("trials")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_package(tmp_path)


def copy_package(place: Path) -> Path:
    shutil.copytree(tip.package_path(), place / "datapackage")
    return place / "datapackage"


def some_of(faults: list[Fault]) -> list[Fault]:
    """Of each kind a few, each time in other tables."""
    kinds = {fault.kind: [f for f in faults if f.kind == fault.kind] for fault in faults}
    return [
        fault
        for number, of_kind in enumerate(kinds.values())
        for fault in of_kind[number % len(of_kind) :: max(1, len(of_kind) // 3)]
    ]


def check(trials: Trials, faults: list[Fault]) -> None:
    for fault in faults:
        assert trials.is_found(fault), (fault, [str(f) for f in trials.findings(fault)])


def test_a_fault_of_each_kind_is_found(trials: Trials) -> None:
    check(trials, some_of(FAULTS))


def test_every_fault_of_a_text_is_found_in_the_text() -> None:
    """Each kind in each column, before the tests of a text; no file is written for it."""
    for fault in OF_TEXT:
        column = DATA.package.resource(fault.table).field(fault.column)
        assert is_found_in_text(fault, column), fault


@pytest.mark.slow
def test_every_fault_is_found(any_table: str, trials: Trials) -> None:
    """Written into the file of a table, as `validate` reads it.

    Each kind in each table, and each fault that more than one text shows: keys, links, required
    cells, rules of content, ids, files. The texts of the other columns go the same way through
    the file as those of the first; what is asked of each is tried above.
    """
    check(trials, [fault for fault in IN_FILES if fault.table == any_table])


def test_there_are_faults_for_every_column_that_has_a_value() -> None:
    columns = {(fault.table, name) for fault in FAULTS for name in fault.column.split(", ")}
    for name in open_package().resources:
        filled = {column for row in DATA.rows[name] for column, text in row.items() if text}
        assert {(name, column) for column in filled} <= columns


def test_a_trial_finds_what_validate_finds(folder: Path) -> None:
    """The trials read one table again; that must come to the same as reading all."""
    trials = Trials(folder)
    for fault in some_of(FAULTS)[::23]:
        with trials.put(fault):
            if fault.is_hidden:
                refresh(folder)
            whole = list(tip.validate(folder))
        refresh(folder)
        assert set(trials.findings(fault)) == set(whole), fault
        assert trials.is_found(fault) == is_found(fault, whole), fault


def test_a_trial_of_the_descriptor_finds_what_validate_finds(folder: Path) -> None:
    trials = Trials(folder)
    good = {file: file.read_bytes() for file in folder.rglob("*.json")}
    for fault in PROPERTIES[::37]:
        found = trials.try_descriptor(fault, sealed=True)
        file = folder / fault.file
        file.write_text(json.dumps(fault.apply(json.loads(good[file]))), encoding="utf-8")
        seal(folder)
        assert set(found) == set(tip.validate(folder)), fault
        for file, content in good.items():
            file.write_bytes(content)


def refresh(folder: Path) -> None:
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    for entry in descriptor["resources"]:
        path = folder / entry["path"]
        if path.exists():
            content = path.read_bytes()
            entry["bytes"] = len(content)
            entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    seal(folder)


def test_a_property_that_is_spoilt_is_found(trials: Trials) -> None:
    for fault in PROPERTIES[::3]:
        assert trials.try_descriptor(fault, sealed=False), fault


@pytest.mark.slow
@pytest.mark.parametrize("owner", {fault.owner: None for fault in PROPERTIES})
def test_every_property_that_is_spoilt_is_found(owner: str, trials: Trials) -> None:
    for fault in PROPERTIES:
        if fault.owner == owner:
            assert trials.try_descriptor(fault, sealed=False), fault
            trials.try_descriptor(fault, sealed=True)  # may find nothing, but never raises


@pytest.mark.slow
def test_what_the_documents_tell_is_found(trials: Trials, sources: dict[str, str]) -> None:
    for fault in document_faults(DATA):
        if fault.kind.startswith("the reporter"):
            continue  # it may be named elsewhere in the document
        found = trials.verified(fault, os.environ["CAMBODIA_TIP_SOURCES"])
        assert is_found(fault, found), (fault, list(map(str, found)))


def test_the_page_counts_the_errors_there_are() -> None:
    rows = re.findall(r"^\| (\w[^|]*) \| ([\d,]+) \| [\d,]+ \|$", PAGE.read_text("utf-8"), re.M)
    kinds = dict.fromkeys(fault.kind for fault in FAULTS)
    tried = {kind: number for kind, number in rows if kind in kinds}
    assert tried == {kind: f"{sum(fault.kind == kind for fault in FAULTS):,}" for kind in kinds}


def test_the_page_says_that_all_are_found() -> None:
    number = f"{len(FAULTS):,}"
    line = f"| found by `cambodia-tip validate` | {number} of {number} (100.0%) |"
    assert line in PAGE.read_text("utf-8").splitlines()
