"""Check the files of tables byte by byte, before anything interprets them.

CSV readers forgive what these checks do not: a lost last line, another line
end, a cell too many.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator

from .package import Resource
from .report import Finding

_BOM = b"\xef\xbb\xbf"


def check_file(resource: Resource) -> Iterator[Finding]:
    """Compare a file with what the descriptor says of it, and check its form."""

    def finding(rule: str, message: str, row: str = "") -> Finding:
        return Finding(resource.name, row, "", rule, message)

    try:
        content = resource.path.read_bytes()
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else str(error.strerror)
        yield finding("file", f"the file {resource.path.name} {reason}")
        return
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if resource.bytes is None or resource.hash is None:
        yield finding("hash", "the descriptor must give its size and hash; cambodia-tip stamp does")
    elif resource.bytes != len(content):
        yield finding("bytes", f"has {len(content)} bytes, the descriptor says {resource.bytes}")
    elif resource.hash != digest:
        yield finding("hash", f"is not the file that the descriptor names: its hash is {digest}")
    if content.startswith(_BOM):
        yield finding("encoding", "begins with a byte-order mark; save it as plain UTF-8")
    if b"\x00" in content:
        yield finding("encoding", f"holds a NUL at byte {content.index(0)}")
    if b"\r" in content:
        yield finding("line-ends", "has CR in its line ends; they must be LF alone")
    if content and not content.endswith(b"\n"):
        yield finding("line-ends", "does not end with a line end; is it cut off?")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield finding("encoding", f"is not UTF-8 at byte {error.start}", f"line {line}")
        return
    yield from _row_lengths(resource, text)


def _row_lengths(resource: Resource, text: str) -> Iterator[Finding]:
    """Each row must have as many cells as there are columns."""
    width = len(resource.fields)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) != width:
                what = "is blank" if not cells else f"has {len(cells)} cells in place of {width}"
                yield Finding(
                    resource.name, f"line {reader.line_num}", "", "row-length", f"the line {what}"
                )
    except csv.Error as error:
        yield Finding(
            resource.name, f"line {reader.line_num}", "", "row-length", f"no valid CSV: {error}"
        )
