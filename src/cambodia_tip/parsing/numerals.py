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
from math import inf
from operator import itemgetter
from typing import NamedTuple

from . import number_words as words
from .digits import Digits, digits
from .number_words import ARTICLES, DENOMINATORS, ORDINALS, SCALES, TENS, UNITS

_GAP = " \t\r\n\u00a0\u2007\u2009\u202f-"
"""What may stand between the parts of one number."""
_WORD = re.compile(r"[A-Za-z]+")
_ALTERING_WORDS = (*SCALES, "dozen", "half", "quarter", "third", " x ")
_ALTERING_SUFFIX = re.compile(r"\d\s?(?:k|m|mn|mln|b|bn|tn)\b", re.I)
"""What may change a number that stands elsewhere in the text."""
_NUMBER_SIGN = re.compile(r"no\.\s?\d", re.I)
_NOT_ANY = re.compile(r"\bnot\b[^.;]*?\bany\b", re.I)
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


class _Token(NamedTuple):
    word: str
    start: int
    end: int
    joined: bool = False  # to the token before it, by one hyphen
    adjacent: bool = False  # to the token before it: no more than blanks or a hyphen between
    digits: Digits | None = None


class _Found(NamedTuple):
    """A numeral with the index after its tokens, and the last scale in it."""

    numeral: Numeral
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
    reader = _Reader(text)
    found: list[_Found] = []
    index = 0
    while reader.tokens[index].word:
        read = reader.read(index)
        index = read.end if read else index + 1
        found += [read] if read else []
    for match in _NOT_ANY.finditer(text):  # within one sentence
        zero = Numeral(match[0], match.start(), match.end(), "negation", (Fraction(0),))
        found.append(_Found(zero, 0))
    return _share_scales(text, sorted(found, key=lambda read: read.numeral.start))


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
    is_kept = {small, small.removesuffix("s")} & words.ALL_WORDS or words.ROMAN.fullmatch(word)
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


