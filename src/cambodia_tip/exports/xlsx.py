"""An Excel workbook, made with XlsxWriter: what it is, the figures, each table, the codebook.

Every text goes in as text: nothing that begins with =, +, - or @ becomes a formula, and no URL
a link. The sheet of a table has the columns of ``load(table, labels=True)``: labels beside codes,
linked rows as text, and caveats, since a sheet is where columns are added up.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from ..citing.citation import cite
from ..errors import ExportError
from ..package.model import Package, Resource
from ..reading.frames import plain, shared_frame
from ..reading.records import add_records
from .dictionary import about, rules_of
from .figures_table import Figures, figures_of

_FIRST_SHEET, _LAST_SHEET = "Read me", "Codebook"
_LONGEST_TEXT, _MOST_ROWS, _MOST_DIGITS = 32_767, 1_048_576, 15
"""Limits of Excel: characters in a cell, rows in a sheet, digits of a number."""
_FIRST_DATE = datetime.date(1900, 3, 1)
"""Excel has no dates before 1900, and takes that year for a leap year."""
_NARROWEST, _WIDEST = 8, 60
"""Widths of columns in characters; longer text is wrapped."""


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a workbook with these tables.

    Raises:
        ExportError: If a text is longer than a cell may be, a table longer than a sheet, or a
            name not that of a sheet.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    created = datetime.datetime.fromisoformat(str(package.descriptor["created"]))
    book.set_properties(
        {
            "title": package.descriptor["title"],
            "author": ", ".join(c["title"] for c in package.descriptor["contributors"]),
            "comments": f"{package.descriptor['name']} {package.version}",
            "created": created.replace(tzinfo=None),
        }
    )
    try:
        figures = figures_of(package, resources)
        _add_first_sheet(book, package, resources, figures)
        if figures:
            _add_sheet(book, figures.title, [f.name for f in figures.fields], figures.rows)
        for resource in resources:
            _add_sheet(book, resource.name, *_labeled(package, resource))
        _add_sheet(book, _LAST_SHEET, _CODEBOOK, list(_codebook(resources, figures)))
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise ExportError(" ".join(str(error).split())) from None
    book.close()
    target.write_bytes(content.getvalue())


def _add_first_sheet(
    book: Any, package: Package, resources: Sequence[Resource], figures: Figures | None
) -> None:
    """What this is, how to cite it, what not to do with it, and what is on which sheet."""
    lines = [line for line in about(package) if line[0] != "title"]
    lines.append(("how to cite", cite(package=package)))
    lines += [
        ("use with care" if n == 0 else "", text)
        for n, text in enumerate(package.descriptor.get("usageWarnings", []))
    ]
    lines += [("columns", "A column …_label has the label of each code in the column before it.")]
    lines += [("sheet", "what is on it")]
    lines += [(figures.title, figures.description)] if figures else []
    lines += [(r.name, f"{r.title}. {r.description}") for r in resources]
    lines += [(_LAST_SHEET, "What each column is, and what each code stands for.")]
    sheet = book.add_worksheet(_FIRST_SHEET)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.write_string(0, 0, str(package.descriptor["title"]), bold)
    for row, (name, text) in enumerate(lines, 2):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, wrapped)


def _add_sheet(book: Any, name: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """A sheet with a header that stays in sight, and a filter."""
    if len(rows) >= _MOST_ROWS:  # XlsxWriter would leave the rest out and not say so
        raise ExportError(f"{name} has {len(rows)} rows, more than an Excel sheet can have")
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    top = {"valign": "top"}
    header = book.add_format({**top, "bold": True, "bg_color": "#DDE6ED", "bottom": 1})
    plain, wrapped = book.add_format(top), book.add_format({**top, "text_wrap": True})
    date = book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})
    for place, column in enumerate(columns):
        cells = [row[place] for row in rows]
        longest = max([len(column) + 2, *(len(str(cell)) for cell in cells if cell is not None)])
        sheet.set_column(place, place, min(max(longest + 1, _NARROWEST), _WIDEST))
        sheet.write_string(0, place, column, header)
        for number, cell in enumerate(cells, 1):
            if isinstance(cell, bool):
                sheet.write_boolean(number, place, cell, plain)
            elif isinstance(cell, datetime.date) and cell >= _FIRST_DATE:
                sheet.write_datetime(number, place, cell, date)
            elif isinstance(cell, (int, float)) and _fits(cell):
                sheet.write_number(number, place, cell, plain)
            elif len(str(cell)) > _LONGEST_TEXT:
                raise ExportError(f"a text of {name} is too long for a cell of Excel")
            elif cell is not None:
                sheet.write_string(
                    number, place, str(cell), wrapped if longest > _WIDEST else plain
                )
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _fits(number: float) -> bool:
    """Whether Excel keeps every digit of a number."""
    digits = str(number).partition("e")[0].replace(".", "").strip("-0")
    return len(digits) <= _MOST_DIGITS


def _labeled(package: Package, resource: Resource) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of a table, with labels beside codes, linked rows and caveats."""
    frame = add_records(package, shared_frame(package, resource.name), resource)
    return [*frame], list(zip(*(plain(frame[name]) for name in frame), strict=True))


_CODEBOOK = ("table", "column", "title", "type", "rule or code", "value or meaning", "description")


def _codebook(resources: Sequence[Resource], figures: Figures | None) -> Iterator[tuple[str, ...]]:
    """One row for each column, and under it one for each of its rules and codes."""
    if figures:
        for column in figures.fields:
            start = (figures.title, column.name)
            yield (*start, column.title, column.type, "", "", column.description)
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
