"""How pandera checks frames of pandas."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.dtypes import DataType, immutable
from pandera.engines import pandas_engine

from ..errors import MissingLibraryError
from ..package.model import READERS, Field
from ..package.patterns import TOO_SLOW, matcher
from .shared import ReadsText, columns_to_cast, field_type, form, wanted

is_in = pa.Check.isin


@immutable
class _Day(pandas_engine.DataType):
    """Dates to the second; that of pandera takes any unit, and casts to nanoseconds."""

    type = np.dtype("datetime64[s]")

    def check(self, pandera_dtype: DataType, data_container: Any = None) -> Any:
        """Whether the dtype is right, and if so for each cell whether it is midnight."""
        if data_container is None or data_container.dtype != self.type:
            return False
        return data_container.isna() | (data_container == data_container.dt.normalize())

    def __str__(self) -> str:
        return f"{self.type} without a time of day"


_DTYPES: dict[str, Any] = {
    "string": str,
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": _Day,
}


def dtype_of(field: Field) -> Any:
    """The dtype that a field has in a frame."""
    if field.type == "string" and field.categories:
        return pd.CategoricalDtype(list(field.categories), ordered=False)
    return _DTYPES[field.type]


def matches(pattern: str) -> pa.Check:
    """Each value matches the pattern as a whole, in bounded time.

    Raises:
        MissingLibraryError: If that takes RE2, which is not installed.
    """
    if matcher(pattern) is None:
        raise MissingLibraryError(f"the pattern {pattern!r} {TOO_SLOW}")
    return pa.Check(
        _is_whole_match, pattern=pattern, name="matches", error=f"str_matches({pattern!r})"
    )


def _is_whole_match(column: pd.Series, pattern: str) -> pd.Series:
    match = matcher(pattern)
    assert match is not None
    return column.map(lambda text: isinstance(text, str) and bool(match(text))).astype(bool)


def is_at_least(limit: Any) -> pa.Check:
    """Each value is the limit or more."""
    return pa.Check.ge(_comparable(limit))


def is_at_most(limit: Any) -> pa.Check:
    """Each value is the limit or less."""
    return pa.Check.le(_comparable(limit))


def _comparable(limit: Any) -> Any:
    return pd.Timestamp(limit) if isinstance(limit, datetime.date) else limit


def is_single(column: pd.Series) -> pd.Series:
    """Whether each value occurs once."""
    return ~column.duplicated(keep=False)


class DataFrameSchema(ReadsText, pa.DataFrameSchema):
    """A schema that reads text only in the forms of the tables, and takes any index."""

    get_backend = pa.DataFrameSchema.get_backend  # pandera keeps it by class
    frames, expected = (pd.DataFrame,), "frame of pandas"

    def checked(self, given: Any, check: Callable[[Any], Any], lazy: bool, inplace: bool) -> Any:
        """Check a frame, with rows by position if pandera cannot report them by name."""
        names_rows = given.index.is_unique
        frame = given if names_rows else given.reset_index(drop=True)
        if self.coerce and frame.columns.is_unique:
            frame = self._read(frame, lazy, inplace)
        checked = check(frame)
        return checked if names_rows else checked.set_axis(given.index[checked.index])

    def _read(self, frame: pd.DataFrame, lazy: bool, inplace: bool) -> pd.DataFrame:
        """Read the cells that are text in columns of another dtype; pandera casts the rest."""
        frame = frame if inplace else frame.copy()
        for name in frame.columns:
            if (frame[name].astype(object) == "").any():
                frame[name] = frame[name].mask(frame[name].astype(object) == "")
        columns = columns_to_cast(self, dict(frame.dtypes))
        texts = {name: frame[name].astype(object).where(_is_text(frame[name])) for name in columns}
        pa.DataFrameSchema(
            {n: pa.Column(checks=_is_readable(c), nullable=True) for n, c in columns.items()},
            name=self.name,
        ).validate(pd.DataFrame(texts), lazy=lazy)
        for name, column in columns.items():
            read = READERS[field_type(column)]
            cells = frame[name].astype(object)
            values = [text if pd.isna(text) else read(text) for text in texts[name]]
            as_read = pd.Series(values, frame.index, dtype=object)  # map would make floats of some
            frame[name] = cells.where(~_is_text(cells), as_read)
        return frame


def _is_text(cells: pd.Series) -> pd.Series:
    return cells.astype(object).map(lambda cell: isinstance(cell, str)).astype(bool)


def _is_readable(column: pa.Column) -> pa.Check:
    """Each text can be read for the column."""
    dtype = column.dtype.type
    codes = list(dtype.categories) if isinstance(dtype, pd.CategoricalDtype) else []
    pattern, read = re.compile(form(column)), READERS[field_type(column)]

    def is_readable(text: str) -> bool:
        if pattern.fullmatch(text) is None or (codes and text not in codes):
            return False
        try:
            read(text)
        except ValueError:  # no day of the calendar
            return False
        return True

    return pa.Check(is_readable, element_wise=True, name="readable", error=wanted(column, codes))
