"""What the charts share: parts of SVG, a scale of years, shapes for reporters, and words for
figures.

A chart is a list of SVG elements that are placed in pixels. Its colors are classes, which
``_static/charts.css`` gives a look on light and dark pages, in print, and in files.
"""

from __future__ import annotations

import copy
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree

import pandas as pd

import cambodia_tip as tip

Element = ElementTree.Element
Scale = Callable[[float], float]

WIDE, NARROW = 760, 340
"""Widths in pixels: of a page, and of a phone."""
LETTER, BOLD = 7.6, 9.0
"""Pixels that a letter takes in DejaVu Sans, a wide font that readers may have."""
LINE = 17
ANCHORS = {"start": "", "middle": "mid", "end": "end"}
"""Classes of words by where they are held."""
TO = "\N{EN DASH}"
SILENT = ("not_reported", "not_available")
UNDATED = "no date"
TARGET = 28
"""Pixels of a drawing that a finger or a pointer gets for a mark: 24 on the page of a phone, which
shows the drawing smaller."""

SHAPES = {
    "circle": (-5, 0, "a5,5 0 1,0 10,0a5,5 0 1,0-10,0"),
    "square": (-4.5, -4.5, "h9v9h-9z"),
    "triangle": (0, -6, "l5.5,10h-11z"),
    "diamond": (0, -6.5, "l6,6.5l-6,6.5l-6-6.5z"),
    "cross": (-4, -4, "l8,8m-8,0l8-8"),
}
"""Where the outline of a mark begins, seen from its middle, and how it goes on."""
REPORTERS = {
    "circle": "Cambodian government, police or courts",
    "square": "U.S. government",
    "triangle": "NGO or UN program",
    "diamond": "Several named together",
}
OF_KIND = {
    "non_governmental_organization": "triangle",
    "not_stated": "triangle",
    "joint": "diamond",
}


class Box(NamedTuple):
    """What is taken by a mark or by words."""

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


class Drawing(NamedTuple):
    """Elements of a chart, and how high it is."""

    elements: list[Element]
    height: float


