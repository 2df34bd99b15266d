"""Check rows in a frame as `validate` checks those in a file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import nearest
from ..package.model import BOOLEANS, Field, Package, Resource
from ..package.opening import package_or_installed
from ..package.table_names import TableName
from ..reading.frames import read_text
from ..report import Finding, Report, unique_findings
from .columns import TextTable, column_of
from .keys import check_foreign_keys
from .rules import names_of_package_rules
from .validation import check_rows

if TYPE_CHECKING:
    import polars

_MIDNIGHT = datetime.time()
_OF_ANOTHER_PACKAGE = ("ids", "passages", "sources")
"""Tables of ids and documents: rows of your own have others than the package."""


def check(
    frame: pd.DataFrame | polars.DataFrame | polars.LazyFrame | Any,
    table: TableName,
    *,
    package: Package | None = None,
) -> Report:
    """Check rows of your own against a table: its schema, its links and its rules.

    The checks are those of `validate` that need one table: types, code lists, patterns, required
    and unique cells, the key, links to the code lists and entities of the package (and to other
    rows of the frame), and the rules, such as that the number is in its quote. Ids and documents
    may be your own. The order of rows and columns does not matter, nor whether the key is the
    index.

    Args:
        frame: The rows: a pandas or Polars frame, or an Ibis table, which is read into memory.
            Cells are typed as `load` gives them, or text as in the CSV files.
        table: Name of the table.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        A report, whose `findings` name each row by its key, or by its position from 0 if
        the key is not complete. Errors in the rows never raise. Its notes name what was
        not checked.

    Raises:
        UnknownNameError: If there is no such table.
        TypeError: If `frame` is not a frame.

    Examples:
        >>> from cambodia_tip import load
        >>> rows = load("repatriations", warn=False)
        >>> check(rows, "repatriations").valid
        True
        >>> wrong = check(rows.head(1).assign(unit="person"), "repatriations")
        >>> print(wrong.findings[0].message)
        'person' is not in units; did you mean 'persons'?
    """
    package = package_or_installed(package)
    resource = package.resource(table)
    names, cells, number = _cells(frame)
    subject = f"{number} {'row' if number == 1 else 'rows'} as {table}"
    if header := list(_check_header(names, resource, {"caveats", *package.resources})):
        return Report(tuple(header), subject)
    columns = {field.name: column_of(_texts(cells[field.name], field)) for field in resource.fields}
    text = TextTable(resource, columns, np.arange(number), "row")
    findings = check_rows(text)
    links = [key for key in resource.foreign_keys if key.resource not in _OF_ANOTHER_PACKAGE]
    targets = {key.resource: _target(package, key.resource, text) for key in links}
    findings += check_foreign_keys(text, targets)
    skipped = ", ".join(dict.fromkeys(names_of_package_rules()))
    notes = (
        "not checked: whether documents have the quotes and the words for codes (verify does)",
        f"not checked: rules that need whole packages (validate does): {skipped}",
    )
    return Report(unique_findings(findings), subject, notes)


def _cells(frame: Any) -> tuple[list[str], dict[str, list[Any]], int]:
    """The names of the columns of a frame, their cells, and the number of its rows.

    Raises:
        TypeError: If it is not a frame.
    """
    library = type(frame).__module__.partition(".")[0]
    if isinstance(frame, pd.DataFrame):
        if any(frame.index.names):
            frame = frame.reset_index(allow_duplicates=True)
        columns = {str(name): list(cells) for name, cells in frame.items()}
    elif library == "polars" and hasattr(frame, "lazy"):
        columns = frame.lazy().collect().to_dict(as_series=False)
    elif library == "ibis" and hasattr(frame, "to_pyarrow"):
        columns = frame.to_pyarrow().to_pydict()
    else:
        raise TypeError(
            f"frame must be a pandas or Polars frame or an Ibis table, not {type(frame).__name__}"
        )
    names = [str(name) for name in frame] if isinstance(frame, pd.DataFrame) else list(columns)
    return names, columns, len(next(iter(columns.values()), []))


def _check_header(names: Sequence[str], resource: Resource, joined: Set[str]) -> Iterator[Finding]:
    """Each column of the table is there once, and no other."""
    known = resource.field_names
    other = [name for name in dict.fromkeys(names) if name not in known]
    labels = [name for name in other if name.removesuffix("_label") in known]
    labeled = [name for name in other if name in labels or name in joined] if labels else []
    if labeled:
        message = "are columns that load(labels=True) adds; load without labels, or drop them"
        yield Finding(resource.name, "", ", ".join(labeled), "header", message)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Finding(resource.name, "", name, "header", "this column is a duplicate")
        if name not in known and name not in labeled:
            hint = nearest(name, known)
            message = f"is not a column of {resource.name}" + (
                f"; did you mean {hint!r}?" if hint else ""
            )
            yield Finding(resource.name, "", name, "header", message)
    if missing := [name for name in known if name not in names]:
        message = "these columns are missing" if len(missing) > 1 else "this column is missing"
        yield Finding(resource.name, "", ", ".join(missing), "header", message)


def _texts(cells: Sequence[Any], field: Field) -> np.ndarray:
    """The cells of a column as the CSV files have them; None where one is empty."""
    texts = np.empty(len(cells), dtype=object)
    texts[:] = [_text(cell, field) for cell in cells]
    return texts


def _text(cell: Any, field: Field) -> str | None:
    if isinstance(cell, np.ndarray):  # it compares each of its elements
        return str(cell)
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell or cell == "":
        return None
    if field.type == "boolean" and cell in BOOLEANS:
        cell = BOOLEANS[cell]
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell)).lower()
    if isinstance(cell, datetime.datetime) and cell == datetime.datetime.combine(cell, _MIDNIGHT):
        return cell.date().isoformat()
    if isinstance(cell, (float, np.floating, Decimal)):
        exact = Decimal(str(cell))
        is_whole = exact == exact.to_integral_value()
        return f"{exact.to_integral_value() if is_whole else exact:f}"
    return str(cell)


def _target(package: Package, name: str, own: TextTable) -> TextTable:
    """A table that rows link to; where it is their own, with them."""
    resource = package.resource(name)
    frame = read_text(resource)
    texts = {
        n: frame[n].astype(object).where(frame[n].notna(), None).to_numpy()
        for n in resource.primary_key
    }
    if name == own.resource.name:
        texts = {n: np.concatenate([cells, own.columns[n].objects()]) for n, cells in texts.items()}
    columns = {n: column_of(cells) for n, cells in texts.items()}
    return TextTable(resource, columns, np.arange(len(frame)))
