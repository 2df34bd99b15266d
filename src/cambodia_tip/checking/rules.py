"""What a rule of content is, and how the rules are run.

A rule is a generator over one table: it yields which rows break it, the
column to look at, and a message in which ``{column}`` stands for the cell of
the row, or a message for each row. It runs on every table that has the columns
it names, so that a new table is covered the day it is added. Those rules are in
`table_rules` and `quote_rules`; the few that take all tables are in `package_rules`.

A rule that needs more than the row itself to judge it says beside its name what more: other
rows (`Look`), or all rows that are alike. `out_of_core` brings these together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd

from ..package.model import Package, Resource
from ..report import Finding
from .columns import TextColumn, TextTable, distinct
from .keys import Key

Texts = tuple[str | None, ...]


class Table:
    """A table under check; a column is cast when a rule first asks for it."""

    def __init__(self, text: TextTable) -> None:
        self.text = text
        self.resource: Resource = text.resource
        self.asked: dict[str, None] = {}
        """The columns that were asked for, in that order."""
        self._columns: dict[str, pd.Series] = {}

    def __contains__(self, column: str) -> bool:
        self.asked[column] = None
        return column in self.text.columns

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.text.columns)

    def __getitem__(self, column: str) -> pd.Series:
        if column not in self._columns:
            self.asked[column] = None
            self._columns[column] = self.text.typed(column)
        return self._columns[column]

    def texts(self, column: str) -> frozenset[str]:
        """The distinct texts of a column."""
        return self.text.columns[column].all_texts

    def ask(
        self,
        columns: str,
        question: Callable[..., object],
        also: str = "",
        where: pd.Series | None = None,
    ) -> pd.Series:
        """The answer for each row, asked once for each distinct combination of texts.

        Args:
            columns: The columns with these texts; the answer is false where one is empty.
            question: What is asked of them.
            also: More columns; the question takes None where they are empty.
            where: For which rows; the answer is false for others.
        """
        if columns in self and not also and where is None:  # most questions, in less time
            column = self.text.columns[columns]
            told = [t is not None and bool(question(t)) for t in column.distinct.tolist()]
            return pd.Series(np.array([*told, False])[column.codes])
        rows = slice(None) if where is None else where.to_numpy(bool)
        texts, place = self.distinct(f"{columns} {also}", rows)
        filled = len(columns.split())
        answers = [None not in cells[:filled] and bool(question(*cells)) for cells in texts]
        every = np.zeros(len(self.text), bool)
        every[rows] = np.array(answers, bool)[place]
        return pd.Series(every)

    def distinct(
        self, columns: str, rows: slice | np.ndarray = slice(None)
    ) -> tuple[list[Texts], np.ndarray]:
        """The distinct combinations of texts in some columns, and which of them each row has."""
        self.asked |= dict.fromkeys(columns.split())
        cells = [self.text.columns[name] for name in columns.split()]
        return distinct([TextColumn(column.distinct, column.codes[rows]) for column in cells])

    def has_any(self, column: str, phrases: Sequence[str]) -> pd.Series:
        """Whether each row has one of these phrases, in any case; all texts are searched at once.

        That takes a tenth of the time of asking each text.
        """
        self.asked[column] = None
        cells = self.text.columns[column]
        texts = [(text or "").lower() for text in cells.distinct.tolist()]
        every, ends = "\n".join(texts), np.cumsum([len(text) + 1 for text in texts])
        answers = np.zeros(len(texts) + 1, bool)
        for phrase in map(str.lower, phrases):
            place = every.find(phrase)
            while place >= 0:
                text = np.searchsorted(ends, place, side="right")
                answers[text] = True
                place = every.find(phrase, int(ends[text]))
        return pd.Series(answers[cells.codes])


Tables = Mapping[str, Table]
Problem = tuple[pd.Series, str, str | pd.Series]
TableRule = Callable[[Table], Iterator[Problem]]
PackageRule = Callable[[Package, Tables], Iterator[tuple[str, Problem]]]
_Check = TypeVar("_Check", bound=Callable[..., Any])


@dataclass(frozen=True)
class Look:
    """Other rows that a rule looks at to judge a row: those with a key that the row has.

    Attributes:
        own: The columns with the key, or what gives the keys of some rows; it may ask for the
            first words of the keys that there are.
        target: The table of the other rows; ``=`` for the same table, ``*`` for every table that
            has the columns.
        theirs: Their columns with the key; empty for what a finding calls a row.
        home: The table whose rows look; empty for the table that is judged, whatever it is, and
            ``*`` for the rows that looks before this one brought as well.
        columns: What else the rule reads of them.
    """

    own: str | Callable[[TextTable, Callable[[], Set[str]]], Collection[Key]]
    target: str
    theirs: str = ""
    home: str = ""
    columns: str = ""


Kind = Literal["row", "text", "group", ""]


@dataclass(frozen=True)
class Rule:
    """A rule, and what it needs to judge a row.

    Attributes:
        columns: The columns that it reads.
        types: The types that some of them must have.
        needed: The columns that other tables must have.
        looks: The other rows that it looks at, one look after the other.
        alike: Gives the columns in which the rows of a table are equal of which each may be
            wrong because of the others; none if the rule judges no row of it so.
        is_on_circles: Whether only rows that lead to themselves can be wrong.
        kind: What it has to see to judge a row: a ``row`` that it compares only, a row whose
            ``text`` it reads with Python, or a ``group`` of rows. An engine needs to know.
    """

    name: str
    columns: tuple[str, ...]
    check: Callable[..., Iterator[Any]]
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needed: Mapping[str, str] = field(default_factory=dict)
    looks: tuple[Look, ...] = ()
    alike: Callable[[Resource], Collection[str]] = lambda resource: ()
    is_on_circles: bool = False
    kind: Kind = ""

    def fits(self, resource: Resource) -> bool:
        """Whether a table has the columns that the rule needs, of types that it can read."""
        return set(self.columns) <= set(resource.field_names) and all(
            resource.field(column).type in fitting for column, fitting in self.types.items()
        )

    def has_needed(self, tables: Mapping[str, Resource]) -> bool:
        """Whether the tables are there that the rule needs.

        A table of that name without these columns is of another package.
        """
        return all(
            name in tables and set(names.split()) <= set(tables[name].field_names)
            for name, names in self.needed.items()
        )


TABLE_RULES: list[Rule] = []
PACKAGE_RULES: list[Rule] = []


def rules_of(resource: Resource) -> list[Rule]:
    """Every rule for one table of which this one has the columns, of types that it can read."""
    return [rule for rule in TABLE_RULES if rule.fits(resource)]


def check_table_rules(
    text: TextTable, skipped: Collection[Rule] = ()
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Run every rule for this table, but those to be skipped.

    Yields:
        What was found, and the columns that the rule reads.
    """
    table = Table(text)
    for rule in rules_of(text.resource):
        for problem in rule.check(table) if rule not in skipped else ():
            yield from findings_of(rule, text, problem)


