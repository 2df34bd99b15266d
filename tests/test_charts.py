"""The charts show what the tables hold, with its bounds and gaps, and join nothing else."""

from __future__ import annotations

import csv
import importlib
import io
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

pytest.importorskip("jinja2")
pytest.importorskip("sphinx")

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "charts.md").read_text(encoding="utf-8")
NAMES = ["enforcement", "inspection", "penalties", "repatriations", "returns", "routes",
         "silence", "tiers", "timeline", "training"]  # fmt: skip
MERGED = ["routes", "silence"]
"""Charts in which a mark stands for several records of one place."""
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
def drawings(chart: ModuleType) -> list[ElementTree.Element]:
    """The chart for wide and narrow pages."""
    drawing = module("drawing")
    return [
        ElementTree.fromstring(drawing.svg(chart.draw(width), width, "name"))
        for width in (drawing.WIDE, drawing.NARROW)
    ]


def links(svg: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """The marks of a chart by the records that they lead to."""
    found = {}
    for link in svg.iter("a"):
        (row,) = re.findall(r"^r/([a-z0-9-]+)\.html$", link.attrib["href"])
        assert row not in found
        found[row] = link
    return found


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


def test_each_chart_is_on_the_page_once() -> None:
    assert sorted(re.findall(r"^```{chart} (\w+)\n```$", PAGE, re.M)) == NAMES
    assert module("charts").NAMES == NAMES


def test_a_chart_says_what_it_claims_what_it_measures_and_how_to_read_it(chart: ModuleType) -> None:
    assert 5 <= len(chart.title().split()) <= 15
    assert not chart.title().endswith(".")
    assert "Cambodia, " in chart.subtitle()
    assert re.search(r"\b(19|20)\d\d$", chart.subtitle())
    assert len(chart.note().split()) <= 52
    for text in (chart.title(), chart.subtitle(), chart.note(), chart.description()):
        assert not re.search(r"\bnan\b|<NA>|None|chr\(", text)


def test_every_record_of_a_chart_is_a_mark_that_leads_to_it(chart: ModuleType) -> None:
    rows = chart.figures()["id"]
    assert rows.is_unique
    for svg in drawings(chart):
        found = set(links(svg))
        assert found <= set(rows)
        assert found == set(rows) or chart.__name__ in MERGED
        assert all(link.find("title").text for link in links(svg).values())


def test_each_record_has_its_quote_or_the_address_that_it_is_from(chart: ModuleType) -> None:
    evidence = tip.evidence(list(chart.figures()["id"]))
    quoted = evidence["quote"].notna()
    assert (quoted | (evidence["table"] == "tier_placements")).all()
    assert evidence.loc[~quoted, "url"].str.startswith("http").all()


@pytest.mark.parametrize("name", ["enforcement", "inspection", "training"])
def test_bounds_and_plans_are_hollow_and_gaps_are_crosses(name: str) -> None:
    observations = tip.observations(warn=False).set_index("id")
    crossed = module("drawing").SHAPES["cross"][2]
    for svg in drawings(module(name)):
        for row, link in links(svg).items():
            record, mark = observations.loc[row], link.find("path")
            look = mark.get("class", "full")
            if record["obs_status"] in ("not_reported", "not_available"):
                assert look == "gap"
                assert mark.attrib["d"].endswith(crossed)
                assert link.find("text") is None
            elif record["qualifier"] != "unqualified" or record["obs_status"] == "planned":
                assert look == "hollow"
            else:
                assert look == ("full" if record["is_latest"] else "earlier")


@pytest.mark.parametrize("name", ["enforcement", "inspection", "training"])
def test_every_figure_has_its_number_beside_it(name: str) -> None:
    rows = module(name).figures().set_index("id")
    for svg in drawings(module(name)):
        for row, link in links(svg).items():
            record, text = rows.loc[row], link.find("text")
            if not record["gap"]:
                assert text.text == record["printed"]  # a bound with its qualifier, in each layout


@pytest.mark.parametrize("name", ["enforcement", "inspection"])
@pytest.mark.parametrize("width", [760, 340])
def test_a_number_lies_on_no_line_no_other_number_and_above_its_axis(name: str, width: int) -> None:
    strips, drawing = module("strips"), module("drawing")
    panels = module(name).panels()
    every = pd.concat(panels.values())
    first, last = every["period_start"].min().year, every["period_end"].max().year
    aside = strips.APART + strips.ZONE if strips.undated(every) else 8
    x = drawing.years_scale(first, last, 8, width - aside)
    for rows in panels.values():
        if not rows["value"].max() > 0:
            continue
        elements = strips.strip(rows, x, (first, last), width).elements
        (axis, *_) = [each for each in elements if each.get("class") == "base"]
        base = float(re.search(r",([\d.]+)H", axis.get("d"))[1])
        lines = [
            tuple(map(float, re.findall(r"-?[\d.]+", each.get("d"))))
            for each in elements
            if each.get("class") in ("joined", "span")
        ]
        boxes = []
        for text in (link.find("text") for link in elements if link.tag == "a"):
            if text is not None:
                long = len(text.text) * drawing.BOLD
                held = text.get("class").split()[-1]
                left = float(text.get("x")) - {"mid": long / 2, "end": long}.get(held, 0)
                y = float(text.get("y"))
                boxes.append(drawing.Box(left, y - 10, left + long, y + 2))
        for place, box in enumerate(boxes):
            assert box.bottom <= base
            assert box.right <= width + 2
            assert not any(strips.crosses(line, box) for line in lines)
            assert not any(map(box.hits, boxes[place + 1 :]))


def test_both_sides_of_a_change_are_marks_and_points() -> None:
    """What another edition of the report revised or redefined stays visible."""
    rows = module("inspection").figures()
    found = {
        (row.indicator, row.period): set(of_year["printed"])
        for row in rows[rows["earlier"]].itertuples()
        for of_year in [rows[(rows["indicator"] == row.indicator) & (rows["period"] == row.period)]]
    }
    assert found == {
        ("labor_inspections", "2014"): {"723", "5,517"},
        ("labor_inspections", "2020"): {"1,309", "1,824"},
        ("labor_inspections_at_worksite", "2014"): {"633", "1,971"},
    }
    points = module("charts").points("inspection")
    assert "enforcement-wfcl-2014-labor-inspections," in points
    assert module("inspection").title().endswith("for 2014 and 2020")


def test_each_mark_has_room_for_a_finger(chart: ModuleType) -> None:
    """24 pixels, as far as neighbors leave them; no room overlaps another."""
    drawing = module("drawing")
    for svg in drawings(chart):
        rooms = []
        for link, _, aside, down in drawing._placed_marks(svg):
            path = link.findall("path")[-1].attrib["d"]
            left, top, wide, high = map(
                float, re.match(r"M([-\d]+),([-\d]+)h(\d+)v(\d+)", path).groups()
            )
            left, top = left + aside, top + down
            rooms.append(drawing.Box(left + 1, top + 1, left + wide - 1, top + high - 1))
        for place, room in enumerate(rooms):
            assert not any(map(room.hits, rooms[place + 1 :]))
        sizes = [min(room.right - room.left, room.bottom - room.top) + 2 for room in rooms]
        assert max(sizes) >= 24 or chart.__name__ == "repatriations"
        assert min(sizes) >= 9


def test_a_mark_has_the_shape_of_its_reporter() -> None:
    rows = module("enforcement").figures().set_index("id")["shape"]
    assert rows["enforcement-2007-court-persons-convicted"] == "circle"
    assert rows["enforcement-2007-persons-convicted-2006"] == "square"
    assert rows["enforcement-2007-afesip-persons-convicted"] == "triangle"
    assert rows["enforcement-2018-persons-prosecuted-2017"] == "diamond"


def figure(id: str, year: int, other: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": id,
        "series": "s",
        "period_start": pd.Timestamp(year, 1, 1),
        "period_end": pd.Timestamp(year, 12, 31),
        "gap": False,
        "earlier": False,
    } | other


@pytest.mark.parametrize(
    ("one", "other", "is_joined"),
    [
        ({}, {}, True),
        ({}, {"series": "t"}, False),
        ({}, {"gap": True}, False),
        ({"earlier": True}, {}, False),
        ({}, {"period_start": pd.Timestamp("2018-01-01")}, False),
        ({}, {"period_start": pd.Timestamp("2016-06-01")}, False),
        ({"period_start": pd.NaT}, {}, False),
    ],
)
def test_a_line_joins_figures_of_one_series_whose_periods_follow_each_other(
    one: dict[str, Any], other: dict[str, Any], is_joined: bool
) -> None:
    rows = pd.DataFrame([figure("a", 2016, one), figure("b", 2017, other)])
    assert module("strips").following(rows) == ([("a", "b")] if is_joined else [])


def test_three_pairs_of_figures_on_enforcement_are_joined() -> None:
    for svg in drawings(module("enforcement")):
        assert len([path for path in svg.iter("path") if path.get("class") == "joined"]) == 3


def test_each_strip_has_one_unit_and_long_periods_are_apart() -> None:
    for title, rows in module("enforcement").panels().items():
        assert rows["unit_measure"].nunique() == 1
        years = ((rows["period_end"] - rows["period_start"]).dt.days / 366).dropna()
        assert years.min() > 3 if "several years" in title else (years <= 3).all()


def test_the_enforcement_figures_are_those_of_the_documents() -> None:
    rows = module("enforcement").figures()
    assert len(rows) == 49
    found = {
        f"{row.indicator} {row.period.replace(chr(0x2013), ' to ')}: {row.printed}"
        for row in rows.itertuples()
    }
    assert {
        "persons_arrested 1996 to 1999: 342",
        "persons_arrested 2000 to 2004: 1,009",
        "persons_arrested 2003: 153",
        "persons_arrested Mar 2005 to Jan 2006: 62",
        "persons_arrested 2006: 21",
        "persons_arrested Apr to Nov 2009: at least 28",
        "persons_arrested Jan to Nov 2013: 26",
        "persons_arrested 2014: 49",
        "persons_prosecuted 2016: 53",
        "persons_prosecuted 2017: 207",
        "persons_prosecuted 2024: none known",
        "persons_convicted 2006: 62",
        "persons_convicted Mar 2006 to Mar 2007: 53",
        "persons_convicted 2014: 29",
        "persons_convicted 2016: 100",
        "persons_convicted 2017: at least 129",
        "cases_prosecuted 2017: not reported",
        "cases_prosecuted 2018: 421",
        "cases_prosecuted Mar 2006 to Mar 2007: none known",
    } <= found
    assert not set(rows["id"]) & {
        "enforcement-2007-hotel-2005-persons-arrested",  # of one raid
        "enforcement-wfcl-2013-convicted-indecent-acts",  # part of the persons convicted
        "enforcement-2004-us-conviction",  # abroad
    }


def test_what_titles_and_notes_say_of_the_data_holds() -> None:
    """Claims that are written in words, and not counted when the chart is drawn."""
    inspection = module("inspection").figures()
    for code in ("wfcl_prosecutions_initiated", "wfcl_convictions"):
        assert inspection.loc[inspection["indicator"] == code, "gap"].all()
    returns = module("repatriations").totals().set_index("reported_by_label")["period_basis"]
    assert returns[MINISTRY] == returns[ONE_NGO] == "inferred"
    assert returns[SOCIAL_AFFAIRS] == "stated"
    laws = module("penalties").figures().groupby("enacted", observed=True)["source_id"].unique()
    assert [list(found) for found in laws] == [["cable-07PHNOMPENH351"], ["tip-2018"]]


def test_repatriations_are_those_that_the_chapter_prints_for_each_reporter() -> None:
    figures = module("repatriations").figures()
    found = {
        reporter: dict(zip(rows["country"], rows["value"].astype(int), strict=True))
        for reporter, rows in figures.groupby("reported_by_label", observed=True)
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


def test_bars_are_as_long_as_their_values_and_totals_are_hollow() -> None:
    rows = module("repatriations").figures().set_index("id")
    for svg in drawings(module("repatriations")):
        bars = {row: link.find("rect") for row, link in links(svg).items()}
        assert {row for row, bar in bars.items() if bar.get("class") == "hollow"} == set(
            rows.index[rows["country"] == "All countries"]
        )
        per_person = [
            float(bar.get("width")) / rows["value"][row]
            for row, bar in bars.items()
            if rows["value"][row] > 50
        ]
        assert max(per_person) == pytest.approx(min(per_person), rel=0.01)


def test_the_title_of_the_returns_warns_against_adding_them() -> None:
    assert module("repatriations").title() == (
        "Reporters counted 986, 243 and 395 people who returned in 2017; do not add these"
    )
    assert re.search(
        r"assisted, Apr 2017.Mar 2018, countries not named: 395",
        module("repatriations").description(),
    )


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
    sentence = "A victim of exactly 15 is in neither bracket"
    assert sentence in module("penalties").description()
    for svg in drawings(module("penalties")):
        assert [text.text for text in svg.iter("text")].count(sentence) == 1


def test_the_derived_penalty_alone_has_a_broken_outline() -> None:
    for svg in drawings(module("penalties")):
        broken = [r for r, link in links(svg).items() if link.find("rect").get("class") == "broken"]
        assert broken == ["penalty-1996-exploitation-of-prostitution-minor"]


def test_each_audience_has_its_row_and_parts_are_left_out() -> None:
    panels = module("training").panels()
    assert list(panels)[-2:] == ["Audience not stated", "Training sessions, not people"]
    assert set(panels["Training sessions, not people"]["unit_measure"]) == {"sessions"}
    found = {name: list(rows["printed"]) for name, rows in panels.items()}
    assert found["Drivers"] == ["10,000"]
    assert found["Judges and prosecutors"] == ["240, planned"]
    assert found["Local officials, judicial staff and NGO workers"] == ["7,689", "not reported"]
    assert sorted(found["Police officers"]) == ["1,147", "108", "221", "5,737", "6"]


def test_each_report_has_its_tier_and_the_grade_of_its_evidence() -> None:
    """Tiers and grades as the texts, headings and second sources give them."""
    found = module("tiers").figures().set_index("id")
    assert sorted(set(found["year"])) == list(range(2001, 2026))
    rows = {
        "tier-2002": ("Tier 3", "only the heading of the report was seen"),
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
    tiers, shapes = module("tiers"), module("drawing").SHAPES
    assert set(tiers.STATES) == set(tip.load("tier_placements")["evidence"].cat.categories)
    assert len(set(tiers.SHAPES.values())) == len(tiers.STATES)
    grades = tiers.figures().set_index("id")["evidence"]
    for svg in drawings(tiers):
        for row, link in links(svg).items():
            name, look = tiers.SHAPES[grades[row]]
            assert link.find("path").attrib["d"].endswith(shapes[name][2])
            assert link.find("path").get("class", "") == look


def test_the_title_of_the_tiers_holds_the_years_of_the_lowest() -> None:
    assert module("tiers").title() == (
        "Cambodia was placed in Tier 3 in 2002, 2005 and 2022 to 2025"
    )
    assert "For 2013 two sources give two tiers" in module("tiers").note()


def test_a_gap_is_told_from_a_figure_and_from_nothing() -> None:
    rows = module("silence").figures()

    def states(indicator: str, year: int) -> set[str]:
        chosen = (rows["indicator_label"] == indicator) & (rows["year"] == year)
        return set(rows.loc[chosen, "obs_status"])

    assert states("Victims referred", 2017) == {"reported", "not_reported"}
    assert states("Victims identified", 2017) == {"not_reported"}
    assert states("Persons sentenced", 2018) == {"not_reported"}
    assert states("Statistics on enforcement", 2018) == {"not_available"}
    assert states("Victims identified", 2010) == set()
    assert states("Labor inspections at worksites", 2017) == {"reported"}


def test_no_gap_is_left_out_but_those_of_single_cases() -> None:
    observations = tip.observations(warn=False)
    silent = observations["obs_status"].isin(["not_reported", "not_available"])
    restated = tip.load("restatements")
    repeated = restated.loc[restated["kind"] == "repeated", "earlier"]
    expected = observations[silent & observations["operation"].isna()]
    expected = set(expected["id"]) - set(repeated)
    assert expected <= set(module("silence").figures()["id"])


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ({"origin": "KHM", "destination": "THA"}, ("From Cambodia to", "Thailand")),
        ({"origin": "VNM", "destination": "KHM"}, ("To Cambodia from", "Vietnam")),
        ({"origin": "KHM", "destination": "KH-12"}, ("Within Cambodia", "Within Cambodia")),
        (
            {"origin": "VNM", "transit": "KHM", "destination": "MYS"},
            ("Through Cambodia", "Through Cambodia"),
        ),
        ({"origin": "VNM", "destination": "THA"}, ("Between other places", "Vietnam to Thailand")),
    ],
)
def test_a_route_has_its_row(route: dict[str, str], expected: tuple[str, str]) -> None:
    names = {"THA": "Thailand", "VNM": "Vietnam", "KHM": "Cambodia"}
    row = {"origin": "", "transit": "", "destination": ""} | route
    row |= {f"{end}_name": names.get(row[end], row[end]) for end in ("origin", "destination")}
    assert module("routes").placed_in(row) == expected


def test_each_route_is_in_the_mark_of_its_place_year_and_purpose() -> None:
    routes = module("routes")
    rows = routes.figures()
    assert len(rows) == len(tip.load("routes"))
    cells = rows.groupby(["group", "place", "year", "purpose"]).ngroups
    for svg in drawings(routes):
        assert len(links(svg)) == cells


def test_the_purposes_of_routes_are_those_of_the_table() -> None:
    codes = list(tip.load("routes")["exploitation"].cat.categories)
    groups = {code: module("routes").purpose(code) for code in codes}
    assert groups["sexual_exploitation"] == "sexual"
    assert groups["forced_labour"] == groups["domestic_servitude"] == "labor"
    assert groups["not_stated"] == "not_stated"


def test_dated_laws_plans_and_agreements_are_on_the_timeline() -> None:
    rows = module("timeline").figures().set_index("id")
    assert rows["period"]["statute-1996-trafficking-law"] == "1996-02-29"
    assert rows["period"]["plan-2000-first-national"] == "2000 to 2004"
    assert rows["period"]["agreement-2015-asean-convention-against-trafficking"] == "2015-11-21"
    assert "statute-us-protect-act" not in rows.index
    dated = sum(
        int(tip.load(table)[column].notna().sum())
        for table, column in (("statutes", "enacted"), ("agreements", "signed"))
    )
    assert rows["table"].isin(["statutes", "agreements"]).sum() == dated


def test_no_name_on_the_timeline_is_cut_and_names_differ_by_year() -> None:
    rows = module("timeline").figures()
    for svg in drawings(module("timeline")):
        assert "\N{HORIZONTAL ELLIPSIS}" not in "".join(svg.itertext())
    assert rows["label"].is_unique
    strategies = rows.loc[rows["label"].str.startswith("Education Strategic Plan"), "label"]
    assert list(strategies.str[-9:].str.replace("\N{EN DASH}", " to ")) == [
        "2009 to 2013", "2014 to 2018", "2019 to 2023",
    ]  # fmt: skip


def test_the_lines_of_the_timeline_are_at_the_years_that_are_written() -> None:
    drawing = module("drawing")
    svg = drawings(module("timeline"))[0]
    grids = {path.get("d") for path in svg.iter("path") if path.get("class") == "grid"}
    xs = {frozenset(re.findall(r"M(\d+),0v", grid)) for grid in grids}
    years = [text for text in svg.iter("text") if re.fullmatch(r"\d{4}", text.text or "")]
    (lines,) = xs
    assert len(lines) == len({year.text for year in years})
    assert drawing.labeled_years(1996, 2025, lambda year: year * 12) == [*range(2000, 2026, 5)]


def test_regions_are_apart_from_countries() -> None:
    routes = module("routes")
    for group in (routes.FROM, routes.TO):
        places = [place for of, place in routes.rows_of(routes.figures()).index if of == group]
        are_regions = [place in routes.regions() for place in places[:-1]]
        assert are_regions == sorted(are_regions)
        assert places[-1] == "Place not named"


def test_drafts_and_plans_that_nobody_adopted_are_hollow() -> None:
    for svg in drawings(module("timeline")):
        found = links(svg)
        assert found["plan-2006-second-national"].find("rect").get("class") == "hollow"
        assert found["plan-2000-first-national"].find("rect").get("class") is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"qualifier": "at_least", "qualifier_label": "At least"}, "at least 1,200"),
        ({"qualifier": "about", "qualifier_label": "About"}, "about 1,200"),
        ({"obs_status": "planned"}, "1,200, planned"),
        ({"qualifier": "none_known", "obs_value": 0}, "none known"),
        ({"obs_status": "not_reported", "obs_value": pd.NA}, "not reported"),
    ],
)
def test_a_figure_keeps_its_bound_in_words(cells: dict[str, Any], expected: str) -> None:
    row = {"obs_value": 1200.0, "qualifier": "unqualified", "obs_status": "reported"} | cells
    assert module("drawing").printed(row) == expected


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
    row = {"period_start": pd.Timestamp(start), "period_end": pd.Timestamp(end)}
    assert module("drawing").period(row).replace("\N{EN DASH}", " to ") == expected


