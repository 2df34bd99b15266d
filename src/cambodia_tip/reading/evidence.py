"""From a record to its quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import pandas as pd

from ..errors import UnknownNameError, shown, unknown_name
from ..package.model import Package, remembered
from ..package.opening import package_or_installed
from .frames import shared_frame
from .labels import caveats_by_row

_BEHIND = {name: name for name in ("quote", "source_id")}
Rows = pd.DataFrame | pd.Series | str | Iterable[str]


def evidence(rows: Rows, *, package: Package | None = None) -> pd.DataFrame:
    """Find the quote, the paragraph and the document behind records.

    Args:
        rows: Records of any table that has ids: a frame with a column or an index
            ``id``, a row of it, a series or a list of ids, or one id.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        One row per row asked for, in the same order, with `id`, `table`, `quote`,
        `source_id`, `passage`, `heading` (printed above the paragraph, may be
        missing), `title`, `published` (EDTF text), `standing` (``official`` or ``leaked``),
        `extent` (how much of the document is held; the record of one that is not held has no
        quote), `url`, `url_status` (whether it was opened), `citation_key` (of the document in
        ``cite(rows, format="bibtex")``) and `caveats` (the caveats that apply to the
        row, joined by ``" | "``, missing if there are none).

    Raises:
        UnknownNameError: If an id does not exist, or is retired, or a row has another quote
            or source than in the package; the message names the nearest id, or what
            replaced it.
        TypeError: If `rows` are something else, or a frame has no ids.

    Examples:
        >>> evidence("repatriation-2018-mfaic-2017-malaysia")["quote"].iloc[0]
        '382 victims from Malaysia'
    """
    package = package_or_installed(package)
    wanted = row_ids(rows)
    _, homes = _homes(package)
    for row in wanted:
        if row not in homes.index:
            raise unknown_id(package, row, "id", homes.index)
    tables = dict.fromkeys(homes[row] for row in wanted or homes.index[:1])
    found = pd.concat([_behind(package, table) for table in tables]).loc[wanted]
    if changed := changed_cell(rows, found, _BEHIND):
        raise UnknownNameError(changed)
    return found.reset_index()


@remembered
def _behind(package: Package, table: str) -> pd.DataFrame:
    """What is behind each record of a table, by its id."""
    found = shared_frame(package, table)[["id", "quote", "source_id", "passage"]].copy()
    found.insert(1, "table", table)
    passages = shared_frame(package, "passages")[["source_id", "passage", "heading"]]
    found = found.merge(passages, how="left", on=["source_id", "passage"])
    found = found.merge(_documents(package), how="left", on="source_id")
    found["citation_key"] = found["source_id"]
    found["caveats"] = found["id"].map(caveats_by_row(package))
    return found.set_index("id")


def unknown_id(package: Package, row: str, kind: str, known: Iterable[str]) -> UnknownNameError:
    """Build the error for an id that is not that of a record of a kind.

    Args:
        package: The data package.
        row: The id.
        kind: What it was taken for.
        known: The ids of that kind, of which the nearest is named.
    """
    ids, homes = _homes(package)
    if row in homes.index:
        return UnknownNameError(f"{shown(row)} is not a {kind}, but a record of {homes[row]}")
    if row in _documents(package).index:
        return UnknownNameError(f"{shown(row)} is a document, not a row; cite() cites it")
    if row in ids.index:
        return UnknownNameError(_retired(row, ids))
    for resource in package.resources.values():
        key = resource.primary_key
        if len(key) == 1 and row in shared_frame(package, resource.name)[key[0]].to_list():
            return UnknownNameError(
                f"{shown(row)} is a code of {resource.name}, which has no quote; "
                'leave out what has none: rows.dropna(subset="quote")'
            )
    return unknown_name(kind, row, known)


@remembered
def _homes(package: Package) -> tuple[pd.DataFrame, pd.Series]:
    """The table `ids` by id, and the table of each id that is in use."""
    ids = shared_frame(package, "ids").set_index("id")
    return ids, ids.loc[ids["retired"].isna(), "table"]


@remembered
def _documents(package: Package) -> pd.DataFrame:
    """What is said of the document behind a record, by its id."""
    columns = ["source_id", "title", "published", "standing", "extent", "url", "url_status"]
    return shared_frame(package, "sources")[columns].set_index("source_id")


def _retired(row: str, ids: pd.DataFrame) -> str:
    """Since when an id is not in use, and which one is in its place by now."""
    other = row
    for _ in ids.index:  # which a circle could not outlast
        if pd.isna(ids["replaced_by"][other]):
            break
        other = ids["replaced_by"][other]
    is_live = pd.isna(ids["retired"][other])
    instead = f"{other!r} took its place" if is_live else "nothing took its place"
    return f"the id {row!r} is retired since {ids['retired'][row]}; {instead}"


def changed_cell(rows: Rows, own: pd.DataFrame, columns: Mapping[str, str]) -> str | None:
    """Say which cell of given rows is not that of the package, which would answer for another.

    Args:
        rows: Rows, with some of the columns; ids alone have nothing to compare.
        own: What the package has, with the ids in the index, in the order of the rows.
        columns: Columns to compare, with their names in `own`.

    Returns:
        The beginning of a message, or None if no cell was changed.
    """
    if not isinstance(rows, (pd.DataFrame, pd.Series)):
        return None
    names = rows.columns if isinstance(rows, pd.DataFrame) else rows.index
    for name in columns.keys() & set(names):
        given = [rows[name]] if isinstance(rows, pd.Series) else rows[name]
        for row, *cells in zip(own.index, given, own[columns[name]], strict=True):
            here, there = map(_plain, cells)
            if here != there:
                is_text = isinstance(here, str) and isinstance(there, Real)
                found = "the text " * is_text + _in_words(here)
                return (
                    f"{row} has the {name} {_in_words(there)} in the package, and {found} here; "
                    "pass rows as they were loaded"
                )
    return None


def _plain(cell: Any) -> Any:
    """A cell that is equal to another where both say the same."""
    if pd.isna(cell):
        return None
    return cell.date().isoformat() if isinstance(cell, pd.Timestamp) else cell


def _in_words(cell: object) -> str:
    return f"{cell:.15g}" if isinstance(cell, Real) else shown(cell)


def row_ids(rows: Rows) -> list[str]:
    """The ids that are meant by a frame, a series, a list or one id.

    Raises:
        TypeError: If they are something else, or a frame has no ids.
    """
    if isinstance(rows, str):
        return [rows]
    if isinstance(rows, pd.Series) and "id" in rows.index:
        return [str(rows["id"])]
    if isinstance(rows, pd.Series) and "source_id" in rows.index:
        return [str(rows.name)]  # a row of a frame with the ids in its index
    if not isinstance(rows, Iterable):
        raise TypeError(
            f"rows must be a DataFrame, a Series, an id or a list of ids, not {type(rows).__name__}"
        )
    if isinstance(rows, pd.DataFrame):
        if "id" not in rows.columns and rows.index.name != "id":
            raise TypeError("the DataFrame needs a column or an index named 'id'")
        rows = rows["id"] if "id" in rows.columns else rows.index
    ids = list(rows)
    for row in ids:
        if not isinstance(row, str):
            raise TypeError(
                f"an id must be a str, not {type(row).__name__}; pass rows or ids, not values"
            )
    return ids