def check_package_rules(
    package: Package, tables: Mapping[str, TextTable]
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Run every rule that looks at several tables.

    Yields:
        What was found, and the columns of its table that the rule reads.
    """
    resources = {name: text.resource for name, text in tables.items()}
    places = {name: place for place, name in enumerate(tables)}
    for rule in PACKAGE_RULES:
        if rule.has_needed(resources):
            found = [
                pair
                for name, problem in rule.check(package, {n: Table(t) for n, t in tables.items()})
                for pair in findings_of(rule, tables[name], problem)
            ]
            yield from sorted(found, key=lambda pair: places[pair[0].table])


def findings_of(
    rule: Rule, table: TextTable, problem: Problem
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """The finding for each row that breaks a rule, and the columns that the rule reads."""
    wrong, column, message = problem
    rows = np.flatnonzero(wrong.to_numpy(bool, na_value=False))

    def told(row: np.intp) -> str:
        cells = table.row(int(row))
        given = f"{cells[column]!r} " if table.columns[column].codes[row] >= 0 else ""
        wanted = message if isinstance(message, str) else message[row]
        # braces that text of the data brought along stay
        return given + re.sub(r"\{(\w+)\}", lambda part: cells.get(part[1], part[0]), wanted)

    for finding in table.findings(rows, column, rule.name, map(told, rows)):
        yield finding, (*rule.columns, column)


def having(tables: Tables, columns: str) -> Iterator[tuple[str, Table]]:
    """The tables that have these columns, by their names."""
    return ((name, t) for name, t in tables.items() if {*columns.split()} <= {*t.columns})


def _register(
    rules: list[Rule], name: str, columns: tuple[str, ...], check: _Check, **relations: Any
) -> _Check:
    """Add a rule; they run in the order of their modules, whichever was imported first."""
    rules.append(Rule(name, columns, check, **relations))
    rules.sort(key=lambda rule: rule.check.__module__)
    return check


def table_rule(
    name: str, columns: str = "", *, dates: str = "", numbers: str = "", **relations: Any
) -> Callable[[TableRule], TableRule]:
    """Register a rule for every table that has these columns, of these types where it reckons.

    `relations` are attributes of `Rule`; without them the rule judges each row by itself,
    and without its `kind` it does not run on tables that an engine holds.
    """
    types: dict[str, tuple[str, ...]] = dict.fromkeys(dates.split(), ("date",))
    types |= dict.fromkeys(numbers.split(), ("integer", "number"))
    read = (*columns.split(), *types)
    return partial(_register, TABLE_RULES, name, read, types=types, **relations)


def package_rule(
    name: str,
    columns: str,
    *,
    looks: tuple[Look, ...] = (),
    alike: Callable[[Resource], Collection[str]] = lambda resource: (),
    **needed: str,
) -> Callable[[PackageRule], PackageRule]:
    """Register a rule that looks at several tables and reads these columns of them.

    It runs if each table in `needed` is there and has the columns given there. `looks` and
    `alike` are those of `Rule`.
    """
    relations: dict[str, Any] = {"needed": needed, "looks": looks, "alike": alike}
    return partial(_register, PACKAGE_RULES, name, tuple(columns.split()), **relations)
