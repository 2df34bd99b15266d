"""Find the words by which a text may name a code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .passages import fold


def words_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of these words in a folded text, not inside other words.

    A star at the end stands for the rest of a word. Words with a capital
    letter must be printed with it; others may begin a sentence.

    Examples:
        >>> pattern = words_pattern(["arrest*", "U.S.", "men"])
        >>> [bool(pattern.search(t)) for t in ("Arrested", "for U.S. courts", "us", "women")]
        [True, True, False, False]
    """
    return re.compile("|".join(map(_one, words)) or "(?!)")


def _one(words: str) -> str:
    text = fold(words)
    stem = re.escape(text.removesuffix("*"))
    before = r"(?<!\w)" if text[:1].isalnum() else ""
    after = r"\w*" if text.endswith("*") else r"(?!\w)" if text[-1:].isalnum() else ""
    form = f"{before}{stem}{after}"
    return form if text != text.lower() else f"(?i:{form})"


def stems(text: str) -> set[str]:
    """The beginnings of the words of a text that tell something.

    Examples:
        >>> sorted(stems("Courts convicted 12 of them after trials"))
        ['12', 'convi', 'court', 'trial']
    """
    words = map(str.lower, _WORD.findall(text))
    return {word[:5] for word in words if word not in _SAY_NOTHING}


_WORD = re.compile(r"[A-Za-z]{4,}|\b[A-Z]{2,}\b|\d+")
_SAY_NOTHING = frozenset(
    "about after against also among been before between from have into more most only other "
    "some such than that their them there these they this under were what when where which "
    "with".split()
)
