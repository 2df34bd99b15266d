"""An Excel workbook, made with XlsxWriter: what it is, a sheet for each table, the codebook.

Every text goes in as text: nothing that begins with =, +, - or @ becomes a formula, and no address
a link. The last column of a table with caveats holds them, since a sheet is where columns are
added up.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from ..citing.citation import cite
from ..errors import ExportError
from ..package.model import Package, Resource
from ..reading.labels import caveats_by_row
from .dictionary import about, rules_of
from .rows import rows_of

_FIRST_SHEET, _LAST_SHEET = "Read me", "Codebook"
_CAVEATS = "caveats"
"""The last column, whose long texts make no row high: the cell that is chosen shows all of it."""
_LONGEST_NAME = 31
_LONGEST_TEXT = 32_767
_MOST_DIGITS = 15
_MOST_ROWS = 1_048_576
_RESERVED_NAME = "History"
"""The name that Excel keeps for a sheet of its own."""
_FIRST_DAY = datetime.date(1900, 3, 1)
"""Excel has no days before 1900, and takes that year for a leap year."""
_NARROWEST, _WIDEST = 8, 60
"""Widths of columns in signs; longer text is wrapped."""
_FIRST_SHEET_WIDTH = 100
_LINE, _HIGHEST = 15, 405
"""Heights in points, of a line and of the highest row that Excel has."""


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a workbook with these tables.

    Raises:
        ExportError: If a text is longer than a cell may be, or a table longer than a sheet.
    """
    book = _Book(package)
    sheets = sheet_names([resource.name for resource in resources])
    book.add_first_sheet(package, resources, sheets)
    caveats = _caveats(package)
    for resource in resources:
        book.add_rows(sheets[resource.name], *_with_caveats(resource, caveats))
    book.add_rows(_LAST_SHEET, _CODEBOOK, list(_codebook(resources)))
    book.workbook.close()
    target.write_bytes(book.content.getvalue())


def sheet_names(tables: Sequence[str]) -> dict[str, str]:
    """A name for the sheet of each table: at most 31 signs, and no two alike but for capitals.

    Examples:
        >>> sheet_names(["units", "codebook", "a" * 40, "a" * 41])["codebook"]
        'codebook 2'
    """
    names: dict[str, str] = {}
    taken = {name.casefold() for name in (_FIRST_SHEET, _LAST_SHEET, _RESERVED_NAME)}
    for table in tables:
        name, number = table[:_LONGEST_NAME], 1
        while name.casefold() in taken:
            number += 1
            name = f"{table[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
        taken.add(name.casefold())
        names[table] = name
    return names


