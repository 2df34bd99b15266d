"""Load a table, with labels, from documents of one standing."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd

from ..errors import CaveatWarning
from ..package.model import Package
from ..package.opening import package_or_installed
from ..package.table_names import TableName
from .files import text_rows
from .frames import Standing, of_standing, shared_frame
from .records import add_records


def load(
    table: TableName,
    *,
    labels: bool = False,
    standing: Standing | None = None,
    warn: bool = True,
    package: Package | None = None,
) -> pd.DataFrame:
    """Load a table as a typed DataFrame.

    Args:
        table: Name of the table; ``tables()`` lists them.
        labels: Whether to add, after each column with a code, a column
            ``<column>_label`` with its name, or with the record where the code is the id of
            a record of any table; what other tables link to the row, as text in a
            column with the name of that table (such as ``agreement_parties``);
            and in tables with ids, as the last column ``caveats``, the caveats that apply
            to the row.
        standing: ``official`` leaves out the records that rest on leaked documents,
            ``leaked`` the others. Tables without ``source_id`` stay whole: code lists, and
            links between records, such as ``conflicts``, where `labels` then adds no record
            from the documents that are left out.
        warn: Whether to warn if rows may count the same thing twice. With `labels` the
            caveats are in the frame, and no warning is given.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        One row per row of the table, in the order of its key, with the
        columns of its schema. Text is `str`, an integer `Int64`, a number
        with fractions `Float64`, a boolean `boolean`, a date
        `datetime64[s]`, and a code list `Categorical` in the order of the
        schema; partial dates are EDTF text. A missing value is NA.
        Each call gives a new frame. Its ``attrs["cambodia_tip"]`` has the version and the
        content hash of the data package.

    Raises:
        UnknownNameError: If there is no such table or standing.
        DataPackageError: If the file cannot be read as its schema says.

    Warns:
        CaveatWarning: Once for each table, if rows of it may count the same
            thing twice.

    Examples:
        >>> load("penalties")["minimum"].dtype
        Int64Dtype()
        >>> load("penalties", labels=True)["statute_label"].iloc[0]
        'Law on the Suppression of the Kidnapping, Trafficking and Exploitation of Humans'
        >>> agreements = load("agreements", labels=True).set_index("id")
        >>> agreements.loc["agreement-2009-vietnam-identification", "agreement_parties"]
        'Royal Government of Cambodia; Government of Vietnam'
        >>> load("conflicts", labels=True).query("kind == 'tier'")["second_id_label"].iloc[0]
        'Tier placements: Tier 2 Watch List, 2013, United States Department of State (tip-2013)'
    """
    package = package_or_installed(package)
    resource = package.resource(table)  # an unknown name, of whatever type, is found here
    frame = of_standing(package, shared_frame(package, table), standing)
    frame = add_records(package, frame, resource, standing) if labels else frame.copy()
    frame.attrs = attributes(package)
    if warn and not labels:
        warn_once(package, table, lambda package: _overlap(package, table))
    return frame


def attributes(package: Package) -> dict[Any, Any]:
    """What a frame says of the data package that it is from."""
    found = {"version": package.version, "contentHash": package.descriptor["contentHash"]}
    return {"cambodia_tip": found}


def warn_once(package: Package, key: str | None, warning: Callable[[Package], str]) -> None:
    """Warn, once for each package and key, where a sum would count something twice.

    Args:
        package: The data package.
        key: A table, or None for all figures.
        warning: Gives the text of the warning; an empty one where nothing is to be said.
    """
    with package._lock:
        if ("warned", key) not in package._memory:
            text = warning(package)
            package._memory["warned", key] = True
            if text:
                warnings.warn(text, CaveatWarning, stacklevel=3)


def _overlap(package: Package, table: str) -> str:
    number = overlapping(package, table)
    rows = f"{number} rows of {table} may count the same thing as other rows"
    if number == 1:
        rows = f"1 row of {table} may count the same thing as another row"
    warning = (
        f"{rows}: read the caveats before you add anything up. "
        f"load({table!r}, labels=True) shows them; warn=False leaves this warning out"
    )
    return warning if number else ""


def overlapping(package: Package, table: str) -> int:
    """How many rows of a table of figures have a caveat of the kind overlap."""
    is_of_figures = {"id", "value"} <= set(package.resource(table).field_names)
    if not is_of_figures or not {"caveats", "row_caveats"} <= set(package.resources):
        return 0
    overlaps = {row["id"] for row in _texts(package, "caveats") if row["kind"] == "overlap"}
    links = _texts(package, "row_caveats")
    rows = {link["row_id"] for link in links if link["caveat_id"] in overlaps}
    return int(shared_frame(package, table)["id"].isin(rows).sum())


def _texts(package: Package, table: str) -> list[dict[str, str]]:
    """The rows of a table as text, for which pandas would take five times as long."""
    resource = package.resource(table)
    return [dict(zip(resource.field_names, row, strict=True)) for row in text_rows(resource)]
