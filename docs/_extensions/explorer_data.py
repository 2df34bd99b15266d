"""The records as the explorer loads them: column by column, each repeated text once.

What only the page of a record needs is left out, so that the file stays small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, takewhile
from typing import Any

import record_titles
from explorer_lists import findings
from explorer_records import FACETS, Records
from explorer_tables import rows_by_key

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.search import BRITISH, SYNONYMS

TOGETHER = (
    ("penalties", "sentences"),
    ("statutes", "agreements"),
    ("events", "operations"),
    ("programmes", "action_plans"),
    ("routes", "victim_locations"),
)
"""Tables that are one topic; those of figures are one too, and each other table is its own."""
REPEATED = ("detail", "value", "more", "period", "area", "reporter")
"""Columns whose texts stand for many records."""
CODES = tuple(name for name in FACETS if name != "source")
"""What records are filtered by; the source of a record is that of its passage."""
SAID_ELSEWHERE = ("period_start", "period_end", "period_basis", "reported_by", "ref_area")
"""Columns of a row that the line of a record tells."""

Entry = dict[str, Any]


def topics(records: Records) -> list[Entry]:
    """The topics with their tables: figures first, then what a reader looks for."""
    titles = {name: table.resource.title for name, table in records.tables.items()}
    figures = tuple(name for name, table in records.tables.items() if table.is_figures)
    firsts = {group[0]: group for group in TOGETHER}
    rest = {name for group in TOGETHER for name in group[1:]} | set(figures)
    groups = [firsts.get(name, (name,)) for name in titles if name not in rest]
    return [
        {"key": "figures", "title": "Figures", "tables": figures},
        *(
            {
                "key": "-".join(group),
                "title": " and ".join([titles[group[0]], *(titles[n].lower() for n in group[1:])]),
                "tables": group,
            }
            for group in sorted(groups, key=lambda group: group == ("caveats",))
        ),
    ]


def packed(records: Records) -> Entry:
    """All that the scripts of the explorer read; `explorer.records.js` unpacks it."""
    data = records.data()
    found: list[Entry] = data["records"]
    places = {record["id"]: place for place, record in enumerate(found)}
    strings = Strings(found)
    tables = list(data["topics"])
    passages = list(data["passages"])
    caveats = list(data["caveats"])
    titles = [record_titles.title(record) for record in found]
    columns: dict[str, list[object]] = {
        "id": list(places),
        "title": titles,
        "table": [tables.index(record["topic"]) for record in found],
        "passage": [passages.index(record["passage"]) for record in found],
        "number": [record.get("number") for record in found],
        "note": [record.get("note", "") for record in found],
        "quotes": [_quotes(record) for record in found],
        "years": [record.get("years") for record in found],
        "inferred": [int(record.get("inferred", False)) for record in found],
        "caveats": [[caveats.index(id_) for id_ in record.get("caveats", ())] for record in found],
        "cells": [list(_cells(record, title, data["fields"], strings, places))
                  for record, title in zip(found, titles, strict=True)],
        "linked": [sorted({places[id_] for id_ in _linked(record, data["fields"])} - {place})
                   for place, record in enumerate(found)],
    }  # fmt: skip
    for name in REPEATED:
        columns[name] = [strings.place(record.get(name, "")) for record in found]
    for name in CODES:
        columns[f"facet_{name}"] = [
            strings.place(" ".join(record["facets"].get(name, ()))) for record in found
        ]
    return {
        "version": data["version"],
        "topics": topics(records),
        "tables": data["topics"],
        "named": [name for name, t in records.tables.items() if t.resource.label_field],
        "fields": data["fields"],
        "documents": _documents(data, records.sources),
        "passages": list(_passages(data)),
        "caveats": {name: _caveat(each) for name, each in data["caveats"].items()},
        "abbreviations": data["abbreviations"],
        "pairs": list(_pairs(places)),
        "findings": findings(places),
        "retired": _retired(),
        "synonyms": SYNONYMS,
        "spellings": [[pattern.pattern, plain] for pattern, plain in BRITISH],
        "strings": strings.kept,
        "repeated": [*REPEATED, *(f"facet_{name}" for name in CODES)],
        "columns": columns,
    }


class Strings:
    """Texts that occur more than once, each with its place; the others stay where they are."""

    def __init__(self, records: list[Entry]) -> None:
        texts: Counter[str] = Counter()
        for record in records:
            texts.update(text for _, text in record["cells"])
            texts.update(record[name] for name in REPEATED if name in record)
            texts.update(" ".join(record["facets"].get(name, ())) for name in CODES)
        self.kept = ["", *(text for text, number in texts.most_common() if number > 1 and text)]
        self._places = {text: place for place, text in enumerate(self.kept)}

    def place(self, text: str) -> int | str:
        """Where a text is kept, or the text."""
        return self._places.get(text, text)


def _quotes(record: Entry) -> object:
    """The quote, or where a record has several, each with its title."""
    quotes = record.get("quotes", ())
    return quotes[0][1] if len(quotes) == 1 else quotes or 0


def _cells(
    record: Entry, title: str, fields: Sequence[Entry], strings: Strings, places: dict[str, int]
) -> Iterable[object]:
    """The columns of a row that its title does not tell: texts, or places of other records."""
    for field, text in record["cells"]:
        is_told = text == record["label"] and text.rstrip(".") in title
        if is_told or fields[field]["name"] in SAID_ELSEWHERE:
            continue
        if fields[field].get("link"):
            yield from (field, places[text])
        else:
            yield from (field, strings.place(text))


def _linked(record: Entry, fields: Sequence[Entry]) -> Iterable[str]:
    """The records that a table of links joins with a record."""
    cells = chain.from_iterable(cells for _, cells, _, _ in record.get("joined", ()))
    return (text for field, text in cells if fields[field].get("link"))


def _caveat(caveat: Entry) -> Entry:
    code = "may overlap: do not add" if "overlap" in caveat else caveat["code"]
    return caveat | {"kind": code.capitalize()}


def _documents(data: Entry, sources: dict[str, Entry]) -> list[Entry]:
    """The documents in the order of their dates, with what citations of them have in common."""
    found = []
    for name in data["documentOrder"]:
        document = data["documents"][name]
        start, end = _around(_cited(data, name))
        found.append(
            {
                "id": name,
                "name": document["name"],
                "short": record_titles.source_name(sources[name]),
                "publisher": dict(document["facts"])["Publisher"],
                "standing": f"Leaked {document['standing']}" if "standing" in document else "",
                "cite": [start, end],
            }
        )
    return found


def _cited(data: Entry, document: str) -> list[str]:
    passages = data["passages"].items()
    keys = [(key, each) for key, each in passages if key.startswith(f"{document}/")]
    return [each["cite"]["Text"] for _, each in keys if "cite" in each]


def _around(texts: list[str]) -> tuple[str, str]:
    """What texts begin and end with alike."""
    start = _alike(texts)
    return start, _alike([text[len(start) :][::-1] for text in texts])[::-1]


def _alike(texts: list[str]) -> str:
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in alike)


def _passages(data: Entry) -> Iterable[Entry]:
    around = {name: _around(_cited(data, name)) for name in data["documentOrder"]}
    for key, passage in data["passages"].items():
        name = key.partition("/")[0]
        start, end = around[name]
        text = passage.get("cite", {}).get("Text", start + end)
        yield {
            "document": data["documentOrder"].index(name),
            "name": passage["name"] + (" (our count)" if text.count("as counted") else ""),
            "cite": text[len(start) : len(text) - len(end)],
        }


def _pairs(places: dict[str, int]) -> Iterable[list[object]]:
    """Records that contradict each other or that one document gives anew: both, and how."""
    package = open_package()
    for table, first, second in (
        ("conflicts", "first_id", "second_id"),
        ("restatements", "earlier", "later"),
    ):
        kinds = package.resource(table).field("kind").categories
        for row in tip.load(table).astype(object).fillna("").to_dict("records"):
            if row["kind"] != "repeated":
                pair = [places[row[first]], places[row[second]]]
                yield [*pair, table, kinds[row["kind"]], row["note"]]


def _retired() -> dict[str, list[str]]:
    """The ids that are no longer in use: since which release, and what took their place."""
    rows = rows_by_key("ids", "id").values()
    return {
        row["id"]: [row["retired"], row.get("replaced_by", "")] for row in rows if "retired" in row
    }
