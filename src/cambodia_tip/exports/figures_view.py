"""The view of all figures: each with the names of its codes, and with what carries it.

Its columns have the names that `observations` gives them, after SDMX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import quoted_name

from ..package import Field, ForeignKey, Resource

Column = sa.ColumnElement[Any]
Tables = Mapping[str, sa.Table]

_OF_DOCUMENT = ("title", "published", "url", "url_status")
_EVIDENCE = ("quote", "passage", "heading", "source_id", *_OF_DOCUMENT, "caveats", "has_overlap")
"""The columns that come last, in this order."""


def caveats_query(tables: Tables, joined: Callable[[Column, Column], Column]) -> sa.Select[Any]:
    """The caveats of each row as one text, and whether one of them is an overlap."""
    link, caveat = tables["row_caveats"], tables["caveats"]
    text = caveat.c.label + " (" + caveat.c.kind + "): " + caveat.c.description
    each = (
        sa.select(link.c.row_id, link.c.caveat_id, caveat.c.kind, text.label("caveat"))
        .join_from(link, caveat, link.c.caveat_id == caveat.c.id)
        .order_by(link.c.row_id, link.c.caveat_id)
        .subquery("each_caveat")
    )
    is_overlap = sa.func.max(sa.case((each.c.kind == "overlap", 1), else_=0))
    return sa.select(
        each.c.row_id,
        joined(each.c.caveat, each.c.caveat_id).label("caveats"),
        is_overlap.label("has_overlap"),
    ).group_by(each.c.row_id)


def figures_query(resources: Sequence[Resource], tables: Tables) -> sa.CompoundSelect[Any] | None:
    """One row per figure of every table that holds figures; nothing where none does."""
    figures = [r for r in resources if any(field.sdmx_role == "measure" for field in r.fields)]
    if not figures:
        return None
    found = [_columns(resource, tables) for resource in figures]
    names = list(dict.fromkeys(name for columns in found for name in columns))
    names = [name for name in names if name not in _EVIDENCE] + list(_EVIDENCE)
    selects = []
    for resource, columns in zip(figures, found, strict=True):
        chosen = [
            columns.get(name, sa.null()).label(quoted_name(name, quote=True)) for name in names
        ]
        table = sa.literal(resource.name, sa.Text()).label("table_name")
        selects.append(sa.select(table, *chosen).select_from(tables[resource.name]))
    return sa.union_all(*selects)


def _columns(resource: Resource, tables: Tables) -> dict[str, Column]:
    """The columns of a table by the names that they have in the view."""
    own = tables[resource.name]
    columns: dict[str, Column] = {}
    for field in resource.fields:
        columns[field.concept] = own.c[field.name]
        if field.categories:
            columns[f"{field.concept}_label"] = _meaning(own, field, tables)
        for key in resource.foreign_keys:
            label = tables[key.resource].info["label_field"]
            if label and key.fields == (field.name,) and key.resource != "sources":
                columns[f"{field.concept}_label"] = _looked_up(own, key, label, tables)
    for key in resource.foreign_keys:
        if key.resource == "sources":
            columns |= {name: _looked_up(own, key, name, tables) for name in _OF_DOCUMENT}
        if key.resource == "passages":
            columns["heading"] = _looked_up(own, key, "heading", tables)
    if "row_caveats" in tables:
        found = sa.table("caveats_by_row", *map(sa.column, ("row_id", "caveats", "has_overlap")))
        of_row = found.c.row_id == own.c.id
        columns["caveats"] = sa.select(found.c.caveats).where(of_row).scalar_subquery()
        has_overlap = sa.select(found.c.has_overlap).where(of_row).scalar_subquery()
        columns["has_overlap"] = sa.func.coalesce(has_overlap, 0)
    return columns


def _looked_up(own: sa.Table, key: ForeignKey, column: str, tables: Tables) -> Column:
    """A column of the row that a foreign key leads to."""
    target = tables[key.resource].alias(f"of_{key.fields[-1]}")
    pairs = zip(key.fields, key.reference_fields, strict=True)
    is_meant = sa.and_(*(target.c[reference] == own.c[name] for name, reference in pairs))
    return sa.select(target.c[column]).where(is_meant).scalar_subquery()


def _meaning(own: sa.Table, field: Field, tables: Tables) -> Column:
    """The label of a code of a closed list."""
    codes = tables["dictionary_codes"]
    is_meant = sa.and_(
        codes.c.table_name == own.name,
        codes.c.column_name == field.name,
        codes.c.code == own.c[field.name],
    )
    return sa.select(codes.c.label).where(is_meant).scalar_subquery()
