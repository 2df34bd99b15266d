"""When did plans, agreements, laws and rules come?"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pandas as pd
from drawing import (
    NARROW,
    TO,
    Drawing,
    Element,
    Scale,
    bar,
    fraction,
    labeled_years,
    legend,
    link,
    moved,
    node,
    shape,
    stacked,
    write_lines,
    year_labels,
    years_scale,
)

import cambodia_tip as tip

LANES = {
    "plans": "Plans against trafficking",
    "other_plans": "Other plans, most of them on children or work",
    "agreements": "Agreements",
    "statutes": "Laws, regulations and guidelines",
}
OPEN = ("draft", "developed", "announced", "in_preparation", "proposed")
"""Statuses of what no document says to be in force."""
ROW = 22
NAMES = 420
"""Pixels for the names of a wide chart."""


@cache
def figures() -> pd.DataFrame:
    """What has a date: plans, agreements and laws of Cambodia."""
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
        lane=frame["table"].where(frame["table"] != "action_plans", "other_plans"),
        start=[fraction(pd.Period(first).start_time) for first, _ in ends],
        end=[fraction(pd.Period(last).end_time, end=True) for _, last in ends],
        period=frame["date"].str.replace("/", " to "),
        printed=frame["state"].astype(object),
    )
    frame["name"] = frame["title"] + ", " + frame["period"] + ": " + frame["printed"]
    is_plan = frame["table"] == "action_plans"
    is_against = frame["title"].str.contains("traffick", case=False)
    frame["lane"] = frame["lane"].mask(is_plan & is_against, "plans")
    frame["order"] = frame["lane"].map({lane: place for place, lane in enumerate(LANES)})
    frame = frame.sort_values(["order", "start", "end", "id"], ignore_index=True)
    return frame.assign(label=[dated_label(row) for row in frame.to_dict("records")])


def _named(table: str, status: str, **columns: str) -> pd.DataFrame:
    """A table whose columns have the names that all lanes share."""
    frame = tip.load(table, labels=True)
    same = {name: frame[column] for name, column in columns.items()}
    return frame.assign(
        table=table, status=frame[status].astype(str), state=frame[f"{status}_label"], **same
    )


def short(title: str) -> str:
    """A title without what is in parentheses, and with an English word for a prakas."""
    plain = re.sub(r" \([^)]*\)", "", title).split(", the first")[0]
    return re.sub(r"\b[Pp]rakas\b", "regulation", plain.replace("Joint Prakas", "Joint prakas"))


def dated_label(row: dict) -> str:
    """A title with its years, if it has none."""
    if re.search(r"\b(?:19|20)\d\d\b", row["label"]):
        return str(row["label"])
    years = dict.fromkeys([row["date"][:4], row["date"].split("/")[-1][:4]])
    return f"{row['label']}, {TO.join(years)}"


def title() -> str:
    """The claim of the chart."""
    frame = figures()
    plans = frame[frame["lane"] == "plans"]
    adopted = plans[~plans["status"].isin(OPEN)]["date"]
    numbers = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return (
        f"{numbers[len(adopted)]} plans against trafficking were adopted or in force between "
        f"{adopted.str[:4].min()} and {adopted.str[-4:].max()}"
    )


def subtitle() -> str:
    """Measure, place and period."""
    first, last = first_and_last(figures())
    return f"Dated plans, agreements and laws, Cambodia, {first} to {last}"


def first_and_last(frame: pd.DataFrame) -> tuple[int, int]:
    """The years that the chart covers."""
    return int(frame["start"].min()), int(frame["date"].str.split("/").str[-1].str[:4].max())


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
        f"plan. {undated} records of laws, plans and agreements give no date, or no first year, "
        "and are left out. Two records may be one plan under two names."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame, parts = figures(), []
    for lane, name in LANES.items():
        rows = frame[frame["lane"] == lane]
        parts.append(f"{name}: {'; '.join(f'{r.label} ({r.printed})' for r in rows.itertuples())}.")
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """A lane for each kind, all on the same years."""
    frame = figures()
    first, last = first_and_last(frame)
    wide = width > NARROW
    x = years_scale(first, last, NAMES if wide else 4, width - 6)
    keys = [
        (shape("circle", 0, 0), "In force, adopted or signed"),
        (shape("circle", 0, 0, "hollow"), "Draft, or not said to be adopted"),
    ]
    drawn = [legend(keys, width)]
    for code, name in LANES.items():
        rows = frame[frame["lane"] == code]
        years = Drawing(year_labels(first, last, x, 12), 18)
        heading = write_lines(name, 0, 0, width, "bold")
        drawn += [heading, years, lane(rows, x, labeled_years(first, last, x), wide=wide)]
        drawn.append(Drawing([], 10))
    return stacked(drawn, 4)


def lane(rows: pd.DataFrame, x: Scale, years: list[int], *, wide: bool) -> Drawing:
    """Marks over the years, with their names before them; on a phone, above them."""
    drawn: list[Element] = []
    grid, top = "", 0.0
    for row in rows.itertuples():
        label = write_lines(row.label, 0, 0, NAMES - 10 if wide else NARROW)
        start = top if wide else top + label.height
        high = max(ROW, label.height + 6) if wide else ROW
        drawn.append(moved(label.elements, top + (high - label.height) / 2 if wide else top))
        grid += "".join(
            f"M{x(year + 0.5):.0f},{start:.0f}v{high:.0f}" for year in years if not wide
        )
        left, right = spot(row, x)
        drawn.append(link(row.id, row.name, mark(row, left, right, start + high / 2)))
        top = start + high + (0 if wide else 8)
    grid += "".join(f"M{x(year + 0.5):.0f},0v{top:.0f}" for year in years if wide)
    return Drawing([node("path", class_="grid", d=grid), *drawn], top)


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
