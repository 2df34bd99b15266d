"""What do the editions of one report count of labor inspection and child labor, year by year?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import Drawing, listed, lower, with_words, without_repeats
from strips import strips

import cambodia_tip as tip

STRIPS = {
    "labor_inspections": "Labor inspections",
    "labor_inspections_at_worksite": "Labor inspections at worksites",
    "labor_inspectors": "Labor inspectors",
    "child_labor_violations_found": "Child labor violations found by labor inspectors",
    "wfcl_investigations": "Criminal investigations of the worst forms of child labor",
    "wfcl_violations_found": "Criminal violations found, worst forms of child labor",
    "wfcl_prosecutions_initiated": "Prosecutions begun, worst forms of child labor",
    "wfcl_convictions": "Convictions, worst forms of child labor",
}


@cache
def figures() -> pd.DataFrame:
    """The tables of each edition, and what an edition has that another changed; no repeats."""
    frame = tip.observations(warn=False)
    editions = frame["source_id"].str.startswith("wfcl-")
    frame = frame[editions & frame["indicator"].isin(list(STRIPS))]
    links = tip.load("restatements")
    links = links[links["kind"] != "repeated"]
    is_cell = frame["passage"].str.startswith("T")
    is_changed = frame["id"].isin(links["earlier"]) | frame["id"].isin(links["later"])
    frame = with_words(without_repeats(frame[is_cell | is_changed]))
    order = {name: place for place, name in enumerate(STRIPS)}
    frame["place"] = frame["indicator"].astype(object).map(order)
    return frame.sort_values(["place", "period_start", "source_id"], ignore_index=True)


def panels() -> dict[str, pd.DataFrame]:
    """The strips by their titles."""
    frame = figures()
    return {title: frame[frame["indicator"] == code] for code, title in STRIPS.items()}


def changed() -> list[str]:
    """Each figure that a later chapter changed, with both values."""
    links = tip.load("restatements")
    frame = figures().set_index("id")
    links = links[links["earlier"].isin(frame.index) & links["later"].isin(frame.index)]
    return [
        f"{lower(frame['indicator_label'][link.earlier])} of {frame['period'][link.earlier]}, "
        f"{frame['printed'][link.earlier]} in one edition and "
        f"{frame['printed'][link.later]} in a later one"
        for link in links.itertuples()
    ]


def title() -> str:
    """The claim of the chart."""
    frame = figures()
    rows = frame[(frame["indicator"] == "labor_inspections") & frame["earlier"]]
    years = listed(rows["period"])
    return f"Editions of one report give two different numbers of labor inspections for {years}"


def subtitle() -> str:
    """Measure, place and period."""
    days = figures()["period_start"].dt.year
    return (
        f"Labor inspection and child labor, U.S. Department of Labor, Cambodia, {days.min()} to "
        f"{days.max()}"
    )


def note() -> str:
    """How to read the marks."""
    return (
        "Each yearly edition prints two years; repeated figures are drawn once. No edition reports "
        "prosecutions or convictions for the worst forms of child labor. Child labor is not "
        "trafficking, and inspections count visits, not victims."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for strip, rows in panels().items():
        said = "; ".join(f"{row.period}, {row.printed}" for row in rows.itertuples())
        parts.append(f"{strip}: {said}.")
    return " ".join([*parts, f"Changed by a later edition: {'; '.join(changed())}."])


def draw(width: float) -> Drawing:
    """A strip for each count."""
    return strips(panels(), width)
