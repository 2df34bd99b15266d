"""In which tier did each report place Cambodia, and how is that known?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import (
    NARROW,
    Drawing,
    Scale,
    legend,
    line,
    link,
    shape,
    spans,
    stacked,
    write,
    year_labels,
    years_scale,
)

import cambodia_tip as tip

STATES = {
    "quoted": "quoted from the text",
    "derived": "follows from the report of another year",
    "heading_seen": "only the heading of the report was seen",
    "second_source": "only in another publication or dataset",
}
SHAPES = {
    "quoted": ("circle", ""),
    "derived": ("diamond", "hollow"),
    "heading_seen": ("square", ""),
    "second_source": ("triangle", "hollow"),
}
ROW = 40


@cache
def figures() -> pd.DataFrame:
    """Every tier of a report, with the grade of its evidence."""
    frame = tip.load("tier_placements", labels=True)
    order = list(tip.load("tier_placements")["tier"].cat.categories)
    frame = frame.assign(
        year=frame["report_year"].astype(int),
        tier_label=frame["tier_label"].astype(object),
        evidence=frame["evidence"].astype(object),
        place=[order.index(tier) for tier in frame["tier"]],
    )
    frame["state"] = frame["evidence"].map(STATES)
    frame["period"] = frame["year"].astype(str)
    frame["printed"] = frame["tier_label"]
    frame["name"] = frame["period"] + " report: " + frame["tier_label"] + ", " + frame["state"]
    return frame.sort_values(["year", "place", "id"], ignore_index=True)


def years_by_tier() -> dict[str, str]:
    """The years of each tier in words, from the best tier to the worst."""
    found = figures().sort_values(["place", "year"])
    return {tier: spans(rows["year"]) for tier, rows in found.groupby("tier_label", sort=False)}


def title() -> str:
    """The claim of the chart."""
    worst, years = list(years_by_tier().items())[-1]
    return f"Cambodia was placed in {worst} in {years}"


def subtitle() -> str:
    """Measure, place and period."""
    years = figures()["year"]
    return (
        f"Tier in the yearly U.S. trafficking report, Cambodia, reports of {years.min()} to "
        f"{years.max()}"
    )


def note() -> str:
    """How to read the marks."""
    tiers = figures().groupby("year")["tier"].nunique()
    twice = spans(tiers.index[tiers > 1])
    return (
        f"For {twice} two sources give two tiers. A tier is a judgment by one government. It does "
        "not measure how much trafficking there is."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame = figures()
    tiers = "; ".join(f"{tier}: {years}" for tier, years in years_by_tier().items())
    grades = "; ".join(
        f"{state}: {spans(frame.loc[frame['state'] == state, 'year'])}" for state in STATES.values()
    )
    return f"{tiers}. How each tier is known: {grades}. {note()}"


def draw(width: float) -> Drawing:
    """A row for each tier, the reports from left to right."""
    frame = figures()
    wide = width > NARROW
    first, last = frame["year"].min(), frame["year"].max()
    x = years_scale(first, last, 150 if wide else 4, width - 4)
    rows = lanes(x, first, last, above=not wide)
    years = Drawing(year_labels(first, last, x, 14), 20)
    return stacked([key(width), rows, years], 8)


def key(width: float) -> Drawing:
    """How each shape says that a tier is known."""
    entries = [
        (shape(name, 0, 0, look), STATES[code].capitalize())
        for code, (name, look) in SHAPES.items()
    ]
    return legend(entries, width)


def lanes(x: Scale, first: int, last: int, *, above: bool) -> Drawing:
    """The rows of the tiers over these years, their names before or above them."""
    drawn, top = [], 0.0
    for tier, rows in figures().sort_values("place").groupby("tier_label", sort=False):
        middle = top + (ROW - 12 if above else ROW / 2)
        drawn.append(write(tier, 0, middle - 12 if above else middle + 4))
        drawn.append(line(x(first), middle, x(last + 1), middle, "grid"))
        in_year = rows.groupby("year")
        beside = in_year.cumcount() - (in_year["id"].transform("size") - 1) / 2
        for row, aside in zip(rows.itertuples(), beside, strict=True):
            name, look = SHAPES[row.evidence]
            mark = shape(name, x(row.year + 0.5), middle + aside * 12, look)
            drawn.append(link(row.id, row.name, mark))
        top += ROW
    return Drawing(drawn, top)
