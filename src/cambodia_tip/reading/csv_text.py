"""The one CSV reader: from the bytes of a table's file to rows of text, or to errors.

A table is UTF-8 text with a header, LF line endings, and one line per row. CSV in general
allows a cell to hold a line break. A table does not, so one stray quotation mark cannot
swallow the lines after it: each line is read alone, and each error has its line.

The module is long because all that read a table must find the same in it.
"""

from __future__ import annotations

import codecs
import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..errors import DataPackageError, shown
from ..package.json_files import twice

MOST_CHARACTERS = 131_072
"""The longest cell. The `csv` module has the same limit, but a process can change that one."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ";\t|"
_INSIDE_CELLS = bytes(sign for sign in range(256) if sign not in b",\n")
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
    *parts, whole = parse_blocks([content], columns)
    rows, lines = (parts[0].rows, parts[0].lines) if parts else ([], [])
    return CsvText(whole.header, rows, lines, whole.errors)


def parse_blocks(
    blocks: Iterable[bytes], columns: Sequence[str] | None = None, most: int = sys.maxsize
) -> Iterator[CsvText]:
    """Read a file as `parse` does, in parts, for a file that is larger than memory.

    Args:
        blocks: The bytes of the file.
        columns: The columns of its schema.
        most: How many lines a part has.

    Yields:
        Parts without errors, and at last one without rows that has all errors. Only if it has
        none are the rows the whole table.
    """
    header: list[str] = []
    mark, of_lines, of_header, of_rows = (list[CsvError]() for _ in range(4))
    done, is_cut_off = 0, False
    first_cr = number_of_crs = 0
    for raw, is_open in _raw_lines(blocks, most):
        if not done and raw[0].startswith(_UTF_16):
            message = "is encoded as UTF-16; save it as UTF-8"
            yield CsvText([], [], [], [CsvError(1, "encoding", message)])
            return
        if not done and raw[0].startswith(codecs.BOM_UTF8):
            message = "begins with a byte-order mark; save it as plain UTF-8"
            mark.append(CsvError(1, "encoding", message, True))
            raw[0] = raw[0].removeprefix(codecs.BOM_UTF8)
            if is_open and raw == [b""]:
                break
        is_cut_off = is_open and (done + len(raw) > 1 or b"\r" not in raw[0])
        with_cr = [number for number, line in enumerate(raw, done + 1) if line.endswith(b"\r")]
        if with_cr:
            first_cr, number_of_crs = first_cr or with_cr[0], number_of_crs + len(with_cr)
            raw = [line.removesuffix(b"\r") for line in raw]
        lines = _decoded(raw, done + 1, of_lines)
        first = done + 1
        done += len(raw)
        if first == 1:
            header, wrong_header = _read_header(lines.pop(0), columns)
            of_header = [CsvError(1, "columns", message) for message in wrong_header]
            first = 2
        if of_header and _separator(header):
            continue
        rows = None if of_rows or not header else _regular_rows(lines, len(header))
        numbers: Sequence[int] = range(first, first + len(lines))
        if rows is None:
            rows, numbers = _rows_one_by_one(lines, first, len(header), of_rows)
        if header and not of_header:
            yield CsvText(header, rows, numbers, [])
    if first_cr:
        message = f"has CR in its line ending, as {number_of_crs} lines have; save it with LF alone"
        mark.append(CsvError(first_cr, "line-ends", message, True))
    if is_cut_off:
        message = "does not end with a line ending; is the file cut off?"
        of_lines.append(CsvError(done, "line-ends", message))
    errors = [*mark, *of_lines][:_MOST_ERRORS]
    if not done:
        errors.append(CsvError(1, "columns", "the file is empty"))
    errors += of_header
    if not (of_header and _separator(header)):
        errors = sorted([*errors, *of_rows], key=lambda error: error.line)
    yield CsvText(header, [], [], errors)


def _raw_lines(blocks: Iterable[bytes], most: int) -> Iterator[tuple[list[bytes], bool]]:
    """The lines of a file without LF, so many at a time, and whether the last of them has none."""
    lines: list[bytes] = []
    open_line: list[bytes] = []
    for block in blocks:
        first, *more = block.split(b"\n")
        open_line.append(first)
        if more:
            lines += [b"".join(open_line), *more[:-1]]
            open_line = more[-1:]
        while len(lines) >= most:
            yield lines[:most], False
            lines = lines[most:]
    last = b"".join(open_line)
    if lines or last:
        yield ([*lines, last] if last else lines), bool(last)


def _decoded(raw: Sequence[bytes], first: int, errors: list[CsvError]) -> list[str | None]:
    """The lines as text, None for one that is not text, of which there is an error then."""
    lines: list[str | None] = []
    found = []
    for number, line in enumerate(raw, first):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong = line[error.start : error.start + 1]
            message = f"is not UTF-8 at byte {error.start + 1} of the line ({wrong!r})"
            found.append(CsvError(number, "encoding", f"{message}; save the file as UTF-8"))
            lines.append(None)
            continue
        if "\0" in text:
            message = f"has a NUL as character {text.index(chr(0)) + 1}; take it out"
            found.append(CsvError(number, "encoding", message))
        if "\r" in text:
            message = "has a CR within the line; take it out, or save the file with LF line endings"
            found.append(CsvError(number, "line-ends", message))
        lines.append(None if "\0" in text or "\r" in text else text)
    errors += found[: _MOST_ERRORS - len(errors)]
    return lines


def _regular_rows(lines: Sequence[str | None], width: int) -> list[list[str]] | None:
    """The rows at once, if nothing is wrong with any of them."""
    texts = [line for line in lines if line is not None]
    if max(map(len, texts), default=0) > MOST_CHARACTERS:
        return None
    try:
        rows = list(csv.reader(texts, strict=True))
    except csv.Error:
        return None
    is_regular = (
        len(rows) == len(lines)  # so that no quotation mark joins lines
        and set(map(len, rows)) <= {width}
        and all(row[0] or any(row) for row in rows)
    )
    return rows if is_regular else None


def _rows_one_by_one(
    lines: Sequence[str | None], first: int, width: int, errors: list[CsvError]
) -> tuple[list[list[str]], list[int]]:
    """The rows that can be read and their lines; what is wrong with the others is an error."""
    rows, numbers = [], []
    for number, line in enumerate(lines, first):
        if line is None:
            continue
        if len(errors) > _MOST_ERRORS:
            break
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
    return rows, numbers


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
    doubles = [name for name in twice(header) if name]
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
    header = ",".join(columns).encode()
    if not content.endswith(b"\n") or b"\r" in content or b"\0" in content:
        return False
    if not content.startswith(header + b"\n") or b'"' in header:
        return False
    try:
        content.isascii() or content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    rest = _QUOTED_EMPTY.sub(b"", _QUOTED.sub(b"_", content)) if b'"' in content else content
    return b'"' not in rest and _is_even(rest, len(columns)) and not _has_long_line(content)


def _is_even(content: bytes, width: int) -> bool:
    """Whether each line has so many cells, of which one is not empty."""
    commas = b"," * (width - 1)
    separators = content.translate(None, _INSIDE_CELLS)
    is_even = separators == (commas + b"\n") * (len(separators) // width)
    return is_even and b"\n" + commas + b"\n" not in content


def _has_long_line(content: bytes) -> bool:
    """Whether a line is longer than a cell may be; the last one has an end."""
    start = 0
    while start < len(content):
        end = content.rfind(b"\n", start, start + MOST_CHARACTERS + 1)
        if end < 0:
            return True
        start = end + 1
    return False
