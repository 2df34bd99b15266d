"""What there is: the tables of the package and the columns of a table."""

from __future__ import annotations

import json

import pandas as pd

from ..package.model import Package, remembered
from ..package.opening import package_or_installed
from ..package.table_names import TableName
from .files import text_rows


def tables(*, package: Package | None = None) -> pd.DataFrame:
    """The tables of the data package.

    Args:
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        One row per table, in the order of the descriptor, with `name`, `title`,
        `rows`, `columns` (numbers of each) and `description`.

    Examples:
        >>> "repatriations" in set(tables()["name"])
        True
    """
    return _tables(package_or_installed(package)).copy()


@remembered
def _tables(package: Package) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": resource.name,
                "title": resource.title,
                "rows": len(text_rows(resource)),
                "columns": len(resource.fields),
                "description": resource.description,
            }
            for resource in package.resources.values()
        ]
    )


def dictionary(table: TableName, *, package: Package | None = None) -> pd.DataFrame:
    """The data dictionary of a table.

    Args:
        table: Name of the table.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        One row per column, in the order of the table, with `name`, `title`,
        `type`, `required`, `key` (whether it is part of the primary key),
        `refers_to` (``table.column`` of a foreign key), `constraints` (the
        others, as JSON), `codes` (those of a code list with their labels, as
        JSON), `example` and `description`.

    Raises:
        UnknownNameError: If there is no such table.

    Examples:
        >>> dictionary("penalties").set_index("name").loc["statute", "refers_to"]
        'statutes.id'
    """
    resource = package_or_installed(package).resource(table)
    targets: dict[str, list[str]] = {}
    for key in resource.foreign_keys:
        for name, reference in zip(key.fields, key.reference_fields, strict=True):
            targets.setdefault(name, []).append(f"{key.resource}.{reference}")
    return pd.DataFrame(
        [
            {
                "name": field.name,
                "title": field.title,
                "type": field.type,
                "required": field.required,
                "key": field.name in resource.primary_key,
                "refers_to": ", ".join(targets.get(field.name, [])),
                "constraints": _json(
                    {k: v for k, v in field.constraints.items() if k not in ("required", "enum")}
                ),
                "codes": _json(dict(field.categories)),
                "example": field.example,
                "description": field.description,
            }
            for field in resource.fields
        ]
    )


def _json(mapping: dict[str, object]) -> str:
    return json.dumps(mapping, ensure_ascii=False) if mapping else ""
