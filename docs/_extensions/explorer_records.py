"""Every row that has an id and a quote, as a record that the page can show without the tables.

What a column is comes from the descriptor: titles and labels in place of names and codes, links
where a foreign key leads to another row. Only the columns that mean the same in every table are
known by name, and the code lists that a row is read with: documents, passages, caveats, areas.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import explorer_words as words
from explorer_lists import abbreviations, caveats, document, passages, positions
from explorer_tables import (
    Row,
    Table,
    days_of,
    is_age_as_printed,
    is_kind,
    is_unstated,
    is_year,
    needs_title,
    rows_by_key,
    text_of,
)
from finding_topics import TOPICS, listed_in

import cambodia_tip as tip
from cambodia_tip.package.model import Field, Package

FACETS = {
    "finding": "Listed in the finding",
    "indicator": "Indicator",
    "area": "Area",
    "reporter": "Reported by",
    "status": "Status of the figure",
    "caveat": "Caveat",
    "source": "Source",
}
"""What the list can be filtered by, besides words, topics and years."""
ANY_CAVEAT = "any"
PROVENANCE = ("id", "source_id", "passage", "note")
AREAS, BODIES = "areas", "organizations"
SAID_ELSEWHERE = {"unit", "indicator", "reported_by", "carried_out_by", "made_by"}


class Records:
    """All records of a package, and the lists that they point into."""

    def __init__(self, package: Package) -> None:
        tables = [Table(r) for r in package.resources.values() if "quote" in r.field_names]
        self.tables = {table.name: table for table in tables if "id" in table.resource.field_names}
        self.joins = [table for table in tables if table.name not in self.tables]
        self.package = package
        self.homes = {
            str(row["id"]): (table, row) for table in self.tables.values() for row in table.rows
        }
        self.units = rows_by_key("units", "unit")
        self.places = positions()
        self.sources = rows_by_key("sources", "source_id")
        self.warnings = rows_by_key("caveats", "id")
        self.parents = {code: row.get("parent") for code, row in rows_by_key(AREAS, "area").items()}
        self.fields: list[dict[str, object]] = []

    def data(self) -> dict[str, object]:
        """Everything that the page shows, in the form that the script reads."""
        records = self.listed
        return {
            "version": self.package.version,
            "topics": {name: table.resource.title for name, table in self.tables.items()},
            "fields": self.fields,
            "documents": {name: document(row) for name, row in self.sources.items()},
            "documentOrder": sorted(self.sources, key=lambda n: self.sources[n]["published"]),
            "passages": passages(self.tables.values(), self.joins),
            "caveats": caveats(),
            "abbreviations": abbreviations(),
            "records": records,
        }

    @cached_property
    def listed(self) -> list[dict[str, Any]]:
        """Every record in the form that the pages read, figures first."""
        return [
            self._record(table, row)
            for table in self._in_order()
            for row in self._read_order(table)
        ]

    def _in_order(self) -> list[Table]:
        """Figures first."""
        return sorted(self.tables.values(), key=lambda table: not table.is_figures)

    def _read_order(self, table: Table) -> list[dict[str, Any]]:
        """By document and paragraph, as somebody would come upon them."""
        return sorted(
            table.rows,
            key=lambda row: (
                self.sources[row["source_id"]]["published"],
                self.places[row["source_id"], row["passage"]]["position"],
                row["id"],
            ),
        )

    @cached_property
    def row_caveats(self) -> dict[str, list[str]]:
        frame = tip.load("row_caveats")
        return frame.groupby("row_id")["caveat_id"].agg(list).to_dict()

    # A row

    def _record(self, table: Table, row: Row) -> dict[str, Any]:
        start, end, is_inferred = days_of(table, row)
        main, *rest = self._label(table, row)
        value, more = self._value(table, row)
        number = row.get("value", row.get("minimum"))
        record = {
            "id": row["id"],
            "topic": table.name,
            "label": main,
            "detail": " · ".join([*rest, *self._detail(table, row)]),
            "value": value,
            "more": more,
            "number": number,
            "period": words.period(start, end),
            "inferred": is_inferred,
            "years": self._years(row, start, end),
            "start": str(start or ""),
            "end": str(end or ""),
            "area": self._area(table, row),
            "whole": row.get("part_of"),
            **self._reporter(table, row),
            "passage": f"{row['source_id']}/{row['passage']}",
            "quotes": [
                [field.title, row[field.name]]
                for field in table.resource.fields
                if field.name.endswith("quote") and field.name in row
            ],
            "note": row.get("note"),
            "caveats": self.row_caveats.get(row["id"]),
            "cells": list(self._cells(table, row)),
            "joined": list(self._joined(row["id"])),
            "facets": self._facets(table, row),
        }
        # zero is a number, and stays
        return {
            name: cell for name, cell in record.items() if cell or (cell == 0 and cell is not False)
        }

    def _label(self, table: Table, row: Row) -> list[str]:
        """What a row is about: its title or summary, its indicator, else what it links."""
        for name in (table.resource.label_field, "summary", "indicator_label"):
            if name in row:
                return [row[name]]
        parts = [
            self._name_of(table, field, row)
            for field in self._links(table)
            if field.name in row and field.name != "part_of"
        ]
        years = [
            f"{field.title} {row[field.name]}"
            for field in table.resource.fields
            if field.name in row and is_year(field)
        ]
        return [*parts, *years] or [_capital(self._area(table, row))]

    def _links(self, table: Table) -> list[Field]:
        """Columns that lead to what a row is about: no areas, no reporters, no row of its kind."""
        return [
            field
            for field in table.resource.fields
            if field.name in table.targets
            and field.name not in {*PROVENANCE, *SAID_ELSEWHERE}
            and table.targets[field.name] not in (AREAS, table.name)
        ]

    def _name_of(self, table: Table, field: Field, row: Row) -> str:
        home, other = self.homes.get(row[field.name], (None, {}))
        if "short_title" in other:  # which tells one law from another, mostly by its year
            return with_year(str(other["short_title"]), *days_of(home, other))
        is_record = table.targets.get(field.name) == "ids"  # its label is a whole record
        if home is None or (f"{field.name}_label" in row and not is_record):
            return str(row[f"{field.name}_label"])
        return self._label(home, other)[0]

    def _detail(self, table: Table, row: Row) -> Iterator[str]:
        """What else tells a row from its neighbours in the list."""
        told_by_links = not ({table.resource.label_field, "summary", "indicator"} & set(row))
        shown = {field.name for field in self._links(table)}
        for field in table.resource.fields:
            if field.name not in row or field.name in (*SAID_ELSEWHERE, *PROVENANCE, "place"):
                continue
            target = table.targets.get(field.name)
            if field.name in shown and not told_by_links:
                name = self._name_of(table, field, row)
                is_plain = target not in (BODIES, "ids")
                yield name if is_plain else f"{field.title.lower()}: {name}"
            elif field.name == "citizenship":
                yield f"{field.title.lower()}: {row['citizenship_label']}"
            elif field.name in ("sex", "age_group") or (
                field.sdmx_role == "dimension" and target is None
            ):
                text = text_of(field, row)
                yield f"{field.title}: {text}" if needs_title(field) else text

    def _value(self, table: Table, row: Row) -> tuple[str, str]:
        """The number in words, and what limits it; of a row without a number, its kind."""
        kinds, limits = [], []
        for field in table.resource.fields:
            if field.name not in row or field.name in words.MEASURES:
                continue
            if field.printed_in:
                sign = " " if "age" in field.name.split("_") else ": "
                limits.append(f"{field.title.lower()}{sign}{text_of(field, row)}")
            elif is_age_as_printed(field):
                limits.append(f"{field.title.lower()}: {text_of(field, row).lower()}")
            elif field.categories and field.sdmx_role is None and is_kind(field):
                text = text_of(field, row)
                kinds.append(f"{field.title}: {text}" if is_unstated(field, row) else text)
        number = words.measure(row, self.units.get(row.get("unit", ""), {}))
        kind = "; ".join([*kinds[:1], *(text[0].lower() + text[1:] for text in kinds[1:])])
        if row.get("value_basis") == "derived" and not number:
            kind += " (derived, not printed)"
        return ": ".join(filter(None, [kind, number])), "; ".join(limits)

    def _area(self, table: Table, row: Row) -> str:
        fields = table.areas()
        parts = []
        for field in fields:
            if field.name in row:
                way = field.title.lower().removesuffix(" area")
                is_plain = field.name == "ref_area" or len(fields) == 1
                label = row[f"{field.name}_label"]
                parts.append(label if is_plain else f"{way} {label}")
        place = f" ({row['place']})" if "place" in row else ""
        return ", ".join(parts) + place

    def _reporter(self, table: Table, row: Row) -> dict[str, object]:
        """Who says so: the reporter, else the author of the document; caveats are our own."""
        if table.name == "caveats":
            return {"reporter": "This dataset"}
        if "reported_by" in row:
            return {"reporter": row["reported_by_label"]}
        return {"reporter": self.sources[row["source_id"]]["publisher_label"], "author": True}

    def _years(
        self, row: Row, start: datetime.date | None, end: datetime.date | None
    ) -> list[int] | None:
        """First and last year; what has no end lasts until its document, no beginning is open."""
        if start is None and end is None:
            return None
        published = int(self.sources[row["source_id"]]["published"][:4])
        last = end.year if end else max(published, start.year if start else 0)
        return [start.year if start else 0, last]

    def _cells(self, table: Table, row: Row, *, without: str = "") -> Iterator[list[object]]:
        """All filled columns: which one, and its text or the id that it leads to."""
        for field in table.resource.fields:
            is_quote = field.name.endswith("quote")
            if field.name not in row or field.name in (*PROVENANCE, without) or is_quote:
                continue
            is_link = table.links_to_rows(field, self.tables)
            title = self._field(field, is_link)
            text = row[field.name] if is_link else row.get(f"{field.name}_label")
            yield [title, text or text_of(field, row)]

    def _field(self, field: Field, is_link: bool) -> int:
        """The position of a column in the list of those that occur."""
        entry = {"name": field.name, "title": field.title, **({"link": True} if is_link else {})}
        if entry not in self.fields:
            self.fields.append(entry)
        return self.fields.index(entry)

    def _joined(self, id_: str) -> list[list[Any]]:
        """Rows of the tables that only join two things, at the things that they join."""
        return self._joins_by_owner.get(id_, [])

    @cached_property
    def _joins_by_owner(self) -> dict[str, list[list[object]]]:
        found: dict[str, list[list[object]]] = {}
        for table in self.joins:
            for owner in [f for f in table.resource.fields if table.links_to_rows(f, self.tables)]:
                for row in table.rows:
                    others = list(self._cells(table, row, without=owner.name))
                    entry = [
                        table.resource.title,
                        others,
                        row["quote"],
                        f"{row['source_id']}/{row['passage']}",
                    ]
                    found.setdefault(row[owner.name], []).append(entry)
        return found

    # What a row can be found by

    def _facets(self, table: Table, row: Row) -> dict[str, list[str]]:
        facets = {
            "finding": listed_in(table.name, row),
            "indicator": [row["indicator"]] if "indicator" in row else [],
            "area": self._areas(table, row),
            "reporter": [row.get("reported_by") or self.sources[row["source_id"]]["publisher"]],
            "status": [row["obs_status"]] if "obs_status" in row else [],
            "caveat": self._caveat_kinds(row),
            "source": [row["source_id"]],
        }
        if table.name == "caveats":
            del facets["reporter"]
        return facets

    def _caveat_kinds(self, row: Row) -> list[str]:
        """The kinds of the caveats of a row, after the choice that stands for all of them."""
        kinds = {self.warnings[id_]["kind"] for id_ in self.row_caveats.get(row["id"], [])}
        return [ANY_CAVEAT, *sorted(kinds)] if kinds else []

    def _areas(self, table: Table, row: Row) -> list[str]:
        """The areas of a row and those that they lie in."""
        found: dict[str, None] = {}
        for field in table.areas():
            found.update(dict.fromkeys(self._chain(row.get(field.name))))
        return list(found)

    def _chain(self, code: str | None) -> list[str]:
        chain = []
        while code:
            chain.append(code)
            code = self.parents.get(code)
        return chain

    def options(self, facet: str) -> list[tuple[str, str]]:
        """Codes of a facet that occur and their labels, by label."""
        used = {code for home in self.homes.values() for code in self._facets(*home).get(facet, [])}
        labels = {
            "finding": lambda: TOPICS,
            "indicator": lambda: _labels("indicators", "indicator", "label"),
            "area": self._area_names,
            "reporter": lambda: _labels(BODIES, "id", "label"),
            "status": lambda: {code: code.replace("_", " ").capitalize() for code in used},
            "caveat": self._caveat_names,
            "source": lambda: {n: document(r)["name"] for n, r in self.sources.items()},
        }[facet]()
        return sorted(
            ((code, labels[code]) for code in used),
            key=lambda option: (
                option[0] != ANY_CAVEAT,
                self.sources[option[0]]["published"] if facet == "source" else "",
                option[1].casefold(),
            ),
        )

    def _caveat_names(self) -> dict[str, str]:
        categories = self.package.resource("caveats").field("kind").categories
        return {ANY_CAVEAT: "Any caveat", **categories}

    def _area_names(self) -> dict[str, str]:
        """Names of areas; those that others lie in are found with them."""
        wider = set(self.parents.values())
        return {
            code: f"{label}, with the areas in it" if code in wider else label
            for code, label in _labels(AREAS, "area", "label").items()
        }

    def all_years(self) -> Iterator[list[int]]:
        """First and last year of each row that has a period."""
        for table, row in self.homes.values():
            start, end, _ = days_of(table, row)
            yield self._years(row, start, end) or []


def with_year(title: str, start: datetime.date | None, *_: object) -> str:
    """A short title with its year, if it has none of its own."""
    has_year = any(character.isdigit() for character in title)
    return title if has_year or start is None else f"{title} ({start.year})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _labels(table: str, key: str, label: str) -> dict[str, str]:
    return tip.load(table).set_index(key)[label].to_dict()
