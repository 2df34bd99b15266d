"""The cells of a table as plain Python values, which every library takes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from ..package.model import Resource
from ..reading.frames import cast, read_text

_READERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": "true".__eq__,
    "date": datetime.date.fromisoformat,
    "string": str,
}


def columns_of(resource: Resource) -> dict[str, list[Any]]:
    """The columns of a table by name: str, int, float, bool, `datetime.date`, and None.

    Raises:
        DataPackageError: If the file cannot be read as its schema says.
    """
    text = read_text(resource, dtype=object)
    cast(text, resource)  # says where a cell is not of its type
    return {
        field.name: [
            None if cell is None else _READERS[field.type](cell)
            for cell in text[field.name].where(text[field.name].notna(), None)
        ]
        for field in resource.fields
    }


def rows_of(resource: Resource) -> list[tuple[Any, ...]]:
    """The rows of a table, each with its cells in the order of the columns."""
    return list(zip(*columns_of(resource).values(), strict=True))
