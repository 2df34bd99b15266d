"""The charts show what the tables hold, with its qualifiers, and join and add up nothing else."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import cambodia_tip as tip

alt = pytest.importorskip("altair")
pytest.importorskip("vl_convert")

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "charts.md").read_text(encoding="utf-8")
NAMES = ["enforcement", "inspection", "penalties", "repatriations", "silence", "tiers",
         "training"]  # fmt: skip
MINISTRY = "Ministry of Foreign Affairs and International Cooperation"
SOCIAL_AFFAIRS = "Ministry of Social Affairs, Veterans and Youth Rehabilitation"
ONE_NGO = "One NGO (2018 chapter)"


@pytest.fixture(scope="module", autouse=True)
def charts_on_path() -> Iterator[None]:
    folders = [str(DOCS / "charts"), str(DOCS / "_extensions")]
    sys.path[:0] = folders
    yield
    for folder in folders:
        sys.path.remove(folder)


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.fixture(params=NAMES)
def chart(request: pytest.FixtureRequest) -> ModuleType:
    return module(request.param)


@cache
def specifications(chart: ModuleType) -> list[dict[str, Any]]:
    drawing = module("drawing")
    return [chart.chart(width).to_dict() for width in (drawing.WIDE, drawing.NARROW)]


@cache
def drawn(chart: ModuleType) -> str:
    return module("drawing").svg(chart.chart())


def layers(spec: dict[str, Any], inherited: dict[str, Any] | None = None) -> Iterator[dict]:
    """Each mark of a chart with the encoding that holds for it."""
    encoding = (inherited or {}) | spec.get("encoding", {})
    if "mark" in spec:
        yield spec | {"encoding": encoding}
    for key in ("layer", "hconcat", "vconcat", "concat"):
        for child in spec.get(key, []):
            yield from layers(child, encoding)


def marks(spec: dict[str, Any], kind: str) -> list[dict]:
    return [layer for layer in layers(spec) if layer["mark"]["type"] == kind]


def rows_drawn(spec: dict[str, Any]) -> list[dict]:
    return [row for rows in spec["datasets"].values() for row in rows]


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    found = root.iter("{http://www.w3.org/2000/svg}text")
    return [" ".join("".join(text.itertext()).split()) for text in found]


def test_each_chart_stands_on_the_page_under_the_question_that_it_answers() -> None:
    blocks = re.findall(r"^## (.*)\n\n```{chart} (\w+)\n```$", PAGE, re.M)
    assert sorted(name for _, name in blocks) == NAMES
    for question, name in blocks:
        assert module(name).__doc__ == question


def test_repatriations_are_those_that_the_chapter_prints_for_each_reporter() -> None:
    figures = module("repatriations").figures()
    found = {
        reporter: dict(zip(rows["country"], rows["value"].astype(int), strict=True))
        for reporter, rows in figures.groupby("reported_by_label")
    }
    assert found == {
        MINISTRY: {
            "All countries": 986,
            "Malaysia": 382,
            "Thailand": 288,
            "Vietnam": 171,
            "China": 53,
            "Laos": 49,
            "Indonesia": 23,
            "Japan": 12,
            "Singapore": 5,
            "Myanmar": 3,
        },
        SOCIAL_AFFAIRS: {
            "All countries": 243,
            "Malaysia": 114,
            "Thailand": 45,
            "China": 21,
            "Indonesia": 21,
            "Somalia": 18,
            "Vietnam": 16,
            "Japan": 6,
            "Saudi Arabia": 1,
            "Singapore": 1,
        },
        ONE_NGO: {"All countries": 395},
    }


def test_a_count_of_returns_for_another_period_is_shown_with_it() -> None:
    repatriations = module("repatriations")
    for text in (repatriations.answer(), repatriations.description()):
        assert re.search(r"assisted, Apr 2017.Mar 2018, countries not named", text)


def test_the_enforcement_figures_are_those_of_the_documents() -> None:
    figures = module("enforcement").figures()
    found = [
        f"{row.indicator} {row.period.replace(chr(0x2013), ' to ')}: {row.printed}"
        for row in figures.itertuples()
    ]
    assert sorted(found) == sorted(
        [
            "persons_arrested 1996 to 1999: 342",
            "persons_arrested 2000 to 2004: 1,009",
            "persons_arrested 2003: 153",
            "persons_arrested Mar 2005 to Jan 2006: 13",
            "persons_arrested Mar 2005 to Jan 2006: 62",
            "persons_arrested 2006: 21",
            "persons_arrested 2006: 91",
            "persons_arrested Apr to Nov 2009: at least 28",
            "persons_arrested 2016: 12",
            "persons_arrested 2017: 5",
            "persons_arrested Jan 2003 to Mar 2004: 3",
            "persons_prosecuted 2016: 53",
            "persons_prosecuted 2017: 207",
            "persons_prosecuted Apr 2017 to Mar 2018: 0",
            "persons_convicted Mar 2005 to Mar 2007: 3",
            "persons_convicted 2006: 28",
            "persons_convicted 2006: 62",
            "persons_convicted Mar 2006 to Mar 2007: 53",
            "persons_convicted Apr to Nov 2009: at least 4",
            "persons_convicted 2016: 100",
            "persons_convicted 2017: at least 129",
            "persons_convicted Apr 2017 to Mar 2018: 0",
            "convictions Mar 2005 to Jan 2006: 10",
            "cases_with_conviction Mar 2005 to Jan 2006: 2",
            "cases_prosecuted Mar 2006 to Mar 2007: 0",
            "cases_prosecuted Mar 2006 to Mar 2007: 0",
            "cases_prosecuted Mar 2006 to Mar 2007: none known",
        ]
    )


def test_persons_and_cases_never_share_a_scale_and_years_only_with_years() -> None:
    for scale in module("enforcement").panels():
        rows = pd.concat(scale.values())
        assert (rows["unit"] == "persons").nunique() == 1
        days = (rows["period_end"] - rows["period_start"]).dt.days.dropna()
        assert days.max() <= 2 * 365 or days.min() > 2 * 365
        if set(rows["unit"]) != {"persons"}:
            assert all("scale of their own" in title for title in scale)


def test_the_penalties_keep_their_ages_as_printed() -> None:
    figures = module("penalties").figures()
    found = [
        (row.law[:4], row.charge_as_printed, row.age, row.printed, row.value_basis)
        for row in figures.itertuples()
    ]
    exploiters = "exploiters of persons for sex work"
    assert found == [
        ("1996", exploiters, "adult", "5 to 10 years", "printed"),
        ("1996", exploiters, "minor, age not stated", "10 to 20 years", "derived"),
        ("1996", "sex trafficking", "over 15", "10 to 15 years", "printed"),
        ("1996", "sex trafficking", "under 15", "15 to 20 years", "printed"),
        ("2008", "sex and labor trafficking", "no age stated", "7 to 15 years", "printed"),
    ]


def test_a_victim_of_exactly_fifteen_is_said_to_be_in_neither_bracket() -> None:
    penalties = module("penalties")
    sentence = "A victim of exactly 15 is in neither bracket"
    assert sentence in penalties.answer()
    for spec in specifications(penalties):
        labels = [" ".join(row["label"].split()) for row in rows_drawn(spec)]
        assert labels.count(sentence) == 1


def test_the_derived_penalty_alone_has_a_broken_line_and_says_so() -> None:
    for spec in specifications(module("penalties")):
        labels = [row["label"] for row in rows_drawn(spec)]
        derived = [text for text in labels if "derived, not printed" in " ".join(text.split())]
        assert len(derived) == 1
        assert "minor" in derived[0]
        broken = [mark for mark in marks(spec, "bar") if "strokeDash" in mark["mark"]]
        chosen = [row for mark in broken for row in mark["transform"][-1]["filter"]["oneOf"]]
        assert chosen == ["penalty-1996-exploitation-of-prostitution-minor"]


def test_training_shows_each_audience_with_its_figure() -> None:
    figures = module("training").figures()
    found = [(row.audience, row.trainer, row.printed) for row in figures.itertuples()]
    government = "Royal Government of Cambodia"
    committee = "National Committee for Counter Trafficking"
    others = "Local officials, judicial staff and NGO workers"
    academy = "Royal Academy for Judicial Professionals"
    assert sorted(found) == sorted(
        [
            ("Police officers", "trainer not stated", "5,737"),
            ("Government officials", government, "4,000"),
            ("Police officers (part of: government officials)", government, "2,500"),
            ("Judges and prosecutors", academy, "240, planned"),
            (others, committee, "7,689"),
            (others, committee, "not reported"),
            ("Education officials and teachers", "Ministry of Education", "894"),
            ("Law enforcement officers", committee, "1,577"),
            ("Audiences not told apart", government, "87"),
            ("Audiences not told apart", committee, "66"),
        ]
    )
    whole = found.index(("Government officials", government, "4,000"))
    assert found[whole + 1][0].startswith("Police officers (part of")


def test_sessions_and_persons_are_in_panels_of_their_own() -> None:
    for rows in module("training").panels().values():
        assert rows["unit"].nunique() == 1


def test_each_report_has_its_tier_and_the_grade_of_its_evidence() -> None:
    """Tiers and grades as the texts, headings and second sources give them."""
    tiers = module("tiers")
    found = tiers.figures().set_index("id")
    assert sorted(set(found["year"])) == list(range(2001, 2026))
    rows = {
        "tier-2002": ("Tier 3", "heading seen, text not held"),
        "tier-2004": ("Tier 2", "quoted from the text"),
        "tier-2008": ("Tier 2", "only in another publication or dataset"),
        "tier-2013": ("Tier 2 Watch List", "only in another publication or dataset"),
        "tier-2013-map-data": ("Tier 2", "only in another publication or dataset"),
        "tier-2017": ("Tier 2", "follows from the report of another year"),
        "tier-2025": ("Tier 3", "quoted from the text"),
    }
    for row, expected in rows.items():
        assert tuple(found.loc[row, ["tier_label", "state"]]) == expected


def test_the_grade_of_a_tier_is_its_shape() -> None:
    tiers = module("tiers")
    assert len(set(tiers.SHAPES)) == len(tiers.STATES) == 4
    grades = tip.load("tier_placements")["evidence"].cat.categories
    assert set(tiers.STATES) == set(grades)
    for spec in specifications(tiers):
        (mark,) = marks(spec, "point")
        scale = mark["encoding"]["shape"]["scale"]
        shapes = dict(zip(scale["domain"], scale["range"], strict=True))
        assert [shapes[state] for state in tiers.STATES.values()] == tiers.SHAPES
    for path in (tiers.answer(), tiers.description()):
        assert "Tier 1" not in path


def test_two_grades_of_one_tier_are_side_by_side() -> None:
    for spec in specifications(module("tiers")):
        both = {row["shift"] for row in rows_drawn(spec) if row["year"] == 2017}
        assert len(both) == 2


def test_the_matrix_tells_a_figure_from_said_silence_and_from_nothing() -> None:
    cells = module("silence").cells()

    def states(indicator: str, column: str) -> list[str]:
        chosen = (cells["indicator_label"] == indicator) & (cells["column"] == column)
        return list(cells[chosen].sort_values("shift")["state"])

    assert states("Persons convicted", "2017") == ["a figure"]
    assert states("Persons convicted", "2012") == ["nothing"]
    assert states("Persons arrested", "1997") == ["a figure"]  # of the years 1996 to 1999
    assert states("Victims referred", "2017") == ["a figure", "said to be not reported"]
    assert states("Persons trained", "2018") == ["a figure", "said to be not reported"]
    assert states("Victims identified", "2017") == ["said to be not reported"]
    assert states("Persons sentenced", "2018") == ["said to be not reported"]
    assert states("Statistics on enforcement", "2018") == ["said to be not available"]
    assert states("Cases prosecuted", "2006") == ["a figure"]  # no cases is zero, not silence


def test_the_matrix_leaves_out_no_silence_but_that_of_single_cases() -> None:
    observations = tip.observations()
    silent = observations["obs_status"].isin(["not_reported", "not_available"])
    of_chapters = observations["source_id"].str.startswith(("wfcl-", "hrr-", "factbook-"))
    expected = observations[silent & observations["operation"].isna() & ~of_chapters]
    figures = module("silence").figures()
    assert set(expected["id"]) <= set(figures["id"])


def test_empty_years_are_named_as_spans() -> None:
    silence = module("silence")
    assert silence.spans(["2010", "2008", "2011", "2012"]) == "2008 and 2010 to 2012"
    assert "For 2008 and 2010 to 2015 the documents have none" in silence.answer()


def test_the_years_stand_in_order() -> None:
    years = [str(year) for year in range(1996, 2019)]
    for spec in specifications(module("silence")):
        orders = [mark["encoding"]["x"].get("sort") for mark in marks(spec, "point")]
        assert all(order == [*years, "no date"] for order in orders)


def test_states_are_told_apart_by_their_shapes() -> None:
    silence = module("silence")
    assert len(set(silence.SHAPES)) == len(silence.STATES) == 4


def test_each_figure_has_its_evidence(chart: ModuleType) -> None:
    figures = chart.figures()
    assert figures["id"].is_unique
    evidence = tip.evidence(figures)
    quoted = evidence["quote"].notna()
    assert (quoted | (evidence["table"] == "tier_placements")).all()
    assert evidence.loc[~quoted, "url"].str.startswith("http").all()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "silence"])
def test_every_figure_is_drawn_and_nothing_else(name: str) -> None:
    chart = module(name)
    for spec in specifications(chart):
        drawn = {row.get("id") for row in rows_drawn(spec)} - {None}
        assert drawn == set(chart.figures()["id"])


@pytest.mark.parametrize("name", ["enforcement", "training"])
def test_a_figure_is_drawn_where_its_value_is(name: str) -> None:
    chart = module(name)
    values = chart.figures().set_index("id")["value"].dropna()
    for spec in specifications(chart):
        drawn = {row["id"]: row["value"] for row in rows_drawn(spec) if row["value"] is not None}
        assert drawn == values.astype(float).to_dict()


def test_nothing_is_stacked(chart: ModuleType) -> None:
    for spec in specifications(chart):
        for bar in [*marks(spec, "bar"), *marks(spec, "area")]:
            encoding = bar["encoding"]
            assert "x2" in encoding or encoding["x"].get("stack", "zero") is None


def test_bars_and_dots_begin_at_zero(chart: ModuleType) -> None:
    for spec in specifications(chart):
        for encoding in (mark["encoding"] for mark in layers(spec)):
            axes = [encoding[name] for name in ("x", "y") if name in encoding]
            scales = [
                a["scale"] for a in axes if a.get("type") == "quantitative" and a.get("scale")
            ]
            assert all(scale.get("domain", [0])[0] == 0 for scale in scales)


def test_lines_join_figures_of_one_series_over_several_periods(chart: ModuleType) -> None:
    observations = tip.observations().set_index("id")
    joined = []
    for spec in specifications(chart):
        for line in marks(spec, "line"):
            assert line["encoding"]["detail"]["field"] == "row"
        if marks(spec, "line"):
            rows = pd.DataFrame(rows_drawn(spec))
            for _, together in rows.groupby("row"):
                if len(together) > 1:
                    series = observations.loc[together["id"]]
                    assert series["series"].nunique() == 1
                    assert series["time_period"].is_unique
                    joined.append(len(together))
    assert joined == ([2] * 6 if chart.__name__ == "enforcement" else [])


def figure(id: str, series: str, period: str | None, **other: Any) -> dict[str, Any]:
    start = pd.NaT if period is None else pd.Timestamp(period)
    return {
        "id": id,
        "series": series,
        "period": period or "no date",
        "period_start": start,
        "value": 1,
        "printed": "1",
        "label": id,
        "qualifier": "unqualified",
        "obs_status": "reported",
    } | other


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([figure("a", "s", "2016"), figure("b", "s", "2017")], 1),
        ([figure("a", "s", "2016"), figure("b", "t", "2017")], 2),
        ([figure("a", "s", "2016"), figure("b", "s", "2016")], 2),
        ([figure("a", "s", None), figure("b", "s", None)], 2),
    ],
)
def test_only_figures_of_one_series_over_several_periods_share_a_row(
    rows: list[dict[str, Any]], number: int
) -> None:
    placed = module("drawing").in_rows(pd.DataFrame(rows), 40)
    assert placed["row"].nunique() == placed["y"].nunique() == number


@pytest.mark.parametrize("name", ["enforcement", "training"])
def test_hedged_and_planned_figures_have_open_dots(name: str) -> None:
    figures = module(name).figures().set_index("id")
    hedged = (figures["qualifier"] != "unqualified") | (figures["obs_status"] != "reported")
    for spec in specifications(module(name)):
        for row in rows_drawn(spec):
            assert row["plain"] == (not hedged[row["id"]])
        filters = {mark["transform"][-1]["filter"] for mark in marks(spec, "point")}
        assert filters == {"datum.plain", "!datum.plain"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"qualifier": "at_least", "qualifier_label": "At least"}, "at least 1,200"),
        ({"qualifier": "about", "qualifier_label": "About"}, "about 1,200"),
        ({"obs_status": "planned"}, "1,200, planned"),
        ({"qualifier": "none_known", "value": 0}, "none known"),
        ({"obs_status": "not_reported", "value": pd.NA}, "not reported"),
    ],
)
def test_a_figure_keeps_its_hedge_in_words(cells: dict[str, Any], expected: str) -> None:
    row = {"value": 1200, "qualifier": "unqualified", "obs_status": "reported"} | cells
    assert module("drawing").printed(pd.Series(row)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2017-01-01", "2017-12-31", "2017"),
        ("1996-01-01", "1999-12-31", "1996 to 1999"),
        ("2005-03-01", "2006-01-31", "Mar 2005 to Jan 2006"),
        ("2009-09-01", "2009-09-30", "Sep 2009"),
        ("2009-01-01", "2009-11-16", "Jan to Nov 2009"),
        ("2005-01-01", "2005-12-30", "Jan 2005 to Dec 2005"),
        (None, "2007-03-05", "until Mar 2007"),
        (None, None, "no date"),
    ],
)
def test_a_period_is_named_as_it_is(start: str | None, end: str | None, expected: str) -> None:
    row = pd.Series({"period_start": pd.Timestamp(start), "period_end": pd.Timestamp(end)})
    assert module("drawing").period(row).replace("\N{EN DASH}", " to ") == expected


MAIN_FIGURES = {
    "enforcement": [
        "12 in 2016 and 5 in 2017",
        "53 in 2016 and 207 in 2017",
        "100 in 2016 and at least 129 in 2017",
    ],
    "inspection": ["1,309", "1,824"],
    "penalties": ["5 to 10 years", "10 to 15 years", "15 to 20 years", "7 to 15 years", "derived"],
    "repatriations": ["986", "243", "395"],
    "silence": ["victims identified", "statistics on enforcement"],
    "tiers": ["Tier 3: 2002, 2005 and 2022 to 2025", "For 2013 two sources give two tiers"],
    "training": ["5,737", "4,000", "2,500", "240, planned", "7,689", "894", "1,577"],
}


def test_the_answer_and_the_alternative_text_hold_the_main_figures(chart: ModuleType) -> None:
    for text in (chart.answer(), chart.description()):
        for expected in MAIN_FIGURES[chart.__name__]:
            assert expected in text
        assert "nan" not in text.split()
        assert "<NA>" not in text


def test_the_alternative_text_can_be_listened_to(chart: ModuleType) -> None:
    assert 100 < len(chart.description()) < 1300


def test_the_answer_of_the_repatriations_warns_against_adding_them_up() -> None:
    assert "must not be added up" in module("repatriations").answer()


def test_a_chart_asks_for_nothing_from_outside(chart: ModuleType) -> None:
    svg = drawn(chart)
    addresses = set(re.findall(r"https?://[^\"'\s<]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"href|<script|<style|<image|@import|url\(|font-face", svg)


def test_letters_are_text_in_fonts_that_everybody_has(chart: ModuleType) -> None:
    drawing = module("drawing")
    svg = drawn(chart)
    assert words(svg)
    root = ElementTree.fromstring(svg)
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert text.attrib["font-family"] == drawing.FONT
        assert float(text.attrib["font-size"].removesuffix("px")) >= 12
    assert drawing.FONT.endswith("sans-serif")


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("dark", "page"), [(False, "#ffffff"), (True, "#14181e")])
def test_colours_stand_out_from_the_page(dark: bool, page: str) -> None:
    def contrast(colour: str) -> float:
        light, dim = sorted([luminance(colour), luminance(page)], reverse=True)
        return (light + 0.05) / (dim + 0.05)

    look = module("drawing").look(dark=dark)
    texts = [look["text"]["color"], look["title"]["color"], look["title"]["subtitleColor"]]
    texts += [
        look["axis"]["labelColor"],
        look["axis"]["titleColor"],
        look["style"]["note"]["color"],
    ]
    assert min(map(contrast, texts)) >= 4.5
    assert min(map(contrast, [look["mark"]["color"], *look["range"]["category"]])) >= 3


def test_the_chart_of_the_readme_is_in_step_with_the_tables() -> None:
    readme = module("readme")
    kept = words(readme.FILE.read_text(encoding="utf-8"))
    assert kept == words(readme.svg()), "draw it anew: python docs/charts/readme.py"
    numbers = sorted(int(word) for word in kept if word.isdigit())
    assert numbers == sorted(module("repatriations").figures()["value"].astype(int))


@pytest.mark.parametrize("library", ["altair", "vl_convert"])
def test_a_build_without_the_libraries_names_the_command(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = pytest.importorskip("sphinx.errors")
    extension = module("charts")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(errors.ExtensionError, match=r'python -m pip install -e "\.\[docs\]"'):
        extension.setup(None)
