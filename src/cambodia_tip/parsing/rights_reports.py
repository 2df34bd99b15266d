"""Segment a chapter of the State Department's *Country Reports on Human Rights Practices*.

The text has one heading, paragraph or list item a line. Paragraphs are counted within the printed
number and letter of their section. A line that is not a sentence is a heading.
"""

from __future__ import annotations

import re

from .parts import Part, join

_SECTION = re.compile(r"^Section (\d+)\.$")
_SUBSECTION = re.compile(r"^([a-z])\. \S")
_SENTENCE_END = re.compile(r"""[.:;!?)]["'\u201d\u2019]*$|/$""")
_SUMMARY = "EXECUTIVE SUMMARY"
_LONGEST_HEADING = 160


def is_chapter(text: str) -> bool:
    """Whether a text has the summary and the numbered sections of such a chapter.

    Examples:
        >>> is_chapter("Executive Summary\\nText.\\nSection 1.\\nLife\\nSection 2.\\nLiberty")
        True
    """
    lines = text.splitlines()
    has_summary = any(line.strip().upper() == _SUMMARY for line in lines)
    return has_summary and sum(bool(_SECTION.match(line)) for line in lines) > 1


def chapter_parts(text: str) -> list[Part]:
    """Segment the text of a chapter.

    Returns:
        The paragraphs ``0.1`` (of the executive summary), ``6.1`` (of a section without letters)
        and ``7.b.1`` and so on. The heading of a passage has those of its section, its
        subsection and the last line above it that is a heading.

    Examples:
        >>> text = "Executive Summary\\nOne.\\nSection 7.\\nWorker Rights\\nb. Child Labor\\nTwo."
        >>> [(part.passage, part.heading) for part in chapter_parts(text)]
        [('0.1', 'Executive Summary'), ('7.b.1', 'Worker Rights | b. Child Labor')]
    """
    parts: list[Part] = []
    place, headings, is_title_next = "0", ["Executive Summary"], False
    number = 0
    for line in filter(None, (join([line]) for line in text.splitlines())):
        if section := _SECTION.match(line):
            place, headings, number, is_title_next = section[1], [], 0, True
        elif is_title_next:
            headings, is_title_next = [line], False
        elif line.upper() == _SUMMARY:
            continue
        elif (letter := _SUBSECTION.match(line)) and len(line) <= _LONGEST_HEADING:
            place, number = f"{place.partition('.')[0]}.{letter[1]}", 0
            headings = [headings[0], line]
        elif len(line) <= _LONGEST_HEADING and not _SENTENCE_END.search(line):
            headings = [*headings[: 1 + ("." in place)], line]
        else:
            number += 1
            heading = " | ".join(headings)
            parts.append(Part(f"{place}.{number}", "paragraph", heading, line))
    return parts


def place_in_words(passage: str) -> str:
    """Where a passage of a chapter is.

    Examples:
        >>> place_in_words("0.2"), place_in_words("6.4"), place_in_words("7.b.1")
        ('executive summary, paragraph 2', 'section 6, paragraph 4', 'section 7.b, paragraph 1')
    """
    section, _, number = passage.rpartition(".")
    where = "executive summary" if section == "0" else f"section {section}"
    return f"{where}, paragraph {number}"
