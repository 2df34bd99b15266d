"""What the tests of the evidence explorer share: how to read its page and its tables."""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Callable

import pytest

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

playwright = pytest.importorskip("playwright.sync_api")

FIGURE = "enforcement-2009-persons-arrested"
MALAYSIA = "repatriation-2018-mfaic-2017-malaysia"
PENALTY = "penalty-1996-sex-trafficking-over-15"
ASSESSMENT = "assessment-2018-adoption-oversight"
TOTAL = "repatriation-2018-mosavy-2017-total"


Visit = Callable[..., "playwright.Page"]


@functools.cache
def rows(table: str) -> list[dict[str, str]]:
    """A table as its file holds it, read without the library."""
    path = tip.package_path() / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def quoted_tables() -> list[str]:
    found = [r for r in open_package().resources.values() if {"id", "quote"} <= set(r.field_names)]
    return [resource.name for resource in found]


def as_json(page: playwright.Page, expression: str) -> object:
    """What a page holds; as text, since that is far faster than value by value."""
    return json.loads(page.evaluate(f"JSON.stringify({expression})"))


def go(page: playwright.Page, row: str) -> None:
    """Follow the address of a row, as a link on the page would."""
    page.evaluate("id => { location.hash = id }", row)
    playwright.expect(evidence(page, row)).to_be_visible()


def ids(page: playwright.Page) -> list[str]:
    """The ids of the rows that this page of the list shows."""
    return page.eval_on_selector_all(".explorer-open", "all => all.map(b => b.dataset.id)")


def number(page: playwright.Page) -> int:
    return int(page.locator("#explorer-count").inner_text().split()[0].replace(",", ""))


def button(page: playwright.Page, row: str) -> playwright.Locator:
    return page.locator(f'.explorer-open[data-id="{row}"]')


def evidence(page: playwright.Page, row: str) -> playwright.Locator:
    return page.locator(f"#evidence-{row}")


def is_open_and_seen(page: playwright.Page, row: str) -> bool:
    """Whether a row is open, has the focus, and stands below the head of the page."""
    playwright.expect(evidence(page, row)).to_be_visible()
    playwright.expect(button(page, row)).to_be_focused()
    box = button(page, row).bounding_box()
    head = page.locator(".bd-header").bounding_box()
    return head["height"] <= box["y"] + 5 and box["y"] < page.viewport_size["height"] - 40


def figures() -> list[dict[str, str]]:
    tables = [rows(name) for name in quoted_tables()]
    return [row for table in tables if {"obs_status", "value"} <= set(table[0]) for row in table]
