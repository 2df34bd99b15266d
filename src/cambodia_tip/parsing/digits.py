"""Read numbers in digits: one table of the forms that documents print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

_MOST_DIGITS = 40
"""A longer run of digits counts nothing."""
_BLANKS = " \u00a0\u2007\u2009\u202f"
_VULGAR = "\u00bc-\u00be\u2150-\u215e"
"""One half, two thirds and the like in one character."""
_LISTED = re.compile(
    r"\b(?:articles|sections|paragraphs|chapters|pages|tables|nos\.)\s[\d\s,-]*$", re.I
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:article|section|paragraph|chapter|page|table|no\.|phase|tier|january|february|march"
    r"|april|may|june|july|august|september|october|november|december)\s$",
    re.I,
)


@dataclass(frozen=True)
class Digits:
    """A number in digits: where it stands, and what it may mean, most likely first."""

    start: int
    end: int
    readings: tuple[Fraction, ...]
    kind: str = "digits"


def _plain(text: str) -> Fraction:
    return Fraction(re.sub(r"[^\d.]", "", text))


def _whole(match: re.Match[str], *readings: Fraction, kind: str = "digits") -> list[Digits]:
    return [Digits(match.start(), match.end(), tuple(dict.fromkeys(readings)), kind)]


def _pieces(match: re.Match[str], *joined: Fraction, pattern: str = r"\d+") -> list[Digits]:
    """The parts of a match as numbers of their own, each of which may also be `joined`."""
    return [
        Digits(part.start(), part.end(), (_plain(part[0]), *joined))
        for part in re.compile(pattern).finditer(match.string, match.start(), match.end())
    ]


def _grouped(match: re.Match[str]) -> list[Digits]:
    """Thousands, unless a list such as "Articles 103,104" is printed."""
    if _LISTED.search(match.string, max(0, match.start() - 80), match.start()):
        return _pieces(match)
    return _whole(match, _plain(match[0]), *_marks(match))


def _marks(match: re.Match[str]) -> list[Fraction]:
    """The parts of what stands alone in brackets, which may be marks of notes: "(14,103)"."""
    around = match.string[: match.start()][-1:] + match.string[match.end() :][:1]
    is_alone = around == "()" and "." not in match[0]
    return [Fraction(part) for part in match[0].split(",")] if is_alone else []


def _spaced(match: re.Match[str]) -> list[Digits]:
    """Thousands where a group begins with 0 or a blank does not break; else it may be a list."""
    text, value = match[0], _plain(match[0])
    first, *others = re.split(rf"[{_BLANKS}]", text)
    if " " not in text:
        return _whole(match, value)
    if not any(group[0] == "0" for group in others):
        return _pieces(match, value, pattern=r"\d+(?:\.\d+)?")
    if len(others) > 1 and _COUNTED_BEFORE.search(match.string, 0, match.start()):
        head = Digits(match.start(), match.start() + len(first), (Fraction(first),))
        start = head.end + 1
        return [head, Digits(start, match.end(), (_plain(match.string[start : match.end()]),))]
    return _whole(match, value)


def _point(match: re.Match[str]) -> list[Digits]:
    """A point before three digits marks thousands or decimals."""
    thousands, decimals = _plain(match[0].replace(".", "")), _plain(match[0])
    if decimals < 1:
        return _whole(match, decimals)
    if match[0].endswith("000") or not match[0].isascii():  # Khmer sets points between thousands
        return _whole(match, thousands, decimals)
    return _whole(match, decimals, thousands)


def _indian(match: re.Match[str]) -> list[Digits]:
    """Lakhs and crores, or a list that is printed without blanks."""
    value, parts = _plain(match[0]), [Fraction(part) for part in match[0].split(",")]
    if match[0].endswith("000"):
        return _whole(match, value)
    return _whole(match, *parts, value) if _marks(match) else _whole(match, value, *parts)


def _fraction(match: re.Match[str]) -> list[Digits]:
    """A fraction, alone or after an integer; one character stands for three in NFKC."""
    whole, share = match.groups()
    value = Fraction(unicodedata.normalize("NFKC", share).replace("\u2044", "/"))
    return _whole(match, Fraction(whole or 0) + value, kind="fraction")


def _slashed(match: re.Match[str]) -> list[Digits]:
    """A fraction; where no "of" follows, it may be a date or a place in a list."""
    above, below = Fraction(match[1]), Fraction(match[2])
    if above >= below:
        return _pieces(match)
    is_sure = re.match(r"\s+of\b", match.string[match.end() :])
    return _whole(match, above / below, *(() if is_sure else (above, below)), kind="fraction")


def _power(match: re.Match[str]) -> list[Digits]:
    value = Fraction(match[1] or 1) * 10 ** int(unicodedata.normalize("NFKC", match[2] or match[3]))
    is_sure = match[1] or match[2]
    return _whole(match, value, *(() if is_sure else (Fraction(10),)))  # or a note is marked


def _one(match: re.Match[str]) -> list[Digits]:
    return _whole(match, _plain(match[0]))


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], list[Digits]]], ...] = (
    # plain digits before a word or a full stop, which are the most: no other form begins so
    (r"\d+(?=\Z|[);:%]|[ -]?(?![Ox])[A-Za-z]|\.(?:\s|\Z)|,\s(?!000))", _one),
    # 3 x 10^6, 10⁶
    (
        r"(?:(\d+(?:\.\d+)?) ?[\u00d7x*] ?)?\b10(?:\^(\d{1,2})|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))",
        _power,
    ),
    # 2½, 2 1/2, ½
    (rf"(?:(\d{{1,3}})[ -]?)?([{_VULGAR}])", _fraction),
    (r"(\d{1,3})[ -](\d/(?:[2-9]|10))(?![\d/])", _fraction),
    (r"(?<![\w/.])(\d)/([2-9]|10)(?![\w/])", _slashed),
    # 1.234,56 and 1.234.567
    (
        r"\d{1,3}(?:(?:\.\d{3})+,\d{1,2}|(?:\.\d{3}){2,})(?!\d)",
        lambda match: _whole(match, _plain(match[0].replace(".", "").replace(",", "."))),
    ),
    (r"(?<!\d\.)\d{1,3}\.\d{3}(?!\.?\d)", _point),
    (r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)", _grouped),
    (r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)", _indian),
    (r"\d{1,3}(?:, 000)+(?:\.\d+)?(?!\d)", _one),
    (r"\d{1,3}(?:['\u2019]\d{3})+(?!\d)", _one),
    (rf"\d{{1,3}}(?:[{_BLANKS}]\d{{3}})+(?:\.\d+)?(?![\d,])", _spaced),
    # 1O, the letter in place of the zero
    (r"\d+O+(?!\w)", lambda match: _whole(match, Fraction(match[0].replace("O", "0")))),
    (r"(?<![\w.])\.\d+", _one),
    (r"(?<!\d\.)\d+\.\d+(?!\.?\d)", _one),
    # what is left: whole numbers, also the parts of 12.3.2009
    (r"\d+", _one),
)
_COMPILED = tuple((re.compile(pattern), read) for pattern, read in _FORMS)
_ANY_DIGIT = re.compile(rf"\.?\d|[{_VULGAR}]")


def digits(text: str) -> Iterator[Digits]:
    """Find the numbers that a text prints in digits.

    Examples:
        >>> [[str(r) for r in d.readings] for d in digits("R10 000 and 2½ on 12.3.2009")]
        [['10000'], ['5/2'], ['12'], ['3'], ['2009']]
    """
    position = 0
    while found := _ANY_DIGIT.search(text, position):
        for pattern, read in _COMPILED:
            match = pattern.match(text, found.start())
            if match:
                if sum(sign.isdigit() for sign in match[0]) <= _MOST_DIGITS:
                    yield from read(match)
                position = match.end()
                break
        else:  # a point that belongs to what stands before it
            position = found.start() + 1
