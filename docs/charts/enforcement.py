"""What did each reporter say of arrests, prosecutions and convictions?"""

from __future__ import annotations

import altair as alt
import pandas as pd
from drawing import WIDE, dots, figures_of, label, lower

STAGES = {
    "persons_arrested": "Persons arrested",
    "persons_prosecuted": "Persons prosecuted",
    "persons_convicted": "Persons convicted",
    "convictions": "Convictions",
    "cases_prosecuted": "Cases prosecuted",
    "cases_with_conviction": "Cases with a conviction",
}
COLUMNS = {
    "indicator_label": "Counted",
    "period": "Period",
    "reported_by_label": "Reported by",
    "offence_label": "Offence",
    "printed": "Figure",
}


def figures() -> pd.DataFrame:
    """Figures of Cambodia, without parts of others and those of a single raid or proceeding."""
    frame = figures_of("enforcement_stats")
    whole = frame["part_of"].map(frame.set_index("id")["indicator"])
    chosen = (
        frame["indicator"].isin(list(STAGES))
        & frame["value"].notna()
        & frame["operation"].isna()
        & (frame["indicator"] != whole)
        & frame["ref_area"].str.startswith("KH")
    )
    first = frame.groupby("series")["period_start"].transform("min")
    order = ["first", "period_end", "period_start", "id"]
    return frame[chosen].assign(first=first).sort_values(order, ignore_index=True)


def comparable() -> list[str]:
    """What a line may join: figures of one series, and nothing else."""
    series = [rows for _, rows in figures().groupby("series", sort=False) if len(rows) > 1]
    return [
        f"{lower(rows['indicator_label'].iloc[0])} for {lower(rows['offence_label'].iloc[0])}, "
        + " and ".join(f"{row.printed} in {row.period}" for row in rows.itertuples())
        + f" ({rows['reported_by_label'].iloc[0]})"
        for rows in series
    ]


def answer() -> str:
    """The figures that are of one series."""
    return (
        f"Of these {len(figures())} figures only {len(comparable())} pairs are of one reporter, "
        "one offence and periods of one length, so that a line may join them: "
        f"{'; '.join(comparable())}."
    )


def description() -> str:
    """The chart for those who do not see it."""
    parts = []
    for scale in panels():
        for title, rows in scale.items():
            ordered = rows.sort_values("value")
            ends = f"from {ordered['printed'].iloc[0]} to {ordered['printed'].iloc[-1]}"
            if ordered["value"].nunique() == 1:  # one figure, or zero and none known
                ends = " or ".join(ordered["printed"].unique())
            number = "1 figure" if len(rows) == 1 else f"{len(rows)} figures"
            parts.append(f"{title}, {number}: {ends}.")
    return " ".join(
        ["Dots on scales from zero, one for each figure, with its reporter and period.", *parts]
        + [f"A line joins {pair}." for pair in comparable()]
    )


def panels() -> list[dict[str, pd.DataFrame]]:
    """The figures of each panel by its title; a list of those that may share a scale."""
    frame = figures()
    frame["label"] = labels(frame)
    long = frame["period_end"] - frame["period_start"] > pd.Timedelta(days=2 * 366)
    persons = frame["unit"] == "persons"
    scales = {
        ", over several years": frame[persons & long],
        "": frame[persons & ~long],
        " (no persons, so on a scale of their own)": frame[~persons],
    }
    return [
        {
            title + scale: rows[rows["indicator"] == indicator]
            for indicator, title in STAGES.items()
            if indicator in set(rows["indicator"])
        }
        for scale, rows in scales.items()
    ]


def chart(width: int = WIDE) -> alt.Chart:
    """A panel for each stage; counts of one unit, over about a year, share a scale."""
    return alt.vconcat(*[dots(scale, width) for scale in panels()], spacing=24)


def labels(rows: pd.DataFrame) -> pd.Series:
    """Period, reporter, offence, and who was counted where that is narrower than usual."""
    periods = rows.groupby("series")["period"].transform(lambda texts: ", ".join(texts.unique()))
    offence = rows["offence_label"].fillna("Offence not stated")
    officials = rows["population_label"].where(rows["population"] == "officials_as_offenders")
    who = ("nationality: " + rows["citizenship_label"]).fillna(officials.map(lower, "ignore"))
    return label(periods, rows["reported_by_label"], offence + (", " + who).fillna(""))
