"""Who was trained, how many, and by whom?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import Drawing, with_words, without_repeats
from strips import tallies

import cambodia_tip as tip

NOT_STATED = "Audience not stated"
SESSIONS = "Training sessions, not people"
NAMES = 250


@cache
def figures() -> pd.DataFrame:
    """People and sessions by time, without parts of other figures."""
    frame = tip.observations(warn=False)
    chosen = frame["indicator"].isin(["persons_trained", "training_sessions"])
    frame = with_words(without_repeats(frame[chosen & frame["part_of"].isna()]))
    frame["audience"] = frame["population_label"].astype(object).fillna(NOT_STATED)
    trainer = frame["carried_out_by_label"].astype(object).fillna("trainer not stated")
    frame["name"] = frame["audience"] + ", trained by: " + trainer + ". " + frame["name"]
    frame["audience"] = frame["audience"].mask(frame["indicator"] == "training_sessions", SESSIONS)
    return frame.sort_values(["period_end", "period_start", "id"], ignore_index=True)


def panels() -> dict[str, pd.DataFrame]:
    """People by audience, those counted most often first, and at last sessions."""
    frame = figures()
    counts = frame["audience"].value_counts()
    last = [NOT_STATED, SESSIONS]
    order = sorted(set(frame["audience"]) - set(last), key=lambda name: (-counts[name], name))
    return {name: frame[frame["audience"] == name] for name in [*order, *last]}


def title() -> str:
    """The claim of the chart."""
    return "Counts of people trained cover different audiences, courses and periods"


def subtitle() -> str:
    """Measure, place and period."""
    ends = figures()["period_end"].dropna().dt.year
    return f"People trained, by audience, and sessions, Cambodia, {ends.min()} to {ends.max()}"


def note() -> str:
    """How to read the marks."""
    return (
        "A number is in the middle of its period. The same person may be in several figures, "
        "so do not add them up. Parts of another figure are left out."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for audience, rows in panels().items():
        said = [f"{row.period}, {row.printed}" for row in rows.itertuples()]
        parts.append(f"{audience}: {'; '.join(said)}.")
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """A row for each audience, and one for sessions."""
    return tallies(panels(), NAMES, width)
