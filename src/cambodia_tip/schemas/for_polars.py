"""How pandera checks frames of Polars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandera.polars as pa
import polars as pl  # type: ignore[import-not-found,unused-ignore]

from ..package.model import BOOLEANS, Field
from .shared import ReadsText, columns_to_cast, form, wanted, whole

is_in = pa.Check.isin
is_at_least = pa.Check.ge
is_at_most = pa.Check.le

_DTYPES: dict[str, Any] = {
    "string": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}
_TEXT = (pl.String, pl.Categorical, pl.Enum)


def dtype_of(field: Field) -> Any:
    """The dtype that a field has in a frame."""
    if field.type == "string" and field.categories:
        return pl.Enum(list(field.categories))
    return _DTYPES[field.type]


def matches(pattern: str) -> pa.Check:
    """Each value matches the pattern as a whole."""
    return pa.Check.str_matches(whole(pattern))


def is_single(data: pa.PolarsData) -> pl.LazyFrame:
    """Whether each value occurs once."""
    column = pl.col(data.key)
    return data.lazyframe.select(column.is_null() | column.is_unique())


class DataFrameSchema(ReadsText, pa.DataFrameSchema):
    """A schema that reads text only in the forms of the tables, and checks lazy frames too."""

    get_backend = pa.DataFrameSchema.get_backend  # pandera keeps it by class
    frames, expected = (pl.DataFrame, pl.LazyFrame), "frame of Polars"

    def checked(self, given: Any, check: Callable[[Any], Any], lazy: bool, inplace: bool) -> Any:
        """Check a frame, collected."""
        frame = given.lazy().collect()
        checked = check(self._read(frame, lazy) if self.coerce else frame)
        return checked.lazy() if isinstance(given, pl.LazyFrame) else checked

    def _read(self, frame: pl.DataFrame, lazy: bool) -> pl.DataFrame:
        """Cast the columns of another dtype, if nothing of them is lost."""
        frame = frame.with_columns(
            pl.when(pl.col(n) != "").then(pl.col(n))
            for n, t in frame.schema.items()
            if t == pl.String
        )
        columns = columns_to_cast(self, frame.schema)
        pa.DataFrameSchema(
            {n: pa.Column(checks=_is_readable(c), nullable=True) for n, c in columns.items()},
            name=self.name,
        ).validate(frame.select(list(columns)), lazy=lazy)
        return frame.with_columns(
            _cast(pl.col(n), frame.schema[n], c.dtype.type) for n, c in columns.items()
        )


def _is_readable(column: pa.Column) -> pa.Check:
    """Text has the form for the column; of another value nothing is lost when it is cast."""
    target = column.dtype.type
    codes = target.categories.to_list() if isinstance(target, pl.Enum) else []

    def is_readable(data: pa.PolarsData) -> pl.LazyFrame:
        cells, source = pl.col(data.key), data.lazyframe.collect_schema()[data.key]
        cast = _cast(cells, source, target)
        if source in _TEXT:
            has_form = cells.cast(pl.String).str.contains(whole(form(column)))
            is_right = has_form & cast.is_not_null()
        else:
            is_right = _cast(cast, target, source).eq_missing(cells)
        return data.lazyframe.select(is_right | cells.is_null())

    return pa.Check(is_readable, name="readable", error=wanted(column, codes))


def _cast(column: pl.Expr, source: Any, target: Any) -> pl.Expr:
    """A column in another dtype, null where it cannot be."""
    if source in _TEXT and target == pl.Boolean:
        return column.cast(pl.String).replace_strict(BOOLEANS, default=None, return_dtype=target)
    if source in _TEXT and target == pl.Date:
        return column.cast(pl.String).str.to_date("%Y-%m-%d", strict=False)
    if source in _TEXT:
        return column.cast(pl.String).cast(target, strict=False)
    return column.cast(target, strict=False)
