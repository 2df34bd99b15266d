"""What a rule of content is, and how the rules are run.

A rule is a generator over one table: it yields which rows break it, the
column to look at, and a message in which ``{column}`` stands for the cell of
the row, or a message for each row. It runs on every table that has the columns
it names, so that a new table is covered the day it is added. Those rules are in
`table_rules` and `quote_rules`; the few that take all tables are in `package_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from ..package.model import Package, Resource
from ..report import Finding
from .columns import TextTable

Tables = Mapping[str, TextTable]


class Table:
    """A table under check; a column is cast when a rule first asks for it."""

    def __init__(self, text: TextTable) -> None:
        self.text = text
        self.resource: Resource = text.resource
        self._columns: dict[str, pd.Series] = {}

    def __contains__(self, column: str) -> bool:
        return column in self.text.columns

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.text.columns)

    def __getitem__(self, column: str) -> pd.Series:
        if column not in self._columns:
            self._columns[column] = self.text.typed(column)
        return self._columns[column]

    def ask(self, column: str, question: Callable[[str], object]) -> pd.Series:
        """The answer for each row, asked once for each distinct text; false where it is empty."""
        cells = self.text.columns[column]
        answers = [t is not None and bool(question(t)) for t in cells.distinct.tolist()]
        return pd.Series(np.array([*answers, False])[cells.codes])


Problem = tuple[pd.Series, str, str | pd.Series]
TableRule = Callable[[Table], Iterator[Problem]]
PackageRule = Callable[[Package, Tables], Iterator[tuple[str, Problem]]]

Kind = Literal["row", "text", "group", ""]


class Registered(NamedTuple):
    """A rule for one table.

    Attributes:
        name: What findings call it.
        columns: The columns that a table must have for it.
        types: Of some of them, the types that it can read.
        kind: What it has to see to judge a row: a ``row`` that it compares only, a row whose
            ``text`` it reads with Python, or a ``group`` of rows. An engine needs to know.
        find: The rule.
    """

    name: str
    columns: tuple[str, ...]
    types: Mapping[str, tuple[str, ...]]
    kind: Kind
    find: TableRule


_TABLE_RULES: list[Registered] = []
_PACKAGE_RULES: list[tuple[str, tuple[str, ...], Mapping[str, str], PackageRule]] = []


def rules_of(resource: Resource) -> list[Registered]:
    """Every rule for one table of which this one has the columns, of types that it can read."""
    return [
        rule
        for rule in _TABLE_RULES
        if set(rule.columns) <= set(resource.field_names)
        and all(resource.field(column).type in fit for column, fit in rule.types.items())
    ]


def check_table_rules(
    text: TextTable, skipped: Collection[Registered] = ()
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Run every rule for this table, but those to be skipped.

    Yields:
        What was found, and the columns that the rule reads.
    """
    table = Table(text)
    for rule in rules_of(text.resource):
        for wrong, column, message in rule.find(table) if rule not in skipped else ():
            for finding in _findings(text, rule.name, wrong, column, message):
                yield finding, (*rule.columns, column)


def check_package_rules(
    package: Package, tables: Tables
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Run every rule that looks at several tables.

    Yields:
        What was found, and the columns of its table that the rule reads.
    """
    for rule, columns, needed, check in _PACKAGE_RULES:
        # a table of that name without these columns is of another package
        if any(
            name not in tables or not set(names.split()) <= set(tables[name].columns)
            for name, names in needed.items()
        ):
            continue
        for name, (wrong, column, message) in check(package, tables):
            for finding in _findings(tables[name], rule, wrong, column, message):
                yield finding, (*columns, column)


def _findings(
    table: TextTable, rule: str, wrong: pd.Series, column: str, message: str | pd.Series
) -> Iterator[Finding]:
    rows = np.flatnonzero(wrong.to_numpy(bool, na_value=False))
    for name, row in zip(table.names(rows), rows, strict=True):
        cells = table.row(int(row))
        given = f"{cells[column]!r} " if table.columns[column].codes[row] >= 0 else ""
        wanted = message if isinstance(message, str) else message[row]
        text = given + _filled_in(wanted, cells)
        yield Finding(table.resource.name, name, column, rule, text)


def _filled_in(message: str, cells: Mapping[str, str]) -> str:
    """A message with the cells it names; braces that text of the data brought along stay."""
    return re.sub(r"\{(\w+)\}", lambda part: cells.get(part[1], part[0]), message)


def names_of_package_rules() -> list[str]:
    """The names of the rules that look at several tables."""
    return [name for name, *_ in _PACKAGE_RULES]


def table_rule(
    name: str,
    *columns: str,
    dates: Sequence[str] = (),
    numbers: Sequence[str] = (),
    kind: Kind = "",
) -> Callable[[TableRule], TableRule]:
    """Register a rule for every table that has these columns, of these types where it reckons.

    Without its kind (`Registered`) it does not run on tables that an engine holds.
    """
    types = dict.fromkeys(dates, ("date",)) | dict.fromkeys(numbers, ("integer", "number"))

    def register(rule: TableRule) -> TableRule:
        _TABLE_RULES.append(Registered(name, (*columns, *types), types, kind, rule))
        return rule

    return register


def package_rule(name: str, *columns: str, **needed: str) -> Callable[[PackageRule], PackageRule]:
    """Register a rule that looks at several tables and reads these columns of them.

    It runs if each table in `needed` is there and has the columns given there.
    """

    def register(rule: PackageRule) -> PackageRule:
        _PACKAGE_RULES.append((name, columns, needed, rule))
        return rule

    return register
