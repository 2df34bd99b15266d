"""The tables as those of a database: keys, checks, a dictionary and a view of all figures.

All of it is derived from the descriptor, once, for SQLite and DuckDB; what one of them does in
its own way comes in as a `Dialect`. Names that are not of the package are those of the five tables
that begin with ``dictionary_``, of the table ``figure_series``, and of two views:
``caveats_by_row`` and ``figures``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import quoted_name

from ..errors import DataPackageError
from ..package.model import Field, ForeignKey, Package, Resource
from ..package.values import limit
from .dictionary import NUMBERS, TRUTHS, Described, Rule, dictionary_of, shown_key
from .figures_view import CAVEATS, FIGURES, SERIES, View, series_of, views_of
from .rows import rows_of

Condition = sa.ColumnElement[bool]
Rows = list[tuple[Any, ...]]

_OWN_NAMES = (CAVEATS, FIGURES, SERIES)
_MAY_BE_MISSING = ("time_period",)
"""The columns of the tables that are not of the package in which a cell may be empty."""

TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "string": sa.Text(),
    "integer": sa.BigInteger(),
    "number": sa.Double(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
}


@dataclass(frozen=True)
class Dialect:
    """What differs between two databases."""

    compiler: sa.Dialect
    is_typed: Callable[[sa.ColumnElement[Any], Field], Condition | None]
    """The check that a cell is of its type, where the database has to be told."""
    matches: Callable[[sa.ColumnElement[Any], str], Condition | None]
    """The check of a pattern, if the database can do it."""
    joined: Callable[[sa.ColumnElement[Any], sa.ColumnElement[Any]], sa.ColumnElement[Any]]
    """Texts of a group joined by a bar, in the order of another column."""
    left_out: Collection[tuple[str, ForeignKey]] = ()
    """Foreign keys, with their tables, that the database cannot have."""

    def text(self, statement: Any) -> str:
        """A statement as text, with its values in it."""
        compiled = statement.compile(dialect=self.compiler, compile_kwargs={"literal_binds": True})
        return str(compiled)

    def view(self, view: View) -> str:
        """The statement that makes a view."""
        return f"CREATE VIEW {view.table.name} AS {self.text(view.query)}"


def tables_of(
    package: Package, resources: Sequence[Resource], dialect: Dialect
) -> tuple[dict[sa.Table, Rows], list[View]]:
    """The tables with their rows, those of the package first and in this order, and the views.

    Raises:
        DataPackageError: If the package has a table of a name that is needed here,
            or that SQLAlchemy reads as that of a table in a schema.
    """
    metadata = sa.MetaData()
    found: dict[sa.Table, Rows] = {}
    for resource in resources:
        if (
            resource.name in _OWN_NAMES
            or resource.name.startswith("dictionary_")
            or "." in resource.name
        ):
            raise DataPackageError(f"a table cannot be named {resource.name} in a database")
        found[_table(resource, metadata, dialect)] = rows_of(resource)
    views = views_of(resources, {table.name: table for table in found}, dialect.joined)
    series = series_of(resources)
    others = [view.table for view in views]
    parts = {}
    if series is not None:
        others.append(series[0])
        parts[SERIES] = series[1]
    parts |= dictionary_of(package, resources, others, partial(_is_enforced, dialect))
    about = {other.name: f"{other.title}. {other.description}" for other in others}
    comments = {
        (other.name, field.name): f"{field.title}. {field.description}"
        for other in others
        for field in other.fields
    }
    for name, (columns, key, rows) in parts.items():
        table = sa.Table(
            name,
            metadata,
            *(
                sa.Column(
                    column,
                    _type_of(column),
                    nullable=column in _MAY_BE_MISSING,
                    comment=comments.get((name, column)),
                )
                for column in columns
            ),
            sa.PrimaryKeyConstraint(*key),
            comment=about.get(name),
        )
        found[table] = rows
    return found, views


def _type_of(column: str) -> sa.types.TypeEngine[Any]:
    """The type of a column that is not of the package."""
    kind = "integer" if column in NUMBERS else "boolean" if column in TRUTHS else "string"
    return TYPES[kind]


def _is_enforced(dialect: Dialect, resource: Resource, rule: Rule) -> bool:
    """Whether a database sees to it that a rule of the schema is kept."""
    if rule.name == "pattern":
        return dialect.matches(sa.column(rule.columns[0]), rule.value) is not None
    return (resource.name, rule.columns, rule.value) not in {
        (table, key.fields, shown_key(key)) for table, key in dialect.left_out
    }


def _table(resource: Resource, metadata: sa.MetaData, dialect: Dialect) -> sa.Table:
    columns = [
        sa.Column(
            quoted_name(field.name, quote=True),  # databases reserve more words than are known here
            TYPES[field.type],
            nullable=not field.required and field.name not in resource.primary_key,
            comment=f"{field.title}. {field.description}",
        )
        for field in resource.fields
    ]
    keys = [
        sa.ForeignKeyConstraint(
            key.fields, [f"{key.resource}.{name}" for name in key.reference_fields]
        )
        for key in resource.foreign_keys
        if (resource.name, key) not in dialect.left_out
    ]
    checks = [
        sa.CheckConstraint(condition, name=f"{resource.name}_{field.name}_{rule}")
        for field in resource.fields
        for rule, condition in _checks(field, dialect)
        if condition is not None
    ]
    doubles = [
        sa.UniqueConstraint(field.name)
        for field in resource.fields
        if field.constraints.get("unique") and resource.primary_key != (field.name,)
    ]
    return sa.Table(
        quoted_name(resource.name, quote=True),
        metadata,
        *columns,
        sa.PrimaryKeyConstraint(*resource.primary_key),
        *doubles,
        *keys,
        *checks,
        comment=f"{resource.title}. {resource.description}",
        info={
            "label_field": resource.label_field,
            "described": {field.name: Described.of(field) for field in resource.fields},
        },
    )


def _checks(field: Field, dialect: Dialect) -> Iterator[tuple[str, Condition | None]]:
    name = quoted_name(field.name, quote=True)
    column: sa.ColumnElement[Any] = sa.column(name, TYPES[field.type])
    constraints = field.constraints
    yield "type", dialect.is_typed(column, field)
    if "enum" in constraints:
        yield "enum", column.in_(constraints["enum"])
    elif field.type == "string":
        yield "text", column != ""  # an empty cell is a missing one
    if "minimum" in constraints:
        yield "minimum", column >= limit(field, "minimum")
    if "maximum" in constraints:
        yield "maximum", column <= limit(field, "maximum")
    if "pattern" in constraints:
        yield "pattern", dialect.matches(column, constraints["pattern"])
