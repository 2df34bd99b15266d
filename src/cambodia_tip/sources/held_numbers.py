"""The numbers that records have, against which the numerals in their quotes are held."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from ..package.model import Package, Resource, key_text
from ..parsing.numerals import Numeral, means, numerals
from .documents import Frames

COUNTED = ("digits", "cardinal", "ordinal", "fraction", "multiple")
"""Kinds of numerals that must be accounted for; "a" and "no" need not be."""


class HeldNumbers:
    """The numbers that each row has, by table and id or key; worked out when first asked for."""

    def __init__(self, package: Package, frames: Frames) -> None:
        self._cells: dict[tuple[str, str], list[object]] = {}
        self._numbers: dict[tuple[str, str], list[float]] = {}
        self._links: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for name, frame in frames.items():
            if any(str(column).endswith("quote") for column in frame):
                self._add(package.resource(name), frame)

    def _add(self, resource: Resource, frame: pd.DataFrame) -> None:
        linked = {column for key in resource.foreign_keys for column in key.fields}
        skipped = {*linked, *resource.primary_key, "note", "passage"}
        skipped |= {field.name for field in resource.fields if field.type == "boolean"}
        plain = [n for n in resource.field_names if n not in skipped and not n.endswith("quote")]
        links = [
            (key.fields[0], key.resource)
            for key in resource.foreign_keys
            if key.reference_fields == ("id",) and key.resource != "ids"
        ]
        for row in frame.astype(object).to_dict("records"):
            key = resource.name, key_text(row[part] for part in resource.primary_key)
            self._cells[key] = [row[name] for name in plain]
            for column, target in links:
                if not pd.isna(row[column]):
                    self._links[key].append((target, str(row[column])))
                    self._links[target, str(row[column])].append(key)

    def holds(self, table: str, row: str, numeral: Numeral) -> bool:
        """Whether a row, or one tied to it by a reference, has what the numeral may mean."""
        keys = [(table, row), *self._links.get((table, row), [])]
        return any(means(numeral, number) for key in keys for number in self._of(key))

    def _of(self, key: tuple[str, str]) -> list[float]:
        if key not in self._numbers:
            cells = self._cells.get(key, [])
            self._numbers[key] = [number for cell in cells for number in _numbers_of(cell)]
        return self._numbers[key]


def _numbers_of(cell: object) -> list[float]:
    """Numbers of a cell: itself, the year and day of a date, or those of a text."""
    if isinstance(cell, pd.Timestamp):
        return [cell.year, cell.day]
    if isinstance(cell, str):
        found = [n for n in numerals(cell) if n.kind in COUNTED]
        return [float(n.readings[0]) if n.readings[0] % 1 else int(n.readings[0]) for n in found]
    if pd.isna(cell):  # type: ignore[call-overload]
        return []
    number = float(cell)  # type: ignore[arg-type]
    return [int(number) if number.is_integer() else number]
