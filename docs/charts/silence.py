"""Which figures were not reported?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import (
    NARROW,
    SILENT,
    Drawing,
    first_of,
    legend,
    line,
    link,
    moved,
    shape,
    spans,
    stacked,
    with_words,
    without_repeats,
    write_lines,
    year_labels,
    years_scale,
)

import cambodia_tip as tip

STATES = {
    "not_reported": ("cross", "gap", "Said to be not reported"),
    "not_available": ("diamond", "gap", "Said to be not available"),
    "reported": ("circle", "small", "A figure"),
}
NAMES = 330
STEP = 24


@cache
def figures() -> pd.DataFrame:
    """All figures of what a document says, at least once, that it has no figure of."""
    frame = tip.observations(warn=False)
    frame = frame[frame["operation"].isna() & frame["obs_status"].isin(list(STATES))]
    silent = frame["obs_status"].isin(SILENT)
    lacking = frame.loc[silent, "indicator"].unique()
    frame = with_words(without_repeats(frame[frame["indicator"].isin(lacking)]))
    frame["order"] = frame["indicator_label"].astype(str)
    frame["name"] = frame["order"] + ", " + frame["period"] + ": " + frame["printed"]
    frame["missing"] = frame.groupby("order")["gap"].transform("sum")
    frame["year"] = [year_of(row) for row in frame.to_dict("records")]
    return frame.sort_values(
        ["missing", "order", "year", "obs_status", "id"],
        ascending=[False, True, True, True, True],
        ignore_index=True,
    )


def year_of(row: dict) -> int:
    """The year in which the period ends, or, without dates, of the document."""
    day = row["period_end"] if pd.notna(row["period_end"]) else row["period_start"]
    if pd.notna(day):
        return int(day.year)
    published = tip.load("sources").set_index("source_id")["published"]
    return int(published[row["source_id"]][:4])


def title() -> str:
    """The claim of the chart."""
    lacking = set(figures()["indicator"])
    every = tip.observations(warn=False)
    given = lacking & set(every.loc[every["obs_value"].notna(), "indicator"])
    return (
        f"Documents call {len(lacking)} counts missing, and {len(lacking - given)} of them are "
        "given nowhere"
    )


def subtitle() -> str:
    """Measure, place and period."""
    years = figures()["year"]
    return (
        f"Figures given and said to be missing, all documents, Cambodia, {years.min()} to "
        f"{years.max()}"
    )


def note() -> str:
    """How to read the marks."""
    return (
        "A mark is in the year in which its period ends. Two marks above each other: a document "
        "gives a figure, and one says that a figure of that year is missing. An empty place is "
        "not a zero: no document says anything of it. Figures of single raids are left out."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for name, rows in figures().groupby("order", sort=False):
        silent, given = rows[rows["gap"]], rows[~rows["gap"]]
        known = f"; given for {spans(given['year'])}" if len(given) else "; given for no year"
        parts.append(f"{name}: missing for {spans(silent['year'])}{known}.")
    return " ".join(parts)


def draw(width: float) -> Drawing:
    """A row for each count; on a phone its name is above it."""
    keys = [(shape(name, 0, 0, look), text) for name, look, text in STATES.values()]
    return stacked([legend(keys, width), matrix(width)], 6)


def matrix(width: float) -> Drawing:
    """The marks by year; several of one year and state are one, those of two states on top."""
    frame = figures()
    wide = width > NARROW
    first, last = int(frame["year"].min()), int(frame["year"].max())
    x = years_scale(first, last, NAMES if wide else 0, width)
    rows, top = [*year_labels(first, last, x, 12)], 18.0
    for name, found in frame.groupby("order", sort=False):
        label = write_lines(name, 0, 0, NAMES - 6 if wide else width)
        middle = top + (max(STEP, label.height + 6) / 2 if wide else label.height + 9)
        y = middle - label.height / 2 + 1 if wide else top
        rows.append(moved(label.elements, y))
        rows.append(line(x(first), middle, x(last + 1), middle, "grid"))
        cells = first_of(found, ["year", "obs_status"])
        beside = (
            cells.groupby("year").cumcount()
            - (cells.groupby("year")["id"].transform("size") - 1) / 2
        )
        for row, aside in zip(cells.itertuples(), beside, strict=True):
            form, look, _ = STATES[row.obs_status]
            mark = shape(form, x(row.year + 0.5), middle + aside * 11, look)
            rows.append(link(row.id, row.name, mark))
        top += max(STEP, label.height + 6) if wide else label.height + 22
    return Drawing([*rows, *year_labels(first, last, x, top + 12)], top + 16)
