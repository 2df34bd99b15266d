"""Look up quotes in documents as they were published, or in text that another tool made of them.

The text that a tool extracts from a PDF has its own spaces, hyphens, ligatures and page
furniture, and gives the cells of a table in an order of its own. So only letters, digits and
the signs of money and percent are compared, and each cell of a quoted table row is looked up
for itself.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from pathlib import Path

from ..errors import DataPackageError, MissingLibraryError

_KEPT = frozenset("$%€£|·")
_REFERENCE_MARK = re.compile(
    r"\(\s*\d{1,3}(?:\s*[-\u2013]\s*\d{1,3})?(?:\s*[,;]\s*\d{1,3}(?:\s*[-\u2013]\s*\d{1,3})?)*\s*\)"
)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w$%€£]*[\s\u2010-\u2015-][^\w$%€£]*(?=\d)")
_EDGE = 3
"""Lines at the top and at the bottom of a page among which its furniture is."""
_PAGES = 3
"""A line at an edge of so many pages is furniture."""


def pdf_text(file: Path) -> str:
    """The text of a PDF, with form feeds between its pages.

    Raises:
        MissingLibraryError: If pypdf is not installed.
        DataPackageError: If the file is not a PDF, is encrypted, or has no text.
    """
    try:
        import pypdf
    except ModuleNotFoundError:
        raise MissingLibraryError(
            "quotes in a PDF are looked up with pypdf; install it with: "
            'python -m pip install "cambodia-tip[pdf]"'
        ) from None
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of fonts that do not matter
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted:
            raise DataPackageError(f"{file.name} is encrypted; save it without a password")
        pages = [page.extract_text().splitlines() for page in reader.pages]
    except (pypdf.errors.PyPdfError, ValueError, KeyError, OSError) as error:
        if isinstance(error, DataPackageError):
            raise
        raise DataPackageError(f"{file.name} is not a readable PDF: {error}") from None
    text = "\f".join("\n".join(page) for page in pages)
    if not text.strip():
        raise DataPackageError(f"{file.name} has no text; it may be scanned")
    return text


def html_text(file: Path) -> str:
    """The words of an HTML page, without its scripts and styles.

    Raises:
        MissingLibraryError: If lxml is not installed.
        DataPackageError: If the file cannot be read, or has no text.
    """
    try:
        from lxml import etree, html
    except ModuleNotFoundError:
        raise MissingLibraryError(
            "quotes in an HTML page are looked up with lxml; install it with: "
            'python -m pip install "cambodia-tip[html]"'
        ) from None
    try:
        root = html.document_fromstring(file.read_bytes())
    except (etree.LxmlError, ValueError, OSError) as error:
        raise DataPackageError(f"{file.name} is not a readable HTML page: {error}") from None
    etree.strip_elements(root, "script", "style", etree.Comment, with_tail=False)
    text = " ".join(root.itertext())
    if not text.strip():
        raise DataPackageError(f"{file.name} has no text")
    return text


def without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Pages without headers, footers and page numbers; the first keeps them, as they name it.

    Examples:
        >>> without_furniture([["Report", f"Text {n}", f"{n}"] for n in "abc"])
        [['Report', 'Text a', 'a'], ['Text b', 'b'], ['Text c', 'c']]
    """
    pages = [[line for line in page if line.strip()] for page in pages]
    edges = Counter(
        line for page in pages for line in {_bare(li) for li in page[:_EDGE] + page[-_EDGE:]}
    )
    return [
        [
            line
            for place, line in enumerate(page)
            if _EDGE <= place < len(page) - _EDGE or edges[_bare(line)] < _PAGES or not number
        ]
        for number, page in enumerate(pages)
    ]


def _bare(line: str) -> str:
    """A line without its page number."""
    return "".join(re.sub(r"\d", "", line).split())


def has_quote(condensed: str, quote: str) -> bool:
    """Whether a condensed text has a quote, cell by cell, and no number of it in a longer one.

    Examples:
        >>> text = condense("Number of Labor In- spectors 33 (60) 1,309 (60)")
        >>> [has_quote(text, f"Inspectors | {value}") for value in ("33", "1,309", "309", "35")]
        [True, True, False, False]
    """
    return all(
        re.search(rf"(?<!{_same(cell[:1])}){re.escape(cell)}(?!{_same(cell[-1:])})", condensed)
        for cell in map(condense, quote.split(" | "))
    )


def _same(sign: str) -> str:
    """What would make a longer number of one that begins or ends with this sign; else nothing."""
    return r"\d" if sign.isdigit() else r"\b\B"


def condense(text: str) -> str:
    """Only the letters, digits and signs of money and percent of a text, in lowercase.

    Furniture of pages and marks of references such as ``(1, 38)`` are left out. Two numbers that
    a blank or a dash separates stay separate, and the point of a decimal stays.
    """
    pages = without_furniture([page.splitlines() for page in text.split("\f")])
    text = " ".join(line for page in pages for line in page)
    text = _REFERENCE_MARK.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    text = _BETWEEN_DIGITS.sub("|", text)
    text = re.sub(r"(?<=\d)[.](?=\d)", "·", text)
    return "".join(sign for sign in text if sign.isalnum() or sign in _KEPT)
