"""Rows of the data with what was written by hand beside them, and counts of rows.

What is written by hand, such as the class of a standard that a code comes next to,
stands in CSV files beside the pages. A row of such a file that fits nothing in the
data, and a row of the data that a file forgets, are errors.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dictionary_facts import tables_by_kind

from cambodia_tip.package.model import Field, Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.frames import read_text

Row = dict[str, str]


@dataclass(frozen=True)
class Listing:
    """Rows to show: the fields of a table, or the codes of a code list."""

    rows: list[Row]
    fields: dict[str, Field]
    keys: frozenset[str]


def listing(name: str) -> Listing:
    """The rows of a table, or of a column with a code list as ``table.column``.

    Raises:
        ValueError: If the column has no code list.
        UnknownNameError: If there is no such table or column.
    """
    table_name, _, column = name.partition(".")
    resource = open_package().resource(table_name)
    if column:
        codes = resource.field(column).categories
        if not codes:
            raise ValueError(f"{name} has no code list")
        return Listing(
            [{"code": code, "meaning": label} for code, label in codes.items()],
            {},
            frozenset({"code"}),
        )
    links = {field for key in resource.foreign_keys for field in key.fields}
    written = {f.name for f in resource.fields if "pattern" in f.constraints}
    rows = read_text(resource).fillna("").astype(str).to_dict("records")
    return Listing(
        [{str(k): v for k, v in row.items()} for row in rows],
        {field.name: field for field in resource.fields},
        frozenset({*resource.primary_key, *links, *written}),
    )


def read_mapping(path: Path) -> list[Row]:
    """The rows of a CSV file that was written by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def joined(rows: list[Row], mapping: list[Row], *, only: bool) -> Iterator[Row]:
    """Rows with what a mapping adds, matched by the first column of the mapping.

    Args:
        rows: Rows of the data.
        mapping: Rows written by hand, each key once.
        only: Whether only rows that the mapping has are wanted, in its order; else
            each row with a key must be there.

    Raises:
        ValueError: If the two do not fit.
    """
    key = next(iter(mapping[0]))
    found = {row[key]: row for row in mapping}
    if len(found) < len(mapping):
        raise ValueError(f"the mapping has a {key} twice")
    known = {row[key] for row in rows}
    if lost := sorted(set(found) - known):
        raise ValueError(f"no row of the data has {key} {', '.join(lost)}")
    if not only and (missing := sorted(known - set(found) - {""})):
        raise ValueError(f"the mapping has no {key} {', '.join(missing)}")
    if only:
        by_key = {row[key]: row for row in rows}
        rows = [by_key[name] for name in found]
    for row in rows:
        yield row | found.get(row[key], {})


def count(what: str) -> int:
    """Count tables, columns or rows.

    Args:
        what: ``tables``, ``columns``, or the name of a table or of a kind of tables,
            after which a condition may stand: ``sources kind=cable``, and
            ``Figures value!=`` for rows that have a value.

    Raises:
        UnknownNameError: If there is no such table or column.
    """
    package = open_package()
    if what == "tables":
        return len(package.resources)
    if what == "columns":
        return sum(len(resource.fields) for resource in package.resources.values())
    name, _, condition = what.rpartition(" ") if "=" in what else (what, "", "")
    of_kind = tables_by_kind(package).get(name)
    return sum(_rows(resource, condition) for resource in of_kind or [package.resource(name)])


def _rows(resource: Resource, condition: str) -> int:
    rows = read_text(resource).fillna("")
    if not condition:
        return len(rows)
    column, _, value = condition.partition("=")
    equal = rows[resource.field(column.removesuffix("!")).name] == value
    return int((~equal if column.endswith("!") else equal).sum())
