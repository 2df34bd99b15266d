"""What leads from one record to others: caveats, conflicts, editions, series, links, history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from explorer_records import Records
from explorer_tables import Row, Table, text_of

import cambodia_tip as tip


class Fact(NamedTuple):
    """A filled column: its title, and its text or the id of the record that it leads to."""

    title: str
    text: str
    is_link: bool


def facts(records: Records, table: Table, row: Row, *, without: str = "") -> list[Fact]:
    """The filled columns of a row, apart from id, place in the document, quotes and note."""
    apart = {"id", "source_id", "passage", "note", without}
    found = []
    for field in table.resource.fields:
        if field.name not in row or field.name in apart or field.name.endswith("quote"):
            continue
        is_link = table.links_to_rows(field, records.tables) and row[field.name] in records.homes
        text = row[field.name] if is_link else row.get(f"{field.name}_label")
        found.append(Fact(field.title, str(text or text_of(field, row)), is_link))
    return found


def _rows(table: str, *, labels: bool = False) -> list[Row]:
    frame = tip.load(table, labels=labels).astype(object)
    return [dict(row) for row in frame.where(frame.notna(), None).to_dict("records")]


def rows_by_caveat() -> dict[str, list[str]]:
    """The records that each caveat holds for."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows("row_caveats"):
        found[row["caveat_id"]].append(row["row_id"])
    return found


def conflicts() -> dict[str, list[Row]]:
    """The pairs that contradict each other, by each of the two and by their caveat."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows("conflicts", labels=True):
        for name in ("first_id", "second_id", "caveat_id"):
            if row[name]:
                found[row[name]].append(row)
    return found


def restatements() -> dict[str, list[tuple[str, str, str | None]]]:
    """The same figure in other documents: its id, how it relates, and a note."""
    found: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    words = {
        "repeated": ("The earlier document gives the same", "The later document gives the same"),
        "revised": ("Before it was revised", "As revised later"),
        "redefined": ("Before it was redefined", "As redefined later"),
    }
    for row in _rows("restatements"):
        before, after = words[row["kind"]]
        found[row["earlier"]].append((row["later"], after, row["note"]))
        found[row["later"]].append((row["earlier"], before, row["note"]))
    return found


def series() -> dict[str, list[str]]:
    """The figures that may be drawn as one line with a figure, itself among them, by period."""
    frame = tip.observations(warn=False).sort_values(["period_start", "period_end", "id"])
    found: dict[str, list[str]] = {}
    for _, ids in frame.groupby("series")["id"]:
        if len(ids) > 1:
            found |= {id_: list(ids) for id_ in ids}
    return found


def users(records: Records) -> dict[str, dict[tuple[str, str], list[str]]]:
    """The records that name a record, by table and column."""
    found: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for id_, (table, row) in records.homes.items():
        for field in table.resource.fields:
            if field.name in row and table.links_to_rows(field, records.tables):
                found[row[field.name]][table.resource.title, field.title].append(id_)
    return found


class Join(NamedTuple):
    """A row of a table that only joins things, as seen from one of them."""

    facts: list[Fact]
    quote: str
    passage: tuple[str, str]


def joins(records: Records) -> dict[str, list[Join]]:
    """The rows of joining tables by each record that they join."""
    found: dict[str, list[Join]] = defaultdict(list)
    for table in records.joins:
        for owner in (f for f in table.resource.fields if table.links_to_rows(f, records.tables)):
            for row in table.rows:
                if owner.name in row:
                    told = facts(records, table, row, without=owner.name)
                    place = (row["source_id"], row["passage"])
                    found[row[owner.name]].append(
                        Join(_related(told, owner.name), row["quote"], place)
                    )
    return found


def _related(told: list[Fact], owner: str) -> list[Fact]:
    """What links two records: as the title of the other, or after it where the other has it."""
    relation = next((fact for fact in told if fact.title == "Relation"), None)
    if relation is None:
        return told
    (other,) = (fact for fact in told if fact is not relation)
    if owner == "row_id":
        return [other._replace(title=relation.text)]
    return [other._replace(title=""), relation._replace(title="")]


def neighbors(records: Records) -> dict[str, dict[str, Any]]:
    """The records before and after one in its passage, its number there, and how many there are."""
    passages: dict[tuple[str, str], list[str]] = defaultdict(list)
    tables = sorted(records.tables.values(), key=lambda table: not table.is_figures)
    for table in tables:
        if table.name != "caveats":  # these are ours, whatever they quote
            for row in table.rows:
                passages[row["source_id"], row["passage"]].append(row["id"])
    found: dict[str, dict[str, Any]] = {}
    for ids in passages.values():
        for number, id_ in enumerate(ids, 1):
            found[id_] = {"number": number, "of": len(ids)}
        for one, other in pairwise(ids):
            found[one]["next"] = other
            found[other]["previous"] = one
    return found


def corrections(records: Records) -> dict[str, list[Row]]:
    """The corrected cells of each record, newest first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows("corrections", labels=True):
        table = records.tables.get(row["table_name"])
        fields = {field.name: field.title for field in table.resource.fields} if table else {}
        column = fields.get(row["column_name"], row["column_name"].replace("_", " "))
        found[row["row_key"]].append({**row, "column": column})
    return {id_: sorted(rows, key=_version, reverse=True) for id_, rows in found.items()}


def _version(row: Row) -> list[int]:
    return [int(part) for part in row["changed_in"].split(".")]


def ids() -> dict[str, Row]:
    """Every id ever released: its table, since when, and what replaced it since when."""
    return {row["id"]: row for row in _rows("ids")}


def replacement(id_: str, known: dict[str, Row]) -> str | None:
    """The record in use that took the place of a retired one, at the end of the chain."""
    return next((each for each in _chain(id_, known) if not known[each]["retired"]), None)


def _chain(id_: str, known: dict[str, Row]) -> Iterator[str]:
    for _ in known:  # which a circle could not outlast
        following = known[id_]["replaced_by"]
        if not following:
            return
        id_ = following
        yield id_
