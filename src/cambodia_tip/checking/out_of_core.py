"""Validate packages that are larger than memory, with the checks of `validation`.

Each file is read once, in parts. The texts of a part are checked, and the rules that judge a
row by itself are run. The part then goes into a DuckDB database. It says which keys are there
twice, which links lead nowhere and which rows are alike; only these rows are checked further.
For the other rules each part is read again, with the rows that a rule looks at to judge it.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DataPackageError
from ..package.model import Package, Resource
from ..reading.csv_text import CsvError, parse_blocks
from ..reading.files import read_blocks, size_and_hash
from ..reading.frames import by_column
from ..report import Finding
from .columns import TextTable, table_of
from .keys import (
    MOST_TO_COMPARE,
    Key,
    check_foreign_key,
    check_order,
    check_unique,
    combinations,
)
from .rows import NO_ROWS, check_text_of, independent
from .rules import PACKAGE_RULES, TABLE_RULES, Look, Problem, Rule, Table, findings_of
from .store import Store, joined, last, only, store_in
from .table_rules import inner_links

BATCH = 50_000
"""How many rows are in memory at a time, without those that they are judged with."""
_BLOCK = 1 << 20

Place = tuple[int, ...]
Found = dict[Place, list[tuple[int, Finding, tuple[str, ...]]]]
"""By the place of a rule: lines, findings about them, and the columns that the rule reads."""


def check_tables(package: Package, known: list[Finding]) -> tuple[list[Finding], int]:
    """What is wrong with the tables, after what is known of the descriptor; and their rows.

    Raises:
        OSError: If the database cannot be written.
    """
    with (
        tempfile.TemporaryDirectory(prefix="cambodia-tip-", ignore_cleanup_errors=True) as name,
        store_in(Path(name), package.resources) as store,
    ):
        tables = {n: _read(r, store, Path(name)) for n, r in package.resources.items()}
        check = _Check(package, store, {n: t for n, t in tables.items() if t.is_whole})
        for name in check.tables:
            check.judge(name)
        for table in tables.values():
            known += table.of_file + independent(_in_order(table.of_rules), table.of_text)
        known += check.dangling_links()
        found = independent(_in_order(check.of_package), known)
        return known + found, sum(table.rows for table in check.tables.values())


@dataclass
class _Read:
    """What is known of a table."""

    of_file: list[Finding] = field(default_factory=list)
    """Of its file, then of its cells and keys."""
    of_text: list[Finding] = field(default_factory=list)
    """Those of its cells and keys alone."""
    of_rules: Found = field(default_factory=lambda: defaultdict(list))
    parts: list[Path] = field(default_factory=list)
    rows: int = 0
    is_whole: bool = False
    """Whether its file could be read, so that keys, links and rules can be looked at."""


def _read(resource: Resource, store: Store, folder: Path) -> _Read:
    """Check the file and the cells of a table, and put its rows into the store."""
    name, read = resource.name, _Read()
    digest, size = hashlib.sha256(), 0
    errors: Sequence[CsvError] = ()
    of_cells: dict[Place, list[Finding]] = defaultdict(list)
    order: list[Finding] = []
    before: TextTable | None = None

    def blocks() -> Iterator[bytes]:
        nonlocal size
        for block in read_blocks(resource, _BLOCK):
            digest.update(block)
            size += len(block)
            yield block

    try:
        for text in parse_blocks(blocks(), resource.field_names, BATCH):
            errors = text.errors
            if text.rows:
                cells = by_column(text.rows, resource.field_names)
                table = table_of(resource, cells, text.lines)
                text.rows.clear()
                keys = only(table, resource.primary_key)
                order = order or [*check_order(joined(before, keys))]
                before = last(keys)
                for place, finding in check_text_of(table):
                    of_cells[place].append(finding)
                _run_local_rules(table, read.of_rules)
                store.add(table)
                read.rows += len(table)
                read.parts.append(folder / f"{name}-{len(read.parts)}")
                read.parts[-1].write_bytes(pickle.dumps(table, pickle.HIGHEST_PROTOCOL))
    except DataPackageError as error:
        return _Read([Finding(name, "", "", "file", str(error).partition(": ")[2])])
    found = size_and_hash(resource, size, lambda: f"sha256:{digest.hexdigest()}")
    read.of_file += [Finding(name, "", "", rule, message) for rule, message in found]
    read.of_file += [Finding(name, f"line {e.line}", "", e.rule, e.message) for e in errors]
    read.of_text += [finding for place in sorted(of_cells) for finding in of_cells[place]]
    if errors:
        return _Read(read.of_file + read.of_text)
    if not read.rows:
        read.of_file.append(Finding(name, "", "", "rows", NO_ROWS))
    read.of_text += _doubles(resource, store)
    read.of_file += order + read.of_text
    read.is_whole = True
    return read


def _run_local_rules(table: TextTable, found: Found) -> None:
    """Run the rules that judge a row by itself."""
    cells = Table(table)
    for number, rule in enumerate(TABLE_RULES):
        is_local = not (rule.looks or rule.alike(table.resource) or rule.is_on_circles)
        if is_local and rule.fits(table.resource):
            for place, problem in enumerate(rule.check(cells)):
                found[number, place] += _about(rule, table, problem, table.lines)


def _doubles(resource: Resource, store: Store) -> list[Finding]:
    """What is there more than once."""
    unique = [(f.name,) for f in resource.fields if f.constraints.get("unique")]
    keys = [*dict.fromkeys([resource.primary_key, *unique])]
    columns = dict.fromkeys(name for key in keys for name in key)
    rows = store.rows(resource.name, columns, store.doubled(resource.name, keys))
    fields = tuple(field for field in resource.fields if field.name in columns)
    return [*check_unique(replace(rows, resource=replace(resource, fields=fields)))]


@dataclass
class _Check:
    """The checks of tables that could be read."""

    package: Package
    store: Store
    tables: dict[str, _Read]
    of_package: Found = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.resources = {name: self.package.resources[name] for name in self.tables}
        self.rules = [
            (number, rule)
            for number, rule in enumerate(PACKAGE_RULES)
            if rule.has_needed(self.resources)
        ]
        read: dict[str, list[str]] = defaultdict(list)
        for _, rule in self.rules:
            for name, columns in rule.needed.items():
                read[name] += columns.split()
            for look in rule.looks:
                read[look.target] += f"{look.theirs} {look.columns}".split()
        self.read = {name: dict.fromkeys(columns) for name, columns in read.items()}
        """The columns that rules read of each table that they need."""

    def judge(self, name: str) -> None:
        """Run the rules that need more than a row to judge it on the rows of one table."""
        resource = self.resources[name]
        rules = [(n, r) for n, r in enumerate(TABLE_RULES) if r.fits(resource)]
        looking = [(n, r) for n, r in [*rules, *self.rules] if _looks(r, resource)]
        for part in self.tables[name].parts if looking else ():
            own = pickle.loads(part.read_bytes())
            part.unlink()
            seen: dict[Any, TextTable] = {}
            for number, rule in looking:
                self._run(number, rule, own, seen)
        for number, rule in [*rules, *self.rules]:
            for lines in self._together(rule, resource):
                own = self.store.rows(name, resource.field_names, lines)
                if len(own):
                    self._run(number, rule, own, {})

    def _together(self, rule: Rule, resource: Resource) -> Iterator[str]:
        """Queries for rows that may be wrong because of each other."""
        if columns := rule.alike(resource):
            yield from self.store.alike(resource.name, list(columns), BATCH)
        if rule.is_on_circles:
            for key, link in inner_links(resource):
                yield self.store.on_circles(resource.name, key, link)

    def _run(self, number: int, rule: Rule, own: TextTable, seen: dict[Any, TextTable]) -> None:
        """Run a rule on rows of a table, with the rows that it looks at."""
        name, of_package = own.resource.name, rule in PACKAGE_RULES
        if rule.looks and not of_package:
            own = only(own, dict.fromkeys([*own.resource.primary_key, *rule.columns]))
        tables = self._around(rule, own, seen if of_package else {})
        cells = {name: Table(table) for name, table in tables.items()}
        if of_package:
            found: Found = self.of_package
            place: Place = (number, [*self.package.resources].index(name))
            problems = iter([p for n, p in rule.check(self.package, cells) if n == name])
        else:
            found, place = self.tables[name].of_rules, (number,)
            problems = rule.check(cells[name])
        for nth, problem in enumerate(problems):
            found[*place, nth] += _about(rule, tables[name], problem, own.lines)

    def _around(
        self, rule: Rule, own: TextTable, seen: dict[Any, TextTable]
    ) -> dict[str, TextTable]:
        """A small package: rows of a table, and the rows that a rule looks at to judge them."""
        name = own.resource.name
        tables = {name: own}
        for needed in rule.needed:
            tables.setdefault(needed, self.store.none(needed, self._columns(needed, "")))
        for look in rule.looks:
            if look.home not in ("", "*", name):
                continue
            homes = [*tables.values()] if look.home == "*" else [own]
            keys = frozenset[Key]().union(*(self._keys(home, look) for home in homes))
            for target in {"=": [name], "*": [*self.tables]}.get(look.target, [look.target]):
                read = look.theirs.split() + look.columns.split()
                if not {*read} <= {*self.resources[target].field_names}:
                    continue
                columns: Collection[str] = own.columns
                if target != name:
                    is_needed = target in rule.needed
                    columns = self._columns(target, "" if is_needed else " ".join(read))
                place = look.own, look.home == "*", look.theirs, target, *columns
                if place not in seen or look.home == "*":
                    key = look.theirs.split()
                    seen[place] = self.store.with_keys(target, key, keys, columns)
                tables[target] = joined(tables.get(target), seen[place])
        return tables

    def _keys(self, table: TextTable, look: Look) -> Collection[Key]:
        """The keys that rows have to look for others."""
        if callable(look.own):
            return look.own(table, lambda: self.store.first_words(look.target, look.theirs))
        names = look.own.split()
        if not {*names} <= {*table.columns}:
            return ()
        return combinations([table.columns[name] for name in names])

    def _columns(self, name: str, read: str) -> list[str]:
        """The key of a table and the columns that are read, or else all that any rule reads."""
        known = self.resources[name].field_names
        wanted = dict.fromkeys(read.split()) or self.read.get(name, {})
        columns = dict.fromkeys([*self.resources[name].primary_key, *wanted])
        return [column for column in columns if column in known]

    def dangling_links(self) -> Iterator[Finding]:
        """Links that lead nowhere."""
        for name, resource in self.resources.items():
            for key in resource.foreign_keys:
                if key.resource in self.resources:
                    columns = dict.fromkeys([*resource.primary_key, *key.fields])
                    rows = self.store.rows(name, columns, self.store.dangling(name, key))
                    if len(rows):  # of many keys so many that there is no hint
                        most = MOST_TO_COMPARE + 1
                        target = self.store.keys(key.resource, key.reference_fields, most)
                        yield from check_foreign_key(rows, key, target)


def _looks(rule: Rule, resource: Resource) -> bool:
    """Whether a rule judges rows of a table by rows that they lead to."""
    return any(
        look.home == resource.name
        or (
            look.home == ""
            and (callable(look.own) or {*look.own.split()} <= {*resource.field_names})
        )
        for look in rule.looks
    )


def _about(
    rule: Rule, table: TextTable, problem: Problem, lines: np.ndarray
) -> Iterator[tuple[int, Finding, tuple[str, ...]]]:
    """What a rule finds about the rows on some lines."""
    wrong, column, message = problem
    own = wrong.to_numpy(bool, na_value=False) & np.isin(table.lines, lines)
    found = findings_of(rule, table, (pd.Series(own), column, message))
    for line, (finding, columns) in zip(table.lines[own], found, strict=True):
        yield int(line), finding, columns


def _in_order(found: Found) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Findings rule by rule, and those of a rule in the order of the file."""
    for place in sorted(found):
        for _, finding, columns in sorted(found[place], key=lambda one: one[0]):
            yield finding, columns
