"""Read the numbers that a text prints, in digits and in words.

Kept number readers turn "twenty-one" into 21, but not "4.9 billion",
"two-thirds", "5-10 year", "one each" or "three and ten million" into the
numbers that a reader of these documents sees. A quote must show its figure,
so this module reads all of them, English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_ORDINALS = (
    {
        word: number
        for number, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
            start=1,
        )
    }
    | {re.sub("y$", "ieth", word): number for word, number in _TENS.items()}
    | {"hundredth": 100, "thousandth": 1_000, "millionth": 10**6, "billionth": 10**9}
)
_DENOMINATORS = {
    word: number for word, number in _ORDINALS.items() if word not in ("first", "second")
} | {"half": 2, "halve": 2, "quarter": 4}
_MULTIPLES = {
    "double": 2, "doubled": 2, "doubles": 2, "twice": 2, "both": 2, "pair": 2, "couple": 2,
    "triple": 3, "tripled": 3, "once": 1, "single": 1, "dozen": 12,
}  # fmt: skip
_ARTICLES = {"a", "an", "another"}
_NEGATIONS = {"no", "none", "neither", "nor", "zero"}

_TOKEN = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[A-Za-z]+")
_ORDINAL_SUFFIXES = {"st", "nd", "rd", "th"}
_MOST_DIGITS = 40
"""A longer run of digits counts nothing."""


@dataclass(frozen=True)
class Numeral:
    """A number in a text.

    Attributes:
        text: The characters that print it.
        start: Offset of its first character.
        end: Offset after its last character.
        kind: ``digits``, ``cardinal``, ``ordinal``, ``fraction``, ``multiple``
            ("double", "both", "dozen", "single"), ``article`` ("a", "another": one)
            or ``negation`` ("no", "not any": zero).
        readings: What it may mean, most literal first: ``three`` in "three
            and ten million" is 3 or 3,000,000.
    """

    text: str
    start: int
    end: int
    kind: str
    readings: tuple[Fraction, ...]


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int
    joined: bool  # to the token before it, by one hyphen
    adjacent: bool  # to the token before it: no more than blanks or a hyphen between


def numerals(text: str) -> list[Numeral]:
    """Find every number that a text prints.

    Args:
        text: English prose.

    Returns:
        The numbers in the order of the text. "Hundreds" and "thousands" name
        no number and are not among them.

    Examples:
        >>> [(n.text, [int(r) for r in n.readings]) for n in numerals("over 400 of twenty-one")]
        [('400', [400]), ('twenty-one', [21])]
    """
    tokens = _tokens(text)
    found: list[Numeral] = []
    index = 0
    while index < len(tokens):
        numeral, index = _read(text, tokens, index)
        if numeral:
            found.append(numeral)
    found.extend(_not_any(text))
    found.sort(key=lambda numeral: numeral.start)
    return _share_scales(text, found)


def prints(text: str, number: float) -> bool:
    """Whether `text` prints `number`, in digits or in words.

    One may be read from "a" or "another", zero from "no" or "not any".

    Examples:
        >>> prints("between three and ten million riels", 3_000_000)
        True
        >>> prints("did not field any complaints", 0)
        True
        >>> prints("thousands of men", 1000)
        False
    """
    if _has_digits_of(text, number):
        return True
    return any(means(numeral, number) for numeral in _numerals_of(_ANY_WORD.sub(_shorten, text)))


_NUMBER_WORDS = {"and", "to", "or", "not", "any"}.union(
    _UNITS, _TENS, _SCALES, _ORDINALS, _DENOMINATORS, _MULTIPLES, _ARTICLES, _NEGATIONS,
    _ORDINAL_SUFFIXES,
)  # fmt: skip
_ANY_WORD = re.compile(r"[A-Za-z]+")


def _shorten(match: re.Match[str]) -> str:
    """A word that has to do with numbers as it is, any other as ``x``."""
    word = match[0].lower()
    is_kept = word in _NUMBER_WORDS or word.removesuffix("s") in _NUMBER_WORDS
    return word if is_kept else "x"


@lru_cache(maxsize=1 << 16)
def _numerals_of(shortened: str) -> tuple[Numeral, ...]:
    """The numerals of a shortened text: many quotes differ in other words only."""
    return tuple(numerals(shortened))


def _has_digits_of(text: str, number: float) -> bool:
    """Whether plain digits of a whole number stand in a text, with nothing that changes them.

    Most quotes print their number so; reading them in full costs fifty times as much.
    """
    if number != int(number):
        return False
    digits = str(int(number))
    start = text.find(digits)
    if start < 0:
        digits = f"{int(number):,}"
        start = text.find(digits)
    if start < 0 or (start > 0 and text[start - 1] not in " ($"):
        return False
    after = text[start + len(digits) :]
    is_longer = after[:1] in (",", ".") or after.lstrip(" -")[:1].isdigit()
    return not is_longer and not after.lower().lstrip(" -").startswith(tuple(_SCALES))


def means(numeral: Numeral, number: float) -> bool:
    """Whether a numeral may mean `number`; a fraction may be rounded to its decimals."""
    sought = Fraction(str(number))
    if numeral.kind == "fraction":
        decimals = len(str(number).partition(".")[2])
        return any(round(reading, decimals) == sought for reading in numeral.readings)
    return sought in numeral.readings


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        between = text[tokens[-1].end : match.start()] if tokens else None
        gap = " \t\n-," if tokens and tokens[-1].word in _SCALES else " \t\n-"
        adjacent = between is not None and not between.strip(gap)
        tokens.append(
            _Token(match[0].lower(), match.start(), match.end(), between == "-", adjacent)
        )
    return tokens


def _read(text: str, tokens: list[_Token], index: int) -> tuple[Numeral | None, int]:
    """Read the numeral that begins at a token; return it and the index after it."""
    first = tokens[index]
    if first.word[0].isdigit():
        return _read_digits(text, tokens, index)
    if first.word in _UNITS or first.word in _TENS:
        return _read_words(text, tokens, index)
    after = _after(tokens, index + 1)
    following = after.word if after else ""
    if first.word in _ARTICLES and following in _SCALES:
        value, end = _scaled(Fraction(1), tokens, index + 1)
        return _numeral(text, tokens, index, end, "cardinal", value), end
    if first.word in _ARTICLES and following in _MULTIPLES:
        return None, index + 1
    for kind, words in (
        ("multiple", _MULTIPLES),
        ("article", dict.fromkeys(_ARTICLES, 1)),
        ("negation", dict.fromkeys(_NEGATIONS, 0)),
        ("ordinal", _ORDINALS),
    ):
        if first.word in words:
            value = Fraction(words[first.word])
            return _numeral(text, tokens, index, index + 1, kind, value), index + 1
    if first.word in ("half", "quarter"):
        value = Fraction(1, _DENOMINATORS[first.word])
        return _numeral(text, tokens, index, index + 1, "fraction", value), index + 1
    return None, index + 1


def _after(tokens: list[_Token], index: int) -> _Token | None:
    """The token there, if nothing but a blank or a hyphen stands before it."""
    return tokens[index] if index < len(tokens) and tokens[index].adjacent else None


def _read_digits(text: str, tokens: list[_Token], index: int) -> tuple[Numeral | None, int]:
    end = index + 1
    if len(tokens[index].word) > _MOST_DIGITS:
        return None, end
    value = Fraction(tokens[index].word.replace(",", ""))
    adjoins = end < len(tokens) and tokens[end].start == tokens[index].end
    if adjoins and tokens[end].word in _ORDINAL_SUFFIXES:
        return _numeral(text, tokens, index, end + 1, "ordinal", value), end + 1
    if end < len(tokens) and tokens[end].word in _SCALES:
        value, end = _scaled(value, tokens, end)
    return _numeral(text, tokens, index, end, "digits", value), end


def _read_words(text: str, tokens: list[_Token], index: int) -> tuple[Numeral, int]:
    value, end = _below_hundred(tokens, index)
    after = _after(tokens, end)
    if after and after.joined and tokens[end - 1].word in _TENS:
        last = _ORDINALS.get(after.word, 10)
        if last < 10:
            return _numeral(text, tokens, index, end + 1, "ordinal", value + last), end + 1
    if after:
        denominator = _DENOMINATORS.get(after.word.removesuffix("s"))
        if denominator and (value == 1 or after.word.endswith("s")):
            value /= denominator
            return _numeral(text, tokens, index, end + 1, "fraction", value), end + 1
    value, end = _scaled(value, tokens, end)
    return _numeral(text, tokens, index, end, "cardinal", value), end


def _below_hundred(tokens: list[_Token], index: int) -> tuple[Fraction, int]:
    """Read "seven", "twenty" or "twenty-one"; "five-ten" is two numbers, not one."""
    word = tokens[index].word
    if word in _UNITS:
        return Fraction(_UNITS[word]), index + 1
    value = _TENS[word]
    has_next = index + 1 < len(tokens) and tokens[index + 1].adjacent
    if has_next and 0 < _UNITS.get(tokens[index + 1].word, 0) < 10:
        return Fraction(value + _UNITS[tokens[index + 1].word]), index + 2
    return Fraction(value), index + 1


def _scaled(value: Fraction, tokens: list[_Token], index: int) -> tuple[Fraction, int]:
    """Multiply by the scale words that follow, and add what they leave room for."""
    total, current, limit = Fraction(0), value, None
    while index < len(tokens) and tokens[index].adjacent:
        word = tokens[index].word
        if word == "hundred" and current and current < 100:
            current *= 100
            index += 1
        elif word in _SCALES and word != "hundred" and (limit is None or _SCALES[word] < limit):
            limit = _SCALES[word]
            total += current * limit
            current = Fraction(0)
            index += 1
        elif limit is None and current < 100:
            break
        else:
            start = index + 1 if word == "and" else index
            is_number = start < len(tokens) and (
                tokens[start].word in _UNITS or tokens[start].word in _TENS
            )
            if (
                not is_number
                or not tokens[start].adjacent
                or current % 100
                or (current and current < 100)
            ):
                break
            added, index = _below_hundred(tokens, start)
            current += added
    return total + current, index


def _numeral(
    text: str, tokens: list[_Token], index: int, end: int, kind: str, value: Fraction
) -> Numeral:
    start, stop = tokens[index].start, tokens[end - 1].end
    return Numeral(text[start:stop], start, stop, kind, (value,))


def _not_any(text: str) -> list[Numeral]:
    """Zero as "not ... any", within one sentence."""
    return [
        Numeral(match[0], match.start(), match.end(), "negation", (Fraction(0),))
        for match in re.finditer(r"\bnot\b[^.;]*?\bany\b", text, re.IGNORECASE)
    ]


def _share_scales(text: str, found: list[Numeral]) -> list[Numeral]:
    """Let a scale that is printed once, after the second number, reach the first."""
    shared = list(found)
    for index, (first, second) in enumerate(pairwise(found)):
        scale = _SCALES.get(re.split(r"[\s-]", second.text.lower())[-1])
        between = text[first.end : second.start].strip().lower()
        if scale and between in ("and", "to", "or", "-") and first.readings[0] < scale:
            readings = (first.readings[0], first.readings[0] * scale)
            shared[index] = Numeral(first.text, first.start, first.end, first.kind, readings)
    return shared
