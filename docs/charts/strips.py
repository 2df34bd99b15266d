"""One strip for each thing that is counted, with time from left to right.

A mark is at the middle of its period, and its height is the square root of its value: so 5 is
above the line on which 0 stands, beside 150. Where the period is not one calendar year, a line
through the mark shows it. Marks that would lie on each other give way. A number is written whole,
with what qualifies it, where nothing else is; if that is not beside its mark, a thin line leads to
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from drawing import (
    BOLD,
    LINE,
    NARROW,
    REPORTERS,
    UNDATED,
    Box,
    Drawing,
    Element,
    Scale,
    fraction,
    legend,
    line,
    link,
    moved,
    node,
    shape,
    short,
    stacked,
    write,
    write_lines,
    year_labels,
    years_scale,
)

MARK, LEVEL = 11, 17
"""Pixels that a mark takes, and a number on another."""
COLUMNS = "id name period_start period_end value printed shape gap hollow earlier".split()
HEIGHTS = (90, 120, 150, 190, 240)
"""Of a strip, which takes the first in which all numbers find a place."""
APART, ZONE = 32, 56
"""Pixels between the years and what has no date, and for it."""
AXIS = "Each strip has a scale of its own. Heights are square roots, so small numbers show."

Segment = tuple[float, float, float, float]


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
    right = width - (APART + ZONE if undated(every) else 8)
    x = years_scale(first, last, 8, right)
    drawn = [stacked([key(every, width), write_lines(AXIS, 0, 0, width, "muted")], 2)]
    for title, rows in panels.items():
        heading = write_lines(title, 0, 0, width, "bold")
        drawn.append(stacked([heading, strip(rows, x, (first, last), width)]))
    return stacked(drawn, 18)


def tallies(panels: dict[str, pd.DataFrame], names: float, width: float) -> Drawing:
    """Numbers in the middle of their periods, without heights: a row for each thing counted.

    Args:
        panels: Dated observations as `drawing.with_words` makes them, by what is counted.
        names: Pixels for the names of the rows, which on a phone are above them.
        width: Width of the chart in pixels.
    """
    wide = width > NARROW
    every = pd.concat(panels.values())
    ends = every["period_end"].dt.year
    first, last = int(ends.min()), int(ends.max())
    x = years_scale(first, last, names if wide else 4, width)
    years = Drawing(year_labels(first, last, x, 12), 16)
    drawn = [key(every, width), years]
    for title, rows in panels.items():
        numbers, base = tally(in_order(rows), x, width)
        label = write_lines(title, 0, 0, names - 8 if wide else width)
        height = max(base, label.height + 4 if wide else 0)
        body = [moved(numbers, height - base), line(x(first), height, x(last + 1), height, "grid")]
        if wide:
            drawn.append(Drawing([moved(label.elements, height - label.height), *body], height))
        else:
            drawn.append(stacked([label, Drawing(body, height)]))
    return stacked([*drawn, years], 6)


def undated(rows: pd.DataFrame) -> bool:
    """Whether a document gives no date for one of these."""
    return bool((rows["period_start"].isna() & rows["period_end"].isna()).any())


def key(rows: pd.DataFrame, width: float) -> Drawing:
    """What the marks of these rows mean."""
    plain = rows[~rows["gap"] & ~rows["earlier"]]
    used = [name for name in REPORTERS if name in set(plain["shape"])]
    entries = [(shape(name, 0, 0), REPORTERS[name]) for name in used]
    if rows["hollow"].any():
        entries.append((shape("circle", 0, 0, "hollow"), "Hollow: a bound, an estimate or a plan"))
    if rows["earlier"].any():
        entries.append((shape("square", 0, 0, "earlier"), "Revised or redefined later"))
    if rows["gap"].any():
        entries.append((shape("cross", 0, 0, "gap"), "Said to be not reported or not available"))
    return legend(entries, width)


def strip(rows: pd.DataFrame, x: Scale, years: tuple[int, int], width: float) -> Drawing:
    """The marks of one strip, over its years."""
    points = in_order(rows)
    right = x(years[1] + 1)
    if not rows["value"].max() > 0:
        drawn, base = tally(points, x, width)
    else:
        pairs = following(rows)
        edge = width if width - right > APART else right
        for height in HEIGHTS:
            base = height + 8.0
            drawn, is_complete = marks(points, pairs, x, base, (width, edge))
            if is_complete:
                break
    below = year_labels(*years, x, base + LINE + 2)
    if undated(rows):
        start = width - ZONE
        below += [
            line(start - APART / 2, base - 30, start - APART / 2, base + LINE, "grid"),
            line(start, base, width, base, "base"),
            write(UNDATED, width - ZONE / 2, base + LINE + 2, "muted", "middle"),
        ]
    return Drawing([*ground(x, years, base), *drawn, *below], base + LINE + 6)


def in_order(rows: pd.DataFrame) -> list[Any]:
    """The figures in the order in which they find their places."""
    ordered = rows.sort_values(["period_end", "earlier", "value", "id"], na_position="last")
    return list(ordered[COLUMNS].itertuples(index=False))


def ground(x: Scale, years: tuple[int, int], base: float) -> list[Element]:
    """The line on which marks stand, with the ends of years."""
    ticks = "".join(f"M{short(x(year))},{base:g}v4" for year in range(years[0], years[1] + 2))
    axis = f"M{short(x(years[0]))},{base:g}H{short(x(years[1] + 1))}"
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
    edges: tuple[float, float],
) -> tuple[list[Element], bool]:
    """Marks, their periods and numbers, and whether all found a place.

    Args:
        points: The figures, those first that choose their places first.
        pairs: Ids of figures that a line joins.
        x: Where a year stands.
        base: Where zero stands.
        edges: The width of the chart, and where numbers end.
    """
    width, edge = edges
    most = max((row.value for row in points if not row.gap), default=0)
    taken: list[Box] = []
    spots: dict[str, tuple[float, float]] = {}
    spans: list[Segment] = []
    is_complete = True
    for row in points:
        start, end = ends(row, x, width)
        share = (row.value / most) ** 0.5 if row.value > 0 else 0
        middle = ((start + end) / 2, base - share * (base - 8 - LINE))
        found = free(middle, taken, width)
        is_complete &= found is not None
        spots[row.id] = at = found or middle
        taken.append(around(*at))
        if not is_year(row):
            spans.append((start, at[1], end, at[1]))
    lines = [(*spots[one], *spots[other]) for one, other in pairs]
    obstacles = [*spans, *lines]
    drawn: list[Element] = []
    for row in points:
        at = spots[row.id]
        content = [mark_of(row, *at)]
        if not row.gap:
            others = [box for box in taken if box != around(*at)]
            place = labeled(row.printed, at, others, obstacles, (edge, base))
            is_complete &= place.is_free
            taken.append(place.box)
            obstacles += place.leader
            content.append(place.number)
        drawn.append(link(row.id, row.name, *content))
    looks = ["span"] * len(spans) + ["joined"] * len(lines)
    looks += ["leader"] * (len(obstacles) - len(looks))
    paths = [line(*each, look) for each, look in zip(obstacles, looks, strict=True)]
    return [*paths, *drawn], is_complete


def ends(row: Any, x: Scale, width: float) -> tuple[float, float]:
    """Where the period of a row begins and ends; what has no date stands at the right."""
    if pd.isna(row.period_start) and pd.isna(row.period_end):
        return width - ZONE / 2, width - ZONE / 2
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


class Placed(NamedTuple):
    """A number, what it takes, the line that leads to it, and whether nothing else is there."""

    number: Element
    box: Box
    leader: list[Segment]
    is_free: bool


def labeled(
    text: str,
    at: tuple[float, float],
    taken: list[Box],
    lines: list[Segment],
    edges: tuple[float, float],
) -> Placed:
    """A number at the nearest place where nothing else is.

    Args:
        text: The number as it is printed.
        at: Where its mark is.
        taken: Where other marks and numbers are.
        lines: Lines that a number may not lie on.
        edges: How far right and down a number may go.
    """
    long = len(text) * BOLD
    own = around(*at)
    first = None
    for anchor, left, bottom, is_far in places(*at):
        start = left - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
        box = Box(start - 2, bottom - 11, start + long + 2, bottom + 3)
        middle = min(max(at[0], start), start + long)
        foot = bottom + 2 if bottom < at[1] else bottom - 11
        leader = [(*at, middle, foot)] if is_far else []
        is_inside = box.left >= -3 and box.top >= -6
        is_inside &= box.right <= edges[0] + 3 and box.bottom <= edges[1]
        is_free = not any(map(box.hits, [own, *taken]))
        is_free &= not any(crosses(each, box) for each in lines)
        is_free &= not any(crosses(each, box) for each in leader for box in taken)
        found = Placed(write(text, left, bottom, "bold", anchor), box, leader, is_free)
        if is_inside and is_free:
            return found
        first = first or found
    return first._replace(is_free=False)


def places(x: float, y: float) -> Iterator[tuple[str, float, float, bool]]:
    """Places for a number, the best first: anchor, side, line, and whether it is far."""
    yield "middle", x, y - 9, False
    yield "start", x + 9, y + 5, False
    yield "end", x - 9, y + 5, False
    yield "start", x - 5, y - 9, False
    yield "end", x + 5, y - 9, False
    yield "middle", x, y + 18, False
    for away in range(1, 9):
        for anchor, aside in (
            ("middle", 0),
            ("start", 8),
            ("end", -8),
            ("start", 24),
            ("end", -24),
        ):
            yield anchor, x + aside, y - 11 - away * 9, True
            yield anchor, x + aside, y + 19 + away * 9, True


def crosses(segment: Segment, box: Box) -> bool:
    """Whether a line runs through a box."""
    x1, y1, x2, y2 = segment
    steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) / 2))
    return any(
        box.left < x1 + (x2 - x1) * n / steps < box.right
        and box.top < y1 + (y2 - y1) * n / steps < box.bottom
        for n in range(steps + 1)
    )


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
