"""Which penalties do the laws of 1996 and 2008 prescribe for trafficking, and at what ages?"""

from __future__ import annotations

from functools import cache

import pandas as pd
from drawing import Drawing, Scale, bar, line, link, stacked, write, write_lines

import cambodia_tip as tip


@cache
def figures() -> pd.DataFrame:
    """Prison terms of the laws against trafficking, shortest first."""
    frame = tip.load("penalties", labels=True)
    statutes = tip.load("statutes").set_index("id")
    frame = frame.join(statutes[["short_title", "legal_status", "enacted"]], on="statute")
    chosen = (
        frame["short_title"].str.contains("trafficking law")
        & (frame["legal_status"] == "in_force")
        & (frame["unit"] == "years")
    )
    frame = frame[chosen].sort_values(["enacted", "offence", "maximum"], ignore_index=True)
    return frame.assign(
        law=frame["enacted"].str[:4] + ": " + frame["statute_label"],
        charge=frame["charge_as_printed"].map(capital),
        age=[age(row) for _, row in frame.iterrows()],
        printed=[f"{row.minimum} to {row.maximum} years" for row in frame.itertuples()],
        name=frame["short_title"] + ", " + frame["charge_as_printed"],
        period=frame["enacted"],
    )


def capital(text: str) -> str:
    """A label that begins a line."""
    return text[:1].upper() + text[1:]


def age(row: pd.Series) -> str:
    """The age limit as printed: a minor is not 18, and fifteen is neither under nor over 15."""
    if pd.notna(row["victim_age_under"]):
        return f"under {row['victim_age_under']}"
    if pd.notna(row["victim_age_over"]):
        return f"over {row['victim_age_over']}"
    if row["victim_age_word"] == "minor":
        return "minor, age not stated"
    return "no age stated" if pd.isna(row["victim_age_word"]) else str(row["victim_age_word"])


def title() -> str:
    """The claim of the chart."""
    law = figures()["enacted"].str[:4].min()
    return f"Prison terms in the {law} law depend on the age of the victim"


def subtitle() -> str:
    """Measure, place and period."""
    years = figures()["enacted"].str[:4]
    return (
        "Years of imprisonment for trafficking and exploitation, laws against trafficking, "
        f"Cambodia, {years.min()} and {years.max()}"
    )


def note() -> str:
    """How to read the marks."""
    return (
        "A cable of 2007 describes the first law, a report of 2018 the second. Read the laws "
        "before relying on them. A broken outline marks a derived term: the cable says that the "
        "term doubles and prints no range. It does not say how its two scales relate."
    )


def description() -> str:
    """The chart for those who do not see it."""
    laws = []
    for law, rows in figures().groupby("law", sort=False):
        terms = [
            f"{row.printed} for {row.charge_as_printed} (victim: {row.age}{derived(row)})"
            for row in rows.itertuples()
        ]
        left_open = [gap for row, gap in gaps().items() if row in set(rows["id"])]
        laws.append(". ".join([f"{law[:4]}: {'; '.join(terms)}", *left_open]))
    return ". ".join(laws) + "."


def derived(row: tuple) -> str:
    """A mark for what the document does not print."""
    return "" if row.value_basis == "printed" else "; worked out, not printed"


def gaps() -> dict[str, str]:
    """After which row an age is left open: over and under the same age name neither."""
    frame = figures()
    over = frame.dropna(subset="victim_age_over")
    under = frame.dropna(subset="victim_age_under")
    pairs = over.merge(
        under,
        left_on=["statute", "offence", "victim_age_over"],
        right_on=["statute", "offence", "victim_age_under"],
        suffixes=("_over", "_under"),
    )
    return {
        row.id_under: f"A victim of exactly {row.victim_age_over_over} is in neither bracket"
        for row in pairs.itertuples()
    }


def draw(width: float) -> Drawing:
    """A range for each term, from the shortest to the longest; the scale begins at zero."""
    frame = figures()
    longest = frame["maximum"].max()

    def x(years: float) -> float:
        return 2 + years / longest * (width - 20)

    laws = [panel(law, rows, x, width) for law, rows in frame.groupby("law", sort=False)]
    ticks = [write(f"{n}", x(n), 12, "muted", "middle") for n in range(5, longest + 1, 5)]
    ticks.append(write("0 years", 0, 12, "muted"))
    return stacked([stacked(laws, 14), Drawing(ticks, 16)], 2)


def panel(law: str, rows: pd.DataFrame, x: Scale, width: float) -> Drawing:
    """The terms of one law; broken where a term is derived, words where an age is left open."""
    lines = [write_lines(law, 0, 0, width, "bold"), Drawing([], 4)]
    for row in rows.itertuples():
        text = f"{row.charge} (victim: {row.age}): {row.printed.replace(' ', chr(0xA0))}"
        lines.append(write_lines(text + derived(row), 0, 0, width))
        look = "" if row.value_basis == "printed" else "broken"
        low, high = x(row.minimum), x(row.maximum)
        block = bar(low, 3, high - low, 13, look)
        ground = line(x(0), 9.5, width - 18, 9.5, "grid")
        name = f"{row.name}, victim: {row.age}: {row.printed}{derived(row)}"
        lines.append(Drawing([ground, link(row.id, name, block)], 24))
        if row.id in gaps():
            lines.append(write_lines(gaps()[row.id], 0, 0, width, "muted"))
            lines.append(Drawing([], 8))
    return stacked(lines)
