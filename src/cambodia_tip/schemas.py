"""pandera schemas, derived from the descriptor."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa

from .package import Field, Resource, open_package
from .tablenames import TableName

_DTYPES: dict[str, Any] = {
    "string": str,
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


def schema(table: TableName | str, *, coerce: bool = False) -> pa.DataFrameSchema:
    """The pandera schema of a table.

    It checks columns and their order, dtypes, closed lists, patterns, bounds,
    missing values and the primary key. What crosses tables (foreign keys, ids,
    sums) is the work of `validate`.

    Args:
        table: Name of the table.
        coerce: Whether columns are cast to the dtypes before they are
            checked, which rows from a CSV file need (read them as text).

    Returns:
        A schema for frames like those of `load`.

    Raises:
        UnknownNameError: If there is no such table.

    Examples:
        >>> from cambodia_tip import load
        >>> checked = schema("penalties").validate(load("penalties"))
        >>> len(checked) == len(load("penalties"))
        True
    """
    return schema_of(open_package().resource(table), coerce=coerce)


def schema_of(resource: Resource, *, coerce: bool = False) -> pa.DataFrameSchema:
    """The pandera schema of a table of any package."""
    return pa.DataFrameSchema(
        {field.name: _column(field) for field in resource.fields},
        name=resource.name,
        title=resource.title,
        description=resource.description,
        unique=list(resource.primary_key) or None,
        strict=True,
        ordered=True,
        coerce=coerce,
    )


def _column(field: Field) -> pa.Column:
    return pa.Column(
        dtype_of(field),
        checks=_checks(field),
        nullable=not field.required,
        unique=False,  # nulls would count as doubles; keys are checked on the frame
        title=field.title,
        description=field.description,
    )


def dtype_of(field: Field) -> Any:
    """The dtype that a field has in a frame."""
    if field.type == "string" and field.categories:
        return pd.CategoricalDtype(list(field.categories), ordered=False)
    return _DTYPES[field.type]


def _checks(field: Field) -> list[pa.Check]:
    constraints = field.constraints
    checks = []
    if "enum" in constraints and not field.categories:
        checks.append(pa.Check.isin(constraints["enum"]))
    if "pattern" in constraints:
        checks.append(pa.Check.str_matches(f"^(?:{constraints['pattern']})$"))
    if "minimum" in constraints:
        checks.append(pa.Check.ge(constraints["minimum"]))
    if "maximum" in constraints:
        checks.append(pa.Check.le(constraints["maximum"]))
    return checks
