"""Division into passages, on small documents of each layout."""

from __future__ import annotations

import pytest

from cambodia_tip.parsing.passages import divide, fold

NUMBERED = """08TOWN123
SUBJECT: A JOURNEY
REF: A. TOWN 1
     ¶B. TOWN 2

¶1.  (U) Summary:  A team of
three. End Summary.

Harbour
-------

¶2.  (U) It ended in

TOWN 00000123  001.2 OF 003


2005. 3. It was late.

Comment
-------

¶3.  (U) Well done.
SENDER
"""

QUESTIONS = """Identifier
SUBJECT: ANSWERS

First topic
-------- -

2A. Is there one?
If so, what are

TOWN 00000123  002 OF 003

its 2 names?

There is. The north, the south and

The east have one each.

There is another.

Second topic
---------

2B. Is there more? (Please explain.)

No.

SENDER
"""


def test_numbered_paragraphs_span_page_breaks() -> None:
    passages = divide(NUMBERED, "numbered")
    assert [(p.passage, p.kind, p.heading) for p in passages] == [
        ("header", "header", ""),
        ("1", "paragraph", ""),
        ("2", "paragraph", "Harbour"),
        ("3", "paragraph", "Comment"),
        ("page-markers", "page_marker", ""),
    ]
    assert passages[2].text == "¶2. (U) It ended in 2005. 3. It was late."
    assert passages[3].text == "¶3. (U) Well done."


def test_questions_and_their_answers() -> None:
    passages = divide(QUESTIONS, "questions")
    assert [(p.passage, p.kind, p.heading) for p in passages] == [
        ("header", "header", ""),
        ("2A", "question", "First topic"),
        ("2A.1", "paragraph", "First topic"),
        ("2A.2", "paragraph", "First topic"),
        ("2B", "question", "Second topic"),
        ("2B.1", "paragraph", "Second topic"),
        ("page-markers", "page_marker", ""),
    ]
    assert passages[1].text == "2A. Is there one? If so, what are its 2 names?"
    assert passages[2].text == "There is. The north, the south and The east have one each."


def test_a_question_ends_what_stands_before_it() -> None:
    text = "SUBJECT: ANSWERS\n\n1A. Is there one?\n\nThere is one and\n\n1B. More?\n\nNo.\n"
    assert [(p.passage, p.text) for p in divide(text, "questions")] == [
        ("header", "SUBJECT: ANSWERS"),
        ("1A", "1A. Is there one?"),
        ("1A.1", "There is one and"),
        ("1B", "1B. More?"),
        ("1B.1", "No."),
    ]


def test_a_question_that_is_there_twice_is_one_place() -> None:
    text = "SUBJECT: ANSWERS\n\n1A. What?\n\nIt is.\n\n1A. Again?\n\nYes.\n\n1B. More?\n\nNo.\n"
    assert [(p.passage, p.text) for p in divide(text, "questions")] == [
        ("header", "SUBJECT: ANSWERS"),
        ("1A", "1A. What?"),
        ("1A.1", "It is."),
        ("1A.2", "1A. Again?"),
        ("1A.3", "Yes."),
        ("1B", "1B. More?"),
        ("1B.1", "No."),
    ]


def test_unnumbered_paragraphs_are_counted() -> None:
    text = "A title\n\nPlace (Tier 2)\n\nFirst.\n\n\nSecond one.\n\nAn office\n"
    assert [(p.passage, p.kind, p.text) for p in divide(text, "unnumbered")] == [
        ("title", "title", "A title Place (Tier 2)"),
        ("1", "paragraph", "First."),
        ("2", "paragraph", "Second one."),
        ("footer", "footer", "An office"),
    ]


def test_unnumbered_paragraphs_may_be_wrapped() -> None:
    passages = divide("A title\n\nFirst line\nand second.\n \n\nNext one.\n", "unnumbered")
    assert [p.text for p in passages] == ["A title", "First line and second.", "Next one."]


@pytest.mark.parametrize("division", ["numbered", "questions", "unnumbered"])
def test_another_copy_gives_the_same_hashes(division: str) -> None:
    text = {"numbered": NUMBERED, "questions": QUESTIONS}.get(division, "Title\n\nIt's - one.\n")
    other = (
        text.replace("'", "\u2019").replace(" - ", " — ").replace("\n", "  \r\n").replace("¶", "")
    )
    first = [(p.passage, p.text_hash) for p in divide(text, division)]
    assert [(p.passage, p.text_hash) for p in divide(other, division)] == first


@pytest.mark.parametrize("division", ["numbered", "questions", "unnumbered"])
@pytest.mark.parametrize("text", ["", "\n\n", "one line", "SENDER", "¶2. out of order\n"])
def test_odd_documents_divide(text: str, division: str) -> None:
    words = " ".join(p.text for p in divide(text, division))
    assert words in (" ".join(text.split()), "")


def test_unknown_division() -> None:
    with pytest.raises(ValueError, match="none of: numbered, questions, unnumbered"):
        divide("text", "chapters")


def test_fold_mends_words_broken_after_a_hyphen() -> None:
    assert (
        fold("anti- \ntrafficking —  the \u201claw\u2019s\u201d") == 'anti-trafficking-the "law\'s"'
    )
