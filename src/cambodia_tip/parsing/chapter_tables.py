"""Read the rows of a table from lines that keep the columns of the printed page.

The words of a cell stand under each other, so the columns are measured on each page: where most
lines have a gap. A cell goes on over several lines; what starts a row depends on the table and is
told by its first column head.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate, chain, takewhile
from typing import NamedTuple

_HEADS = {
    "Children", "Age", "Percent", "Sector/Industry", "Activity", "Convention", "Ratification",
    "Standard", "Yes/No", "Meets International", "Standards: Yes/No", "Meets", "International",
    "Standards", "Legislation", "Related Legislation", "Organization/Agency", "Role",
    "Coordinating Body", "Coordinating", "Body", "Role & Description", "Role and Description",
    "Policy", "Program", "Description", "Area", "Suggested Action", "Year(s) Suggested", "Year(s)",
    "Suggested", "Overview of Labor Law Enforcement", "Overview of Criminal Law Enforcement",
}  # fmt: skip
"""The words that column heads are made of; a line of nothing else is no row."""

_GROUPS = {
    "Sector/Industry": "Agriculture|Industry|Services|Categorical Worst Forms of Child Labor",
    "Area": "Laws|Legal Framework|Enforcement|Coordination|Government Policies|Social Programs",
}
"""The labels that span several rows, by the head of their column."""

_YEAR = re.compile(r"\d{4}")
_YEARS = re.compile(r"\s(\d{4}(?: ?[-\u2013] ?\d{4})?)$")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_SIGNS = re.compile(r"[*†‡]+")
_JOINING = re.compile(
    r"(?:\b(?:a|and|by|for|from|in|of|on|or|the|through|to|with|within)|[-,/\u2010-\u2015])$"
)
_CELL_END = re.compile(r"[.)]$")
_STANDARD = re.compile(r"^(.*?)(?:(?:^|(?<!\s)\s+)(Yes|No|N/A))?(?:(?<!\s)\s+(\d+|N/A))?$")
_LEAST_HEADS = {"Area": 3, "Standard": 3}
_REACH = 12
"""How many columns the words of a cell may stand away from the head of their column."""


class Line(NamedTuple):
    """A line of the text and its number, counted from 1 by line feeds."""

    number: int
    text: str


def indent(line: Line) -> int:
    """How many columns are empty before the words of a line."""
    return len(line.text) - len(line.text.lstrip())


class Head(NamedTuple):
    """A column head and the column where it starts."""

    start: int
    end: int
    text: str


class Row(NamedTuple):
    """A row of a table: the lines of each cell, and the label that it shares with others."""

    number: int
    cells: list[list[str]]
    group: str


def split_heads(lines: Sequence[Line]) -> tuple[list[str], list[Head], list[Line]]:
    """Split the lines under the title of a table into its rest, the heads and the body."""
    lines = [line for line in lines if line.text.strip()]
    first = next((i for i, line in enumerate(lines) if is_head(line.text)), 0)
    printed = list(takewhile(lambda line: is_head(line.text), lines[first:]))
    heads: list[Head] = []
    for chunk in chain.from_iterable(_CHUNK.finditer(line.text) for line in printed):
        start, end = chunk.span()
        above = next((h for h in heads if h.start < end and start < h.end), None)
        if above:
            heads.remove(above)
            start, end = min(above.start, start), max(above.end, end)
        heads.append(Head(start, end, f"{above.text} {chunk[0]}" if above else chunk[0]))
    rest = [line.text.strip() for line in lines[:first]]
    return rest, sorted(heads), lines[first + len(printed) :]


def is_head(text: str) -> bool:
    """Whether a line has nothing but column heads."""
    chunks = _CHUNK.findall(text)
    return bool(chunks) and all(c in _HEADS or _YEAR.fullmatch(c) for c in chunks)


def table_rows(
    heads: Sequence[Head],
    body: Sequence[Line],
    ends_in_mark: Callable[[str], bool],
    no_starts: Collection[int] = (),
) -> Iterator[Row]:
    """The rows of a table, or of the part of it on one page.

    Args:
        heads: Its column heads.
        body: Its lines under them.
        ends_in_mark: Whether a text ends in a reference mark.
        no_starts: Numbers of lines that start no row, though a rule says so.
    """
    kind = heads[0].text if heads else ""
    if kind in ("Children", "Convention") or len(heads) < _LEAST_HEADS.get(kind, 2):
        for line in body:
            yield Row(line.number, [[chunk] for chunk in _CHUNK.findall(line.text)], "")
        return
    columns = [_Column(heads, column, body) for column in range(len(heads))]
    split = [(line.number, _cells(line, columns)) for line in body]
    if kind.startswith("Overview"):
        rules: Iterable[bool] = [True] * len(split)
    elif kind == "Sector/Industry":
        rules = _closed(split, ends_in_mark)
    elif kind == "Area":
        rules = [bool(cells[2]) for _, cells in split]
    elif kind == "Standard":
        rules = _standards(split, body)
    else:
        rules = _described(split)
    rows: list[Row] = []
    for (number, cells), rule in zip(split, rules, strict=True):
        if not rows or (rule and number not in no_starts):
            rows.append(Row(number, [[] for _ in cells], ""))
        for pieces, piece in zip(rows[-1].cells, cells, strict=True):
            if piece:
                pieces.append(piece)
    if kind not in _GROUPS:
        yield from rows
        return
    groups = _groups([row.number for row in rows], _labels(_GROUPS[kind].split("|"), split))
    for row, group in zip(rows, groups, strict=True):
        yield Row(row.number, row.cells[1:], group)


class _Column:
    """A column head, and where the words under it start: in each line, and as a rule."""

    def __init__(self, heads: Sequence[Head], place: int, body: Sequence[Line]) -> None:
        self.heads, self.head = heads, heads[place]
        self.starts = {line.number: self.starts_in(line.text) for line in body}
        counted = Counter(chain.from_iterable(self.starts.values()))
        self.usual = max(counted, key=lambda at: (counted[at], -at), default=self.head.start)

    def starts_in(self, text: str) -> list[int]:
        """Where words that belong under the head stand after a gap."""
        starts = [chunk.start() for chunk in _CHUNK.finditer(text)]
        return [
            start
            for start in starts
            if (away := abs(start - self.head.start)) <= _REACH
            and all(abs(start - head.start) >= away for head in self.heads)
        ]

    def cut(self, text: str, line: Line) -> list[str]:
        """Cut what is left of a line in two where the words under the head start."""
        first, usual = indent(line), self.usual
        if first > max(self.heads[0].start, usual - _REACH):
            return ["", text.strip()]
        own = [start for start in self.starts_in(text) if start > first]
        if own:
            at = min(own, key=lambda start: abs(start - usual))
        elif len(text) <= usual:
            return [text.strip(), ""]
        else:
            beside = (self.starts.get(line.number + step, ()) for step in (-1, 1))
            near = list(chain(*beside)) or [usual]
            words = [word.start() for word in re.finditer(r"(?<=\s)\S", text)]
            at = min(words, key=lambda start: min(abs(start - other) for other in near))
        return [text[:at].strip(), text[at:].strip()]


def _cells(line: Line, columns: Sequence[_Column]) -> list[str]:
    """The text of a line in each column."""
    kind, text, years = columns[0].head.text, line.text, ""
    if kind == "Area":
        found = _YEARS.search(text)
        if found and found.start(1) >= columns[2].head.start - _REACH:
            years, text = found[1], text[: found.start()]
        return [*columns[1].cut(text, line), years]
    if kind == "Standard":
        left, right = columns[-1].cut(text, line)
        parts = _STANDARD.match(left)
        assert parts is not None  # each group of the pattern may be empty
        return [*parts.groups(""), right]
    if len(columns) == 3:
        left, right = columns[2].cut(text, line)
        return [*columns[1].cut(left, line), right]
    return columns[1].cut(text, line)


_Split = Sequence[tuple[int, list[str]]]
"""The number of each line, and its text in each column."""


def _closed(split: _Split, closes: Callable[[str], bool]) -> Iterator[bool]:
    """Rows that each end in a reference mark."""
    is_open = False
    for _, cells in split:
        yield bool(cells[1]) and not is_open
        if cells[1]:
            is_open = not closes(cells[1])


def _described(split: _Split) -> Iterator[bool]:
    """Rows of a name and its description: both begin on one line."""
    label, right = "", "."
    for _, cells in split:
        begins = cells[0][:1].isupper() and bool(cells[1])
        yield begins and bool(_CELL_END.search(right)) and not _JOINING.search(label)
        label, right = cells[0], cells[1] or right


def _standards(split: _Split, body: Sequence[Line]) -> list[bool]:
    """Rows of the table of laws: *Yes* or *No* is on their first line, or in their middle."""
    middles = [i for i, (_, cells) in enumerate(split) if cells[1]]
    rules = [bool(cells[1]) for _, cells in split]
    if all(split[middle][1][0] for middle in middles):
        for i in filter(None, middles):  # or on the second line, which is indented
            if indent(body[i]) > indent(body[i - 1]) + 2:
                rules[i - 1] = True
        return rules
    rules, start = [False] * len(split), 0
    while start < len(split):
        rules[start] = True
        found = bisect_left(middles, start)
        middle = middles[found] if found < len(middles) else start
        start = 2 * middle - start + 1
    return rules


def _labels(known: Collection[str], split: _Split) -> list[tuple[str, list[int]]]:
    """The labels of groups, each with the numbers of its lines; a label may have several lines."""
    labels: list[tuple[str, list[int]]] = []
    text, numbers, longest = "", list[int](), max(map(len, known))
    for number, cells in split:
        if cells[0] and len(text) < longest:
            text = " ".join(f"{text} {_SIGNS.sub('', cells[0])}".split())
            numbers.append(number)
        if text in known:
            labels.append((text, numbers))
            text, numbers = "", []
    return labels


def _groups(numbers: Sequence[int], labels: Sequence[tuple[str, list[int]]]) -> list[str]:
    """The label of the group of each row, by its first line: beside its first row, or in its
    middle."""
    if not labels:
        return [""] * len(numbers)
    texts = [text for text, _ in labels]
    if labels[0][1][0] <= numbers[0]:
        firsts = [lines[0] for _, lines in labels]
        return [texts[bisect_right(firsts, number) - 1] for number in numbers]
    ends, start = [], numbers[0]
    for _, lines in labels:
        ends.append(lines[0] + lines[-1] - start)
        start = ends[-1] + 1
    ends = list(accumulate(ends, max))
    return [texts[min(bisect_left(ends, number), len(texts) - 1)] for number in numbers]
