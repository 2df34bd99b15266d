"""Tell reference marks, the numbers in parentheses after a sentence, from other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_EATEN_SPACE = re.compile(r"(?<=[a-z)])([.,])(?=[A-Z])")
_LISTED = re.compile(r"(?:^|\s{2})(\d{1,3})\.?\s+(?=\S)")
_NUMBER = r"\d{1,3}(?:\s*[-\u2010-\u2013]\s*\d{1,3})?"
MARK = re.compile(rf"(?<!\s)\s*\(\s*{_NUMBER}(?:\s*[,;]\s*{_NUMBER})*\s*\)")
_BROKEN_MARK = re.compile(r"(?<=\.)\s+\d{1,3}\)")
_LIST_ITEM = re.compile(r"(?<![.\s])\s\((\d)\)(?=\s[a-z])")


class Marks:
    """Reference marks, told from other numbers in parentheses by the highest reference."""

    def __init__(self, highest: int) -> None:
        self._highest = highest

    def _is_mark(self, text: str) -> bool:
        return max(map(int, re.findall(r"\d+", text))) <= self._highest

    def is_at_end(self, text: str) -> bool:
        """Whether a text ends in a mark."""
        return any(m.end() == len(text) and self._is_mark(m[0]) for m in MARK.finditer(text))

    def clean(self, text: str) -> str:
        """A text without its marks, and with the spaces that kerning ate.

        Numbers that count the items of a list, ``(1) ..., (2) ...``, are no marks.
        """
        items = list(_LIST_ITEM.finditer(text))
        is_list = len(items) > 1 and "123456789".startswith("".join(m[1] for m in items))
        starts = {match.start() for match in items} if is_list else set()

        def replace(match: re.Match[str]) -> str:
            if match.start() in starts or not self._is_mark(match[0]):
                return match[0]
            return " " if text[match.end() : match.end() + 1].isalnum() else ""

        text = _BROKEN_MARK.sub("", MARK.sub(replace, text))
        return _EATEN_SPACE.sub(r"\1 ", " ".join(text.split()))


def count_references(references: Iterable[str]) -> int:
    """How many references there are: how far the numbers of the list go without a gap."""
    listed = {int(number) for line in references for number in _LISTED.findall(line)}
    highest = 0
    while highest + 1 in listed:
        highest += 1
    return highest
