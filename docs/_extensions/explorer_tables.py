"""A table of the package, ready to be told: rows without their empty cells, with labels."""

from __future__ import annotations

import datetime
from typing import Any

import explorer_words as words
import pandas as pd

import cambodia_tip as tip
from cambodia_tip.package.model import Field, Resource
from cambodia_tip.package.opening import open_package

Row = dict[str, Any]


class Table:
    """A table with what is needed to tell its rows: foreign keys by column, labels, kinds."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.targets = {
            key.fields[0]: key.resource for key in resource.foreign_keys if len(key.fields) == 1
        }
        self.is_figures = any(field.sdmx_role == "measure" for field in resource.fields)
        frame = tip.load(resource.name, labels=True)
        self.rows = [
            {name: cell for name, cell in row.items() if not pd.isna(cell)}
            for row in frame.astype(object).to_dict("records")
        ]

    @property
    def name(self) -> str:
        return self.resource.name

    def areas(self) -> list[Field]:
        """Columns that say where; citizenship says who."""
        return [
            field
            for field in self.resource.fields
            if self.targets.get(field.name) == "areas" and field.name != "citizenship"
        ]

    def links_to_rows(self, field: Field, tables: dict[str, Any]) -> bool:
        """Whether a column leads to rows of one of these tables, which have ids."""
        return field.name != "id" and self.targets.get(field.name) in {"ids", *tables}


def rows_by_key(table: str, key: str) -> dict[str, Row]:
    """The rows of a code list by its key."""
    return {str(row[key]): row for row in Table(open_package().resource(table)).rows}


def text_of(field: Field, row: Row) -> str:
    """A cell as text: the label of its code, a day in words, numbers with thousands apart."""
    cell = row[field.name]
    if field.categories:
        return field.categories[cell]
    if field.type == "date":
        return f"{cell:%B} {cell.day}, {cell.year}"
    if field.type == "boolean":
        return "Yes" if cell else "No"
    if field.edtf:
        return words.period(*words.days_of_edtf(cell))
    if is_year(field):
        return str(cell)
    return words.number_words(cell)


def is_year(field: Field) -> bool:
    return field.type == "integer" and field.name.endswith("_year")


def is_kind(field: Field) -> bool:
    """Whether the label of a code says what a row is, and not how it came about."""
    return not field.name.endswith("_basis") and field.name not in ("sex", "age_group")


def is_unstated(field: Field, row: Row) -> bool:
    """Whether a code says that a document does not say: its label alone would not tell what."""
    return row[field.name] in ("unstated", "not_stated")


def needs_title(field: Field) -> bool:
    """Whether the label of a code does not say by itself what it is about: that of a method."""
    return bool(field.categories) and field.name not in ("sex", "age_group")


def is_age_as_printed(field: Field) -> bool:
    """Whether a code is a limit that is no number: minor, adult."""
    return bool(field.categories) and "age" in field.name.split("_") and field.name != "age_group"


def days_of(table: Table, row: Row) -> tuple[datetime.date | None, datetime.date | None, bool]:
    """First and last day of a row, and whether they are inferred; a date or a year is a period."""
    if "period_start" in row or "period_end" in row:
        start, end = (
            row[name].date() if name in row else None for name in ("period_start", "period_end")
        )
        return start, end, row.get("period_basis") == "inferred"
    for field in table.resource.fields:
        if field.edtf and field.name in row:
            is_inferred = row.get(f"{field.name}_basis") == "inferred"
            return *words.days_of_edtf(row[field.name]), is_inferred
        if is_year(field) and field.name in row:
            return *words.days_of_edtf(str(row[field.name])), False
    return None, None, False
