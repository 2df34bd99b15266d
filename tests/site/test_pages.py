"""Every page of the built site: its links, its head, and how it behaves in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from pages_of_site import OF_THEIR_KIND, of_each_folder, pages_of

import cambodia_tip as tip

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOADING = {
    ("script", "src"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("source", "src"),
    ("source", "srcset"), ("video", "src"), ("audio", "src"), ("embed", "src"), ("object", "data"),
    ("link", "href"), ("image", "href"), ("use", "href"),
}  # fmt: skip
"""Attributes whose address a browser loads without being asked."""
MOST_BYTES = 500_000
NOT_LOADED = {"canonical", "license", "cite-as", "author", "help"}
"""Relations of a link element that a browser does not follow by itself."""
IDS = set(tip.load("ids")["id"])
ROOT = Path(__file__).parents[2]
EXTENSIONS = ROOT / "docs" / "_extensions"


class Read:
    """A page as its elements: their names and attributes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        page = lxml.html.document_fromstring(path.read_bytes())
        self.elements = [(e.tag, e) for e in page.iter() if isinstance(e.tag, str)]

    def all(self, tag: str) -> list[Any]:
        return [element for name, element in self.elements if name == tag]

    def text(self, tag: str) -> str:
        return "".join(element.text or "" for element in self.all(tag))


@cache
def places(path: Path) -> set[str]:
    """What may stand behind # for a page. The explorer makes its records in the browser."""
    found = {e.get(name) for _, e in Read(path).elements for name in ("id", "name")}
    return found | (IDS if path.name == "explorer.html" else set())


@cache
def is_file(path: str) -> bool:
    return Path(path).is_file()


def is_outside(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def broken_links(site: Path, page: Read) -> Iterator[str]:
    """Links of a page that lead to no file of the site, or to no id in it."""
    found = {e.get(name) for _, e in page.elements for name in ("href", "src", "data")}
    for address in found - {None, ""}:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = os.path.normpath(page.path.parent / unquote(parts.path))
        target = target if parts.path else str(page.path)
        fragment = unquote(parts.fragment)
        if parts.path.startswith("/") or not target.startswith(f"{site}{os.sep}"):
            yield f"{address}: leads out of the site"
        elif not is_file(target):
            yield f"{address}: no such file"
        elif fragment and target.endswith(".html") and fragment not in places(Path(target)):
            yield f"{address}: no such place on the page"


def outside_addresses(page: Read) -> Iterator[str]:
    """What a page loads from elsewhere."""
    loaded = [
        address.split()[0]
        for tag, element in page.elements
        for name in element.keys()  # noqa: SIM118 - an element is no mapping
        if (tag, name) in LOADING and element.get("rel") not in NOT_LOADED
        for address in element.get(name).split(",")
        if address.split()
    ]
    loaded += style_addresses(page.text("style"))
    loaded += [a for _, e in page.elements for a in style_addresses(e.get("style", ""))]
    yield from filter(is_outside, loaded)


def style_addresses(text: str) -> list[str]:
    found = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text)
    return [first or second for first, second in found]


def faults_of_head(page: Read) -> Iterator[str]:
    """What a page fails to say of itself."""
    if page.all("html")[0].get("lang") != "en":
        yield "no language"
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} headings of the first level"
    if not page.text("title").strip() or page.text("title").startswith("None \u2014"):
        yield "no title"
    descriptions = [m.get("content") for m in page.all("meta") if m.get("name") == "description"]
    if len(descriptions) != 1 or not 20 <= len(descriptions[0]) <= 300:
        yield f"no description: {descriptions}"
    for image in page.all("img"):
        if "alt" not in image.attrib:
            yield f"no text in place of {image.get('src')}"


def unread_markup(page: Read) -> Iterator[str]:
    """Blocks of Markdown that a page shows as they were written."""
    yield from ("shows ```" for _, e in page.elements if (e.text or "").strip().endswith("```"))
    yield from ("shows ```" for _, e in page.elements if "\n```\n" in (e.text or ""))


