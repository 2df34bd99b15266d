"""Segment a document where a contributor says that passages begin."""

from __future__ import annotations

import re

from .parts import Part, join
from .passages import Passage, make_passages

_PRINTED_NUMBER = re.compile(r"[\[(]?(\d{1,3})(?:[.\])]+|\s)\s*")


def segment_at(text: str, starts: str) -> list[Passage]:
    """Segment a text into passages that begin with given words.

    Args:
        text: The whole plain text.
        starts: The first words of each passage, one passage a line, in the
            order of the text. A line that begins with ``#`` has the heading
            of the passages after it. Empty lines count nothing.

    Returns:
        All passages in the order of the text. If each line begins with a
        number, these numbers are the locators; otherwise the passages are
        counted. What stands before the first is the header or the title.

    Raises:
        ValueError: If no passage begins with the words of a line, or two
            passages have the same number.

    Examples:
        >>> text = "Steps\\n1. Do this:\\n1. Ask.\\n2. Act.\\n2. Rest."
        >>> [(p.passage, p.text) for p in segment_at(text, "1. Do\\n2. Rest")]
        [('header', 'Steps'), ('1', '1. Do this: 1. Ask. 2. Act.'), ('2', '2. Rest.')]
    """
    heading, end = "", 0
    cuts, headings, numbers = [0], [""], [""]
    for line in filter(None, map(str.strip, starts.splitlines())):
        if line.startswith("#"):
            heading = line.lstrip("# ")
            continue
        words = r"\s+".join(map(re.escape, line.split()))
        found = re.compile(rf"^[ \t]*\u00b6?\s*{words}(?!\w)", re.M).search(text, end)
        if not found:
            raise ValueError(f"no passage begins with {line!r} after the one before it")
        end = found.end()
        cuts.append(found.start())
        headings.append(heading)
        number = _PRINTED_NUMBER.match(line)
        numbers.append(number[1] if number else "")
    if len(cuts) == 1:
        raise ValueError("no line says where a passage begins")
    first = "header" if all(numbers[1:]) else "title"
    numbers = [first, *(numbers[1:] if first == "header" else map(str, range(1, len(cuts))))]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice:
        raise ValueError(f"two passages have the number {twice}")
    ends = zip([*cuts[1:], len(text)], [*headings[1:], ""], strict=True)
    bodies = [
        join([_without_heading(text[start:end], following)])
        for start, (end, following) in zip(cuts, ends, strict=True)
    ]
    kinds = [first, *["paragraph"] * (len(cuts) - 1)]
    return make_passages(map(Part, numbers, kinds, headings, bodies))


def _without_heading(body: str, heading: str) -> str:
    """A passage without the heading of the next one at its end."""
    words = r"\s+".join(map(re.escape, heading.split()))
    return re.sub(rf"\n[#\s]*{words}[-\s]*$", "", body) if words else body
