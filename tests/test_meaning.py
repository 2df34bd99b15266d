"""Errors of meaning are found as often as the page says, and some kinds always."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip

sys.path.insert(0, str(Path(__file__).parent))

from faults import read_data
from meaning_faults import MeaningFault, meaning_faults
from meaning_trials import MeaningTrials

PAGE = Path(__file__).parents[1] / "docs" / "faults.md"
FAULTS = meaning_faults(read_data())
WITHOUT_DOCUMENTS = {"a fact a second time under another id"}
"""Kinds of which `validate` must find each."""

WITH_DOCUMENTS = {"another passage"}
"""Kinds of which a check must find each where the documents are at hand."""

LEAST = 0.6
"""The share of all errors of meaning that some check must find."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("meaning") / "datapackage"
    shutil.copytree(tip.package_path(), place)
    return place


def some_of(faults: list[MeaningFault], number: int) -> list[MeaningFault]:
    """Of each kind a few."""
    kinds = dict.fromkeys(fault.kind for fault in faults)
    return [f for kind in kinds for f in [f for f in faults if f.kind == kind][:number]]


def test_the_sample_is_the_same_each_time() -> None:
    again = meaning_faults(read_data())
    names = [[(f.kind, f.table, f.row) for f in faults] for faults in (FAULTS, again)]
    assert names[0] == names[1]


def test_a_fact_told_again_is_found_without_documents(folder: Path) -> None:
    trials = MeaningTrials(folder, None)
    for fault in some_of([f for f in FAULTS if f.kind in WITHOUT_DOCUMENTS], 5):
        assert trials.found_by(fault) == {"validate"}, fault


def test_errors_of_meaning_are_found_with_the_documents(
    folder: Path, sources: dict[str, str]
) -> None:
    trials = MeaningTrials(folder, Path(os.environ["CAMBODIA_TIP_SOURCES"]))
    sample = FAULTS[::40]  # the page counts them all
    certain = some_of([f for f in FAULTS if f.kind in WITH_DOCUMENTS], 3)
    missed = [f for f in FAULTS if (f in sample or f in certain) and not trials.is_found(f)]
    assert not [fault for fault in certain if fault in missed]
    found = [fault for fault in sample if fault not in missed]
    assert len(found) >= LEAST * len(sample), {f.kind for f in sample} - {f.kind for f in found}


def test_the_page_says_that_most_are_found() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found, tried = re.findall(r"^Found: ([\d,]+) of ([\d,]+) ", text, re.M)[0]
    assert int(found.replace(",", "")) >= LEAST * int(tried.replace(",", ""))
