"""The forms in which documents print numbers; values are what a careful reader sees."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from cambodia_tip.parsing.numerals import numerals, prints

SURE: list[tuple[str, list[object]]] = [
    # blanks and other signs between thousands
    ("a fine of R10 000.00 each", [10000]),
    ("paid 40 000 riels", [40000]),
    ("some 1 250 000 persons", [1250000]),
    ("6\u00a0423 files", [6423]),
    ("6\u2009423 and 7\u202f100 files", [6423, 7100]),
    ("from 30 000 to 40 000", [30000, 40000]),
    ("On 12 March 2009 300 000 riels were paid", [12, 2009, 300000]),
    ("under Article 12 100 000 riels", [12, 100000]),
    ("2, 000 riels", [2000]),
    ("1'000'000 dong", [1000000]),
    ("1,25,000 rupees", [125000]),
    ("1.234,56 euros", ["1234.56"]),
    ("1.234.567 persons", [1234567]),
    ("US$10,000 and USD15 million", [10000, 15000000]),
    ("Articles 103,104", [103, 104]),
    ("in 2013,102 girls came", [2013, 102]),
    # short and other scales
    ("$1.2bn was spent", [1200000000]),
    ("$1.2m was spent", [1200000]),
    ("1.2m dollars", [1200000]),
    ("5k riels", [5000]),
    ("USD 300K", [300000]),
    ("3.5 mn riels", [3500000]),
    ("1.5 lakh", [150000]),
    ("2 crore", [20000000]),
    ("two trillion riel", [2 * 10**12]),
    ("1 million 200 thousand", [1200000]),
    ("between 3 and 5 million", [3000000, 5000000]),
    ("twelve hundred girls", [1200]),
    ("three hundred thousand", [300000]),
    ("per thousand births", [1000]),
    ("several hundred women", []),
    ("a few thousand men", []),
    ("a multi-million business", []),
    ("hundreds of thousands", []),
    ("a 2-million-riel fine", [2000000]),
    ("2,400 km of border", [2400]),
    # halves and fractions
    ("½ of the victims", ["1/2"]),
    ("2½ years", ["5/2"]),
    ("1 1/2 years", ["3/2"]),
    ("1/3 of the victims", ["1/3"]),
    ("five and a half years", ["11/2"]),
    ("three-and-a-half years", ["7/2"]),
    ("two and three-quarters", ["11/4"]),
    ("one and a half million", [1500000]),
    ("a million and a half", [1500000]),
    ("half a million", [500000]),
    ("a half million", [500000]),
    ("a quarter of a million", [250000]),
    ("three quarters of a million", [750000]),
    ("police arrested five and a quarter of them fled", [5, "1/4"]),
    ("a third of the girls", ["1/3"]),
    ("an eighth of the cost", ["1/8"]),
    ("the first quarter of 2009", [1, 2009]),
    ("in the second half of 2009", [2, 2009]),
    (".5 percent", ["1/2"]),
    ("profits were halved", ["1/2"]),
    # dozens and multiples
    ("a dozen girls", [12]),
    ("two dozen girls", [24]),
    ("half a dozen girls", [6]),
    ("two and a half dozen", [30]),
    ("several dozen girls", []),
    ("dozens of girls", []),
    ("a score of girls", [20]),
    ("a threefold rise", [3]),
    ("a 10-fold rise", [10]),
    ("rose thrice, then quadrupled", [3, 4]),
    ("a trio, a quartet and the duo", [3, 4, 2]),
    ("the sole conviction", [1]),
    ("one single case", [1]),
    # dates, labels and numbers of things
    ("on 12.3.2009", [12, 3, 2009]),
    ("on 13.3.78", [13, 3, 78]),
    ("in nineteen ninety-six", [1996]),
    ("twenty ten", [2010]),
    ("twenty twelve-year-old girls", [20, 12]),
    ("Phase II and Chapter IV", [2, 4]),
    ("Annex C, Part I", [1]),
    ("the program SAMKHYA III", [3]),
    ("Prakas No. 106", [106]),
    ("Articles 8, 10-12, and 15-20", [8, 10, 12, 15, 20]),
    ("C. 138, Minimum Age", [138]),
    ("2014\u20132018", [2014, 2018]),
    ("4,000-6,000", [4000, 6000]),
    ("1,309 N/A Unknown 0 (2)", [1309, 0, 2]),
    ("age 15 and the 21st", [15, 21]),
    ("in 2000 twenty girls", [2000, 20]),
    ("3 x 10^6 units", [3000000]),
    ("1O cases", [10]),
    ("ninty girls", [90]),
    ("១២ នាក់", [12]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "values"), SURE)
def test_reads_each_form(text: str, values: list[str | int]) -> None:
    found = [n for n in numerals(text) if n.kind not in ("article", "negation")]
    assert [n.readings for n in found] == [(Fraction(value),) for value in values]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12 250 girls", [[12, 12250], [250, 12250]]),
        ("at 2/3", [["2/3", 2, 3]]),
        ("10.000 euros", [[10000, 10]]),
        ("3.125 of them", [["3.125", 3125]]),
        ("១.២០០", [[1200, "1.2"]]),
        ("1.2m wide", [[1200000, "1.2"]]),
        ("5 m deep", [[5, 5000000]]),
        ("10⁶", [[1000000, 10]]),
        ("-5 degrees", [[-5, 5]]),
        ("a third suspect", [[3, "1/3"]]),
        ("by an eighth", [["1/8", 8]]),
        ("$3 to $5 million", [[3000000, 3], [5000000]]),
        ("three and ten million", [[3, 3000000], [10000000]]),
        ("work.(14,103) Next", [[14103, 14, 103]]),
        ("care. (37,69,104)", [[37, 69, 104, 3769104]]),
        ("1,25,103", [[125103, 1, 25, 103]]),
    ],
)
def test_what_cannot_be_decided_has_every_reading(text: str, readings: list[list[object]]) -> None:
    found = [n for n in numerals(text) if n.kind != "article"]
    assert [list(n.readings) for n in found] == [
        [Fraction(str(value)) for value in values] for values in readings
    ]


@pytest.mark.parametrize(
    ("text", "number", "answer"),
    [
        ("R10 000.00 a month", 10000, True),
        ("R10 000.00 a month", 10, False),
        ("R10 000.00 a month", 0, False),
        ("1.2m dollars", 1200000, True),
        ("1.2m dollars", 1.2, False),
        ("two dozen girls", 24, True),
        ("two dozen girls", 12, False),
        ("between 3 and 5 million", 3, False),
        (".5 percent", 5, False),
        ("No. 12", 0, False),
        ("no more than 5", 0, False),
        ("nil cases", 0, True),
        ("nobody was tried", 0, True),
        ("no one was tried", 0, True),
        ("no one was tried", 1, False),
        ("not a single case", 0, True),
        ("not a single case", 1, False),
        ("not one hundred", 100, True),
        ("no one-day course", 1, True),
        ("the only conviction", 1, True),
        ("the only 3 convictions", 1, False),
        ("a few girls", 1, False),
        ("two-thirds of them", 0.67, True),
        ("two-thirds of them", 1, False),
        ("half of them", 0, False),
    ],
)
def test_prints_each_form(text: str, number: float, answer: bool) -> None:
    assert prints(text, number) is answer


@pytest.mark.parametrize("blank", [",", "'", "\u00a0", "\u2009", "\u202f"])
def test_any_separator_of_thousands_gives_the_number(blank: str) -> None:
    draw = random.Random(5)
    for _ in range(300):
        number = draw.randrange(1000, 10**9)
        text = f"about {number:,} girls".replace(",", blank)
        assert [n.readings for n in numerals(text)] == [(number,)], text


def test_a_blank_between_thousands_never_hides_the_number() -> None:
    draw = random.Random(6)
    for _ in range(300):
        number = draw.randrange(1000, 10**9)
        assert prints(f"about {number:,} girls".replace(",", " "), number), number


def test_any_text_is_read_to_its_end_with_its_offsets() -> None:
    parts = (
        "a an no not one the only half quarter third dozen hundred thousand million bn m k 5 000 "
        "1.5 1/2 ½ 10⁶ - \u2013 . , / ' ^ II X and of to between single score No. 12.3.2009 fold "
        "twenty"
    ).split()
    draw = random.Random(8)
    for _ in range(3000):
        text = "".join(draw.choice(parts) + draw.choice([" ", "", "-"]) for _ in range(8))
        for numeral in numerals(text):
            assert text[numeral.start : numeral.end] == numeral.text
            assert numeral.readings
