"""The home page and the pages of findings: numbers from the tables, and nothing typed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import cambodia_tip as tip
from conftest import DOCS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sys.path.insert(0, str(DOCS / "_extensions"))

import findings_data as data
from sphinx.errors import ExtensionError

import findings

SOURCES = [DOCS / "index.md", *sorted((DOCS / "findings").glob("*.md"))]
PAGES = [path.relative_to(DOCS).with_suffix("").as_posix() for path in SOURCES]
CONVICTED = "enforcement-2018-persons-convicted-2017"
BLOCK = re.compile(r"^```\{.*?^```$", re.DOTALL | re.MULTILINE)


# What is written: no typed figures. A plain year, such as that of a report or a law, may stand;
# the year of a figure may be inferred, which only the role says.


@pytest.mark.parametrize("path", SOURCES, ids=PAGES)
def test_no_figure_on_a_page_is_typed(path: Path) -> None:
    assert not findings.typed_figures(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "typed",
    [
        "At least 129 people.",
        "It was 4.9 billion.",
        "- 3 ministries",
        "Tier 3",
        "{record}`129 people <record-2017>`",
        "[see 12 rows](page.md)",
        "1,009 arrests",
        "record-2017 | 129 people",
    ],
)
def test_a_typed_figure_stops_the_build(typed: str) -> None:
    text = f"# A page\n\n{{value}}`record-2017` in 2017.\n\n{typed}\n"
    assert len(findings.typed_figures(text)) == 1
    with pytest.raises(ExtensionError, match="typed figures"):
        findings.refuse_typed_figures(None, "findings/page", [text])
    findings.refuse_typed_figures(None, "guides/page", [text])


@pytest.mark.parametrize(
    ("role", "text", "complaint"),
    [
        ("value", "enforcement-2018-nobody", "no record has the id"),
        ("value", "raid-2006-08-brothels", "'raid-2006-08-establishments' took its place"),
        ("value", "assessment-2006-decline", "has no value"),
        ("period", "penalty-2008-trafficking", "has no period"),
        ("age", CONVICTED, "has no age"),
        ("record", "words <enforcement-2018-nobody>", "no record has the id"),
        ("source", "words <tip-1999>", "no source has the id"),
        ("law", f"words <{CONVICTED}>", "is no law"),
        ("computed", "conviction-rate", "nothing is computed"),
    ],
)
def test_a_wrong_id_stops_the_build(role: str, text: str, complaint: str) -> None:
    with pytest.raises(ExtensionError, match=complaint):
        written(role, text)


@pytest.mark.parametrize(
    ("directive", "name", "complaint"),
    [
        ("cards", "raid-2006-08-brothels", "took its place"),
        ("caveats", "caveat-nothing", "no record has the id"),
        ("timeline", "penalty-2008-trafficking | A penalty", "has no date"),
        ("records", "areas", "no table 'areas' of records"),
        ("conflicts", "trafficking", "there is no topic"),
        ("gaps", "tiers", "no gap is about 'tiers'"),
    ],
)
def test_a_wrong_id_in_a_list_stops_the_build(directive: str, name: str, complaint: str) -> None:
    block = findings.DIRECTIVES[directive]
    env = SimpleNamespace(docname="findings/page", note_dependency=lambda _: None)
    page = SimpleNamespace(arguments=[name], content=[], options={}, env=env)
    page.names = lambda: block.names(page)
    page.part = lambda: block.part(page)
    with pytest.raises(ExtensionError, match=complaint):
        block.run(page)


def written(role: str, text: str) -> tuple[str, str]:
    """What a role writes on a page of findings, and where it leads."""
    made = findings.ROLES[role]()
    made.text = text
    made.inliner = SimpleNamespace(
        document=SimpleNamespace(
            settings=SimpleNamespace(env=SimpleNamespace(docname="findings/page"))
        )
    )
    (node,), messages = made.run()
    assert not messages
    return node.astext(), node.get("refuri", "")


@pytest.mark.parametrize(
    ("role", "text", "words", "address"),
    [
        ("value", CONVICTED, "at least 129", f"../r/{CONVICTED}.html"),
        ("value-first", CONVICTED, "At least 129", f"../r/{CONVICTED}.html"),
        ("value", "budget-2018-committee-2017-riel", "4.9 billion riels", None),
        ("value", "budget-2018-committee-2016-dollars", "$975,000", None),
        ("value", "migration-2018-deported-2017", "about 70,500", None),
        ("value", "penalty-1996-sex-trafficking-under-15", "15 to 20 years", None),
        ("value", "victims-2018-mosavy-referred-2017", "not reported", None),
        ("value", "training-2009-judges-and-prosecutors-planned", "240 (planned)", None),
        ("value", "enforcement-hrr-2024-scam-compound-prosecutions", "0 (none known)", None),
        ("value", "tier-2013", "Tier 2 Watch List", None),
        ("age", "penalty-1996-sex-trafficking-over-15", "over 15", None),
        ("period", CONVICTED, "2017", ""),
        ("period", "repatriation-2018-mfaic-2017-total", "2017 (year inferred)", ""),
        (
            "period",
            "repatriation-2018-ngo-2017",
            "April 2017 to March 2018 (period inferred)",
            "",
        ),
        ("record", f"a record <{CONVICTED}>", "a record", f"../r/{CONVICTED}.html"),
        ("source", "the report <tip-2018>", "the report", "../sources/tip-2018.html"),
        (
            "law",
            "statute-1996-trafficking-law",
            "1996 trafficking law",
            "../laws/statute-1996-trafficking-law.html",
        ),
    ],
)
def test_a_role_writes_what_the_table_has(
    role: str, text: str, words: str, address: str | None
) -> None:
    said, leads = written(role, text)
    assert said == words
    assert address is None or leads == address


# What holds for the data as a whole, which a new document can change


def test_every_tier_of_every_year_is_told_once() -> None:
    frame = tip.load("tier_placements")
    for year, rows in frame.groupby("report_year"):
        told = [
            name
            for name in ("tier-3-years", "tier-2-years", "watch-list-years", "contested-tier-years")
            if year in years(data.computed(name))
        ]
        assert len(told) == 1, year
        assert (told[0] == "contested-tier-years") == (rows["tier"].nunique() > 1)


def years(text: str) -> set[int]:
    """The years that a text names."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d{4})(?: to (\d{4}))?", text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def test_the_run_of_the_latest_tier_has_no_gap() -> None:
    frame = tip.load("tier_placements").query("tier == '3'")
    since = int(data.computed("latest-tier-since"))
    assert set(range(since, 2026)) <= set(frame["report_year"])
    assert since - 1 not in set(frame["report_year"])
    # the page names the newest record by its id
    assert tip.load("tier_placements").set_index("id")["report_year"].idxmax() == "tier-2025"