def short(number: float) -> str:
    """A number of pixels with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def node(tag: str, *children: Element | str, **attributes: object) -> Element:
    """An SVG element; a trailing underscore of an attribute is dropped, others are hyphens."""
    named = {
        name.rstrip("_").replace("_", "-"): short(value) if isinstance(value, float) else str(value)
        for name, value in attributes.items()
    }
    if "viewbox" in named:
        named["viewBox"] = named.pop("viewbox")
    made = Element(tag, named)
    for child in children:
        if isinstance(child, str):
            made.text = child
        else:
            made.append(child)
    return made


def write(text: str, x: float, y: float, look: str = "", anchor: str = "start") -> Element:
    """A line of text: `look` is ``bold``, ``muted`` or both."""
    classes = f"{look} {ANCHORS[anchor]}".strip()
    made = looking("text", classes, x=float(x), y=float(y))
    made.text = text
    return made


def write_lines(text: str, x: float, y: float, width: float, look: str = "") -> Drawing:
    """Text in as many lines as it takes."""
    letter = BOLD if "bold" in look else LETTER
    lines = textwrap.wrap(text, int(width / letter), break_on_hyphens=False)
    written = [write(line, x, y + LINE * (n + 1) - 4, look) for n, line in enumerate(lines)]
    return Drawing(written, LINE * len(lines))


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> Element:
    """A straight line."""
    return node("path", class_=look, d=f"M{short(x1)},{short(y1)}L{short(x2)},{short(y2)}")


def shape(name: str, x: float, y: float, look: str = "") -> Element:
    """A mark, which is full unless `look` is ``hollow``, ``gap``, ``earlier`` or ``small``."""
    left, up, outline = SHAPES[name]
    return looking("path", look, d=f"M{short(x + left)},{short(y + up)}{outline}")


def bar(x: float, y: float, width: float, height: float, look: str = "") -> Element:
    """A bar, which is full unless `look` is ``hollow`` or ``broken``."""
    return looking("rect", look, x=float(x), y=float(y), width=float(width), height=float(height))


def looking(tag: str, look: str, **attributes: object) -> Element:
    """An element with the look of its class; marks are many, and most have none."""
    return node(tag, **({"class_": look} if look else {}), **attributes)


def link(row: str, name: str, *content: Element) -> Element:
    """What leads to the page of a record; the name is shown by a pointer and read aloud."""
    return node("a", node("title", name), *content, href=f"r/{row}.html")


def moved(elements: Iterable[Element], y: float, x: float = 0) -> Element:
    """Elements at another place."""
    place = {"transform": f"translate({x:g},{y:g})"} if x or y else {}
    return node("g", *elements, **place)


def stacked(drawings: Iterable[Drawing], gap: float = 0) -> Drawing:
    """Drawings below each other."""
    placed, top = [], 0.0
    for drawing in drawings:
        placed.append(moved(drawing.elements, top))
        top += drawing.height + gap
    return Drawing(placed, top - gap)


def legend(entries: Iterable[tuple[Element, str]], width: float) -> Drawing:
    """Marks with what they mean, in lines; each mark is drawn around zero."""
    placed: list[Element] = []
    x, y = 0.0, 12.0
    for mark, text in entries:
        needed = 20 + len(text) * LETTER
        if x and x + needed > width:
            x, y = 0.0, y + LINE + 3
        placed += [moved([mark], y - 4, x + 7), write(text, x + 18, y)]
        x += needed + 14
    return Drawing(placed, y + 12)


def years_scale(first: int, last: int, left: float, right: float) -> Scale:
    """Where a year and its fraction stand."""
    return lambda year: left + (year - first) / (last + 1 - first) * (right - left)


def labeled_years(first: int, last: int, x: Scale) -> list[int]:
    """The years that are written: all of them, or as many as find room."""
    room = x(first + 1) - x(first)
    step = next(step for step in (1, 2, 5, 10) if room * step > 4 * LETTER + 16)
    return [year for year in range(first, last + 1) if year % step == 0]


def year_labels(first: int, last: int, x: Scale, y: float) -> list[Element]:
    """Years in the middle of their space."""
    latest = x(last + 1) - 2.3 * LETTER
    return [
        write(str(year), min(x(year + 0.5), latest), y, "muted", "middle")
        for year in labeled_years(first, last, x)
    ]


def fraction(day: pd.Timestamp, *, end: bool = False) -> float:
    """A day as a year and its fraction; the end of it if it closes a period."""
    return day.year + (day.day_of_year - (not end)) / (366 if day.is_leap_year else 365)


def svg(drawing: Drawing, width: float, name: str) -> str:
    """Elements as the SVG of a page, where styles of the page hold."""
    made = node(
        "svg",
        *copy.deepcopy(drawing.elements),
        class_="wide" if width > NARROW else "narrow",
        viewbox=f"0 0 {width:g} {drawing.height:g}",
        role="group",
        aria_label=name,
    )
    add_targets(made)
    return ElementTree.tostring(made, encoding="unicode").replace(" />", "/>")


def add_targets(svg: Element) -> None:
    """Give each mark room for a finger, up to halfway to its neighbors."""
    marks = list(_placed_marks(svg))
    for here, box, aside, down in marks:
        room = _widened(box)
        left, top, right, bottom = room
        for other, beside, _, _ in marks:
            if other is here or not room.hits(_widened(beside)):
                continue
            across = max(beside.left - box.right, box.left - beside.right)
            along = max(beside.top - box.bottom, box.top - beside.bottom)
            if across >= along and beside.left + beside.right > box.left + box.right:
                right = min(right, (box.right + beside.left) / 2)
            elif across >= along:
                left = max(left, (box.left + beside.right) / 2)
            elif beside.top + beside.bottom > box.top + box.bottom:
                bottom = min(bottom, (box.bottom + beside.top) / 2)
            else:
                top = max(top, (box.top + beside.bottom) / 2)
        wide, high = max(right - left, 1), max(bottom - top, 1)
        path = f"M{left - aside:.0f},{top - down:.0f}h{wide:.0f}v{high:.0f}h-{wide:.0f}z"
        here.append(node("path", d=path))


def _widened(box: Box) -> Box:
    """A box that is at least as wide and high as a target."""
    across = max(0.0, TARGET - (box.right - box.left)) / 2
    down = max(0.0, TARGET - (box.bottom - box.top)) / 2
    return Box(box.left - across, box.top - down, box.right + across, box.bottom + down)


def _placed_marks(
    element: Element, aside: float = 0, down: float = 0
) -> Iterator[tuple[Element, Box, float, float]]:
    """Each link with the box of its mark in the whole drawing, and how far its group is moved."""
    if moves := re.match(r"translate\(([^,]+),([^)]+)\)", element.get("transform", "")):
        aside, down = aside + float(moves[1]), down + float(moves[2])
    if element.tag != "a":
        for child in element:
            yield from _placed_marks(child, aside, down)
        return
    block, path = element.find("rect"), element.find("path")
    if block is not None:
        x, y, wide, high = (float(block.attrib[name]) for name in ("x", "y", "width", "height"))
        box = Box(x + aside, y + down, x + wide + aside, y + high + down)
    elif path is not None:
        start, outline = re.match(r"M([-\d.]+,[-\d.]+)(.*)", path.attrib["d"]).groups()
        left, up, _ = next(found for found in SHAPES.values() if found[2] == outline)
        x, y = (float(number) for number in start.split(","))
        x, y = x - left + aside, y - up + down
        box = Box(x - 5.5, y - 5.5, x + 5.5, y + 5.5)
    yield element, box, aside, down


def standalone(
    drawing: Drawing, heads: Iterable[str], feet: Iterable[str], style: str, width: float = WIDE
) -> str:
    """Elements as a file, with a title, a second line, and where the figures are from."""
    title, *others = heads
    parts = [write_lines(title, 0, 0, width, "bold title")]
    parts += [write_lines(text, 0, 0, width, "muted") for text in others]
    body = Drawing([node("g", *_unlinked(drawing.elements))], drawing.height)
    notes = [write_lines(text, 0, 0, width, "muted") for text in feet]
    whole = stacked([*parts, Drawing([], 4), body, Drawing([], 4), *notes], 2)
    edge = 20
    full_width, height = width + 2 * edge, whole.height + 2 * edge
    made = node(
        "svg",
        node("title", title),
        node("style", style),
        node("rect", class_="ground", width="100%", height="100%"),
        moved(whole.elements, edge, edge),
        xmlns="http://www.w3.org/2000/svg",
        viewbox=f"0 0 {full_width:g} {height:g}",
        width=f"{full_width:g}",
        height=f"{height:g}",
    )
    return ElementTree.tostring(made, encoding="unicode")


def _unlinked(elements: Iterable[Element]) -> list[Element]:
    """A copy without links, which lead nowhere from a file that is sent around."""
    copies = []
    for element in elements:
        is_link = element.tag == "a"
        copy = Element("g", {} if is_link else element.attrib)
        copy.tag = "g" if is_link else element.tag
        copy.text = element.text
        copy.extend(_unlinked(element))
        copies.append(copy)
    return copies


def with_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Observations with `printed`, `period`, `name` and the `shape` of their reporter."""
    kinds = tip.load("organizations").set_index("id")[["kind", "country"]]
    joined = frame.join(kinds, on="reported_by")
    shapes = joined["kind"].astype(object).map(OF_KIND).fillna("circle")
    american = joined["reported_by"].str.startswith("us-")
    frame = frame.assign(
        printed=[printed(row) for row in frame.to_dict("records")],
        period=[period(row) for row in frame.to_dict("records")],
        shape=shapes.mask(american, "square"),
        value=frame["obs_value"].astype(float),
        gap=frame["obs_status"].isin(SILENT),
        hollow=(frame["qualifier"] != "unqualified") | (frame["obs_status"] == "planned"),
        earlier=frame["obs_value"].notna() & ~frame["is_latest"],
    )
    offense = [f", {lower(label)}" if pd.notna(label) else "" for label in frame["offence_label"]]
    frame["name"] = (
        frame["indicator_label"].astype(str)
        + offense
        + ", "
        + frame["period"]
        + ": "
        + frame["printed"]
        + ". Reported by: "
        + frame["reported_by_label"].astype(str).str.replace("United States", "U.S.")
    )
    return frame


