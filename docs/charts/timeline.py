"""When did laws, plans, agreements and ratings come?"""

from __future__ import annotations

import re
import textwrap
from functools import cache
from typing import Any

import pandas as pd
import tiers
from drawing import (
    LETTER,
    LINE,
    NARROW,
    WIDE,
    Drawing,
    Element,
    Scale,
    bar,
    fraction,
    legend,
    line,
    link,
    listed,
    shape,
    stacked,
    write,
    write_lines,
    year_labels,
    years_scale,
)

import cambodia_tip as tip

LANES = {
    "statutes": "Laws, regulations and guidelines",
    "action_plans": "Plans, over their years",
    "agreements": "Agreements",
}
OPEN = ("draft", "developed", "announced", "in_preparation", "proposed")
"""Statuses of what no document says to be in force."""
ROW = 22
KINDS = {"National Plan of Action": "Plan", "Memorandum of understanding": "Memorandum"}
LONGEST = {WIDE: 64, NARROW: 90}
"""Letters of a name; on a phone it may take two lines."""


@cache
def figures() -> pd.DataFrame:
    """What has a date: laws, plans and agreements of Cambodia, and the tiers."""
    statutes = _named("statutes", "legal_status", date="enacted", label="short_title")
    statutes = statutes[statutes["jurisdiction"] == "KHM"]
    plans = _named("action_plans", "plan_status", label="title")
    dated = plans[plans["period_start"].notna() & plans["period_end"].notna()]
    years = dated["period_start"].dt.strftime("%Y") + "/" + dated["period_end"].dt.strftime("%Y")
    plans = dated.assign(date=years)
    agreements = _named("agreements", "agreement_status", date="signed", label="title")
    frame = pd.concat([statutes, plans, agreements]).dropna(subset="date")
    ends = [(date.split("/")[0], date.split("/")[-1]) for date in frame["date"]]
    frame = frame.assign(
        label=frame["label"].map(short),
        start=[fraction(pd.Period(first).start_time) for first, _ in ends],
        end=[fraction(pd.Period(last).end_time, end=True) for _, last in ends],
        period=frame["date"].str.replace("/", " to "),
        printed=frame["state"].astype(object),
    )
    frame["name"] = frame["title"] + ", " + frame["period"] + ": " + frame["printed"]
    ratings = tiers.figures().assign(table="tier_placements")
    return pd.concat([frame.sort_values(["table", "start", "end", "id"]), ratings])


def _named(table: str, status: str, **columns: str) -> pd.DataFrame:
    """A table whose columns have the names that all lanes share."""
    frame = tip.load(table, labels=True)
    same = {name: frame[column] for name, column in columns.items()}
    return frame.assign(
        table=table, status=frame[status].astype(str), state=frame[f"{status}_label"], **same
    )


def short(title: str) -> str:
    """A title without what is in parentheses, and with shorter words for its kind."""
    plain = re.sub(r" \([^)]*\)", "", title).split(", the first")[0]
    for long, brief in KINDS.items():
        plain = plain.replace(long, brief)
    return plain


def title() -> str:
    """The claim of the chart."""
    frame = figures()
    laws = frame[frame["label"].fillna("").str.contains("trafficking law")]["date"].str[:4]
    plan = frame[frame["table"] == "action_plans"]["date"].str[:4].min()
    return f"Laws against trafficking date from {listed(laws)}, the first dated plan from {plan}"


def subtitle() -> str:
    """Measure, place and period."""
    frame = figures()
    return (
        "Dated laws, plans and agreements, and U.S. tier ratings, Cambodia, "
        f"{int(frame['start'].min())} to {int(frame['year'].max())}"
    )


def note() -> str:
    """How to read the marks."""
    undated = sum(
        int(tip.load(table)[column].isna().sum())
        for table, column in (
            ("statutes", "enacted"),
            ("action_plans", "period_start"),
            ("agreements", "signed"),
        )
    )
    return (
        "Hollow marks are drafts, and plans not said to be adopted. A bar covers the years of a "
        f"plan, or the year or month of a date. {undated} records of laws, plans and "
        "agreements give no date, or no first year, and are left out."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame, parts = figures(), []
    for table, lane in LANES.items():
        rows = frame[frame["table"] == table]
        parts.append(f"{lane}: {'; '.join(f'{r.label}, {r.period}' for r in rows.itertuples())}.")
    return " ".join([*parts, tiers.description()])


def draw(width: float) -> Drawing:
    """A lane for each kind, all on the same years."""
    frame = figures()
    first, last = int(frame["start"].min()), int(frame["year"].max())
    x = years_scale(first, last, 6, width)
    years = Drawing(year_labels(first, last, x, 12), 18)
    keys = [
        (shape("circle", 0, 0), "In force, adopted or signed"),
        (shape("circle", 0, 0, "hollow"), "Draft, or not said to be adopted"),
    ]
    drawn = [legend(keys, width)]
    for table, name in LANES.items():
        rows = frame[frame["table"] == table]
        found = lane(rows, x, width)
        grid = [line(x(y), 0, x(y), found.height, "grid") for y in range(first, last) if y % 5 == 0]
        found = Drawing([*grid, *found.elements], found.height)
        drawn += [write_lines(name, 0, 0, width, "bold"), years, found, Drawing([], 10)]
    ratings = [
        write_lines("Tier in the yearly U.S. report on trafficking", 0, 0, width, "bold"),
        tiers.key(width),
        tiers.lanes(x, first, last, above=True),
        years,
    ]
    return stacked([*drawn, *ratings], 4)


def lane(rows: pd.DataFrame, x: Scale, width: float) -> Drawing:
    """Marks with their names beside them, or above them where they find no room."""
    drawn: list[Element] = []
    top = 0.0
    for row in rows.itertuples():
        label = textwrap.shorten(row.label, LONGEST[width], placeholder=" …")
        left, right = spot(row, x)
        long = len(label) * LETTER
        middle = top + ROW / 2
        if right + 8 + long <= width:
            drawn.append(write(label, right + 8, middle + 5))
        elif left - 8 >= long:
            drawn.append(write(label, left - 8, middle + 5, anchor="end"))
        else:
            lines = textwrap.wrap(label, int(width / LETTER))
            start = max(0, min(left, width - max(map(len, lines)) * LETTER))
            for text in lines:
                drawn.append(write(text, start, top + 13))
                top += LINE
            middle = top + ROW / 2 - 4
        drawn.append(link(row.id, row.name, mark(row, left, right, middle)))
        top += ROW
    return Drawing(drawn, top)


def spot(row: Any, x: Scale) -> tuple[float, float]:
    """From where to where a mark goes: over years, or around a day, a month or a year."""
    if row.end - row.start > 1.1:
        return x(row.start), x(row.end)
    middle = x((row.start + row.end) / 2)
    return middle - 5, middle + 5


def mark(row: Any, left: float, right: float, y: float) -> Element:
    """A bar over years, a dot for a day, a month or a year."""
    look = "hollow" if row.status in OPEN else ""
    if row.end - row.start > 1.1:
        return bar(left, y - 5, right - left, 10, look)
    return shape("circle", (left + right) / 2, y, look)
