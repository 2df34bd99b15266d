"""The pages keep in the browser what the privacy policy lists, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STORED = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
LISTED = (
    "[...document.querySelectorAll('#on-this-site table td:first-child code')]"
    ".map(code => code.textContent)"
)


def test_pages_store_only_what_the_policy_lists(browser: Browser, site: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        for path in sorted(site.glob("*.html")):
            page.goto(path.as_uri())
        page.get_by_role("button", name="Color mode").click()
        page.goto((site / "search.html").as_uri() + "?q=penalties")
        page.wait_for_selector("#search-results li")
        stored = page.evaluate(STORED)
        page.goto((site / "method" / "limits.html").as_uri())
        assert set(stored) <= set(page.evaluate(LISTED))
        assert "sphinx_highlight_terms" in stored
        assert context.cookies() == []
