"""What do nine chapters count of labor inspection and child labor, year by year?"""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
from drawing import HEADING, NARROW, WIDE, lower, period, printed

import cambodia_tip as tip

STRIPS = {
    "labor_inspectors": "Labor inspectors",
    "labor_inspections": "Labor inspections",
    "labor_inspections_at_worksite": "Labor inspections at worksites",
    "child_labor_violations_found": "Child labor violations found by labor inspectors",
    "wfcl_investigations": "Criminal investigations of the worst forms of child labor",
    "wfcl_violations_found": "Criminal violations found, worst forms of child labor",
    "wfcl_prosecutions_initiated": "Prosecutions begun, worst forms of child labor",
    "wfcl_convictions": "Convictions, worst forms of child labor",
}
STATES = ("latest figure", "figure that a later chapter changed", "not reported")
CROSS = "M-1,-1L1,1M-1,1L1,-1"
COLUMNS = {
    "indicator_label": "Counted",
    "period": "Period",
    "printed": "Figure",
    "state": "State",
    "source_id": "Document",
}


def figures() -> pd.DataFrame:
    """The cells of both years of each chapter, without those that a later chapter repeats."""
    links = tip.load("restatements")
    repeated = set(links.loc[links["kind"] == "repeated", "earlier"])
    frame = tip.observations()
    chosen = frame["indicator"].isin(list(STRIPS)) & frame["passage"].str.startswith("T")
    frame = frame[chosen & ~frame["id"].isin(repeated)].copy()
    known = frame["obs_value"].notna()
    frame["state"] = STATES[2]
    frame.loc[known & frame["is_latest"], "state"] = STATES[0]
    frame.loc[known & ~frame["is_latest"], "state"] = STATES[1]
    frame["year"] = frame["period_start"].dt.year.astype(int)
    frame["value"] = frame["obs_value"].astype("Int64")
    frame["qualifier_label"] = frame["qualifier"]
    frame["printed"] = [printed(row) for _, row in frame.iterrows()]
    frame["period"] = [period(row) for _, row in frame.iterrows()]
    order = {name: place for place, name in enumerate(STRIPS)}
    return frame.assign(place=frame["indicator"].map(order)).sort_values(
        ["place", "year", "source_id"], ignore_index=True
    )


def changed() -> list[str]:
    """Each figure that a later chapter changed, with both values."""
    links = tip.load("restatements")
    frame = figures().set_index("id")
    links = links[links["earlier"].isin(frame.index) & links["later"].isin(frame.index)]
    return [
        f"{lower(frame['indicator_label'][link.earlier])} of {frame['period'][link.earlier]}, "
        f"{frame['printed'][link.earlier]} in one chapter and "
        f"{frame['printed'][link.later]} in a later one"
        for link in links.itertuples()
    ]


def answer() -> str:
    """How many figures there are, how many gaps, and what was changed."""
    frame = figures()
    gaps = int((frame["state"] == STATES[2]).sum())
    return (
        f"The chapters give {len(frame) - gaps} figures in these strips and say {gaps} times that "
        f"none was reported. Changed without a word: {'; '.join(changed())}. Child labor is not "
        "trafficking, and inspections count visits, not victims."
    )


def description() -> str:
    """The chart for those who do not see it."""
    frame = figures()
    parts = []
    for indicator, title in STRIPS.items():
        rows = frame[frame["indicator"] == indicator]
        said = "; ".join(f"{row.period} {row.printed}" for row in rows.itertuples())
        parts.append(f"{title}: {said}.")
    return " ".join(["One strip for each count, by year; a cross where none is reported.", *parts])


def chart(width: int = WIDE) -> alt.VConcatChart:
    """A strip for each count, on years that all share."""
    frame = figures()
    years = list(range(frame["year"].min(), frame["year"].max() + 1))
    strips = [
        _strip(frame[frame["indicator"] == code], title, years, width)
        for code, title in STRIPS.items()
    ]
    return alt.vconcat(*strips, spacing=14)


def _strip(rows: pd.DataFrame, title: str, years: list[int], width: int) -> alt.LayerChart:
    heights = rows["obs_value"].astype(float)
    most = heights.max()
    rows = rows[["id", "year", "state", "printed"]].assign(height=heights.fillna(0.0))
    counts = 34 if width == NARROW else 52
    x = alt.X("year:O", title=None, scale=alt.Scale(domain=years), axis=alt.Axis(labelAngle=0))
    ticks = {"minExtent": counts, "tickCount": 2, "format": ",.0f"}
    if width == NARROW:  # thousands as k leave more room for the years
        ticks["labelExpr"] = "datum.value < 1000 ? datum.label : datum.value / 1000 + 'k'"
    if not most > 0:  # nothing but crosses
        ticks |= {"domain": False, "labels": False, "grid": False}
    y = alt.Y(
        "height:Q",
        title=None,
        scale=alt.Scale(domain=[0, most * 1.25 if most > 0 else 1], nice=False),
        axis=alt.Axis(**ticks),
    )
    base = alt.Chart(rows).encode(x=x, y=y)
    latest, earlier, gap = (base.transform_filter(alt.datum.state == state) for state in STATES)
    layers = [
        latest.mark_rule().encode(y2=alt.datum(0)),
        latest.mark_point(filled=True, opacity=1),
        earlier.mark_point(shape="square", opacity=1),
        gap.mark_point(shape=CROSS, opacity=1),
        latest.mark_text(dy=-13).encode(text="printed:N"),
        earlier.mark_text(align="right", dx=-8).encode(text="printed:N"),
    ]
    inner = width - counts - 8
    heading = alt.Title(textwrap.wrap(title, int(inner / HEADING)))
    height = 86 if most > 0 else 20
    return alt.layer(*layers).properties(title=heading, width=inner, height=height)
