"""The pages on agreement hold what their scripts print, and their tables name rows that exist."""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import cambodia_tip as tip

DOCS = Path(__file__).parents[1] / "docs"


def script(name: str) -> ModuleType:
    """A script of the folder ``docs/reliability``."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "reliability" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_appendix_is_what_its_script_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(DOCS / "reliability")
    written = (DOCS / "agreement.md").read_text(encoding="utf-8")
    assert script("page").page() == written, (
        "python docs/reliability/page.py --write docs/agreement.md"
    )


def test_the_page_on_quality_has_the_summary() -> None:
    page = (DOCS / "method" / "quality.md").read_text(encoding="utf-8")
    assert script("agreement").summary() in page
    (total,) = re.findall(r"^\| all \| (.*) \|$", script("official").table(), re.M)
    equal, different, none = total.split(" | ")
    assert (different, none) == ("0", "0")
    assert f"All {equal} that can be" in page


@pytest.mark.parametrize(
    ("answer", "record", "expected"),
    [
        ("1309", "1309", "equal"),
        ("1309", "1824", "different"),
        ("Unknown", "not_reported", "equal"),
        ("N/A", "not_reported", "different"),
        ("0", "not_available", "different"),
        ("7", None, "no record"),
    ],
)
def test_an_answer_that_differs_is_told_from_one_that_does_not(
    answer: str, record: str | None, expected: str
) -> None:
    assert script("official").outcome(answer, record) == expected


def test_the_departments_answers_are_read_without_signs_and_separators(tmp_path: Path) -> None:
    answers = "<Labor_Funding>$100,000</Labor_Funding><Labor_Violations>Unknown </Labor_Violations>"
    law = "<Legal_Standards><Minimum_Work><Age>15</Age></Minimum_Work></Legal_Standards>"
    xml = f"<Country>{law}<Enforcements>{answers}</Enforcements></Country>"
    (tmp_path / "dol-data-2019.xml").write_text(xml, encoding="utf-8")
    assert script("official").read(tmp_path) == [
        {"edition": "2019", "item": "Labor_Funding", "value": "100000"},
        {"edition": "2019", "item": "Labor_Violations", "value": "Unknown"},
        {"edition": "2019", "item": "Minimum_Work", "value": "15"},
    ]


@pytest.mark.parametrize("name", ["figures.csv", "statements.csv"])
def test_rows_that_the_tables_name_exist(name: str) -> None:
    listed = tip.load("ids")
    ids = set(listed["id"][listed["retired"].isna()])
    with (DOCS / "reliability" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row_id"] for row in rows if row["row_id"] and row["row_id"] not in ids] == []


def test_every_difference_is_settled_with_a_reason() -> None:
    with (DOCS / "reliability" / "figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            attributes = {name.partition("_")[2] for name in row if name.startswith("second_")}
            attributes -= {"quote"}
            differs = any(row[f"first_{a}"] != row[f"second_{a}"] for a in attributes)
            assert bool(row["settled"]) == bool(row["reason"]) == differs, row
