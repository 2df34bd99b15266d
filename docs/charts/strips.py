"""One strip for each thing that is counted, with time from left to right.

A mark is at the middle of its period and as high as its value. Where the period is not one
calendar year, a line through the mark shows it. Marks that would lie on each other give way.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from drawing import (
    BOLD,
    LINE,
    REPORTERS,
    UNDATED,
    Drawing,
    Element,
    Scale,
    fraction,
    legend,
    line,
    link,
    node,
    shape,
    stacked,
    write,
    write_lines,
    year_labels,
    years_scale,
)

MARK, LEVEL = 11, 17
"""Pixels that a mark takes, and a number on another."""
COLUMNS = "id name period_start period_end value printed shape gap hollow earlier".split()
TRIES = [(48, False), (64, False), (88, False), (64, True), (120, True), (160, True), (220, True)]
"""Heights of a strip, of which it takes the first in which all numbers find a place; and whether a
bound may be a bare number, since its mark is hollow."""


class Box(NamedTuple):
    """What is taken by a mark or a number."""

    left: float
    top: float
    right: float
    bottom: float

    def hits(self, other: Box) -> bool:
        """Whether two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def strips(panels: dict[str, pd.DataFrame], width: float) -> Drawing:
    """Strips on the same years, with what their shapes mean above them.

    Args:
        panels: Observations as `drawing.with_words` makes them, by what is counted. Those with
            `earlier` were changed by a later document.
        width: Width of the chart in pixels.
    """
    every = pd.concat(panels.values())
    days = pd.concat([every["period_start"], every["period_end"]]).dropna()
    first, last = days.min().year, days.max().year
    undated = bool((every["period_start"].isna() & every["period_end"].isna()).any())
    right = width - (70 if undated else 8)
    x = years_scale(first, last, 8, right)
    drawn = [key(every, width)]
    for title, rows in panels.items():
        heading = write_lines(title, 0, 0, width, "bold")
        drawn.append(stacked([heading, strip(rows, x, (first, last), width, undated=undated)]))
    return stacked(drawn, 18)


def key(rows: pd.DataFrame, width: float) -> Drawing:
    """What the marks of these rows mean."""
    plain = rows[~rows["gap"] & ~rows["earlier"]]
    used = [name for name in REPORTERS if name in set(plain["shape"])]
    entries = [(shape(name, 0, 0), REPORTERS[name]) for name in used]
    if rows["hollow"].any():
        entries.append((shape("circle", 0, 0, "hollow"), "Hollow: a bound, an estimate or a plan"))
    if rows["earlier"].any():
        entries.append((shape("square", 0, 0, "earlier"), "Changed by a later chapter"))
    if rows["gap"].any():
        entries.append((shape("cross", 0, 0, "gap"), "Said to be not reported or not available"))
    return legend(entries, width)


def strip(
    rows: pd.DataFrame, x: Scale, years: tuple[int, int], width: float, *, undated: bool
) -> Drawing:
    """The marks of one strip, over its years."""
    points = in_order(rows)
    if not rows["value"].max() > 0:
        drawn, base = tally(points, x, width)
    else:
        pairs = following(rows)
        for height, brief in TRIES:
            base = height + 8.0
            drawn, complete = marks(points, pairs, x, base, height, width, brief=brief)
            if complete:
                break
    below = year_labels(*years, x, base + LINE + 2)
    if undated:
        below.append(write(UNDATED, width, base + LINE + 2, "muted", "end"))
    return Drawing([*ground(x, years, base), *drawn, *below], base + LINE + 6)


def in_order(rows: pd.DataFrame) -> list[Any]:
    """The figures in the order in which they find their places."""
    ordered = rows.sort_values(["period_end", "earlier", "value", "id"], na_position="last")
    return list(ordered[COLUMNS].itertuples(index=False))


def ground(x: Scale, years: tuple[int, int], base: float) -> list[Element]:
    """The line on which marks stand, with the ends of years."""
    ticks = "".join(f"M{x(year):.1f},{base:g}v4" for year in range(years[0], years[1] + 2))
    axis = f"M{x(years[0]):.1f},{base:g}H{x(years[1] + 1):.1f}"
    return [node("path", class_="base", d=axis + ticks)]


def tally(points: list[Any], x: Scale, width: float) -> tuple[list[Element], float]:
    """Marks with their numbers where heights say nothing: on top of each other, in no scale.

    Returns:
        The elements, and where the line under them is.
    """
    levels: list[list[Box]] = []
    placed = []
    for row in points:
        start, end = ends(row, x, width)
        at, long = (start + end) / 2, 0 if row.gap else len(row.printed) * BOLD + 4
        leftward = at + 8 + long > width
        box = Box(at - 8 - long * leftward, 0, at + 8 + long * (not leftward), 1)
        level = next(
            (n for n, row in enumerate(levels) if not any(map(box.hits, row))), len(levels)
        )
        levels[level:] = levels[level:] or [[]]
        levels[level].append(box)
        placed.append((row, at, level, leftward))
    base = len(levels) * LEVEL + 4.0
    drawn = []
    for row, at, level, leftward in placed:
        y = base - 9 - level * LEVEL
        content = [mark_of(row, at, y)]
        if not row.gap:
            side, anchor = (-9, "end") if leftward else (9, "start")
            content.append(write(row.printed, at + side, y + 5, "bold", anchor))
        drawn.append(link(row.id, row.name, *content))
    return drawn, base


