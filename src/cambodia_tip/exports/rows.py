"""The cells of a table as plain Python values, which every library takes."""

from __future__ import annotations

from typing import Any

from ..errors import DataPackageError
from ..package.model import Resource, reader
from ..reading.files import file_name, text_rows


def columns_of(resource: Resource) -> dict[str, list[Any]]:
    """The columns of a table by name: str, int, float, bool, `datetime.date`, and None.

    Raises:
        DataPackageError: If the file cannot be read as its schema says.
    """
    rows = text_rows(resource)
    columns = {}
    for place, field in enumerate(resource.fields):
        read = reader(field)
        try:
            columns[field.name] = [read(row[place]) if row[place] else None for row in rows]
        except ValueError as error:
            message = f"{file_name(resource)}, column {field.name!r}: {error}"
            raise DataPackageError(message) from None
    return columns


def rows_of(resource: Resource) -> list[tuple[Any, ...]]:
    """The rows of a table, each with its cells in the order of the columns."""
    return list(zip(*columns_of(resource).values(), strict=True))
