"""The pages that are made from the data show all of it, as the files have it.

What is expected is read from the CSV files and the schemas themselves; the pages are
those of a site that was built, in the folder that CAMBODIA_TIP_SITE names.
"""

from __future__ import annotations

import csv
import importlib
import json
import os
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

bs4 = pytest.importorskip("bs4")

DOCS = Path(__file__).parents[2] / "docs"
sys.path.append(str(DOCS / "_extensions"))
dictionary_facts = importlib.import_module("dictionary_facts")

DESCRIPTOR = json.loads((tip.package_path() / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {entry["name"]: entry for entry in DESCRIPTOR["resources"]}
TABLES = list(RESOURCES)


def schema(table: str) -> dict:
    path = tip.package_path() / RESOURCES[table]["schema"]
    return json.loads(path.read_text(encoding="utf-8"))


def rows(table: str) -> list[dict[str, str]]:
    path = tip.package_path() / RESOURCES[table]["path"]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def read(path: Path) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def page() -> Callable[[str], bs4.BeautifulSoup]:
    site = os.environ.get("CAMBODIA_TIP_SITE")
    if not site:
        pytest.skip("CAMBODIA_TIP_SITE does not name a folder with the built site")
    return lambda name: read(Path(site) / f"{name}.html").find("article")


def text(element: bs4.Tag) -> str:
    return " ".join(element.get_text(" ").split())


def cell(element: bs4.Tag) -> str:
    return " ".join(element.get_text("").split())


def targets(table: str) -> list[tuple[str, str, str]]:
    """Column, table and column that it refers to."""
    return [
        (column, key["reference"].get("resource") or table, target)
        for key in schema(table).get("foreignKeys", [])
        for column, target in zip(
            _list(key["fields"]), _list(key["reference"]["fields"]), strict=True
        )
    ]


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("table", TABLES)
def test_a_page_says_what_the_table_is(page, table: str) -> None:
    article = page(f"dictionary/{table}")
    shown = text(article)
    assert text(article.find("h1")).startswith(RESOURCES[table]["title"])
    assert " ".join(RESOURCES[table]["description"].split()) in shown
    assert f"Rows : {len(rows(table))} " in shown
    assert f'tip.load("{table}")' in article.get_text()
    assert f"cambodia-tip show {table}" in article.get_text()
    has_records = {"id", "quote"} <= {field["name"] for field in schema(table)["fields"]}
    link = article.find("a", href=f"../explorer.html?topic={table}")
    assert bool(link) == has_records
    assert not has_records or text(link) == f"Its {len(rows(table)):,} records"


@pytest.mark.parametrize("table", TABLES)
def test_each_column_has_an_address_and_all_that_the_schema_says(page, table: str) -> None:
    article = page(f"dictionary/{table}")
    fields = schema(table)["fields"]
    terms = article.select("dl.columns > dt")
    assert [term["id"] for term in terms] == [field["name"] for field in fields]
    for term, field in zip(terms, fields, strict=True):
        limits = field.get("constraints", {})
        shown = text(term.find_next_sibling("dd"))
        assert " ".join(field["description"].split()) in shown
        assert field["type"] in text(term)
        is_key = field["name"] in _list(schema(table)["primaryKey"])
        assert ("required" in text(term)) == (limits.get("required", False) and not is_key)
        assert ("key" in text(term).replace(field["name"], "")) == is_key
        for name in ("pattern", "minimum", "maximum"):
            assert str(limits.get(name, "")) in shown
        if "sdmxConcept" in field:
            assert field["sdmxConcept"] in shown
        if not field.get("categories"):
            cells = {row[field["name"]] for row in rows(table)} - {""}
            known = cells or {str(field["example"])}
            example = shown.partition("For example ")[2]
            assert example in {" ".join(cell.split()) for cell in known}, field["name"]


@pytest.mark.parametrize("table", TABLES)
def test_each_code_of_a_closed_list_stands_with_its_meaning(page, table: str) -> None:
    article = page(f"dictionary/{table}")
    for field in schema(table)["fields"]:
        if categories := field.get("categories"):
            listed = article.find(id=field["name"]).find_next_sibling("dd").find("tbody")
            shown = [[cell(td) for td in tr.find_all("td")] for tr in listed.find_all("tr")]
            assert [code for code, _ in shown] == [c["value"] for c in categories]
            for (_, meaning), category in zip(shown, categories, strict=True):
                assert meaning.startswith(category["label"])
                assert all(words in meaning for words in category.get("printedAs", []))


@pytest.mark.parametrize("table", TABLES)
def test_links_lead_to_the_columns_that_the_foreign_keys_name(page, table: str) -> None:
    article = page(f"dictionary/{table}")
    for column, target, target_column in targets(table):
        links = article.find(id=column).find_next_sibling("dd").find_all("a")
        found = {(link["href"], text(link)) for link in links}
        address = "" if target == table else f"{target}.html"
        assert (f"{address}#{target_column}", f"{target}.{target_column}") in found
        assert page(f"dictionary/{target}").find(id=target_column)


@pytest.mark.parametrize("table", TABLES)
def test_a_page_lists_the_columns_that_refer_to_its_table(page, table: str) -> None:
    lists = page(f"dictionary/{table}").select("#links-to-other-tables ul.references")
    linked = {link["href"] for found in lists for link in found.find_all("a")}
    for other in TABLES:
        for column, target, _ in targets(other):
            if target == table:
                assert ("" if other == table else f"{other}.html") + f"#{column}" in linked


@pytest.mark.parametrize("table", TABLES)
def test_example_rows_are_rows_of_the_file_cell_by_cell(page, table: str) -> None:
    shown = page(f"dictionary/{table}").select_one("table.example-rows")
    lines = [[cell(td) for td in tr.find_all("td")] for tr in shown.select("tbody tr")]
    names = [field["name"] for field in schema(table)["fields"]]
    assert [line[0] for line in lines] == names
    examples = [dict(zip(names, column, strict=True)) for column in zip(*lines, strict=True)][1:]
    known = [{name: " ".join(value.split()) for name, value in row.items()} for row in rows(table)]
    assert len(examples) == min(3, len(known))
    places = [known.index(example) for example in examples]
    assert places == sorted(set(places))


@pytest.mark.parametrize("table", TABLES)
def test_example_rows_show_more_than_the_first_rows_do(table: str) -> None:
    closed = {field["name"] for field in schema(table)["fields"] if field.get("categories")}

    def shown(some: list[dict[str, str]]) -> set[tuple[str, str]]:
        return {(n, v if n in closed else "") for row in some for n, v in row.items() if v}

    resource = open_package().resource(table)
    chosen = dictionary_facts.rows_to_show(resource)
    assert len(shown(chosen)) >= len(shown(rows(table)[:3]))


@pytest.mark.parametrize("table", TABLES)
def test_the_diagram_has_a_name_and_the_tables_that_the_table_refers_to(page, table: str) -> None:
    figure = page(f"dictionary/{table}").select_one("figure.entity-diagram")
    drawing = figure.find("svg")
    assert table in drawing["aria-label"]
    assert text(figure.find("figcaption"))
    linked = {link["href"].removesuffix(".html") for link in drawing.find_all("a")}
    assert {target for _, target, _ in targets(table)} - {table} <= linked
    assert linked <= set(TABLES)


def test_the_overview_has_each_table_once_with_its_rows(page) -> None:
    article = page("dictionary")
    found = [[cell(td) for td in tr.find_all("td")] for tr in article.select("table tbody tr")]
    assert sorted(line[0] for line in found) == sorted(TABLES)
    assert {name: int(number) for name, number, _ in found} == {t: len(rows(t)) for t in TABLES}
    drawn = article.select_one("figure.entity-diagram svg").find_all("a")
    assert sorted(link["href"] for link in drawn) == sorted(f"dictionary/{t}.html" for t in TABLES)


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("enforcement_stats", "Figures"),
        ("estimates", "Figures"),
        ("penalties", "Statements"),
        ("sentences", "Statements"),
        ("statutes", "Entities"),
        ("organizations", "Entities"),
        ("agreement_parties", "Links"),
        ("programme_places", "Links"),
        ("areas", "Code lists"),
        ("units", "Code lists"),
        ("sources", "Documents and audit"),
        ("caveats", "Documents and audit"),
        ("row_caveats", "Documents and audit"),
        ("unused_numerals", "Documents and audit"),
    ],
)
def test_the_kind_of_a_table_follows_from_its_schema(table: str, kind: str) -> None:
    assert dictionary_facts.kind_of(open_package().resource(table)) == kind


