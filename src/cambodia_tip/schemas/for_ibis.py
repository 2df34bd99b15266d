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
from pandera.config import ValidationDepth, config_context, get_config_context

from ..package.model import Field
from .shared import form, typed_columns, wanted, whole, without_broken_key

Column = pa.Column

_DTYPES: dict[str, str] = {
    "string": "string",
    "integer": "int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
}


def dtype_of(field: Field) -> Any:
    """The dtype that a field has in a table; that of a code list is text."""
    return ibis.dtype(_DTYPES[field.type])


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


def is_distinct() -> pa.Check:
    """No value occurs twice."""
    return pa.Check(_is_single, name="distinct", error="unique")


def _is_single(data: pa.IbisData) -> dict[str | None, Any]:
    number = ibis._.count().over(group_by=data.key)
    return {data.key: data.table[data.key].isnull() | (number == 1)}


class DataFrameSchema(pa.DataFrameSchema):
    """A schema that casts, reading text only in the forms of the tables."""

    get_backend = pa.DataFrameSchema.get_backend  # pandera keeps it by class

    def validate(
        self,
        check_obj: ibis.Table,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> ibis.Table:
        """Validate a table; see `pandera.ibis.DataFrameSchema.validate`."""
        if not isinstance(check_obj, ibis.Table):
            raise TypeError(f"expected a table of Ibis, got {type(check_obj)}")
        if not get_config_context().validation_enabled:
            return check_obj
        with config_context(validation_depth=_depth(check_obj)):
            schema = without_broken_key(self, check_obj.columns)
            table = self._read(check_obj, lazy) if self.coerce else check_obj
            return pa.DataFrameSchema.validate(
                schema, table, head, tail, sample, random_state, lazy, inplace
            )

    def _read(self, table: ibis.Table, lazy: bool) -> ibis.Table:
        """Cast the columns of another dtype, if nothing of them is lost."""
        texts = [name for name, kind in table.schema().items() if kind.is_string()]
        if texts:
            table = table.mutate(**{name: table[name].nullif("") for name in texts})
        columns = {
            name: column
            for name, column in typed_columns(self, table.columns).items()
            if table[name].type() != column.dtype.type
        }
        if not columns:
            return table
        pa.DataFrameSchema(
            {n: pa.Column(checks=_is_readable(c), nullable=True) for n, c in columns.items()},
            name=self.name,
        ).validate(table.select(*columns), lazy=lazy)
        return table.cast({name: column.dtype.type for name, column in columns.items()})


def _depth(table: ibis.Table) -> ValidationDepth | None:
    """How deep to check: of a table without rows the types, as SQL gives null for all of none."""
    is_empty = table.limit(1).count().execute() == 0
    return ValidationDepth.SCHEMA_ONLY if is_empty else None


def _is_readable(column: pa.Column) -> pa.Check:
    """Text has the form for the column; of another value nothing is lost when it is cast."""
    target = column.dtype.type

    def is_readable(cells: Any) -> Any:
        cast = cells.try_cast(target)
        if cells.type().is_string():
            return cells.re_search(whole(form(column))) & cast.notnull()
        return (cast.try_cast(cells.type()) == cells).fill_null(False)

    return _check(is_readable, wanted(column))
