"""How many people returned to Cambodia in which year, and who says so?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import Drawing, lower, with_words, without_repeats
from strips import tallies

import cambodia_tip as tip

NAMES = 330


@cache
def figures() -> pd.DataFrame:
    """Returns to Cambodia by time, without parts of other figures."""
    frame = tip.observations(warn=False)
    to_area = tip.load("repatriations", warn=False).set_index("id")["to_area"]
    frame = frame[frame["id"].map(to_area).eq("KHM") & frame["part_of"].isna()]
    frame = with_words(without_repeats(frame))
    country = frame["counterpart_area_label"].astype(object)
    place = (" from " + country).where(country.notna(), "")
    counted = frame["indicator_label"].astype(object).map(lower) + place
    frame["count"] = frame["reported_by_label"].astype(object) + ": " + counted
    frame["name"] = frame["count"] + ". " + frame["name"]
    return frame.sort_values(["period_end", "period_start", "id"], ignore_index=True)


def panels() -> dict[str, pd.DataFrame]:
    """Figures of one reporter for one kind of return, those of the first years first."""
    return dict(iter(figures().groupby("count", sort=False)))


def title() -> str:
    """The claim of the chart."""
    return "No reporter counted the same kind of return for more than two years"


def subtitle() -> str:
    """Measure, place and period."""
    ends = figures()["period_end"].dt.year
    return f"People who returned to Cambodia, by reporter, {ends.min()} to {ends.max()}"


def note() -> str:
    """How to read the marks."""
    return (
        "A number is in the middle of its period. The documents have none for the other years. "
        "The same people may be in several figures, so do not add them up."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for name, rows in panels().items():
        said = [f"{row.period}, {row.printed}" for row in rows.itertuples()]
        parts.append(f"{name}: {'; '.join(said)}.")
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """A row for each kind of return that a reporter counted."""
    return tallies(panels(), NAMES, width)