def test_most_reports_on_tiers_are_not_held() -> None:
    sources = tip.load("sources").set_index("source_id")
    cited = sources.loc[sources.index.str.fullmatch(r"tip-\d{4}")]
    assert cited["bytes"].isna().mean() > 0.5


def test_most_documents_are_of_the_government_of_the_united_states() -> None:
    frame = tip.load("sources").dropna(subset=["bytes"])
    american = frame["publisher"].str.startswith("us-")
    assert american.sum() > len(frame) / 2
    assert data.computed("documents") == str(len(frame))


def test_every_conflict_and_every_revision_is_shown_once() -> None:
    page = (DOCS / "findings" / "disagreements.md").read_text(encoding="utf-8")
    topics = re.findall(r"\{conflicts\} ([\w-]+)\n:first:", page)
    assert sorted(topics) == sorted(data.TOPICS)
    shown = [frozenset((p.first, p.second)) for p in data.pairs() if p.topic in topics]
    conflicts = tip.load("conflicts")
    restated = tip.load("restatements").query("kind != 'repeated'")
    due = {
        *map(frozenset, conflicts[["first_id", "second_id"]].values.tolist()),
        *map(frozenset, restated[["earlier", "later"]].values.tolist()),
    }
    assert len(shown) == len(due)
    assert set(shown) == due


def test_the_counts_of_conflicts_and_revisions_add_up() -> None:
    rows = data.pair_counts()
    assert [row["topic"] for row in rows] == list(data.TOPICS)
    assert all(row["conflicts"] + row["revisions"] == row["pairs"] for row in rows)
    sums = {name: sum(row[name] for row in rows) for name in ("pairs", "conflicts", "revisions")}
    assert {name: data.computed(name) for name in sums} == {n: str(s) for n, s in sums.items()}
    assert sums["conflicts"] == len(tip.load("conflicts"))
    assert sorted(data.numbers().values()) == list(range(1, sums["pairs"] + 1))


def test_the_counts_of_gaps_add_up() -> None:
    each = [int(data.computed(f"gaps-{topic}")) for topic in data.TOPICS]
    assert sum(each) == int(data.computed("gaps"))


def test_no_text_for_readers_names_a_column() -> None:
    for table in data.all_records().tables.values():
        names = {f.name for f in table.resource.fields if "_" in f.name}
        for row in table.rows:
            texts = " ".join(str(row.get(n, "")) for n in ("label", "description", "note"))
            assert "`" not in texts, row["id"]
            assert not names & set(re.findall(r"\w+", texts)), row["id"]


def test_every_topic_with_gaps_shows_them_and_no_other() -> None:
    overview = (DOCS / "findings" / "not-reported.md").read_text(encoding="utf-8")
    for topic in data.TOPICS:
        page = (DOCS / "findings" / f"{topic}.md").read_text(encoding="utf-8")
        assert bool(data.gaps(topic)) == (f"```{{gaps}} {topic}" in page), topic
        assert bool(data.gaps(topic)) == (f"```{{gaps}} {topic}" in overview), topic
    shown = [gap["id"] for topic in data.TOPICS for gap in data.gaps(topic)]
    assert sorted(shown) == sorted(gap["id"] for gap in data.gaps())


# How it reads


