"""How pandera checks tables of Ibis, by queries.

Its own checks join each result to the rows by position, which few databases can do; those
here compare a column in place. Its schemas cast nothing, and its columns ignore `unique`.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller
from typing import Any

import ibis  # type: ignore[import-not-found,import-untyped,unused-ignore]
import pandera.ibis as pa
from pandera.config import ValidationDepth, config_context

from ..package.model import Field
from .shared import ReadsText, columns_to_cast, form, wanted, whole

_DTYPES = {"integer": "int64", "number": "float64"}
"""Those that have another name than the type of a field."""


def dtype_of(field: Field) -> Any:
    """The dtype that a field has in a table; that of a code list is text."""
    return ibis.dtype(_DTYPES.get(field.type, field.type))


def is_in(values: list[str]) -> pa.Check:
    """Each value is one of these."""
    return _check(methodcaller("isin", values), f"isin({values})")


def matches(pattern: str) -> pa.Check:
    """Each value matches the pattern as a whole."""
    return _check(methodcaller("re_search", whole(pattern)), f"str_matches({pattern!r})")


def is_at_least(limit: Any) -> pa.Check:
    """Each value is the limit or more."""
    return _check(methodcaller("__ge__", limit), f"greater_than_or_equal_to({limit})")


def is_at_most(limit: Any) -> pa.Check:
    """Each value is the limit or less."""
    return _check(methodcaller("__le__", limit), f"less_than_or_equal_to({limit})")


def _check(condition: Callable[[Any], Any], error: str) -> pa.Check:
    return pa.Check(_is_right, condition=condition, name="rule", error=error)


def _is_right(data: pa.IbisData, condition: Callable[[Any], Any]) -> Any:
    """Whether each value keeps to a condition, which makes an expression of a column."""
    column = data.table[data.key]
    return column.isnull() | condition(column)


def is_single(data: pa.IbisData) -> dict[str | None, Any]:
    """Whether each value occurs once."""
    number = ibis._.count().over(group_by=data.key)
    return {data.key: data.table[data.key].isnull() | (number == 1)}


class DataFrameSchema(ReadsText, pa.DataFrameSchema):
    """A schema that casts, reading text only in the forms of the tables."""

    get_backend = pa.DataFrameSchema.get_backend  # pandera keeps it by class
    frames, expected = (ibis.Table,), "table of Ibis"

    def checked(self, given: Any, check: Callable[[Any], Any], lazy: bool, inplace: bool) -> Any:
        """Check a table, of which without rows only the types: SQL gives null for all of none."""
        is_empty = given.limit(1).count().execute() == 0
        with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY if is_empty else None):
            return check(self._read(given, lazy) if self.coerce else given)

    def _read(self, table: ibis.Table, lazy: bool) -> ibis.Table:
        """Cast the columns of another dtype, if nothing of them is lost."""
        texts = [name for name, kind in table.schema().items() if kind.is_string()]
        if texts:
            table = table.mutate(**{name: table[name].nullif("") for name in texts})
        columns = columns_to_cast(self, table.schema())
        if not columns:
            return table
        pa.DataFrameSchema(
            {n: pa.Column(checks=_is_readable(c), nullable=True) for n, c in columns.items()},
            name=self.name,
        ).validate(table.select(*columns), lazy=lazy)
        return table.cast({name: column.dtype.type for name, column in columns.items()})


def _is_readable(column: pa.Column) -> pa.Check:
    """Text has the form for the column; of another value nothing is lost when it is cast."""
    target = column.dtype.type

    def is_readable(cells: Any) -> Any:
        cast = cells.try_cast(target)
        if cells.type().is_string():
            return cells.re_search(whole(form(column))) & cast.notnull()
        return (cast.try_cast(cells.type()) == cells).fill_null(False)

    return _check(is_readable, wanted(column))