def problems(site: Path, path: Path) -> list[str]:
    """What is wrong with a page that can be seen without a browser."""
    page = Read(path)
    found = [*broken_links(site, page), *outside_addresses(page)]
    return [*found, *faults_of_head(page), *unread_markup(page)]


def test_every_page_says_what_it_is_and_its_links_lead_somewhere(site: Path) -> None:
    wrong = {
        path.relative_to(site).as_posix(): found
        for path in pages_of(site)
        if (found := problems(site, path))
    }
    assert not wrong, json.dumps(dict(list(wrong.items())[:20]), indent=1)


def test_pages_are_light(site: Path) -> None:
    heavy = {p.name: p.stat().st_size for p in pages_of(site) if p.stat().st_size > MOST_BYTES}
    assert not heavy


def test_style_sheets_load_what_is_there_and_nothing_from_outside(site: Path) -> None:
    sheets = list(site.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        for address in style_addresses(sheet.read_text(encoding="utf-8")):
            assert not is_outside(address), (sheet.name, address)
            if not address.startswith(("data:", "#")):
                assert (sheet.parent / urlsplit(address).path).is_file(), (sheet.name, address)


def test_titles_are_distinct(site: Path) -> None:
    titles = [Read(path).text("title") for path in site.glob("*.html")]
    assert len(titles) == len(set(titles)) > 5


def test_the_card_of_a_figure_shows_hedge_reporter_words_and_doubt(site: Path) -> None:
    html = (site / "writing.html").read_text(encoding="utf-8")
    card = " ".join(re.sub(r"<[^>]+>", "", html[html.index("tip-evidence") :]).split())
    assert "at least 129 persons, persons convicted, 2017" in card
    assert "Reported by: National Committee for Counter Trafficking" in card
    assert "“courts convicted at least 129 traffickers”" in card
    assert "2018 Trafficking in Persons Report: Cambodia, paragraph 3" in card
    assert "The document doubts the data (doubted)" in card


def test_what_is_printed_is_not_marked_as_inferred(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sphinx")
    monkeypatch.syspath_prepend(EXTENSIONS)
    import evidence

    sessions = evidence.card("training-2009-sessions", up="").astext()
    assert "April 1, 2009 to November 16, 2009, inferred\n" in sessions
    assert "paragraph 2, November 16, 2009. " in sessions
    # the sentence says "in 2003" of the cases, and no year of the arrests
    cases = evidence.card("enforcement-2004-cases-investigated", up="").astext()
    assert "cases investigated, 2003\n" in cases
    assert "June 2004, inferred. " in cases
    arrests = evidence.card("enforcement-2004-persons-arrested", up="").astext()
    assert "persons arrested, 2003, inferred\n" in arrests


def numbers_of_table(site: Path, page: str) -> list[tuple[str, int]]:
    """The rows of the first table of a page whose last cell is a number."""
    html = (site / page).read_text(encoding="utf-8")
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html[: html.index("</table>")], re.S)
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"</td>", row)] for row in rows
    ]
    numbers = [(row[0], row[1].replace(",", "")) for row in cells if len(row) > 2]
    return [(name, int(number)) for name, number in numbers if number.isdigit()]


def test_the_counts_on_the_page_of_limits_add_up_to_all_rows(site: Path) -> None:
    *parts, (name, total) = numbers_of_table(site, "method/limits.html")
    assert name == "all rows"
    assert total == sum(number for _, number in parts) == tip.tables()["rows"].sum()


def test_the_page_of_limits_separates_doubts_from_doubted_figures(site: Path) -> None:
    html = (site / "method" / "limits.html").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    caveats = tip.load("caveats")
    doubts = set(caveats.loc[caveats["kind"] == "doubted", "id"])
    links = tip.load("row_caveats")
    rows = set(links.loc[links["caveat_id"].isin(doubts), "row_id"])
    figures = rows & set(tip.observations()["id"])
    said = f"{len(doubts)} caveats, on {len(rows)} rows ({len(figures)} of them figures)"
    assert said in text


