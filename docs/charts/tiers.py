"""In which tier did each report place Cambodia, and how is that known?"""

from __future__ import annotations

import altair as alt
import pandas as pd
from drawing import NARROW, WIDE, listed

import cambodia_tip as tip

STATES = {
    "quoted": "quoted from the text",
    "derived": "follows from the report of another year",
    "heading_seen": "heading seen, text not held",
    "second_source": "only in another publication or dataset",
}
SHAPES = ["circle", "diamond", "square", "triangle-up"]
COLUMNS = {"year": "Report of", "tier_label": "Tier", "state": "How it is known"}


def figures() -> pd.DataFrame:
    """Every tier of a report, with the grade of its evidence."""
    frame = tip.load("tier_placements", labels=True)
    frame["year"] = frame["report_year"].astype(int)
    frame["state"] = frame["evidence"].astype(object).map(STATES)
    frame["tier_label"] = frame["tier_label"].astype(object)
    order = list(tip.load("tier_placements")["tier"].cat.categories)
    frame["place"] = [order.index(tier) for tier in frame["tier"]]
    return frame.sort_values(["year", "place"], ignore_index=True)


def years_by_tier() -> dict[str, str]:
    """The years of each tier in words, from the best tier to the worst."""
    found = figures().sort_values(["place", "year"])
    return {tier: _spans(rows["year"]) for tier, rows in found.groupby("tier_label", sort=False)}


def _spans(years: pd.Series) -> str:
    one_each = years.drop_duplicates().reset_index(drop=True)
    runs = one_each.groupby(one_each - one_each.index).agg(["min", "max"])
    return listed([f"{a}" if a == b else f"{a} to {b}" for a, b in runs.itertuples(index=False)])


def twice() -> list[int]:
    """The years for which two tiers are known."""
    tiers = figures().groupby("year")["tier"].nunique()
    return [int(year) for year in tiers.index[tiers > 1]]


def answer() -> str:
    """The years of each tier, and for how many of them the text is held."""
    frame = figures()
    quoted = frame.loc[frame["evidence"] == "quoted", "year"].nunique()
    tiers = "; ".join(f"{tier}: {years}" for tier, years in years_by_tier().items())
    years = listed([str(year) for year in twice()])
    return (
        f"{tiers}. Of {frame['year'].nunique()} reports, {quoted} tiers are quoted from a text "
        f"that is held. For {years} two sources give two tiers. A tier is a judgment by one "
        "government. It does not measure how much trafficking there is."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame = figures()
    years = f"{frame['year'].min()} to {frame['year'].max()}"
    grades = [
        f"{state}: {_spans(frame.loc[frame['state'] == state, 'year'])}"
        for state in STATES.values()
    ]
    return (
        f"One mark for each report from {years} in the row of its tier; the shape says how the "
        f"tier is known. {answer()} Shapes: {'; '.join(grades)}."
    )


def chart(width: int = WIDE) -> alt.Chart:
    """The reports from left to right on a page, from top to bottom on a phone."""
    wide = width > NARROW
    frame = figures()[["id", "year", "tier_label", "state", "place"]]
    beside = frame.groupby(["year", "tier_label"])["state"]
    shift = beside.cumcount() - (beside.transform("size") - 1) / 2
    inner = width - (125 if wide else 48)
    tiers = list(frame.sort_values("place")["tier_label"].unique())
    middle = 22 if wide else (inner - 12) / len(tiers) / 2
    legend = alt.Legend(title=None, orient="top", columns=1, symbolSize=60, labelLimit=0)
    states = {"legend": legend, "scale": alt.Scale(domain=list(STATES.values()))}
    shapes = alt.Scale(domain=list(STATES.values()), range=SHAPES)
    years = alt.Axis(grid=True, domain=False, labelAngle=-90 if wide else 0, minExtent=44)
    names = alt.Axis(domain=False, labelAngle=0, orient="left" if wide else "top")
    names.minExtent = 125 if wide else 20  # in wide fonts
    year = {"shorthand": "year:O", "title": None, "axis": years}
    tier = {"shorthand": "tier_label:N", "title": None, "sort": tiers, "axis": names}
    tier["scale"] = alt.Scale(padding=0)
    across, down, offset = (
        (year, tier, alt.YOffset("shift:Q", scale=None))
        if wide
        else (tier, year, alt.XOffset("shift:Q", scale=None))
    )
    return (
        alt.Chart(frame.assign(shift=shift * 14 + middle))
        .mark_point(opacity=1, size=70)
        .encode(
            x=alt.X(**across),
            y=alt.Y(**down),
            shape=alt.Shape("state:N", legend=legend, scale=shapes),
            color=alt.Color("state:N", **states),
            fill=alt.Fill("state:N", **states),
            **{"yOffset" if wide else "xOffset": offset},
        )
        .properties(width=inner - 12, height=alt.Step(44 if wide else 18))
    )
