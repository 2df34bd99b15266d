"""The one CSV reader: from the bytes of a table's file to rows of text, or to errors.

A table is UTF-8 text with a header, LF line endings, and one line per row. CSV in general
allows a cell to hold a line break. A table does not, so one stray quotation mark cannot
swallow the lines after it: each line is read alone, and each error has its line.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..errors import DataPackageError, shown

MOST_CHARACTERS = 131_072
"""The longest cell. The `csv` module has the same limit, but a process can change that one."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ";\t|"
_QUOTED = re.compile(rb'"(?<![^,\n]")(?!"[,\n])[^"\n]*(?:""[^"\n]*)*"(?=[,\n])')
"""A cell between quotation marks that is not empty; it begins with what is quickly found."""
_QUOTED_EMPTY = re.compile(rb'"(?<![^,\n]")"(?=[,\n])')
_MOST_ERRORS = 1000
"""So many of a kind are reported of a file."""


class CsvError(NamedTuple):
    """Why a file is not a table.

    Attributes:
        line: The line in the file, that of the header being 1.
        rule: The rule that `validate` names: ``encoding``, ``line-ends``, ``columns``,
            ``row-length`` or ``quoting``.
        message: What is wrong and what would be right.
        is_lossless: Whether the file says the same once the error is corrected by a program.
    """

    line: int
    rule: str
    message: str
    is_lossless: bool = False


class CsvText(NamedTuple):
    """What a file holds.

    Attributes:
        header: The names of the columns, as in the file.
        rows: The rows that can be read, each with as many cells as the header.
        lines: For each of these rows its line in the file.
        errors: All that is wrong, by line. Only without errors are the rows the whole table.
    """

    header: list[str]
    rows: list[list[str]]
    lines: Sequence[int]
    errors: list[CsvError]


def read_rows(
    content: bytes, columns: Sequence[str], name: str, *, ignore_lossless: bool = False
) -> list[list[str]]:
    """Read the rows of a table, or nothing of it.

    Args:
        content: The bytes of the file.
        columns: The columns of its schema.
        name: What an error calls the file.
        ignore_lossless: Whether to read a file with a byte-order mark or CRLF line endings.
            For those who write the file again.

    Returns:
        The rows without the header; an empty cell is an empty text.

    Raises:
        DataPackageError: If anything is wrong with the file; the message has the first error.

    Examples:
        >>> read_rows(b"id,label\\nKHM,Cambodia\\n", ["id", "label"], "areas")
        [['KHM', 'Cambodia']]
        >>> read_rows(b"id,label\\nKHM\\n", ["id", "label"], "areas")
        Traceback (most recent call last):
        cambodia_tip.DataPackageError: areas, line 2: has 1 cell in place of 2
    """
    text = parse(content, columns)
    raise_first((e for e in text.errors if not (ignore_lossless and e.is_lossless)), name)
    return text.rows


def raise_first(errors: Iterable[CsvError], name: str) -> None:
    """Raise the first error, if there is one.

    Raises:
        DataPackageError: With the name of the file and the line.
    """
    for error in errors:
        raise DataPackageError(f"{name}, line {error.line}: {error.message}")


