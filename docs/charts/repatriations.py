"""Who says how many Cambodians came home in 2017, and from where?"""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
from drawing import HEADING, LETTER, NARROW, WIDE, figures_of, listed, lower

YEAR = 2017
ALL = "All countries"
NAMES = 95
"""Pixels for the names of the countries."""
GAP = 26
"""Pixels between panels."""
COLUMNS = {
    "reported_by_label": "Reported by",
    "indicator_label": "Counted",
    "country": "From",
    "printed": "Figure",
    "period": "Period",
}


def figures() -> pd.DataFrame:
    """Returns to Cambodia in the year, and those that the same document leaves undated."""
    frame = figures_of("repatriations")
    in_year = frame["period_start"].dt.year == YEAR
    documents = frame.loc[in_year, "source_id"].unique()
    undated = frame["period_start"].isna() & frame["source_id"].isin(documents)
    frame = frame[(in_year | undated) & (frame["to_area"] == "KHM")]
    frame = frame.assign(country=frame["from_area_label"].fillna(ALL))
    return frame.sort_values("value", ascending=False, ignore_index=True)


def totals() -> pd.DataFrame:
    """The total of each reporter, first of those who name the countries."""
    frame = figures()
    frame = frame[frame["country"] == ALL]
    return frame.assign(parts=frame["id"].isin(figures()["part_of"])).sort_values(
        ["parts", "value"], ascending=False
    )


def counted(total: pd.Series) -> str:
    """What a reporter counted, in which period if not the year, and what is not said of it."""
    date = "" if total["period"] == str(YEAR) else f", {total['period']}"
    countries = "" if total["parts"] else ", countries not named"
    return f"{lower(total['indicator_label'])}{date}{countries}"


def answer() -> str:
    """The three totals, which are not to be added."""
    counts = [
        f"{total['reported_by_label']} {total['printed']} ({counted(total)})"
        for _, total in totals().iterrows()
    ]
    return (
        f"It depends on who counted whom: {'; '.join(counts)}. "
        "The same persons may be in more than one of these figures, which must not be added up."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for _, total in totals().iterrows():
        rows = figures()[figures()["part_of"] == total["id"]]
        named = listed([f"{row.country} {row.printed}" for row in rows.itertuples()])
        parts.append(
            f"{total['reported_by_label']}, {counted(total)}: {total['printed']} in all"
            + (f"; {named}." if named else ".")
        )
    return " ".join(["Bars from zero, a panel for each reporter, not added up.", *parts])


def chart(width: int = WIDE) -> alt.Chart:
    """Bars beside each other, on one scale; on a phone below each other."""
    frame = figures()
    wide = width > NARROW
    room = (width - NAMES - 2 * GAP) / len(totals()) if wide else width - NAMES
    heads = [head(total, room) for _, total in totals().iterrows()]
    lines = max(len(reporter) + len(what) for reporter, what in heads) if wide else 0
    drawn = []
    for (_, total), (reporter, what) in zip(totals().iterrows(), heads, strict=True):
        rows = frame[frame["id"].eq(total["id"]) | frame["part_of"].eq(total["id"])]
        if wide and len(rows) > 1:  # what the reporter does not name has a row too
            rows = frame[["country"]].drop_duplicates().merge(rows, how="left")
        what += [" "] * (lines - len(reporter) - len(what))
        countries = list(frame["country"].unique() if wide else rows["country"])
        drawn.append(
            panel(rows, countries, frame["value"].max(), names=not wide or not drawn).properties(
                title=alt.Title(reporter, subtitle=what), width=room, height=alt.Step(21)
            )
        )
    return alt.hconcat(*drawn, spacing=GAP) if wide else alt.vconcat(*drawn, spacing=20)


def head(total: pd.Series, width: float) -> tuple[list[str], list[str]]:
    """Who counted, and what."""
    reporter = textwrap.wrap(total["reported_by_label"], int(width / HEADING))
    return reporter, textwrap.wrap(counted(total), int(width / LETTER))


def panel(rows: pd.DataFrame, countries: list[str], longest: float, *, names: bool) -> alt.Chart:
    """The bars of one reporter; the total is open, since it holds the others."""
    frame = rows[["id", "country", "printed"]].assign(value=rows["value"].astype(float))
    base = alt.Chart(frame).encode(
        x=alt.X("value:Q", stack=None, axis=None, scale=alt.Scale(domain=[0, longest * 1.25])),
        y=alt.Y(
            "country:N",
            scale=alt.Scale(domain=countries),
            title=None,
            axis=alt.Axis(labels=names, minExtent=NAMES - 6 if names else 0),
        ),
    )
    parts = base.transform_filter(alt.datum.country != ALL).mark_bar(height=13)
    whole = base.transform_filter(alt.datum.country == ALL).mark_bar(height=13, filled=False)
    known = base.transform_filter("isValid(datum.value)")
    silent = base.transform_filter("!isValid(datum.value)")
    return (
        parts
        + whole
        + known.mark_text(align="left", dx=6, style="figure").encode(text="printed:N")
        + silent.mark_text(align="left", dx=6, style="note").encode(
            x=alt.value(0), text=alt.value("not named")
        )
    )
