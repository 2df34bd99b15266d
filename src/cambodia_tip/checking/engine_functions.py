"""Rules that read texts, as a function that an engine runs on many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ibis  # type: ignore[import-not-found,import-untyped,unused-ignore]
import numpy as np
import pandas as pd
import pyarrow  # type: ignore[import-not-found,import-untyped,unused-ignore]

from ..package.model import Resource
from .columns import TextTable, column_of
from .engine_cells import SEPARATOR
from .rules import Rule, Table

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "duckdb": ibis.udf.scalar.pyarrow,
    "pyspark": ibis.udf.scalar.pandas,
}
"""How engines that run functions of Python on many rows at once take them."""


def columns_read(rules: Sequence[Rule], resource: Resource) -> list[str]:
    """The columns that rules ask for."""
    columns = {name: column_of(np.empty(0, dtype=object)) for name in resource.field_names}
    table = Table(TextTable(resource, columns, np.arange(0)))
    for rule in rules:
        for _ in rule.check(table):
            pass
    return [name for name in table.asked if name in columns]


def reader(resource: Resource, names: Sequence[str], rules: Sequence[Rule]) -> Callable[[Any], Any]:
    """What says of rows whether they break a rule; it takes their cells, each row in one text."""

    def breaks(cells: Any) -> Any:
        as_list = cells.to_list if isinstance(cells, pd.Series) else cells.to_pylist
        rows = [row.split(SEPARATOR) for row in as_list()]
        texts = np.array(rows, dtype=object).reshape(len(rows), len(names)).T
        texts[texts == ""] = None
        columns = dict(zip(names, map(column_of, texts), strict=True))
        table = Table(TextTable(resource, columns, np.arange(len(rows))))
        wrong = np.zeros(len(rows), bool)
        for rule in rules:
            for found, *_ in rule.check(table):
                wrong |= found.to_numpy(bool, na_value=False)
        return pd.Series(wrong) if isinstance(cells, pd.Series) else pyarrow.array(wrong)

    return breaks
