"""Rules on quotes: what they may be, and what their words say of numbers, years and gaps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from ..parsing.numerals import means, numerals, prints
from ..parsing.passages import fold
from .rules import Problem, Table, table_rule

MOST_WORDS = 15
"""How many words a quote may have."""


@table_rule("quote-year", "quote", dates=("period_start", "period_end"), kind="text")
def year_of_the_quote(table: Table) -> Iterator[Problem]:
    """Of the years that a quote prints, one lies in the period."""
    start, end = table["period_start"].dt.year, table["period_end"].dt.year
    dated = table.ask("quote", has_year) & (start.notna() | end.notna())
    first, last = start.fillna(0)[dated], end.fillna(9999)[dated]
    rows = zip(table["quote"][dated], first, last, strict=True)
    wrong = [not any(a <= int(y) <= b for y in YEAR.findall(text)) for text, a, b in rows]
    message = "must give a period that includes the year in the quote: {quote}"
    yield of_rows(dated, wrong), "period_start", message


def has_year(text: str) -> bool:
    """Whether a text prints a year."""
    return ("19" in text or "20" in text) and YEAR.search(text) is not None


YEAR = re.compile(r"(?<![\d.$])(?<!\d,)(?:19|20)\d\d(?!\d|%|[.,]\d)")


@table_rule("quote", "quote", kind="text")
def quote(table: Table) -> Iterator[Problem]:
    """A quote is short and less than a sentence."""
    for column in (name for name in table.columns if name.endswith("quote")):
        long = table.ask(column, _is_long)
        yield long, column, f"must have at most {MOST_WORDS} words"
        sentence = table.ask(column, lambda text: _SENTENCE.fullmatch(text) is not None)
        yield sentence, column, "must be less than a sentence"
        empty = table.ask(column, lambda text: not any(map(str.isalnum, text)))
        yield empty, column, "must have words of the document"
        foreign = table.ask(column, lambda text: not text.isascii() and _has_foreign_letters(text))
        yield foreign, column, "must be written in Latin letters and plain digits"


def _is_long(text: str) -> bool:
    return len(text.split()) + text.count("\xb6") > MOST_WORDS < len(fold(text).split())


def _has_foreign_letters(text: str) -> bool:
    """Whether a letter or digit is none of the Latin script, though it may look like one."""
    return any(
        sign.isalnum() and not unicodedata.name(sign, "").startswith(("LATIN ", "DIGIT "))
        for sign in text
    )


_SENTENCE = re.compile(r"""["'(]?[A-Z].*[.?!]["')]*""")


@table_rule("printed", "quote", kind="text")
def printed(table: Table) -> Iterator[Problem]:
    """A number that counts as printed can be read in its quote."""
    for field in table.resource.fields:
        if field.printed_in is None:
            continue
        numbers, quotes = table[field.name], table[field.printed_in]
        numbered = numbers.notna() & quotes.notna()
        if "value_basis" in table:
            numbered &= table["value_basis"] != "derived"
        pairs = zip(numbers[numbered].tolist(), quotes[numbered], strict=True)
        missing = of_rows(numbered, [not prints(text, number) for number, text in pairs])
        yield missing, field.name, f"must be a number that the quote prints: {{{field.printed_in}}}"


@table_rule("qualifier", "quote", "note", numbers=("value",), kind="text")
def qualifier(table: Table) -> Iterator[Problem]:
    """A code that stands for words is chosen where the quote says them of the number.

    Qualifiers and gaps: "at least", "no known", "did not report".
    """
    for field in table.resource.fields:
        if not field.printed_as:
            continue
        quotes = table["quote"]
        settled = table.ask("note", lambda text: "qualifier" in text.lower()) | quotes.isna()
        for code, words in field.printed_as.items():
            chosen = table.ask(field.name, code.__eq__) & ~settled
            has_words = _phrases(words).search
            wrong = of_rows(chosen, [not has_words(text) for text in quotes[chosen]])
            listed = ", ".join(words)
            message = f"must have one of these in its quote, {{quote}}: {listed}; or a note on it"
            yield wrong, field.name, message
        every = [word for words in field.printed_as.values() for word in words]
        others = set(field.categories).difference(field.printed_as)
        plain = table.ask(field.name, others.__contains__) & table["value"].notna() & ~settled
        plain &= table.has_any("quote", every)
        numbers = table["value"][plain].tolist()
        for code, words in field.printed_as.items():
            qualifiers = _phrases(words).finditer
            pairs = zip(quotes[plain], numbers, strict=True)
            wrong = of_rows(
                plain, [_is_qualified(text, number, qualifiers) for text, number in pairs]
            )
            message = f"must be {code}, since the quote says so of {{value}}: {{quote}}"
            yield wrong, field.name, f"{message}; or a note must say why not"


def of_rows(rows: pd.Series, answers: list[bool]) -> pd.Series:
    """Answers for some rows as answers for all, false for the others."""
    every = np.zeros(len(rows), bool)
    every[rows.to_numpy(bool)] = answers
    return pd.Series(every)


def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Finds one of these words or phrases, and the sign of a currency after it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b\s*(?:USD|\$)?\s*", re.I)


def _is_qualified(
    text: str, number: float, qualifiers: Callable[[str], Iterator[re.Match[str]]]
) -> bool:
    """Whether a qualifier is right before a number in a text, or contains it.

    Examples:
        >>> qualifiers = _phrases(["at least", "no known"]).finditer
        >>> _is_qualified("arrested at least 28 persons", 28, qualifiers)
        True
        >>> _is_qualified("at least 3 of 28 persons", 28, qualifiers)
        False
        >>> _is_qualified("no known cases", 0, qualifiers)
        True
    """
    spans = [qualifier.span() for qualifier in qualifiers(text)]
    if not spans:
        return False
    places = [found.start for found in numerals(text) if means(found, number)]
    return any(start <= place <= end for start, end in spans for place in places)
