"""The views: the caveats of each row, and all figures with what carries them.

The columns of the view of figures have the names that `observations` gives them, after SDMX; only
``table`` is ``table_name`` there, since databases reserve the word. What SQL cannot well compute,
the series and the period of each figure, stands in a table that is filled from `observations`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import quoted_name

from ..package.model import Field, ForeignKey, Resource
from .dictionary import Described, DescribedTable, Part

Column = sa.ColumnElement[Any]
Tables = Mapping[str, sa.Table]
Joined = Callable[[Column, Column], Column]

CAVEATS, FIGURES, SERIES = "caveats_by_row", "figures", "figure_series"
"""The names of the two views, and of the table that the second needs."""

_OF_DOCUMENT = ("title", "published", "url", "url_status")
_FIRST = ("id", "series", "indicator", "indicator_label", "time_period", "obs_value")
_LAST = ("quote", "passage", "heading", "source_id", *_OF_DOCUMENT)
_WARNINGS = ("caveats", "has_caveats", "has_overlap")

_TABLE_NAME = Described("table_name", "Table", "string", "The table that the figure stands in.")
_ROW = Described("row_id", "Row", "string", "The id of the row that the caveats hold for.")
_OF_SERIES = (
    Described(
        "series",
        "Series",
        "string",
        "Equal only for figures of one table, indicator, reporter and every other dimension, and "
        "of periods of one length.",
    ),
    Described(
        "time_period",
        "Period",
        "string",
        "The period in ISO 8601: a year, a day, or two days with a slash; empty where one is not "
        "known.",
    ),
    Described(
        "is_latest",
        "Is the latest",
        "boolean",
        "Whether no later document restates the figure.",
    ),
)
_OF_CAVEATS = {
    "caveats": Described("caveats", "Caveats", "string", "The caveats of the row, each in full."),
    "has_caveats": Described(
        "has_caveats", "Has caveats", "boolean", "Whether any caveat holds for the row."
    ),
    "has_overlap": Described(
        "has_overlap",
        "Has an overlap",
        "boolean",
        "Whether a caveat says that the figure may count the same as another.",
    ),
}


@dataclass(frozen=True)
class View:
    """A view: what it is, and its query."""

    table: DescribedTable
    query: sa.Select[Any] | sa.CompoundSelect[Any]


def views_of(resources: Sequence[Resource], tables: Tables, joined: Joined) -> list[View]:
    """The views that these tables allow."""
    found = []
    if {"row_caveats", "caveats"} <= set(tables):
        found.append(_caveats_view(tables, joined))
    figures = _figure_tables(resources)
    if figures:
        found.append(_figures_view(figures, tables))
    return found


def series_of(resources: Sequence[Resource]) -> tuple[DescribedTable, Part] | None:
    """The table of the series and periods of all figures; nothing where there are no figures."""
    from ..reading.figures import observations

    figures = _figure_tables(resources)
    if not figures:
        return None
    fields = (Described.of(figures[0].field("id")), *_OF_SERIES)
    names = tuple(field.name for field in fields)
    frame = observations()
    frame = frame.loc[frame["table"].isin([r.name for r in figures]), list(names)].astype(object)
    rows = frame.where(frame.notna(), None).itertuples(index=False, name=None)
    described = DescribedTable(
        SERIES, "Series of figures", "The series and the period of each figure.", fields
    )
    return described, (names, ("id",), list(rows))


def _figure_tables(resources: Sequence[Resource]) -> list[Resource]:
    found = [r for r in resources if any(field.sdmx_role == "measure" for field in r.fields)]
    return sorted(found, key=lambda resource: resource.name)


def _caveats_view(tables: Tables, joined: Joined) -> View:
    """The caveats of each row as one text, and whether one of them is an overlap."""
    link, caveat = tables["row_caveats"], tables["caveats"]
    text = caveat.c.label + " (" + caveat.c.kind + "): " + caveat.c.description
    each = (
        sa.select(link.c.row_id, link.c.caveat_id, caveat.c.kind, text.label("caveat"))
        .join_from(link, caveat, link.c.caveat_id == caveat.c.id)
        .order_by(link.c.row_id, link.c.caveat_id)
        .subquery("each_caveat")
    )
    is_overlap = sa.func.max(sa.case((each.c.kind == "overlap", 1), else_=0)) == 1
    query = sa.select(
        each.c.row_id,
        joined(each.c.caveat, each.c.caveat_id).label("caveats"),
        is_overlap.label("has_overlap"),
    ).group_by(each.c.row_id)
    described = DescribedTable(
        CAVEATS,
        "Caveats by row",
        "The caveats of each row of any table that has some.",
        (_ROW, _OF_CAVEATS["caveats"], _OF_CAVEATS["has_overlap"]),
    )
    return View(described, query)


def _figures_view(figures: Sequence[Resource], tables: Tables) -> View:
    """One row per figure of every table that holds figures."""
    found = [_columns(resource, tables) for resource in figures]
    names = list(dict.fromkeys(name for columns in found for name in columns))
    ends = (*_FIRST, *_LAST, *_WARNINGS)
    middle = [name for name in names if name not in ends]
    names = [n for n in (*_FIRST, *middle, *_LAST, *_WARNINGS) if n in names]
    selects = []
    for resource, columns in zip(figures, found, strict=True):
        chosen = [
            (columns[name][0] if name in columns else sa.null()).label(
                quoted_name(name, quote=True)
            )
            for name in names
        ]
        table = sa.literal(resource.name, sa.Text()).label("table_name")
        selects.append(sa.select(table, *chosen).select_from(tables[resource.name]))
    fields = [
        _merged({r.name: c[name][1] for r, c in zip(figures, found, strict=True) if name in c})
        for name in names
    ]
    described = DescribedTable(
        FIGURES,
        "Figures",
        "Every figure of every table, with the names of its codes, its evidence and its caveats.",
        (_TABLE_NAME, *fields),
    )
    return View(described, sa.union_all(*selects))


def _merged(by_table: Mapping[str, Described]) -> Described:
    """What a column of several tables is: what most of them say, and where one says otherwise."""
    usual = Counter(by_table.values()).most_common(1)[0][0]
    types = {described.type for described in by_table.values()}
    texts = [usual.description] + [
        f"In {table}: {described.description}"
        for table, described in by_table.items()
        if described.description != usual.description
    ]
    return Described(
        usual.name,
        usual.title,
        "number" if types == {"integer", "number"} else usual.type,
        " ".join(texts),
        usual.example,
    )


def _columns(resource: Resource, tables: Tables) -> dict[str, tuple[Column, Described]]:
    """The columns of a table by the names that they have in the view, with what they are."""
    own = tables[resource.name]
    columns: dict[str, tuple[Column, Described]] = {}

    def add(value: Column, described: Described) -> None:
        columns[described.name] = (value, described)

    for field in resource.fields:
        add(own.c[field.name], Described.of(field, field.concept))
        if field.categories:
            add(_meaning(own, field), _label_of(field))
        for key in resource.foreign_keys:
            label = tables[key.resource].info["label_field"]
            if label and key.fields == (field.name,) and key.resource != "sources":
                add(_looked_up(own, key, label, tables), _label_of(field))
    for key in resource.foreign_keys:
        looked_up = {"sources": _OF_DOCUMENT, "passages": ("heading",)}.get(key.resource, ())
        for name in looked_up:
            add(_looked_up(own, key, name, tables), tables[key.resource].info["described"][name])
    series = sa.table(SERIES, *map(sa.column, ("id", *(one.name for one in _OF_SERIES))))
    for one in _OF_SERIES:
        of_row = sa.select(series.c[one.name]).where(series.c.id == own.c.id)
        add(of_row.scalar_subquery(), one)
    if "row_caveats" in tables:
        found = sa.table(CAVEATS, *map(sa.column, ("row_id", "caveats", "has_overlap")))
        is_its = found.c.row_id == own.c.id
        is_overlap = sa.and_(is_its, found.c.has_overlap)
        add(sa.select(found.c.caveats).where(is_its).scalar_subquery(), _OF_CAVEATS["caveats"])
        add(sa.select(found.c.row_id).where(is_its).exists(), _OF_CAVEATS["has_caveats"])
        add(sa.select(found.c.row_id).where(is_overlap).exists(), _OF_CAVEATS["has_overlap"])
    return columns


def _label_of(field: Field) -> Described:
    return Described(
        f"{field.concept}_label",
        f"{field.title}, in words",
        "string",
        f"What the code in {field.concept} stands for.",
    )


def _looked_up(own: sa.Table, key: ForeignKey, column: str, tables: Tables) -> Column:
    """A column of the row that a foreign key leads to."""
    target = tables[key.resource].alias(f"of_{key.fields[-1]}")
    pairs = zip(key.fields, key.reference_fields, strict=True)
    is_meant = sa.and_(*(target.c[reference] == own.c[name] for name, reference in pairs))
    return sa.select(target.c[column]).where(is_meant).scalar_subquery()


def _meaning(own: sa.Table, field: Field) -> Column:
    """The label of a code of a closed list."""
    names = ("table_name", "column_name", "code", "label")
    codes = sa.table("dictionary_codes", *(sa.column(name, sa.Text()) for name in names))
    is_meant = sa.and_(
        codes.c.table_name == own.name,
        codes.c.column_name == field.name,
        codes.c.code == own.c[field.name],
    )
    return sa.select(codes.c.label).where(is_meant).scalar_subquery()
