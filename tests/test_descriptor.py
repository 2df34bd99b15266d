"""The descriptor and the schemas as the one description of every column."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from frictionless import Package

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package
from cambodia_tip.package.table_names import TableName

PROVENANCE = ("source_id", "passage", "quote")
DIFFER = {
    ("kind", "categories"): "each table has its own kinds of things",
    ("kind", "example"): "each table has its own kinds of things",
    ("kind", "constraints"): "each table has its own kinds of things",
    ("parent", "example"): "the parent of an area is an area",
    ("population", "description"): "a key cannot be empty, so a use says none",
    ("value", "type"): "estimates alone have numbers with fractions",
}
"""What a column of one name may have of its own in each table, and why."""


def raw_fields() -> list[tuple[str, dict]]:
    folder = tip.package_path() / "schemas"
    return [
        (name, field)
        for name in open_package().resources
        for field in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["fields"]
    ]


def test_frictionless_finds_nothing_wrong() -> None:
    report = Package(str(tip.package_path() / "datapackage.json")).validate()
    assert report.valid, report.to_summary()


def test_one_name_means_one_thing() -> None:
    first: dict[str, tuple[str, dict]] = {}
    differences = []
    for table, field in raw_fields():
        home, known = first.setdefault(field["name"], (table, field))
        for name in {*field, *known}:
            own, other = field.get(name), known.get(name)
            if name == "constraints":  # whether a cell may be empty is up to the table
                loose = ("required", "unique", "pattern")  # a key alone states its pattern
                own = {k: v for k, v in (own or {}).items() if k not in loose}
                other = {k: v for k, v in (other or {}).items() if k not in loose}
            if name == "differs" or (name.startswith("sdmx") and None in (own, other)):
                continue  # a column is a dimension in tables of figures only
            own, other = own or {}, other or {}
            if own != other and (field["name"], name) not in DIFFER:
                differences.append((field["name"], name, home, table))
    assert differences == []


def test_every_description_is_a_sentence() -> None:
    for name, resource in open_package().resources.items():
        for field in resource.fields:
            assert field.description.endswith("."), (name, field.name)


def test_closed_lists_are_given_twice_and_equal() -> None:
    """Some tools know `categories`, others `constraints.enum`; both must say the same."""
    for table, field in raw_fields():
        if "categories" in field:
            values = [category["value"] for category in field["categories"]]
            assert field["constraints"]["enum"] == values, (table, field["name"])


def test_only_the_empty_cell_is_missing() -> None:
    for name in open_package().resources:
        schema = json.loads((tip.package_path() / "schemas" / f"{name}.json").read_text())
        assert schema["missingValues"] == [""]


def test_every_table_with_quotes_names_its_passage() -> None:
    for name, resource in open_package().resources.items():
        if "quote" in resource.field_names:
            assert set(PROVENANCE) <= set(resource.field_names), name
            targets = {key.fields: key.resource for key in resource.foreign_keys}
            assert targets["source_id", "passage"] == "passages"
        if resource.primary_key == ("id",) and name != "ids":
            assert "ids" in {key.resource for key in resource.foreign_keys}, name


def test_editors_complete_the_names_of_the_tables() -> None:
    assert sorted(get_args(TableName)) == sorted(open_package().resources)


@pytest.mark.parametrize("word", ["prostitute", "pimp", "sex worker", "child porn", "sex touris"])
def test_our_own_words_are_neutral(word: str) -> None:
    """In labels and definitions; but no vaguer than the documents: a brothel is a brothel."""
    allowed = {("offences", "definition")}
    for name, resource in open_package().resources.items():
        for column in {"label", "definition", "title", "note", "summary", "description"} & set(
            resource.field_names
        ):
            text = tip.load(name)[column].dropna().str.lower()
            if (name, column) not in allowed:
                assert not text.str.contains(word).any(), (name, column)


def test_the_page_of_checks_names_every_rule() -> None:
    """Those that a fault is made for, and those of the rules of content."""
    from cambodia_tip.checking import (
        package_rules,  # noqa: F401
        quote_rules,  # noqa: F401
        rules,
        table_rules,  # noqa: F401
    )

    page = (Path(__file__).parents[1] / "docs" / "checks.md").read_text(encoding="utf-8")
    table = page.partition("## Validate")[2].partition("## ")[0]
    named = set(re.findall(r"`([a-z-]+)`", table))
    registered = {rule.name for rule in [*rules.TABLE_RULES, *rules.PACKAGE_RULES]}
    assert registered <= named
