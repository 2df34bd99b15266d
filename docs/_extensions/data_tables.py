"""Tables and counts in pages of prose, rendered from the data so that they cannot drift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from mappings import Listing, Row, count, joined, listing, read_mapping
from page_parts import column_link, paragraph, table, table_link
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from cambodia_tip.package.opening import open_package

_MOST_ON_A_PHONE = 60
"""Letters side by side that a table may have there before it is scrolled."""


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
