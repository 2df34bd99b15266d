"""From CSV text to typed frames: the one path that every reader of a table takes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import pandas as pd

from ..errors import CaveatWarning, DataPackageError
from ..package.model import Field, Package, Resource
from ..package.opening import open_package
from ..package.table_names import TableName
from ..package.values import reader
from .csv_text import CsvError, is_regular, parse, raise_first
from .files import file_name, read_named_bytes
from .labels import add_labels, rows_with_caveats

_ARRAYS: dict[str, tuple[Any, Any, Any]] = {
    "integer": (pd.arrays.IntegerArray, np.int64, 1),
    "number": (pd.arrays.FloatingArray, np.float64, 1.0),
    "boolean": (pd.arrays.BooleanArray, np.bool_, False),
}
"""The array of pandas, the dtype of its values, and what stands where a value is missing."""
Cells = Iterable[Any]
"""The cells of a column: text, or something else where they are empty."""
_LARGE = 1 << 20
"""From so many bytes on pandas reads faster than the `csv` module."""
_READING = RLock()
"""One thread at a time reads a table and warns of it, so that each happens once."""


def load(table: TableName, *, labels: bool = False) -> pd.DataFrame:
    """Load a table as a typed DataFrame.

    Args:
        table: Name of the table; ``tables()`` lists them.
        labels: Whether to add, after each column with a code, a column
            ``<column>_label`` with its name, and as the last column
            ``caveats``, the caveats that apply to the row.

    Returns:
        One row per row of the table, in the order of its key, with the
        columns of its schema. Text is `str`, an integer `Int64`, a number
        with fractions `Float64`, a boolean `boolean`, a date
        `datetime64[s]`, and a code list `Categorical` in the order of the
        schema; partial dates are EDTF text. A missing value is NA.
        Each call gives a fresh frame.

    Raises:
        UnknownNameError: If there is no such table.
        DataPackageError: If the file cannot be read as its schema says.

    Warns:
        CaveatWarning: Once for each table, if rows of it may count the same
            thing twice.

    Examples:
        >>> load("penalties")["minimum"].dtype
        Int64Dtype()
        >>> load("penalties", labels=True)["statute_label"].iloc[0]
        'Law on the Suppression of the Kidnapping, Trafficking and Exploitation of Humans'
    """
    resource = open_package().resource(table)  # an unknown name, of whatever type, is found here
    with _READING:
        frame = shared_frame(resource.name).copy()
        _warn_of_overlaps(resource.name)
    return add_labels(frame, resource, shared_frame) if labels else frame


@cache
def shared_frame(table: str) -> pd.DataFrame:
    """The frame of a table, read once and shared: callers must not change it."""
    resource = open_package().resource(table)
    return read_frame(resource)


@cache
def _warn_of_overlaps(table: str) -> None:
    """Warn, once, where a sum over the table would count something twice."""
    package = open_package()
    if not {"id", "value"} <= set(package.resource(table).field_names):
        return
    caveats = rows_with_caveats(package, shared_frame)
    rows = caveats.loc[caveats["kind"] == "overlap", "row_id"]
    number = int(shared_frame(table)["id"].isin(rows).sum())
    if number:
        warnings.warn(
            f"{number} rows of {table} may count the same thing as other rows: "
            f"read their caveats before you add anything up: "
            f"load({table!r}, labels=True)['caveats']",
            CaveatWarning,
            stacklevel=3,
        )


def read_package(path: str | Path | None = None) -> tuple[Package, dict[str, pd.DataFrame]]:
    """A data package with the typed frames of all its tables.

    Raises:
        DataPackageError: If there is no package, or a table cannot be read.
    """
    package = open_package(path)
    return package, {name: read_frame(r) for name, r in package.resources.items()}


def read_frame(resource: Resource) -> pd.DataFrame:
    """A table as a typed frame.

    Raises:
        DataPackageError: If its file is missing, is not the one that the descriptor names, has
            any other error that `csv_text` finds, or a cell that is not of its type.
    """
    columns, _, errors = parse_columns(read_named_bytes(resource), resource.field_names)
    raise_first(errors, file_name(resource))
    return _typed_frame(columns, resource)


def read_text(resource: Resource) -> pd.DataFrame:
    """Read the file of a table as text.

    Returns:
        All columns as text, empty cells as NA; nothing is interpreted, so
        that ``NA`` stays ``NA``.

    Raises:
        DataPackageError: If the file is missing, is not the one that the descriptor names, or
            has any other error that `csv_text` finds.
    """
    content = read_named_bytes(resource)
    columns, lines, errors = parse_columns(content, resource.field_names)
    raise_first(errors, file_name(resource))
    texts = {name: pd.Series(columns.pop(name), dtype=str) for name in resource.field_names}
    return pd.DataFrame(texts, index=pd.RangeIndex(len(lines)))


def parse_columns(
    content: bytes, names: Sequence[str]
) -> tuple[dict[str, np.ndarray], Sequence[int], Sequence[CsvError]]:
    """The readable rows of a file by column, with their lines, and what is wrong with the file.

    An empty cell is missing (None or NaN). Of a large file without errors pandas reads the
    cells, in less time and memory.
    """
    if len(content) > _LARGE and is_regular(content, names):
        frame = pd.read_csv(
            io.BytesIO(content),
            dtype=object,
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8",
            index_col=False,
            skip_blank_lines=False,
        )
        lines = range(2, len(frame) + 2)
        return {name: frame.pop(name).to_numpy() for name in names}, lines, ()
    text = parse(content, names)
    columns = {name: np.empty(len(text.rows), dtype=object) for name in names}
    for name, cells in zip(names, zip(*text.rows, strict=True), strict=bool(text.rows)):
        columns[name][:] = [cell or None for cell in cells]
    return columns, text.lines, text.errors


def frame_of(rows: Sequence[Mapping[str, str]], resource: Resource) -> pd.DataFrame:
    """Rows of text as a typed frame; an empty text is a missing cell.

    Raises:
        DataPackageError: If a cell is not of its type.
    """
    return _typed_frame(
        {n: [row[n] or None for row in rows] for n in resource.field_names}, resource
    )


def cast(text: pd.DataFrame, resource: Resource) -> pd.DataFrame:
    """Cast text columns to the types of the schema.

    Raises:
        DataPackageError: If a cell is not of its type; the message names the column.
    """
    return _typed_frame({n: text[n] for n in resource.field_names}, resource, text.index)


def cast_column(text: pd.Series, field: Field) -> pd.Series:
    """Cast one column of text.

    Raises:
        ValueError: If a cell is not of the type of the field.
    """
    return pd.Series(_typed(text, field), text.index, name=text.name)


def _typed_frame(
    columns: Mapping[str, Cells], resource: Resource, index: pd.Index | None = None
) -> pd.DataFrame:
    typed = {}
    for field in resource.fields:
        try:
            typed[field.name] = pd.Series(_typed(columns[field.name], field), index, copy=False)
        except ValueError:
            wanted = "none of its codes" if field.categories else f"no {field.type}"
            raise DataPackageError(
                f"{file_name(resource)}, column {field.name!r}: "
                f"a cell is {wanted}; run cambodia-tip validate to see which"
            ) from None
    return pd.DataFrame(typed, index, copy=False)


def _typed(cells: Cells, field: Field) -> Any:
    """An array of the type of a field; a cell that is not text is missing."""
    if field.type == "string" and not field.categories:
        return pd.Series(cells, dtype=str).array
    if field.type == "string":
        codes = list(field.categories)
        places = {code: place for place, code in enumerate(codes)}
        try:
            found = [places[cell] if isinstance(cell, str) else -1 for cell in cells]
        except KeyError:
            raise ValueError("unknown code") from None
        dtype = pd.CategoricalDtype(codes, ordered=False)
        return pd.Categorical.from_codes(found, dtype=dtype, validate=False)
    read = reader(field)
    values = [read(cell) if isinstance(cell, str) else None for cell in cells]
    if field.type == "date":
        return np.array(values, dtype="datetime64[s]")  # pandas would count nanoseconds
    kind, dtype, filler = _ARRAYS[field.type]
    missing = np.array([value is None for value in values], dtype=bool)
    return kind(np.array([filler if v is None else v for v in values], dtype=dtype), missing)
