"""Check the files of tables byte by byte, before anything interprets them.

CSV readers forgive what these checks do not: a lost last line, another line
end, a cell too many.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator

from ..package.model import Resource
from ..report import Finding


def check_file(resource: Resource) -> Iterator[Finding]:
    """Compare a file with what the descriptor says of it, and check its form."""
    try:
        content = resource.path.read_bytes()
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else str(error.strerror)
        message = f"the file {resource.path.name} {reason}"
        yield Finding(resource.name, "", "", "file", message)
        return
    faults = list(_check_content(resource, content))
    yield from faults
    is_text = "encoding" not in {fault.rule for fault in faults}
    if is_text and not _has_even_rows(content, len(resource.fields)):
        yield from _row_lengths(resource)


def _check_content(resource: Resource, content: bytes) -> Iterator[Finding]:
    def finding(rule: str, message: str, row: str = "") -> Finding:
        return Finding(resource.name, row, "", rule, message)

    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if resource.bytes != len(content):
        message = f"has {len(content)} bytes, the descriptor says {resource.bytes}"
        yield finding("bytes", f"{message}; it was cut off, or edited without cambodia-tip stamp")
    elif resource.hash != digest:
        message = f"is not the file that the descriptor names: its hash is {digest}"
        yield finding("hash", f"{message}; restore it, or run cambodia-tip stamp after an edit")
    if content.startswith(codecs.BOM_UTF8):
        yield finding("encoding", "begins with a byte-order mark; save it as plain UTF-8")
    if b"\x00" in content:
        yield finding("encoding", f"holds a NUL at byte {content.index(0)}; take it out")
    if b"\r" in content:
        yield finding("line-ends", "has CR in its line ends; they must be LF alone")
    if content and not content.endswith(b"\n"):
        yield finding("line-ends", "does not end with a line end; is it cut off?")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = content[error.start : error.start + 1]
        line = content[: error.start].count(b"\n") + 1
        message = f"is not UTF-8 at byte {error.start} ({wrong!r}); save it as UTF-8"
        yield finding("encoding", message, f"line {line}")


def _has_even_rows(content: bytes, width: int) -> bool:
    """Whether each line is certainly a row of so many cells, told mostly by counting commas.

    Reading a whole file as CSV takes ten times as long; here only lines with
    quotation marks or an empty first cell are, each of which must be a row of its
    own, and have a cell that is filled.
    """
    lines = content.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    quoted = [
        line
        for line in lines
        if b'"' in line or line.count(b",") != width - 1 or line[:1] in (b"", b",")
    ]
    rows = 0
    try:
        for row in csv.reader((line.decode() for line in quoted), strict=True):
            if len(row) != width or not any(row):
                return False
            rows += 1
    except csv.Error:
        return False
    return rows == len(quoted)


def _row_lengths(resource: Resource) -> Iterator[Finding]:
    """Each row must have as many cells as there are columns, and one that is filled."""
    width = len(resource.fields)

    def finding(message: str) -> Finding:
        return Finding(resource.name, f"line {reader.line_num}", "", "row-length", message)

    with resource.path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for cells in reader:
                if len(cells) != width:
                    what = f"has {len(cells)} cells in place of {width}" if cells else "is blank"
                    yield finding(f"the line {what}")
                elif not any(cells):
                    yield finding("the row has no cell filled; delete it")
        except csv.Error as error:
            yield finding(f"no valid CSV: {error}")
