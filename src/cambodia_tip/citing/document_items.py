"""The documents behind rows, as items of CSL-JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..package.model import Package
from ..parsing.passages import place_in_words
from ..reading.evidence import Rows, evidence, row_ids
from ..reading.frames import shared_frame
from .formats import Item, date_parts, filled

INFERRED_DATE = "Date inferred, not printed in the document"


def document_items(package: Package, rows: Rows) -> list[Item]:
    """The documents behind rows, each once, as items of CSL-JSON.

    Raises:
        UnknownNameError: If an id does not exist.
    """
    documents = set(shared_frame(package, "sources")["source_id"])
    positions = shared_frame(package, "passages").set_index(["source_id", "passage"])["position"]
    wanted = row_ids(rows)
    has_documents = not documents.isdisjoint(wanted)
    records = [row for row in wanted if row not in documents] if has_documents else rows
    cited = evidence(records, package=package)
    passages: dict[str, list[str]] = {row: [] for row in wanted if row in documents}
    for source_id, group in cited.groupby("source_id"):
        order = positions[source_id]
        passages[str(source_id)] = sorted(group["passage"].unique(), key=order.__getitem__)
    return _items(package, sorted(passages.items()))


def passage_items(
    package: Package, passages: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Item]:
    """The document of each passage as an item of CSL-JSON that cites this passage alone.

    The same as `document_items` gives for a row of the passage, for thousands of them at once.
    """
    places = list(passages)
    items = _items(package, ((source_id, [passage]) for source_id, passage in places))
    return dict(zip(places, items, strict=True))


def documents(package: Package) -> list[Item]:
    """All documents that a data package is coded from, as items of CSL-JSON."""
    return _items(package, ((name, []) for name in shared_frame(package, "sources")["source_id"]))


def _items(package: Package, cited: Iterable[tuple[str, list[str]]]) -> list[Item]:
    """Documents by their ids, each with the passages to cite."""
    sources = shared_frame(package, "sources").set_index("source_id")
    publishers = shared_frame(package, "organizations").set_index("id")["label"]
    return [_document_item(package, sources.loc[n], publishers, passages) for n, passages in cited]


def _document_item(package: Package, row: Any, publishers: pd.Series, passages: list[str]) -> Item:
    source = row.astype(object).where(row.notna(), None)
    kinds = package.resource("sources").field("kind").categories
    is_inferred = source["published_basis"] == "inferred"
    paragraphs = _paragraphs(passages, source["division"])
    standing = source["terms"] if source["marking"] else None
    marking = f"Marked {source['marking']}" if source["marking"] else None
    date_remark = INFERRED_DATE if is_inferred else None
    return filled(
        id=str(row.name),
        type="report",
        title=source["title"],
        author=[{"literal": publishers[source["publisher"]]}],
        issued=date_parts(source["published"]),
        genre=kinds[source["kind"]],
        number=source["document_number"],
        URL=source["archived_url"]
        or (source["url"] if source["url_status"] != "unopened" else None),
        note=". ".join(filter(None, [paragraphs, date_remark, marking, standing])),
    ) | {"custom": filled(paragraphs=paragraphs, dateInferred=is_inferred, standing=standing)}


def _paragraphs(passages: list[str], division: str) -> str:
    """Where to look in the document: what it prints itself, and what had to be counted."""
    words = [place_in_words(name, division) for name in passages]
    if words and all(words):
        counted = [name for name in passages if "." in name]
        places = "; ".join(filter(None, words))
        return places[:1].upper() + places[1:] + (", as counted" if counted else "")
    numbered = [name for name in passages if name[0].isdigit()]
    parts = [name.capitalize() for name in passages if not name[0].isdigit()]
    counted = numbered if division == "unnumbered" else [n for n in numbered if "." in n]
    if division == "questions":
        answers: dict[str, list[str]] = {}
        for name in numbered:
            question, _, paragraph = name.partition(".")
            answers.setdefault(question, []).extend(filter(None, [paragraph]))
        parts += [", ".join([f"Question {q}", *_listed(found)]) for q, found in answers.items()]
    else:
        parts += [listed.capitalize() for listed in _listed(numbered)]
    return "; ".join(parts) + (", as counted" if counted else "")


def _listed(paragraphs: list[str]) -> list[str]:
    """Paragraphs in words, if there are any."""
    plural = "s" if len(paragraphs) > 1 else ""
    return [f"paragraph{plural} {', '.join(paragraphs)}"] if paragraphs else []
