"""What the page of a record shows: claim, words, caveats, conflicts, citations, links, history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import explorer_words as words
import pandas as pd
import record_files as files
import record_links as links
from explorer_lists import document
from explorer_records import Records
from explorer_tables import Row, Table, days_of
from page_metadata import shortened
from record_titles import KINDS, source_name, titles

from cambodia_tip.citing.document_items import passage_items
from cambodia_tip.package.model import Package

LONGEST_TITLE = 90
MOST_OTHERS = 8
"""So many other records of a caveat are shown; its own page has all of them."""
MOST_USERS = 24
ENTITIES = {
    "organizations",
    "statutes",
    "agreements",
    "action_plans",
    "programmes",
    "operations",
}
"""Tables of what documents name, as opposed to what they say."""
NOT_SEEN = {"heading_only": "Text not held", "not_held": "Document not held"}
"""How much of a source there is, where that is little."""
CAVEATS = {
    "overlap": "May overlap: do not add",
    "conflict": "Conflict",
    "doubted": "Doubted",
    "not_comparable": "Not comparable",
    "definition": "Definition",
    "incomplete": "Incomplete",
}
"""Kinds of caveats, in the order in which a page has them."""


FORBIDDING = ("overlap", "conflict")
"""Kinds whose other records a reader has to see before a record is used."""


class Pages:
    """The pages of all records, made from what they have in common once."""

    def __init__(self, records: Records, package: Package) -> None:
        self.records = records
        self.package = package
        self.titles = titles()
        self.ids = links.ids()
        self.by_caveat = links.rows_by_caveat()
        self.conflicts = links.conflicts()
        self.restatements = links.restatements()
        self.series = links.series()
        self.users = links.users(records)
        self.joins = links.joins(records)
        self.neighbors = links.neighbors(records)
        self.corrections = links.corrections(records)
        self.documents = {name: document(row) for name, row in records.sources.items()}
        self.order = {id_: number for number, id_ in enumerate(records.homes)}

    @cached_property
    def items(self) -> dict[tuple[str, str], Any]:
        places = [(r["source_id"], r["passage"]) for _, r in self.records.homes.values()]
        return passage_items(self.package, dict.fromkeys(places))

    @cached_property
    def references(self) -> dict[str, dict[str, Any]]:
        """What a link to each record shows of it."""
        return {
            id_: {
                "id": id_,
                "title": self.titles[id_],
                "reporter": self._reporter(table, row),
                "quote": row.get("quote"),
                "source": source_name(self.records.sources[row["source_id"]]),
            }
            for id_, (table, row) in self.records.homes.items()
        }

    def page(self, id_: str) -> dict[str, Any]:
        """What the template shows of a record."""
        table, row = self.records.homes[id_]
        title = self.titles[id_]
        source = self.records.sources[row["source_id"]]
        place = words.passage(row["passage"], source.get("division", ""))
        return {
            "id": id_,
            "title": title,
            "tags": list(self._tags(table, row)),
            "reporter": self._named(table, row),
            "publisher": source["publisher_label"],
            "named_in": source_name(source) if table.name in ENTITIES else None,
            "law": self._law(table, row),
            "source": {
                **self.documents[row["source_id"]],
                "id": row["source_id"],
                "passage": row["passage"],
                "place": _counted(place, source),
                "heading": _filled(
                    self.records.places[row["source_id"], row["passage"]]["heading"]
                ),
            },
            "quotes": [
                (field.title, row[field.name])
                for field in table.resource.fields
                if field.name.endswith("quote") and field.name in row
            ],
            "no_quote": row.get("evidence_label", "No words are quoted for this record"),
            "conflicts": self._conflicts(id_),
            "caveats": self._caveats(id_),
            "applies": self._applies(id_),
            "description": row.get("description") if table.name == "caveats" else None,
            "restatements": [
                (how, note, self.references[other])
                for other, how, note in self.restatements.get(id_, [])
            ],
            "series": [self._point(other) for other in self.series.get(id_, [])],
            "cite": self._cite(table, row, place),
            "downloads": self._downloads(table, row),
            "details": [
                fact
                for fact in self._told(links.facts(self.records, table, row))
                if fact[1].rstrip(".") != title
            ],
            "note": row.get("note"),
            "history": self.corrections.get(id_, []),
            "since": self.ids[id_]["since"],
            "used_by": self._used_by(id_),
            "joins": [
                (self._told(join.facts), join.quote, self._place(join.passage))
                for join in self.joins.get(id_, [])
            ],
            "passage": self._neighbors(id_),
        }

    def _tags(self, table: Table, row: Row) -> Iterator[str]:
        """What it is, the standing of its source, and what limits it most."""
        yield "Figure" if table.is_figures else KINDS.get(table.name, table.resource.title)
        if table.name == "caveats":
            return
        source = self.records.sources[row["source_id"]]
        standing = self.documents[row["source_id"]].get("standing")
        if standing:
            yield f"Leaked {standing}"
        elif source["extent"] != "not_held":
            yield "Official report" if source["kind"] == "report_chapter" else "Official"
        if source["extent"] in NOT_SEEN:
            yield NOT_SEEN[source["extent"]]
        start, end, is_inferred = days_of(table, row)
        if is_inferred:
            is_year = (
                start and end and start.year == end.year and (start.month, end.month) == (1, 12)
            )
            yield "Year inferred" if is_year else "Period inferred"
        if row.get("obs_status", "reported") != "reported":
            yield str(row["obs_status"]).replace("_", " ").capitalize()
        if row.get("value_basis") == "derived":
            yield "Derived, not printed"

    def _reporter(self, table: Table, row: Row) -> str:
        if table.name == "caveats":
            return "this dataset"
        source = self.records.sources[row["source_id"]]
        return str(row.get("reported_by_label") or source["publisher_label"])

    def _named(self, table: Table, row: Row) -> tuple[str, str] | None:
        """The reporter, if a column names one: its page and its name."""
        return (row["reported_by"], row["reported_by_label"]) if "reported_by" in row else None

    def _law(self, table: Table, row: Row) -> tuple[str, str] | None:
        """The law that a record is, or is about."""
        if table.name == "statutes":
            return row["id"], self.titles[row["id"]]
        for field in table.resource.fields:
            if self.ids.get(row.get(field.name, ""), {}).get("table") == "statutes":
                return row[field.name], self.titles[row[field.name]]
        return None

    def _point(self, id_: str) -> dict[str, Any]:
        table, row = self.records.homes[id_]
        start, end, _ = days_of(table, row)
        unit = self.records.units[row["unit"]]
        return {
            **self.references[id_],
            "period": words.period(start, end),
            "value": words.measure(row, unit),
        }

    # Caveats and conflicts

    def _caveats(self, id_: str) -> list[dict[str, Any]]:
        """The caveats of a record with the other records of each, those that are nearest first.

        A conflict is not among them if the pairs of the table `conflicts` show it.
        """
        shown = {pair["caveat_id"] for pair in self.conflicts.get(id_, [])}
        found = []
        for caveat in self._in_order(self.records.row_caveats.get(id_, [])):
            if caveat not in shown:
                others = sorted(
                    (other for other in self.by_caveat[caveat] if other != id_),
                    key=lambda other: self._distance(id_, other, caveat),
                )
                nearest = [self.references[other] for other in others[:MOST_OTHERS]]
                found.append({**self._caveat(caveat), "others": nearest, "count": len(others)})
        return found

    def _caveat(self, id_: str) -> dict[str, Any]:
        row = self.records.warnings[id_]
        return {
            "id": id_,
            "kind": CAVEATS.get(row["kind"], str(row["kind_label"])),
            "label": row["label"],
            "text": row["description"],
            "is_open": row["kind"] in FORBIDDING,
        }

    def _in_order(self, caveats: list[str]) -> list[str]:
        order = {kind: number for number, kind in enumerate(CAVEATS)}
        kinds = {id_: self.records.warnings[id_]["kind"] for id_ in caveats}
        return sorted(caveats, key=lambda id_: order.get(kinds[id_], len(order)))

    def _distance(self, id_: str, other: str, caveat: str) -> tuple[Any, ...]:
        """How far another record of a caveat is, for a reader of this one.

        Where counts may overlap, those of others for the same period are first, and no parts.
        """
        (table, row), (home, record) = (self.records.homes[each] for each in (id_, other))

        def is_other(*names: str) -> bool:
            return any(row.get(name) != record.get(name) for name in names)

        near = [is_other("indicator", "statute", "subject"), is_other("source_id", "passage")]
        if self.records.warnings[caveat]["kind"] == "overlap":
            same = not is_other("reported_by")
            near = ["part_of" in record, is_other("period_end"), same, *near]
        return table.name != home.name, *near, self.order[other]

    def _applies(self, id_: str) -> list[dict[str, Any]]:
        """The records that a caveat holds for."""
        ids = sorted(self.by_caveat.get(id_, []), key=self.order.__getitem__)
        return [self.references[each] for each in ids]

    def _conflicts(self, id_: str) -> list[dict[str, Any]]:
        """The pairs that a record is in, or that a caveat is about, by caveat."""
        found: dict[str | None, dict[str, Any]] = {}
        for pair in self.conflicts.get(id_, []):
            caveat = pair["caveat_id"]
            about = self._caveat(caveat) if caveat else None
            group = found.setdefault(caveat, {"caveat": about, "pairs": []})
            sides = [self.references[pair[name]] for name in ("first_id", "second_id")]
            group["pairs"].append({"sides": sides, "note": pair["note"]})
        return list(found.values())

    # Links

    def _told(self, facts: list[links.Fact]) -> list[tuple[str, str, str | None]]:
        return [
            (fact.title, self.titles[fact.text], fact.text)
            if fact.is_link
            else (fact.title, fact.text, None)
            for fact in facts
        ]

    def _used_by(self, id_: str) -> list[dict[str, Any]]:
        return [
            {
                "table": table,
                "column": column,
                "count": len(ids),
                "records": [self.references[each] for each in ids[:MOST_USERS]],
            }
            for (table, column), ids in self.users.get(id_, {}).items()
        ]

    def _place(self, passage: tuple[str, str]) -> str:
        source = self.records.sources[passage[0]]
        place = words.passage(passage[1], source.get("division", ""))
        return f"{source_name(source)}, {place}"

    def _neighbors(self, id_: str) -> dict[str, Any] | None:
        found = self.neighbors.get(id_)
        if not found or found["of"] == 1:
            return None
        ends = {end: self.references.get(found.get(end, "")) for end in ("previous", "next")}
        return {**found, **ends}

    # To take away

    def _cite(self, table: Table, row: Row, place: str) -> dict[str, Any]:
        item = self.items[row["source_id"], row["passage"]]
        reporter = row.get("reported_by_label")
        is_author = reporter == self.records.sources[row["source_id"]]["publisher_label"]
        return {
            "short": files.short_citation(item, place),
            "full": files.full_citation(
                self.package,
                item,
                row["id"],
                None if is_author else reporter,
            ),
            "formats": files.citations(self.package, item),
        }

    def _downloads(self, table: Table, row: Row) -> dict[str, str]:
        cells = {
            field.name: _plain(row[field.name])
            for field in table.resource.fields
            if field.name in row
        }
        caveats = self.records.row_caveats.get(row["id"], [])
        record = {
            "table": table.name,
            "version": self.package.version,
            **cells,
            **({"caveats": caveats} if caveats else {}),
        }
        return {"JSON": files.as_json(record), "CSV": files.as_csv(record)}

    # For machines

    def context(self, id_: str) -> dict[str, Any]:
        """The context of the page of a record."""
        record = self.page(id_)
        table, row = self.records.homes[id_]
        who = self.references[id_]
        said = "A caveat of" if table.name == "caveats" else "Reported by"
        about = f"{record['title']}. {said} {who['reporter']}, {who['source']}."
        return {
            "record": record,
            "title": self.head_titles[id_],
            "meta": {"html_theme.sidebar_secondary.remove": True},
            "description": about,
            "structured": self._structured(record, row),
            "parents": [
                {"link": "../explorer.html", "title": "Explore"},
                {"link": f"../explorer.html?topic={table.name}", "title": table.resource.title},
            ],
        }

    @cached_property
    def head_titles(self) -> dict[str, str]:
        """Titles for tabs and lists of results; a long one ends with its source, if that will do
        to tell it from others."""
        found = {}
        for id_, title in self.titles.items():
            short = shortened(title, LONGEST_TITLE)
            found[id_] = short if short == title else f"{short} ({self.references[id_]['source']})"
        counted = Counter(found.values())
        return {
            id_: short if counted[short] == 1 else self.titles[id_] for id_, short in found.items()
        }

    def _structured(self, record: dict[str, Any], row: Row) -> dict[str, Any]:
        """The page in the terms of schema.org: part of the dataset, based on its source."""
        item = self.items[row["source_id"], row["passage"]]
        descriptor = self.package.descriptor
        based_on = {
            "@type": "Report",
            "name": item["title"],
            "author": {"@type": "Organization", "name": item["author"][0]["literal"]},
            "datePublished": "-".join(f"{n:02}" for n in item["issued"]["date-parts"][0]),
            **({"url": item["URL"]} if "URL" in item else {}),
        }
        return {
            "@type": "WebPage",
            "name": record["title"],
            "identifier": record["id"],
            "isPartOf": {
                "@type": "Dataset",
                "name": descriptor["title"],
                "version": self.package.version,
                "identifier": descriptor["contentHash"],
            },
            "isBasedOn": based_on,
        }

    def retired(self, id_: str) -> dict[str, Any]:
        """The context of the page of an id that is not in use."""
        known = self.ids[id_]
        other = links.replacement(id_, self.ids)
        table = self.package.resources.get(known["table"])
        return {
            "retired": {
                **known,
                "kind": table.title if table else known["table"],
                "reasons": self.corrections.get(id_, []),
                "replacement": self.references[other] if other else None,
            },
            "title": f"Retired record: {id_}",
            "meta": {"html_theme.sidebar_secondary.remove": True},
            "description": f"The record {id_} is retired since version {known['retired']}.",
            "noindex": True,
            "canonical": f"{other}.html" if other else None,
            "parents": [{"link": "../explorer.html", "title": "Explore"}],
        }


def _plain(cell: Any) -> Any:
    """A cell as JSON has it."""
    return cell.strftime("%Y-%m-%d") if hasattr(cell, "strftime") else cell


def _filled(cell: Any) -> Any:
    return None if pd.isna(cell) else cell


def _counted(place: str, source: Row) -> str:
    """A place in a document, with a remark where it prints no number of its own."""
    is_counted = source.get("division") == "unnumbered" and any(map(str.isdigit, place))
    return f"{place} (our count)" if is_counted else place
