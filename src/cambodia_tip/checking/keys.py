"""Check primary keys, the order of rows, and foreign keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

import numpy as np
import pandas as pd

from ..errors import nearest
from ..package.model import ForeignKey, key_text
from ..report import Finding
from .columns import TextColumn, TextTable, distinct

Key = str | tuple[str | None, ...]

MOST_TO_COMPARE = 20_000
"""Pairs of an unknown and a known key that are compared for a hint."""


def check_unique(table: TextTable) -> Iterator[Finding]:
    """No key twice, and no text twice in a column whose texts must be unique."""
    key = table.resource.primary_key
    for field in table.resource.fields:
        if field.constraints.get("unique") and key != (field.name,):
            column = table.columns[field.name]
            double = _doubles([column])
            told = [
                f"{text!r} is there more than once; it must be there only once"
                for text in column.distinct[column.codes[double]]
            ]
            yield from table.findings(double, field.name, "unique", told)
    double = _doubles([table.columns[name] for name in key])
    for name in dict.fromkeys(table.names(double)):
        message = f"the key {name!r} is there more than once; it must be there only once"
        yield Finding(table.resource.name, name, ", ".join(key), "primary-key", message)


def _doubles(columns: Sequence[TextColumn]) -> np.ndarray:
    """Positions of the rows whose key is whole and that of another row too."""
    codes = pd.DataFrame({place: column.codes for place, column in enumerate(columns)})
    whole = codes[(codes >= 0).all(axis=1)]
    return whole.index[whole.duplicated(keep=False)].to_numpy()


def check_order(table: TextTable) -> Iterator[Finding]:
    """Rows are in the order of the key."""
    key = table.resource.primary_key
    columns = (table.columns[name] for name in key)
    keys = zip(*(np.where(c.codes < 0, "", c.objects()) for c in columns), strict=True)
    message = f"rows must be sorted by {', '.join(key)}; cambodia-tip stamp sorts them"
    early = (row for row, (before, after) in enumerate(pairwise(keys), 1) if before > after)
    yield from table.findings([*islice(early, 1)], ", ".join(key), "order", message)


def check_foreign_keys(table: TextTable, tables: Mapping[str, TextTable]) -> Iterator[Finding]:
    """Every reference must lead to a row."""
    for key in table.resource.foreign_keys:
        if key.resource in tables:
            yield from check_foreign_key(table, key, tables[key.resource])


def check_foreign_key(table: TextTable, key: ForeignKey, target: TextTable) -> Iterator[Finding]:
    """Every reference of one kind must lead to a row, and must be whole."""
    column = ", ".join(key.fields)
    own = [table.columns[name] for name in key.fields]
    empty = np.array([cells.codes < 0 for cells in own])
    half = np.flatnonzero(empty.any(axis=0) & ~empty.all(axis=0))
    message = "fill all of these columns or none"
    yield from table.findings(half, column, "foreign-key", message)
    known = combinations([target.columns[name] for name in key.reference_fields])
    orphans = combinations(own) - known
    if not orphans:
        return
    is_little = len(known) * len(orphans) <= MOST_TO_COMPARE
    names = [_shown(key) for key in known] if is_little else []
    keys, place = distinct(own)
    told = {}
    for code, parts in enumerate(keys):
        if (parts if len(parts) > 1 else parts[0]) in orphans:
            similar = nearest(key_text(parts), names, 0.8)
            hint = f"did you mean {similar!r}?" if similar else "add it there, or correct it here"
            told[code] = f"{key_text(parts)!r} is not in {key.resource}; {hint}"
    rows = np.flatnonzero(np.isin(place, list(told)))
    yield from table.findings(rows, column, "foreign-key", [told[code] for code in place[rows]])


def combinations(columns: list[TextColumn]) -> frozenset[Key]:
    """The distinct keys in rows that have all their parts."""
    if len(columns) == 1:
        return columns[0].all_texts
    whole = np.logical_and.reduce([column.codes >= 0 for column in columns])
    return frozenset(distinct([TextColumn(c.distinct, c.codes[whole]) for c in columns])[0])


def _shown(key: Key) -> str:
    return key if isinstance(key, str) else key_text(key)
