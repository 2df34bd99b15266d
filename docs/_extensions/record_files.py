"""What a reader takes away from the page of a record: citations, and its cells as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cambodia_tip.citing.citation import dataset_item
from cambodia_tip.citing.formats import Item, render
from cambodia_tip.package.model import Package

FORMATS = {"bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON"}
SHORT_HASH = len("sha256:") + 8


def citations(package: Package, item: Item) -> dict[str, str]:
    """The citation of the document behind a record, by the title of its format.

    Args:
        package: The package.
        item: The document, citing the passage of the record: one of `passage_items`.
    """
    dataset = dataset_item(package.descriptor)
    return {title: render(dataset, [item], name) for name, title in FORMATS.items()}


def short_citation(item: Item, place: str) -> str:
    """Publisher, title, number and paragraph, as a note in a text has them."""
    year = str(item["issued"]["date-parts"][0][0])
    title = item["title"] if year in item["title"] else f"{item['title']} ({year})"
    number = f"{item['genre'].lower()} {item['number']}" if "number" in item else None
    place = place.replace("paragraph", "para.")
    parts = [item["author"][0]["literal"], title, number, place]
    return ", ".join(filter(None, parts)) + ("" if place.endswith(".") else ".")


def full_citation(package: Package, item: Item, id_: str, reporter: str | None) -> str:
    """The document, who reported, and the record of the dataset that leads there.

    Its address follows in the page when versions are joined: a site that is built knows none.
    """
    parts = [render(dataset_item(package.descriptor), [item], "text").rstrip(".")]
    if reporter:
        parts.append(f"Reported by {reporter}")
    name = package.descriptor["name"]
    digest = package.descriptor["contentHash"][:SHORT_HASH]
    parts.append(f"Coded in {name} {package.version} ({digest}), record {id_}")
    return ". ".join(parts) + "."


def as_json(record: Mapping[str, Any]) -> str:
    """A link to the record as JSON, which is in the link itself."""
    return _link("application/json", json.dumps(record, ensure_ascii=False))


def as_csv(record: Mapping[str, Any]) -> str:
    """A link to the record as a table of one row, which is in the link itself."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(record)
    writer.writerow("; ".join(c) if isinstance(c, list) else c for c in record.values())
    return _link("text/csv", text.getvalue())


def _link(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8,{quote(text, safe=_PLAIN)}"


_PLAIN = "-_.!~*(),:;/?@$=+[]{}|^"
"""What may stand in such a link as it is, apart from letters and digits."""
