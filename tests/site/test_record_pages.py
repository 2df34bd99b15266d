"""The page of each record and of each retired id, and what pages say of themselves to machines."""

from __future__ import annotations

import csv
import doctest
import importlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from test_pages import DESK, faults_on_screen

import cambodia_tip as tip

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.importorskip("sphinx")
EXTENSIONS = Path(__file__).parents[2] / "docs" / "_extensions"
IDS = tip.load("ids")
RETURNS = "repatriation-2018-mfaic-2017-total"
CONVICTED = "enforcement-2018-persons-convicted-2017"
PENALTY = "penalty-1996-sex-trafficking-under-15"
RETIRED, REPLACEMENT = "raid-2006-08-brothels", "raid-2006-08-establishments"


class Text(HTMLParser):
    """What a reader without scripts sees of the article of a page, and the text of its parts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, str]] = []
        self._part = "top"
        self.feed(html[html.index("<article") : html.index("</article>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2":
            self._part = dict(attrs).get("id") or ""

    def handle_data(self, data: str) -> None:
        self.parts.append((self._part, data))

    def of(self, part: str) -> str:
        return " ".join(" ".join(text for name, text in self.parts if name == part).split())


@pytest.fixture
def page(site: Path) -> Callable[[str], str]:
    return lambda id_: (site / "r" / f"{id_}.html").read_text(encoding="utf-8")


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    return importlib.import_module


@pytest.mark.parametrize("name", ["page_metadata", "record_pages"])
def test_examples_in_the_docstrings_hold(extension: Callable[[str], ModuleType], name: str) -> None:
    result = doctest.testmod(extension(name))
    assert result.attempted > 0
    assert result.failed == 0


# Titles


def test_no_two_records_have_the_same_title(extension: Callable[[str], ModuleType]) -> None:
    titles = extension("record_titles").titles()
    assert set(titles) == set(IDS.loc[IDS["retired"].isna(), "id"])
    assert [text for text, count in Counter(titles.values()).items() if count > 1] == []
    assert [text for text in titles.values() if re.search(r"\bnan\b|_|\.$|\(\)", text)] == []


def test_no_two_pages_of_records_have_the_same_title_in_a_list_of_results(site: Path) -> None:
    pages = (path.read_text(encoding="utf-8") for path in (site / "r").glob("*.html"))
    counted = Counter(page[page.index("<title>") : page.index("</title>")] for page in pages)
    assert [title for title, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        (CONVICTED, "At least 129 persons convicted, 2017"),
        (RETURNS, "986 victims repatriated to Cambodia, 2017"),
        ("repatriation-2018-mfaic-2017-malaysia",
         "382 victims repatriated to Cambodia from Malaysia, 2017"),
        ("enforcement-2018-recruitment-firms-closed",
         "1 business closed, August 2017 (facilitating irregular labor migration)"),
        ("enforcement-2018-sentencing-data",
         "Persons sentenced: not reported, April 2017 to March 2018"),
        ("victims-wfcl-2016-potential-child-victims-identified",
         "200 potential victims identified, 2016 (minors or children)"),
        ("estimate-2007-share-women-among-traffickers",
         "Share of traffickers who are women running small brothels: 0.6667"),
        ("victims-wfcl-2014-excel-households-target",
         "Beneficiaries of a program: 14,000 households (planned; 2014 child labor report)"),
        (PENALTY,
         "1996 trafficking law: 15 to 20 years in prison for “sex trafficking”, victim under 15"),
        ("sentence-2007-afesip-compensation-dollars",
         "28 persons convicted, 2006: compensation of US$750 to US$2,500"),
        ("route-2007-malaysia-via-thailand",
         "Women or girls trafficked from Cambodia through Thailand to Malaysia for sexual "
         "exploitation (2007 cable)"),
        ("tier-2013-map-data",
         "Tier 2 in the 2013 Trafficking in Persons Report (only in another publication or "
         "dataset; 2013 map data)"),
    ],
)  # fmt: skip
def test_a_title_says_what_who_when_and_how_certain(
    extension: Callable[[str], ModuleType], id_: str, expected: str
) -> None:
    assert extension("record_titles").titles()[id_] == expected


# Pages of records


def test_every_id_has_a_page_and_every_link_among_them_leads_to_one(site: Path) -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (site / "r").glob("*.html")}
    assert set(pages) == set(IDS["id"])
    for id_, html in pages.items():
        article = html[html.index("<article") : html.index("</article>")]
        linked = set(re.findall(r'href="([^"/:#?]+)\.html"', article))
        assert linked <= set(pages), (id_, linked - set(pages))
        assert "nan" not in re.findall(r"\w+", article), id_


def test_the_claim_comes_with_who_says_so_and_the_words(page: Callable[[str], str]) -> None:
    top = Text(page(CONVICTED)).of("top")
    assert "At least 129 persons convicted, 2017" in top
    assert "Reported by National Committee for Counter Trafficking" in top
    assert "“courts convicted at least 129 traffickers”" in top
    assert "The sentence prints no year for it; the one before speaks of 2017." in top
    assert "2018 Trafficking in Persons Report: Cambodia , paragraph 3 (our count)" in top
    assert "Leaked cable, not confirmed" in Text(page(PENALTY)).of("top")
    assert "Year inferred" in Text(page(RETURNS)).of("top")
    press = Text(page("tier-2013")).of("top")  # the report was not seen, and has no quote
    assert "Document not held" in press
    assert "Official" not in press
    assert "Named in the 2006 cable" in Text(page("adhoc")).of("top")


def test_a_caveat_shows_the_other_counts_with_reporter_and_words(
    page: Callable[[str], str],
) -> None:
    caveats = Text(page(RETURNS)).of("caveats")
    assert caveats.index("May overlap: do not add") < caveats.index("Incomplete")
    assert "MOSAVY reported assisting in the repatriation of 243 Cambodians in 2017" in caveats
    assert "One NGO recorded receiving and assisting 395 Cambodian trafficking victims" in caveats
    first = page(RETURNS).split('class="record-caveat"')[1]
    assert first.index("<details open>") < first.index("243")  # seen without opening anything


def test_a_conflict_shows_both_sides(page: Callable[[str], str]) -> None:
    conflicts = Text(page(PENALTY)).of("conflicts")
    assert "15 to 20 years for any person convicted of sex trafficking" in conflicts
    assert "penalty is doubled in cases of minors" in conflicts


def test_every_pair_of_the_table_is_on_the_pages_of_both(page: Callable[[str], str]) -> None:
    for pair in tip.load("conflicts").to_dict("records"):
        for one, other in (("first_id", "second_id"), ("second_id", "first_id")):
            html = page(pair[one])
            assert f'href="{pair[other]}.html"' in html[html.index('id="conflicts"') :], pair


def test_citations_name_the_paragraph_the_reporter_and_the_record(
    page: Callable[[str], str],
) -> None:
    html = page(CONVICTED)
    cite = Text(html).of("cite")
    assert ("United States Department of State, 2018 Trafficking in Persons Report: Cambodia, "
            "para. 3.") in cite  # fmt: skip
    assert "Reported by National Committee for Counter Trafficking." in cite
    assert f"record {CONVICTED}." in cite
    documents = re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)[-3:]
    expected = [tip.cite(CONVICTED, format=name) for name in ("bibtex", "ris", "csl-json")]
    assert [unescape(text).strip() for text in documents] == [text.strip() for text in expected]


def test_the_files_of_a_record_are_its_cells(page: Callable[[str], str]) -> None:
    links = re.findall(r'href="data:([^;]+);charset=utf-8,([^"]+)" download', page(CONVICTED))
    files = {kind: unquote(text) for kind, text in links}
    as_json = json.loads(files["application/json"])
    assert (as_json["value"], as_json["qualifier"]) == (129, "at_least")
    (row,) = csv.DictReader(io.StringIO(files["text/csv"]))
    assert row["quote"] == as_json["quote"] == "courts convicted at least 129 traffickers"


def test_history_and_users_are_told(page: Callable[[str], str]) -> None:
    assert "History: in the data since 0.1.0, 3 corrections" in Text(page(CONVICTED)).of("details")
    assert "Repatriations: 9 as “Part of”" in Text(page(RETURNS)).of("links")


def test_a_retired_id_says_so_and_leads_to_what_replaced_it(page: Callable[[str], str]) -> None:
    html = page(RETIRED)
    top = Text(html).of("top")
    assert "This record is retired" in top
    assert "It has not been in the data since version 0.2.0" in top
    assert f'href="{REPLACEMENT}.html"' in html
    assert '<meta name="robots" content="noindex" />' in html
    assert f'<link rel="canonical" href="{REPLACEMENT}.html" />' in html
    assert 'rel="canonical"' not in page("sihanoukville-court")  # which nothing replaced


def test_pages_are_light(site: Path) -> None:
    sizes = sorted(path.stat().st_size for path in (site / "r").glob("*.html"))
    assert sizes[len(sizes) // 2] < 25_000
    assert sizes[-1] < 200_000


@pytest.mark.parametrize("id_", [PENALTY, RETIRED])
def test_a_page_works_from_a_folder_and_axe_finds_nothing(
    browser: Browser, site: Path, axe: str, id_: str
) -> None:
    wrong = faults_on_screen(browser, site / "r" / f"{id_}.html", axe)
    assert not wrong, "\n".join(wrong)


def test_without_scripts_both_sides_are_seen_in_the_same_size(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    shown = context.new_page()
    shown.goto((site / "r" / f"{PENALTY}.html").as_uri())
    sides = [
        side.bounding_box() for side in shown.locator(".record-pair").first.locator("> li").all()
    ]
    boxes = [(round(box["y"]), round(box["width"]), round(box["height"])) for box in sides if box]
    assert len(boxes) == 2
    assert boxes[0] == boxes[1]
    cell = shown.get_by_text("Sanction", exact=True)
    assert not cell.is_visible()
    shown.emulate_media(media="print")  # where no fold can be opened
    assert cell.is_visible()
    shown.emulate_media(media="screen")
    shown.locator("summary", has_text="What the record contains").click()
    assert cell.is_visible()
    context.close()


# What pages say to machines


def structured(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_home_page_describes_the_dataset_and_each_record_its_page(
    site: Path, page: Callable[[str], str]
) -> None:
    home = structured((site / "index.html").read_text(encoding="utf-8"))
    assert home["@type"] == "Dataset"
    assert home["version"] == tip.__version__
    assert len(home["isBasedOn"]) == len(tip.load("sources"))
    for id_ in IDS.loc[IDS["retired"].isna(), "id"]:
        found = structured(page(id_))
        assert found["@type"] == "WebPage"
        assert found["isPartOf"]["identifier"] == home["identifier"]


def test_a_page_can_be_shared(page: Callable[[str], str]) -> None:
    html = page(CONVICTED)
    tags = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)"', html))
    assert tags["og:title"] == "At least 129 persons convicted, 2017"
    assert tags["og:description"] == tags["description"]
    assert "Reported by National Committee for Counter Trafficking" in tags["description"]
    assert len(tags["description"]) <= 160


def test_no_address_is_made_up(site: Path) -> None:
    for name in ("index", f"r/{CONVICTED}", "404"):
        html = (site / f"{name}.html").read_text(encoding="utf-8")
        assert 'rel="canonical"' not in html
        assert "og:url" not in html


def test_a_missing_page_leads_on(site: Path) -> None:
    html = (site / "404.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex" />' in html
    for target in ("explorer.html", "sources/index.html", "index.html"):
        assert f'href="{target}"' in html


def test_a_site_with_an_address_tells_it(
    tmp_path: Path, extension: Callable[[str], ModuleType]
) -> None:
    extension("page_metadata")
    application = pytest.importorskip("sphinx.application")
    (tmp_path / "index.md").write_text("# Home\n\nA first paragraph that says what it is.\n")
    (tmp_path / "_templates").mkdir()
    (tmp_path / "_templates" / "404.html").write_text('{% extends "layout.html" %}')
    settings = {
        "extensions": ["myst_parser", "page_metadata"],
        "templates_path": [str(tmp_path / "_templates")],
        "html_baseurl": "https://example.org/x",
        "html_theme": "basic",
    }
    out = tmp_path / "out"
    application.Sphinx(
        str(tmp_path), None, str(out), str(tmp_path / "trees"), "html", settings, status=None
    ).build()
    home = (out / "index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/x/index.html" />' in home
    assert '<meta property="og:url" content="https://example.org/x/index.html" />' in home
    assert '<meta name="description" content="A first paragraph that says what it is." />' in home
    assert "og:url" not in (out / "404.html").read_text(encoding="utf-8")