@pytest.mark.parametrize("name", ["limits", "terms"])
def test_numbers_in_the_prose_are_those_of_the_files(page, name: str) -> None:
    source = (DOCS / "method" / f"{name}.md").read_text(encoding="utf-8")
    wanted = [f"{number(what):,}" for what in re.findall(r"\{count\}`([^`]+)`", source)]
    assert [text(found) for found in page(f"method/{name}").select("span.count")] == wanted
    assert wanted


def number(what: str) -> int:
    """What a count in the prose must be, counted from the files alone."""
    if what == "tables":
        return len(TABLES)
    if what == "columns":
        return sum(len(schema(table)["fields"]) for table in TABLES)
    name, _, condition = what.rpartition(" ") if "=" in what else (what, "", "")
    column, _, value = condition.partition("=")
    tables = [name] if name in TABLES else _tables_of(name)
    return sum(1 for t in tables for row in rows(t) if not condition or row[column] == value)


def _tables_of(kind: str) -> list[str]:
    """Tables of a kind, written down by hand: a new table must be put into one of them."""
    listed = {
        "Figures": "enforcement_stats victim_stats repatriations migration_stats training_counts"
        " capacity_stats budgets estimates",
        "Statements": "penalties provisions sentences events tier_placements recommendations"
        " routes victim_locations assessments",
        "Entities": "statutes agreements action_plans programmes organizations operations",
        "Links": "agreement_parties programme_organizations programme_places organization_members"
        " row_organizations row_links",
        "Code lists": "areas indicators offences populations units",
        "Documents and audit": "sources passages caveats row_caveats ids corrections"
        " unused_numerals restatements conflicts indicator_uses code_words",
    }
    assert sorted(" ".join(listed.values()).split()) == sorted(TABLES)
    return listed[kind].split()


@pytest.mark.parametrize(
    ("heading", "table", "column"),
    [("offenses", "offences", "label"), ("crime-statistics-iccs", "offences", "label")],
)
def test_the_tables_of_terms_show_every_offence(page, heading: str, table: str, column) -> None:
    shown = page("method/terms").find(id=heading).select("table tbody tr")
    assert [cell(tr.find("td")) for tr in shown] == [row[column] for row in rows(table)]


def test_the_tables_of_terms_show_every_concept_area_and_currency(page) -> None:
    article = page("method/terms")
    found = {text(td) for td in article.select("table tbody td")}
    concepts = {f.get("sdmxConcept") for t in TABLES for f in schema(t)["fields"]} - {None}
    assert concepts <= found
    assert {row["area"] for row in rows("areas")} <= found
    assert {row["unit"] for row in rows("units") if row["kind"] == "money"} <= found
    dates = {f"{t}.{f['name']}" for t in TABLES for f in schema(t)["fields"] if f.get("edtf")}
    assert dates == {text(a) for a in article.find(id="dates-iso-8601-and-edtf").select("li a")}
