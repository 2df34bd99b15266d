"""A DuckDB database: the statements are SQLAlchemy's, the rows go in as columns.

DuckDB checks each link when a row comes in, and cannot add a foreign key later. A table therefore
comes after those that it refers to. Foreign keys within a table, and those that close a circle of
tables, are left out; the table ``dictionary_rules`` says which.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import CreateTable, SetColumnComment, SetTableComment

from ..errors import DataPackageError
from ..package.model import ForeignKey, Package, Resource
from .relational import Dialect, Rows, tables_of

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,  # a main thread that waits for others does not see Ctrl-C
    "default_block_size": 16_384,  # the smallest: each key takes one, by default 16 times as large
}


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a database with these tables.

    Raises:
        OSError: If it cannot be written, or DuckDB cannot have a file there.
        KeyboardInterrupt: If it is interrupted while DuckDB is at work.
        DataPackageError: If a row breaks a rule of its schema, or a link is dangling.
    """
    if "?" in str(target.parent):  # DuckDB would put its log where the path before it leads
        raise OSError("DuckDB opens no file in a folder with a question mark in its path")
    ordered, left_out = in_order(resources)
    dialect = Dialect(DefaultDialect(), lambda column, field: None, left_out)
    try:
        with duckdb.connect(str(target), config=_CONFIG) as connection:
            connection.begin()
            for table, rows in tables_of(package, ordered, dialect).items():
                connection.execute(dialect.text(CreateTable(table)))
                if rows:
                    _insert(connection, table, rows)
                connection.execute(dialect.text(SetTableComment(table)))
                for column in table.columns:
                    connection.execute(dialect.text(SetColumnComment(column)))
            connection.commit()
            connection.execute("CHECKPOINT")  # a full disk is an error here, and none at the end
    except duckdb.ConstraintException as error:
        text = " ".join(str(error).split())
        raise DataPackageError(f"{text}; run cambodia-tip validate to see where") from None
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        # what the system said: the rest of the message is about files that nobody else knows
        reasons = (os.strerror(number) for number in errno.errorcode)
        reason = next((reason for reason in reasons if reason in str(error)), "DuckDB failed")
        raise OSError(reason) from None
    except RuntimeError as error:  # how DuckDB passes on a signal
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None
    if Path(f"{target}.wal").exists():
        raise OSError("a part of the database has stayed in its log")


def _insert(connection: duckdb.DuckDBPyConnection, table: sa.Table, rows: Rows) -> None:
    """Insert rows as one list for each column, which costs less than row by row."""
    name = sa.sql.compiler.IdentifierPreparer(DefaultDialect()).format_table(table)
    lists = ", ".join(f"unnest(?::{column.type}[])" for column in table.columns)
    values = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"INSERT INTO {name} SELECT {lists}", values)


def in_order(resources: Sequence[Resource]) -> tuple[list[Resource], list[tuple[str, ForeignKey]]]:
    """The tables, each after those that it refers to, and the foreign keys that this leaves out.

    Examples:
        >>> from cambodia_tip.package.opening import open_package
        >>> package = open_package()
        >>> tables = [package.resource(name) for name in ("sources", "organizations")]
        >>> ordered, left_out = in_order(tables)
        >>> [table.name for table in ordered]
        ['organizations', 'sources']
        >>> [(name, *key.fields) for name, key in left_out]
        [('organizations', 'source_id'), ('organizations', 'parent')]
    """
    ordered: list[Resource] = []
    left_out: list[tuple[str, ForeignKey]] = []
    remaining = {resource.name: resource for resource in resources}

    def missing(resource: Resource) -> list[ForeignKey]:
        return [
            key
            for key in resource.foreign_keys
            if key.resource in remaining and key.resource != resource.name
        ]

    links = Counter(key.resource for resource in resources for key in resource.foreign_keys)
    while remaining:  # in a circle, the table first that the most refer to
        found = min(remaining.values(), key=lambda one: (len(missing(one)), -links[one.name]))
        left_out += [(found.name, key) for key in missing(found)]
        left_out += [(found.name, key) for key in found.foreign_keys if key.resource == found.name]
        ordered.append(remaining.pop(found.name))
    return ordered, left_out
