"""Who says how many Cambodians came home in 2017, and from where?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import (
    BOLD,
    LINE,
    NARROW,
    Drawing,
    bar,
    link,
    listed,
    lower,
    moved,
    stacked,
    with_words,
    write,
    write_lines,
)

import cambodia_tip as tip

YEAR = 2017
ALL = "All countries"
STEP = 23
NAMES = 100
"""Pixels for the names of the countries."""


@cache
def figures() -> pd.DataFrame:
    """Returns to Cambodia in the year, and those that the same document leaves undated."""
    frame = tip.observations(warn=False)
    to_area = tip.load("repatriations", warn=False).set_index("id")["to_area"]
    frame = frame[frame["id"].map(to_area).eq("KHM")]
    in_year = (frame["period_start"].dt.year == YEAR) & ~frame["source_id"].str.startswith("wfcl-")
    undated = frame["period_start"].isna() & frame["source_id"].isin(
        frame.loc[in_year, "source_id"]
    )
    frame = with_words(frame[in_year | undated])
    frame["country"] = frame["counterpart_area_label"].astype(object).fillna(ALL)
    frame["name"] = frame["country"] + ": " + frame["name"]
    return frame.sort_values(["value", "id"], ascending=[False, True], ignore_index=True)


def totals() -> pd.DataFrame:
    """The total of each reporter, first of those who name the countries."""
    frame = figures()
    frame = frame[frame["country"] == ALL]
    return frame.assign(parts=frame["id"].isin(figures()["part_of"])).sort_values(
        ["parts", "value"], ascending=False
    )


def counted(total: tuple) -> str:
    """What a reporter counted, in which period if not the year, and what is not said of it."""
    date = "" if total.period == str(YEAR) else f", {total.period}"
    countries = "" if total.parts else ", countries not named"
    return f"{lower(total.indicator_label)}{date}{countries}"


def title() -> str:
    """The claim of the chart."""
    numbers = listed(totals()["printed"])
    return f"Reporters counted {numbers} people who returned in {YEAR}; do not add these"


def subtitle() -> str:
    """Measure, place and period."""
    return f"People who returned to Cambodia, by reporter and country, {YEAR}"


def note() -> str:
    """How to read the marks."""
    return (
        "The same people may be in more than one count. The hollow bar is the total and holds the "
        "bars below it. One ministry's year is inferred, and so is the NGO's period."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame, parts = figures(), []
    for total in totals().itertuples():
        rows = frame[frame["part_of"] == total.id]
        named = listed(f"{row.country} {row.printed}" for row in rows.itertuples())
        parts.append(
            f"{total.reported_by_label}, {counted(total)}: {total.printed} in all"
            + (f"; {named}." if named else ".")
        )
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """Bars beside each other, on one scale; on a phone below each other."""
    frame, every = figures(), totals()
    wide = width > NARROW
    gap = 24
    room = (width - NAMES - gap * (len(every) - 1)) / len(every) if wide else width - NAMES
    scale = (room - 6 - 5 * BOLD) / frame["value"].max()
    shared = list(frame["country"].unique())
    heads, bodies = [], []
    for total in every.itertuples():
        rows = frame[frame["id"].eq(total.id) | frame["part_of"].eq(total.id)]
        countries = shared if wide and total.parts else list(rows["country"])
        space = room if wide else width
        reporter = write_lines(total.reported_by_label, 0, 0, space, "bold")
        heads.append(stacked([reporter, write_lines(counted(total), 0, 0, space, "muted")]))
        drawn = bars(rows, countries, scale)
        if not wide:
            placed = [*names(countries), moved(drawn.elements, 0, NAMES)]
            drawn = Drawing(placed, drawn.height)
        bodies.append(drawn)
    if not wide:
        return stacked(
            [stacked(panel, 4) for panel in zip(heads, bodies, strict=True)],
            20,
        )
    top = max(head.height for head in heads) + 4
    placed = [moved(names(shared), top)]
    for number, (head, drawn) in enumerate(zip(heads, bodies, strict=True)):
        x = NAMES + number * (room + gap)
        placed += [moved(head.elements, 0, x), moved(drawn.elements, top, x)]
    return Drawing(placed, top + STEP * len(shared))


def names(countries: list[str]) -> list:
    """Countries before their bars."""
    return [
        write(country, NAMES - 8, place * STEP + LINE - 1, anchor="end")
        for place, country in enumerate(countries)
    ]


def bars(rows: pd.DataFrame, countries: list[str], scale: float) -> Drawing:
    """The bars of one reporter; what it does not name has a row too."""
    drawn = []
    by_country = {row.country: row for row in rows.itertuples()}
    for place, country in enumerate(countries):
        row, y = by_country.get(country), place * STEP
        if row is None:
            drawn.append(write("not named", 4, y + LINE - 1, "muted"))
            continue
        long = max(1.0, row.value * scale)
        block = bar(1, y + 4, long, 14, "hollow" if country == ALL else "")
        number = write(row.printed, long + 6, y + LINE - 1, "bold")
        drawn.append(link(row.id, row.name, block, number))
    return Drawing(drawn, STEP * len(countries))
