"""An SQLite database, made with SQLAlchemy.

SQLite takes any value in any column, so that each cell is checked for its type. It cannot match a
pattern without a function from outside; that is the one rule of the schemas that it leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from ..errors import DataPackageError
from ..package.model import Field, Package, Resource
from .relational import Condition, Dialect, tables_of


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a database with these tables.

    Raises:
        OSError: If it cannot be written.
        DataPackageError: If a row breaks a rule of its schema, or a link is dangling.
    """
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(target)))
    try:
        with engine.begin() as connection:
            _fill(connection, package, resources)
    except sa.exc.OperationalError as error:  # a full disk
        raise OSError(str(error.orig)) from None
    except sa.exc.IntegrityError as error:
        raise DataPackageError(f"{error.orig}; run cambodia-tip validate to see where") from None
    finally:
        engine.dispose()


def _fill(connection: sa.Connection, package: Package, resources: Sequence[Resource]) -> None:
    connection.exec_driver_sql("BEGIN")  # else each table would be a write of its own
    for table, rows in tables_of(package, resources, DIALECT).items():
        connection.execute(CreateTable(table))
        names = [column.name for column in table.columns]
        if rows:
            connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])
    # Sources and organizations refer to each other: links are looked at when all rows are there.
    for wrong in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        raise DataPackageError(f"a link of {wrong[0]} to {wrong[2]} is dangling; validate finds it")


def _is_typed(column: sa.ColumnElement[Any], field: Field) -> Condition:
    if field.type == "date":
        # SQLite takes the 30th of February for a day until it has to reckon with it.
        return column.is_(sa.func.date(column, "+0 days"))
    if field.type == "boolean":
        return sa.type_coerce(column, sa.Integer()).in_([0, 1])
    kinds = {"string": "text", "number": "real"}
    return sa.func.typeof(column).in_([kinds.get(field.type, "integer"), "null"])


DIALECT = Dialect(sqlite.dialect(), _is_typed)
