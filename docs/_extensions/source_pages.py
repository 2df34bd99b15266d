"""A page for every source: what it is, what it says, and each passage with its records.

The pages hold no text of a document. A number counts as used if the quote of a row covers it and
the row holds it, as in ``cambodia-tip audit``, which also needs no more than that.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any

import explorer_words as words
from explorer import all_records
from explorer_tables import Row
from record_lookup import (
    caveats,
    caveats_of,
    entry,
    name_of,
    records_by_passage,
    row,
    rows_of,
    sources,
    standing,
    table_of,
    with_basis,
)
from record_titles import COUNTRY
from sphinx.application import Sphinx
from static_pages import Page, TemplateDirective, static_page

import cambodia_tip as tip
from cambodia_tip.parsing.numerals import numerals
from cambodia_tip.reading.frames import read_package
from cambodia_tip.sources.documents import quotations_by_source
from cambodia_tip.sources.held_numbers import COUNTED, HeldNumbers

POINTS = 5
"""How many records sum a document up."""
SHARED_CAVEATS = 3
"""How many caveats are told of a document as a whole, and on how many records each must be."""
SUMMED_UP = ("assessments", "events", "agreements")
"""The tables of statements that say most of a document in one line."""
LONG = 300
"""Days after which a period counts as a year."""
EXTENTS = {
    "whole": "Whole document",
    "named_passages": "Named passages only",
    "heading_only": "Only a heading seen",
    "not_held": "Not held",
}
OTHERS = "Other sources"
HELD = ("whole", "named_passages")


def source_pages(app: Sphinx) -> Iterator[Page]:
    """A page for each document."""
    for source, document in sources().items():
        facts = source_facts(source)
        contents = [
            (anchor, text, parts)
            for anchor, text, parts, is_there in (
                ("says", "What it says", (), facts["points"]),
                ("caveats", "Caveats", (), facts["caveats"]),
                ("not-reported", "Not reported", (), facts["not_reported"]),
                ("passages", "Records in order", headings(facts["passages"]), facts["passages"]),
                ("cite", "Cite and check", (), True),
            )
            if is_there
        ]
        yield static_page(
            f"sources/{source}",
            "source_page.html",
            facts,
            title=str(document["title"]),
            description=f"{document['title']}. {standing(document)}. Records with quotes and"
            " caveats in the order of the document, and the numbers that no record uses.",
            parents=[("index.html", "Sources")],
            contents=contents,
        )


def source_facts(source: str) -> dict[str, Any]:
    """What the page of a document shows."""
    document = sources()[source]
    own = records_of(source)
    passages = passages_of(source)
    used, unused = numbers_of(source)
    return {
        "source": source,
        "document": document,
        "standing": standing(document),
        "series": series(document),
        "extent": extent(document),
        "published": published(document),
        "covers": covers(document),
        "coded": coded(passages),
        "number_of_records": len(own),
        "number_of_figures": sum("value" in row(id_) for id_ in own),
        "used": sum(map(len, used.values())),
        "unused": sum(map(len, unused.values())),
        "points": [entry(id_) for id_ in points(own)],
        "caveats": shared_caveats(own),
        "not_reported": [entry(id_) for id_ in own if is_gap(row(id_))],
        "passages": list(shown_passages(source, passages)),
        "earlier": neighbor(source, -1),
        "later": neighbor(source, 1),
        "citation": tip.cite([source]),
        "dataset": tip.cite(),
    }


def records_of(source: str) -> list[str]:
    """The ids of the records of a document, in the order of its passages."""
    by_passage = records_by_passage()
    return [
        id_
        for passage in passages_of(source)
        for id_ in by_passage.get((source, passage["passage"]), [])
    ]


@cache
def _passages() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for passage in sorted(rows_of("passages"), key=lambda passage: passage["position"]):
        found[passage["source_id"]].append(passage)
    return found


def passages_of(source: str) -> list[Row]:
    """The passages of a document in its order."""
    return _passages()[source]


# Facts


def series(document: Row) -> str:
    """What documents belong to: those of one title but for the year; numbered ones to their kind.

    Examples:
        >>> series({"title": "Trafficking in Persons Report 2004: Cambodia"})
        'Trafficking in Persons Report'
        >>> series({"title": "Trip", "document_number": "06P", "kind_label": "Embassy cable"})
        'Embassy cables'
    """
    if "document_number" in document:
        return f"{document['kind_label']}s"
    title = str(document["title"]).partition(":")[0]
    return " ".join(re.sub(r"\b(19|20)\d\d\b", " ", title).split())


def extent(document: Row) -> str:
    """How much of a document is held as text."""
    return EXTENTS.get(document["extent"], str(document["extent_label"]))


def covers(document: Row) -> str:
    """The days that a document reports on."""
    start, end = (document.get(f"reporting_period_{side}") for side in ("start", "end"))
    if start is None and end is None:
        return "Not stated"
    days = words.period(start and start.date(), end and end.date())
    return with_basis(days, is_inferred=document.get("reporting_period_basis") == "inferred")


def published(document: Row) -> str:
    """When a document was published, and whether that is inferred."""
    day = words.period(*words.days_of_edtf(document["published"]))
    return with_basis(day, is_inferred=document["published_basis"] == "inferred")


def coded(passages: list[Row]) -> str:
    """How many passages of a document are coded."""
    coded = sum(passage["in_scope"] for passage in passages)
    rest = len(passages) - coded
    if not rest:
        return "All of them" if len(passages) > 1 else "The only one"
    return f"{coded} of {len(passages)}; the others are about other subjects"


def is_gap(own: Row) -> bool:
    """Whether a record says that a document has no figure."""
    return own.get("obs_status") in ("not_reported", "not_available")


def points(ids: list[str]) -> list[str]:
    """The latest tier, then a figure of each table, then the first statements."""
    tiers = [id_ for id_ in ids if table_of(id_) == "tier_placements"]
    found = [max(tiers, key=lambda id_: row(id_)["report_year"])] if tiers else []
    for table in all_records().tables.values():
        if table.is_figures:
            figures = [id_ for id_ in ids if table_of(id_) == table.name and _is_total(row(id_))]
            found += [max(figures, key=lambda id_: _weight(row(id_)))] if figures else []
    found += [id_ for id_ in ids if table_of(id_) in SUMMED_UP]
    return found[:POINTS]


def _is_total(own: Row) -> bool:
    """Whether a figure is of something that happened, no zero, and no part of another figure."""
    return bool(own.get("value")) and own.get("obs_status") == "reported" and "part_of" not in own


def _weight(own: Row) -> tuple[bool, int, bool, bool, float]:
    """Whole years first, then the latest, the whole country, people, and the largest."""
    start, end = own.get("period_start"), own.get("period_end")
    is_year = start is not None and end is not None and (end - start).days > LONG
    is_country = "place" not in own and own.get("ref_area", COUNTRY) == COUNTRY
    return (
        is_year,
        (start or end).year if start or end else 0,
        is_country,
        own["unit"] == "persons",
        own["value"],
    )


def shared_caveats(ids: list[str]) -> list[dict[str, Any]]:
    """The caveats that limit most records of a document, widest first."""
    counts = Counter(name for id_ in ids for name in caveats_of(id_))
    return [
        {**caveats()[name], "number": number}
        for name, number in counts.most_common(SHARED_CAVEATS)
        if number >= min(SHARED_CAVEATS, len(ids))
    ]


def neighbor(source: str, step: int) -> dict[str, str] | None:
    """The document before or after this one in its series."""
    name = series(sources()[source])
    ids = [id_ for id_, document in sources().items() if series(document) == name]
    place = ids.index(source) + step
    if not 0 <= place < len(ids):
        return None
    return {"id": ids[place], "name": name_of(sources()[ids[place]])}


# Passages


def shown_passages(source: str, passages: list[Row]) -> Iterator[dict[str, Any]]:
    """The passages that are coded, and runs of those that are not, each as one entry."""
    used, unused = numbers_of(source)
    by_passage = records_by_passage()
    links = links_by_passage()
    heading = None
    for reason, run in groupby(passages, key=_reason):
        group = list(run)
        if reason:
            yield {
                "reason": reason,
                "places": _from_to([_place(source, passage) for passage in group]),
                "number": len(group),
            }
            continue
        for passage in group:
            name = passage["passage"]
            own = passage.get("heading")
            entries = [entry(id_) for id_ in by_passage.get((source, name), [])]
            yield {
                "reason": None,
                "anchor": f"p-{name}",
                "place": _place(source, passage),
                "kind": passage["kind"],
                "heading": own.split(" | ") if own and own != heading else None,
                "words": passage.get("words"),
                "records": [e for e in entries if e["table"] != "organizations"],
                "organizations": [e for e in entries if e["table"] == "organizations"],
                "links": links[source, name],
                "used": used.get(name, []),
                "unused": unused.get(name, []),
            }
            heading = own


def headings(passages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The headings that the document itself has, each with the anchor of its first passage."""
    found: dict[str, str] = {}
    for passage in passages:
        if passage.get("heading"):
            found.setdefault(passage["heading"][-1], passage["anchor"])
    return [(anchor, text) for text, anchor in found.items()]


