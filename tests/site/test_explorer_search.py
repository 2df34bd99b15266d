"""Finding rows of the evidence explorer: natural words, order, and rows that count the same."""

from __future__ import annotations

import pytest
from explorer_visits import MALAYSIA, TOTAL, Visit, evidence, go, ids, number, playwright, rows

MALAYSIAN = [MALAYSIA, "repatriation-2018-mosavy-2017-malaysia"]
DEPORTED = ["migration-2018-deported-2017"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Cambodians repatriated from Malaysia 2017", MALAYSIAN),
        ("How many Cambodians were repatriated from Malaysia in 2017?", MALAYSIAN),
        ("“382 victims from Malaysia”", [MALAYSIA]),
        ("\u2018Malaysia\u2019 382", [MALAYSIA]),
        ("70500", DEPORTED),
        ("70,500", DEPORTED),
        ("MÁLAYSIA 382", [MALAYSIA]),
    ],
)
def test_a_search_finds_what_its_words_mean(visit: Visit, words: str, expected: list[str]) -> None:
    page = visit()
    page.get_by_label("Search in words").fill(words)
    assert sorted(ids(page)) == sorted(expected)


@pytest.mark.parametrize(
    ("words", "row"),
    [
        ("police training", "training-2009-police-trained"),
        ("police training", "programme-2007-ijm-police-training"),
        ("MOSAVY Somalia", "repatriation-2018-mosavy-2017-somalia"),
        ("NCCT", "national-committee-for-counter-trafficking"),
        ("Department of Women\u2019s Affairs", "department-of-womens-affairs"),
        ("doubted arrests", "enforcement-2004-persons-arrested"),
        ("riel", "budget-2018-committee-2017-riel"),
        ("Labor Law", "statute-1997-labour-law"),
        ("arrests 2002", "enforcement-2007-persons-arrested-2000-2004"),
    ],
)
def test_a_search_finds_reporters_units_warnings_titles_and_years(
    visit: Visit, words: str, row: str
) -> None:
    page = visit("?topic=all")
    page.get_by_label("Rows on a page").select_option("-1")
    page.get_by_label("Search in words").fill(words)
    assert row in ids(page)
    assert "No row has all words" not in page.locator("#explorer-count").inner_text()


def test_a_number_is_no_part_of_another(visit: Visit) -> None:
    page = visit()
    page.get_by_label("Search in words").fill("382")
    assert MALAYSIA in ids(page)
    page.get_by_label("Search in words").fill("38")
    assert MALAYSIA not in ids(page)


def test_where_no_row_has_all_words_those_with_most_are_shown_and_it_says_so(visit: Visit) -> None:
    page = visit()
    page.get_by_label("Search in words").fill("Malaysia zebra 382")
    assert ids(page) == [MALAYSIA]
    count = page.locator("#explorer-count")
    playwright.expect(count).to_contain_text("No row has all words; this has 2 of 3.")
    page.get_by_label("Search in words").fill("zebra")
    assert number(page) == 0


def test_only_rows_that_may_count_the_same_are_listed_under_a_warning(visit: Visit) -> None:
    page = visit("#" + MALAYSIA)
    listed = evidence(page, MALAYSIA).locator(".explorer-overlap li")
    texts = listed.all_inner_texts()
    links = listed.locator("a").evaluate_all("all => all.map(a => a.hash.slice(1))")
    # two ministries and one organisation, of the same country and year as far as they say
    assert links == [MALAYSIAN[1], TOTAL, "repatriation-2018-ngo-2017"]
    assert "2017" in texts[0]
    assert "Ministry of Social Affairs" in texts[0]
    assert "April 2017 to March 2018" in texts[2]


def test_a_row_without_a_period_is_listed_as_such(visit: Visit) -> None:
    page = visit("#estimate-2007-svay-pak-police-per-night")
    listed = evidence(page, "estimate-2007-svay-pak-police-per-night").locator(
        ".explorer-overlap li"
    )
    (text,) = listed.all_inner_texts()
    assert "no period given" in text


