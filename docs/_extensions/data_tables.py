"""Tables and counts in pages of prose, rendered from the data so that they cannot drift.

What is written by hand, such as the class of a standard that a code comes next to,
stands in CSV files beside the pages. A row of such a file that fits nothing in the
data, and a row of the data that a file forgets, end the build.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from dictionary_facts import tables_by_kind
from docutils import nodes
from docutils.parsers.rst import directives
from page_parts import column_link, paragraph, table, table_link
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from cambodia_tip.frames import read_text
from cambodia_tip.package import Field, Resource, open_package

Row = dict[str, str]

_MOST_ON_A_PHONE = 60
"""Letters side by side that a table may have there before it is scrolled."""


@dataclass(frozen=True)
class Listing:
    """Rows to show: the fields of a table, or the codes of a closed list."""

    rows: list[Row]
    fields: dict[str, Field]
    keys: frozenset[str]


def listing(name: str) -> Listing:
    """The rows of a table, or of a column with a closed list as ``table.column``.

    Raises:
        ValueError: If the column has no closed list.
        UnknownNameError: If there is no such table or column.
    """
    table_name, _, column = name.partition(".")
    resource = open_package().resource(table_name)
    if column:
        codes = resource.field(column).categories
        if not codes:
            raise ValueError(f"{name} has no closed list")
        return Listing(
            [{"code": code, "meaning": label} for code, label in codes.items()],
            {},
            frozenset({"code"}),
        )
    links = {field for key in resource.foreign_keys for field in key.fields}
    written = {f.name for f in resource.fields if "pattern" in f.constraints}
    rows = read_text(resource).fillna("").astype(str).to_dict("records")
    return Listing(
        [{str(k): v for k, v in row.items()} for row in rows],
        {field.name: field for field in resource.fields},
        frozenset({*resource.primary_key, *links, *written}),
    )


def read_mapping(path: Path) -> list[Row]:
    """The rows of a CSV file that was written by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def joined(rows: list[Row], mapping: list[Row], *, only: bool) -> Iterator[Row]:
    """Rows with what a mapping adds, matched by the first column of the mapping.

    Args:
        rows: Rows of the data.
        mapping: Rows written by hand, each key once.
        only: Whether only rows that the mapping has are wanted, in its order; else
            each row with a key must be there.

    Raises:
        ValueError: If the two do not fit.
    """
    key = next(iter(mapping[0]))
    found = {row[key]: row for row in mapping}
    if len(found) < len(mapping):
        raise ValueError(f"the mapping has a {key} twice")
    known = {row[key] for row in rows}
    if lost := sorted(set(found) - known):
        raise ValueError(f"no row of the data has {key} {', '.join(lost)}")
    if not only and (missing := sorted(known - set(found) - {""})):
        raise ValueError(f"the mapping has no {key} {', '.join(missing)}")
    if only:
        by_key = {row[key]: row for row in rows}
        rows = [by_key[name] for name in found]
    for row in rows:
        yield row | found.get(row[key], {})


