"""Rules that ask whether what a row says can be meant: codes that go together, words in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ..package.model import Package, Resource
from ..parsing.code_words import stems
from ..parsing.edtf import first_day, is_edtf, last_day
from .columns import TextColumn, same_cells
from .quote_rules import YEAR, has_year, of_rows
from .rules import Look, Problem, Table, Tables, package_rule, table_rule

_USE = ("indicator", "figures_table", "unit", "population")
MOST_COMPARED = 30
"""Rows that are alike but for the quote, up to which each quote is compared with each."""


@package_rule(
    "indicator-use",
    *("indicator", "unit", "population"),
    indicator_uses=" ".join(_USE),
    populations="population",
    looks=(
        Look("indicator", "indicator_uses", "indicator"),
        Look("population", "populations", "population", home="indicator_uses"),
    ),
)
def indicator_use(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A figure has a unit and a population that its indicator may have in that table."""
    uses = Table(tables["indicator_uses"])
    known = set(zip(*(uses[name] for name in _USE), strict=True))
    for name, text in tables.items():
        names = [column for column in ("indicator", "unit", "population") if column in text.columns]
        if names[:2] != ["indicator", "unit"] or not package.resource(name).has_figures:
            continue
        first, place = _distinct([text.columns[column] for column in names])
        cells = zip(*(text.columns[column].objects()[first] for column in names), strict=True)
        wrong, messages = _unknown_uses(known, name, cells)
        for column in names:
            is_wrong = np.array([other == column for other in wrong], bool)[place]
            each = pd.Series(np.array(messages, dtype=object)[place])
            yield name, (pd.Series(is_wrong), column, each)
    strange = ~uses["population"].isin([*Table(tables["populations"])["population"], "none"])
    yield "indicator_uses", (strange, "population", "must be a code of populations, or none")
    others = [name for name, resource in package.resources.items() if not resource.has_figures]
    message = "must be a table of figures"
    yield "indicator_uses", (uses["figures_table"].isin(others), "figures_table", message)


def _unknown_uses(
    known: set[tuple[str | None, ...]], table: str, cells: Iterable[tuple[str | None, ...]]
) -> tuple[list[str], list[str]]:
    """For each combination the column that does not go with those before it, and what to do."""
    beginnings = {use[:length] for use in known for length in (2, 3)}
    columns, messages = [], []
    for indicator, unit, *population in cells:
        use = indicator, table, unit, next(iter(population), None) or "none"
        column = ""
        if use not in known and indicator and unit:
            column = "population" if population else "unit"
            column = column if use[:3] in beginnings else "unit"
            column = column if use[:2] in beginnings else "indicator"
        row = ",".join(map(str, use))
        columns.append(column)
        messages.append(f"does not go with the rest: correct it, or add {row} to indicator_uses")
    return columns, messages


def _distinct(columns: Sequence[TextColumn]) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each combination of cells, empty ones too, and the one that each row has."""
    _, first, place = np.unique(same_cells(columns), return_index=True, return_inverse=True)
    return first, place


@package_rule(
    "code-words",
    *("code_list", "code"),
    code_words="code_list code wording",
    looks=(Look("code", "*", home="code_words"),),
)
def code_words(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """Words are given for codes that there are."""
    table = Table(tables["code_words"])
    codes: dict[str, set[str]] = {}
    for resource in package.resources.values():
        for field in resource.fields:
            codes.setdefault(field.name, set()).update(field.categories)
    for name, text in tables.items():
        if len(text.resource.primary_key) == 1:
            codes[name] = set(text.columns[text.resource.primary_key[0]].all_texts)
    pairs = zip(table["code_list"], table["code"], strict=True)
    wrong = [code is not None and code not in codes.get(name, [code]) for name, code in pairs]
    yield "code_words", (pd.Series(wrong, dtype=bool), "code", "must be a code of {code_list}")


def _told(resource: Resource) -> list[str]:
    """The columns in which rows are equal that tell one fact."""
    return [name for name in resource.field_names if name not in ("id", "quote", "note")]


@table_rule("duplicate-fact", "id", "source_id", "passage", "quote", alike=_told, kind="group")
def duplicate_fact(table: Table) -> Iterator[Problem]:
    """No two rows differ only in note and in the ends of the quote: one fact is one row."""
    rows = np.flatnonzero(table["quote"].notna())
    joint = np.zeros(len(rows), np.int64)
    others = [table.text.columns[name] for name in _told(table.resource)]
    for column in sorted(others, key=lambda column: -len(column.distinct)):
        codes = column.codes[rows] + 1
        joint = pd.factorize(joint * (len(column.distinct) + 1) + codes)[0]
        shared = (np.bincount(joint) > 1)[joint]
        rows, joint = rows[shared], joint[shared]
    messages = pd.Series(None, range(len(table["id"])), dtype=object)
    quotes, ids = table["quote"], table["id"]
    for alike in pd.Series(rows).groupby(joint):
        for row, first in _retold([(int(row), quotes[row]) for row in alike[1]]):
            messages[row] = (
                f"must not say the same as {ids[first]} in all columns but note and quote"
            )
    yield messages.notna(), "id", messages


def _retold(rows: list[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Pairs of a row and an earlier one whose quote is the same, or holds it or lies in it."""
    if len(rows) > MOST_COMPARED:
        firsts: dict[str, int] = {}
        for row, text in rows:
            if firsts.setdefault(text, row) != row:
                yield row, firsts[text]
        return
    for place, (row, text) in enumerate(rows):
        for first, other in rows[:place]:
            if text in other or other in text:
                yield row, first
                break


