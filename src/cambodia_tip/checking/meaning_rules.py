"""Rules that ask whether what a row says can be meant: codes that go together, words in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd

from ..package.model import Package, Resource
from ..parsing.code_words import stems
from ..parsing.edtf import first_day, is_edtf, last_day
from .quote_rules import years
from .rules import Look, Problem, Table, Tables, Texts, having, package_rule, table_rule

_OF_SANCTIONS = ("duration", "money")
_USE = ("indicator", "figures_table", "unit", "population")
MOST_COMPARED = 30
"""Rows that are alike but for the quote, up to which each quote is compared with each."""


@package_rule(
    "indicator-use",
    "indicator unit population",
    indicator_uses=" ".join(_USE),
    populations="population",
    looks=(
        Look("indicator", "indicator_uses", "indicator"),
        Look("population", "populations", "population", home="indicator_uses"),
    ),
)
def indicator_use(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A figure has a unit and a population that its indicator may have in that table."""
    uses = tables["indicator_uses"]
    known = set(zip(*(uses[name] for name in _USE), strict=True))
    for name, table in having(tables, "indicator unit"):
        names = [column for column in ("indicator", "unit", "population") if column in table]
        if table.resource.has_figures:
            cells, place = table.distinct(" ".join(names))
            wrong, messages = (
                np.array(found, object)[place] for found in _unknown_uses(known, name, cells)
            )
            for column in names:
                yield name, (pd.Series(wrong == column), column, pd.Series(messages))
    strange = ~uses["population"].isin([*tables["populations"]["population"], "none"])
    yield "indicator_uses", (strange, "population", "must be a code of populations, or none")
    others = [name for name, resource in package.resources.items() if not resource.has_figures]
    message = "must be a table of figures"
    yield "indicator_uses", (uses["figures_table"].isin(others), "figures_table", message)


def _unknown_uses(
    known: set[Texts], table: str, cells: Iterable[Texts]
) -> tuple[list[str], list[str]]:
    """For each combination the column that does not go with those before it, and what to do."""
    beginnings = {use[:length] for use in known for length in (2, 3, 4)}
    columns, messages = [], []
    for indicator, unit, *population in cells:
        use = indicator, table, unit, next(iter(population), None) or "none"
        rest = ("indicator", "unit", "population" if population else "unit")
        other = (column for n, column in enumerate(rest, 2) if use[:n] not in beginnings)
        columns.append(next(other, "") if indicator and unit else "")
        row = ",".join(map(str, use))
        messages.append(f"does not go with the rest: correct it, or add {row} to indicator_uses")
    return columns, messages


@package_rule(
    "code-words",
    "code_list code",
    code_words="code_list code wording",
    looks=(Look("code", "*", home="code_words"),),
)
def code_words(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """Words are given for codes that there are."""
    table = tables["code_words"]
    codes: dict[str, set[str]] = {}
    for resource in package.resources.values():
        for field in resource.fields:
            codes.setdefault(field.name, set()).update(field.categories)
    for name, other in tables.items():
        if len(other.resource.primary_key) == 1:
            codes[name] = {*other.texts(*other.resource.primary_key)}
    wrong = table.ask("code_list code", lambda name, code: code not in codes.get(name, [code]))
    yield "code_words", (wrong, "code", "must be a code of {code_list}")


@package_rule(
    "sanction-unit", "sanction unit", units="unit kind", looks=(Look("unit", "units", "unit"),)
)
def unit_of_a_sanction(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """What is laid down or imposed is counted in time or money."""
    units = tables["units"]
    kinds = dict(zip(units["unit"], units["kind"], strict=True))
    for name, table in having(tables, "sanction unit"):
        wrong = table.ask("unit", lambda unit: kinds.get(unit) not in (None, *_OF_SANCTIONS))
        yield name, (wrong, "unit", f"must be a unit of the kind {' or '.join(_OF_SANCTIONS)}")


def _told(resource: Resource) -> list[str]:
    """The columns in which rows are equal that tell one fact."""
    return [name for name in resource.field_names if name not in ("id", "quote", "note")]


@table_rule("duplicate-fact", "id source_id passage quote", alike=_told, kind="group")
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


@table_rule("inferred-year", "quote period_basis", dates="period_start period_end", kind="text")
def inferred_year(table: Table) -> Iterator[Problem]:
    """A period is not inferred if the quote prints its year, or both of its years."""
    inferred = table.ask("period_basis", "inferred".__eq__)
    wrong = table.ask("quote period_start period_end", _prints_years, where=inferred)
    yield wrong, "period_basis", "must be stated, since the quote prints the year: {quote}"


def _prints_years(quote: str, *days: str) -> bool:
    return {day[:4] for day in days} <= set(years(quote))


@package_rule(
    "inferred-period",
    "source_id period_basis",
    sources="source_id published reporting_period_start reporting_period_end",
    looks=(Look("source_id", "sources", "source_id"),),
)
def inferred_period(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """An inferred period overlaps that of its document, or a note names its year."""
    spans = _spans(tables["sources"])
    message = (
        "must be in the reporting period of {source_id} or at its publication, "
        "or the note must name the year"
    )
    also = "period_start period_end note"
    for name, table in having(tables, f"source_id period_basis {also}"):
        if all(table.resource.field(day).type == "date" for day in also.split()[:2]):
            wrong = table.ask("source_id period_basis", partial(_is_elsewhere, spans), also)
            yield name, (wrong, "period_start", message)


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
    source: str,
    basis: str,
    start: str | None,
    end: str | None,
    note: str | None,
) -> bool:
    span = spans.get(source)
    if basis != "inferred" or span is None or not (start or end):
        return False
    first, last = span
    if (start or "") <= last and (end or "9999") >= first:
        return False
    return not {day[:4] for day in (start, end) if day} <= set(years(note or ""))


@table_rule("summary", "quote source_id passage", kind="text")
def summary(table: Table) -> Iterator[Problem]:
    """What a row says in our words, its note included, shares a word with its quote."""
    if "abbreviation" in table or "description" in table:
        return  # the quote of a name may have its abbreviation only
    for column in ("summary", "title", "label"):
        if column in table:
            note = "note" if "note" in table else column
            wrong = table.ask(f"{column} quote", _shares_no_word, note)
            yield wrong, column, "must share a word with its quote: {quote}"


def _shares_no_word(own: str, quote: str, note: str | None) -> bool:
    return not stems(f"{own} {note or ''}") & stems(quote)
