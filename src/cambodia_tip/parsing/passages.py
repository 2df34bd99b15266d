"""Segment a document into the passages that the tables cite.

The division is the same on every machine and for every copy of a document, so
that ``(source_id, passage)`` means one paragraph and nothing else. It works on
plain text only; the texts themselves are never part of the package.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import labor_chapters, rights_reports
from .parts import Part, join

_PAGE_MARKER = re.compile(r"^[A-Z][A-Z ]+ \d{8}\s+\d{3}(?:\.\d+)? OF \d{3}$")
_UNDERLINE = re.compile(r"^-{3,}[- ]*$")
NUMBERED = re.compile(r"^¶?\s*(\d{1,3})\.\s")
_QUESTION = re.compile(r"^(\d[A-Z])\.\s")
_SIGNATURE = re.compile(r"^[A-Z][A-Z .'-]*$")
_SENTENCE_END = re.compile(r"""[.?!:]['")\]]*$""")

_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u00b6", "''\"\" ")
_DASHES = re.compile(r" ?(?:[-\u2010-\u2015\u2212] ?)+")


@dataclass(frozen=True)
class Passage:
    """One passage of a document.

    Attributes:
        passage: Its locator, unique in the document: ``7``, ``3F.2``, ``title``.
        position: Its place in the document, counted from 1.
        kind: ``header``, ``title``, ``question``, ``paragraph``, ``table_row``,
            ``footer`` or ``page_marker``.
        heading: The printed heading that it stands under; empty where there is none.
        text: Its words, with white space folded.
    """

    passage: str
    position: int
    kind: str
    heading: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def text_hash(self) -> str:
        """The first 8 hexadecimal digits of the SHA-256 of its text after :func:`fold`."""
        return hashlib.sha256(fold(self.text).encode()).hexdigest()[:8]


def fold(text: str) -> str:
    """Fold what may differ between two copies of one text.

    White space becomes single blanks, quotation marks become straight,
    pilcrows go, and a run of dashes becomes one hyphen without blanks around
    it, which also joins a word that was broken after its hyphen. Letters and
    their accents become one sign (Unicode NFC).

    Examples:
        >>> fold("“anti-\\n trafficking”  efforts — and  more")
        '"anti-trafficking" efforts-and more'
    """
    composed = unicodedata.normalize("NFC", text)
    return _DASHES.sub("-", " ".join(composed.translate(_STRAIGHT).split()))


def divide(text: str, division: str) -> list[Passage]:
    """Segment the text of a document into passages.

    Args:
        text: The whole plain text.
        division: How the document is laid out: ``numbered`` (paragraphs carry
            numbers), ``questions`` (a questionnaire: ``3F`` is the question,
            ``3F.1`` the first paragraph of its answer), ``unnumbered`` (paragraphs
            are counted), ``labor_chapter`` (a chapter of the Department of
            Labor: sections, paragraphs and rows of tables are counted) or ``rights_report``
            (a chapter of the human rights reports: paragraphs are counted in their section)
            or ``lines`` (each line is a passage).

    Returns:
        All passages in the order of the text. Headings are an attribute of
        the passages under them, page markers that interrupt the text stand
        together at the end, and the sender's name at the foot of a cable is
        in none.

    Raises:
        ValueError: If `division` is none of these.

    Examples:
        >>> [p.passage for p in divide("A title\\n\\nFirst text.\\n\\nSecond text.", "unnumbered")]
        ['title', '1', '2']
    """
    if division in _CHAPTERS:
        return make_passages(_CHAPTERS[division].chapter_parts(text))
    if division not in _BY_LINES:
        known = ", ".join([*_BY_LINES, *_CHAPTERS])
        raise ValueError(f"division {division!r} is none of: {known}")
    lines = [line.strip() for line in text.splitlines()]
    markers = list(filter(_PAGE_MARKER.match, lines))
    parts = _BY_LINES[division]([line for line in lines if not _PAGE_MARKER.match(line)])
    return make_passages([*parts, Part("page-markers", "page_marker", "", join(markers))])


def make_passages(parts: Iterable[Part]) -> list[Passage]:
    """Passages with their positions, of parts in the order of the text; empty parts are none."""
    filled = (part for part in parts if part.text)
    return [Passage(part.passage, at, *part[1:]) for at, part in enumerate(filled, 1)]


