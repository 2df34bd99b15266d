"""The table of all figures: those of `observations`, with their evidence and all labels.

Databases reserve the word ``table``, so that this column is ``table_name`` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..package.model import Field, Package, Resource
from ..reading.evidence import evidence
from ..reading.figures import observations
from ..reading.frames import plain

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


_TYPES = {"Float64": "number", "Int64": "integer", "bool": "boolean"}
"""The types of columns of figures, whatever their schemas say."""


class Figures(NamedTuple):
    """The table of figures: what it is, as a `Resource` says it, and its rows."""

    fields: list[Field]
    rows: list[tuple[Any, ...]]
    name: str = OBSERVATIONS
    title: str = "Figures"
    description: str = (
        "Every figure of every table, with labels for its codes, its evidence and its caveats."
    )


def figures_of(package: Package, resources: Sequence[Resource]) -> Figures | None:
    """The table of the figures of these tables; None without figures."""
    tables = [resource for resource in resources if resource.has_figures]
    if not tables:
        return None
    frame = observations(warn=False, package=package)
    frame = frame[frame["table"].isin([r.name for r in tables])].reset_index(drop=True)
    frame[[*_OF_EVIDENCE]] = evidence(frame, package=package)[[*_OF_EVIDENCE]]
    frame = frame.rename(columns={"table": "table_name"})
    fields = {field.concept: field for resource in tables for field in resource.fields}
    columns = [_column(name, fields.get(name), frame[name].dtype) for name in map(str, frame)]
    return Figures(columns, list(zip(*(plain(frame[name]) for name in frame), strict=True)))


def _column(name: str, field: Field | None, dtype: object) -> Field:
    """What a column is: of a field of the tables, or of one that only the figures have."""
    type_ = _TYPES.get(str(dtype), field.type if field else "string")
    if field:
        return replace(field, name=name, type=type_)
    about = _ABOUT.get(name) or f"The label of {name.removesuffix('_label')}."
    return Field(name, type_, name.replace("_", " ").capitalize(), about)
