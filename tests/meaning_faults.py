"""Errors of meaning: rows that are well formed and say what the document does not say.

Each is made from a row of the package with codes, numbers and words that the
package has elsewhere, by preference for the same document. They are drawn with a
seed, a few of a kind from each table, so that a count can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain

from cambodia_tip.package.model import Field, Resource
from cambodia_tip.parsing.numerals import numerals
from faults import Data, Row, key_of

Tables = dict[str, list[Row]]

SEED = 1904
EACH = 2
"""How many of a kind are drawn from a column of a table."""

KINDS = {
    "indicators": "another indicator",
    "units": "another unit",
    "populations": "another population",
    "areas": "another area",
    "offences": "another offense",
    "organizations": "another organization",
    "sex": "another sex",
    "age_group": "another age group",
    "qualifier": "another qualifier",
    "obs_status": "another status of a figure",
}
"""Kinds of errors by code list; other code lists and links have kinds of their own."""

_COLUMNS = {
    "reported_by": "another reporter",
    "carried_out_by": "another organization that did it",
    "part_of": "part of another whole",
    "part_role": "another role of a part",
    "period_basis": "another basis of a period",
}
_NOT_SWAPPED = {"source_id", "passage", "id", "row_id", "caveat_id", "linked_id", "derived_from"}
_CODE_LISTS = {"areas", "indicators", "indicator_uses", "offences", "populations", "units"}
_NOT_STATEMENTS = {"sources", "passages", "ids", "corrections", "code_words", *_CODE_LISTS}


@dataclass(frozen=True)
class MeaningFault:
    """An error of meaning in one row.

    Attributes:
        kind: What it is; errors of a kind are counted together.
        table: The table of the row.
        row: Its key in the package without the error.
        source_id: The document that it is from.
        change: Gives the tables that are other than in the good package.
    """

    kind: str
    table: str
    row: str
    source_id: str
    change: Callable[[], Tables]


def meaning_faults(data: Data, each: int = EACH) -> list[MeaningFault]:
    """A sample of the errors that can be made; the same for the same package."""
    drawn = []
    for resource in data.package.resources.values():
        if resource.name in _NOT_STATEMENTS:
            continue
        for make in chain(
            (swaps(data, resource, f) for f in resource.fields), others(data, resource)
        ):
            possible = list(make)
            chance = random.Random(f"{SEED} {resource.name} {len(drawn)}")
            drawn += chance.sample(possible, min(each, len(possible)))
    return drawn


def others(data: Data, resource: Resource) -> Iterator[Iterator[MeaningFault]]:
    """The errors that are no swapped code."""
    columns = set(resource.field_names)
    for needed, make in OTHERS:
        if needed <= columns:
            yield make(data, resource)
    if resource.name == "row_caveats":
        yield caveats(data, resource)
    if resource.name == "unused_numerals":
        yield restated(data, resource)


def document_of(data: Data, resource: Resource, row: Row) -> str:
    """The document of a row, or of the row that it is about."""
    return row.get("source_id") or data.documents.get(row.get("row_id", ""), "")


def by_document(rows: list[Row]) -> Mapping[str | None, list[Row]]:
    """The rows of each document, so that those beside a row are not sought in all."""
    found: dict[str | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get("source_id"), []).append(row)
    return found


def edited(data: Data, resource: Resource, place: int, kind: str, cells: Row) -> MeaningFault:
    """The error of other cells in one row."""
    rows = data.rows[resource.name]
    row, source = key_of(resource, rows[place]), document_of(data, resource, rows[place])

    def change() -> Tables:
        return {resource.name: [*rows[:place], {**rows[place], **cells}, *rows[place + 1 :]]}

    return MeaningFault(kind, resource.name, row, source, change)


def swaps(data: Data, resource: Resource, field: Field) -> Iterator[MeaningFault]:
    """Another code that the column has elsewhere, by preference in the same document."""
    linked = {k.fields[0]: k.resource for k in resource.foreign_keys if len(k.fields) == 1}
    code_list = linked.get(field.name) or (field.name if field.categories else "")
    if not code_list or field.name in _NOT_SWAPPED:
        return
    kind = _COLUMNS.get(field.name) or KINDS.get(code_list)
    kind = kind or ("another link" if field.name in linked else "another code of a short list")
    rows = data.rows[resource.name]
    wider = data.values(code_list, data.package.resource(code_list).primary_key[0]) if (
        code_list in data.rows and code_list != "ids") else list(field.categories)  # fmt: skip
    keys = {key_of(resource, row) for row in rows}
    beside = {source: {r[field.name] for r in those} for source, those in by_document(rows).items()}
    everywhere = {r[field.name] for r in rows}
    for place, row in enumerate(rows):
        own = row[field.name]
        near = beside[row.get("source_id")] - {"", own}
        far = everywhere - {"", own}
        codes = sorted(near) or sorted(far) or sorted({*wider} - {own})
        if own and codes:
            code = random.Random(f"{SEED} {field.name} {key_of(resource, row)}").choice(codes)
            cells = {field.name: code}
            if field.name in resource.primary_key and key_of(resource, {**row, **cells}) in keys:
                continue
            yield edited(data, resource, place, kind, cells)


def shifted(day: str) -> str:
    """The day a year earlier."""
    return f"{int(day[:4]) - 1}-{day[5:]}".replace("-02-29", "-02-28") if day else ""


def periods(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    for place, row in enumerate(data.rows[resource.name]):
        if row["period_start"] or row["period_end"]:
            cells = {name: shifted(row[name]) for name in ("period_start", "period_end")}
            yield edited(data, resource, place, "a period a year earlier", cells)


def dates(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    for place, row in enumerate(data.rows[resource.name]):
        if row["date"]:
            cells = {"date": f"{int(row['date'][:4]) - 1}{row['date'][4:]}"}
            if "/" not in row["date"]:
                yield edited(data, resource, place, "an event a year earlier", cells)


def values(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    for place, row in enumerate(data.rows[resource.name]):
        found = {str(int(r)) for n in numerals(row["quote"]) for r in n.readings if r % 1 == 0}
        for other in sorted(found - {row["value"]})[:1] if row["value"] else ():
            kind = "another number of the quote"
            yield edited(data, resource, place, kind, {"value": other})


def qualifiers(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    words = resource.field("qualifier").printed_as
    for place, row in enumerate(data.rows[resource.name]):
        for phrase in words.get(row["qualifier"], ()):
            _, found, rest = row["quote"].partition(f"{phrase} ")
            if found and row["value"] and numerals(rest) and numerals(rest)[0].start <= 4:
                kind = "a qualifier cut from the code and the quote"
                cells = {"qualifier": "unqualified", "quote": rest}
                yield edited(data, resource, place, kind, cells)


def quotes(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    """The quote of another row with its passage, which is found where it says it is."""
    rows = data.rows[resource.name]
    beside = by_document(rows)
    for place, row in enumerate(rows):
        there = [r for r in beside[row["source_id"]] if r["quote"] != row["quote"]]
        if there and row["quote"]:
            other = random.Random(f"{SEED} {key_of(resource, row)}").choice(there)
            cells = {"passage": other["passage"], "quote": other["quote"]}
            yield edited(data, resource, place, "the quote and passage of another row", cells)


def passages(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    known = by_document(data.rows["passages"])
    for place, row in enumerate(data.rows[resource.name]):
        there = [r["passage"] for r in known.get(row["source_id"], ())]
        there = [name for name in there if name != row["passage"]]
        if there and row["quote"]:
            other = random.Random(f"{SEED} {key_of(resource, row)}").choice(there)
            yield edited(data, resource, place, "another passage", {"passage": other})


def texts(column: str) -> Callable[[Data, Resource], Iterator[MeaningFault]]:
    def make(data: Data, resource: Resource) -> Iterator[MeaningFault]:
        rows = data.rows[resource.name]
        beside = by_document(rows)
        for place, row in enumerate(rows):
            there = {r[column] for r in beside[row.get("source_id")]}
            there = sorted(there - {"", row[column]})
            if there and row[column]:
                text = random.Random(f"{SEED} {key_of(resource, row)}").choice(there)
                yield edited(data, resource, place, f"the {column} of another row", {column: text})

    return make


def twice(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    """A fact a second time, with a note of its own or a shorter quote."""
    rows, listed = data.rows[resource.name], data.rows["ids"]
    homes = {row["id"]: row for row in listed}

    def change(new: Row, row: Row) -> Tables:
        home = {**homes[row["id"]], "id": new["id"]}
        return {
            resource.name: sorted([*rows, new], key=lambda r: r["id"]),
            "ids": sorted([*listed, home], key=lambda r: r["id"]),
        }

    for place, row in enumerate(rows):
        if not row["quote"]:
            continue
        new = {**row, "id": f"{row['id']}-again"}
        words = row["quote"].split()
        if place % 2 and len(words) > 3 and not numerals(words[-1]):
            new["quote"] = " ".join(words[:-1])
        elif "note" in row:
            new["note"] = "Printed once."
        source = row["source_id"]
        kind = "a fact a second time under another id"
        yield MeaningFault(kind, resource.name, row["id"], source, partial(change, new, row))


def removed(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    """A row that nothing refers to is left out, with its id and its caveats."""
    told = {"ids", "row_caveats"}
    linked = {
        text
        for name, rows in data.rows.items()
        for row in rows
        for column, text in row.items()
        if name not in told and column != "id"
    }

    def change(left_out: str) -> Tables:
        columns = {resource.name: "id", "ids": "id", "row_caveats": "row_id"}
        return {
            name: [row for row in data.rows[name] if row[column] != left_out]
            for name, column in columns.items()
        }

    for row in data.rows[resource.name]:
        if row["id"] not in linked:
            change_it = partial(change, row["id"])
            kind, source = "a row left out", row["source_id"]
            yield MeaningFault(kind, resource.name, row["id"], source, change_it)


def unlinked(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    for place, row in enumerate(data.rows[resource.name]):
        if row["part_of"]:
            cells = {"part_of": "", "part_role": ""}
            yield edited(data, resource, place, "a part without its whole", cells)


def reversed_ways(*columns: str) -> Callable[[Data, Resource], Iterator[MeaningFault]]:
    def make(data: Data, resource: Resource) -> Iterator[MeaningFault]:
        start, end = columns
        for place, row in enumerate(data.rows[resource.name]):
            if row[start] and row[end] and row[start] != row[end]:
                cells = {start: row[end], end: row[start]}
                yield edited(data, resource, place, "a movement the other way", cells)

    return make


def caveats(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    rows = data.rows[resource.name]
    for place, row in enumerate(rows):
        source, key = document_of(data, resource, row), key_of(resource, row)
        kind = "a caveat taken from a row"
        yield MeaningFault(
            kind, resource.name, key, source,
            lambda place=place: {resource.name: [*rows[:place], *rows[place + 1 :]]},
        )  # fmt: skip


def restated(data: Data, resource: Resource) -> Iterator[MeaningFault]:
    rows = data.rows[resource.name]
    ids = sorted({row["row_id"] for row in rows} - {""})
    for place, row in enumerate(rows):
        if row["row_id"] and row["reason"] == "restated":
            code = random.Random(f"{SEED} {place}").choice([i for i in ids if i != row["row_id"]])
            kind = "another row that has a restated number"
            yield edited(data, resource, place, kind, {"row_id": code})


OTHERS: list[tuple[set[str], Callable[[Data, Resource], Iterator[MeaningFault]]]] = [
    ({"period_start", "period_end", "source_id"}, periods),
    ({"date", "event_status"}, dates),
    ({"value", "quote"}, values),
    ({"value", "qualifier", "quote"}, qualifiers),
    ({"source_id", "passage", "quote"}, quotes),
    ({"source_id", "passage", "quote"}, passages),
    ({"note", "quote"}, texts("note")),
    ({"summary", "quote"}, texts("summary")),
    ({"id", "source_id", "passage", "quote"}, twice),
    ({"id", "source_id", "passage", "quote"}, removed),
    ({"part_of", "part_role"}, unlinked),
    ({"from_area", "to_area"}, reversed_ways("from_area", "to_area")),
    ({"origin_area", "destination_area"}, reversed_ways("origin_area", "destination_area")),
]