def parse(content: bytes, columns: Sequence[str] | None = None) -> CsvText:
    """Read what can be read of a file, and find all that is wrong with it.

    Args:
        content: The bytes of the file.
        columns: The columns of its schema; without them any header will do in which each
            column has a name of its own.

    Returns:
        The header, the rows, their lines and the errors. If the header is wrong there are no rows.

    Examples:
        >>> text = parse(b'id,label\\nKHM,"Cam"bodia\\nTHA,Thailand\\n', ["id", "label"])
        >>> text.rows, text.lines
        ([['THA', 'Thailand']], [3])
        >>> [(error.line, error.rule) for error in text.errors]
        [(2, 'quoting')]
    """
    if not content:
        return CsvText([], [], [], [CsvError(1, "columns", "the file is empty")])
    if content.startswith(_UTF_16):
        message = "is encoded as UTF-16; save it as UTF-8"
        return CsvText([], [], [], [CsvError(1, "encoding", message)])
    lines, errors = _lines(content)
    if not lines:
        return CsvText([], [], [], [*errors, CsvError(1, "columns", "the file is empty")])
    header, wrong_header = _read_header(lines[0], columns)
    errors += [CsvError(1, "columns", message) for message in wrong_header]
    if wrong_header and _separator(header):
        return CsvText(header, [], [], errors)
    rows = None if errors else _regular_rows(lines, len(header))
    numbers: Sequence[int] = range(2, len(lines) + 1)
    if rows is None:
        rows, numbers, wrong = _rows_one_by_one(lines, len(header))
        errors = sorted([*errors, *wrong], key=lambda error: error.line)
    if wrong_header or not header:
        rows, numbers = [], []
    return CsvText(header, rows, numbers, errors)


