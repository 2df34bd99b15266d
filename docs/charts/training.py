"""Who was trained, how many, and by whom?"""

from __future__ import annotations

import altair as alt
import pandas as pd
from drawing import WIDE, dots, figures_of, label, lower

COUNTS = {"persons_trained": "Persons", "training_sessions": "Sessions, on a scale of their own"}
COLUMNS = {
    "indicator_label": "Counted",
    "audience": "Audience",
    "period": "Period",
    "trainer": "Trained by",
    "topic": "Topic",
    "reported_by_label": "Reported by",
    "printed": "Figure",
}


def figures() -> pd.DataFrame:
    """Persons and sessions by time, each part behind its whole."""
    frame = figures_of("training_counts")
    frame = frame[frame["indicator"].isin(list(COUNTS))]
    audience = frame["population_label"].fillna("Audiences not told apart")
    whole = frame["part_of"].map(audience.map(lower).set_axis(frame["id"]))
    return frame.assign(
        audience=audience + (" (part of: " + whole + ")").fillna(""),
        trainer=frame["carried_out_by_label"].fillna("trainer not stated"),
        group=frame["part_of"].fillna(frame["id"]),
        is_part=frame["part_of"].notna(),
    ).sort_values(["period_end", "group", "is_part"], ignore_index=True)


def answer() -> str:
    """Each audience with its figure."""
    frame = figures()
    persons = frame[frame["indicator"] == "persons_trained"]
    groups = [f"{lower(row.audience)} {row.printed} ({row.period})" for row in persons.itertuples()]
    return (
        f"Persons trained, by audience: {'; '.join(groups)}. These are different groups, times and "
        "courses, some of them in others, and have no common total."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for title, rows in panels().items():
        said = [
            f"{row.audience}, {row.period}, {row.trainer}: {row.printed}"
            for row in rows.itertuples()
        ]
        parts.append(f"{title}: {'; '.join(said)}.")
    return " ".join(["Dots on scales from zero; open where the figure is a plan.", *parts])


def panels() -> dict[str, pd.DataFrame]:
    """Persons, and sessions."""
    frame = figures()
    frame = frame.assign(label=label(frame["audience"], frame["period"], frame["trainer"]))
    return {title: frame[frame["indicator"] == code] for code, title in COUNTS.items()}


def chart(width: int = WIDE) -> alt.Chart:
    """Persons on one scale, sessions on another."""
    return alt.vconcat(*[dots({t: rows}, width) for t, rows in panels().items()], spacing=24)
