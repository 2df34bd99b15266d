"""From CSV text to typed frames: the one path that every reader of a table takes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..errors import DataPackageError, check_text, unknown_name
from ..package.model import Field, Package, Resource, reader, remembered
from ..package.opening import open_package
from .csv_text import CsvError, is_regular, parse, raise_first
from .files import file_name, read_named_bytes

_ARRAYS: dict[str, tuple[Any, Any, Any]] = {
    "integer": (pd.arrays.IntegerArray, np.int64, 1),
    "number": (pd.arrays.FloatingArray, np.float64, 1.0),
    "boolean": (pd.arrays.BooleanArray, np.bool_, False),
}
"""The array of pandas, the dtype of its values, and what stands where a value is missing."""
Standing = Literal["official", "leaked"]
"""How a document became public."""
Cells = Iterable[Any]
"""The cells of a column: text, or something else where they are empty."""
LARGE = 1 << 20
"""From so many bytes on pandas reads faster than the `csv` module."""


@remembered
def shared_frame(package: Package, table: str) -> pd.DataFrame:
    """The frame of a table, read once and shared: callers must not change it."""
    return read_frame(package.resource(table))


def of_standing(package: Package, frame: pd.DataFrame, standing: Standing | None) -> pd.DataFrame:
    """The rows that rest on documents of one standing; all of a table without documents.

    Raises:
        UnknownNameError: If there is no such standing.
    """
    if standing is None:
        return frame
    check_text("standing", standing)
    codes = list(package.resource("sources").field("standing").categories)
    if standing not in codes:
        raise unknown_name("standing", standing, codes)
    if "source_id" not in frame:
        return frame
    sources = shared_frame(package, "sources")
    fitting = sources.loc[sources["standing"] == standing, "source_id"]
    return frame[frame["source_id"].isin(fitting)].reset_index(drop=True)


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
    return _typed_frame(_texts(resource), resource)


def read_text(resource: Resource) -> pd.DataFrame:
    """Read the file of a table as text.

    Returns:
        All columns as text, empty cells as NA; nothing is interpreted, so
        that ``NA`` stays ``NA``.

    Raises:
        DataPackageError: If the file is missing, is not the one that the descriptor names, or
            has any other error that `csv_text` finds.
    """
    texts = _texts(resource)
    return pd.DataFrame({n: pd.Series(texts.pop(n), dtype=str) for n in resource.field_names})


def _texts(resource: Resource) -> dict[str, np.ndarray]:
    columns, _, errors = parse_columns(read_named_bytes(resource), resource.field_names)
    raise_first(errors, file_name(resource))
    return columns


def parse_columns(
    content: bytes, names: Sequence[str]
) -> tuple[dict[str, np.ndarray], Sequence[int], Sequence[CsvError]]:
    """The readable rows of a file by column, with their lines, and what is wrong with the file.

    An empty cell is missing (None or NaN). Of a large file without errors pandas reads the
    cells, in less time and memory.
    """
    if len(content) > LARGE and is_regular(content, names):
        frame = pd.read_csv(
            io.BytesIO(content),
            dtype=object,
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8",
            index_col=False,
            skip_blank_lines=False,
            low_memory=False,
        )
        lines = range(2, len(frame) + 2)
        return {name: frame.pop(name).to_numpy() for name in names}, lines, ()
    text = parse(content, names)
    return by_column(text.rows, names), text.lines, text.errors


def by_column(rows: Sequence[Sequence[str]], names: Sequence[str]) -> dict[str, np.ndarray]:
    """Rows of text as columns, with None for an empty cell."""
    columns = {name: np.empty(len(rows), dtype=object) for name in names}
    for name, cells in zip(names, zip(*rows, strict=True), strict=bool(rows)):
        columns[name][:] = [cell or None for cell in cells]
    return columns


def frame_of(rows: Sequence[Mapping[str, str]], resource: Resource) -> pd.DataFrame:
    """Rows of text as a typed frame; an empty text is a missing cell.

    Raises:
        DataPackageError: If a cell is not of its type.
    """
    return _typed_frame(
        {n: [row[n] or None for row in rows] for n in resource.field_names}, resource
    )


def cast_column(text: pd.Series, field: Field) -> pd.Series:
    """Cast one column of text.

    Raises:
        ValueError: If a cell is not of the type of the field.
    """
    return pd.Series(_typed(text, field), text.index, name=text.name)


def _typed_frame(columns: Mapping[str, Cells], resource: Resource) -> pd.DataFrame:
    typed = {}
    for field in resource.fields:
        try:
            typed[field.name] = pd.Series(_typed(columns[field.name], field), copy=False)
        except ValueError:
            wanted = "none of its codes" if field.categories else f"no {field.type}"
            raise DataPackageError(
                f"{file_name(resource)}, column {field.name!r}: "
                f"a cell is {wanted}; run cambodia-tip validate to see which"
            ) from None
    return pd.DataFrame(typed, copy=False)


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


def plain(cells: pd.Series) -> list[Any]:
    """The cells of a column as plain Python values."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return [None if pd.isna(cell) else cell.date() for cell in cells]
    return list(cells.astype(object).where(cells.notna(), None))