class _Book:
    """A workbook with its cell formats."""

    def __init__(self, package: Package) -> None:
        self.content = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self.content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
        )
        created = datetime.datetime.fromisoformat(str(package.descriptor["created"]))
        self.workbook.set_properties(
            {
                "title": package.descriptor["title"],
                "author": ", ".join(c["title"] for c in package.descriptor["contributors"]),
                "comments": f"{package.descriptor['name']} {package.version}",
                "created": created.replace(tzinfo=None),
            }
        )
        top = {"valign": "top"}
        self.heading = self.workbook.add_format({"bold": True, "font_size": 14})
        self.header = self.workbook.add_format(
            {**top, "bold": True, "bg_color": "#DDE6ED", "bottom": 1}
        )
        self.plain = self.workbook.add_format(top)
        self.wrapped = self.workbook.add_format({**top, "text_wrap": True})
        self.link = self.workbook.add_format({**top, "hyperlink": True})
        self.day = self.workbook.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})

    def add_first_sheet(
        self, package: Package, resources: Sequence[Resource], sheets: Mapping[str, str]
    ) -> None:
        """What this is, how to cite it, what not to do with it, and what is on which sheet."""
        sheet = self.workbook.add_worksheet(_FIRST_SHEET)
        sheet.hide_gridlines(2)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, _FIRST_SHEET_WIDTH)
        lines = [line for line in about(package) if line[0] != "title"]
        lines.append(("how to cite", cite()))
        warnings = package.descriptor.get("usageWarnings", [])
        lines += [("use with care" if n == 0 else "", text) for n, text in enumerate(warnings)]
        sheet.write_string(0, 0, str(package.descriptor["title"]), self.heading)
        for row, (name, text) in enumerate(lines, 2):
            sheet.write_string(row, 0, name, self.header if name else self.plain)
            sheet.write_string(row, 1, text, self.wrapped)
            sheet.set_row(row, _height([text], _FIRST_SHEET_WIDTH))
        start = len(lines) + 3
        sheet.write_string(start, 0, "sheet", self.header)
        sheet.write_string(start, 1, "what is on it", self.header)
        places = [(sheets[r.name], f"{r.title}. {r.description}") for r in resources]
        places.append((_LAST_SHEET, "What each column is, and what each code stands for."))
        for row, (name, text) in enumerate(places, start + 1):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self.link, string=name)
            sheet.write_string(row, 1, text, self.wrapped)
            sheet.set_row(row, _height([text], _FIRST_SHEET_WIDTH))

    def add_rows(self, name: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """A sheet with a header that stays in sight, and a filter."""
        if len(rows) >= _MOST_ROWS:  # XlsxWriter would leave the rest out and not say so
            raise ExportError(f"{name} has {len(rows)} rows, more than a sheet of Excel holds")
        sheet = self.workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            cells = [row[place] for row in rows]
            lengths = [len(str(cell)) for cell in cells if cell is not None]
            longest = max([len(column) + 2, *lengths])  # and the sign of the filter
            width = min(max(longest + 1, _NARROWEST), _WIDEST)
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column, self.header)
            text = self.wrapped if longest > _WIDEST else self.plain
            for number, cell in enumerate(cells, 1):
                self._write(sheet, number, place, cell, text)
        shown = [place for place, column in enumerate(columns) if column != _CAVEATS]
        for number, row in enumerate(rows, 1):
            sheet.set_row(number, _height([row[place] for place in shown], _WIDEST))
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)

    def _write(self, sheet: Any, row: int, column: int, cell: Any, text: Any) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, self.plain)
        elif isinstance(cell, datetime.date) and cell >= _FIRST_DAY:
            sheet.write_datetime(row, column, cell, self.day)
        elif isinstance(cell, (int, float)) and _fits(cell):
            sheet.write_number(row, column, cell, self.plain)
        elif len(str(cell)) > _LONGEST_TEXT:
            raise ExportError(f"a text of {sheet.name} is too long for a cell of Excel")
        else:
            sheet.write_string(row, column, str(cell), text)


def _fits(number: float) -> bool:
    """Whether Excel keeps every digit of a number."""
    digits = str(number).partition("e")[0].replace(".", "").strip("-0")
    return len(digits) <= _MOST_DIGITS


def _height(cells: Iterable[Any], width: int) -> int:
    """The height of a row whose cells are wrapped: not every program finds it by itself."""
    longest = max(len(str(cell)) for cell in cells)
    lines = -(-longest * 11 // (width * 10))  # words leave a tenth of a line empty
    return min(max(lines, 1) * _LINE, _HIGHEST)


def _caveats(package: Package) -> Mapping[str, str]:
    from ..reading.frames import cast, read_text

    def load(name: str) -> Any:
        return cast(read_text(package.resource(name)), package.resource(name))

    return {str(row): text for row, text in caveats_by_row(package, load).items()}


def _with_caveats(
    resource: Resource, caveats: Mapping[str, str]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of a table, with the caveats of each row as the last if there are any."""
    columns, rows = list(resource.field_names), rows_of(resource)
    if resource.primary_key != ("id",) or _CAVEATS in columns:
        return columns, rows
    place = columns.index("id")
    if resource.name == "ids" or not any(row[place] in caveats for row in rows):
        return columns, rows
    return [*columns, _CAVEATS], [(*row, caveats.get(row[place])) for row in rows]


_CODEBOOK = (
    "table",
    "column",
    "title",
    "type",
    "rule or code",
    "value or meaning",
    "description",
)


def _codebook(resources: Sequence[Resource]) -> Iterator[tuple[str, ...]]:
    """One row for each column, and under it one for each of its rules and codes."""
    for resource in resources:
        rules = rules_of(resource)
        for field in resource.fields:
            start = (resource.name, field.name)
            yield (*start, field.title, field.type, "", "", field.description)
            for rule in rules:
                if field.name in rule.columns and rule.name != "enum":
                    yield (*start, "", "", f"rule: {rule.name}", rule.value, "")
            for code, label in field.categories.items():
                yield (*start, "", "", f"code: {code}", label, "")
