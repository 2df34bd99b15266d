"""Read the rows of a table from lines that keep the columns of the printed page.

The words of a cell stand under each other, so the columns are measured on each page: where most
lines have a gap. A cell goes on over several lines; what starts a row depends on the table and is
told by its first column head.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import accumulate
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
    "Sector/Industry": (
        "Agriculture",
        "Industry",
        "Services",
        "Categorical Worst Forms of Child Labor",
    ),
    "Area": (
        "Laws",
        "Legal Framework",
        "Enforcement",
        "Coordination",
        "Government Policies",
        "Social Programs",
    ),
}
"""The labels that span several rows, by the head of their column."""

_LONGEST_LABEL = max(len(label) for labels in _GROUPS.values() for label in labels)

_YEAR = re.compile(r"\d{4}")
_YEARS = re.compile(r"\s(\d{4}(?: ?[-\u2013] ?\d{4})?)$")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_SIGNS = re.compile(r"[*†‡]+")
_JOINING = re.compile(
    r"(?:\b(?:a|and|by|for|from|in|of|on|or|the|through|to|with|within)|[-,/\u2010-\u2015])$"
)
_CELL_END = re.compile(r"[.)]$")
_STANDARD = re.compile(
    r"^(?P<label>.*?)(?:(?:^|(?<!\s)\s+)(?P<met>Yes|No|N/A))?(?:(?<!\s)\s+(?P<age>\d+|N/A))?$"
)
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


class Edge(NamedTuple):
    """Where a column starts: in each line of the table, by its number, and as a rule."""

    heads: Sequence[Head]
    column: int
    starts: Mapping[int, list[int]]
    usual: int


class Row(NamedTuple):
    """A row of a table: the lines of each cell, and the label that it shares with others."""

    number: int
    cells: list[list[str]]
    group: str


def split_heads(lines: Sequence[Line]) -> tuple[list[str], list[Head], list[Line]]:
    """Split the lines under the title of a table into its rest, the heads and the body."""
    lines = [line for line in lines if line.text.strip()]
    first = next((i for i, line in enumerate(lines) if is_head(line.text)), 0)
    last = first
    while last < len(lines) and is_head(lines[last].text):
        last += 1
    heads: list[Head] = []
    for line in lines[first:last]:
        for chunk in _CHUNK.finditer(line.text):
            at = next(
                (i for i, h in enumerate(heads) if h.start < chunk.end() and chunk.start() < h.end),
                None,
            )
            if at is None:
                heads.append(Head(chunk.start(), chunk.end(), chunk[0]))
            else:
                old = heads[at]
                text = f"{old.text} {chunk[0]}"
                start, end = min(old.start, chunk.start()), max(old.end, chunk.end())
                heads[at] = Head(start, end, text)
    return [line.text.strip() for line in lines[:first]], sorted(heads), list(lines[last:])


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
    edges = [_edge(heads, column, body) for column in range(len(heads))]
    split = [(line.number, _cells(line, heads, edges)) for line in body]
    if kind.startswith("Overview"):
        rules = [True] * len(split)
    elif kind == "Sector/Industry":
        rules = _closed(split, ends_in_mark)
    elif kind == "Area":
        rules = [bool(cells[2]) for _, cells in split]
    elif kind == "Standard":
        rules = _standards(split, body)
    else:
        rules = _described(split)
    labels = _labels(kind, split)
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
    groups = _groups([row.number for row in rows], labels)
    for row, group in zip(rows, groups, strict=True):
        yield Row(row.number, row.cells[1:], group)


def _cells(line: Line, heads: Sequence[Head], edges: Sequence[Edge]) -> list[str]:
    """The text of a line in each column."""
    kind, text = heads[0].text, line.text.rstrip()
    years = ""
    if kind == "Area":
        found = _YEARS.search(text)
        if found and found.start(1) >= heads[2].start - _REACH:
            years, text = found[1], text[: found.start()].rstrip()
        return [*_cut(text, line, edges[1]), years]
    if kind == "Standard":
        left, right = _cut(text, line, edges[-1])
        found = _STANDARD.match(left)
        assert found is not None  # each group of the pattern may be empty
        return [*(found[name] or "" for name in ("label", "met", "age")), right]
    if len(heads) == 3:
        left, right = _cut(text, line, edges[2])
        return [*_cut(left, line, edges[1]), right]
    return _cut(text, line, edges[1])


def _starts(text: str, heads: Sequence[Head], column: int) -> list[int]:
    """Where words that belong under a column head stand after a gap."""
    at = heads[column].start
    found = [chunk.start() for chunk in _CHUNK.finditer(text) if abs(chunk.start() - at) <= _REACH]
    return [start for start in found if all(abs(start - h.start) >= abs(start - at) for h in heads)]


def _edge(heads: Sequence[Head], column: int, body: Sequence[Line]) -> Edge:
    """Where the words under a column head start."""
    starts = {line.number: _starts(line.text, heads, column) for line in body}
    counted = Counter(start for found in starts.values() for start in found)
    at = heads[column].start
    usual = max(counted, key=lambda start: (counted[start], -start)) if counted else at
    return Edge(heads, column, starts, usual)


def _cut(text: str, line: Line, edge: Edge) -> list[str]:
    """Cut a line in two where the words under a column head start."""
    heads, column, starts, usual = edge
    first = indent(line)
    if first > max(heads[0].start, usual - _REACH):
        return ["", text.strip()]
    own = [start for start in _starts(text, heads, column) if start > first]
    if own:
        at = min(own, key=lambda start: abs(start - usual))
    elif len(text) <= usual:
        return [text.strip(), ""]
    else:
        near = [*starts.get(line.number - 1, ()), *starts.get(line.number + 1, ())] or [usual]
        words = [word.start() for word in re.finditer(r"(?<=\s)\S", text)]
        at = min(words, key=lambda start: min(abs(start - other) for other in near))
    return [text[:at].strip(), text[at:].strip()]


def _closed(split: Sequence[tuple[int, list[str]]], closes: Callable[[str], bool]) -> list[bool]:
    """Rows that each end in a reference mark."""
    rules, is_open = [], False
    for _, cells in split:
        rules.append(bool(cells[1]) and not is_open)
        if cells[1]:
            is_open = not closes(cells[1])
    return rules


def _described(split: Sequence[tuple[int, list[str]]]) -> list[bool]:
    """Rows of a name and its description: both begin on one line."""
    rules, label, right = [], "", "."
    for _, cells in split:
        is_start = bool(cells[0] and cells[1]) and bool(_CELL_END.search(right))
        rules.append(is_start and cells[0][:1].isupper() and not _JOINING.search(label))
        label, right = cells[0], cells[1] or right
    return rules


def _standards(split: Sequence[tuple[int, list[str]]], body: Sequence[Line]) -> list[bool]:
    """Rows of the table of laws: *Yes* or *No* is on their first line, or in their middle."""
    if not any(cells[1] and not cells[0] for _, cells in split):
        indents = [indent(line) for line in body]
        return [
            bool(cells[1])
            or (
                i + 1 < len(split)
                and bool(cells[0] and not cells[3] and split[i + 1][1][1])
                and indents[i + 1] > indents[i] + 2
            )
            for i, (_, cells) in enumerate(split)
        ]
    rules = [False] * len(split)
    middles = [i for i, (_, cells) in enumerate(split) if cells[1]]
    start = 0
    while start < len(split):
        rules[start] = True
        found = bisect_left(middles, start)
        middle = middles[found] if found < len(middles) else start
        start = 2 * middle - start + 1
    return rules


def _labels(kind: str, split: Sequence[tuple[int, list[str]]]) -> list[tuple[str, list[int]]]:
    """The labels of groups, each with the numbers of its lines; a label may have several lines."""
    labels: list[tuple[str, list[int]]] = []
    text, numbers = "", list[int]()
    for number, cells in split if kind in _GROUPS else ():
        if cells[0] and len(text) < _LONGEST_LABEL:
            text = " ".join(f"{text} {_SIGNS.sub('', cells[0])}".split())
            numbers.append(number)
        if text in _GROUPS[kind]:
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
