"""The documents that a user has, segmented into the passages that rows cite."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..errors import DataPackageError, FolderNotFoundError, UnknownNameError, shown, unknown_name
from ..package.model import Package, key_text
from ..package.regular_files import read_regular
from ..parsing.passage_starts import segment_at
from ..parsing.passage_warnings import passage_warnings
from ..parsing.passages import Passage, divide, fold

_NEEDED = {
    "sources": "source_id document_number publisher extent division bytes sha256",
    "passages": "source_id passage position kind heading in_scope out_of_scope_reason words "
    "text_hash",
}
"""The columns that dividing documents and comparing rows with them read and write."""

NOT_HELD = ("heading_only", "not_held")
"""The extents of documents whose text is not held."""

Frames = Mapping[str, pd.DataFrame]

_ENDS, _OPENING, _CLOSING = ".?!|", "\"'(", "\"')"
"""What ends a sentence or a cell, and what may be before its first word or around that mark."""
_SENTENCE = re.compile(
    rf"[{_ENDS}][{_CLOSING}]* [{_OPENING}]*[A-Z]"
    r"(?:[^.?!|]|\.(?=\w)|(?<=\b[A-Z])\.)*(?<!\b[A-Z])[.?!](?!\w)"
)
"""A sentence after what ends the one before; an initial ends none."""


@dataclass(frozen=True)
class Document:
    """A document as the user has it.

    Attributes:
        source_id: Its id in the table ``sources``.
        is_coded_copy: Whether it is byte for byte the text that was coded.
        passages: Its passages by their locators.
        size: Bytes of the text.
        text: The whole text, as it was read.
        warnings: Where the passages may be wrong, in one line each.
        published: For a PDF or a page, what was read of it; its passages are only some.
    """

    source_id: str
    is_coded_copy: bool
    passages: Mapping[str, Passage]
    size: int = 0
    text: str = ""
    warnings: tuple[str, ...] = ()
    published: str = ""

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The texts of its passages after :func:`cambodia_tip.passages.fold`."""
        return {name: fold(passage.text) for name, passage in self.passages.items()}


@dataclass(frozen=True)
class Quotation:
    """A quote of a row, folded."""

    table: str
    row: str
    column: str
    source_id: str
    passage: str
    text: str


def segment_document(
    file: Path, source_id: str, text: str, division: str
) -> tuple[list[Passage], list[str]]:
    """The passages of a document, and in one line each where they may be wrong.

    A file with the same name that ends in ``.starts`` settles where passages
    begin; nothing is doubted then.

    Raises:
        DataPackageError: If there is no such division, or the starts do not fit the text.
    """
    starts = file.with_suffix(".starts")
    try:
        if starts.is_file():
            return segment_at(text, read_plain_text(starts)[1]), []
        passages = divide(text, division)
    except ValueError as error:
        where = starts.name if starts.is_file() else f"sources, {source_id}"
        raise DataPackageError(f"{where}: {error}") from None
    return passages, passage_warnings(text, division, passages)


def passages_out_of_scope(frames: Frames) -> Mapping[str, set[str]]:
    """The locators of the passages that are not coded, by document."""
    passages = frames["passages"]
    found: dict[str, set[str]] = defaultdict(set)
    out = passages[passages["in_scope"].eq(False).fillna(False)]
    for source_id, passage in zip(out["source_id"], out["passage"], strict=True):
        found[source_id].add(passage)
    return found


