"""Check primary keys, the order of rows, and foreign keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..errors import nearest
from ..package.model import ForeignKey
from ..package.values import key_text
from ..report import Finding
from .columns import TextColumn, TextTable, joint_codes

Key = str | tuple[str, ...]

MOST_TO_COMPARE = 20_000
"""Pairs of an unknown and a known key that are compared for a hint."""


def check_unique(table: TextTable) -> Iterator[Finding]:
    """No key twice, and no text twice in a column whose texts must be unique."""
    key = table.resource.primary_key
    for field in table.resource.fields:
        if field.constraints.get("unique") and key != (field.name,):
            double = _doubles(table.columns[field.name].codes)
            for name, row in zip(table.names(double), double, strict=True):
                text = table.columns[field.name].distinct[table.columns[field.name].codes[row]]
                message = f"{text!r} is there more than once; it must be there only once"
                yield Finding(table.resource.name, name, field.name, "unique", message)
    double = _doubles(joint_codes([table.columns[name] for name in key]))
    for name in dict.fromkeys(table.names(double)):
        message = f"the key {name!r} is there more than once; it must be there only once"
        yield Finding(table.resource.name, name, ", ".join(key), "primary-key", message)


def _doubles(codes: np.ndarray) -> np.ndarray:
    """Positions of the rows whose code another row has too."""
    filled = codes[codes >= 0]
    if not len(filled):
        return filled
    return np.flatnonzero((codes >= 0) & (np.bincount(filled) > 1)[codes])


def check_order(table: TextTable) -> Iterator[Finding]:
    """Rows are in the order of the key."""
    key = table.resource.primary_key
    later = np.zeros(max(len(table) - 1, 0), bool)
    equal = ~later
    for name in key:
        texts = np.where(table.columns[name].codes < 0, "", table.columns[name].objects())
        before, after = texts[:-1], texts[1:]
        later |= equal & (before > after).astype(bool)
        equal &= (before == after).astype(bool)
    if later.any():
        row = int(np.flatnonzero(later)[0]) + 1
        column = ", ".join(key)
        message = f"rows must be sorted by {column}; cambodia-tip stamp sorts them"
        name = table.names([row])[0]
        yield Finding(table.resource.name, name, column, "order", message)


def check_foreign_keys(table: TextTable, tables: Mapping[str, TextTable]) -> Iterator[Finding]:
    """Every reference must lead to a row."""
    for key in table.resource.foreign_keys:
        if key.resource in tables:
            yield from _check_foreign_key(table, key, tables[key.resource])


def _check_foreign_key(table: TextTable, key: ForeignKey, target: TextTable) -> Iterator[Finding]:
    column = ", ".join(key.fields)
    own = [table.columns[name] for name in key.fields]
    empty = np.array([cells.codes < 0 for cells in own])
    half = np.flatnonzero(empty.any(axis=0) & ~empty.all(axis=0))
    for name in table.names(half):
        message = "fill all of these columns or none"
        yield Finding(table.resource.name, name, column, "foreign-key", message)
    known = _combinations([target.columns[name] for name in key.reference_fields])
    orphans = _combinations(own) - known
    if not orphans:
        return
    hints = _hints(orphans, known)
    rows = np.flatnonzero(~empty.any(axis=0))
    texts = _texts([cells.objects()[rows] for cells in own])
    wrong = [place for place, text in enumerate(texts) if text in orphans]
    for name, place in zip(table.names(rows[wrong]), wrong, strict=True):
        hint = hints.get(texts[place], "add it there, or correct it here")
        message = f"{_shown(texts[place])!r} is not in {key.resource}; {hint}"
        yield Finding(table.resource.name, name, column, "foreign-key", message)


def _combinations(columns: list[TextColumn]) -> frozenset[Key]:
    """The distinct keys in rows that have all their parts."""
    if len(columns) == 1:
        return columns[0].all_texts
    joint = joint_codes(columns)
    codes, first = np.unique(joint, return_index=True)
    return frozenset(_texts([column.objects()[first[codes >= 0]] for column in columns]))


def _texts(parts: list[np.ndarray]) -> list[Key]:
    return list(parts[0]) if len(parts) == 1 else list(zip(*parts, strict=True))


def _shown(key: Key) -> str:
    return key if isinstance(key, str) else key_text(key)


def _hints(orphans: frozenset[Key], known: frozenset[Key]) -> dict[Key, str]:
    """What may have been meant, where there is little to look through."""
    if len(known) * len(orphans) > MOST_TO_COMPARE:
        return {}
    names = [_shown(key) for key in known]
    similar = {orphan: nearest(_shown(orphan), names, 0.8) for orphan in orphans}
    return {orphan: f"did you mean {name!r}?" for orphan, name in similar.items() if name}
