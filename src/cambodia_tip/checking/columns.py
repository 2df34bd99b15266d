"""A table as text, each distinct text of a column kept once.

A table of a million rows has few distinct texts in most of its columns. Kept
this way it takes little more memory than its file, and what is asked of a text
is asked once.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from importlib.util import find_spec
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd

from ..package.model import BOOLEANS, Field, Resource, key_text
from ..reading.csv_text import CsvError, is_regular
from ..reading.frames import LARGE, cast_column, parse_columns
from ..report import Finding

Positions = np.ndarray
"""Positions of rows in their table, from 0."""
_MIDNIGHT = datetime.time()


@dataclass
class TextColumn:
    """The cells of a column.

    Attributes:
        distinct: The distinct texts, as an array of objects; None in place
            of one that was blanked.
        codes: For each row the place of its text in `distinct`; -1 where it is empty.
    """

    distinct: np.ndarray
    codes: np.ndarray

    @cached_property
    def all_texts(self) -> frozenset[str]:
        """The distinct texts."""
        return frozenset(self.distinct.tolist()) - {None}

    def rows_with(self, codes: Collection[int]) -> Positions:
        """The rows with one of these texts."""
        return np.flatnonzero(np.isin(self.codes, list(codes)))

    def blank(self, codes: Collection[int]) -> None:
        """Empty the cells with one of these texts."""
        self.codes = np.where(np.isin(self.codes, list(codes)), -1, self.codes)
        self.distinct = self.distinct.copy()
        self.distinct[list(codes)] = None
        self.__dict__.pop("all_texts", None)

    def objects(self) -> np.ndarray:
        """The text of each row, None where it is empty."""
        with_empty: np.ndarray = np.append(self.distinct, [None])
        return with_empty.take(self.codes)


@dataclass
class TextTable:
    """The rows of a table as text."""

    resource: Resource
    columns: dict[str, TextColumn]
    lines: np.ndarray
    """For each row its line in the file, that of the header being 1, or its place in a frame."""
    place: str = "line"
    """What `lines` are: lines of a file, or rows of a frame."""

    def __len__(self) -> int:
        return len(self.lines)

    def names(self, rows: Positions | Sequence[int]) -> list[str]:
        """How a finding names rows: by key, or by line where the key is not whole."""
        key = [self.columns[name] for name in self.resource.primary_key]
        names = []
        for row in rows:
            parts = [str(c.distinct[c.codes[row]]) for c in key if c.codes[row] >= 0]
            is_whole = len(parts) == len(key)
            names.append(key_text(parts) if is_whole else f"{self.place} {self.lines[row]}")
        return names

    def findings(
        self, rows: Positions | Sequence[int], column: str, rule: str, message: str | Iterable[str]
    ) -> Iterator[Finding]:
        """What is wrong with each of these rows, with one message for all or one for each."""
        messages = repeat(message) if isinstance(message, str) else message
        for name, text in zip(self.names(rows), messages, strict=False):
            yield Finding(self.resource.name, name, column, rule, text)

    def row(self, row: int) -> dict[str, str]:
        """The texts of a row, that of an empty cell being ``nothing``."""
        return {
            name: column.distinct[column.codes[row]] if column.codes[row] >= 0 else "nothing"
            for name, column in self.columns.items()
        }

    def typed(self, name: str) -> pd.Series:
        """A column cast to its type; text as objects, so that equal texts share their memory.

        Raises:
            ValueError: If a cell is not of the type of the field.
        """
        column, field = self.columns[name], self.resource.field(name)
        if field.type == "string":
            return pd.Series(column.objects(), dtype=object)
        distinct = pd.Series(np.append(column.distinct, [None]), dtype=object)
        return cast_column(distinct, field).take(column.codes).reset_index(drop=True)


def read_table(resource: Resource, content: bytes) -> tuple[TextTable, Sequence[CsvError]]:
    """The rows of a file that can be read, and what is wrong with the file."""
    names = resource.field_names
    if len(content) > LARGE and find_spec("pyarrow") and is_regular(content, names):
        columns = _arrow_columns(content, names)
        return TextTable(resource, columns, np.arange(2, len(columns[names[0]].codes) + 2)), ()
    texts, lines, errors = parse_columns(content, names)
    return table_of(resource, texts, lines), errors


def table_of(
    resource: Resource, texts: dict[str, np.ndarray], lines: Sequence[int] | np.ndarray
) -> TextTable:
    """A table of these texts, which are taken out of `texts`."""
    columns = {name: column_of(texts.pop(name)) for name in list(texts)}
    return TextTable(resource, columns, np.array(lines, dtype=np.int64))


def _arrow_columns(content: bytes, names: Sequence[str]) -> dict[str, TextColumn]:
    """The columns of a file without errors, read by Arrow in half of the time."""
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow import csv

    options = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
    )
    read = csv.ReadOptions(use_threads=False)
    table = csv.read_csv(pa.py_buffer(content), read_options=read, convert_options=options)
    columns = {}
    for name in names:
        encoded = table[name].combine_chunks().dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        columns[name] = TextColumn(encoded.dictionary.to_numpy(zero_copy_only=False), codes)
    return columns


def column_of(texts: np.ndarray) -> TextColumn:
    """A column of texts, with None where a cell is empty."""
    codes, distinct = pd.factorize(texts)
    return TextColumn(np.asarray(distinct, dtype=object), codes.astype(np.int32))


def same_cells(columns: Sequence[TextColumn]) -> np.ndarray:
    """One code for each distinct combination of cells, an empty cell being one of them."""
    joint = np.zeros(len(columns[0].codes), np.int64)
    for column in columns:
        joint, _ = pd.factorize(joint * (len(column.distinct) + 1) + column.codes + 1)
    return joint


def distinct(columns: Sequence[TextColumn]) -> tuple[list[tuple[str | None, ...]], np.ndarray]:
    """The distinct combinations of texts, None for an empty cell, and which of them each row has.

    There may be more that no row has.
    """
    if len(columns) == 1 and len(columns[0].distinct) <= len(columns[0].codes):
        return [*zip(columns[0].distinct.tolist()), (None,)], columns[0].codes
    joint = same_cells(columns)
    first = np.flatnonzero(~pd.Series(joint).duplicated())
    return [*zip(*(column.objects()[first] for column in columns), strict=True)], joint


def texts_of(cells: Sequence[Any], field: Field) -> np.ndarray:
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