def read_plain_text(file: Path, encoding: str = "") -> tuple[bytes, str]:
    """The content of a file, and its text without the mark that some editors put before it.

    Args:
        file: Its path.
        encoding: How to read it if it is not UTF-8.

    Raises:
        DataPackageError: If the file cannot be read, or neither is UTF-8 nor has the encoding.
    """
    try:
        content = read_regular(file)
        return content, content.decode("utf-8-sig")
    except OSError as error:
        raise DataPackageError(f"{file.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        if encoding:
            return content, _decode(file, content, encoding)
        raise DataPackageError(
            f"{file.name} is not UTF-8 at byte {error.start}; save it as UTF-8, "
            "or name what it is, as --encoding latin-1"
        ) from None
    except ValueError:  # a NUL in the name
        raise DataPackageError(f"{shown(str(file))} cannot be read: no such file") from None


def _decode(file: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        raise DataPackageError(f"there is no encoding {shown(encoding)}; latin-1 is one") from None
    except (UnicodeError, ValueError):
        raise DataPackageError(f"{file.name} is neither UTF-8 nor {shown(encoding)}") from None


def chosen_sources(frames: Frames, only: Iterable[str] | None) -> list[pd.Series]:
    """The rows of ``sources`` whose text is held: all, or those with these ids or this one.

    Raises:
        UnknownNameError: If there is no document of an id, or no id.
        DataPackageError: If its text is not held.
    """
    sources = frames["sources"]
    absent = sources["extent"].isin(NOT_HELD)
    held, unheld = (list(map(str, sources["source_id"][rows])) for rows in (~absent, absent))
    wanted = held if only is None else [only] if isinstance(only, str) else list(only)
    if only is not None and not wanted:
        raise UnknownNameError("no document is named; without only, all are looked at")
    for name in wanted:
        if name in unheld:
            raise DataPackageError(f"the text of {name} is not held, so nothing is found in it")
        if name not in held:
            raise unknown_name("document", name, held, "sources")
    return [row for _, row in sources.iterrows() if row["source_id"] in wanted]


def check_folder(path: str | Path) -> Path:
    """The folder with documents.

    Raises:
        FolderNotFoundError: If there is no such folder.
    """
    folder = Path(path)
    try:
        found = bool(str(path)) and folder.is_dir()
    except (OSError, ValueError):  # a name too long, a NUL
        found = False
    if not found:
        raise FolderNotFoundError(f"folder with documents not found: {shown(str(path))}")
    return folder


def check_documents(package: Package) -> None:
    """Check that a package says which documents it is about, and which passages they have.

    Raises:
        DataPackageError: If it does not.
    """
    for table, columns in _NEEDED.items():
        there = package.resources[table].field_names if table in package.resources else ()
        missing = [column for column in columns.split() if column not in there]
        if missing:
            where = f"the table {table!r}" if there else "the data package"
            what = f"the column {missing[0]!r}" if there else f"the table {table!r}"
            raise DataPackageError(
                f"{where} lacks {what}; without it no row can be compared with its document"
            )


def quotations_by_source(package: Package, frames: Frames) -> Mapping[str, list[Quotation]]:
    """Every quote of every table, by the document that it is from."""
    by_source: dict[str, list[Quotation]] = defaultdict(list)
    for name, frame in frames.items():
        columns = [column for column in frame.columns if column.endswith("quote")]
        if not columns or not {"source_id", "passage"} <= set(frame.columns):
            continue
        parts = (frame[part] for part in package.resource(name).primary_key)
        rows = pd.Series(list(map(key_text, zip(*parts, strict=True))), frame.index)
        for column in columns:
            cited = frame[frame[column].notna()]
            for row, source_id, passage, text in zip(
                rows[cited.index], cited["source_id"], cited["passage"], cited[column], strict=True
            ):
                quotation = Quotation(name, row, column, source_id, passage, fold(text))
                by_source[source_id].append(quotation)
    return by_source


def find_words(text: str, words: str) -> int:
    """Offset of words in a text, not inside other words; -1 if they are not there.

    Examples:
        >>> find_words("the 382 victims", "82 victims"), find_words("the 382 victims", "victims")
        (-1, 8)
    """
    start = text.find(words) if words else -1
    while start >= 0:
        end = start + len(words)
        inside = (start > 0 and text[start - 1].isalnum() and words[0].isalnum()) or (
            end < len(text) and text[end].isalnum() and words[-1].isalnum()
        )
        if not inside:
            return start
        start = text.find(words, start + 1)
    return -1


def has_whole_sentence(text: str, words: str) -> bool:
    """Whether words in a text are a whole sentence of it, or have one of five words or more.

    A cell of a table starts a sentence as well. Titles and labels have no mark, and are none.

    Examples:
        >>> text = "Board | Meets weekly. Has members of the U.S. Senate."
        >>> [has_whole_sentence(text, words) for words in ("Meets weekly", "Board | Meets weekly")]
        [True, False]
        >>> has_whole_sentence(text, "weekly. Has members of the U.S. Senate")
        True
        >>> has_whole_sentence(text, "Has members of the U")
        False
    """
    start = find_words(text, words)
    if start < 0:
        return False
    before = text[:start].rstrip(f"{_OPENING} ").rstrip(_CLOSING)
    first = ". " if not before or before[-1] in _ENDS else ""
    after = text[start + len(words) :].lstrip(_CLOSING)[:2]
    found = _SENTENCE.search(f"{first}{words}{after}")
    return found is not None and (len(found[0].split()) > 5 or len(found[0]) > len(words))
