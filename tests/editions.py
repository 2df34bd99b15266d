"""Frames in which each injected error of a table has rows of its own, and typed ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import pandas as pd

from cambodia_tip.checking.cells import cell_tests
from cambodia_tip.package.model import Resource
from faults import Data, Fault, Row

OF_FILES = {"columns", "encoding", "line-ends", "row-length", "quoting", "rows", "file", "bytes"}
OF_FILES |= {"hash", "order"}
"""Rules on files, which rows in a frame cannot break."""


def of_rows(faults: Sequence[Fault], table: str) -> list[Fault]:
    """The errors that rows of one table show, without those of a text alone."""
    return [
        fault
        for fault in faults
        if fault.table == table and not fault.is_of_text and not {*fault.rules} & OF_FILES
    ]


def frames(data: Data, table: str, faults: Sequence[Fault]) -> Iterator[pd.DataFrame]:
    """The rows of a table, right ones and below them those with the errors, as text.

    The rows of each error get ids of their own, or there is a frame for each where they cannot.
    """
    resource = data.package.resource(table)
    tagged = list(_tagged(data, resource))
    right = data.rows[table]
    editions = [_edition(data, resource, fault) for fault in faults]
    if not tagged:
        for edition in editions or [right]:
            yield pd.DataFrame(edition, columns=resource.field_names)
        return
    rows, known = list(right), {(*row.values(),) for row in right}
    for number, edition in enumerate(editions):
        changed = [row for row in edition if (*row.values(),) not in known]
        for row in _family(resource, edition, changed):
            rows.append({n: f"{text}{_tag(resource, n, number)}" if text and n in tagged else text
                         for n, text in row.items()})  # fmt: skip
    yield pd.DataFrame(rows, columns=resource.field_names)


def _edition(data: Data, resource: Resource, fault: Fault) -> list[Row]:
    changed = fault.change(resource.path.read_bytes())
    assert changed is not None
    rows = list(csv.DictReader(io.StringIO(changed.decode(), newline="")))
    if len(rows) > len(data.rows[resource.name]):  # a row twice
        return [rows[0], {**rows[0]}, *rows[2:]]
    return rows


def _tagged(data: Data, resource: Resource) -> Iterator[str]:
    """The columns in which the rows of each error have texts of their own."""
    linked = {
        name
        for key in resource.foreign_keys
        for name in key.fields
        if key.resource not in ("ids", "passages", "sources", resource.name)
    }
    own = [n for n in resource.primary_key if n not in linked and _tag(resource, n, 0)][:1]
    if own:
        inner = (k.fields for k in resource.foreign_keys if k.resource == resource.name)
        source = ["source_id"] if "source_id" in resource.field_names else []
        yield from dict.fromkeys([*own, *(name for names in inner for name in names), *source])


def _tag(resource: Resource, column: str, number: int) -> str:
    """What can stand behind a text of a column."""
    field = resource.field(column)
    inner = {n for k in resource.foreign_keys if k.resource == resource.name for n in k.fields}
    if column in inner:
        return _tag(resource, resource.primary_key[0], number)
    for tag in (f"-f{number}", f"_f{number}"):
        if all(is_right(field.example + tag) for _, _, is_right in cell_tests(field)):
            return tag
    return ""


def _family(resource: Resource, rows: list[Row], changed: list[Row]) -> list[Row]:
    """Changed rows, or the first of two equal ones, and the rows that they are tied to."""
    inner = [k.fields[0] for k in resource.foreign_keys if k.resource == resource.name]
    key, found = resource.primary_key[0], changed or rows[:2]
    if "quote" in resource.field_names:  # what is told twice
        told = {(row["passage"], row["quote"]) for row in found}
        found = [row for row in rows if row in found or (row["passage"], row["quote"]) in told]
    while inner:
        names = {row[n] for row in found for n in (key, *inner) if row[n]}
        more = [row for row in rows if row not in found and names & {row[n] for n in (key, *inner)}]
        if not more:
            break
        found = [*found, *more]
    return found


def typed(frame: pd.DataFrame, resource: Resource):  # type: ignore[no-untyped-def]
    """The frame as a table of Arrow, each column of its type where all its texts can be cast."""
    import pyarrow

    kinds = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "date": pyarrow.date32(),
        "boolean": pyarrow.bool_(),
    }
    columns = {}
    for field in resource.fields:
        texts = frame[field.name].astype(object).tolist()
        column = pyarrow.array([text or None for text in texts], pyarrow.string())
        try:
            column = column.cast(kinds.get(field.type, pyarrow.string()))
        except pyarrow.ArrowInvalid:
            column = pyarrow.array(texts, pyarrow.string())
        columns[field.name] = column
    return pyarrow.table(columns)
