"""The reliability page holds what its script prints, and its tables lead to rows that exist."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest

import cambodia_tip as tip

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_shows_what_the_tables_give() -> None:
    script = DOCS / "reliability" / "agreement.py"
    spec = importlib.util.spec_from_file_location("agreement", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (DOCS / "reliability.md").read_text(encoding="utf-8")
    assert module.figures() in page
    assert module.statements() in page


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