class DataTable(SphinxDirective):
    """``{data-table} TABLE``: rows of a table or codes of ``TABLE.COLUMN``.

    Options: ``columns``, with ``=`` and a heading where the title of the column will
    not do; ``with``, a CSV file beside the page to join, and ``only`` to show no
    rows but those in it; ``where``, such as ``kind=money``; ``filled``, columns
    of which at least one must have a value.
    """

    required_arguments = 1
    option_spec: ClassVar = {
        "columns": directives.unchanged_required,
        "with": directives.path,
        "only": directives.flag,
        "where": directives.unchanged,
        "filled": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        package = open_package()
        self.env.note_dependency(str(package.path / "datapackage.json"))
        found = listing(self.arguments[0])
        try:
            rows = list(self._rows(found))
        except ValueError as error:
            raise self.error(f"{self.arguments[0]}: {error}") from None
        heads = [part.strip().partition("=") for part in self.options["columns"].split(",")]
        names = [name for name, _, _ in heads]
        titles = [head or _title(name, found) for name, _, head in heads]
        cells = [[_cell(row.get(name, ""), name, found) for name in names] for row in rows]
        widths = [_width([row.get(name, "") for row in rows]) for name in names]
        shown = table(titles, cells, widths)
        shown["classes"] += ["data-table", "wide" if sum(widths) > _MOST_ON_A_PHONE else "narrow"]
        return [shown]

    def _rows(self, found: Listing) -> Iterator[Row]:
        rows = found.rows
        if where := self.options.get("where"):
            column, _, value = where.partition("=")
            rows = [row for row in rows if row[column] == value]
        if filled := self.options.get("filled"):
            columns = [name.strip() for name in filled.split(",")]
            rows = [row for row in rows if any(row[name] for name in columns)]
        if file := self.options.get("with"):
            relative, path = self.env.relfn2path(file)
            self.env.note_dependency(relative)
            yield from joined(rows, read_mapping(Path(path)), only="only" in self.options)
        else:
            yield from rows


def _width(texts: list[str]) -> int:
    """Room for the longest word of a column, and more the longer its texts are."""
    word = max((len(word) for text in texts for word in text.split()), default=0)
    return min(60, max(9, word + 2, max(map(len, texts), default=0) * 3 // 5))


def _title(name: str, found: Listing) -> str:
    if name in found.fields:
        return found.fields[name].title
    return f"{name[:1].upper()}{name[1:]}".replace("_", " ")


def _cell(text: str, name: str, found: Listing) -> list[nodes.Node]:
    codes = found.fields[name].categories if name in found.fields else {}
    if text in codes:
        return [nodes.Text(codes[text])]
    if found.fields and name in found.fields and found.fields[name].type == "boolean":
        return [nodes.Text({"true": "yes", "false": "no"}.get(text, text))]
    is_code = bool(text) and name in found.keys
    return [nodes.literal(text=text) if is_code else nodes.Text(text)]


class ConceptTable(SphinxDirective):
    """``{concept-table} FILE``: the SDMX concepts of the schemas, with what a CSV file adds."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = open_package()
        self.env.note_dependency(str(package.path / "datapackage.json"))
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        columns: dict[str, dict[str, str]] = {}
        roles: dict[str, str] = {}
        for resource in package.resources.values():
            for field in resource.fields:
                if field.sdmx_concept:
                    found = columns.setdefault(field.sdmx_concept, {})
                    found.setdefault(field.name, resource.name)
                    roles[field.sdmx_concept] = field.sdmx_role or ""
        try:
            rows = list(
                joined([{"concept": c} for c in columns], read_mapping(Path(path)), only=False)
            )
        except ValueError as error:
            raise self.error(str(error)) from None
        cells = [
            [
                [nodes.literal(text=row["concept"])],
                [nodes.Text(roles[row["concept"]])],
                _column_links(columns[row["concept"]]),
                [nodes.Text(row["note"])],
            ]
            for row in rows
        ]
        shown = table(["SDMX concept", "Role", "Columns", "How it fits"], cells, [22, 12, 22, 44])
        shown["classes"] += ["data-table", "wide"]
        return [shown]


def _column_links(columns: dict[str, str]) -> list[nodes.Node]:
    parts: list[nodes.Node] = []
    for name, table_name in columns.items():
        parts += [nodes.Text(", ")] if parts else []
        parts.append(column_link(table_name, name))
    return parts


class EdtfColumns(SphinxDirective):
    """``{edtf-columns}``: the columns whose texts are dates in EDTF."""

    def run(self) -> list[nodes.Node]:
        names = nodes.bullet_list()
        for resource in open_package().resources.values():
            for field in resource.fields:
                if field.edtf:
                    link = column_link(resource.name, field.name, whole=True)
                    names += nodes.list_item("", paragraph(link))
        return [names]


def count(what: str) -> int:
    """Count tables, columns or rows.

    Args:
        what: ``tables``, ``columns``, or the name of a table or of a kind of tables,
            after which a condition may stand: ``sources kind=cable``, and
            ``Figures value!=`` for rows that have a value.

    Raises:
        UnknownNameError: If there is no such table or column.
    """
    package = open_package()
    if what == "tables":
        return len(package.resources)
    if what == "columns":
        return sum(len(resource.fields) for resource in package.resources.values())
    name, _, condition = what.rpartition(" ") if "=" in what else (what, "", "")
    of_kind = tables_by_kind(package).get(name)
    return sum(_rows(resource, condition) for resource in of_kind or [package.resource(name)])


def _rows(resource: Resource, condition: str) -> int:
    rows = read_text(resource).fillna("")
    if not condition:
        return len(rows)
    column, _, value = condition.partition("=")
    equal = rows[resource.field(column.removesuffix("!")).name] == value
    return int((~equal if column.endswith("!") else equal).sum())


class Count(SphinxRole):
    """``{count}`penalties```: a number, as `count` gives it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline(text=f"{count(self.text):,}", classes=["count"])], []


class TableName(SphinxRole):
    """``{table}`penalties```: the name of a table, which leads to its page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [table_link(self.text)], []


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_directive("data-table", DataTable)
    app.add_directive("concept-table", ConceptTable)
    app.add_directive("edtf-columns", EdtfColumns)
    app.add_role("count", Count())
    app.add_role("table", TableName())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
