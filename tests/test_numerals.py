"""Numbers in digits and words, with num2words as the other opinion."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from num2words import num2words

from cambodia_tip.parsing.numerals import means, numerals, prints


@pytest.mark.parametrize("start", range(0, 3000, 500))
def test_reads_what_num2words_writes(start: int) -> None:
    for number in [*range(start, start + 500), start * 977 + 31, start * 10**6 + 12]:
        for text in (num2words(number), f"{number:,}", str(number)):
            assert [n.readings[0] for n in numerals(text)] == [number], text


@pytest.mark.parametrize("number", range(1, 100))
def test_reads_ordinals(number: int) -> None:
    for text in (num2words(number, to="ordinal"), num2words(number, to="ordinal_num")):
        assert [(n.kind, n.readings) for n in numerals(text)] == [("ordinal", (number,))]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4.9 billion riels", [4_900_000_000]),
        ("$1.2 million", [1_200_000]),
        ("1,009 offenders", [1009]),
        ("two-thirds of the traffickers", [Fraction(2, 3)]),
        ("one-third", [Fraction(1, 3)]),
        ("three quarters", [Fraction(3, 4)]),
        ("half", [Fraction(1, 2)]),
        ("one each from", [1]),
        ("between five-ten women", [5, 10]),
        ("a 5-10 year prison sentence", [1, 5, 10]),
        ("31-60 days", [31, 60]),
        ("from 2000-2004", [2000, 2004]),
        ("one-day module", [1]),
        ("two-week course", [2]),
        ("six out of nine", [6, 9]),
        ("a dozen", [12]),
        ("both", [2]),
        ("is doubled", [2]),
        ("a single case", [1]),
        ("no known cases", [0]),
        ("did not field any complaints", [0]),
        ("did not investigate, prosecute, or convict any", [0]),
        ("a hundred", [100]),
        ("one hundred and five persons", [105]),
        ("twenty-first", [21]),
        ("thousands of men", []),
        ("the 21st day", [21]),
        ("Anyone, someone and none-the-less", [0]),
        ("often, tenor and second-hand", [2]),
        ("", []),
    ],
)
def test_reads_numbers_in_prose(text: str, values: list[int]) -> None:
    assert [n.readings[0] for n in numerals(text)] == values


def test_a_scale_reaches_back_to_the_number_before() -> None:
    assert [n.readings for n in numerals("three and ten million riels")] == [
        (3, 3_000_000),
        (10_000_000,),
    ]


@pytest.mark.parametrize(
    ("text", "number", "answer"),
    [
        ("another Japanese national", 1, True),
        ("a firm", 1, True),
        ("firms", 1, False),
        ("not all of them, nor many", 0, True),
        ("It did not. Any other", 0, False),
        ("382 victims", 38, False),
        ("at least 129", 29, False),
        ("It closed one. Third, it opened nothing", 1, True),
        ("It closed one. Third, it opened nothing", 3, True),
    ],
)
def test_prints(text: str, number: int, answer: bool) -> None:
    assert prints(text, number) is answer


def test_a_full_stop_ends_a_number() -> None:
    found = numerals("The court convicted one. Half of the accused fled; five; thirds of them")
    assert [(n.text, n.kind) for n in found] == [
        ("one", "cardinal"),
        ("Half", "fraction"),
        ("five", "cardinal"),
    ]
    assert [(n.text, n.kind) for n in numerals("in ward A. Million was the sum")] == [
        ("A", "article"),
        ("Million", "cardinal"),
    ]


def test_offsets_point_at_the_words() -> None:
    text = "police raided nine brothels and arrested twenty-one"
    assert [text[n.start : n.end] for n in numerals(text)] == ["nine", "twenty-one"]


def test_the_quick_ways_to_read_a_number_come_to_the_same() -> None:
    """Digits are looked up and other words left out; that must not change what is printed."""
    words = (
        "six twenty-one Twenty one 5 12 1,200 3.5 12th $5 (12) 1,200,000 million thousand hundred "
        "and of to - , . police five halves quarters thirds two third not any no first both x "
        "a half dozen 1/2 ½ 10 000 1.200 m bn k between only nineteen ninety-six II Phase IV ' ^ ⁶"
    ).split()
    draw = random.Random(7)
    for _ in range(1000):
        text = "".join(draw.choice(words) + draw.choice([" ", " ", "", "-"]) for _ in range(6))
        for number in (0, 1, 2, 5, 6, 12, 21, 0.5, 3.5, 100, 1200, 1_200_000, 5_000_000):
            in_full = any(means(numeral, number) for numeral in numerals(text))
            assert prints(text, number) == in_full, (text, number)
