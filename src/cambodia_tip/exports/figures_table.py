"""The table of all figures: those of `observations`, with their evidence and all labels.

Databases reserve the word ``table``, so that this column is ``table_name`` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..package.model import Package, Resource
from ..reading.evidence import evidence
from ..reading.figures import observations
from .dictionary import Described, DescribedTable

OBSERVATIONS = "observations"

_OF_EVIDENCE = ("heading", "title", "published", "standing", "url", "url_status", "caveats")
_ABOUT = {
    "table_name": "The table that has the figure.",
    "series": "Equal only for figures of one table, indicator, reporter and every other "
    "dimension, and of periods of one length.",
    "year": "The year of a period that lies within one calendar year.",
    "reported_by_members": "The members of a joint reporter.",
    "time_period": "The period in ISO 8601: a year, a date, or two with a slash; empty if one "
    "is not known.",
    "heading": "The heading above the passage.",
    "title": "The title of the document.",
    "published": "When the document was published, in EDTF.",
    "standing": "How the document became public: official or leaked.",
    "url": "The URL of the document.",
    "url_status": "Whether the URL was opened.",
    "caveats": "The caveats of the record, each in full.",
    "is_latest": "Whether no later document restates the figure.",
    "has_caveats": "Whether the record has a caveat.",
    "has_overlap": "Whether a caveat says that the figure may count the same as another.",
}


def figures_of(
    package: Package, resources: Sequence[Resource]
) -> tuple[DescribedTable, list[tuple[Any, ...]]] | None:
    """What the table of the figures of these tables is, and its rows; nothing without figures."""
    tables = [resource for resource in resources if resource.has_figures]
    if not tables:
        return None
    frame = observations(warn=False, package=package)
    frame = frame[frame["table"].isin([r.name for r in tables])].reset_index(drop=True)
    frame = frame.assign(**{name: evidence(frame, package=package)[name] for name in _OF_EVIDENCE})
    frame = frame.rename(columns={"table": "table_name"})
    fields = {field.concept: field for resource in tables for field in resource.fields}
    described = [
        Described.of(fields[name], name)
        if name in fields
        else Described(name, name.replace("_", " ").capitalize(), "string", _about(name))
        for name in map(str, frame)
    ]
    typed = [_with_type(one, frame[one.name]) for one in described]
    rows = zip(*(plain(frame[name]) for name in frame), strict=True)
    text = "Every figure of every table, with labels for its codes, its evidence and its caveats."
    return DescribedTable(OBSERVATIONS, "Figures", text, tuple(typed)), list(rows)


def _about(name: str) -> str:
    return _ABOUT.get(name) or f"The label of {name.removesuffix('_label')}."


def _with_type(column: Described, cells: pd.Series) -> Described:
    kinds = {"Float64": "number", "Int64": "integer", "bool": "boolean"}
    return replace(column, type=kinds.get(str(cells.dtype), column.type))


def plain(cells: pd.Series) -> list[Any]:
    """The cells of a column as plain Python values."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return [None if pd.isna(cell) else cell.date() for cell in cells]
    return list(cells.astype(object).where(cells.notna(), None))