def test_a_mark_is_in_the_middle_of_its_period() -> None:
    drawing = module("drawing")
    x = drawing.years_scale(2016, 2017, 0, 200)
    assert x(drawing.fraction(pd.Timestamp("2016-01-01"))) == 0
    assert x(drawing.fraction(pd.Timestamp("2016-12-31"), end=True)) == 100
    assert x(drawing.fraction(pd.Timestamp("2017-07-02"), end=True)) == pytest.approx(150, abs=0.5)


def test_spans_name_years_in_a_row() -> None:
    assert module("drawing").spans([2010, 2008, 2011, 2012]) == "2008 and 2010 to 2012"


@pytest.mark.parametrize("up", ["", "../"])
def test_a_chart_leads_to_records_sources_and_files_from_any_page(up: str) -> None:
    html = module("charts").page_part("penalties", up)
    targets = set(re.findall(r'href="([^"#]+)"', html))
    assert f"{up}r/penalty-2008-trafficking.html" in targets
    assert f"{up}sources/tip-2018.html" in targets
    assert {f"{up}charts/penalties.{kind}" for kind in ("png", "svg", "csv")} <= targets
    assert "CSV (5 rows)" in html
    assert not [target for target in targets if not target.startswith(up)]
    assert "http" not in "".join(targets)


