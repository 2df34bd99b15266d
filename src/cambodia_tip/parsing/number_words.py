"""The words that print numbers, in tables that the reader of numerals looks up."""

from __future__ import annotations

import re
from fractions import Fraction


def _counted(words: str, start: int) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), start)}


UNITS = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    0,
)
TENS = {
    word: 10 * number
    for word, number in _counted("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()
} | {"fourty": 40, "ninty": 90}  # as they are misspelt
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
SURE_SUFFIXES = {"mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12}
"""Short for a scale after digits."""
DOUBTFUL_SUFFIXES = {"k": 1_000, "m": 10**6, "b": 10**9}
"""Short for a scale where money or people are counted; k and m may mean a length elsewhere."""
ORDINALS = (
    _counted(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
        1,
    )
    | {re.sub("y$", "ieth", word): number for word, number in TENS.items()}
    | {f"{word}th": number for word, number in SCALES.items()}
)
ORDINAL_SUFFIXES = {"st", "nd", "rd", "th"}
DENOMINATORS = {
    word: number for word, number in ORDINALS.items() if word not in ("first", "second")
} | {"half": 2, "halve": 2, "quarter": 4}
MULTIPLES = {
    word: Fraction(number)
    for number, words in {
        1: "once single sole",
        2: "double doubled doubles twice both pair couple duo",
        3: "triple tripled treble thrice trio",
        4: "quadruple quadrupled quartet",
        12: "dozen",
    }.items()
    for word in words.split()
} | {"halved": Fraction(1, 2), "halving": Fraction(1, 2)}
MULTIPLES |= {f"{word}fold": Fraction(number) for word, number in (UNITS | TENS | SCALES).items()}
ARTICLES = {"a", "an", "another"}
NEGATIONS = {"no", "none", "neither", "nor", "zero", "nil", "nobody"}

SINGLE_WORDS = (
    {word: ("multiple", number) for word, number in MULTIPLES.items()}
    | {word: ("ordinal", Fraction(number)) for word, number in ORDINALS.items()}
    | dict.fromkeys(ARTICLES, ("article", Fraction(1)))
    | dict.fromkeys(NEGATIONS, ("negation", Fraction(0)))
)
"""What words print alone, if they are no part of a longer number."""
PHRASES: dict[tuple[str, ...], tuple[str, int] | None] = {
    ("no", "one"): ("negation", 0),
    ("not", "one"): ("negation", 0),
    ("not", "a", "single"): ("negation", 0),
    ("one", "single"): ("cardinal", 1),
    ("a", "score", "of"): ("multiple", 20),
    **{(word, "only"): ("article", 1) for word in ("the", "its", "their", "his", "her")},
    **{("a", word): None for word in ("few", "lot", "number", "total", "variety", "series")},
    **{
        ("no", word, "than"): None
        for word in "more less fewer later longer earlier higher lower older younger".split()
    },
}
"""What several words print together; nothing where they print no number."""

QUANTIFIERS = {"several", "few", "many", "some", "multi", "hundreds", "thousands", "millions"}
"""Before a scale or "dozen" they make it no number."""
PARTS_OF_PERIODS = {"first", "second", "third", "fourth", "last", "latter", "fiscal", "per", "this"}
"""Before "half" and "quarter" they make it a time or a place, no fraction."""

ROMAN = re.compile(r"(?=[IVX])(?!XXX?\Z)X{0,3}(?:IX|IV|V?I{0,3})")
NUMBERED_THINGS = (
    "annex appendix article book chapter class figure grade level part phase plan schedule section "
    "stage strategy table tier title volume war"
).split()
"""Words before a Roman numeral of one letter."""
CURRENCY_BEFORE = re.compile(r"(?:[$€£¥៛฿]|\b(?:USD|EUR|GBP|KHR|THB|R|Rs)\.?)\s?$", re.I)
CURRENCIES = {
    f"{word}{end}"
    for word in ("dollar", "riel", "euro", "pound", "baht", "rupee", "dong", "yuan")
    for end in ("", "s")
} | {"usd", "khr", "eur", "people", "persons"}


ALL_WORDS = {
    "and", "to", "or", "of", "not", "any", "between", "the", "score", "only", "than", "o",
    "articles", "sections", "paragraph", "paragraphs", "chapters", "page", "pages", "tables", "nos",
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "us", "eur", "gbp", "thb", "r", "rs", "x",
    "year", "more", "less", "fewer", "higher", "lower", "as",
}.union(
    UNITS, TENS, SCALES, SURE_SUFFIXES, DOUBTFUL_SUFFIXES, ORDINALS, ORDINAL_SUFFIXES,
    DENOMINATORS, MULTIPLES, ARTICLES, NEGATIONS, QUANTIFIERS, PARTS_OF_PERIODS, NUMBERED_THINGS,
    CURRENCIES, *PHRASES,
)  # fmt: skip
"""Every word that has to do with the reading of numbers."""


def roman_value(text: str) -> int:
    """The value of a Roman numeral below forty.

    Examples:
        >>> roman_value("XIV")
        14
    """
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
