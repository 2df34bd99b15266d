"""What a type checker says of a user's script, right and wrong."""

from __future__ import annotations

import doctest
import pydoc
from typing import get_args

import pytest
from mypy import api

import cambodia_tip as tip
from cambodia_tip.exports import FORMATS

RIGHT = """
import cambodia_tip as tip
import pandas as pd

frame: pd.DataFrame = tip.load("repatriations", labels=True)
for name in tip.tables()["name"]:
    tip.dictionary(name)
style: tip.CitationFormat = "bibtex"
text: str = tip.cite(frame, format=style)
target: tip.ExportFormat = "sqlite"
tip.export(target, "x.sqlite", tables=["statutes"])
backend: tip.Backend = "polars"
tip.schema("penalties", backend="polars").validate


def quotes(rows: tip.Rows) -> list[str]:
    return list(tip.evidence(rows)["quote"])


engine: tip.Engine = "duckdb"
report: tip.Report = tip.validate(engine=engine)
assert report.valid, report.subject
version: str = tip.__version__
"""
WRONG = {
    "tip.laod('statutes')": "has no attribute",
    "from cambodia_tip import NoSuchClass": "has no attribute",
    "tip.load('penaltys')": "incompatible type",
    "tip.dictionary('penaltys')": "incompatible type",
    "tip.cite(format='bibtext')": "incompatible type",
    "tip.export('sqlite3', 'x')": "incompatible type",
    "tip.schema('penalties', backend='polar')": "No overload",
    "tip.validate(engine='duck')": "incompatible type",
    "tip.evidence(3)": "incompatible type",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the type checker says of both scripts, in one run: most of it reads the libraries."""
    folder = tmp_path_factory.mktemp("scripts")
    wrong = "\n".join(["import cambodia_tip as tip", *WRONG]) + "\n"
    scripts = {folder / "right.py": RIGHT, folder / "wrong.py": wrong}
    for script, text in scripts.items():
        script.write_text(text, encoding="utf-8")
    lines, _, status = api.run(["--strict", "--no-error-summary", *map(str, scripts)])
    assert status == 1
    return lines.splitlines()


def test_a_right_script_passes(said: list[str]) -> None:
    assert [line for line in said if "wrong.py:" not in line] == []


def test_each_wrong_line_is_an_error(said: list[str]) -> None:
    for number, (line, words) in enumerate(WRONG.items(), 2):
        errors = [s for s in said if f"wrong.py:{number}: error" in s]
        assert any(words in error for error in errors), (line, said)


def test_formats_are_those_that_there_are() -> None:
    assert set(get_args(tip.ExportFormat)) == set(FORMATS)


@pytest.mark.parametrize(
    "name", [name for name in tip.__all__ if name.endswith(("Error", "Warning"))]
)
def test_errors_are_shown_as_users_import_them(name: str) -> None:
    assert getattr(tip, name).__module__ == "cambodia_tip"


@pytest.mark.parametrize("name", ["Finding", "Report", "Change", "Changes"])
def test_public_classes_are_of_the_package_and_their_examples_run(name: str) -> None:
    found = getattr(tip, name)
    assert found.__module__ == "cambodia_tip"
    for test in doctest.DocTestFinder().find(found, name, globs={**vars(tip), name: found}):
        assert doctest.DocTestRunner().run(test).failed == 0


def test_help_begins_with_a_table_of_the_functions_and_is_short() -> None:
    text = pydoc.plain(pydoc.render_doc(tip))
    functions = text.partition("PACKAGE CONTENTS")[0]
    for name in ("load", "evidence", "cite", "validate"):
        assert f"{name}(" in functions
    assert "CaveatWarning(" not in text
    assert text.count("\n") < 700
