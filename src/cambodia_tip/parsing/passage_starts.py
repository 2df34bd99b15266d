"""Segment a document where a contributor says that passages begin."""

from __future__ import annotations

import re

from .passages import Passage

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
    heading, begun, cuts = "", 0, [0]
    headings, numbers = [""], [""]
    for line in filter(None, map(str.strip, starts.splitlines())):
        if line.startswith("#"):
            heading = line.lstrip("# ")
            continue
        words = r"\s+".join(map(re.escape, line.split()))
        found = re.compile(rf"^[ \t]*\u00b6?\s*{words}(?!\w)", re.M).search(text, begun)
        if not found:
            raise ValueError(f"no passage begins with {line!r} after the one before it")
        begun = found.end()
        cuts.append(found.start())
        headings.append(heading)
        number = _PRINTED_NUMBER.match(line)
        numbers.append(number[1] if number else "")
    if len(cuts) == 1:
        raise ValueError("no line says where a passage begins")
    numbers[0] = "header" if all(numbers[1:]) else "title"
    if numbers[0] == "title":
        numbers[1:] = [str(number) for number in range(1, len(cuts))]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice:
        raise ValueError(f"two passages have the number {twice}")
    bodies = [
        " ".join(_without_heading(text[start:end], following).split())
        for start, end, following in zip(
            cuts, [*cuts[1:], len(text)], [*headings[1:], ""], strict=True
        )
    ]
    kinds = [numbers[0], *["paragraph"] * (len(cuts) - 1)]
    rows = [row for row in zip(numbers, kinds, headings, bodies, strict=True) if row[3]]
    return [Passage(row[0], position, *row[1:]) for position, row in enumerate(rows, 1)]


def _without_heading(body: str, heading: str) -> str:
    """A passage without the heading of the next one at its end."""
    words = r"\s+".join(map(re.escape, heading.split()))
    return re.sub(rf"\n[#\s]*{words}[-\s]*$", "", body) if words else body
