"""Look up quotes in documents as they were published, or in text that another tool made of them.

The text that a tool extracts from a PDF has its own spaces, hyphens, ligatures and page
furniture, and gives the cells of a table in an order of its own. So only letters, digits and
the signs of money and percent are compared, and each cell of a quoted table row is looked up
for itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from ..parsing.reference_marks import MARK

_KEPT = frozenset("$%€£|·")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w$%€£]*[\s\u2010-\u2015-][^\w$%€£]*(?=\d)")
_NO_LONGER_NUMBER = r"(?:(?<!\d)|(?!\d))"
"""Anywhere but between two digits."""
_EDGE = 3
"""Lines at the top and at the bottom of a page among which its furniture is."""
_PAGES = 3
"""A line at an edge of so many pages is furniture."""


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
        re.search(f"{_NO_LONGER_NUMBER}{re.escape(cell)}{_NO_LONGER_NUMBER}", condensed)
        for cell in map(condense, quote.split(" | "))
    )


def condense(text: str) -> str:
    """Only the letters, digits and signs of money and percent of a text, in lowercase.

    Furniture of pages and marks of references such as ``(1, 38)`` are left out. Two numbers that
    a blank or a dash separates stay separate, and the point of a decimal stays.
    """
    pages = without_furniture([page.splitlines() for page in text.split("\f")])
    text = " ".join(line for page in pages for line in page)
    text = MARK.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    text = _BETWEEN_DIGITS.sub("|", text)
    text = re.sub(r"(?<=\d)[.](?=\d)", "·", text)
    return "".join(sign for sign in text if sign.isalnum() or sign in _KEPT)
