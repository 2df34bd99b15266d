"""Names in place of codes, linked rows as text, and caveats, for people who read a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from ..package.model import Package, Resource, remembered
from .frames import Standing, of_standing, shared_frame


def add_labels(
    package: Package, frame: pd.DataFrame, resource: Resource, standing: Standing | None = None
) -> pd.DataFrame:
    """Add a column with names after each column with codes.

    Codes are the columns with a code list and those that refer to a table
    whose schema names a ``labelField``. Each table that links rows of this one to others
    becomes a column of its name. Tables whose rows may carry caveats get a last column
    ``caveats``.

    Args:
        package: The data package.
        frame: Rows of the table.
        resource: The table.
        standing: That of the documents which link other rows to these; without it, any.
    """
    labelled = with_labels(frame, lambda column: labels_of(package, resource, column))
    key = resource.primary_key[0] if len(resource.primary_key) == 1 else None
    if key in frame:
        for link in _link_tables(package, resource):
            linked = frame[key].map(linked_text(package, link.name, standing))
            if linked.notna().any() or link.foreign_keys[0].resource == resource.name:
                labelled[link.name] = linked
        if key == "id":
            labelled["caveats"] = frame["id"].map(caveats_by_row(package))
    return labelled


def with_labels(frame: pd.DataFrame, labels: Callable[[str], Mapping[str, str]]) -> pd.DataFrame:
    """The frame with a column of labels after each column that has some."""
    columns = {}
    for name in frame.columns:
        columns[name] = frame[name]
        if found := labels(name):
            columns[f"{name}_label"] = frame[name].astype(object).map(found)
    return pd.DataFrame(columns, index=frame.index)


def labels_of(package: Package, resource: Resource, column: str) -> dict[str, str]:
    """The label of each code of a column; empty for a column without codes."""
    if categories := resource.field(column).categories:
        return dict(categories)
    for key in resource.foreign_keys:
        label = package.resource(key.resource).label_field
        if label and key.fields == (column,):
            target = shared_frame(package, key.resource)
            return dict(zip(target[key.reference_fields[0]], target[label], strict=True))
    return {}


def _link_tables(package: Package, resource: Resource) -> Iterator[Resource]:
    """The tables of statements that link a row of this one to something else.

    Their key begins with the column that refers to this table, or to any id, and goes on with
    what they name.
    """
    has_ids = any(key.resource == "ids" and key.fields == ("id",) for key in resource.foreign_keys)
    homes = {resource.name, "ids"} if has_ids else {resource.name}
    for table in package.resources.values():
        first = [key for key in table.foreign_keys if key.fields == table.primary_key[:1]]
        is_statement = len(table.primary_key) > 1 and "quote" in table.field_names
        is_link = is_statement and bool(first) and first[0].resource in homes
        if is_link and _named(package, table) is not None:
            yield table


def _named(package: Package, link: Resource) -> dict[str, str] | None:
    """The labels of what a link table names; none where that is a row of any table."""
    other = link.primary_key[1]
    labels = labels_of(package, link, other)
    is_key = any(key.fields == (other,) for key in link.foreign_keys)
    return None if link.field(other).categories or (is_key and not labels) else labels


def _replaced(codes: pd.Series, labels: dict[str, str]) -> pd.Series:
    """The label of each code as text, or the code itself where it has none."""
    return codes.astype(object).map(lambda code: str(labels.get(code, code)))


@remembered
def linked_text(package: Package, table: str, standing: Standing | None) -> pd.Series:
    """What a link table names for each row as one text: ``Label (role)``, joined by ``"; "``."""
    link = package.resource(table)
    frame = of_standing(package, shared_frame(package, table), standing)
    first, other, *roles = link.primary_key
    text = _replaced(frame[other], _named(package, link) or {})
    for role in roles:
        text = text + " (" + _replaced(frame[role], labels_of(package, link, role)) + ")"
    return text.groupby(frame[first].astype(object)).agg("; ".join)


@remembered
def rows_with_caveats(package: Package) -> pd.DataFrame:
    """One row per row and caveat: row_id, caveat_id, kind, label, description."""
    if not {"row_caveats", "caveats"} <= set(package.resources):
        return pd.DataFrame(columns=["row_id", "caveat_id", "kind", "label", "description"])
    caveats = shared_frame(package, "caveats")[["id", "kind", "label", "description"]]
    links = shared_frame(package, "row_caveats")
    return links.merge(caveats.rename(columns={"id": "caveat_id"}), on="caveat_id")


@remembered
def caveats_by_row(package: Package) -> pd.Series:
    """The caveats of each row as one text: ``Label (kind): description``, joined by ``" | "``."""
    caveats = rows_with_caveats(package)
    kind = caveats["kind"].astype(object)
    text = caveats["label"] + " (" + kind + "): " + caveats["description"]
    return text.groupby(caveats["row_id"]).agg(" | ".join)