def test_the_points_are_the_records_with_quote_reporter_and_citation_key(
    chart: ModuleType,
) -> None:
    extension = module("charts")
    rows = list(csv.DictReader(io.StringIO(extension.points(chart.__name__))))
    assert [row["record_id"] for row in rows] == list(chart.figures()["id"])
    assert len(rows) == extension.parts(chart.__name__)["rows"]
    assert all(row["citation_key"] and row["document"] and row["figure"] for row in rows)
    assert any(row["quote"] for row in rows)


def test_a_cell_is_no_formula() -> None:
    guarded = module("charts").guarded
    assert [guarded(cell) for cell in ("=1", "-", "a", pd.NA)] == ["'=1", "'-", "a", ""]


def test_a_file_needs_no_page(chart: ModuleType) -> None:
    svg = module("charts").file_of(chart.__name__)
    assert set(re.findall(r"https?://[^\"'\s<]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"href|<a\b|<script|<image|@import|url\(|var\(", svg)
    text = " ".join(words(svg))
    assert chart.title() in text
    assert "Data source: " in text
    assert tip.__version__ in text
    assert re.search(r"content hash sha256:[0-9a-f]{64}", text)
    base = "https://site.example/tip"
    address = f"{base}/charts.html#chart-{chart.__name__}"
    assert address in " ".join(words(module("charts").file_of(chart.__name__, base)))
    assert address in module("charts").page_part(chart.__name__, "", base)


def luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colors_stand_out_from_the_page() -> None:
    css = (DOCS / "_static" / "charts.css").read_text(encoding="utf-8")
    looks = re.findall(r"\{\s*(--chart-ground[^}]*)", css)
    assert len(looks) == 3  # light, dark, and print
    for look in looks:
        colors = dict(re.findall(r"--chart-(\w+): (#\w{6})", look))
        for name, least in {"ink": 4.5, "muted": 4.5, "mark": 3, "other": 3}.items():
            bright, dim = sorted(map(luminance, (colors[name], colors["ground"])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= least


def test_the_chart_of_the_readme_is_in_step_with_the_tables() -> None:
    readme = module("readme")
    kept = readme.FILE.read_text(encoding="utf-8")
    assert kept == readme.svg(), "draw it anew: python docs/charts/readme.py"
    numbers = sorted(int(word) for word in words(kept) if word.isdigit())
    assert numbers == sorted(module("repatriations").figures()["value"].astype(int))


def test_a_build_without_the_library_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = pytest.importorskip("sphinx.errors")
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(errors.ExtensionError, match=r'python -m pip install -e "\.\[docs\]"'):
        module("charts").setup(None)