def mark_of(row: Any, x: float, y: float) -> Element:
    """The mark of a figure: its shape is its reporter, and its look how far it goes."""
    if row.gap:
        return shape("cross", x, y, "gap")
    if row.earlier:
        return shape(row.shape, x, y, "earlier")
    return shape(row.shape, x, y, "hollow" if row.hollow else "")


def marks(
    points: list[Any],
    pairs: list[tuple[str, str]],
    x: Scale,
    base: float,
    height: float,
    width: float,
    *,
    brief: bool,
) -> tuple[list[Element], bool]:
    """Marks, their periods and numbers, and whether all found a place."""
    most = max((row.value for row in points if not row.gap), default=0)
    taken: list[Box] = []
    spots: dict[str, tuple[float, float]] = {}
    spans: list[Element] = []
    complete = True
    for row in points:
        start, end = ends(row, x, width)
        y = base - (row.value / most * (height - LINE) if row.value > 0 else 0)
        middle = ((start + end) / 2, y)
        found = free(middle, taken, width)
        complete &= found is not None
        spots[row.id] = at = found or middle
        taken.append(around(*at))
        if not is_year(row):
            spans.append(line(start, at[1], end, at[1], "span"))
    drawn: list[Element] = []
    for row in points:
        at = spots[row.id]
        content = [mark_of(row, *at)]
        if not row.gap:
            number, box = labeled(row.printed, at, taken, width, base)
            if number is None and brief:
                number, box = labeled(f"{row.value:,.10g}", at, taken, width, base)
            complete &= number is not None
            if number is not None:
                taken.append(box)
                content.append(number)
        drawn.append(link(row.id, row.name, *content))
    lines = [line(*spots[one], *spots[other], "joined") for one, other in pairs]
    return [*spans, *lines, *drawn], complete


def ends(row: Any, x: Scale, width: float) -> tuple[float, float]:
    """Where the period of a row begins and ends; what has no date stands at the right."""
    if pd.isna(row.period_start) and pd.isna(row.period_end):
        return width - 26.0, width - 26.0
    end = x(fraction(row.period_end, end=True)) if pd.notna(row.period_end) else None
    start = x(fraction(row.period_start)) if pd.notna(row.period_start) else None
    return (end if start is None else start, start if end is None else end)


def is_year(row: Any) -> bool:
    """Whether a period is what its place shows anyway: a calendar year, or nothing."""
    start, end = row.period_start, row.period_end
    if pd.isna(start) or pd.isna(end):
        return True
    return start.day_of_year == 1 and (end.month, end.day, end.year) == (12, 31, start.year)


def around(x: float, y: float) -> Box:
    """What a mark takes."""
    half = MARK / 2
    return Box(x - half, y - half, x + half, y + half)


def free(at: tuple[float, float], taken: list[Box], width: float) -> tuple[float, float] | None:
    """A place for a mark at its height, or less than half a mark off, where no other is."""
    x, y = at
    for up in (0, 4):
        for aside in (0, 6, -6, MARK, -MARK):
            box = around(x + aside, y - up)
            if box.left >= 0 and box.right <= width and not any(map(box.hits, taken)):
                return x + aside, y - up
    return None


def labeled(
    text: str, at: tuple[float, float], taken: list[Box], width: float, base: float
) -> tuple[Element, Box] | tuple[None, None]:
    """A number at its mark where it lies on nothing else."""
    x, y = at
    long = len(text) * BOLD
    places = [
        ("middle", x, y - 9),
        ("start", x + 9, y + 5),
        ("end", x - 9, y + 5),
        ("start", x - 5, y - 9),
        ("end", x + 5, y - 9),
        ("middle", x, y + 18),
    ]
    boxes = []
    for anchor, left, bottom in places:
        start = left - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
        box = Box(start, bottom - 11, start + long, bottom + 2)
        inside = box.left >= -1 and box.right <= width + 1 and box.top >= -4 and bottom <= base + 6
        if inside and not any(map(box.hits, taken)):
            boxes.append((write(text, left, bottom, "bold", anchor), box))
    clear = [found for found in boxes if found[1].bottom < base]
    return (clear or boxes or [(None, None)])[0]


def following(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Figures that a line joins: of one series, with periods that follow each other at once."""
    plain = rows[~rows["gap"] & ~rows["earlier"]].dropna(subset=["period_start", "period_end"])
    pairs = []
    for _, group in plain.groupby("series", sort=False):
        ordered = group.sort_values("period_start")[["id", "period_start", "period_end"]]
        for one, other in pairwise(ordered.itertuples(index=False)):
            if other.period_start - one.period_end == pd.Timedelta(days=1):
                pairs.append((one.id, other.id))
    return pairs
