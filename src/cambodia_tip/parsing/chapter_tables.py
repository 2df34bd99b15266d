"""Read the rows of a table from lines that keep the columns of the printed page.

The words of a cell stand under each other, so the columns are measured on each page: where most
lines have a gap. A cell goes on over several lines; what starts a row depends on the table and is
told by its first column head.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
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

_YEAR = re.compile(r"\d{4}")
_YEARS = re.compile(r"\s(\d{4}(?: ?[-\u2013] ?\d{4})?)$")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_SIGNS = re.compile(r"[*†‡]+")
_JOINING = re.compile(
    r"(?:\b(?:a|and|by|for|from|in|of|on|or|the|through|to|with|within)|[-,/\u2010-\u2015])$"
)
_CELL_END = re.compile(r"[.)]$")
_STANDARD = re.compile(r"^(?P<label>.*?)(?:(?:^|\s+)(?P<met>Yes|No|N/A))?(?:\s+(?P<age>\d+|N/A))?$")
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
    first = next((i for i, line in enumerate(lines) if _is_head(line.text)), 0)
    last = first
    while last < len(lines) and _is_head(lines[last].text):
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


def _is_head(text: str) -> bool:
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
    split = [(line.number, _cells(line, heads, body)) for line in body]
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
    numbers = [line.number for line in body]
    for row in rows:
        if kind in _GROUPS:
            group = _group(row.number, numbers, labels)
            yield Row(row.number, row.cells[1:], group)
        else:
            yield row


def _cells(line: Line, heads: Sequence[Head], body: Sequence[Line]) -> list[str]:
    """The text of a line in each column."""
    kind, text = heads[0].text, line.text.rstrip()
    years = ""
    if kind == "Area":
        found = _YEARS.search(text)
        if found and found.start(1) >= heads[2].start - _REACH:
            years, text = found[1], text[: found.start()].rstrip()
        return [*_cut(text, line, heads, 1, body), years]
    if kind == "Standard":
        left, right = _cut(text, line, heads, len(heads) - 1, body)
        found = _STANDARD.match(left)
        assert found is not None  # each group of the pattern may be empty
        return [*(found[name] or "" for name in ("label", "met", "age")), right]
    if len(heads) == 3:
        left, right = _cut(text, line, heads, 2, body)
        return [*_cut(left, line, heads, 1, body), right]
    return _cut(text, line, heads, 1, body)


def _starts(text: str, heads: Sequence[Head], column: int) -> list[int]:
    """Where words that belong under a column head stand after a gap."""
    at = heads[column].start
    found = [chunk.start() for chunk in _CHUNK.finditer(text) if abs(chunk.start() - at) <= _REACH]
    return [start for start in found if all(abs(start - h.start) >= abs(start - at) for h in heads)]


def _cut(
    text: str, line: Line, heads: Sequence[Head], column: int, body: Sequence[Line]
) -> list[str]:
    """Cut a line in two where the words under a column head start."""
    starts = {other.number: _starts(other.text, heads, column) for other in body}
    counted = Counter(start for found in starts.values() for start in found)
    at = heads[column].start
    usual = max(counted, key=lambda start: (counted[start], -start)) if counted else at
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
    start = 0
    while start < len(split):
        rules[start] = True
        middle = next((i for i in range(start, len(split)) if split[i][1][1]), start)
        start = 2 * middle - start + 1
    return rules


def _labels(kind: str, split: Sequence[tuple[int, list[str]]]) -> list[tuple[str, list[int]]]:
    """The labels of groups, each with the numbers of its lines; a label may have several lines."""
    labels: list[tuple[str, list[int]]] = []
    text, numbers = "", list[int]()
    for number, cells in split if kind in _GROUPS else ():
        if cells[0]:
            text = " ".join(f"{text} {_SIGNS.sub('', cells[0])}".split())
            numbers.append(number)
        if text in _GROUPS[kind]:
            labels.append((text, numbers))
            text, numbers = "", []
    return labels


def _group(number: int, numbers: list[int], labels: list[tuple[str, list[int]]]) -> str:
    """The label of the group that a row is in: beside its first row, or in its middle."""
    if not labels:
        return ""
    if labels[0][1][0] <= numbers[0]:
        return [text for text, lines in labels if lines[0] <= number][-1]
    start = numbers[0]
    for text, lines in labels:
        end = lines[0] + lines[-1] - start
        if number <= end:
            return text
        start = end + 1
    return labels[-1][0]