def test_the_header_leads_to_the_six_places(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    menu = re.findall(r'<a class="nav-link nav-internal" href="([^"]+)"[^>]*>([^<]+)<', html)
    assert menu[:6] == [
        ("findings/index.html", "Findings"),
        ("explorer.html", "Explore"),
        ("sources/index.html", "Sources"),
        ("data.html", "Data and citation"),
        ("python/index.html", "Python"),
        ("method/index.html", "Method"),
    ]


def test_the_footer_leads_to_contributing_reference_and_changelog(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8").partition("footer-about")[2]
    for page in ("data", "dictionary", "formats", "checks", "changelog", "contributing"):
        assert f'href="{page}.html' in html


@pytest.mark.parametrize("width", [962, 1100, 1205, 1285])
def test_the_menu_is_one_line_where_it_is_shown(browser: Browser, site: Path, width: int) -> None:
    with watched(browser, viewport={"width": width, "height": 700}) as (page, _):
        page.goto((site / "index.html").as_uri())
        menu = page.locator("#pst-header a.nav-link:visible").last.bounding_box()
        search = page.locator("#pst-header .tip-search:visible").bounding_box()
        assert menu["x"] < search["x"]
        assert menu["y"] < search["y"] + search["height"] / 2 < menu["y"] + menu["height"]


@pytest.mark.parametrize("page", ["method/limits", "writing"])
def test_the_standing_of_the_cables_is_said_in_one_way(site: Path, page: str) -> None:
    html = (site / f"{page}.html").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "reached the public without authority" in text
    assert "not confirmed by the government that wrote them" in text


def test_no_file_of_the_site_holds_the_path_of_the_checkout(site: Path) -> None:
    files = [path for path in site.rglob("*") if path.is_file()]
    assert {".html", ".js", ".inv", ".svg"} <= {path.suffix for path in files}
    telling = [path.name for path in files if tells(path, str(ROOT))]
    assert not telling, "build with -d docs/_doctrees, so that these stay out of the site"


def tells(path: Path, text: str) -> bool:
    """Whether a file of the site holds a text, also where an inventory has packed it."""
    content = path.read_bytes()
    if path.suffix == ".inv":
        head, packed = content.split(b"zlib.\n", 1)
        content = head + zlib.decompress(packed)
    return text.encode() in content


def test_a_file_that_holds_a_path_is_found(tmp_path: Path) -> None:
    packed = b"# compressed using zlib.\n" + zlib.compress(b"in /home/somebody/checkout")
    (tmp_path / "objects.inv").write_bytes(packed)
    (tmp_path / "page.html").write_text("in /home/somebody/checkout", encoding="utf-8")
    for path in tmp_path.iterdir():
        assert tells(path, "/home/somebody/checkout")
        assert not tells(path, "/home/somebody/else")


GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width">
<meta name="description" content="A page to break in one place."></head>
<body><main><h1 id="top">A page</h1><a href="#top">Up</a><p style="color: #111">Text.</p></main>
</body></html>"""


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('href="#top"', 'href="#bottom"', "no such place"),
        ('href="#top"', 'href="other.html"', "no such file"),
        ('href="#top"', 'href="/index.html"', "leads out"),
        ('href="#top"', 'href="../index.html"', "leads out"),
        ('href="#top"', 'href="explorer.html#no-id"', "no such place"),
        ("</h1>", '</h1><img src="https://example.org/a.png" alt="">', "https://example.org"),
        ("</h1>", '</h1><img srcset="a.png 1x, //example.org/b.png 2x" alt="">', "//example.org"),
        ("</head>", '<link rel="stylesheet" href="https://example.org/a.css"></head>', "example"),
        ("</head>", "<style>@import 'https://example.org/a.css';</style></head>", "example.org"),
        ('style="', 'style="background: url(https://example.org/a.png);', "example.org"),
        (' lang="en"', "", "no language"),
        ("<title>A page</title>", "", "no title"),
        ('<h1 id="top">', '<h1>One</h1><h1 id="top">', "2 headings"),
        ('name="description"', 'name="keywords"', "no description"),
        ("</h1>", '</h1><img src="explorer.html">', "no text in place"),
        ("</h1>", "</h1><pre>Then run:\n\n```\nls</pre>", "shows ```"),
    ],
)
def test_a_page_that_is_wrong_is_found(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    (tmp_path / "explorer.html").write_text(GOOD, encoding="utf-8")
    for name, text in (("good.html", GOOD), ("wrong.html", GOOD.replace(before, after, 1))):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        found = problems(tmp_path, path)
        assert any(complaint in fault for fault in found) == (name == "wrong.html"), found


# In a browser


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page in a browser that lets nothing out, and what was wrong with it."""
    context = browser.new_context(**options)
    wrong: list[str] = []

    def guard(route: Any) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("file", "data", "blob") or address.hostname == "127.0.0.1":
            route.continue_()
        else:
            wrong.append(f"asks outside: {route.request.url}")
            route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    page.on("console", lambda said: said.type == "error" and wrong.append(f"says: {said.text}"))
    page.on("pageerror", lambda error: wrong.append(f"fails: {error}"))
    page.on("requestfailed", lambda request: wrong.extend(failure(request)))
    try:
        yield page, wrong
    finally:
        context.close()


def failure(request: Any) -> Iterator[str]:
    if request.failure != "net::ERR_ABORTED":  # the browser has left for another page
        yield f"cannot load: {request.url}"


def overflow(page: Page) -> list[str]:
    """Elements that make the page wider than the window."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter((e) => e.getBoundingClientRect().right > width + 1)
                .slice(0, 5)
                .map((e) => `too wide: ${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`);
        }"""
    )
    return found


def violations(page: Page, axe: str, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds that is serious or worse, by these rules or by all."""
    page.evaluate(axe)
    options = {"resultTypes": ["violations"], "preload": False}
    options |= {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:3]
    ]


ON_SCREEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""Rules of axe-core about what a window and its colors make of a page; the others see its parts.

The parts that are for a narrow window alone are the same on all pages.
"""
LONG_LINE = 125
"""Letters in a line that is a sentence: tables in a terminal have at most 120."""
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def faults_on_screen(browser: Browser, path: Path, axe: str | None) -> list[str]:
    """What is wrong with a page from a folder, wide and light, then narrow and dark.

    Colors do not depend on the width, nor the layout on the colors. Without axe the page is narrow
    from the start: what fits there fits where there is more room.
    """
    rules = () if path.name in OF_THEIR_KIND else ON_SCREEN
    narrow = {"color_scheme": "dark", "reduced_motion": "reduce"}
    wide = {"viewport": DESK, "color_scheme": "light", "reduced_motion": "reduce"}
    with watched(browser, **(wide if axe else {"viewport": PHONE, **narrow})) as (page, wrong):
        page.goto(path.as_uri(), wait_until="load")
        found = overflow(page)
        if axe:
            found += violations(page, axe)
            page.set_viewport_size(PHONE)
            page.emulate_media(**narrow)
            page.reload(wait_until="load")
            found += [*overflow(page), *violations(page, axe, rules)]
        found += cut_lines(page)
        return [*wrong, *found]  # the former last: a request may come after the page has loaded


def cut_lines(page: Page) -> list[str]:
    """Sentences in blocks of code that are not wrapped on a phone."""
    cut = page.evaluate(
        """(longest) => [...document.querySelectorAll("article pre")]
            .filter((pre) => pre.scrollWidth > pre.clientWidth + 1)
            .flatMap((pre) => pre.textContent.split("\\n"))
            .filter((line) => line.length > longest)""",
        LONG_LINE,
    )
    return [f"put {{.tip-wrap}} above the block with: {line}" for line in cut]


def test_a_page_works_from_a_folder(browser: Browser, site: Path, page_name: str, axe: str) -> None:
    """The pages of a folder have the same parts, so axe looks at three of each."""
    is_read = page_name in of_each_folder(site)
    wrong = faults_on_screen(browser, site / page_name, axe if is_read else None)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("</body>", "<script>fail()</script></body>", "fails: fail is not defined"),
        ("</body>", "<script>console.error('no')</script></body>", "says: no"),
        ("</body>", "<script>fetch('https://example.org/')</script></body>", "asks outside"),
        ("</body>", '<script src="lost.js"></script></body>', "cannot load"),
        (
            "<p ",
            '<p><span style="display: block; width: 500px">Wide</span></p><p ',
            "too wide",
        ),
        ("color: #111", "color: #ccc", "color-contrast"),
    ],
)
def test_a_page_that_works_wrongly_is_found(
    browser: Browser, site: Path, tmp_path: Path, axe: str, before: str, after: str, complaint: str
) -> None:
    for name, text in (("good.html", GOOD), ("wrong.html", GOOD.replace(before, after, 1))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = faults_on_screen(browser, tmp_path / name, axe)
        assert any(complaint in fault for fault in found) == (name == "wrong.html"), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system(browser: Browser, site: Path, scheme: str) -> None:
    with watched(browser, color_scheme=scheme) as (page, wrong):
        page.goto((site / "index.html").as_uri())
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["index", "data", "explorer", "charts", "python/project"])
def test_a_page_works_under_a_base_path(browser: Browser, server: str, name: str) -> None:
    with watched(browser) as (page, wrong):
        page.goto(f"{server}{name}.html", wait_until="load")
        assert not wrong, "\n".join(wrong)


