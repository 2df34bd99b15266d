"""What did each reporter say of arrests, prosecutions and convictions?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import Drawing, with_words, without_repeats
from strips import strips

import cambodia_tip as tip

STAGES = {
    "persons_convicted": "People convicted",
    "persons_prosecuted": "People prosecuted",
    "persons_arrested": "People arrested",
    "convictions": "Convictions, not counted by person",
    "cases_prosecuted": "Cases prosecuted",
    "cases_with_conviction": "Cases with a conviction",
}
OFFICIALS = "officials_as_offenders"
LONG = pd.Timedelta(days=3 * 366)


@cache
def figures() -> pd.DataFrame:
    """Figures of Cambodia, without parts of others and those of a single raid or proceeding."""
    frame = tip.observations(warn=False)
    whole = frame["part_of"].map(frame.set_index("id")["indicator"])
    chosen = (
        frame["indicator"].isin(list(STAGES))
        & frame["operation"].isna()
        & (frame["indicator"].astype(str) != whole.astype(str))
        & frame["ref_area"].str.startswith("KH")
    )
    frame = with_words(without_repeats(frame[chosen]))
    return frame.sort_values(["period_end", "period_start", "id"], ignore_index=True)


def panels() -> dict[str, pd.DataFrame]:
    """The strips: each has one unit, and what covers several years is apart from single years."""
    frame = figures()
    long = frame["period_end"] - frame["period_start"] > LONG
    officials = frame["population"] == OFFICIALS
    found, of_officials = {}, {}
    for code, title in STAGES.items():
        of_stage = frame["indicator"] == code
        found[title] = frame[of_stage & ~long & ~officials]
        found[f"{title}, periods of several years"] = frame[of_stage & long]
        of_officials[f"{title}: officials, for complicity"] = frame[of_stage & officials]
    return {title: rows for title, rows in (found | of_officials).items() if len(rows)}


def title() -> str:
    """The claim of the chart."""
    return "Reporters counted arrests and convictions differently, so no trend can be drawn"


def subtitle() -> str:
    """Measure, place and period."""
    days = figures()["period_start"].dropna()
    last = figures()["period_end"].dropna().max().year
    return f"Figures on enforcement, by reporter, Cambodia, {days.min().year} to {last}"


def note() -> str:
    """How to read the marks."""
    return (
        "A pale line shows a period other than a calendar year. Other lines join figures of one "
        "series. People convicted in one year may have been prosecuted in another, so do not "
        "calculate a rate. Figures of one year may count the same people."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for strip, rows in panels().items():
        said = [f"{r.period}, {r.printed} ({r.reported_by_label})" for r in rows.itertuples()]
        parts.append(f"{strip}: {'; '.join(said)}.")
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """A strip for each stage."""
    return strips(panels(), width)
