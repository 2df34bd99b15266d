"""Check texts of a column: form, code list, pattern, bounds.

Text comes before types because a cast hides errors: an unknown code becomes
a missing value, and ``3.0`` becomes 3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import compress

from ..package.model import FORMS, READERS, Field, limit
from ..package.patterns import matcher
from ..parsing.edtf import is_day, is_edtf
from .columns import TextColumn

Test = tuple[str, str, Callable[[str], object]]
"""A rule, what would be right, and what is true of a text that is."""


def check_cells(column: TextColumn, field: Field) -> Iterator[tuple[list[int], str, str]]:
    """Find the texts of a column that break its field.

    Args:
        column: The cells as text, none of which was blanked yet.
        field: The field that they must keep to.

    Yields:
        The codes of the texts that are wrong, the rule, and what would be
        right. A text is yielded for the first rule that it breaks.
    """
    texts: list[str] = column.distinct.tolist()
    codes: Sequence[int] = range(len(texts))
    for rule, message, is_right in cell_tests(field):
        if not all(map(is_right, texts)):
            answers = [bool(is_right(text)) for text in texts]
            yield (
                [code for code, right in zip(codes, answers, strict=True) if not right],
                rule,
                message,
            )
            codes = list(compress(codes, answers))
            texts = list(compress(texts, answers))


def cell_tests(field: Field) -> Iterator[Test]:
    """The tests of one text, the basic ones first; each may rely on those before it."""
    constraints = field.constraints
    message = (
        "must not have leading or trailing whitespace, line breaks, tabs or invisible characters"
    )
    yield "whitespace", message, lambda text: text.isprintable() and text == text.strip()
    message = "must not contain U+FFFD (replacement character)"
    yield "whitespace", message, lambda text: "\ufffd" not in text
    message = "must have each letter and its accents as one sign (Unicode NFC)"
    yield "whitespace", message, partial(unicodedata.is_normalized, "NFC")
    if field.type == "string":
        message = "must not begin with =, +, - or @: a spreadsheet would run it"
        yield "formula", message, lambda text: text[0] not in "=+-@"
    else:
        wanted, form = FORMS[field.type]
        yield "type", f"must be {wanted}", re.compile(form).fullmatch
    if field.type == "date":
        yield "type", "must be a valid date", is_day
    if field.is_address:
        message = "must be a URL that begins with https:// or http://"
        yield "type", message, re.compile(r"https?://\S+").fullmatch
    if field.edtf:
        message = "must be a valid year, month or date"
        if re.fullmatch(constraints.get("pattern", ".*"), "2004/2005"):
            message += ", or two with a slash, in order"
        yield "type", message, is_edtf
    if "enum" in constraints:
        allowed = frozenset(constraints["enum"])
        listed = ", ".join(constraints["enum"])
        yield "enum", f"must be one of: {listed}", allowed.__contains__
    match = matcher(constraints["pattern"]) if "pattern" in constraints else None
    if match:
        message = f"must match {constraints['pattern']}, like {field.example}"
        yield "pattern", message, match
    read = READERS[field.type]
    if "minimum" in constraints:
        least = limit(field, "minimum")
        message = f"must be at least {constraints['minimum']}"
        yield "minimum", message, lambda text: read(text) >= least
    if "maximum" in constraints:
        most = limit(field, "maximum")
        message = f"must be at most {constraints['maximum']}"
        yield "maximum", message, lambda text: read(text) <= most
