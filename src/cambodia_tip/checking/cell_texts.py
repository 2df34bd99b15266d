"""The cells of frames as the CSV files have them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from ..package.model import BOOLEANS, Field

_MIDNIGHT = datetime.time()


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
