"""The tables as those of a database: keys, checks, a dictionary and a table of all figures.

All of it is derived from the descriptor, once, for SQLite and DuckDB; what one of them does in
its own way comes in as a `Dialect`. Names that are not of the package are ``observations`` and
those of the five tables that begin with ``dictionary_``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import quoted_name

from ..errors import DataPackageError
from ..package.model import Field, ForeignKey, Package, Resource, limit
from .dictionary import OTHER_TYPES, Rule, dictionary_of, shown_key
from .figures_table import OBSERVATIONS, figures_of
from .rows import rows_of

Condition = sa.ColumnElement[bool]
Rows = list[tuple[Any, ...]]

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
    left_out: Collection[tuple[str, ForeignKey]] = ()
    """Foreign keys, with their tables, that the database cannot have."""

    def text(self, statement: Any) -> str:
        """A statement as text, with its values in it."""
        compiled = statement.compile(dialect=self.compiler, compile_kwargs={"literal_binds": True})
        return str(compiled)


def tables_of(
    package: Package, resources: Sequence[Resource], dialect: Dialect
) -> dict[sa.Table, Rows]:
    """The tables with their rows, those of the package first and in this order.

    Raises:
        DataPackageError: If the package has a table of a name that is needed here,
            or that SQLAlchemy reads as that of a table in a schema.
    """
    metadata = sa.MetaData()
    found: dict[sa.Table, Rows] = {}
    for resource in resources:
        name = resource.name
        if name == OBSERVATIONS or name.startswith("dictionary_") or "." in name:
            raise DataPackageError(f"a table cannot be named {name} in a database")
        found[_table(resource, metadata, dialect)] = rows_of(resource)
    figures = figures_of(package, resources)
    if figures:
        columns = [
            sa.Column(quoted_name(c.name, quote=True), TYPES[c.type], comment=c.description)
            for c in figures.fields
        ]
        key, about = sa.PrimaryKeyConstraint("id"), figures.description
        found[sa.Table(OBSERVATIONS, metadata, *columns, key, comment=about)] = figures.rows
    dictionary = dictionary_of(package, resources, figures, partial(_is_enforced, dialect))
    for name, (names, primary, rows) in dictionary.items():
        types = [TYPES[OTHER_TYPES.get(column, "string")] for column in names]
        columns = [sa.Column(*pair, nullable=False) for pair in zip(names, types, strict=True)]
        found[sa.Table(name, metadata, *columns, sa.PrimaryKeyConstraint(*primary))] = rows
    return found


def _is_enforced(dialect: Dialect, resource: Resource, rule: Rule) -> bool:
    """Whether a database sees to it that a rule of the schema is kept."""
    return rule.name != "pattern" and (resource.name, rule.columns, rule.value) not in {
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
