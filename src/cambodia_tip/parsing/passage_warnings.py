"""Say where the segmenting of a document may be wrong, with one test for each symptom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median_low

from .passages import NUMBERED, Passage

_LONG_TITLE = 60
"""Words; a longer title has paragraphs in it."""
_LONG_HEADING = 12
"""Words; a longer line is not a heading."""
_LONG_PASSAGE = 10
"""Times the median."""
_LONG_LINE = 200
"""Characters; a longer line is not wrapped."""
_SHOWN = 6
"""How many words show a place."""
_OTHER_NUMBERS = re.compile(r"^(?:[\[(](\d{1,3})[\])]\.?|(\d{1,3})\)|(\d{1,3}))\s+\W?[A-Z]")
_LETTERED = re.compile(r"^(?:\(([a-z])\)|([A-Z])\.)\s")
_SENTENCE_END = re.compile(r"""[.?!:]['")\]\u2019\u201d]*$""")

Test = Callable[[list[str], list[Passage]], Iterator[str]]


def passage_warnings(text: str, division: str, passages: list[Passage]) -> list[str]:
    """Say in one line each what should be looked at in the passages of a document.

    Args:
        text: The whole plain text.
        division: How it was segmented.
        passages: What came of it.

    Examples:
        >>> from cambodia_tip.parsing.passages import divide
        >>> text = "1. First.\\n\\n2. Second.\\n\\n4. Fourth."
        >>> passage_warnings(text, "numbered", divide(text, "numbered"))
        ['line 5 begins with 4, but 3 is missing; passage 2 goes on there: 4. Fourth.']
    """
    lines = [line.strip() for line in text.splitlines()]
    tests = [*_TESTS.get(division, ()), _long_passages, _long_title]
    return [warning for test in tests for warning in test(lines, passages)]


def _place(line: str) -> str:
    words = line.split()
    text = " ".join(words[:_SHOWN]) + (" …" if len(words) > _SHOWN else "")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _printed(lines: list[str], pattern: re.Pattern[str] = NUMBERED) -> list[tuple[int, str, str]]:
    """Each line that begins with a mark: its place, counted from 1, the mark, and the line."""
    return [
        (place, next(filter(None, found.groups())), line)
        for place, line in enumerate(lines, 1)
        if (found := pattern.match(line))
    ]


def _gaps_and_repeats(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    last, gaps, repeats = 0, [], []
    for place, mark, line in _printed(lines):
        number = int(mark)
        if number == last + 1:
            last = number
        elif number <= last:
            repeats.append((place, number, line))
        else:
            gaps.append((place, number, last, line))
    for place, number, last, line in gaps[:1]:
        yield (
            f"line {place} begins with {number}, but {last + 1} is missing; passage {last} "
            f"goes on there: {_place(line)}"
        )
    for place, number, line in repeats[:1]:
        yield (
            f"line {place} begins with {number} again ({len(repeats)} lines repeat a number): "
            f"a list in a paragraph? {_place(line)}"
        )


def _close_starts(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Paragraphs without a blank line before them, where others have one, may be items of lists."""
    last, close = 0, []
    for place, mark, line in _printed(lines):
        if int(mark) == last + 1:
            last += 1
            if place > 1 and set(lines[place - 2]) - set("- "):
                close.append((place, mark, line))
    if close and len(close) < last:
        place, mark, line = close[0]
        yield (
            f"passage {mark} (line {place}) begins without a blank line before it "
            f"({len(close)} passages do): items of a list? {_place(line)}"
        )


def _numbers_in_headings(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Short lines without a full stop that stand alone: chapters are numbered, not paragraphs."""
    numbered = _printed(lines)
    alone = [
        line for place, _, line in numbered if not any(lines[place : place + 1]) and _is_short(line)
    ]
    if len(alone) > 1 and 2 * len(alone) >= len(numbered):
        yield (
            f"{len(alone)} numbers are in lines that may be headings ({_place(alone[0])}); "
            "--set division=unnumbered counts the paragraphs under them"
        )


def _unused_numbers(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Numbers, in order, that begin lines and are not the locators."""
    for pattern, what in (
        (NUMBERED, "numbers with a period"),
        (_OTHER_NUMBERS, "numbers without a period"),
        (_LETTERED, "letters"),
    ):
        found = [mark for _, mark, _ in _printed(lines, pattern)]
        if pattern is _LETTERED:
            is_rising = any(mark < after for mark, after in pairwise(found))
        else:
            found = [str(int(mark)) for mark in found]
            is_rising = any(int(mark) + 1 == int(after) for mark, after in pairwise(found))
        if is_rising:
            yield (
                f"{len(found)} lines begin with {what} ({', '.join(found[:3])} ...) "
                "that are not used as locators"
            )


def _is_short(text: str) -> bool:
    """Whether a text may be a heading: it is short and does not end as a sentence does."""
    return len(text.split()) <= _LONG_HEADING and not _SENTENCE_END.search(text)


def _headings(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    marked = [line for line in lines if re.match(r"#{1,6}\s", line)]
    short = [p.text for p in passages if p.kind == "paragraph" and _is_short(p.text)]
    found = marked or short
    if found:
        others = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield f"a heading may be in a passage: {_place(found[0])}{others}"


def _lines_as_paragraphs(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Runs of lines that each end a sentence: pages of the web are saved so."""
    blocks = [block.split("\n") for block in "\n".join(lines).split("\n\n")]
    for block in blocks:
        own = [line for line in block if line]
        ends = sum(bool(_SENTENCE_END.search(line)) for line in own)
        is_unwrapped = sum(len(line) > _LONG_LINE for line in own) > 2
        if len(own) > 2 and (ends > 0.8 * len(own) or is_unwrapped):
            yield (
                f"{len(own)} lines, most of which end a sentence, are one passage; "
                f"paragraphs of one line each? {_place(own[0])}"
            )
            return


def _long_passages(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    body = [passage for passage in passages if passage.kind == "paragraph"]
    if len(body) < 2:
        return
    median = median_low(passage.words for passage in body)
    for passage in body:
        if passage.words > max(_LONG_PASSAGE * median, 100):
            yield (
                f"passage {passage.passage} has {passage.words} words, "
                f"more than {_LONG_PASSAGE} times the median of {median}"
            )


def _long_title(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    for passage in passages:
        if passage.kind == "title" and passage.words > _LONG_TITLE:
            yield f"the title has {passage.words} words; paragraphs without a full stop are in it"


def _many_titles(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Paragraphs without a full stop count as title until one has it."""
    title = next((p.text for p in passages if p.kind == "title"), "")
    blocks = [" ".join(b.split()) for b in "\n".join(lines).split("\n\n") if b.strip()]
    count = 0
    while count < len(blocks) and title.startswith(" ".join(blocks[: count + 1])):
        count += 1
    if count > 2:
        yield f"the title is made of {count} paragraphs, as none ends with a full stop"


_TESTS: dict[str, tuple[Test, ...]] = {
    "numbered": (_gaps_and_repeats, _close_starts, _numbers_in_headings),
    "unnumbered": (_unused_numbers, _headings, _lines_as_paragraphs, _many_titles),
}
"""What to test in each division; two tests are for all."""
