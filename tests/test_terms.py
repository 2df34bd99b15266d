"""What the pages on terms and on the data set say by hand fits the data."""

from __future__ import annotations

import csv
import doctest
import importlib
import json
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

DOCS = Path(__file__).parents[1] / "docs"
TERMS = DOCS / "method" / "terms"
sys.path.append(str(DOCS / "_extensions"))
mappings = importlib.import_module("mappings")


FIGURES = [r.name for r in open_package().resources.values() if r.has_figures]


def mapping(name: str) -> list[dict[str, str]]:
    with (TERMS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def rows(table: str) -> list[dict[str, str]]:
    path = tip.package_path() / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields(table: str) -> list[dict]:
    path = tip.package_path() / "schemas" / f"{table}.json"
    return json.loads(path.read_text(encoding="utf-8"))["fields"]


def codes(table: str, column: str) -> set[str]:
    field = next(field for field in fields(table) if field["name"] == column)
    return {category["value"] for category in field["categories"]}


def concepts() -> set[str]:
    found = (field.get("sdmxConcept") for name in tip.tables()["name"] for field in fields(name))
    return set(found) - {None}


COMPLETE = {
    "protocol_offences": lambda: {row["offence"] for row in rows("offences")},
    "protocol_exploitation": lambda: codes("routes", "exploitation"),
    "iccs": lambda: {row["iccs"] for row in rows("offences")} - {""},
    "sdmx_concepts": concepts,
    "sdmx_obs_status": lambda: codes("enforcement_stats", "obs_status"),
    "sdmx_sex": lambda: codes("enforcement_stats", "sex"),
    "sdmx_age": lambda: codes("estimates", "age_group"),
    "iso_4217": lambda: {row["unit"] for row in rows("units") if row["kind"] == "money"},
}
PARTIAL = {
    "protocol_provisions": lambda: {row["id"] for row in rows("provisions")},
    "glotip_indicators": lambda: {row["indicator"] for row in rows("indicators")},
}


def test_every_file_of_mappings_is_tested() -> None:
    assert {path.stem for path in TERMS.glob("*.csv")} == set(COMPLETE) | set(PARTIAL)


@pytest.mark.parametrize("name", COMPLETE)
def test_a_mapping_has_each_code_of_the_data_once_and_no_other(name: str) -> None:
    keys = [next(iter(row.values())) for row in mapping(name)]
    assert sorted(keys) == sorted(COMPLETE[name]())


@pytest.mark.parametrize("name", PARTIAL)
def test_a_mapping_of_some_codes_has_none_that_the_data_lack(name: str) -> None:
    keys = [next(iter(row.values())) for row in mapping(name)]
    assert set(keys) <= PARTIAL[name]()
    assert len(set(keys)) == len(keys) > 0


@pytest.mark.parametrize("name", [*COMPLETE, *PARTIAL])
def test_what_fits_less_than_well_says_why(name: str) -> None:
    for row in mapping(name):
        if "note" in row:
            assert row["note"], row
        if row.get("fit", "").startswith("none"):
            others = [value for key, value in row.items() if key in ("sdmx", "iso_4217")]
            assert not any(others), row


def test_parts_of_the_definition_are_told_in_the_words_that_the_page_explains() -> None:
    page = (DOCS / "method" / "terms.md").read_text(encoding="utf-8").lower()
    for row in mapping("protocol_offences"):
        for part in ("act", "means", "purpose"):
            assert f"*{row[part]}*:" in page, row
    assert {row["fit"] for row in mapping("glotip_indicators")} == {"close", "in part"}


@pytest.mark.parametrize(
    "words", ["protocol to prevent", "article 3 of the protocol", "definition of the palermo"]
)
def test_no_document_cites_the_definition_of_the_protocol(sources, words: str) -> None:
    texts = {name: text for name, text in sources.items() if name != "untc-2015"}  # which names it
    assert [name for name, text in texts.items() if words in " ".join(text.lower().split())] == []


def test_the_ages_of_the_law_of_1996_are_those_that_the_page_tells() -> None:
    ages = {
        (row["victim_age_under"], row["victim_age_over"], row["victim_age_word"])
        for row in rows("penalties")
        if row["statute"] == "statute-1996-trafficking-law"
    }
    assert ages == {("15", "", ""), ("", "15", ""), ("", "", "adult"), ("", "", "minor")}


@pytest.mark.parametrize(
    ("mapping", "only", "message"),
    [
        ([{"code": "a", "note": "x"}], False, "the mapping has no code b"),
        ([{"code": "a"}, {"code": "b"}, {"code": "c"}], False, "no row of the data has code c"),
        ([{"code": "a"}, {"code": "c"}], True, "no row of the data has code c"),
        ([{"code": "a"}, {"code": "a"}, {"code": "b"}], False, "the mapping has a code twice"),
    ],
)
def test_a_mapping_that_does_not_fit_the_data_ends_the_build(mapping, only, message) -> None:
    with pytest.raises(ValueError, match=message):
        list(mappings.joined([{"code": "a"}, {"code": "b"}], mapping, only=only))


def test_a_charge_counted_together_has_no_class_of_the_iccs() -> None:
    together = [row for row in rows("offences") if "together" in row["definition"]]
    assert together
    assert [row["offence"] for row in together if row["iccs"]] == []


def test_documents_are_those_that_the_page_on_limits_names() -> None:
    years: dict[str, list[str]] = {}
    for row in rows("sources"):
        if row["bytes"]:  # the text is held
            series = row["source_id"].partition("-")[0]
            years.setdefault(series, []).append(row["published"][:4])
    assert years == {
        "tip": ["2004", "2018"],
        "cable": ["2006", "2007", "2009"],
        "wfcl": [str(year) for year in range(2014, 2023)],  # each of the year after
        "hrr": [str(year) for year in range(2017, 2026)],
        "factbook": ["2014", "2015", "2020", "2022", "2023", "2024", "2025"],
        "untc": ["2015"],
    }
    assert all("OFFICIAL USE ONLY" in r["marking"] for r in rows("sources") if r["kind"] == "cable")


def test_no_figure_is_about_the_years_that_the_page_on_limits_calls_empty() -> None:
    figures = tip.observations()
    for row in figures.dropna(subset=["period_start", "period_end"]).itertuples():
        years = range(row.period_start.year, row.period_end.year + 1)
        assert not set(years) & {2008, 2010, 2011}, row.id


def test_estimates_rest_on_what_the_datasheet_lists() -> None:
    assert codes("estimates", "method") == {"study", "observation", "belief", "unstated"}


def test_the_example_of_the_page_on_limits_leaves_out_the_cables() -> None:
    text = (DOCS / "method" / "limits.md").read_text(encoding="utf-8")
    source = "\n".join(part.split("```")[0] for part in text.split("```python\n")[1:])
    shows = source + '>>> sorted(figures["source_id"].unique())\n'
    test = doctest.DocTestParser().get_doctest(shows, {}, "limits", "limits.md", 0)
    standing = {row["source_id"]: row["standing"] for row in rows("sources")}
    cited = {row["source_id"] for table in FIGURES for row in rows(table)}
    official = sorted(name for name in cited if standing[name] == "official")
    test.examples[-1].want = f"{official}\n"
    assert doctest.DocTestRunner().run(test).failed == 0
