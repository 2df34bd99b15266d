"""Which penalties do the laws of 1996 and 2008 prescribe for trafficking, and at what ages?"""

from __future__ import annotations

import textwrap

import altair as alt
import pandas as pd
from drawing import HEADING, LETTER, WIDE, below_labels, scale_down, wrapped

import cambodia_tip as tip

COLUMNS = {
    "law": "Law",
    "charge": "Charge",
    "age": "Age of the victim",
    "printed": "Imprisonment",
    "basis": "Printed or derived",
}


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
        basis=frame["value_basis_label"],
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


def answer() -> str:
    """Each term with the age that it depends on."""
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
    return "" if row.value_basis == "printed" else "; derived, not printed"


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


def description() -> str:
    """The chart for those who do not see it."""
    return f"Ranges of years on one scale from zero, a panel for each law. {answer()}"


def chart(width: int = WIDE) -> alt.Chart:
    """A range for each term, from the shortest to the longest; the scale begins at zero."""
    frame = figures()
    longest = float(frame["maximum"].max())
    drawn = [panel(law, rows, longest, width) for law, rows in frame.groupby("law", sort=False)]
    return alt.vconcat(*drawn, spacing=24)


def panel(law: str, rows: pd.DataFrame, longest: float, width: int) -> alt.LayerChart:
    """The terms of one law; open where a term is derived, words where an age is left open."""
    lines = []
    for row in rows.itertuples():
        term = {"id": row.id, "minimum": row.minimum, "maximum": row.maximum}
        printed = row.printed.replace(" ", "\u00a0")
        term["label"] = f"{row.charge} (victim: {row.age}): {printed}{derived(row)}"
        lines.append(term)
        if row.id in gaps():
            lines.append({"label": gaps()[row.id]})
    data = pd.DataFrame(lines).astype({"minimum": float, "maximum": float})
    data["label"] = wrapped(data["label"], int((width - 16) / LETTER))
    data = data.join(below_labels(data["label"]))
    height = data["y"].max() + 14
    axis = alt.Axis(tickCount=4, title="years of imprisonment", grid=False)
    base = alt.Chart(data).encode(
        x=alt.X("minimum:Q", scale=alt.Scale(domain=[0, longest], nice=False), axis=axis),
        y=alt.Y("y:Q", scale=scale_down(height), axis=None),
    )
    terms = base.transform_filter("isValid(datum.minimum)")
    bars = terms.encode(x2="maximum:Q")
    is_derived = alt.FieldOneOfPredicate("id", list(rows.loc[rows["derived_from"].notna(), "id"]))
    text = {"align": "left", "lineBreak": "\n"}
    layers = [
        terms.mark_rule().encode(x=alt.datum(0), x2=alt.datum(longest)),
        bars.transform_filter(~is_derived).mark_bar(height=14),
        bars.transform_filter(is_derived).mark_bar(height=14, filled=False, strokeDash=[4, 3]),
        base.mark_text(**text, baseline="top").encode(
            x=alt.value(0), y=alt.Y("top:Q", axis=None), text="label:N"
        ),
    ]
    heading = alt.Title(textwrap.wrap(law, int(width / HEADING)))
    return alt.layer(*layers).properties(title=heading, width=width - 12, height=height)