def test_links_between_pages_are_followed_under_a_base_path(browser: Browser, server: str) -> None:
    with watched(browser) as (page, wrong):
        page.goto(server + "data.html")
        page.locator("article a[href*='python/recipes']").click()
        page.get_by_role("heading", level=1, name="Recipes").wait_for()
        assert page.url.startswith(server)
        assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("place", ["folder", "server"])
def test_the_site_is_searched_without_a_server_and_with_one(
    browser: Browser, site: Path, server: str, place: str
) -> None:
    top = server if place == "server" else f"{site.as_uri()}/"
    with watched(browser) as (page, wrong):
        page.goto(top + "search.html?q=repatriation")
        page.locator("#search-results a[href*='python/index.html']").first.wait_for()
        assert not wrong, "\n".join(wrong)


def test_the_theme_can_be_chosen(browser: Browser, site: Path) -> None:
    with watched(browser, color_scheme="light") as (page, wrong):
        page.goto((site / "index.html").as_uri())
        for theme in ("dark", "light"):
            page.get_by_role("button", name="Color mode").click()
            page.get_by_role("button", name=theme, exact=False).click()
            assert page.evaluate("document.documentElement.dataset.theme") == theme
        assert not wrong, "\n".join(wrong)


def test_print_leaves_out_what_is_for_the_screen_and_is_black_on_white(
    browser: Browser, site: Path
) -> None:
    with watched(browser, color_scheme="dark") as (page, wrong):
        page.goto((site / "contributing.html").as_uri())
        page.emulate_media(media="print")
        for part in ("#pst-header", "#pst-primary-sidebar", "#pst-secondary-sidebar"):
            assert not page.locator(part).is_visible(), part
        for part in (
            "article h1",
            "article p",
            "article p code",
            "article pre",
            "article pre span",
        ):
            colour = page.locator(part).last.evaluate("(e) => getComputedStyle(e).color")
            assert colour == "rgb(0, 0, 0)", part
        assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "name",
    ["index", "charts", "writing", "method/limits", "python/recipes", "data"],
)
def test_a_printed_page_has_its_end_and_then_the_footer(
    browser: Browser, site: Path, tmp_path: Path, name: str
) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.fail("there is no pdftotext; install it: apt-get install poppler-utils")
    with watched(browser) as (page, wrong):
        page.goto((site / f"{name}.html").as_uri(), wait_until="load")
        last = page.locator("article :is(p, pre)").last.text_content()
        page.pdf(path=tmp_path / "page.pdf", format="A4")
        assert not wrong, "\n".join(wrong)
    made = subprocess.run(
        [program, tmp_path / "page.pdf", "-"], capture_output=True, encoding="utf-8", check=True
    )
    printed = letters(made.stdout)
    assert len(letters(last)) > 20
    assert letters(last) in printed
    footer = letters("How to cite · Where the documents disagree")
    assert printed.index(letters(last)) < printed.rindex(footer)


def letters(text: str) -> str:
    """A text without what lines and sheets do to it."""
    return re.sub(r"\W+", "", text)
