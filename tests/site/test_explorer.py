"""The evidence explorer in a browser: what readers do with it, and whether it is right."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from explorer_visits import (
    ASSESSMENT,
    FIGURE,
    MALAYSIA,
    PENALTY,
    TOTAL,
    Visit,
    as_json,
    button,
    evidence,
    figures,
    go,
    ids,
    is_open_and_seen,
    number,
    playwright,
    quoted_tables,
    rows,
)

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

# What it tells


def test_every_row_with_a_quote_is_there_once(visit: Visit) -> None:
    page = visit()
    shown = as_json(page, "cambodiaTip.records.map(r => [r.id, r.topic])")
    assert sorted(shown) == sorted(
        [row["id"], table] for table in quoted_tables() for row in rows(table)
    )


def test_every_record_says_what_its_files_say(visit: Visit) -> None:
    page = visit()
    records = as_json(page, "cambodiaTip.records")
    data = as_json(page, "{ ...cambodiaTip.data, records: [], texts: [] }")
    cells = {(t, row["id"]): row for t in quoted_tables() for row in rows(t)}
    sources = {row["source_id"]: row for row in rows("sources")}
    headings = {(r["source_id"], r["passage"]): r["heading"] for r in rows("passages")}
    warnings: dict[str, list[str]] = {}
    for row in rows("row_caveats"):
        warnings.setdefault(row["row_id"], []).append(row["caveat_id"])

    @functools.cache
    def citation(source: str, passage: str) -> str:
        return tip.cite(
            next(
                i
                for (_, i), r in cells.items()
                if (r["source_id"], r["passage"]) == (source, passage)
            )
        )

    for record in records:
        row = cells[record["topic"], record["id"]]
        quotes = [row[name] for name in row if name.endswith("quote") and row[name]]
        assert [text for _, text in record.get("quotes", [])] == quotes, record["id"]
        assert record["passage"] == f"{row['source_id']}/{row['passage']}"
        passage = data["passages"][record["passage"]]
        assert passage["name"] == place_in_words(row, sources[row["source_id"]])
        assert passage.get("heading", "") == headings[row["source_id"], row["passage"]]
        assert passage["cite"]["Text"] == citation(row["source_id"], row["passage"])
        document, source = data["documents"][row["source_id"]], sources[row["source_id"]]
        assert (document["title"], document["url"]) == (source["title"], source["url"])
        assert document["opened"] == (source["url_status"] != "unopened")
        assert record.get("note", "") == row.get("note", "")
        assert sorted(record.get("caveats", [])) == sorted(warnings.get(record["id"], []))
        left_out = {"id", "source_id", "passage", "note"}
        filled = [n for n in row if row[n] and n not in left_out and not n.endswith("quote")]
        titles = [field["title"] for field, _ in record["cells"]]
        resource = open_package().resource(record["topic"])
        assert titles == [resource.field(name).title for name in filled]
        number = row.get("value") or row.get("minimum")
        assert record.get("number") == (float(number) if number else None), record["id"]
        check_value(record, row)
    labels = {row["id"]: (row["label"], row["description"]) for row in rows("caveats")}
    assert {i: (c["label"], c["text"]) for i, c in data["caveats"].items()} == labels


def place_in_words(row: dict[str, str], source: dict[str, str]) -> str:
    if source["division"] == "labor_chapter" and "." in row["passage"]:
        return place_in_chapter(*row["passage"].split("."))
    if source["division"] == "rights_report":
        section, _, number = row["passage"].rpartition(".")
        where = "executive summary" if section == "0" else f"section {section}"
        return f"{where}, paragraph {number}"
    if not row["passage"][0].isdigit():
        return row["passage"]
    if source["division"] == "questions":
        question, place = row["passage"].split(".")
        return f"question {question}, paragraph {place} of the answer"
    return f"paragraph {row['passage']}"


def place_in_chapter(part: str, *rest: str) -> str:
    """Sections have Roman numbers and tables a T before theirs; 0 is what precedes section I."""
    if part.startswith("T"):
        number, *year = rest
        return f"table {part[1:]}, row {number}{f' ({year[0]})' if year else ''}"
    *under, number = rest
    if part == "0":
        return f"paragraph {number} before section I"
    heading = f", {under[0]} law enforcement" if under else ""
    return f"section {part}{heading}, paragraph {number}"


def check_value(record: dict, row: dict[str, str]) -> None:
    """The value in words has the numbers of the cells, the qualifier and the status; else none."""
    text = record.get("value", "")
    cells = [row.get(name, "") for name in ("value", "value_max", "minimum", "maximum")]
    numbers = list(
        dict.fromkeys(f"{float(cell):,.4f}".rstrip("0").rstrip(".") for cell in cells if cell)
    )
    if numbers:
        assert re.findall(r"[0-9][0-9,.]*", text)[: len(numbers)] == numbers, record["id"]
    elif "obs_status" in row:
        assert text == row["obs_status"].replace("_", " ")
    qualifier = row.get("qualifier", "unqualified").replace("_", " ")
    assert qualifier == "unqualified" or qualifier in text
    assert ("(planned)" in text) == (row.get("obs_status") == "planned")
    assert ("derived" in text) == (row.get("value_basis") == "derived")
    assert record.get("inferred", False) == any(
        row[name] == "inferred" for name in row if name.endswith("_basis")
    )


PUBLISHED = {source["source_id"]: source["published"][:4] for source in rows("sources")}
BY_HAND = [
    # Looked up in the documents, not in the tables: what the row shows, what its evidence shows.
    (
        "enforcement-2004-cases-investigated",
        ["more than 400 cases", "2003", "Cases investigated"],
        ["in 2003 investigated over 400 trafficking-related cases", "paragraph 3"],
    ),
    (
        MALAYSIA,
        ["382 persons", "2017", "from Malaysia, to Cambodia", "may overlap · 2 more warnings"],
        ["382 victims from Malaysia", "paragraph 9"],
    ),
    (
        FIGURE,
        ["at least 28 persons", "April 1, 2009 to November 16, 2009"],
        ["Police arrested at least 28 perpetrators", "paragraph 1"],
    ),
    (
        "training-2009-judges-and-prosecutors-planned",
        ["240 persons (planned)", "August 2009 to December 2009"],
        ["240 judges and prosecutors", "paragraph 3", "Royal Academy"],
    ),
    (
        "enforcement-2018-recruitment-persons-convicted",
        ["not reported"],
        ["did not report whether the arrests culminated", "paragraph 13"],
    ),
    (
        "enforcement-2007-labour-recruiters-prosecuted",
        ["0 cases (none known to the reporter)"],
        [
            "no known cases of prosecution of labor recruiters",
            "question 3F, paragraph 7 of the answer",
        ],
    ),
    ("enforcement-2007-ministry-of-justice-statistics", ["not available"], ["Ministry of Justice"]),
    (
        "budget-2018-committee-2017-riel",
        ["4,900,000,000 Cambodian riel", "2017"],
        ["4.9 billion", "1,200,000 United States dollars"],
    ),
    (
        "estimate-2007-svay-pak-police-per-night",
        ["200 to 300 United States dollars a night"],
        ["200"],
    ),
    (
        PENALTY,
        ["1996 trafficking law", "Imprisonment: 10 to 15 years", "cable, not confirmed"],
        [
            "from 10 to 15 years for sex trafficking of persons over the age of 15",
            "question 3B, paragraph 1 of the answer, under",
        ],
    ),
    (
        "penalty-1997-child-labour-under-15",
        ["Labor Law (1997)", "no penalty is prescribed", "victim age under 15"],
        ["is illegal but has no penalty"],
    ),
    (
        "enforcement-wfcl-2020-labor-inspections-2020",
        ["1,309 inspections", "2020"],
        ["Number of Labor Inspections Conducted", "table 6, row 7 (2020)"],
    ),
    ("tier-2017", ["Tier 2", "(derived, not printed)", "2017"], ["remained on Tier 2"]),
]


def test_rows_say_what_the_documents_say(visit: Visit) -> None:
    page = visit()
    for row, in_line, in_evidence in BY_HAND:
        go(page, row)
        line = page.locator("tr", has=button(page, row)).inner_text()
        shown = evidence(page, row).inner_text()
        assert [words for words in in_line if words not in line] == [], row
        assert [words for words in in_evidence if words not in shown] == [], row


def test_evidence_shows_document_reporter_warnings_and_links(visit: Visit) -> None:
    page = visit("#" + TOTAL)
    shown = evidence(page, TOTAL)
    text = shown.inner_text()
    assert "2018 Trafficking in Persons Report: Cambodia (June 2018, inferred)" in text
    assert "Ministry of Social Affairs, Veterans and Youth Rehabilitation" in text
    assert "Never add figures of one to those of another." in text
    source = "https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/"
    assert shown.locator(f'a[href="{source}"]').count() == 1
    parts = [row for row in rows("repatriations") if row["part_of"] == TOTAL]
    for part in parts:
        assert shown.locator(f'a[href="#{part["id"]}"]').count() >= 1


def test_a_cable_shows_its_marking_and_an_address_that_was_not_opened_is_no_link(
    visit: Visit,
) -> None:
    page = visit("#" + PENALTY)
    text = evidence(page, PENALTY).inner_text()
    assert "UNCLASSIFIED//FOR OFFICIAL USE ONLY" in text
    assert "reached the public without authority" in text
    assert "was not opened" in text
    assert evidence(page, PENALTY).locator('a[href*="wikileaks"]').count() == 0


def test_rows_that_may_overlap_are_marked_in_the_list(visit: Visit) -> None:
    page = visit("?topic=repatriations")
    marked = page.locator("tr", has=page.locator(".explorer-badge-overlap"))
    kinds = {row["id"]: row["kind"] for row in rows("caveats")}
    overlapping = {r["row_id"] for r in rows("row_caveats") if kinds[r["caveat_id"]] == "overlap"}
    page.get_by_label("Rows on a page").select_option("100")
    shown = marked.locator(".explorer-open").evaluate_all("all => all.map(b => b.dataset.id)")
    assert sorted(shown) == sorted(r["id"] for r in rows("repatriations") if r["id"] in overlapping)


# Finding rows


def test_figures_come_first_and_the_rest_is_one_button_away(visit: Visit) -> None:
    page = visit()
    figures = [t.name for t in open_package().resources.values() if
               any(field.sdmx_role == "measure" for field in t.fields)]  # fmt: skip
    assert number(page) == sum(len(rows(table)) for table in figures)
    page.get_by_role("button", name="more under other topics").click()
    assert number(page) == sum(len(rows(table)) for table in quoted_tables())


def test_search_finds_words_in_any_order_and_phrases_and_ignores_case(visit: Visit) -> None:
    page = visit()
    search = page.get_by_label("Search in words")
    search.fill("MALAYSIA 382")
    assert ids(page) == [MALAYSIA]
    search.fill('"382 victims from Malaysia"')
    assert ids(page) == [MALAYSIA]
    search.fill('"Malaysia 382"')
    assert ids(page) == []
    assert "No row matches" in page.locator("#explorer-table").inner_text()
    search.fill("<img src=x onerror=alert(1)>")
    assert number(page) == 0


@functools.cache
def kinds_of_warnings(row: str) -> set[str]:
    kinds = {caveat["id"]: caveat["kind"] for caveat in rows("caveats")}
    return {kinds[r["caveat_id"]] for r in rows("row_caveats") if r["row_id"] == row}


FILTERS = [
    ("Topic", "budgets", lambda row: row["id"].startswith("budget-")),
    ("Indicator", "persons_arrested", lambda row: row["indicator"] == "persons_arrested"),
    ("Area", "KH-24", lambda row: row["ref_area"] == "KH-24"),
    ("Reporter", "afesip", lambda row: row["reported_by"] == "afesip"),
    ("Status of the figure", "planned", lambda row: row["obs_status"] == "planned"),
    ("Warning", "doubted", lambda row: "doubted" in kinds_of_warnings(row["id"])),
    ("Warning", "any", lambda row: kinds_of_warnings(row["id"])),
    ("Document", "tip-2004", lambda row: row["source_id"] == "tip-2004"),
]


def test_each_filter_keeps_the_rows_that_it_names(visit: Visit) -> None:
    page = visit()
    page.get_by_label("Rows on a page").select_option("-1")
    for label, choice, is_meant in FILTERS:
        wanted = [row["id"] for row in figures() if is_meant({"ref_area": "", **row})]
        assert wanted, label
        chosen = page.get_by_label(label, exact=True)
        chosen.select_option(choice)
        assert sorted(ids(page)) == sorted(wanted), label
        assert number(page) == len(wanted)
        assert f"({len(wanted)})" in chosen.locator("option:checked").inner_text()
        page.get_by_role("button", name="Clear filters").click()


def test_an_area_holds_the_areas_that_lie_in_it(visit: Visit) -> None:
    page = visit("?area=KHM&words=Pailin")
    assert "estimate-2006-establishments-visited-pailin" in ids(page)


@pytest.mark.parametrize("topic", ["budgets", "enforcement_stats", "repatriations"])
def test_years_keep_periods_that_touch_them_and_say_what_has_none(visit: Visit, topic: str) -> None:
    page = visit(f"?topic={topic}")
    page.get_by_label("Rows on a page").select_option("-1")
    page.get_by_label("from year").fill("2016")
    page.get_by_label("to year").fill("2016")
    touching, without = [], 0
    for row in rows(topic):
        start, end = row["period_start"][:4], row["period_end"][:4]
        if not start and not end:
            without += 1
        elif (start or "0000") <= "2016" <= (end or PUBLISHED[row["source_id"]]):
            touching.append(row["id"])
    assert touching
    assert sorted(ids(page)) == sorted(touching)
    count = page.locator("#explorer-count").inner_text()
    said = f"{without} {'is' if without == 1 else 'are'} left out for having no period."
    assert (said in count) if without else ("left out" not in count)


def test_clear_brings_back_the_beginning(visit: Visit) -> None:
    page = visit("?words=Poipet&area=KH-1&from=2005&sort=value.desc")
    assert 0 < number(page) < 20
    page.get_by_role("button", name="Clear filters").click()
    assert page.url.endswith("explorer.html")
    assert page.get_by_label("Search in words").input_value() == ""
    assert page.get_by_label("Sort by").input_value() == ""
    assert number(page) > 100


# Addresses


@pytest.mark.parametrize("row", [FIGURE, PENALTY, ASSESSMENT])
def test_an_address_opens_its_row(visit: Visit, row: str) -> None:
    page = visit("#" + row)
    assert is_open_and_seen(page, row)
    assert page.url.endswith("#" + row)


def test_an_address_opens_its_row_under_any_path_of_a_server(visit: Visit, server: str) -> None:
    page = visit("#" + FIGURE, base=server)
    assert is_open_and_seen(page, FIGURE)


def test_an_address_opens_its_row_whatever_the_filters(visit: Visit) -> None:
    row = rows("assessments")[100]["id"]
    page = visit(f"?topic=budgets&words=riel#{row}")
    assert is_open_and_seen(page, row)
    assert "filters were changed" in page.locator("#explorer-message").inner_text()


def test_an_unknown_id_says_so_and_names_what_is_near(visit: Visit) -> None:
    page = visit("#enforcement-2009-persons-arested")
    message = page.locator("#explorer-message")
    assert "No row has the id" in message.inner_text()
    message.get_by_role("link").first.click()
    assert page.url.endswith(message_target := page.url.partition("#")[2])
    assert is_open_and_seen(page, message_target)
    assert message.inner_text() == ""


def test_an_anchor_of_the_page_is_no_unknown_id(visit: Visit) -> None:
    page = visit("#main-content")
    assert page.locator("#explorer-message").inner_text() == ""


@pytest.mark.parametrize("address", ["#%", "#<b>x</b>", "?topic=no-table&from=x&sort=a.b"])
def test_an_address_that_makes_no_sense_does_no_harm(visit: Visit, address: str) -> None:
    page = visit(address)
    assert number(page) == len(figures())
    assert page.locator("#explorer-message b").count() == 0


def test_the_address_holds_search_filters_sort_and_open_row(visit: Visit) -> None:
    page = visit()
    page.get_by_label("Search in words").fill("Malaysia")
    page.get_by_label("Document", exact=True).select_option("tip-2018")
    page.get_by_label("Sort by").select_option("value.desc")
    first = ids(page)[0]
    button(page, first).click()
    other = visit(page.url.partition("explorer.html")[2])
    assert ids(other) == ids(page)
    assert other.get_by_label("Search in words").input_value() == "Malaysia"
    assert is_open_and_seen(other, first)


def test_back_undoes_one_step_after_the_other(visit: Visit) -> None:
    page = visit()
    all_rows = number(page)
    page.get_by_label("Search in words").press_sequentially("Poipet")
    found = number(page)
    row = ids(page)[0]
    button(page, row).click()
    playwright.expect(evidence(page, row)).to_be_visible()
    page.go_back()
    playwright.expect(evidence(page, row)).to_have_count(0)
    assert number(page) == found
    page.go_back()
    playwright.expect(page.get_by_label("Search in words")).to_have_value("")
    assert number(page) == all_rows
    page.go_forward()
    page.go_forward()
    playwright.expect(evidence(page, row)).to_be_visible()


def test_a_link_to_a_related_row_opens_it_and_back_returns(visit: Visit) -> None:
    page = visit(f"?topic=repatriations#{TOTAL}")
    evidence(page, TOTAL).get_by_role("link", name="114 persons").click()
    part = "repatriation-2018-mosavy-2017-malaysia"
    assert is_open_and_seen(page, part)
    page.go_back()
    assert is_open_and_seen(page, TOTAL)


# Hands, ears, paper


def test_citation_bibtex_and_id_can_be_copied(visit: Visit, server: str) -> None:
    page = visit(
        f"?words=Malaysia#{TOTAL}",
        base=server,
        permissions=["clipboard-read", "clipboard-write"],
    )
    for name, expected in [
        ("Copy citation", tip.cite(TOTAL)),
        ("Copy BibTeX", tip.cite(TOTAL, format="bibtex")),
        ("Copy id", TOTAL),
        ("Copy citation of the dataset", tip.cite()),
    ]:
        evidence(page, TOTAL).get_by_role("button", name=name, exact=True).click()
        playwright.expect(page.locator("#explorer-copied")).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == expected


def test_everything_can_be_done_with_the_keyboard(visit: Visit) -> None:
    page = visit()
    page.get_by_label("Search in words").focus()
    page.keyboard.type("Malaysia 382")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "topic"
    for _ in range(30):
        if page.evaluate("document.activeElement.className") == "explorer-open":
            break
        page.keyboard.press("Tab")
    row = MALAYSIA
    playwright.expect(button(page, row)).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    playwright.expect(button(page, row)).to_have_attribute("aria-expanded", "true")
    playwright.expect(evidence(page, row)).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(f"!!document.activeElement.closest('#evidence-{row}')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    playwright.expect(button(page, row)).to_have_attribute("aria-expanded", "false")
    seen = set()
    for _ in range(60):  # on to the end of the page: nothing holds the focus
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert len(seen) > 5
    heading = page.locator("th", has_text="Period").locator("[role=button]")
    heading.focus()
    page.keyboard.press("Enter")
    playwright.expect(page.get_by_label("Sort by")).to_have_value("period.asc")


def test_a_phone_shows_all_without_scrolling_sideways(visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 800})
    card = page.locator("tr", has=page.locator(".explorer-open")).first.bounding_box()
    assert card["width"] > 300
    for row in [TOTAL, PENALTY, "ministry-of-interior", ASSESSMENT]:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        go(page, row)
        assert is_open_and_seen(page, row)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_paper_shows_the_whole_list_and_the_open_evidence_without_controls(visit: Visit) -> None:
    page = visit(f"#{TOTAL}")
    page.emulate_media(media="print")
    playwright.expect(page.locator(".explorer-open")).to_have_count(number(page))
    assert not page.locator("#explorer-filters").is_visible()
    assert not page.get_by_label("Rows on a page").is_visible()
    assert evidence(page, TOTAL).is_visible()
    assert f"#{TOTAL}" in evidence(page, TOTAL).inner_text()
    page.emulate_media(media="screen")
    playwright.expect(page.locator(".explorer-open")).to_have_count(25)


@pytest.mark.parametrize(
    ("address", "scheme", "width"),
    [
        ("?topic=all", "dark", 1280),
        (f"#{TOTAL}", "light", 1280),
        (f"#{PENALTY}", "dark", 360),
        ("#nothing", "light", 360),
    ],
)
def test_axe_finds_nothing(
    visit: Visit, server: str, axe: str, address: str, scheme: str, width: int
) -> None:
    """The head of the page is the theme's, and on every page."""
    page = visit(
        address, base=server, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page.evaluate(axe)
    found = page.evaluate("axe.run({ exclude: ['.bd-header'] })")["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []


def test_without_scripts_the_page_says_where_the_tables_are(visit: Visit, site: Path) -> None:
    html = (site / "explorer.html").read_text(encoding="utf-8")
    told = re.search(r"<noscript>\s*<div class=\"admonition.*?</noscript>", html, re.S).group()
    assert "dictionary.html" in told
    assert "cambodia-tip evidence" in told
