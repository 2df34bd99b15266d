"""What the charts share: words for figures, one kind of chart, and the look in light and dark."""

from __future__ import annotations

import re
import textwrap

import altair as alt
import pandas as pd
import vl_convert

import cambodia_tip as tip

WIDE, NARROW = 624, 312
"""Widths in pixels: of a page, and of a phone of 360 pixels without its margins."""

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
TO = "\N{EN DASH}"
LETTER, BOLD, HEADING = 6.8, 8.4, 8.2
"""Pixels that a letter of labels, figures and headings takes in DejaVu Sans, a wide font that
readers may have in place of the others."""


def figures_of(table: str) -> pd.DataFrame:
    """A table of figures with labels, and with the `series` that each figure belongs to."""
    series = tip.observations().set_index("id")["series"]
    frame = tip.load(table, labels=True)
    frame = frame[~of_chapters(frame)]
    return frame.assign(
        series=frame["id"].map(series),
        printed=[printed(row) for _, row in frame.iterrows()],
        period=[period(row) for _, row in frame.iterrows()],
    )


def of_chapters(frame: pd.DataFrame) -> pd.Series:
    """Whether rows are from yearly series: the child labor chapters, which have a chart of their
    own, the human rights reports, or the Factbook."""
    return frame["source_id"].str.startswith(("wfcl-", "hrr-", "factbook-"))


def printed(row: pd.Series) -> str:
    """A figure as its document has it: with its qualifier, or the silence in place of it."""
    if row["obs_status"] in ("not_reported", "not_available"):
        return str(row["obs_status"]).replace("_", " ")
    if row["qualifier"] == "none_known":
        return "none known"
    qualifier = "" if row["qualifier"] == "unqualified" else f"{row['qualifier_label'].lower()} "
    plan = ", planned" if row["obs_status"] == "planned" else ""
    return f"{qualifier}{row['value']:,}{plan}"


def period(row: pd.Series) -> str:
    """The days of a figure in words: a year where it is one, else months."""
    start, end = row["period_start"], row["period_end"]
    if pd.isna(start) and pd.isna(end):
        return "no date"
    if pd.isna(end):
        return f"from {start:%b %Y}"
    if pd.isna(start):
        return f"until {end:%b %Y}"
    if start.year == end.year and (start.month, end.month) != (1, 12):
        return TO.join(dict.fromkeys([f"{start:%b}", f"{end:%b}"])) + f" {end:%Y}"
    if f"{start:%m-%d}" == "01-01" and f"{end:%m-%d}" == "12-31":
        return f"{start:%Y}" if start.year == end.year else f"{start:%Y}{TO}{end:%Y}"
    return f"{start:%b %Y}{TO}{end:%b %Y}"


def lower(text: str) -> str:
    """A label within a sentence."""
    return text[:1].lower() + text[1:]


def label(*parts: pd.Series) -> pd.Series:
    """Parts of a label in one line, which may be broken between words but not before a dot."""
    months = r"\b([A-Z][a-z]{2}) (?=[0-9]{4})"
    together = [part.str.replace(months, "\\1\u00a0", regex=True) for part in parts]
    return together[0].str.cat(together[1:], sep="\u00a0· ")


def wrapped(labels: pd.Series, letters: int) -> list[str]:
    """Labels in lines of so many letters at most."""
    return [textwrap.fill(text, letters, break_on_hyphens=False) for text in labels]


def listed(texts: list[str]) -> str:
    """Texts as one list in words."""
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def dots(panels: dict[str, pd.DataFrame], width: int) -> alt.Chart:
    """Dots on one scale from zero, each row with its label above it and its figure beside it.

    Figures of one series over several periods stand in one row, joined by a
    line; every other figure has a row of its own. A figure that is hedged or
    planned has an open dot, silence has words in place of a dot.

    Args:
        panels: Figures with `label`, in the order in which they are drawn, by
            the title of their panel.
        width: Width of the chart in pixels.
    """
    rows = {title: in_rows(frame, int((width - 16) / LETTER)) for title, frame in panels.items()}
    every = pd.concat(rows.values())
    longest = every["value"].max()
    share = every["end"] / longest
    room = width - every["said"].str.len() * BOLD - 24
    scale = min(width - 12, (room / share)[share > 0].min())  # figures find room beside their dots
    drawn = [_panel(title, frame, longest, scale, width) for title, frame in rows.items()]
    return alt.vconcat(*drawn, spacing=24)


