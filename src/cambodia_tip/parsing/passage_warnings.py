"""Say where the segmenting of a document may be wrong, with one test for each symptom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from .passages import Passage

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
_NUMBERED = re.compile(r"^\u00b6?\s*(\d{1,3})\.\s")
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


def _printed(lines: list[str], pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Each line that begins with a number, and the number; lines are counted from 1."""
    return [
        (place, int(next(filter(None, found.groups()))))
        for place, line in enumerate(lines, 1)
        if (found := pattern.match(line))
    ]


def _gaps_and_repeats(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    last, repeats = 0, []
    is_gap_told = False
    for place, number in _printed(lines, _NUMBERED):
        if number == last + 1:
            last = number
        elif number <= last:
            repeats.append((place, number))
        elif not is_gap_told:
            is_gap_told = True
            yield (
                f"line {place} begins with {number}, but {last + 1} is missing; passage {last} "
                f"goes on there: {_place(lines[place - 1])}"
            )
    if repeats:
        place, number = repeats[0]
        yield (
            f"line {place} begins with {number} again ({len(repeats)} lines repeat a number): "
            f"a list in a paragraph? {_place(lines[place - 1])}"
        )


def _close_starts(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Paragraphs without a blank line before them, where others have one, may be items of lists."""
    last, close, spaced = 0, [], 0
    for place, number in _printed(lines, _NUMBERED):
        if number == last + 1:
            last = number
            if place == 1 or not lines[place - 2] or set(lines[place - 2]) <= set("- "):
                spaced += 1
            else:
                close.append(place)
    if close and spaced:
        yield (
            f"passage {_NUMBERED.match(lines[close[0] - 1])[1]} (line {close[0]}) "  # type: ignore[index]
            f"begins without a blank line before it ({len(close)} passages do): "
            f"items of a list? {_place(lines[close[0] - 1])}"
        )


def _numbers_in_headings(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Short lines without a full stop that stand alone: chapters are numbered, not paragraphs."""
    numbered = _printed(lines, _NUMBERED)
    alone = [
        lines[place - 1]
        for place, _ in numbered
        if not any(lines[place : place + 1])
        and len(lines[place - 1].split()) <= _LONG_HEADING
        and not _SENTENCE_END.search(lines[place - 1])
    ]
    if len(alone) > 1 and 2 * len(alone) >= len(numbered):
        yield (
            f"{len(alone)} numbers are in lines that may be headings ({_place(alone[0])}); "
            "--set division=unnumbered counts the paragraphs under them"
        )


def _unused_numbers(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    """Numbers, in order, that begin lines and are not the locators."""
    for pattern, what in (
        (_NUMBERED, "numbers with a period"),
        (_OTHER_NUMBERS, "numbers without a period"),
        (_LETTERED, "letters"),
    ):
        if pattern is _LETTERED:
            found = [m[1] or m[2] for line in lines if (m := pattern.match(line))]
            is_rising = any(mark < after for mark, after in pairwise(found))
        else:
            found = [str(number) for _, number in _printed(lines, pattern)]
            is_rising = any(int(mark) + 1 == int(after) for mark, after in pairwise(found))
        if is_rising:
            yield (
                f"{len(found)} lines begin with {what} ({', '.join(found[:3])} ...) "
                "that are not used as locators"
            )


def _headings(lines: list[str], passages: list[Passage]) -> Iterator[str]:
    marked = [line for line in lines if re.match(r"#{1,6}\s", line)]
    short = [
        passage.text
        for passage in passages
        if passage.kind == "paragraph"
        and passage.words <= _LONG_HEADING
        and not _SENTENCE_END.search(passage.text)
    ]
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
    median = sorted(passage.words for passage in body)[(len(body) - 1) // 2]
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
