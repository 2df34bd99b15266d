"""A DuckDB database: the statements are SQLAlchemy's, the rows go in as columns.

DuckDB checks each link when a row comes in, and knows no ``ALTER TABLE ... ADD FOREIGN KEY``. So a
table comes after those that it refers to, and a row after the row of its own table that it refers
to. Tables that refer to each other in a circle cannot all have their foreign keys: the fewest that
break every circle are left out, and the table ``dictionary_rules`` says which. For the same reason
the rows of a table that refers to itself cannot all stand in the order of its file.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import CreateTable, SetColumnComment, SetTableComment

from ..errors import DataPackageError
from ..package.model import Field, ForeignKey, Package, Resource
from .figures_view import View
from .relational import Condition, Dialect, Rows, tables_of

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # In bytes, and the smallest. Each key takes a block, which by default is 16 times as large.
    "default_block_size": 16_384,
    # A thread that waits for others does not look whether somebody wants to stop it.
    "threads": 1,
}
_FAILED_TO_WRITE = (
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.FatalException,
    duckdb.OutOfMemoryException,
)


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a database with these tables.

    Raises:
        OSError: If it cannot be written.
        KeyboardInterrupt: If somebody stops it while DuckDB is at work.
        DataPackageError: If a row breaks a rule of its schema, or a link leads nowhere.
    """
    ordered, left_out = in_order(resources)
    dialect = Dialect(DefaultDialect(), _is_typed, _matches, _joined, left_out)
    try:
        with duckdb.connect(str(target), config=_SETTINGS) as connection:
            connection.begin()
            tables, views = tables_of(package, ordered, dialect)
            for table, rows in tables.items():
                _add_table(connection, table, rows, dialect)
            for view in views:
                _add_view(connection, view, dialect)
            connection.commit()
            connection.execute("CHECKPOINT")  # out of the log, which is a file of its own
    except duckdb.ConstraintException as error:
        raise DataPackageError(
            f"{_on_one_line(error)}; run cambodia-tip validate to see where"
        ) from None
    except _FAILED_TO_WRITE as error:
        raise OSError(_reason(error)) from None
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as error:  # how DuckDB passes on a signal that came while it was at work
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None
    if Path(f"{target}.wal").exists():
        raise OSError("a part of the database has stayed in its log")


def _reason(error: duckdb.Error) -> str:
    """What the system said: the rest of the message is about files that nobody else knows."""
    reasons = (os.strerror(number) for number in errno.errorcode)
    return next((r for r in reasons if r in str(error)), "DuckDB could not write the database")


def _on_one_line(error: duckdb.Error) -> str:
    return " ".join(str(error).split())


def _add_table(
    connection: duckdb.DuckDBPyConnection, table: sa.Table, rows: Rows, dialect: Dialect
) -> None:
    connection.execute(dialect.text(CreateTable(table)))
    for batch in _batches(table, rows):
        _insert(connection, table, batch)
    _comment(connection, table, dialect)


def _add_view(connection: duckdb.DuckDBPyConnection, view: View, dialect: Dialect) -> None:
    connection.execute(dialect.view(view))
    columns: list[sa.Column[Any]] = [
        sa.Column(f.name, comment=f"{f.title}. {f.description}") for f in view.table.fields
    ]
    about = f"{view.table.title}. {view.table.description}"
    as_table = sa.Table(view.table.name, sa.MetaData(), *columns, comment=about)
    _comment(connection, as_table, dialect, "VIEW")


def _comment(
    connection: duckdb.DuckDBPyConnection, table: sa.Table, dialect: Dialect, kind: str = "TABLE"
) -> None:
    if table.comment:
        statement = dialect.text(SetTableComment(table))
        connection.execute(statement.replace("COMMENT ON TABLE", f"COMMENT ON {kind}", 1))
    for column in table.columns:
        if column.comment:
            connection.execute(dialect.text(SetColumnComment(column)))


def _insert(connection: duckdb.DuckDBPyConnection, table: sa.Table, rows: Rows) -> None:
    """Insert rows as one list for each column, which costs less than row by row."""
    name = sa.sql.compiler.IdentifierPreparer(DefaultDialect()).format_table(table)
    lists = ", ".join(f"unnest(?::{column.type}[])" for column in table.columns)
    values = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"INSERT INTO {name} SELECT {lists}", values)


def _batches(table: sa.Table, rows: Rows) -> Iterator[Rows]:
    """The rows in turns, each of which refers only to rows of the turns before it."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    key = [places[column.name] for column in table.primary_key]
    links = [
        [places[name] for name in constraint.column_keys]
        for constraint in table.foreign_key_constraints
        if constraint.referred_table is table
    ]
    there: set[tuple[Any, ...]] = set()
    while rows:
        turn: Rows = []
        later: Rows = []
        for row in rows:
            targets = [tuple(row[place] for place in link) for link in links]
            is_ready = all(None in target or target in there for target in targets)
            (turn if is_ready else later).append(row)
        if not turn:
            raise DataPackageError(f"rows of {table.name} refer to each other in a circle")
        there |= {tuple(row[place] for place in key) for row in turn}
        rows = later
        yield turn


def in_order(
    resources: Sequence[Resource],
) -> tuple[list[Resource], list[tuple[str, ForeignKey]]]:
    """The tables, each after those that it refers to, and the foreign keys that this leaves out.

    A table that refers to itself is no circle. Of the ways to break the circles, one that leaves
    out the fewest foreign keys is taken.

    Examples:
        >>> from cambodia_tip.package.opening import open_package
        >>> tables = open_package().resources.values()
        >>> [(table, key.fields) for table, key in in_order(list(tables))[1]]
        [('sources', ('publisher',))]
    """
    by_name = {resource.name: resource for resource in resources}
    keys = [(r.name, key) for r in resources for key in r.foreign_keys if key.resource != r.name]
    ways: list[frozenset[tuple[str, str]]] = [frozenset()]
    while True:  # the way with the fewest keys so far; each step breaks one circle of it
        ways.sort(key=lambda way: sum((name, key.resource) in way for name, key in keys))
        way = ways.pop(0)
        links: dict[str, set[str]] = {name: set() for name in by_name}
        for name, key in keys:
            if (name, key.resource) not in way:
                links[name].add(key.resource)
        try:
            names = list(TopologicalSorter(links).static_order())
        except CycleError as error:  # each table in it is followed by one that refers to it
            ways += [way | {(name, target)} for target, name in pairwise(error.args[1])]
            continue
        left_out = [(name, key) for name, key in keys if (name, key.resource) in way]
        return [by_name[name] for name in names], left_out


def _is_typed(column: sa.ColumnElement[Any], field: Field) -> None:
    return None  # DuckDB has types


def _matches(column: sa.ColumnElement[Any], pattern: str) -> Condition | None:
    if not _can_read(pattern):
        return None
    return sa.func.regexp_full_match(column, pattern, type_=sa.Boolean())


@cache
def _can_read(pattern: str) -> bool:
    """Whether DuckDB reads a pattern as Python does.

    It has none that look ahead, and what it takes for a digit, a letter or a space is ASCII.
    """
    if re.search(r"\\[dDwWsSbB]", pattern):
        return False
    with duckdb.connect() as connection:  # the one of the module belongs to whoever called
        try:
            connection.execute("SELECT regexp_full_match('', ?)", [pattern])
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            return False
    return True


def _joined(text: sa.ColumnElement[Any], order: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.string_agg(text, sa.literal(" | ").op("ORDER BY")(order))
