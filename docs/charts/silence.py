"""Which figures were not reported?"""

from __future__ import annotations

import altair as alt
import pandas as pd
from drawing import NARROW, WIDE, listed, lower, of_chapters, period

import cambodia_tip as tip

STATES = {
    "reported": "a figure",
    "not_reported": "said to be not reported",
    "not_available": "said to be not available",
    "nothing": "nothing",
}
SHAPES = ["square", "M-1,-1L1,1M-1,1L1,-1", "triangle-up", "M-.3,0L.3,0"]
"""A mark for each state, told apart without colour: square, cross, triangle, dash."""
UNDATED = "no date"
NAMES, YEARS = 258, 54
"""Pixels for the names of the indicators, and for the years, which stand upright."""
LONGEST = 220
"""Pixels of a name, as the drawing measures it, that find room there in a wide font."""
COLUMNS = {
    "indicator_label": "Indicator",
    "period": "Period",
    "reported_by_label": "Reported by",
    "state": "State",
}


def figures() -> pd.DataFrame:
    """What is counted over time, and whatever a document says that it has no figure of."""
    frame = tip.observations()
    frame = frame[~of_chapters(frame)]
    indicators = tip.load("indicators").set_index("indicator")
    silent = frame["obs_status"].isin(["not_reported", "not_available"])
    flow = frame["indicator"].map(indicators["measure"]) == "flow"
    chosen = flow | frame["indicator"].isin(frame.loc[silent, "indicator"])
    chosen &= frame["operation"].isna() & frame["part_of"].isna()
    chosen &= frame["obs_status"].isin(list(STATES))
    frame = frame[chosen].sort_values(["table", "indicator", "period_start", "id"])
    return frame.assign(
        indicator_label=frame["indicator"].map(indicators["label"]),
        period=[period(row) for _, row in frame.iterrows()],
        state=frame["obs_status"].map(STATES),
    ).reset_index(drop=True)


def cells() -> pd.DataFrame:
    """One row for each indicator, column and state: the years that figures cover, and no date."""
    frame = figures()
    first = frame["period_start"].fillna(frame["period_end"]).dt.year
    last = frame["period_end"].dt.year
    covered = [
        [UNDATED] if pd.isna(end) else [str(year) for year in range(int(start), int(end) + 1)]
        for start, end in zip(first, last, strict=True)
    ]
    told = frame.assign(column=covered).explode("column")
    told = told[["indicator_label", "column", "state"]].drop_duplicates()
    names = pd.DataFrame({"indicator_label": frame["indicator_label"].unique()})
    every = names.merge(pd.DataFrame({"column": columns()}), how="cross")
    every = every.merge(told, how="left").fillna({"state": STATES["nothing"]})
    order = {state: number for number, state in enumerate(STATES.values())}
    every = every.sort_values("state", key=lambda states: states.map(order), kind="stable")
    beside = every.groupby(["indicator_label", "column"])["state"]
    shift = beside.cumcount() - (beside.transform("size") - 1) / 2
    return every.assign(shift=shift * 9).sort_index()


def columns() -> list[str]:
    """All years from the first to the last, and a place for what has no date."""
    frame = figures()
    years = range(frame["period_start"].min().year, frame["period_end"].max().year + 1)
    return [*map(str, years), UNDATED]


def empty_years() -> list[str]:
    """Years of which no document says anything."""
    told = cells()[cells()["state"] != STATES["nothing"]]
    return [year for year in columns() if year not in set(told["column"])]


def answer() -> str:
    """Years without anything, and what the documents say themselves that they lack."""
    frame = figures()
    parts = []
    for code, words in (("not_reported", "was not reported"), ("not_available", "cannot be had")):
        lacking = frame.loc[frame["obs_status"] == code, "indicator_label"].unique()
        parts.append(f"a figure {words} ({listed([lower(name) for name in lacking])})")
    return (
        f"For {spans(empty_years())} the documents have none of these figures and say nothing of "
        f"them; elsewhere they say themselves that {listed(parts)}; an empty cell is not a zero."
    )


def spans(years: list[str]) -> str:
    """Years in a row as one span."""
    numbers = pd.Series(sorted(map(int, years)))
    runs = numbers.groupby(numbers - numbers.index).agg(["min", "max"])
    return listed([f"{a}" if a == b else f"{a} to {b}" for a, b in runs.itertuples(index=False)])


def description() -> str:
    """The chart for those who do not see it."""
    counts = figures().groupby("state")["indicator"].nunique()
    states = [f"{state} for {counts[state]}" for state in STATES.values() if state in counts]
    return (
        f"A matrix of {figures()['indicator'].nunique()} indicators by year, {columns()[0]} to "
        f"{columns()[-2]}, and a column for what has no date: {listed(states)}, "
        f"for some of them several. {answer()}"
    )


def chart(width: int = WIDE) -> alt.Chart:
    """A matrix for each table; two states of a cell stand below each other."""
    drawn = []
    every = cells()
    titles = tip.tables().set_index("name")["title"]
    tables = figures().groupby("table")["indicator_label"].unique()
    for table, indicators in tables.items():
        rows = every[every["indicator_label"].isin(indicators)]
        edge = {tables.index[0]: "top", tables.index[-1]: "bottom"}.get(table)
        drawn.append(matrix(rows, width, years=edge).properties(title=titles[table]))
    return alt.vconcat(*drawn, spacing=12)


def matrix(rows: pd.DataFrame, width: int, *, years: str | None) -> alt.Chart:
    """One row for each indicator, the years at an edge; on a phone its name stands above it."""
    order = list(rows["column"].unique())
    wide = width > NARROW
    step, names = (19, NAMES) if wide else (38, 0)
    states = list(STATES.values())
    legend = alt.Legend(title=None, orient="top", columns=2 if wide else 1, symbolSize=60)
    base = alt.Chart(rows.assign(shift=rows["shift"] + (step / 2 if wide else 28))).encode(
        x=alt.X(
            "column:N",
            sort=order,
            title=None,
            axis=alt.Axis(
                orient=years or "top",
                labels=years is not None,
                labelAngle=-90,
                labelAlign="right" if years == "bottom" else "left",
                labelBaseline="middle",
                labelOverlap=False,
                minExtent=0 if years is None else YEARS,
                domain=False,
            ),
        ),
        y=alt.Y(
            "indicator_label:N",
            sort=list(rows["indicator_label"].unique()),
            title=None,
            scale=alt.Scale(padding=0),
            axis=alt.Axis(domain=False, labelLimit=LONGEST, minExtent=names) if wide else None,
        ),
    )
    marks = base.mark_point(opacity=1, size=50 if wide else 28).encode(
        yOffset=alt.YOffset("shift:Q", scale=None),
        shape=alt.Shape("state:N", legend=legend).scale(domain=states, range=SHAPES),
        color=alt.Color("state:N", legend=legend).scale(domain=states),
        fill=alt.Fill("state:N", legend=legend).scale(domain=states),
    )
    if not wide:
        first = base.transform_filter(alt.datum.column == order[0])
        marks += first.mark_text(align="left", dy=-9, limit=width * LONGEST / NAMES).encode(
            x=alt.value(0), text="indicator_label:N"
        )
    return marks.properties(width=width - names - 12, height=alt.Step(step))
