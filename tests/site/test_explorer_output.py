"""What a reader takes away from the evidence explorer: lines, addresses, files, paper."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from explorer_visits import FIGURE, MALAYSIA, TOTAL, Visit, button, evidence, ids, number, rows

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package


def test_each_line_shows_its_quote(visit: Visit) -> None:
    page = visit("?topic=estimates")
    page.get_by_label("Rows on a page").select_option("-1")
    quotes = {row["id"]: row["quote"] for row in rows("estimates")}
    shown = dict(zip(ids(page), page.locator(".explorer-quote").all_inner_texts(), strict=True))
    assert shown == {row: f"“{quote}”" for row, quote in quotes.items()}


def test_a_method_is_told_with_its_column(visit: Visit) -> None:
    page = visit("?topic=estimates")
    text = page.locator("#explorer-table").inner_text()
    assert "Method: The document does not say" in text
    assert "\nThe document does not say" not in text


def test_rows_of_cables_and_only_these_are_marked_as_not_confirmed(visit: Visit) -> None:
    page = visit("?topic=enforcement_stats")
    page.get_by_label("Rows on a page").select_option("-1")
    marked = {source["source_id"] for source in rows("sources") if source["marking"]}
    badges = page.locator(".explorer-document .explorer-badge", has_text="cable, not confirmed")
    found = page.locator("tr", has=badges).locator(".explorer-open")
    assert sorted(found.evaluate_all("all => all.map(b => b.dataset.id)")) == sorted(
        row["id"] for row in rows("enforcement_stats") if row["source_id"] in marked
    )


def test_an_address_is_called_permanent_only_where_it_is(visit: Visit) -> None:
    page = visit("#" + MALAYSIA)
    shown = evidence(page, MALAYSIA)
    assert "Address in this copy" in shown.inner_text()
    assert "Permanent address" not in shown.inner_text()
    assert shown.get_by_role("button", name="Copy id").get_attribute("data-copy") == MALAYSIA
    page.evaluate(
        "document.head.insertAdjacentHTML('beforeend',"
        " '<link rel=canonical href=https://example.org/explorer.html>')"
    )
    button(page, MALAYSIA).click()
    button(page, MALAYSIA).click()
    assert "Permanent address" in shown.inner_text()
    address = f"https://example.org/explorer.html#{MALAYSIA}"
    copy = shown.get_by_role("button", name="Copy address")
    assert copy.get_attribute("data-copy") == address


def test_the_focus_ring_ends_above_the_next_line(visit: Visit) -> None:
    page = visit("#" + FIGURE)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    reach, gap = page.evaluate(
        """() => {
          const button = document.activeElement, style = getComputedStyle(button);
          const next = button.nextElementSibling.getBoundingClientRect();
          return [parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset),
                  next.top - button.getBoundingClientRect().bottom];
        }"""
    )
    assert reach <= max(gap, 0) + 2


# A file


def saved(page: object, folder: Path) -> tuple[str, str]:
    """The name and the text of the file that the button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save these rows (CSV)").click()
    path = folder / "rows.csv"
    download.value.save_as(path)
    return download.value.suggested_filename, path.read_bytes().decode("utf-8")


def test_the_rows_that_match_can_be_saved_with_words_and_warnings(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("?topic=repatriations&sort=value.desc")
    page.get_by_label("Rows on a page").select_option("100")
    name, text = saved(page, tmp_path)
    assert name == f"cambodia-tip-{open_package().version}-rows.csv"
    assert text.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["id"] for row in table] == ids(page)
    assert len(table) == number(page) == len(rows("repatriations"))
    row = next(row for row in table if row["id"] == MALAYSIA)
    expected = {
        "topic": "Repatriations",
        "value": "382 persons",
        "number": "382",
        "number_max": "",
        "unit": "Persons",
        "period": "2017 (inferred)",
        "area": "from Malaysia, to Cambodia",
        "reporter": "Ministry of Foreign Affairs and International Cooperation",
        "document": "2018 Trafficking in Persons Report: Cambodia (June 2018, inferred)",
        "paragraph": "paragraph 9",
        "quote": "382 victims from Malaysia",
        "note": next(r["note"] for r in rows("repatriations") if r["id"] == MALAYSIA),
        "citation": tip.cite(MALAYSIA),
        "address": f"explorer.html#{MALAYSIA}",
    }
    assert {name: row[name] for name in expected} == expected
    assert {"statement", "detail", "qualifier", "status", "warnings"} <= set(row)
    assert "Never add figures of one to those of another." in row["warnings"]


def test_a_range_keeps_its_upper_end_in_the_file(visit: Visit, tmp_path: Path) -> None:
    page = visit("?words=svay pak police&topic=estimates")
    _, text = saved(page, tmp_path)
    table = {row["id"]: row for row in csv.DictReader(io.StringIO(text[1:], newline=""))}
    row = table["estimate-2007-svay-pak-police-per-night"]
    assert (row["number"], row["number_max"]) == ("200", "300")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_file_is_a_formula(visit: Visit, start: str) -> None:
    page = visit()
    text = page.evaluate(
        "start => cambodiaTip.csv([{ ...cambodiaTip.records[0], note: start + 'SUM(1)' }])", start
    )
    (row,) = csv.DictReader(io.StringIO(text[1:], newline=""))
    assert row["note"] == f"'{start}SUM(1)"


# Paper


def test_a_printed_page_has_all_rows_and_the_whole_of_the_open_evidence(
    visit: Visit, tmp_path: Path
) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.fail("there is no pdftotext; install the package poppler-utils")
    page = visit(f"?topic=repatriations#{TOTAL}")
    linked = evidence(page, TOTAL).locator("section").last.locator("a").all_inner_texts()
    assert len(linked) > 5
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    command = [program, "-raw", str(tmp_path / "page.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    text = re.sub(r"\s", "", printed)
    caveats = {row["id"]: row for row in rows("caveats")}
    wanted = [f"“{row['quote']}”" for row in rows("repatriations")]
    for row in rows("row_caveats"):
        if row["row_id"] == TOTAL:
            wanted += caveats[row["caveat_id"]]["description"].split(". ")
    wanted += [tip.cite(TOTAL), *linked]
    assert [words for words in wanted if re.sub(r"\s", "", words) not in text] == []