def _reason(passage: Row) -> str:
    if passage["in_scope"]:
        return ""
    return str(passage.get("out_of_scope_reason_label", "Not in scope"))


def _place(source: str, passage: Row) -> str:
    text = words.passage(passage["passage"], sources()[source].get("division", ""))
    if passage["kind"] == "question":
        return f"Question {passage['passage']}"
    return text[0].upper() + text[1:]


def _from_to(places: list[str]) -> str:
    if len(places) == 1:
        return places[0]
    return f"{places[0]} to {places[-1][0].lower()}{places[-1][1:]}"


@cache
def links_by_passage() -> Counter[tuple[str, str]]:
    """How many rows that only link two things quote each passage."""
    return Counter(
        (link["source_id"], link["passage"]) for table in all_records().joins for link in table.rows
    )


# Numbers


def numbers_of(source: str) -> tuple[dict[str, list[str]], dict[str, list[Row]]]:
    """By passage, the numerals that a record uses and those that none uses.

    One that is printed again in its passage counts once among those that are used: without the
    text, nothing tells the places of two quotes apart.
    """
    return used_numerals()[source], _unused()[source]


@cache
def used_numerals() -> dict[str, dict[str, list[str]]]:
    """By document and passage, the numerals in quotes that their rows hold."""
    package, frames = read_package()
    held = HeldNumbers(package, frames)
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source, quotations in quotations_by_source(package, frames).items():
        for quotation in quotations:
            texts = found[source][quotation.passage]
            for numeral in numerals(quotation.text):
                if (
                    numeral.kind in COUNTED
                    and numeral.text.lower() not in texts
                    and held.holds(quotation.table, quotation.row, numeral)
                ):
                    texts.append(numeral.text.lower())
    return found