def _panel(
    title: str, rows: pd.DataFrame, longest: float, scale: float, width: int
) -> alt.LayerChart:
    height = rows["y"].max() + 14
    base = alt.Chart(rows).encode(
        x=alt.X(
            "value:Q",
            title=None,
            scale=alt.Scale(domain=[0, longest], nice=False, padding=0),
            axis=alt.Axis(tickCount=4, grid=False),
        ),
        y=alt.Y("y:Q", title=None, scale=scale_down(height), axis=None),
    )
    known = base.transform_filter("isValid(datum.value)")
    last = base.transform_filter("datum.last")
    text = {"align": "left", "lineBreak": "\n"}
    layers = [
        last.mark_text(**text, baseline="top").encode(
            x=alt.value(0), y=alt.Y("top:Q", axis=None), text="label:N"
        ),
        known.mark_rule().encode(x2=alt.datum(0)),
        known.mark_line().encode(detail="row:N", order="order:Q"),
        known.transform_filter("datum.plain").mark_point(filled=True, opacity=1),
        known.transform_filter("!datum.plain").mark_point(opacity=1),
        last.transform_filter("isValid(datum.end)")
        .mark_text(**text, dx=10, style="figure")
        .encode(x="end:Q", text="said:N"),
        last.transform_filter("!isValid(datum.end)")
        .mark_text(**text, style="silence")
        .encode(x=alt.value(0), text="said:N"),
    ]
    heading = alt.Title(textwrap.wrap(title, int(width / HEADING)))
    return alt.layer(*layers).properties(title=heading, width=scale, height=height)


def in_rows(frame: pd.DataFrame, letters: int) -> pd.DataFrame:
    """Where each figure stands, and what is written at its row."""
    series = frame.groupby("series")
    joined = (series["period"].transform("nunique") > 1) & frame["period_start"].notna()
    rows = frame.assign(
        row=frame["series"].where(joined, frame["id"]),
        value=frame["value"].astype(float),
        order=range(len(frame)),
        plain=(frame["qualifier"] == "unqualified") & (frame["obs_status"] == "reported"),
        label=wrapped(frame["label"], letters),
        said=frame["printed"],
    )
    of_row = rows.groupby("row", sort=False)
    rows["said"] = of_row["said"].transform(" → ".join)
    rows["end"] = of_row["value"].transform("max")
    rows["last"] = ~rows["row"].duplicated(keep="last")
    rows = rows.join(below_labels(of_row["label"].first()), on="row")
    return rows["id row value order plain label said end last top y".split()]


def below_labels(labels: pd.Series) -> pd.DataFrame:
    """For rows with labels of one or more lines, where each label begins and its mark stands."""
    heights = 15 * (1 + labels.str.count("\n"))
    y = (heights + 26).cumsum() - 14.0
    return pd.DataFrame({"top": y - heights - 8, "y": y}, index=labels.index)


def scale_down(height: float) -> alt.Scale:
    """A scale on which a number is as many pixels from the top."""
    return alt.Scale(domain=[0, height], reverse=True, nice=False, padding=0)


def svg(
    chart: alt.Chart,
    *,
    width: int = WIDE,
    dark: bool = False,
    background: str = "transparent",
) -> str:
    """Draw a chart for a light or a dark page, as wide as it was made for.

    Vega-Lite ends a chart where its texts end in the font that it measures them with; in the
    font of a reader they may be wider.
    """
    spec = chart.to_dict() | {"config": look(dark=dark) | {"background": background}}
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=version)
    measured = float(re.search(r'width="([\d.]+)"', drawn)[1])
    if measured >= width:
        return drawn
    old, new = f"{measured:g}", f"{width:g}"
    head, start, rest = drawn.partition("<g ")
    head = head.replace(f'width="{old}"', f'width="{new}"')
    return head.replace(f'viewBox="0 0 {old} ', f'viewBox="0 0 {new} ') + start + rest


def look(*, dark: bool) -> dict:
    """The look as a configuration of Vega-Lite; colours after Okabe and Ito."""
    text, muted, grid = (
        ("#ced6dd", "#9ca4af", "#48566b") if dark else ("#222832", "#48566b", "#d1d5da")
    )
    first, second = ("#56b4e9", "#e69f00") if dark else ("#0072b2", "#d55e00")
    label = {"labelColor": text, "labelFontSize": 12, "titleColor": muted, "titleFontSize": 12}
    axis = {"domainColor": muted, "gridColor": grid, "ticks": False, "titleFontWeight": "normal"}
    lines = {"lineHeight": 16, "subtitleLineHeight": 16}
    heading = {"anchor": "start", "color": text, "fontSize": 13, "subtitleColor": muted}
    return {
        "font": FONT,
        "padding": 2,
        "view": {"stroke": None},
        "axis": label | axis | {"labelLimit": 400, "labelPadding": 6},
        "header": label | {"labelAnchor": "start", "titleAnchor": "start", "labelLimit": 400},
        "legend": label | {"labelLimit": 0, "symbolStrokeWidth": 2},
        "title": heading | {"frame": "group", "offset": 8, "subtitleFontSize": 12} | lines,
        "range": {"category": [first, second, second, muted]},
        "mark": {"color": first},
        "line": {"strokeWidth": 2},
        "point": {"size": 90, "strokeWidth": 2},
        "rule": {"color": grid, "strokeWidth": 2},
        "text": {"color": text, "fontSize": 12},
        "style": {
            "figure": {"fontWeight": "bold"},
            "silence": {"fontStyle": "italic"},
            "note": {"color": muted},
        },
    }
