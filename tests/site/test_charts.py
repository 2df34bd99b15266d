"""The page of charts as a reader has it: wide and narrow, light, dark and printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "charts.md").read_text(encoding="utf-8")
NAMES = sorted(re.findall(r"^```{chart} (\w+)$", PAGE, re.M))
PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 900}

OVERLAPS = """() => {
  const texts = [...document.querySelectorAll('text')].filter((text) => text.textContent.trim());
  const boxes = texts.map((text) => text.getBoundingClientRect());
  const shown = document.documentElement.getBoundingClientRect();
  const found = [];
  boxes.forEach((a, i) => {
    if (a.left < -1 || a.right > shown.right + 1 || a.top < -1 || a.bottom > shown.bottom + 1) {
      found.push(['cut', texts[i].textContent]);
    }
    boxes.slice(i + 1).forEach((b, j) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 3) {
        found.push([texts[i].textContent, texts[i + 1 + j].textContent]);
      }
    });
  });
  return found;
}"""


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


def shown(page: Any) -> list[dict[str, Any]]:
    """The charts that are on the page for this reader."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.chart img')]
          .filter((image) => image.getClientRects().length)
          .map((image) => ({
            file: image.currentSrc.split('/').pop(),
            alt: image.alt,
            loaded: image.complete && image.naturalWidth > 0,
            scale: image.getBoundingClientRect().width / image.naturalWidth,
          }))"""
    )


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(("viewport", "layout"), [(SCREEN, "wide"), (PHONE, "narrow")])
def test_each_reader_sees_each_chart_once(
    open_page: Any, viewport: dict[str, int], layout: str, look: str
) -> None:
    charts = shown(open_page(viewport=viewport, color_scheme=look))
    files = sorted(chart["file"] for chart in charts)
    assert files == [f"chart-{name}-{layout}-{look}.svg" for name in NAMES]
    assert all(chart["loaded"] and chart["alt"] for chart in charts)


@pytest.mark.parametrize("viewport", [SCREEN, PHONE])
def test_letters_are_not_drawn_too_small_to_read(open_page: Any, viewport: dict[str, int]) -> None:
    for chart in shown(open_page(viewport=viewport)):
        assert 12 * chart["scale"] >= 11


def test_a_phone_shows_the_page_without_scrolling_sideways(open_page: Any) -> None:
    page = open_page(viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_screen_reader_is_told_of_each_chart_once(open_page: Any) -> None:
    page = open_page(color_scheme="dark")
    images = page.locator(".bd-article").get_by_role("img").all()
    told = [alt for image in images if (alt := image.get_attribute("alt"))]
    assert len(told) == len(set(told)) == len(NAMES)


def test_paper_gets_the_charts_for_white_ground(open_page: Any) -> None:
    page = open_page(color_scheme="dark")
    page.emulate_media(media="print")
    files = sorted(chart["file"] for chart in shown(page))
    assert files == [f"chart-{name}-wide-light.svg" for name in NAMES]


def test_the_page_asks_for_nothing_from_outside(site: Path, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "charts.html").as_uri())
    page.close()
    assert asked
    assert all(address.startswith(("file:", "data:")) for address in asked)


def test_each_figure_links_to_its_place_in_the_explorer(open_page: Any) -> None:
    links = open_page().eval_on_selector_all(
        ".chart-figures td:last-child a",
        "links => links.map((link) => [link.textContent, link.getAttribute('href')])",
    )
    assert len(links) > 100
    assert all(target == f"explorer.html#{row}" for row, target in links)


def test_the_tables_open_by_keyboard(open_page: Any) -> None:
    page = open_page()
    summary = page.locator("details:has(.chart-figures) > summary").first
    table = page.locator(".chart-figures").first
    assert not table.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    table.wait_for(state="visible")


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("name", NAMES)
def test_no_words_are_cut_off_or_lie_on_others(
    site: Path, browser: Any, name: str, layout: str
) -> None:
    page = browser.new_page()
    page.goto((site / "_images" / f"chart-{name}-{layout}-light.svg").as_uri())
    overlaps = page.evaluate(OVERLAPS)
    page.close()
    assert overlaps == []
