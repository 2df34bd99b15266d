"""Choose the rows of a table by codes or labels."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

import pandas as pd

from ..errors import UnknownNameError, unknown_name


def rows_where(labeled: pd.DataFrame, table: str, conditions: Iterable[str]) -> pd.Series:
    """Which rows meet all conditions.

    Args:
        labeled: Rows of a table, with labels.
        table: Name of the table.
        conditions: Each ``column=value``, where the value is a code, a label in any case, or the
            text of a cell; an empty value asks for empty cells.

    Returns:
        A boolean for each row, with the index of the frame.

    Raises:
        UnknownNameError: If there is no such column, or no row has the value.

    Examples:
        >>> from cambodia_tip import load
        >>> rows = load("repatriations", labels=True)
        >>> rows_where(rows, "repatriations", ["from_area=malaysia"]).sum() > 1
        np.True_
    """
    chosen = pd.Series(True, labeled.index)
    for condition in conditions:
        column, equals, value = normalize("NFC", condition).partition("=")  # as all cells are
        if not equals:
            raise UnknownNameError(f"a condition must be column=value, not {condition!r}")
        if column not in labeled.columns:
            raise unknown_name("column", column, labeled.columns, table)
        if not value:
            chosen &= labeled[column].isna()
            continue
        names = [name for name in (column, f"{column}_label") if name in labeled.columns]
        cells = [labeled[name].map(_text, na_action="ignore").astype(object) for name in names]
        matching = [texts.str.casefold().eq(value.casefold()) for texts in cells]
        is_match = pd.concat(matching, axis=1).any(axis=1)
        if not is_match.any():
            known = set(pd.concat(cells).dropna())
            raise unknown_name(f"value in {column}", value, known, table)
        chosen &= is_match
    return chosen


def _text(cell: object) -> str:
    """A cell as `show` prints it."""
    if isinstance(cell, pd.Timestamp):
        return cell.date().isoformat()
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