class _Reader:
    """A text in tokens, the last of which is empty, and what is read at an index of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[_Token] = []
        spans: list[tuple[int, int, Digits | None]] = [(n.start, n.end, n) for n in digits(text)]
        inside = {place for start, end, _ in spans for place in range(start, end)}
        # letters within a number, as the x of 3 x 10^6, are no words
        found = (match.span() for match in _WORD.finditer(text))
        spans += [(start, end, None) for start, end in found if start not in inside]
        for start, end, number in sorted(spans, key=itemgetter(0)):
            before = self.tokens[-1] if self.tokens else None
            between = text[before.end : start] if before else "."
            gap = _GAP + "," if before and before.word in SCALES else _GAP
            word, is_adjacent = text[start:end].lower(), not between.strip(gap)
            self.tokens.append(_Token(word, start, end, between == "-", is_adjacent, number))
        self.tokens.append(_Token("", len(text), len(text)))

    def word(self, index: int) -> str:
        """The word there, if only a space or a hyphen is before it."""
        if index >= len(self.tokens) or not self.tokens[index].adjacent:
            return ""
        return self.tokens[index].word

    def found(
        self, index: int, end: int, kind: str, *readings: Fraction | int, scale: int = 0
    ) -> _Found:
        """A numeral that goes from one token to before another."""
        start, stop = self.tokens[index].start, self.tokens[end - 1].end
        values = tuple(map(Fraction, readings))
        return _Found(Numeral(self.text[start:stop], start, stop, kind, values), end, scale)

    def read(self, index: int) -> _Found | None:
        """Read the numeral that begins at a token."""
        token, following = self.tokens[index], self.word(index + 1)
        word, third = token.word, self.word(index + 2)
        if token.digits:
            return self.read_digits(index, token.digits)
        for phrase in ((word, following), (word, following, third)):
            if phrase in words.PHRASES:
                return self.read_phrase(index, phrase)
        if word in UNITS or word in TENS:
            return self.read_words(index)
        before = self.tokens[index - 1].word if token.adjacent else ""
        if word in ARTICLES:
            if following in SCALES:
                return self.scaled(index, index + 1, "cardinal", Fraction(1))
            is_share = following in DENOMINATORS and third == "of"
            if following in words.MULTIPLES or following in ("half", "quarter") or is_share:
                return None
        if before in words.QUANTIFIERS and (word in SCALES or word == "dozen"):
            return None
        if word in SCALES:
            value = Fraction(SCALES[word])
            return None if token.joined else self.scaled(index, index + 1, "cardinal", value)
        if word in ("half", "quarter"):
            if before in words.PARTS_OF_PERIODS:
                return None
            return self.share(index, index + 1, Fraction(1, DENOMINATORS[word]))
        if word in ORDINALS and word in DENOMINATORS and before in ARTICLES:
            return self.ordinal_or_share(index, ORDINALS[word], following)
        printed = self.text[token.start : token.end]
        if words.ROMAN.fullmatch(printed) and (word[1:] or before in words.NUMBERED_THINGS):
            return self.found(index, index + 1, "roman", words.roman_value(printed))
        if word in words.SINGLE_WORDS and not _NUMBER_SIGN.match(self.text, token.start):
            return self.found(index, index + 1, *words.SINGLE_WORDS[word])
        return None

    def read_phrase(self, index: int, phrase: tuple[str, ...]) -> _Found | None:
        end = index + len(phrase)
        after = self.tokens[end]
        if phrase[-1] == "one" and (after.joined or self.word(end) in SCALES):
            end = index + 1  # "no one-day course", "not one hundred"
        kind, value = words.PHRASES[phrase] or ("", 0)
        if not kind or (kind == "article" and after.digits):  # "the only 3 cases"
            return None
        return self.found(index, end, kind, value)

    def read_digits(self, index: int, number: Digits) -> _Found:
        kind, readings, end = number.kind, number.readings, index + 1
        after = self.tokens[end]
        between = self.text[number.end : after.start]
        suffix = "" if between.strip() else after.word
        if suffix in words.ORDINAL_SUFFIXES and not between:
            return self.found(index, end + 1, "ordinal", *readings)
        if scale := words.SURE_SUFFIXES.get(suffix):
            return self.found(index, end + 1, kind, *(r * scale for r in readings), scale=scale)
        if scale := words.DOUBTFUL_SUFFIXES.get(suffix):
            scaled = [reading * scale for reading in readings]
            before = self.text[: number.start]
            if words.CURRENCY_BEFORE.search(before) or self.word(end + 1) in words.CURRENCIES:
                return self.found(index, end + 1, "digits", *scaled, scale=scale)
            if suffix != "b":  # thousands or millions, or a length
                both = (*readings, *scaled) if between else (*scaled, *readings)
                return self.found(index, end + 1, "digits", *both)
        found = self.scaled(index, end, kind, readings[0])
        first = found.numeral.readings[0]
        factor = first / readings[0] if readings[0] else 1
        values = tuple(r * factor for r in readings) if readings[1:] else (first,)
        if re.fullmatch(r"[ (]?[-\u2212]", self.text[: number.start][-2:]):  # or it is a dash
            values = (-values[0], values[0])
        return found._replace(numeral=replace(found.numeral, readings=values))

    def read_words(self, index: int) -> _Found:
        value, end = self.below_hundred(index, self.tokens[index].word)
        following, is_joined = self.word(end), self.tokens[end].joined
        if is_joined and self.tokens[end - 1].word in TENS and ORDINALS.get(following, 10) < 10:
            return self.found(index, end + 1, "ordinal", value + ORDINALS[following])
        denominator = DENOMINATORS.get(following.removesuffix("s"))
        if denominator and (value == 1 or following.endswith("s")):
            return self.share(index, end + 1, Fraction(value, denominator))
        if value in (18, 19, 20) and end == index + 1:
            years, after = self.below_hundred(end, following)
            is_age = self.word(after) == "year" and self.tokens[after].joined
            if years >= 10 and not is_joined and not is_age:
                return self.found(index, after, "cardinal", 100 * value + years)
        return self.scaled(index, end, "cardinal", Fraction(value))

    def below_hundred(self, index: int, word: str) -> tuple[int, int]:
        """Read "seven", "twenty" or "twenty-one" if it is there; "five-ten" is two numbers."""
        if word in UNITS:
            return UNITS[word], index + 1
        if word not in TENS:
            return 0, index
        unit = UNITS.get(self.word(index + 1), 0)
        return (TENS[word] + unit, index + 2) if 0 < unit < 10 else (TENS[word], index + 1)

    def scaled(self, index: int, end: int, kind: str, value: Fraction) -> _Found:
        """A number with the half, the scale and the dozen that follow it."""
        half, end = self.and_a_half(end)
        value, end = self.with_scales(value + half, end)
        scale = SCALES.get(self.tokens[end - 1].word, 0)
        if scale >= 1_000:  # "a million and a half"
            half, end = self.and_a_half(end)
            value += half * scale
        if self.word(end) == "dozen":
            value, end, scale = value * 12, end + 1, 12
        return self.found(index, end, kind, value, scale=scale)

    def and_a_half(self, index: int) -> tuple[Fraction, int]:
        """Read "and a half" or "and three-quarters"; nothing where the half is "of" something."""
        joint, word, share, after = map(self.word, range(index, index + 4))
        if joint == "and" and after != "of":
            denominator = DENOMINATORS.get(share.removesuffix("s"), 0)
            above = UNITS.get(word, 0)
            if word in ARTICLES and share in ("half", "quarter"):
                return Fraction(1, denominator), index + 3
            if 0 < above < denominator and (above == 1 or share.endswith("s")):
                return Fraction(above, denominator), index + 3
        return Fraction(0), index

    def with_scales(self, value: Fraction, index: int) -> tuple[Fraction, int]:
        """Multiply by the scale words that follow, and add what they leave room for."""
        total, current, limit, first = Fraction(0), value, inf, index
        while word := self.word(index):
            number = self.tokens[index].digits
            if word == "hundred" and 0 < current < 100:
                current *= 100
            elif word in SCALES and word != "hundred" and SCALES[word] < limit:
                limit = SCALES[word]
                total, current = total + current * SCALES[word], Fraction(0)
            elif index == first or current % 100:
                break
            elif number and not current and SCALES.get(self.word(index + 1), limit) < limit:
                current = number.readings[0]  # "1 million 200 thousand"
            else:
                start = index + (word == "and")
                added, end = self.below_hundred(start, self.word(start))
                if end == start:
                    break
                current, index = current + added, end - 1
            index += 1
        return total + current, index

    def share(self, index: int, end: int, share: Fraction) -> _Found:
        """A fraction, or the number that it is of: "half a million", "quarter of a million"."""
        after = end + (self.word(end) == "of")
        after += self.word(after) in ARTICLES
        scale = (SCALES | {"dozen": 12}).get(self.word(after))
        if scale:
            return self.found(index, after + 1, "cardinal", share * scale, scale=scale)
        return self.found(index, end, "fraction", share)

    def ordinal_or_share(self, index: int, number: int, following: str) -> _Found:
        """Read "third" in "a third of them" and "a third suspect"; elsewhere it may be either."""
        share = Fraction(1, number)
        if following == "of":
            return self.share(index, index + 1, share)
        if following:
            return self.found(index, index + 1, "ordinal", number, share)
        return self.found(index, index + 1, "fraction", share, number)


def _share_scales(text: str, found: list[_Found]) -> list[Numeral]:
    """Let a scale that is printed once, after the second number, reach the first."""
    shared = [read.numeral for read in found]
    for index, ((first, _, own), (second, _, scale)) in enumerate(pairwise(found)):
        link = _JOINS.fullmatch(text, first.end, second.start)
        literal = first.readings[0]
        if not link or own > 100 or own >= scale or literal >= scale:
            continue
        readings: tuple[Fraction, ...] = (literal * scale, literal)
        if link[1].lower() in ("and", "or"):
            is_range = text[: first.start].rstrip(" $€£¥").lower().endswith("between")
            readings = readings[:1] if is_range else readings[::-1]
        shared[index] = replace(first, readings=readings)
    return shared
