"""The pages of sources: facts, records in the order of the document, numbers that are not used."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip

html = pytest.importorskip("lxml.html")
EXTENSIONS = Path(__file__).parents[2] / "docs" / "_extensions"
SOURCES = list(tip.load("sources")["source_id"])


def page(site: Path, name: str) -> html.HtmlElement:
    return html.parse(str(site / f"{name}.html")).getroot().find_class("src-page")[0]


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def facts(site: Path, source: str) -> dict[str, str]:
    rows = page(site, f"sources/{source}").xpath(".//dl/div")
    return {text(row.find("dt")): text(row.find("dd")) for row in rows}


def passage(site: Path, source: str, name: str) -> html.HtmlElement:
    return page(site, f"sources/{source}").get_element_by_id(f"p-{name}").getparent()


@pytest.mark.parametrize("module", ["source_pages", "law_pages"])
def test_the_examples_of_the_pages_are_true(module: str) -> None:
    sys.path.append(str(EXTENSIONS))
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted
    assert not result.failed


def test_every_source_is_listed_and_has_a_page(site: Path) -> None:
    listing = page(site, "sources/index")
    listed = [link.get("href") for link in listing.xpath(".//th[@scope='row']/a")]
    assert sorted(listed) == sorted(f"{source}.html" for source in SOURCES)
    assert all((site / "sources" / f"{source}.html").is_file() for source in SOURCES)


def test_a_leaked_cable_says_so_on_the_list_and_on_its_page(site: Path) -> None:
    name = "cable-07PHNOMPENH351"
    row = page(site, "sources/index").xpath(f".//tr[th/a[@href='{name}.html']]")[0]
    assert "Leaked cable, not confirmed" in text(row)
    assert "Leaked cable, not confirmed" in text(page(site, f"sources/{name}"))
    assert "UNCLASSIFIED//FOR OFFICIAL USE ONLY" in facts(site, name)["How it became public"]


def test_labels_are_the_same_on_all_pages(site: Path) -> None:
    expected = [label for label in facts(site, "tip-2018") if label != "Archived copy"]
    for source in SOURCES:
        assert [label for label in facts(site, source) if label != "Archived copy"] == expected


def test_a_url_is_a_link_only_if_it_was_opened(site: Path) -> None:
    original = page(site, "sources/tip-2018").xpath(".//div[dt='Original']/dd/a/@href")
    assert original == [
        "https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/"
    ]
    assert not page(site, "sources/cable-07PHNOMPENH351").xpath(".//div[dt='Original']//a")


def test_passages_are_in_the_order_of_the_document_and_not_of_their_names(site: Path) -> None:
    found = page(site, "sources/tip-2018").xpath(".//details[@class='src-passage']/div/@id")
    numbers = [f"p-{number}" for number in range(1, 18)]
    assert found == ["p-title", *numbers, "p-footer"]


def test_a_passage_shows_what_its_document_prints(site: Path) -> None:
    returns = passage(site, "tip-2018", "9")
    assert text(returns).startswith("Paragraph 9 258 words")
    used, unused = returns.find_class("src-numbers")[-2:]
    numbers = set(text(used).removeprefix("Numbers used: ").split(" · "))
    assert {"986", "nine", "382", "288", "171", "815"} <= numbers
    assert text(unused).startswith("Numbers not used: 2015 (")


def test_each_number_that_no_record_uses_is_at_its_passage(site: Path) -> None:
    found = {
        section.find("div").get("id"): re.findall(r"(?:: |; |· )(\w+)(?= \(| ·)", text(line))
        for section in page(site, "sources/tip-2018").find_class("src-passage")
        for line in section.find_class("src-numbers")
        if text(line).startswith("Numbers not used")
    }
    assert found == {
        "p-3": ["2017"],
        "p-6": ["one", "one", "2011", "2013"],
        "p-9": ["2015"],
        "p-16": ["five"],
        "p-footer": ["1989"],
    }


def test_a_number_that_no_record_uses_stands_with_the_reason(site: Path) -> None:
    cable = passage(site, "cable-06PHNOMPENH413", "1")
    assert "Numbers not used: four (belongs to a record" in text(cable)
    assert cable.xpath(".//a[@href='../r/event-2006-field-visit.html']")
    assert "1 (number of a paragraph)" in text(cable)


def test_what_is_not_coded_is_told_with_the_reason(site: Path) -> None:
    rights = page(site, "sources/hrr-2024")
    skipped = [text(each) for each in rights.find_class("src-skipped")]
    assert skipped[0].startswith("Executive summary, paragraph 1: not coded. Human rights")


def test_a_tier_known_from_a_heading_says_that_it_has_no_quote(site: Path) -> None:
    heading = text(passage(site, "tip-2001", "title"))
    assert "Tier 2" in heading
    assert "No quote." in heading
    assert facts(site, "tip-2001")["Text available"] == "Only a heading seen"


def test_the_text_of_a_document_is_not_on_its_page(site: Path) -> None:
    for source in SOURCES:
        for quote in page(site, f"sources/{source}").xpath(".//q"):
            assert len(text(quote).split()) <= 15


def test_links_lead_to_the_edition_before_and_after(site: Path) -> None:
    last = page(site, "sources/tip-2018").find_class("src-neighbors")[0]
    assert last.xpath("a/@href") == ["tip-2017.html", "tip-2019.html"]
    assert not page(site, "sources/untc-2015").find_class("src-neighbors")[0].xpath("a")