@cache
def _unused() -> dict[str, dict[str, list[Row]]]:
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for numeral in rows_of("unused_numerals"):
        found[numeral["source_id"]][numeral["passage"]].append(numeral)
    return found


# The overview


class SourceList(TemplateDirective):
    """All documents by series, newest first."""

    template = "source_list.html"

    def facts(self) -> dict[str, Any]:
        """Counts by extent, and the documents of each series."""
        sizes = Counter(series(document) for document in sources().values())
        by_series: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for source, document in reversed(sources().items()):
            name = series(document)
            by_series[name if sizes[name] > 1 else OTHERS].append(
                {
                    "id": source,
                    "name": name_of(document),
                    "document": document,
                    "standing": standing(document),
                    "extent": extent(document),
                    "published": published(document),
                    "covers": covers(document),
                    "number_of_records": len(records_of(source)),
                }
            )
        extents = Counter(document["extent"] for document in sources().values())
        return {
            "number": len(sources()),
            "held": sum(extents[name] for name in HELD),
            "seen": extents["heading_only"],
            "not_held": extents["not_held"],
            "series": sorted(
                by_series.items(), key=lambda item: (item[0] == OTHERS, -len(item[1]))
            ),
        }


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("static_pages")
    app.add_directive("source-list", SourceList)
    app.connect("html-collect-pages", source_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
