"""What every way of segmenting a document yields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Part(NamedTuple):
    """A passage before it has a position."""

    passage: str
    kind: str
    heading: str
    text: str


def join(lines: Iterable[str]) -> str:
    """Join lines, with white space folded."""
    return " ".join(" ".join(lines).split())
