"""What add-source says of layouts that may be segmented wrongly, and how starts settle it."""

from __future__ import annotations

import pytest

from cambodia_tip.parsing.passage_starts import segment_at
from cambodia_tip.parsing.passage_warnings import passage_warnings
from cambodia_tip.parsing.passages import divide, guess_division

LIST = """QUAY LEGATION

1. The quay was shut.

2. The watch did this:
1. It rang a bell.
2. It shut the gate.
3. It lit a lamp.

3. The gate is open, with 12 arrests.
"""
LONG = "word " * 400 + "end."
LAYOUTS = {
    "gap": ("Head\n\n1. One.\n\n2. Two.\n\n4. Four.", "line 7 begins with 4, but 3 is missing"),
    "repeat": (LIST, "line 6 begins with 1 again (3 lines repeat a number)"),
    "list": (LIST, "passage 3 (line 8) begins without a blank line before it"),
    "long": (f"1. One.\n\n2. Two.\n\n3. {LONG}", "passage 3 has 402 words, more than 10 times"),
    "title": (f"{'word ' * 61}\n\nDone.", "the title has 61 words"),
    "titles": ("A quay\n\nBoats came\n\nThey left\n\nAll.", "the title is made of 3 paragraphs"),
    "no period": ("Court\n\n1   The boat sank.\n\n2   It rose.", "2 lines begin with numbers w"),
    "brackets": ("Court\n\n[1] The boat sank.\n\n[2] It rose.", "2 lines begin with numbers w"),
    "letters": ("Law\n\n(a) a boat floats.\n\n(b) a quay stands.", "2 lines begin with letters"),
    "marked headings": ("# Quay\n\nOne boat.\n\n## Gate\n\nShut.", "a heading may be in a passage"),
    "headings": ("Quay\n\nOne boat.\n\nThe gate\n\nShut.", "a heading may be in a"),
    "numbered headings": ("Court\n\n1. Boats\n\nOne boat came in May. It sank.\n\n2. Quays\n\n"
                          "One quay stood by it. It fell.", "2 numbers are in lines that may be"),
    "lines": ("A boat came.\nIt left.\nIt sank.", "3 lines, most of which"),
    "long lines": ("\n".join(["word " * 50] * 3) + "end.", "3 lines, most of which"),
}  # fmt: skip


def warned(text: str) -> list[str]:
    division = guess_division(text)[0]
    return passage_warnings(text, division, divide(text, division))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_doubtful_layout_is_told_in_one_line(layout: str) -> None:
    text, start = LAYOUTS[layout]
    assert any(line.startswith(start) for line in warned(text)), warned(text)
    assert all("\n" not in line for line in warned(text))


def test_a_plain_layout_is_not_doubted() -> None:
    assert warned("A quay\n\nOne boat came.\n\nIt left at\nfour. It sank.") == []
    assert warned("Head\n\n1. One.\n\nA heading\n---------\n2. Two.\n\n3. Three, in\n2. May.") != []
    assert warned("Head\n\n1. One.\n\nA heading\n---------\n2. Two.\n\n3. Three.") == []


def test_the_documents_are_not_doubted(sources: dict[str, str]) -> None:
    texts = {n: text for n, text in sources.items() if not n.startswith(("factbook", "untc"))}
    assert {name: warned(text) for name, text in texts.items()} == {name: [] for name in texts}


def test_starts_settle_a_list_in_a_paragraph() -> None:
    found = segment_at(LIST, "1. The quay\n\n# Steps\n2. The watch\n3. The gate\n")
    assert [(p.passage, p.position, p.kind, p.heading, p.text) for p in found] == [
        ("header", 1, "header", "", "QUAY LEGATION"),
        ("1", 2, "paragraph", "", "1. The quay was shut."),
        ("2", 3, "paragraph", "Steps",
         "2. The watch did this: 1. It rang a bell. 2. It shut the gate. 3. It lit a lamp."),
        ("3", 4, "paragraph", "Steps", "3. The gate is open, with 12 arrests."),
    ]  # fmt: skip


def test_starts_without_numbers_are_counted_and_headings_drop_out() -> None:
    text = "Quay\nA boat came.\nIt left.\nThe gate\nIt is\nshut."
    found = segment_at(text, "A boat\nIt left\n# The gate\nIt is shut")
    assert [(p.passage, p.heading, p.text) for p in found] == [
        ("title", "", "Quay"),
        ("1", "", "A boat came."),
        ("2", "", "It left."),
        ("3", "The gate", "It is shut."),
    ]


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        ("1. The quay\n2. The boat", "no passage begins with '2. The boat'"),
        ("3. The gate\n1. The quay", "no passage begins with '1. The quay'"),
        ("1. The quay\n1. It rang", "two passages have the number 1"),
        ("quay was", "no passage begins with 'quay was'"),
        ("# Steps\n", "no line says where"),
    ],
)
def test_starts_that_do_not_fit_are_told(starts: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        segment_at(LIST, starts)
