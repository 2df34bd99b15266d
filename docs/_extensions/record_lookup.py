"""Records by passage and what a list shows of one, for the pages of sources and laws."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import explorer_words as words
from explorer import all_records
from explorer_tables import Row, Table, days_of
from record_content import CAVEATS
from record_titles import source_name, titles

from cambodia_tip.package.opening import open_package


@cache
def rows_of(table: str) -> list[Row]:
    """The rows of a table with labels, without their empty cells."""
    return Table(open_package().resource(table)).rows


@cache
def sources() -> dict[str, Row]:
    """The documents by id, earliest first."""
    rows = sorted(rows_of("sources"), key=lambda row: (row["published"], row["source_id"]))
    return {row["source_id"]: row for row in rows}


@cache
def caveats() -> dict[str, Row]:
    """The caveats by id, each with its kind in words."""
    return {
        row["id"]: {**row, "kind_in_words": CAVEATS.get(row["kind"], row["kind_label"])}
        for row in rows_of("caveats")
    }


def caveats_of(id_: str) -> list[str]:
    """The ids of the caveats of a record."""
    return all_records().row_caveats.get(id_, [])


def row(id_: str) -> Row:
    """The cells of a record, with labels."""
    return all_records().homes[id_][1]


def table_of(id_: str) -> str:
    """The table of a record."""
    return all_records().homes[id_][0].name


@cache
def records_by_passage() -> dict[tuple[str, str], list[str]]:
    """The ids of the records of each passage, figures first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table in sorted(all_records().tables.values(), key=lambda table: not table.is_figures):
        for own in table.rows:
            found[own["source_id"], own["passage"]].append(own["id"])
    return found


@cache
def positions() -> dict[tuple[str, str], int]:
    """Where each passage is in its document."""
    return {(p["source_id"], p["passage"]): p["position"] for p in rows_of("passages")}


def reading_order(id_: str) -> tuple[str, int, str]:
    """By document, earliest first, and by passage."""
    own = row(id_)
    source, passage = own["source_id"], own["passage"]
    return sources()[source]["published"], positions()[source, passage], id_


def entry(id_: str) -> dict[str, Any]:
    """What a list shows of a record: title, quote, caveats, and who says so where."""
    table, own = all_records().homes[id_]
    document = sources()[own["source_id"]]
    start, end, is_inferred = days_of(table, own)
    kinds = dict.fromkeys(caveats()[name]["kind_in_words"] for name in caveats_of(id_))
    reporter = own.get("reported_by")
    return {
        "id": id_,
        "title": titles()[id_],
        "table": table.name,
        "topic": table.resource.title,
        "period": with_basis(words.period(start, end), is_inferred=is_inferred),
        "reporter": None if reporter == document["publisher"] else own.get("reported_by_label"),
        "quote": own.get("quote"),
        "note": own.get("note"),
        "source": own["source_id"],
        "source_name": name_of(document),
        "source_in_text": source_name(document),
        "passage": own["passage"],
        "place": words.passage(own["passage"], document.get("division", "")),
        "standing": standing(document),
        "is_leaked": document["standing"] == "leaked",
        "caveats": [kind.lower() for kind in kinds],
    }


def name_of(document: Row) -> str:
    """A document in a few words, as a name that can begin a line."""
    name = source_name(document)
    return name[0].upper() + name[1:]


def standing(document: Row) -> str:
    """How a document became public, in words that a reader meets beside its records."""
    if document["standing"] == "leaked":
        return f"Leaked {str(document['kind_label']).split()[-1].lower()}, not confirmed"
    return "Official document"


def with_basis(time: str, *, is_inferred: bool) -> str:
    """A time that says of itself if the document does not print it."""
    return f"{time}, inferred" if time and is_inferred else time