def guess_division(text: str) -> tuple[str, dict[str, int]]:
    """Tell how a document is laid out from its marks.

    Returns:
        ``labor_chapter`` or ``rights_report`` for a text with the sections of such a chapter, or
        the division whose printed numbers or questions lead at least half of the
        words, or ``unnumbered``; and for each division that was tried, how many
        paragraphs and questions it finds.

    Examples:
        >>> guess_division("A title\\n\\n1. First text.\\n\\n2. Second text.")
        ('numbered', {'numbered': 2, 'questions': 0, 'unnumbered': 2})
    """
    tried = [name for name, chapter in _CHAPTERS.items() if chapter.is_chapter(text)][:1]
    found = {
        division: [p for p in divide(text, division) if p.kind in ("paragraph", "question")]
        for division in tried or ("numbered", "questions", "unnumbered")
    }
    counts = {division: len(body) for division, body in found.items()}
    if tried:
        return tried[0], counts
    words = {name: sum(p.words for p in found[name]) for name in ("numbered", "questions")}
    best = max(words, key=lambda division: words[division])
    is_marked = counts[best] > 1 and 2 * words[best] >= len(text.split())
    return best if is_marked else "unnumbered", counts


def _under_headings(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with the heading above it; headings and their underlines drop out.

    A blank line takes the place of a heading, so that it always ends a paragraph.
    """
    heading = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if _UNDERLINE.match(line):
            continue
        if line and _UNDERLINE.match(following):
            heading, line = line, ""
        yield heading, line


def _paragraphs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (heading, text) for each run of lines between blank lines.

    Text that stops in mid-sentence goes on in the next run: a page break fell into it.
    A question ends what stands before it in any case.
    """
    heading, text = "", ""
    for current, line in [*_under_headings(lines), ("", "")]:
        if text and _QUESTION.match(line):
            yield heading, text
            text = ""
        if line:
            heading = heading if text else current
            text = f"{text} {line}".strip()
        elif text and (_SENTENCE_END.search(text) or current != heading):
            yield heading, text
            text = ""
    if text:
        yield heading, text


def _without_signature(lines: list[str]) -> list[str]:
    last = max((place for place, line in enumerate(lines, 1) if line), default=0)
    return lines[: last - 1] if last and _SIGNATURE.match(lines[last - 1]) else lines[:last]


def _numbered(lines: list[str]) -> list[Part]:
    number = 0
    bodies: list[tuple[str, list[str]]] = [("", [])]
    for heading, line in _under_headings(_without_signature(lines)):
        start = NUMBERED.match(line)
        if start and int(start[1]) == number + 1:
            number += 1
            bodies.append((heading, []))
        if line:
            bodies[-1][1].append(line)
    header, *paragraphs = [(heading, join(body)) for heading, body in bodies]
    return [
        Part("header", "header", "", header[1]),
        *(Part(str(n), "paragraph", *body) for n, body in enumerate(paragraphs, 1)),
    ]


def _questions(lines: list[str]) -> list[Part]:
    header: list[str] = []
    parts: list[Part] = []
    asked: set[str] = set()
    question, answers = "", 0
    for heading, text in _paragraphs(_without_signature(lines)):
        start = _QUESTION.match(text)
        if start and start[1] not in asked:  # what repeats a number is text of the answer
            question, answers = start[1], 0
            asked.add(question)
            parts.append(Part(question, "question", heading, text))
        elif question:
            answers += 1
            parts.append(Part(f"{question}.{answers}", "paragraph", heading, text))
        else:
            header.append(text)
    return [Part("header", "header", "", join(header)), *parts]


def _unnumbered(lines: list[str]) -> list[Part]:
    blocks = "\n".join(lines).split("\n\n")
    paragraphs = [join(block.split()) for block in blocks if block.split()]
    first, last = 0, len(paragraphs)
    while first < last and not _SENTENCE_END.search(paragraphs[first]):
        first += 1
    while last > first and not _SENTENCE_END.search(paragraphs[last - 1]):
        last -= 1
    return [
        Part("title", "title", "", join(paragraphs[:first])),
        *(Part(str(n), "paragraph", "", text) for n, text in enumerate(paragraphs[first:last], 1)),
        Part("footer", "footer", "", join(paragraphs[last:])),
    ]


def _lines(lines: list[str]) -> list[Part]:
    texts = filter(None, (join([line]) for line in lines))
    return [Part(str(n), "paragraph", "", text) for n, text in enumerate(texts, 1)]


_BY_LINES = {
    "numbered": _numbered,
    "questions": _questions,
    "unnumbered": _unnumbered,
    "lines": _lines,
}
_CHAPTERS = {"labor_chapter": labor_chapters, "rights_report": rights_reports}
"""The modules that segment a chapter, know one, and say where a passage of it is."""


def place_in_words(passage: str, division: str) -> str | None:
    """Where a passage of a chapter is, in words; None for other documents.

    Examples:
        >>> place_in_words("III.labor.2", "labor_chapter"), place_in_words("7.b.1", "rights_report")
        ('section III, labor law enforcement, paragraph 2', 'section 7.b, paragraph 1')
    """
    return str(_CHAPTERS[division].place_in_words(passage)) if division in _CHAPTERS else None
