"""What the data dictionary says of a table that its schema does not say in so many words.

Everything is derived from the descriptor and the CSV files: the kind of a table from its
keys, who refers to it from the foreign keys of the others, and the rows that show it
best from the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cambodia_tip.package.model import Field, Package, Resource
from cambodia_tip.reading.frames import read_text

KINDS = {
    "Figures": "What was counted, by whom, when and where. One row is one number as printed, or"
    " a statement that there is none.",
    "Statements": "What the documents say without a number, or with a number that is not a count.",
    "Entities": "Organizations, laws, plans and raids. Each has one row for all documents.",
    "Links": "Which entity or record belongs to which. One row is one pair.",
    "Code lists": "The codes that other tables use, with their meaning.",
    "Documents and audit": "Sources, passages and caveats, and every identifier, correction and"
    " unused number.",
}
"""The kinds of tables in the order in which they are shown, each with what it is."""


@dataclass(frozen=True)
class Reference:
    """Columns of one table that refer to columns of another."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


def kind_of(resource: Resource) -> str:
    """The kind of a table, told by what it must have.

    A row of a figure, statement, thing or link must have a quote; a row without a label may have
    none, as a tier. A figure also has a measure, a link a key of several columns and a thing a
    label. A code list has a label and refers to nothing else.
    """
    has_label = bool(resource.label_field)
    if any(f.name == "quote" and (f.required or not has_label) for f in resource.fields):
        if any(f.sdmx_role == "measure" for f in resource.fields):
            return "Figures"
        if len(resource.primary_key) > 1:
            return "Links"
        return "Entities" if resource.label_field else "Statements"
    is_closed = all(key.resource == resource.name for key in resource.foreign_keys)
    is_list = bool(resource.label_field) and is_closed
    return "Code lists" if is_list else "Documents and audit"


def tables_by_kind(package: Package) -> dict[str, list[Resource]]:
    """All tables by kind, in the order of `KINDS` and of the descriptor."""
    found: dict[str, list[Resource]] = {kind: [] for kind in KINDS}
    for resource in package.resources.values():
        found[kind_of(resource)].append(resource)
    return found


def references_from(resource: Resource) -> list[Reference]:
    """The foreign keys of a table."""
    return [
        Reference(resource.name, key.fields, key.resource, key.reference_fields)
        for key in resource.foreign_keys
    ]


def references_to(package: Package, table: str) -> list[Reference]:
    """The foreign keys of all tables that lead to this one."""
    return [
        reference
        for resource in package.resources.values()
        for reference in references_from(resource)
        if reference.target == table
    ]


def constraints_in_words(resource: Resource, field: Field) -> Iterator[str]:
    """What a value of a column must be, beyond its type and its codes."""
    limits = field.constraints
    if limits.get("unique") or resource.primary_key == (field.name,):
        yield "no two rows have the same"
    if "minimum" in limits and "maximum" in limits:
        yield f"from {limits['minimum']} to {limits['maximum']}"
    elif "minimum" in limits:
        yield f"at least {limits['minimum']}"
    elif "maximum" in limits:
        yield f"at most {limits['maximum']}"
    if field.edtf:
        yield "a year, a month or a day in EDTF, or two of them with a slash"
    if field.is_address:
        yield "an address that begins with https:// or http://"
    if field.printed_in:
        yield f"can be read in {field.printed_in}, unless the row says that it is derived"


def rows_to_show(resource: Resource, number: int = 3) -> list[dict[str, str]]:
    """The rows that together show most of a table: most columns in use, most codes.

    They are chosen one by one, each for what it adds, the first such row of the
    file where several add as much; they come in the order of the file. Missing
    cells are empty.
    """
    rows = read_text(resource).fillna("").to_dict("records")
    closed = {field.name for field in resource.fields if field.categories}
    shows = [
        {(name, cell if name in closed else "") for name, cell in row.items() if cell}
        for row in rows
    ]
    chosen: list[int] = []
    seen: set[tuple[str, str]] = set()
    while len(chosen) < min(number, len(rows)):
        left = (index for index in range(len(rows)) if index not in chosen)
        best = max(left, key=lambda index: (len(shows[index] - seen), -index))
        chosen.append(best)
        seen |= shows[best]
    return [{str(k): str(v) for k, v in rows[index].items()} for index in sorted(chosen)]
