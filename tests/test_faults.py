"""Every fault that can be made from the descriptor is found, by the rule that is for it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from itertools import zip_longest
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

sys.path.insert(0, str(Path(__file__).parent))

from descriptor_faults import descriptor_faults, one_of_each
from faults import Fault, all_faults, document_faults, read_data
from lean import DATA, FAULTS, Lean, in_files
from trials import Trials, is_found, is_found_in_text, refresh, seal

PAGE = Path(__file__).parents[1] / "docs" / "faults.md"
OF_TEXT = [fault for fault in FAULTS if fault.is_of_text]
PROPERTIES = one_of_each(descriptor_faults(tip.package_path()))


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    trials = Trials(copy_package(tmp_path_factory.mktemp("trials")))
    assert not trials.known
    return trials


@pytest.fixture(scope="session")
def lean_trials(lean: Lean) -> Trials:
    return Trials(lean.path)


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


def test_many_faults_are_found_in_files(lean_trials: Trials, trials: Trials) -> None:
    check_files(lean_trials, trials, every=8)


@pytest.mark.exhaustive
def test_every_fault_is_found(lean_trials: Trials, trials: Trials) -> None:
    tried = {key(fault) for fault in check_files(lean_trials, trials, every=1)}
    assert {key(fault) for fault in in_files(FAULTS)} <= tried


def check_files(lean_trials: Trials, trials: Trials, every: int) -> list[Fault]:
    """Written into the file of a table, as `validate` reads it.

    Each kind in each table, and each fault that more than one text shows: keys, links, required
    cells, rules of content, ids, files. The texts of the other columns go the same way through
    the file as those of the first; what is asked of each is tried above. A few rules look at rows
    that a small package has not; there the whole package must show the error.
    """
    tried = in_files(list(all_faults(read_data(lean_trials.package.path))))[::every]
    for fault in tried:
        if not lean_trials.is_found(fault):
            of_the_whole = [whole for whole in FAULTS if key(whole) == key(fault)]
            assert of_the_whole, fault
            check(trials, of_the_whole)
    return tried


def key(fault: Fault) -> tuple[str, str, str]:
    return fault.kind, fault.table, fault.column


def test_there_are_faults_for_every_column_that_has_a_value() -> None:
    columns = {(fault.table, name) for fault in FAULTS for name in fault.column.split(", ")}
    for name in open_package().resources:
        filled = {column for row in DATA.rows[name] for column, text in row.items() if text}
        assert {(name, column) for column in filled} <= columns


def test_a_trial_finds_what_validate_finds(folder: Path) -> None:
    """The trials read one table again; that must come to the same as reading all."""
    trials = Trials(folder)
    for fault in some_of(FAULTS)[::60]:
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


def test_many_properties_that_are_spoilt_are_found(lean_trials: Trials) -> None:
    check_properties(lean_trials, every=8)


@pytest.mark.exhaustive
def test_every_property_that_is_spoilt_is_found(lean_trials: Trials) -> None:
    check_properties(lean_trials, every=1)


def check_properties(lean_trials: Trials, every: int) -> None:
    for fault in PROPERTIES[::every]:
        assert lean_trials.try_descriptor(fault, sealed=False), fault
        lean_trials.try_descriptor(fault, sealed=True)  # may find nothing, but never raises


@pytest.mark.slow
def test_what_the_documents_tell_is_found(trials: Trials, sources: dict[str, str]) -> None:
    """In each round one error in each table, so that the documents are read a few times only."""
    of_tables: dict[str, list[Fault]] = {}
    for fault in document_faults(DATA):
        if not fault.kind.startswith("the reporter"):  # who may be named elsewhere in the document
            of_tables.setdefault(fault.table, []).append(fault)
    for faults in zip_longest(*of_tables.values()):
        made = [*filter(None, faults)]
        found = trials.verified(made, os.environ["CAMBODIA_TIP_SOURCES"])
        missed = [fault for fault in made if not is_found(fault, found)]
        assert not missed, (missed, list(map(str, found)))


def test_the_page_counts_the_errors_there_are() -> None:
    rows = re.findall(r"^\| (\w[^|]*) \| ([\d,]+) \| [\d,]+ \|$", PAGE.read_text("utf-8"), re.M)
    kinds = dict.fromkeys(fault.kind for fault in FAULTS)
    tried = {kind: number for kind, number in rows if kind in kinds}
    assert tried == {kind: f"{sum(fault.kind == kind for fault in FAULTS):,}" for kind in kinds}


def test_the_page_says_that_all_are_found() -> None:
    number = f"{len(FAULTS):,}"
    line = f"| found by `cambodia-tip validate` | {number} of {number} (100.0%) |"
    assert line in PAGE.read_text("utf-8").splitlines()
