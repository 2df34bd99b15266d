"""From CSV text to typed frames: the one path that every reader of a table takes."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from threading import RLock

import pandas as pd

from ..errors import CaveatWarning, DataPackageError
from ..package.model import Field, Package, Resource
from ..package.opening import open_package
from ..package.table_names import TableName
from .labels import add_labels, rows_with_caveats

_BOOLEANS = {"true": True, "false": False}
_READING = RLock()
"""pandas swaps the warning filters of the whole process while it reads: one thread at a time."""


def load(table: TableName | str, *, labels: bool = False) -> pd.DataFrame:
    """Load a table as a typed DataFrame.

    Args:
        table: Name of the table; ``tables()`` lists them.
        labels: Whether to add, after each column with a code, a column
            ``<column>_label`` with its name, and as the last column
            ``caveats``, the warnings that hold for the row.

    Returns:
        One row per row of the table, in the order of its key, with the
        columns of its schema. Text is `str`, a whole number `Int64`, a number
        with fractions `Float64`, a truth value `boolean`, a day
        `datetime64[s]`, and a closed list `Categorical` in the order of the
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
    check_size(resource)
    return cast(read_text(resource), resource)


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
    return package, {n: cast(read_text(r), r) for n, r in package.resources.items()}


def read_text(resource: Resource, *, dtype: type = str) -> pd.DataFrame:
    """Read the file of a table as text.

    Args:
        resource: The table.
        dtype: What the columns are to be: `str`, or `object`, which costs less
            memory where texts repeat.

    Returns:
        All columns as text, empty cells as NA; nothing is interpreted, so
        that ``NA`` stays ``NA``.

    Raises:
        DataPackageError: If the file is missing, not UTF-8, cut off, or has
            other columns than the schema.
    """
    name = f"{resource.name} ({resource.path.name})"
    try:
        with _READING, warnings.catch_warnings():
            # of rows that are too long, which the header check finds
            warnings.simplefilter("ignore", pd.errors.ParserWarning)
            frame = pd.read_csv(
                resource.path,
                dtype=dtype,
                keep_default_na=False,
                na_values=[""],
                encoding="utf-8",
                compression=None,
                index_col=False,
                skip_blank_lines=False,
            )
    except FileNotFoundError:
        raise DataPackageError(f"{name}: the file is missing") from None
    except UnicodeDecodeError as error:
        raise DataPackageError(f"{name}: not UTF-8 at byte {error.start}") from None
    except pd.errors.EmptyDataError:
        raise DataPackageError(f"{name}: the file is empty") from None
    except pd.errors.ParserError as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise DataPackageError(f"{name}: no valid CSV: {reason}") from None
    except OSError as error:
        raise DataPackageError(f"{name}: cannot be read: {error.strerror}") from None
    check_header(resource, list(frame.columns))
    return frame


def check_size(resource: Resource) -> None:
    """Check that a file has the size that the descriptor gives.

    A reader takes a file that was cut off for a shorter one; this costs less
    than its hash, which `validate` compares.

    Raises:
        DataPackageError: If it has not.
    """
    try:
        size = resource.path.stat().st_size
    except OSError:
        return  # reading it says what is wrong
    if size != resource.bytes:
        raise DataPackageError(
            f"{resource.name} ({resource.path.name}): has {size} bytes in place of "
            f"{resource.bytes}; it was cut off, or edited without cambodia-tip stamp"
        )


def check_header(resource: Resource, columns: list[str]) -> None:
    """Check that the columns of a file are those of the schema, in that order.

    Raises:
        DataPackageError: If they are not; the message names the difference.
    """
    expected = list(resource.field_names)
    if columns == expected:
        return
    divider = next((sign for sign in ";\t|" if len(columns) == 1 and sign in columns[0]), None)
    if divider:
        raise DataPackageError(
            f"{resource.name} ({resource.path.name}): its cells are divided by {divider!r}; "
            "save it with commas"
        )
    missing = [name for name in expected if name not in columns]
    extra = [name for name in columns if name not in expected]
    if missing or extra:
        parts = [f"lacks the column {name!r}" for name in missing]
        parts += [f"has a column {name!r} that the schema does not know" for name in extra]
        raise DataPackageError(f"{resource.name} ({resource.path.name}): {'; '.join(parts)}")
    raise DataPackageError(
        f"{resource.name} ({resource.path.name}): the columns must stand in the order of the "
        f"schema: {', '.join(expected)}"
    )


def cast(text: pd.DataFrame, resource: Resource) -> pd.DataFrame:
    """Cast text columns to the types of the schema.

    Raises:
        DataPackageError: If a cell is not of its type; the message names
            row and column.
    """
    columns = {}
    for field in resource.fields:
        try:
            columns[field.name] = cast_column(text[field.name], field)
        except (ValueError, TypeError, OverflowError):
            wanted = "none of its codes" if field.categories else f"no {field.type}"
            raise DataPackageError(
                f"{resource.name} ({resource.path.name}), column {field.name!r}: "
                f"a cell is {wanted}; run cambodia-tip validate to see which"
            ) from None
    return pd.DataFrame(columns, index=text.index)


def cast_column(text: pd.Series, field: Field) -> pd.Series:
    """Cast one column of text.

    Raises:
        ValueError: If a cell is not of the type of the field.
    """
    if field.type == "string" and field.categories:
        unknown = text.notna() & ~text.isin(list(field.categories))
        if unknown.any():
            raise ValueError("unknown code")
        return text.astype(pd.CategoricalDtype(list(field.categories), ordered=False))
    if field.type == "integer":
        return text.astype("Int64")
    if field.type == "number":
        return text.astype("Float64")
    if field.type == "boolean":
        values = text.map(_BOOLEANS, na_action="ignore")
        if (values.isna() & text.notna()).any():
            raise ValueError("neither true nor false")
        return values.astype("boolean")
    if field.type == "date":
        if not text.dropna().str.fullmatch(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}").all():
            raise ValueError("not a day")
        return text.astype("datetime64[s]")  # to_datetime of pandas 2 has no days before 1677
    return text
