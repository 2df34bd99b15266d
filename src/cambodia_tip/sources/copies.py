"""Find the copy that a user has of a document, and read it: plain text, a PDF or an HTML page.

What a file is, its first bytes tell, whatever its name ends in. In a PDF or a page, a passage is
known by the hash of its text. Of the rest only the words are known.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ..errors import DataPackageError, MissingLibraryError
from ..package.regular_files import read_regular
from ..parsing.passages import divide
from ..report import Finding
from .documents import Document, Frames, read_plain_text, segment_document

_SUFFIXES = (".txt", ".pdf", ".html", ".htm")
"""Those of the files that are read, the first of them first: only a text has every passage."""
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|body)\b", re.I)
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
    *("section", "table", "td", "th", "title", "tr", "ul"),
)
_DRAWN = {0xAD: None, 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
"""Soft hyphens and ligatures, which are how a text is drawn."""


def read_documents(
    folder: Path, sources: list[pd.Series], frames: Frames, encoding: str = ""
) -> Iterator[tuple[pd.Series, Document | Finding]]:
    """The copies of documents in a folder; where one cannot be used, a finding says why.

    Args:
        folder: Where the copies are, named by id or document number, or known by their passages.
        sources: Rows of ``sources``.
        frames: All tables.
        encoding: That of texts that are not UTF-8.

    Raises:
        DataPackageError: If a text cannot be read or is not UTF-8.
    """
    recognized = _recognize(folder, frames)
    for source in sources:
        name = source["source_id"]
        files = [*_files(folder, source), *recognized.get(name, [])]
        try:
            copy: Document | Finding = _read_document(files, source, frames, encoding)
        except (_UnusableCopyError, MissingLibraryError) as error:
            copy = Finding("sources", name, "", "document", str(error))
        yield source, copy


class _UnusableCopyError(DataPackageError):
    """A document that is not there, or not in a form that can be used."""


def _recognize(folder: Path, frames: Frames) -> dict[str, list[Path]]:
    """Files under other names, by the document of which they have the most passages."""
    sources = [source for _, source in frames["sources"].iterrows()]
    named = {file for source in sources for file in _files(folder, source)}
    others = [f for f in sorted(folder.iterdir()) if f.suffix in _SUFFIXES and f not in named]
    coded = frames["passages"].dropna(subset=["text_hash"])
    owners = coded.groupby("text_hash")["source_id"].agg(set).to_dict() if others else {}
    divisions = frames["sources"]["division"].dropna().unique()
    found: dict[str, list[Path]] = {}
    for file in others:
        counts: Counter[str] = Counter()
        with suppress(OSError, DataPackageError, MissingLibraryError):
            text = _text_of(file)
            hashes = {p.text_hash for division in divisions for p in divide(text, division)}
            counts.update(name for text_hash in hashes for name in owners.get(text_hash, ()))
        if counts:
            ((name, number),) = counts.most_common(1)
            if 3 * number >= (coded["source_id"] == name).sum():
                found.setdefault(name, []).append(file)
    return found


def _text_of(file: Path) -> str:
    """The text of a file."""
    content = read_regular(file)
    if content.startswith(b"%PDF"):
        return pdf_text(file.name, content, "layout")
    if file.suffix != ".txt" or _PAGE.match(content):
        return html_text(file.name, content).replace("\n", "\n\n")
    return read_plain_text(file)[1]


def _read_document(files: list[Path], source: pd.Series, frames: Frames, encoding: str) -> Document:
    name = source["source_id"]
    if not files:
        raise _UnusableCopyError(
            f"there is no {name}.txt, .pdf or .html; --only ID looks at one document"
        )
    file, *others = files
    try:
        content = read_regular(file)
    except OSError as error:
        raise DataPackageError(f"{file.name} cannot be read: {error.strerror}") from None
    if pd.isna(source["division"]):
        raise DataPackageError(f"sources, {name}: fill in how it is segmented")
    warnings = [f"{file.name} is used, not {', '.join(f.name for f in others)}"] if others else []
    if file.stem not in (name, source["document_number"]):
        warnings.append(f"{file.name} is taken for {name}, whose passages it has")
    if content.startswith(b"%PDF"):
        text, layout = pdf_text(file.name, content), pdf_text(file.name, content, "layout")
        return _published(source, frames, "PDF", text, layout, warnings)
    if file.suffix == ".pdf":
        raise _UnusableCopyError(f"{file.name} is not a readable PDF: it has no %PDF at its start")
    if file.suffix != ".txt" or _PAGE.match(content):
        text = html_text(file.name, content)
        paragraphs = text.replace("\n", "\n\n")
        return _published(source, frames, "HTML", text, paragraphs, warnings)
    content, text = read_plain_text(file, encoding)
    passages, doubts = segment_document(file, name, text, source["division"])
    is_coded_copy = hashlib.sha256(content).hexdigest() == source["sha256"]
    by_name = {passage.passage: passage for passage in passages}
    notes = (*warnings, *doubts)
    return Document(name, is_coded_copy, by_name, len(content), text, notes)


def _files(folder: Path, source: pd.Series) -> Iterator[Path]:
    for name in (source["source_id"], source["document_number"]):
        if not pd.isna(name) and not set(name) & {"/", "\\"}:  # E/2004/1 would lead elsewhere
            files = (folder / f"{name}{suffix}" for suffix in _SUFFIXES)
            yield from (file for file in files if file.exists())


def _published(
    source: pd.Series, frames: Frames, kind: str, text: str, layout: str, warnings: list[str]
) -> Document:
    """A document with those of its passages in scope whose text is found as it was coded."""
    rows = frames["passages"]
    own = rows[(rows["source_id"] == source["source_id"]) & rows["text_hash"].notna()]
    found = {passage.text_hash: passage for passage in divide(layout, source["division"])}
    # a page has more paragraphs around the document, so the locators are those of the rows
    passages = {
        name: replace(found[text_hash], passage=name)
        for name, text_hash in zip(own["passage"], own["text_hash"], strict=True)
        if text_hash in found
    }
    said = f"as published ({kind}), {len(passages)} of {len(own)} passages in scope read alike"
    name, notes = source["source_id"], tuple(warnings)
    return Document(name, False, passages, text=text, published=said, warnings=notes)


def pdf_text(name: str, content: bytes, mode: str = "plain") -> str:
    """The text of a PDF, with form feeds between its pages.

    Args:
        name: What an error calls it.
        content: Its bytes.
        mode: ``plain``, as it is read, or ``layout``, as it stands on the page.

    Raises:
        MissingLibraryError: If pypdf is not installed.
        DataPackageError: If it is not a PDF, is encrypted, or has no text.
    """
    try:
        import pypdf
    except ModuleNotFoundError:
        raise MissingLibraryError(
            f'{name} is read with pypdf; install it with: python -m pip install "cambodia-tip[pdf]"'
        ) from None
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of fonts that do not matter
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        shown = [] if reader.is_encrypted else reader.pages
        pages = [page.extract_text(extraction_mode=mode) for page in shown]  # type: ignore[arg-type]
    except Exception as error:  # pypdf raises errors of many kinds about damaged files
        raise _UnusableCopyError(f"{name} is not a readable PDF: {error}") from None
    if reader.is_encrypted:
        raise _UnusableCopyError(f"{name} is encrypted; save it without a password")
    text = "\f".join(pages).translate(_DRAWN)
    if not text.strip():
        raise _UnusableCopyError(f"{name} has no text; it may be scanned")
    return text


def html_text(name: str, content: bytes) -> str:
    """The words of an HTML page, a line for each block, without its scripts and styles.

    Raises:
        MissingLibraryError: If lxml is not installed.
        DataPackageError: If it cannot be read, or has no text.
    """
    try:
        from lxml import etree, html
    except ModuleNotFoundError:
        raise MissingLibraryError(
            f'{name} is read with lxml; install it with: python -m pip install "cambodia-tip[html]"'
        ) from None
    try:
        parser = html.HTMLParser(encoding="utf-8" if _is_utf_8(content) else None)
        root = html.document_fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise _UnusableCopyError(f"{name} is not a readable HTML page: {error}") from None
    etree.strip_elements(root, "script", "style", etree.Comment, with_tail=False)
    for block in root.iter(*_BLOCKS):
        block.text, block.tail = f"\n{block.text or ''}", f"\n{block.tail or ''}"
    lines = [" ".join(line.split()) for line in "".join(root.itertext()).split("\n")]
    text = "\n".join(filter(None, lines)).translate(_DRAWN)
    if not text:
        raise _UnusableCopyError(f"{name} has no text")
    return text


def _is_utf_8(content: bytes) -> bool:
    """Whether a page is UTF-8, which lxml assumes only where the page says so."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
