"""Check rows in a frame as `validate` checks those in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import nearest
from ..package.model import Package, Resource
from ..package.opening import package_or_installed
from ..package.table_names import TableName
from ..reading.frames import read_text
from ..report import Finding, Report, unique_findings
from .columns import TextTable, column_of, texts_of
from .keys import check_foreign_keys
from .rules import PACKAGE_RULES, Rule
from .validation import check_rows

if TYPE_CHECKING:
    import polars

_ENGINES = ("duckdb", "pyspark")
"""Engines that check the tables of Ibis which they hold; those of others are read into memory."""
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
        frame: The rows: a pandas or Polars frame, or an Ibis table. DuckDB and PySpark check a
            table where it is, so only rows that may be wrong are read into memory. Cells are typed
            as `load` gives them, or text as in the CSV files.
        table: Name of the table.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        A report, whose `findings` name each row by its key, or by its position from 0 if
        the key is not complete. Errors in the rows never raise. Its notes name what was
        not checked, such as rules on quotes where PySpark has no workers that can run them.

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
    rows: Any = frame
    library = type(rows).__module__.partition(".")[0]
    is_held = library == "ibis" and hasattr(rows, "schema")
    is_held = is_held and rows.get_backend().name in _ENGINES
    names, cells, number = (list(rows.columns), {}, 0) if is_held else _cells(rows)
    if header := list(_check_header(names, resource, {"caveats", *package.resources})):
        number = int(rows.count().execute()) if is_held else number
        return Report(tuple(header), _subject(number, table))
    links = {key.resource for key in resource.foreign_keys}.difference(_OF_ANOTHER_PACKAGE)
    listed = {name: _keys(package.resource(name)) for name in links}
    skipped: tuple[Rule, ...] = ()
    own: Keys = {}
    if is_held:
        from .in_engine import find_suspects  # it needs Ibis

        text, own, number, skipped = find_suspects(rows, resource, listed)
    else:
        columns = {f.name: column_of(texts_of(cells[f.name], f)) for f in resource.fields}
        text = TextTable(resource, columns, np.arange(number), "row")
    findings = check_rows(text, skipped)
    if table in listed:
        own = own or {name: text.columns[name].objects() for name in resource.primary_key}
        listed[table] = {n: np.concatenate([keys, own[n]]) for n, keys in listed[table].items()}
    findings += check_foreign_keys(text, {n: _target(package, n, k) for n, k in listed.items()})
    notes = [
        "not checked: whether documents have the quotes and the words for codes (verify does)",
        "not checked: rules that need whole packages (validate does): "
        + ", ".join(dict.fromkeys(rule.name for rule in PACKAGE_RULES)),
    ]
    if skipped:
        left_out = ", ".join(dict.fromkeys(rule.name for rule in skipped))
        notes.append(f"not checked, since this engine cannot run them: {left_out}")
    return Report(unique_findings(findings), _subject(number, table), tuple(notes))


def _subject(number: int, table: str) -> str:
    return f"{number} {'row' if number == 1 else 'rows'} as {table}"


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


Keys = Mapping[str, np.ndarray]
"""The texts of the key of each row, by column."""


def _keys(resource: Resource) -> Keys:
    frame = read_text(resource)
    return {
        name: frame[name].astype(object).where(frame[name].notna(), None).to_numpy()
        for name in resource.primary_key
    }


def _target(package: Package, name: str, keys: Keys) -> TextTable:
    columns = {name: column_of(texts) for name, texts in keys.items()}
    return TextTable(package.resource(name), columns, np.arange(0))