def test_parts_of_a_breakdown_and_other_years_are_not_said_to_overlap(visit: Visit) -> None:
    page = visit("#" + TOTAL)
    shown = evidence(page, TOTAL)
    summary = shown.locator(".explorer-overlap summary")
    if summary.count():
        summary.click()
    listed = shown.locator(".explorer-overlap li a")
    links = listed.evaluate_all("all => all.map(a => a.hash.slice(1))")
    other = [
        row["id"]
        for row in rows("repatriations")
        if row["reported_by"] == "ministry-of-foreign-affairs-and-international-cooperation"
        and row["period_start"].startswith("2017")
    ]
    assert sorted(links) == sorted([*other, "repatriation-2018-ngo-2017"])


def test_a_warning_that_leaves_no_other_row_has_no_list(visit: Visit) -> None:
    page = visit()
    part = "training-2009-police-trained"
    go(page, part)
    warning = evidence(page, part).locator(".explorer-overlap")
    text = next(r for r in rows("caveats") if r["id"] == "caveat-2009-police-among-officials")
    assert text["description"] in warning.inner_text()  # officers are part of the officials
    assert "count the same as:" not in warning.inner_text()


def test_values_are_sorted_within_their_unit_and_control_and_heading_agree(visit: Visit) -> None:
    page = visit("?topic=budgets")
    heading = page.locator("th", has_text="Value or kind")
    heading.click()
    playwright.expect(heading).to_have_attribute("aria-sort", "ascending")
    page.get_by_label("Rows on a page").select_option("-1")
    units = {row["unit"]: row["label"] for row in rows("units")}
    cells = {
        row["id"]: (units[row["unit"]], int(row["value"])) if row["value"] else None
        for row in rows("budgets")
    }
    known = [cell for cell in cells.values() if cell]
    unknown = [None] * (len(cells) - len(known))
    assert len({unit for unit, _ in known}) > 1
    assert [cells[row] for row in ids(page)] == [*sorted(known), *unknown]
    control = page.get_by_label("Sort by")
    assert control.input_value() == "value.asc"
    control.select_option("value.desc")
    falling = sorted(known, key=lambda cell: (cell[0], -cell[1]))
    assert [cells[row] for row in ids(page)] == [*falling, *unknown]
    assert heading.get_attribute("aria-sort") == "descending"
    assert "within unit" in control.locator("option:checked").inner_text()


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_rows_without_a_value_or_a_period_come_last(visit: Visit, direction: str) -> None:
    table = {row["id"]: row for row in rows("enforcement_stats")}
    page = visit(f"?topic=enforcement_stats&sort=value.{direction}")
    page.get_by_label("Rows on a page").select_option("-1")
    for name, filled in [
        ("value", lambda row: row["value"] != ""),
        ("period", lambda row: bool(row["period_start"] or row["period_end"])),
    ]:
        page.get_by_label("Sort by").select_option(f"{name}.{direction}")
        shown = [filled(table[row]) for row in ids(page)]
        assert len(shown) == len(table)
        assert shown == sorted(shown, reverse=True)
        assert not all(shown)


def test_years_in_the_wrong_order_get_a_hint(visit: Visit) -> None:
    page = visit()
    page.get_by_label("from year").fill("2010")
    hint = page.locator("#explorer-years-hint")
    assert hint.inner_text() == ""
    page.get_by_label("to year").fill("2005")
    playwright.expect(hint).to_contain_text("later than the last")


def test_the_years_that_are_suggested_have_figures(visit: Visit) -> None:
    page = visit()
    year = page.get_by_label("to year").get_attribute("placeholder")
    page.get_by_label("from year").fill(year)
    assert number(page) > 0


def test_a_phone_has_the_filters_folded_with_their_number(visit: Visit) -> None:
    page = visit("?topic=repatriations&warning=any", viewport={"width": 360, "height": 800})
    assert not page.get_by_label("Area", exact=True).is_visible()
    summary = page.locator("#explorer-folded > summary")
    assert summary.inner_text() == "Filters (2)"
    summary.click()
    assert page.get_by_label("Area", exact=True).is_visible()
    assert page.get_by_label("Warning", exact=True).input_value() == "any"
    wide = visit()
    assert wide.get_by_label("Area", exact=True).is_visible()
    assert not wide.locator("#explorer-folded > summary").is_visible()
