"""Names in place of codes, and the caveats of rows, for people who read a table."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..package.model import Package, Resource
from ..package.opening import open_package


def add_labels(
    frame: pd.DataFrame, resource: Resource, load: Callable[[str], pd.DataFrame]
) -> pd.DataFrame:
    """Add a column with names after each column with codes.

    Codes are the columns with a code list and those that refer to a table
    whose schema names a ``labelField``. Tables whose rows may carry caveats
    get a last column ``caveats``.

    Args:
        frame: Rows of the table.
        resource: The table.
        load: Gives the frame of a table by its name.
    """
    names = {
        field.name: frame[field.name].astype(object).map(dict(field.categories))
        for field in resource.fields
        if field.categories and field.name in frame
    }
    package = open_package()
    for key in resource.foreign_keys:
        label = package.resource(key.resource).label_field
        if label and len(key.fields) == 1 and key.fields[0] in frame:
            target = load(key.resource).set_index(key.reference_fields[0])[label]
            names[key.fields[0]] = frame[key.fields[0]].map(target)
    columns = {}
    for column in frame.columns:
        columns[column] = frame[column]
        if column in names:
            columns[f"{column}_label"] = names[column]
    labelled = pd.DataFrame(columns, index=frame.index)
    if resource.primary_key == ("id",) and "id" in frame:
        labelled["caveats"] = frame["id"].map(caveats_by_row(package, load))
    return labelled


def rows_with_caveats(package: Package, load: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """One row per row and caveat: row_id, caveat_id, kind, label, description."""
    if not {"row_caveats", "caveats"} <= set(package.resources):
        return pd.DataFrame(columns=["row_id", "caveat_id", "kind", "label", "description"])
    caveats = load("caveats")[["id", "kind", "label", "description"]]
    return load("row_caveats").merge(caveats.rename(columns={"id": "caveat_id"}), on="caveat_id")


def caveats_by_row(package: Package, load: Callable[[str], pd.DataFrame]) -> pd.Series:
    """The caveats of each row as one text: ``Label (kind): description``, joined by ``" | "``."""
    caveats = rows_with_caveats(package, load)
    kind = caveats["kind"].astype(object)
    text = caveats["label"] + " (" + kind + "): " + caveats["description"]
    return text.groupby(caveats["row_id"]).agg(" | ".join)