@table_rule(
    "inferred-year", "quote", "period_basis", dates=("period_start", "period_end"), kind="text"
)
def inferred_year(table: Table) -> Iterator[Problem]:
    """A period is not inferred if the quote prints its year, or both of its years."""
    start, end = table["period_start"].dt.year, table["period_end"].dt.year
    inferred = table.ask("period_basis", "inferred".__eq__) & start.notna() & end.notna()
    inferred &= table.ask("quote", has_year)
    rows = zip(table["quote"][inferred], start[inferred], end[inferred], strict=True)
    wrong = [{str(int(a)), str(int(b))} <= set(YEAR.findall(text)) for text, a, b in rows]
    message = "must be stated, since the quote prints the year: {quote}"
    yield of_rows(inferred, wrong), "period_basis", message


@package_rule(
    "inferred-period",
    *("source_id", "period_basis"),
    sources="source_id published reporting_period_start reporting_period_end",
    looks=(Look("source_id", "sources", "source_id"),),
)
def inferred_period(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """An inferred period overlaps that of its document, or a note names its year."""
    spans = _spans(Table(tables["sources"]))
    for name, text in tables.items():
        if not {*_PERIOD, "source_id", "note"} <= set(text.columns) or any(
            text.resource.field(day).type != "date" for day in _PERIOD[1:]
        ):
            continue
        columns = [text.columns[c] for c in ("source_id", *_PERIOD, "note")]
        first, place = _distinct(columns)
        cells = zip(*(column.objects()[first] for column in columns), strict=True)
        wrong = np.array([_is_elsewhere(spans, *row) for row in cells], bool)[place]
        message = (
            "must be in the reporting period of {source_id} or at its publication, "
            "or the note must name the year"
        )
        yield name, (pd.Series(wrong), "period_start", message)


_PERIOD = ("period_basis", "period_start", "period_end")


def _spans(sources: Table) -> Mapping[str, tuple[str, str]]:
    """First and last day that the figures of a document may be about, as far as they are known."""
    columns = ("source_id", "published", "reporting_period_start", "reporting_period_end")
    cells = (sources.text.columns[name].objects() for name in columns)
    spans = {}
    for source, published, start, end in zip(*cells, strict=True):
        if source and start and end and published and is_edtf(published):
            days = [start, end, first_day(published), last_day(published)]
            spans[source] = min(days), max(days)
    return spans


def _is_elsewhere(
    spans: Mapping[str, tuple[str, str]],
    source: str | None,
    basis: str | None,
    start: str | None,
    end: str | None,
    note: str | None,
) -> bool:
    span = spans.get(source or "")
    if basis != "inferred" or span is None or not (start or end):
        return False
    first, last = span
    if (start or "") <= last and (end or "9999") >= first:
        return False
    years = {day[:4] for day in (start, end) if day}
    return not years <= set(YEAR.findall(note or ""))


@table_rule("summary", "quote", "source_id", "passage", kind="text")
def summary(table: Table) -> Iterator[Problem]:
    """What a row says in our words, its note included, shares a word with its quote."""
    if "abbreviation" in table or "description" in table:
        return  # the quote of a name may have its abbreviation only
    for column in ("summary", "title", "label"):
        if column in table:
            names = (column, "note" if "note" in table else column, "quote")
            cells = zip(*(table.text.columns[name].objects() for name in names), strict=True)
            wrong = [
                bool(own and quote) and not stems(f"{own} {note or ''}") & stems(quote)
                for own, note, quote in cells
            ]
            yield pd.Series(wrong, dtype=bool), column, "must share a word with its quote: {quote}"