def without_repeats(frame: pd.DataFrame) -> pd.DataFrame:
    """Observations without those that a later document of the same series repeats."""
    restated = tip.load("restatements")
    repeated = restated.loc[restated["kind"] == "repeated", "earlier"]
    return frame[~frame["id"].isin(repeated)]


def first_of(frame: pd.DataFrame, cell: list[str]) -> pd.DataFrame:
    """One row for each cell, whose name says how many records the cell has."""
    size = frame.groupby(cell)["id"].transform("size")
    more = size.map(lambda number: f" (first of {number} records)" if number > 1 else "")
    return frame.assign(name=frame["name"] + more).drop_duplicates(cell)


def printed(row: dict) -> str:
    """A figure as its document has it: with its qualifier, or with its gap."""
    if row["obs_status"] in SILENT:
        return str(row["obs_status"]).replace("_", " ")
    if row["qualifier"] == "none_known":
        return "none known"
    words = "" if row["qualifier"] == "unqualified" else f"{lower(row['qualifier_label'])} "
    plan = ", planned" if row["obs_status"] == "planned" else ""
    return f"{words}{row['obs_value']:,.10g}{plan}"


def period(row: dict) -> str:
    """The days of a figure in words: a year where it is one, else months."""
    start, end = row["period_start"], row["period_end"]
    if pd.isna(start) and pd.isna(end):
        return UNDATED
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
    return text if re.match("[A-Z]{2}", text) else text[:1].lower() + text[1:]


def listed(texts: Iterable[str]) -> str:
    """Texts as one list in words."""
    every = list(texts)
    return " and ".join(filter(None, [", ".join(every[:-1]), *every[-1:]]))


def spans(years: Iterable[int]) -> str:
    """Years in a row as one span."""
    numbers = pd.Series(sorted(set(map(int, years))))
    runs = numbers.groupby(numbers - numbers.index).agg(["min", "max"])
    return listed(f"{a}" if a == b else f"{a} to {b}" for a, b in runs.itertuples(index=False))
