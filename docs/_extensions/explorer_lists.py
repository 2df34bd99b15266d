"""What the records point at: documents, passages with their citations, caveats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import explorer_words as words
import pandas as pd
from explorer_tables import Row, Table, rows_by_key

import cambodia_tip as tip
from cambodia_tip.citing.citation import dataset_item
from cambodia_tip.citing.document_items import passage_items
from cambodia_tip.citing.formats import Item, render
from cambodia_tip.package.opening import open_package

CITATIONS = {"text": "Text", "bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON"}
"""Formats of citations that make sense to copy from a page."""

DOCS = Path(__file__).parents[1]
_LINK = re.compile(r"\[([^\]]+\?)\]\(findings/([a-z-]+)\.md\)")
_ID = re.compile(r"[a-z]+-[a-z0-9-]+")

TOLD_OF_DOCUMENTS = "kind document_number publisher division marking terms note".split()


@cache
def positions() -> dict[tuple[str, str], Row]:
    """The passages of all documents by document and name."""
    rows = tip.load("passages").astype(object).to_dict("records")
    return {(row["source_id"], row["passage"]): row for row in rows}


def document(row: Row) -> dict[str, Any]:
    """A document with its date in words, and what a reader has to know of its standing."""
    date = words.period(*words.days_of_edtf(row["published"]))
    if row["published_basis"] == "inferred":
        date += ", inferred"
    resource = open_package().resource("sources")
    facts = [
        [resource.field(name).title, row.get(f"{name}_label", row[name])]
        for name in TOLD_OF_DOCUMENTS
        if name in row
    ]
    found = {
        "name": f"{row['title']} ({date})",
        "title": row["title"],
        "date": date,
        "url": row["url"],
        "opened": row["url_status"] != "unopened",
        "facts": facts,
    }
    if "marking" in row:
        found["standing"] = f"{str(row['kind_label']).split()[-1].lower()}, not confirmed"
    if row["url_status"] != "opened":
        found["url_note"] = row["url_status_label"]
    return found


def passages(tables: Iterable[Table], joins: Iterable[Table]) -> dict[str, dict[str, object]]:
    """The passages that rows cite, with the citation that is the same for all their rows."""
    places = positions()
    divisions = {
        name: row.get("division", "") for name, row in rows_by_key("sources", "source_id").items()
    }
    cited = {
        (row["source_id"], row["passage"]): row["id"] for table in tables for row in table.rows
    }
    for table in joins:
        for row in table.rows:
            cited.setdefault((row["source_id"], row["passage"]), "")
    cites = passage_items(open_package(), [key for key, id_ in cited.items() if id_])
    return {
        "/".join(key): {
            "name": words.passage(key[1], divisions[key[0]]),
            **_if_filled("heading", places[key]["heading"]),
            **({"cite": _in_formats([cites[key]])} if id_ else {}),
        }
        for key, id_ in cited.items()
    }


def caveats() -> dict[str, dict[str, object]]:
    """The caveats by id; those of overlaps are marked."""
    field = open_package().resource("caveats").field("kind")
    return {
        str(row["id"]): {
            "kind": field.categories[row["kind"]],
            "code": str(row["kind"]).replace("_", " "),
            "label": row["label"],
            "text": row["description"],
            **({"overlap": True} if row["kind"] == "overlap" else {}),
        }
        for row in rows_by_key("caveats", "id").values()
    }


def findings(places: Mapping[str, int]) -> list[tuple[str, str, list[int]]]:
    """The findings that the home page links to: page, question, and places of their records.

    Args:
        places: The place of each record, by id.
    """
    found = []
    for question, page in _LINK.findall((DOCS / "index.md").read_text(encoding="utf-8")):
        text = (DOCS / "findings" / f"{page}.md").read_text(encoding="utf-8")
        named = dict.fromkeys(id_ for id_ in _ID.findall(text) if id_ in places)
        if named:
            found.append((page, question, [places[id_] for id_ in named]))
    return found


def abbreviations() -> dict[str, str]:
    """The short names of bodies by their labels: documents and readers use either."""
    rows = rows_by_key("organizations", "id").values()
    return {row["label"]: row["abbreviation"] for row in rows if "abbreviation" in row}


def _if_filled(name: str, cell: object) -> dict[str, object]:
    return {} if pd.isna(cell) else {name: cell}


def _in_formats(items: list[Item]) -> dict[str, str]:
    """Citations of documents, by the name of their format."""
    dataset = dataset_item(open_package().descriptor)
    return {title: render(dataset, items, name) for name, title in CITATIONS.items()}
