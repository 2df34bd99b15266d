"""The charts as readers have them: wide and narrow, light, dark and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WIDTHS = {1280: "wide", 390: "narrow", 320: "narrow"}

SHOWN = """() => [...document.querySelectorAll('.chart')].map((chart) => {
  const svgs = [...chart.querySelectorAll(":scope > svg")]
    .filter((svg) => svg.getClientRects().length);
  const scale = svgs[0].getBoundingClientRect().width / svgs[0].viewBox.baseVal.width;
  const letters = scale * parseFloat(getComputedStyle(svgs[0].querySelector('text')).fontSize);
  return {id: chart.id, layouts: svgs.map((svg) => svg.getAttribute('class')), letters};
})"""

OVERLAPS = """() => [...document.querySelectorAll('.chart > svg')].flatMap((svg) => {
  if (!svg.getClientRects().length) return [];
  const frame = svg.getBoundingClientRect();
  const boxes = (selector) => [...svg.querySelectorAll(selector)].map((node) => [
    node.getBoundingClientRect(), node.textContent || node.parentNode.textContent]);
  const found = [];
  const texts = boxes('text'), marks = boxes('a > title + path');
  const compare = (some, others, least, word) => some.forEach(([a, name], i) => {
    others.slice(some === others ? i + 1 : 0).forEach(([b, other]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > least && down > least) found.push([word, name, other]);
    });
  });
  compare(texts, texts, 3, 'words on words');
  compare(marks, marks, 4, 'mark on mark');
  compare(texts, marks, 4, 'words on mark');
  for (const [a, name] of texts) {
    if (a.left < frame.left - 2 || a.right > frame.right + 2 || a.bottom > frame.bottom + 2) {
      found.push(['cut', name]);
    }
  }
  return found;
})"""


@pytest.fixture
def open_page(site: Path, browser: Any) -> Iterator[Any]:
    opened = []

    def open_page(**options: Any) -> Any:
        page = browser.new_page(**options)
        opened.append(page)
        page.goto((site / "charts.html").as_uri())
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_each_reader_sees_each_chart_once_with_all_words_apart(open_page: Any, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    charts = page.evaluate(SHOWN)
    assert len(charts) == 10
    assert all(chart["layouts"] == [WIDTHS[width]] for chart in charts)
    assert all(chart["letters"] >= 11 for chart in charts)
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_mark_leads_to_the_page_of_its_record_and_says_which(open_page: Any, site: Path) -> None:
    page = open_page()
    link = page.get_by_role("link", name="Persons convicted, trafficking in persons, 2017").first
    assert "at least 129" in link.text_content()
    assert link.get_attribute("href") == "r/enforcement-2018-persons-convicted-2017.html"
    files = page.locator(".chart-files a[download]").evaluate_all(
        "links => links.map((link) => link.getAttribute('href'))"
    )
    assert len(files) == 3 * 10
    assert all((site / file).stat().st_size > 500 for file in files)


def test_the_marks_of_a_chart_can_be_skipped_by_keyboard(open_page: Any) -> None:
    page = open_page()
    skip = page.locator("#chart-enforcement .chart-skip")
    skip.focus()
    assert skip.evaluate("link => link.getBoundingClientRect().width") > 50
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "PNG"


def test_marks_are_dark_on_paper_and_bright_on_dark_pages(open_page: Any) -> None:
    page = open_page(color_scheme="dark")
    mark = page.locator("#chart-tiers > svg.wide a path").first
    color = "node => getComputedStyle(node).fill"
    assert mark.evaluate(color) == "rgb(86, 180, 233)"
    page.emulate_media(media="print")
    assert mark.evaluate(color) == "rgb(0, 114, 178)"