@pytest.mark.parametrize("topic", data.TOPICS)
def test_a_page_is_short(topic: str) -> None:
    text = (DOCS / "findings" / f"{topic}.md").read_text(encoding="utf-8")
    prose = re.sub(r"\{[\w-]+\}`(?:([^`<]+)<[^`]*|[^`]*)`", r"\1", BLOCK.sub("", text))
    words = re.findall(r"[A-Za-z][\w'-]*", re.sub(r"\]\([^)]*\)", "", prose))
    assert 100 <= len(words) <= 200
    sentences = re.split(r"(?<=[.:?])\s+|\n[-#]|\n\n", prose)
    long = [s for s in sentences if len(re.findall(r"[A-Za-z][\w'-]*", s)) > 20]
    assert not long


@pytest.mark.parametrize("task", [
    (CONVICTED, ["findings/prosecution", f"r/{CONVICTED}"]),
    ("penalties of 1996", ["findings/penalties-and-laws", "laws/statute-1996-trafficking-law"]),
    ("conflicts about returns", ["findings/returns", "r/caveat-2018-protection-and-repatriations"]),
    ("tier of 2013", ["findings/tiers", "r/tier-2013"]),
    ("citation", ["findings/returns", "r/repatriation-2018-mfaic-2017-total"]),
], ids=lambda task: task[0])  # fmt: skip
def test_a_task_takes_few_clicks(site: Path, task: tuple[str, list[str]]) -> None:
    page = "index"
    for step in task[1]:
        html = (site / f"{page}.html").read_text(encoding="utf-8")
        address = f"{'../' * page.count('/')}{step}.html"
        assert f'href="{address.removeprefix("../findings/")}"' in html or (
            f'href="{step.removeprefix("findings/")}.html"' in html
        )
        page = step
    assert len(task[1]) <= 3


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_light(site: Path, page: str) -> None:
    assert (site / f"{page}.html").stat().st_size < 500_000


def test_all_conflicts_about_a_topic_are_in_one_place_with_their_number(site: Path) -> None:
    """Each pair is on the page once; what is shown under another topic is linked there."""
    html = (site / "findings" / "disagreements.html").read_text(encoding="utf-8")
    shown = re.findall(r'id="pair-(\d+)"', html)
    assert shown == [str(number) for number in range(1, len(data.pairs()) + 1)]
    for topic, title in data.TOPICS.items():
        about = data.about(topic)
        (said,) = re.findall(
            rf"<b>(\d+) pairs?</b> about {re.escape(title.lower())}: ([^.]+)\. T", html
        )
        assert said == (str(len(about)), data.counted(about))
        for pair in about:
            if pair.topic != topic:
                assert f'href="#pair-{data.numbers()[pair]}"' in html
        own = (site / "findings" / f"{topic}.html").read_text(encoding="utf-8")
        assert f"<b>{said[0]} pair" in own
        assert len(re.findall(r'id="pair-\d+"', own)) == len(about)


@pytest.mark.parametrize("topic", data.TOPICS)
def test_the_explorer_opens_with_the_records_that_a_page_lists(visit: Any, topic: str) -> None:
    source = (DOCS / "findings" / f"{topic}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\{records\} ([\w ]+)$", source, re.MULTILINE)
    tables = tuple(" ".join(blocks).split())
    assert tables == data.finding_topics.LISTED[topic]
    assert f"<finding={topic}>`" in source
    listed = {record["id"] for record in data.select(tables, topic)}
    page = visit(f"?finding={topic}")
    chosen = page.evaluate(
        "topic => globalThis.cambodiaTip.records"
        ".filter((each) => each.facets.finding.includes(topic)).map((each) => each.id)",
        topic,
    )
    assert set(chosen) == listed
    assert page.locator("#explorer-count").text_content().startswith(f"{len(listed):,} record")


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("topic", [*data.TOPICS, "disagreements", "not-reported"])
def test_the_first_screen_has_the_claim_who_says_so_and_why_to_be_careful(
    browser: Browser, site: Path, topic: str, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto((site / "findings" / f"{topic}.html").as_uri())
    careful = page.locator("article p", has_text=re.compile(r"^Be careful\.")).first
    box = careful.bounding_box()
    assert box["y"] + min(box["height"], 80) <= size[1]
    chart = page.locator(".chart").first
    if topic in data.TOPICS:
        last = page.locator("#caveats").bounding_box()
        assert box["y"] < page.locator("#main-points").bounding_box()["y"] < last["y"]
        assert last["y"] < chart.bounding_box()["y"]
    page.close()


def test_one_name_leads_to_the_records_of_a_caveat(site: Path) -> None:
    for page in PAGES:
        html = (site / f"{page}.html").read_text(encoding="utf-8")
        links = re.findall(r'<a class="tip-with-caveat" href="[^"]+">(.*?)</a>', html)
        assert all(re.match(r"\d+ records? with this caveat<span", words) for words in links)
        assert not re.search("All its records|: all records", html)


def test_what_is_folded_is_on_paper(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / "findings" / "prosecution.html").as_uri())
    row = page.locator("details.tip-fold .tip-records tbody tr").last
    assert row.bounding_box()["height"] == 0
    page.emulate_media(media="print")
    assert row.bounding_box()["height"] > 0
    page.close()
