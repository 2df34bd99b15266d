"""The pages of laws: penalties by offense and age, who describes them, and conflicts."""

from __future__ import annotations

from pathlib import Path

import pytest

import cambodia_tip as tip

html = pytest.importorskip("lxml.html")
LAW = "statute-1996-trafficking-law"


def page(site: Path, name: str) -> html.HtmlElement:
    return html.parse(str(site / f"laws/{name}.html")).getroot().find_class("src-page")[0]


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def penalties(site: Path, law: str) -> list[tuple[str, ...]]:
    """The rows of the first table of a law: age, penalty, article, who describes it."""
    rows = page(site, law).get_element_by_id("penalties").xpath(".//tr[th[@scope='row']]")
    return [tuple(text(cell) for cell in row)[:4] for row in rows]


def test_every_law_is_listed_and_has_a_page(site: Path) -> None:
    listed = page(site, "index").xpath(".//th[@scope='row']/a/@href")
    laws = {f"{law}.html" for law in tip.load("statutes")["id"]}
    assert set(listed) == laws
    assert all((site / "laws" / law).is_file() for law in laws)


def test_the_penalties_of_1996_are_three_clicks_from_every_page(site: Path) -> None:
    sources = html.parse(str(site / "sources/index.html")).getroot()
    assert "../laws/index.html" in sources.xpath("//article//a/@href")
    assert f"{LAW}.html" in page(site, "index").xpath(".//a/@href")


def test_the_penalties_of_1996_stand_by_offense_and_age(site: Path) -> None:
    found = [(age, penalty.partition(" for ")[0]) for age, penalty, *_ in penalties(site, LAW)]
    assert found == [
        ("Minor", "Imprisonment: 10 to 20 years (derived, not printed)"),
        ("Adult", "Imprisonment: 5 to 10 years"),
        ("Under 15", "Imprisonment: 15 to 20 years"),
        ("Over 15", "Imprisonment: 10 to 15 years"),
    ]


def test_who_describes_a_penalty_and_with_what_standing_is_in_its_row(site: Path) -> None:
    for *_, described in penalties(site, LAW):
        assert described.startswith("2007 cable, question 3")
        assert described.endswith("Leaked cable, not confirmed")


def test_a_law_that_only_leaked_cables_describe_says_so_at_its_head(site: Path) -> None:
    words = "Described by a leaked cable only, not confirmed"
    assert words in text(page(site, LAW).find_class("src-tags")[0])
    assert "leaked" not in text(page(site, "statute-1997-labour-law").find_class("src-tags")[0])


def test_exactly_fifteen_is_said_to_be_in_neither_bracket(site: Path) -> None:
    (note,) = page(site, LAW).find_class("law-note")
    assert text(note).startswith("Victims of exactly 15.")
    previous = note.getprevious()
    assert text(previous).startswith("Over 15")


def test_a_page_says_once_that_it_is_not_the_law(site: Path) -> None:
    for law in tip.load("statutes")["id"]:
        (reminder,) = page(site, law).find_class("law-reminder")
        assert text(reminder).startswith("This is not the text of the law.")


def test_both_sides_of_a_conflict_stand_side_by_side(site: Path) -> None:
    conflicts = page(site, LAW).get_element_by_id("caveat-1996-two-scales")
    pairs = [
        pair.xpath(".//p[@class='src-claim']/a/@href") for pair in conflicts.find_class("src-pair")
    ]
    assert pairs == [
        [f"../r/penalty-1996-{first}.html", f"../r/penalty-1996-{second}.html"]
        for first, second in (
            ("sex-trafficking-over-15", "exploitation-of-prostitution-adult"),
            ("sex-trafficking-under-15", "exploitation-of-prostitution-minor"),
        )
    ]


def test_what_several_documents_say_of_one_law_is_in_one_table(site: Path) -> None:
    found = {
        (age, penalty.partition(" for ")[0], article, described.partition(",")[0])
        for age, penalty, article, described in penalties(site, "statute-1997-labour-law")
    }
    cable, report = (
        "2007 cable",
        "2016 human rights report",
    )
    assert ("Under 18", "Fine: 31 to 60 daily base wages", "368", cable) in found
    assert ("Not stated", "Fine: 31 to 60 monthly wages", "Not given", report) in found


def test_a_law_between_two_that_disagree_shows_the_conflict_too(site: Path) -> None:
    law = page(site, "statute-hrr-2019-child-sexual-exploitation")
    conflict = text(law.get_element_by_id("caveat-hrr-child-sexual-exploitation-penalty"))
    assert "2 to 15 years" in conflict
    assert "2 to 20 years" in conflict
