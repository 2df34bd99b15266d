"""Read the numbers that a text prints, in digits and in words.

Kept number readers turn "twenty-one" into 21, but not "4.9 billion",
"two-thirds", "5-10 year", "one each" or "three and ten million" into the
numbers that a reader of these documents sees. A quote must show its figure,
so this module reads all of them, English only. Where a text can be read in
more than one way, a numeral has all readings, and the checks say so.

The module is long because the forms contain each other: digits take scales in words, words
take halves and digits, and shares take both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from .digits import Digits, digits
from .number_words import (
    ALL_WORDS,
    ARTICLES,
    CURRENCIES,
    CURRENCY_BEFORE,
    DENOMINATORS,
    DOUBTFUL_SUFFIXES,
    MULTIPLES,
    NEGATIONS,
    NUMBERED_THINGS,
    ORDINAL_SUFFIXES,
    ORDINALS,
    PARTS_OF_PERIODS,
    PHRASES,
    QUANTIFIERS,
    ROMAN,
    SCALES,
    SURE_SUFFIXES,
    TENS,
    UNITS,
    roman_value,
)

_GAP = " \t\r\n\u00a0\u2007\u2009\u202f-"
"""What may stand between the parts of one number."""
_WORD = re.compile(r"[A-Za-z]+")
_ALTERING_WORDS = (*SCALES, "dozen", "half", "quarter", "third", " x ")
_ALTERING_SUFFIX = re.compile(r"\d\s?(?:k|m|mn|mln|b|bn|tn)\b", re.I)
"""What may change a number that stands elsewhere in the text."""
_NUMBER_SIGN = re.compile(r"no\.\s?\d", re.I)
_JOINS = re.compile(r"\s*(and|to|or|-)\s*(?:[A-Z]{0,3}[$€£¥៛]|USD )?\s*", re.I)


@dataclass(frozen=True)
class Numeral:
    """A number in a text.

    Attributes:
        text: The characters that print it.
        start: Offset of its first character.
        end: Offset after its last character.
        kind: ``digits``, ``cardinal``, ``ordinal``, ``roman``, ``fraction``,
            ``multiple`` ("double", "both", "dozen", "single"), ``article`` ("a",
            "another": one) or ``negation`` ("no", "not any": zero).
        readings: What it may mean, most likely first: ``three`` in "three
            and ten million" is 3 or 3,000,000.
    """

    text: str
    start: int
    end: int
    kind: str
    readings: tuple[Fraction, ...]

    @property
    def meanings(self) -> str:
        """The readings in digits."""
        return " or ".join(f"{float(reading):,.10g}" for reading in self.readings)


@dataclass(frozen=True)
class _Token:
    word: str
    start: int
    end: int
    joined: bool  # to the token before it, by one hyphen
    adjacent: bool  # to the token before it: no more than blanks or a hyphen between
    digits: Digits | None


@dataclass(frozen=True)
class _Found:
    """A numeral with the index after its tokens, and the last scale in it."""

    numeral: Numeral | None
    end: int
    scale: int = 0


def numerals(text: str) -> list[Numeral]:
    """Find every number that a text prints.

    Args:
        text: English prose.

    Returns:
        The numbers in the order of the text. "Hundreds" and "several
        thousand" name no number and are not among them.

    Examples:
        >>> [(n.text, [int(r) for r in n.readings]) for n in numerals("over 400 of twenty-one")]
        [('400', [400]), ('twenty-one', [21])]
    """
    tokens = _tokens(text)
    found: list[tuple[Numeral, int]] = []
    index = 0
    while index < len(tokens):
        read = _read(text, tokens, index)
        index = read.end
        if read.numeral:
            found.append((read.numeral, read.scale))
    found.extend((numeral, 0) for numeral in _not_any(text))
    found.sort(key=lambda pair: pair[0].start)
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
    shortened = _WORD.sub(lambda match: _shorten(match[0]), text)
    return any(means(numeral, number) for numeral in _numerals_of(shortened))


@lru_cache(maxsize=1 << 16)
def _shorten(word: str) -> str:
    """A word that has to do with numbers as it is, any other as ``x``."""
    small = word.lower()
    is_kept = small in ALL_WORDS or small.removesuffix("s") in ALL_WORDS or ROMAN.fullmatch(word)
    return word if is_kept else "x"


@lru_cache(maxsize=1 << 16)
def _numerals_of(shortened: str) -> tuple[Numeral, ...]:
    """The numerals of a shortened text: many quotes differ in other words only."""
    return tuple(numerals(shortened))


def _has_digits_of(text: str, number: float) -> bool:
    """Whether plain digits of an integer are in a text, with nothing that changes them.

    Most quotes print their number so; reading them in full costs fifty times as much.
    """
    if number != int(number):
        return False
    sought = str(int(number))
    start = text.find(sought)
    if start < 0:
        sought = f"{int(number):,}"
        start = text.find(sought)
    if start < 0 or (start > 0 and text[start - 1] not in " ($"):
        return False
    after = text[start + len(sought) :]
    is_part = text[:start].rstrip(" ($")[-1:].isnumeric() or (
        after[:1] not in ("", " ", "-", ")", "%") or after.lstrip(" -")[:1].isnumeric()
    )
    if is_part or _ALTERING_SUFFIX.search(text):
        return False
    small = text.lower()
    return not any(word in small for word in _ALTERING_WORDS)


@lru_cache(maxsize=1 << 12)
def _fraction(number: float) -> Fraction:
    """A number as it is written, not as it is held."""
    return Fraction(str(number))


def means(numeral: Numeral, number: float) -> bool:
    """Whether a numeral may mean `number`; a fraction may be rounded to its decimals."""
    sought = _fraction(number)
    if numeral.kind == "fraction" and sought.denominator > 1:
        decimals = len(str(number).partition(".")[2])
        return any(round(reading, decimals) == sought for reading in numeral.readings)
    return sought in numeral.readings


def _tokens(text: str) -> list[_Token]:
    numbers = list(digits(text))
    inside = {place for number in numbers for place in range(number.start, number.end)}
    # letters within a number, as the x of 3 x 10^6, are no words
    words = [
        (match.start(), match.end(), None)
        for match in _WORD.finditer(text)
        if match.start() not in inside
    ]
    parts = sorted([*words, *((n.start, n.end, n) for n in numbers)], key=lambda part: part[0])
    tokens: list[_Token] = []
    for start, end, number in parts:
        between = text[tokens[-1].end : start] if tokens else None
        gap = _GAP + "," if tokens and tokens[-1].word in SCALES else _GAP
        is_adjacent = between is not None and not between.strip(gap)
        word = text[start:end].lower()
        tokens.append(_Token(word, start, end, between == "-", is_adjacent, number))
    return tokens


def _read(text: str, tokens: list[_Token], index: int) -> _Found:
    """Read the numeral that begins at a token."""
    first = tokens[index]
    if first.digits:
        return _read_digits(text, tokens, index)
    for words, meaning in PHRASES.items():
        if first.word == words[0] and _follow(tokens, index, words):
            return _read_phrase(text, tokens, index, words, meaning)
    if first.word in UNITS or first.word in TENS:
        return _read_words(text, tokens, index)
    before = tokens[index - 1].word if first.adjacent else ""
    following = _word_at(tokens, index + 1)
    if first.word in ARTICLES:
        if following in SCALES:
            return _scaled_numeral(text, tokens, index, index + 1, "cardinal", Fraction(1))
        is_share = following in DENOMINATORS and _word_at(tokens, index + 2) == "of"
        if following in MULTIPLES or following in ("half", "quarter") or is_share:
            return _Found(None, index + 1)
    if first.word in SCALES or first.word == "dozen":
        if before in QUANTIFIERS or (first.joined and first.word in SCALES):
            return _Found(None, index + 1)
        if first.word in SCALES:
            value = Fraction(SCALES[first.word])
            return _scaled_numeral(text, tokens, index, index + 1, "cardinal", value)
    if first.word in ("half", "quarter"):
        if before in PARTS_OF_PERIODS:
            return _Found(None, index + 1)
        return _read_share(text, tokens, index, index + 1, Fraction(1, DENOMINATORS[first.word]))
    if first.word in ORDINALS and before in ARTICLES and first.word in DENOMINATORS:
        return _ordinal_or_share(text, tokens, index)
    if _is_roman(text[first.start : first.end], before):
        value = Fraction(roman_value(text[first.start : first.end]))
        return _one(text, tokens, index, index + 1, "roman", value)
    if first.word == "no" and _NUMBER_SIGN.match(text, first.start):
        return _Found(None, index + 1)
    for kind, values in _SINGLE_WORDS:
        if first.word in values:
            value = Fraction(values[first.word])
            return _one(text, tokens, index, index + 1, kind, value)
    return _Found(None, index + 1)


_SINGLE_WORDS: tuple[tuple[str, dict[str, Fraction]], ...] = (
    ("multiple", MULTIPLES),
    ("article", dict.fromkeys(ARTICLES, Fraction(1))),
    ("negation", dict.fromkeys(NEGATIONS, Fraction(0))),
    ("ordinal", {word: Fraction(number) for word, number in ORDINALS.items()}),
)


def _word_at(tokens: list[_Token], index: int) -> str:
    """The word there, if only a space or a hyphen is before it."""
    return tokens[index].word if index < len(tokens) and tokens[index].adjacent else ""


def _follow(tokens: list[_Token], index: int, words: tuple[str, ...]) -> bool:
    return all(_word_at(tokens, index + n) == word for n, word in enumerate(words) if n)


def _read_phrase(
    text: str,
    tokens: list[_Token],
    index: int,
    words: tuple[str, ...],
    meaning: tuple[str, int] | None,
) -> _Found:
    end = index + len(words)
    if words[-1] == "one" and end < len(tokens):  # "no one-day course", "not one hundred"
        after = tokens[end]
        if after.joined or (after.adjacent and after.word in SCALES):
            return _Found(
                _numeral(text, tokens, index, index + 1, "negation", Fraction(0)), end - 1
            )
    if meaning is None:
        return _Found(None, end)
    kind, value = meaning
    if kind == "article" and end < len(tokens) and tokens[end].digits:  # "the only 3 cases"
        return _Found(None, end)
    return _one(text, tokens, index, end, kind, Fraction(value))


def _read_digits(text: str, tokens: list[_Token], index: int) -> _Found:
    first, end = tokens[index], index + 1
    assert first.digits is not None
    readings, kind = first.digits.readings, first.digits.kind
    after = tokens[end] if end < len(tokens) else None
    adjoins = after is not None and after.start == first.end
    if after and adjoins and after.word in ORDINAL_SUFFIXES:
        return _one(text, tokens, index, end + 1, "ordinal", *readings)
    if after and (adjoins or text[first.end : after.start].isspace()):
        if after.word in SURE_SUFFIXES:
            scale = SURE_SUFFIXES[after.word]
            scaled = [reading * scale for reading in readings]
            return _Found(_numeral(text, tokens, index, end + 1, kind, *scaled), end + 1, scale)
        if after.word in DOUBTFUL_SUFFIXES:
            found = _with_doubtful_suffix(text, tokens, index, adjoins)
            if found:
                return found
    found = _scaled_numeral(text, tokens, index, end, kind, readings[0])
    if len(readings) > 1 and found.numeral:
        factor = found.numeral.readings[0] / readings[0] if readings[0] else Fraction(1)
        every = tuple(reading * factor for reading in readings)
        found = replace(found, numeral=replace(found.numeral, readings=every))
    is_negative = text[: first.start][-2:] in ("-", " -", "(-", "\u2212", " \u2212", "(\u2212")
    if is_negative and found.numeral:  # or a dash stands before it
        value = found.numeral.readings[0]
        found = replace(found, numeral=replace(found.numeral, readings=(-value, value)))
    return found


def _with_doubtful_suffix(
    text: str, tokens: list[_Token], index: int, adjoins: bool
) -> _Found | None:
    """A number with k, m or b: thousands, millions and billions of money, or a length."""
    number, end = tokens[index], index + 2
    assert number.digits is not None
    scale = DOUBTFUL_SUFFIXES[tokens[index + 1].word]
    plain = number.digits.readings
    scaled = tuple(reading * scale for reading in plain)
    is_money = CURRENCY_BEFORE.search(text[: number.start]) or _word_at(tokens, end) in CURRENCIES
    if is_money:
        numeral = _numeral(text, tokens, index, end, "digits", *scaled)
        return _Found(numeral, end, scale)
    if tokens[index + 1].word == "b":
        return None
    readings = (*scaled, *plain) if adjoins else (*plain, *scaled)
    return _one(text, tokens, index, end, "digits", *readings)


def _read_words(text: str, tokens: list[_Token], index: int) -> _Found:
    value, end = _below_hundred(tokens, index)
    following = _word_at(tokens, end)
    if following and tokens[end].joined and tokens[end - 1].word in TENS:
        last = ORDINALS.get(following, 10)
        if last < 10:
            numeral = _numeral(text, tokens, index, end + 1, "ordinal", value + last)
            return _Found(numeral, end + 1)
    denominator = DENOMINATORS.get(following.removesuffix("s"))
    if denominator and (value == 1 or following.endswith("s")):
        return _read_share(text, tokens, index, end + 1, value / denominator)
    if tokens[index].word in ("eighteen", "nineteen", "twenty") and end == index + 1:
        years, after = _below_hundred(tokens, end) if _is_number(tokens, end) else (0, end)
        is_age = _word_at(tokens, after) == "year" and tokens[after].joined
        if years >= 10 and not tokens[end].joined and not is_age:
            return _one(text, tokens, index, after, "cardinal", 100 * value + years)
    return _scaled_numeral(text, tokens, index, end, "cardinal", value)


def _is_number(tokens: list[_Token], index: int) -> bool:
    word = _word_at(tokens, index)
    return word in UNITS or word in TENS


def _below_hundred(tokens: list[_Token], index: int) -> tuple[Fraction, int]:
    """Read "seven", "twenty" or "twenty-one"; "five-ten" is two numbers, not one."""
    word = tokens[index].word
    if word in UNITS:
        return Fraction(UNITS[word]), index + 1
    unit = UNITS.get(_word_at(tokens, index + 1), 0)
    if 0 < unit < 10:
        return Fraction(TENS[word] + unit), index + 2
    return Fraction(TENS[word]), index + 1


def _scaled_numeral(
    text: str, tokens: list[_Token], index: int, end: int, kind: str, value: Fraction
) -> _Found:
    """A number with the half, the scale and the dozen that follow it."""
    half, end = _and_a_half(tokens, end)
    value += half
    value, end = _scaled(value, tokens, end)
    scale = SCALES.get(tokens[end - 1].word, 0)
    if scale >= 1_000:  # "a million and a half"
        half, end = _and_a_half(tokens, end)
        value += half * scale
    if _word_at(tokens, end) == "dozen":
        value, end, scale = value * 12, end + 1, 12
    return _Found(_numeral(text, tokens, index, end, kind, value), end, scale)


def _and_a_half(tokens: list[_Token], index: int) -> tuple[Fraction, int]:
    """Read "and a half" or "and three-quarters"; nothing where the half is "of" something."""
    nothing = Fraction(0), index
    if _word_at(tokens, index) != "and":
        return nothing
    word, share = _word_at(tokens, index + 1), _word_at(tokens, index + 2)
    if _word_at(tokens, index + 3) == "of":
        return nothing
    if word in ARTICLES and share in ("half", "quarter"):
        return Fraction(1, DENOMINATORS[share]), index + 3
    denominator = DENOMINATORS.get(share.removesuffix("s"), 0)
    above = UNITS.get(word, 0)
    if 0 < above < denominator and (above == 1 or share.endswith("s")):
        return Fraction(above, denominator), index + 3
    return nothing


def _read_share(text: str, tokens: list[_Token], index: int, end: int, share: Fraction) -> _Found:
    """A fraction, or the number that it is of: "half a million", "quarter of a million"."""
    after = end
    for words in ({"of"}, ARTICLES):
        if _word_at(tokens, after) in words:
            after += 1
    word = _word_at(tokens, after)
    scale = SCALES.get(word, 12 if word == "dozen" else 0)
    if scale:
        numeral = _numeral(text, tokens, index, after + 1, "cardinal", share * scale)
        return _Found(numeral, after + 1, scale)
    return _one(text, tokens, index, end, "fraction", share)


def _ordinal_or_share(text: str, tokens: list[_Token], index: int) -> _Found:
    """Read "third" in "a third of them" and "a third suspect"; elsewhere it may be either."""
    number = Fraction(ORDINALS[tokens[index].word])
    share, following = 1 / number, _word_at(tokens, index + 1)
    if following == "of":
        return _read_share(text, tokens, index, index + 1, share)
    readings = (number, share) if following else (share, number)
    kind = "ordinal" if following else "fraction"
    return _one(text, tokens, index, index + 1, kind, *readings)


def _is_roman(text: str, before: str) -> bool:
    """Whether a word is a Roman numeral; one letter is one after a word like "Phase" only."""
    if not ROMAN.fullmatch(text) or text in ("XX", "XXX"):
        return False
    return len(text) > 1 or before in NUMBERED_THINGS


def _scaled(value: Fraction, tokens: list[_Token], index: int) -> tuple[Fraction, int]:
    """Multiply by the scale words that follow, and add what they leave room for."""
    total, current, limit, first = Fraction(0), value, None, index
    while word := _word_at(tokens, index):
        if word == "hundred" and current and current < 100:
            current *= 100
            index += 1
        elif word in SCALES and word != "hundred" and (limit is None or SCALES[word] < limit):
            limit = SCALES[word]
            total += current * limit
            current = Fraction(0)
            index += 1
        elif limit is None and current < 100:
            break
        elif limit and not current and _is_smaller_part(tokens, index, limit):
            current = tokens[index].digits.readings[0]  # type: ignore[union-attr]
            index += 1
        else:
            start = index + 1 if word == "and" else index
            is_full = current % 100 or 0 < current < 100 or index == first
            if is_full or not _is_number(tokens, start):
                break
            added, index = _below_hundred(tokens, start)
            current += added
    return total + current, index


def _is_smaller_part(tokens: list[_Token], index: int, limit: int) -> bool:
    """Whether digits with a smaller scale go on with a number: "1 million 200 thousand"."""
    scale = SCALES.get(_word_at(tokens, index + 1), limit)
    return tokens[index].digits is not None and scale < limit


def _one(
    text: str, tokens: list[_Token], index: int, end: int, kind: str, *readings: Fraction
) -> _Found:
    return _Found(_numeral(text, tokens, index, end, kind, *readings), end)


def _numeral(
    text: str, tokens: list[_Token], index: int, end: int, kind: str, *readings: Fraction
) -> Numeral:
    start, stop = tokens[index].start, tokens[end - 1].end
    return Numeral(text[start:stop], start, stop, kind, readings)


def _not_any(text: str) -> list[Numeral]:
    """Zero as "not ... any", within one sentence."""
    return [
        Numeral(match[0], match.start(), match.end(), "negation", (Fraction(0),))
        for match in re.finditer(r"\bnot\b[^.;]*?\bany\b", text, re.IGNORECASE)
    ]


def _share_scales(text: str, found: list[tuple[Numeral, int]]) -> list[Numeral]:
    """Let a scale that is printed once, after the second number, reach the first."""
    shared = [numeral for numeral, _ in found]
    for index, ((first, own), (second, scale)) in enumerate(pairwise(found)):
        link = _JOINS.fullmatch(text, first.end, second.start)
        if not link or own >= scale or first.readings[0] >= scale or own > 100:
            continue
        literal = first.readings[0]
        scaled = literal * scale
        before = text[: first.start].rstrip(" $€£¥").lower()
        if link[1].lower() in ("and", "or") and before.endswith("between"):
            readings: tuple[Fraction, ...] = (scaled,)
        elif link[1].lower() in ("and", "or"):
            readings = (literal, scaled)
        else:
            readings = (scaled, literal)
        shared[index] = replace(first, readings=readings)
    return shared