def _lines(content: bytes) -> tuple[list[str | None], list[CsvError]]:
    """The lines of a file without their endings, None for one that is not text; and errors."""
    errors = []
    if content.startswith(codecs.BOM_UTF8):
        message = "begins with a byte-order mark; save it as plain UTF-8"
        errors.append(CsvError(1, "encoding", message, True))
        content = content.removeprefix(codecs.BOM_UTF8)
    raw = content.split(b"\n")
    is_cut_off = bool(raw[-1]) and (len(raw) > 1 or b"\r" not in content)
    if not raw[-1]:
        raw.pop()
    with_cr = [number for number, line in enumerate(raw, 1) if line.endswith(b"\r")]
    if with_cr:
        message = f"has CR in its line ending, as {len(with_cr)} lines have; save it with LF alone"
        errors.append(CsvError(with_cr[0], "line-ends", message, True))
        raw = [line.removesuffix(b"\r") for line in raw]
    lines: list[str | None] = []
    for number, line in enumerate(raw, 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong = line[error.start : error.start + 1]
            message = f"is not UTF-8 at byte {error.start + 1} of the line ({wrong!r})"
            errors.append(CsvError(number, "encoding", f"{message}; save the file as UTF-8"))
            lines.append(None)
            continue
        if "\0" in text:
            message = f"has a NUL as character {text.index(chr(0)) + 1}; take it out"
            errors.append(CsvError(number, "encoding", message))
        if "\r" in text:
            message = "has a CR within the line; take it out, or save the file with LF line endings"
            errors.append(CsvError(number, "line-ends", message))
        lines.append(None if "\0" in text or "\r" in text else text)
    if is_cut_off:
        message = "does not end with a line ending; is the file cut off?"
        errors.append(CsvError(len(raw), "line-ends", message))
    return lines, errors[:_MOST_ERRORS]


def _regular_rows(lines: Sequence[str | None], width: int) -> list[list[str]] | None:
    """The rows at once, if nothing is wrong with any of them."""
    texts = [line for line in lines if line is not None]
    if max(map(len, texts)) > MOST_CHARACTERS:
        return None
    try:
        rows = list(csv.reader(texts, strict=True))
    except csv.Error:
        return None
    is_regular = (
        len(rows) == len(lines)  # so that no quotation mark joins lines
        and set(map(len, rows)) == {width}
        and all(row[0] or any(row) for row in rows)
    )
    return rows[1:] if is_regular else None


def _rows_one_by_one(
    lines: Sequence[str | None], width: int
) -> tuple[list[list[str]], list[int], list[CsvError]]:
    """The rows that can be read, their lines, and what is wrong with the others."""
    rows, numbers = [], []
    errors: list[CsvError] = []
    for number, line in enumerate(lines[1:], 2):
        if line is None:
            continue
        if len(errors) == _MOST_ERRORS:
            message = f"follows on {_MOST_ERRORS:,} lines with errors; it and the rest are not read"
            errors.append(CsvError(number, "row-length", message))
            break
        cells, error = _cells(line)
        if not error and line == "":
            error = "row-length", "the line is blank; delete it"
        if not error and width and len(cells) != width:
            what = f"{len(cells)} cell{'s' if len(cells) > 1 else ''}"
            error = "row-length", f"has {what} in place of {width}"
        if not error and not any(cells):
            error = "row-length", "has only empty cells; delete the line"
        if error:
            errors.append(CsvError(number, *error))
        else:
            rows.append(cells)
            numbers.append(number)
    return rows, numbers, errors


def _cells(line: str) -> tuple[list[str], tuple[str, str] | None]:
    """The cells of a line, or the rule that it breaks and what is wrong."""
    too_long = f"has a cell longer than {MOST_CHARACTERS:,} characters"
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        if "field limit" in str(error):
            limit = csv.field_size_limit()
            if limit < MOST_CHARACTERS:
                too_long = f"has a cell longer than csv.field_size_limit of this process, {limit}"
            return [], ("row-length", too_long)
        if "unexpected end" in str(error):
            return [], ("quoting", "opens a quotation mark and does not close it on the line")
        message = "has text after a closing quotation mark; within a quoted cell double the mark"
        return [], ("quoting", message)
    is_long = len(line) > MOST_CHARACTERS and max(map(len, cells)) > MOST_CHARACTERS
    return cells, ("row-length", too_long) if is_long else None


def _read_header(line: str | None, columns: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """The names of the columns, and what is wrong with them; none for a line that is not text."""
    if line is None:
        return [], []
    header, error = _cells(line)
    return header, [error[1]] if error else list(_check_header(header, columns))


def _check_header(header: Sequence[str], columns: Sequence[str] | None) -> Iterator[str]:
    """What is wrong with the names of the columns."""
    separator = _separator(header)
    if separator and (columns is None or len(columns) > 1):
        yield f"its cells are separated by {separator!r}; save it with commas"
        return
    if not header:
        yield "has no header"
        return
    doubles = [name for name in dict.fromkeys(header) if name and header.count(name) > 1]
    for name in doubles:
        yield f"has the column {shown(name)} twice"
    if not all(header):
        number = header.index("") + 1
        end = "; does the line end with a comma?" if not header[-1] else ""
        yield f"has no name for column {number}{end}"
    if columns is None:
        return
    missing = [name for name in columns if name not in header]
    unknown = [name for name in dict.fromkeys(header) if name and name not in columns]
    for name in missing:
        yield f"lacks the column {name!r}"
    for name in unknown:
        yield f"has a column {shown(name)} that the schema does not know"
    if not (missing or unknown or doubles) and all(header) and list(header) != list(columns):
        message = "the columns must be in the order of the schema"
        yield f"{message}: {', '.join(columns)}"


def _separator(header: Sequence[str]) -> str | None:
    """What a header has in place of commas."""
    return next((sign for sign in _SEPARATORS if len(header) == 1 and sign in header[0]), None)


def is_regular(content: bytes, columns: Sequence[str]) -> bool:
    """Whether nothing is wrong with a file, told without reading its cells.

    Takes a fraction of the time of `parse`. Where it is true, every CSV reader finds the same
    cells. A file with quotation marks in its header, or in a cell without them around it, may be
    right all the same.
    """
    if not content.endswith(b"\n") or b"\r" in content or b"\0" in content:
        return False
    lines = content.splitlines()
    is_right = lines[0] == ",".join(columns).encode() and b'"' not in lines[0]
    if not is_right or max(map(len, lines)) > MOST_CHARACTERS:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    rest = _QUOTED_EMPTY.sub(b"", _QUOTED.sub(b"_", content))
    lines, commas = rest.splitlines(), b"," * (len(columns) - 1)
    widths = {line.count(b",") for line in lines}
    return b'"' not in rest and commas not in lines and widths == {len(commas)}
