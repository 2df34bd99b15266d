"""Rules on quotes: what they may be, and what their words say of numbers, years and gaps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ..package.model import READERS, Field
from ..parsing.numerals import means, numerals, prints
from ..parsing.passages import fold
from .rules import Problem, Table, table_rule

MOST_WORDS = 15
"""How many words a quote may have."""


@table_rule("quote-year", "quote", dates="period_start period_end", kind="text")
def year_of_the_quote(table: Table) -> Iterator[Problem]:
    """Of the years that a quote prints, one lies in the period."""
    wrong = table.ask("quote", _has_no_year_of, "period_start period_end")
    message = "must give a period that includes the year in the quote: {quote}"
    yield wrong, "period_start", message


def _has_no_year_of(quote: str, start: str | None, end: str | None) -> bool:
    first, last = (start or "0000")[:4], (end or "9999")[:4]
    printed = years(quote) if start or end else []
    return bool(printed) and not any(first <= year <= last for year in printed)


def years(text: str) -> list[str]:
    """The years that a text prints."""
    return YEAR.findall(text) if "19" in text or "20" in text else []


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
    is_printed = ~table.ask("value_basis", "derived".__eq__) if "value_basis" in table else None
    for field in table.resource.fields:
        if quote := field.printed_in:
            wrong = table.ask(
                f"{field.name} {quote}", partial(_is_not_printed, field), where=is_printed
            )
            yield wrong, field.name, f"must be a number that the quote prints: {{{quote}}}"


def _is_not_printed(field: Field, number: str, quote: str) -> bool:
    return not prints(quote, READERS[field.type](number))


@table_rule("qualifier", "quote note", numbers="value", kind="text")
def qualifier(table: Table) -> Iterator[Problem]:
    """A code that stands for words is chosen where the quote says them of the number.

    Qualifiers and gaps: "at least", "no known", "did not report".
    """
    for field in table.resource.fields:
        if not field.printed_as:
            continue
        settled = table.ask("note", lambda text: "qualifier" in text.lower())
        for code, words in field.printed_as.items():
            chosen = table.ask(field.name, code.__eq__) & ~settled
            wrong = table.ask("quote", partial(_lacks, _phrases(words)), where=chosen)
            listed = ", ".join(words)
            message = f"must have one of these in its quote, {{quote}}: {listed}; or a note on it"
            yield wrong, field.name, message
        every = [word for words in field.printed_as.values() for word in words]
        others = set(field.categories).difference(field.printed_as)
        plain = table.ask(field.name, others.__contains__) & ~settled
        plain &= table.has_any("quote", every)
        read = READERS[table.resource.field("value").type]
        for code, words in field.printed_as.items():
            is_qualified = partial(_is_qualified, _phrases(words), read)
            wrong = table.ask("quote value", is_qualified, where=plain)
            message = f"must be {code}, since the quote says so of {{value}}: {{quote}}"
            yield wrong, field.name, f"{message}; or a note must say why not"


def _lacks(phrases: re.Pattern[str], text: str) -> bool:
    return phrases.search(text) is None


def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Finds one of these words or phrases, and the sign of a currency after it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b\s*(?:USD|\$)?\s*", re.I)


def _is_qualified(
    qualifiers: re.Pattern[str], read: Callable[[str], float], text: str, number: str
) -> bool:
    """Whether a qualifier is right before a number in a text, or contains it.

    Examples:
        >>> qualifiers = _phrases(["at least", "no known"])
        >>> _is_qualified(qualifiers, int, "arrested at least 28 persons", "28")
        True
        >>> _is_qualified(qualifiers, int, "at least 3 of 28 persons", "28")
        False
        >>> _is_qualified(qualifiers, int, "no known cases", "0")
        True
    """
    spans = [qualifier.span() for qualifier in qualifiers.finditer(text)]
    if not spans:
        return False
    places = [found.start for found in numerals(text) if means(found, read(number))]
    return any(start <= place <= end for start, end in spans for place in places)
