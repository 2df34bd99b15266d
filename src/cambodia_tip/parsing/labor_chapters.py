"""Segment a chapter of the Department of Labor's *Findings on the Worst Forms of Child Labor*.

The text is that of ``pdftotext -layout``, so a table row is known by the columns that its words
are in. Paragraphs are counted within their section, rows within their table. Page headers and
footers, figures, notes of tables, reference marks and the reference list are left out.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import NamedTuple

from .chapter_tables import Head, Line, Row, indent, is_head, split_heads, table_rows
from .parts import Part
from .reference_marks import Marks, count_references

SEPARATOR = " | "
"""What stands between the cells of a row, and between the parts of a heading."""

_COUNTRY = "Cambodia"
_RATING = re.compile(r"[A-Z]+ ADVANCEMENT\b")
_EDITION = re.compile(r"\b(\d{4}) FINDINGS ON THE WORST FORMS OF CHILD LABOR\b")
_FOOTER = re.compile(
    rf"^\d+$|{_EDITION.pattern}|\bBUREAU OF INTERNATIONAL LABOR AFFAIRS\b|^U N I T E D S ?TAT E S "
)
_SECTION = re.compile(r"^([IVX]+)\. [A-Z ,]+$")
_SUBSECTIONS = {"Labor Law Enforcement": "labor", "Criminal Law Enforcement": "criminal"}
_TABLE = re.compile(r"^Table (\d+)\. ")
_FIGURE = re.compile(r"(?<!\s)\s{2,}(?=Figure \d+\. )")
_CONTINUED = re.compile(r"(?<!\s)\s*\(cont\.?\)", re.IGNORECASE)
_NOTE = re.compile(r"^[*†‡]+ ?[A-Z]|^Source for ")
_REFERENCES = re.compile(r"^\s*REFERENCES\b")
_SENTENCE_END = re.compile(r"""[.)]["'\u201d\u2019]*$""")
_KEPT_HYPHEN = re.compile(r"\S[-\u2010-\u2015/]$")
_GAP = re.compile(r"\S\s{2,}\S")

_BULLET = re.compile(r"^n (?=[A-Z])")
"""The square before the label of a subordinate row, as its font gives it."""

_WIDEST_INDENT = 8
"""No paragraph is indented more; the table of treaties and what is left of a figure are."""

Exceptions = Mapping[str, set[int]]


def is_chapter(text: str) -> bool:
    """Whether a text has the page footers and the sections of such a chapter."""
    lines = text.replace("\f", "\n").split("\n")
    return bool(_EDITION.search(text)) and sum(bool(_SECTION.match(s.strip())) for s in lines) > 1


def chapter_parts(text: str) -> list[Part]:
    """Segment the text of a chapter.

    Returns:
        ``title`` (the name of the country and its rating), the paragraphs ``0.1`` (before
        section I), ``I.1`` and so on, those under the headings of section III as
        ``III.labor.1`` and ``III.criminal.1``, and each row of a table as ``T5.1``. A row of the
        tables that compare two years is a passage for each year, ``T6.1.2020``.
    """
    edition = _EDITION.search(text)
    exceptions = _exceptions(edition[1] if edition else "")
    pages, references = _pages(text.replace("\u00a0", " "), exceptions["unseen"])
    return list(_Chapter(pages, Marks(count_references(references)), exceptions).parts())


def place_in_words(passage: str) -> str:
    """Where a passage of a chapter is.

    Examples:
        >>> place_in_words("0.1"), place_in_words("III.labor.2")
        ('paragraph 1 before section I', 'section III, labor law enforcement, paragraph 2')
        >>> place_in_words("T9.4"), place_in_words("T6.1.2020")
        ('table 9, row 4', 'table 6, row 1 (2020)')
    """
    first, *rest = passage.split(".")
    if not rest:
        return passage
    if first.startswith("T"):
        return f"table {first[1:]}, row {rest[0]}" + "".join(f" ({year})" for year in rest[1:])
    if first == "0":
        return f"paragraph {rest[0]} before section I"
    part = f", {rest[0]} law enforcement" if len(rest) > 1 else ""
    return f"section {first}{part}, paragraph {rest[-1]}"


def _exceptions(edition: str) -> Exceptions:
    """The lines of an edition that the rules misread.

    ``starts_no_row``: it looks like the first line of a table row and is not. ``goes_on``: its
    paragraph ends with a sentence at the foot of the page and goes on. ``unseen``: *N/A* is in the
    text but not on the page.
    """
    file = resources.files(__package__).joinpath("labor_chapters.csv")
    found: dict[str, set[int]] = defaultdict(set)
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        if row["edition"] == edition:
            found[row["exception"]].add(int(row["line"]))
    return found


class _Page(NamedTuple):
    """The lines of a page, those of its header apart; its footer is in neither."""

    header: list[str]
    body: list[Line]


class _Chapter:
    """Where the reading of a chapter has got to."""

    def __init__(self, pages: list[_Page], marks: Marks, exceptions: Exceptions) -> None:
        self._pages, self._marks, self._exceptions = pages, marks, exceptions
        self._section, self._subsection, self._heading = "0", "", ""
        self._counts: Counter[str] = Counter()
        self._paragraph: list[Line] = []
        self._title = ""
        self._table: list[Line] = []
        self._width: int | None = None
        self._has_body = self._is_after_gap = self._is_note = False

    def parts(self) -> Iterator[Part]:
        """All passages of the chapter."""
        rating = next((t for page in self._pages for t in page.header if _RATING.match(t)), "")
        yield Part("title", "title", "", f"{_COUNTRY} {rating}".strip())
        for page in self._pages:
            yield from self._begin_page()
            for line in page.body:
                yield from self._take(line)
        yield from self._end()

    def _begin_page(self) -> Iterator[Part]:
        """A page end closes a table; a paragraph goes on unless it ends with a sentence."""
        yield from self._end_table()
        self._is_note = False
        if self._paragraph:
            last = self._paragraph[-1]
            is_over = _SENTENCE_END.search(last.text.strip())
            if is_over and last.number not in self._exceptions["goes_on"]:
                yield from self._end()

    def _take(self, line: Line) -> Iterator[Part]:
        text = line.text.strip()
        section = _SECTION.match(text)
        begins = bool(section or _TABLE.match(text) or text in _SUBSECTIONS)
        if self._title and not begins:
            yield from self._take_in_table(Line(line.number, line.text[: self._width].rstrip()))
        elif begins or not text:
            yield from self._end()
            if section:
                self._section, self._subsection, self._heading = section[1], "", text
            elif text in _SUBSECTIONS:
                self._subsection = text
            elif begins:
                self._begin_table(line)
        elif not self._is_note and indent(line) <= _WIDEST_INDENT:
            self._paragraph.append(line)

    def _begin_table(self, line: Line) -> None:
        """Begin a table; what is right of its title, a figure, is cut off."""
        title = _FIGURE.split(line.text.strip())[0]
        figure = _FIGURE.search(line.text)
        self._title = _CONTINUED.sub("", title).strip(" *†‡")
        self._width = figure.end() if figure else None
        self._table = []
        self._has_body = self._is_after_gap = False

    def _take_in_table(self, line: Line) -> Iterator[Part]:
        """After a blank line, only what has columns or is indented belongs to the table."""
        text = line.text.strip()
        if not text:
            self._is_after_gap = self._has_body
        elif _NOTE.match(text):
            yield from self._end_table()
            self._is_note = True
        elif self._is_after_gap and not _GAP.search(text) and indent(line) <= _WIDEST_INDENT:
            yield from self._end_table()
            yield from self._take(line)
        else:
            self._table.append(line)
            self._has_body = not is_head(line.text)

    def _end(self) -> Iterator[Part]:
        """End the table or paragraph that is being read."""
        yield from self._end_table()
        self._is_note = False
        if self._paragraph:
            text = self._marks.clean(_join(line.text.strip() for line in self._paragraph))
            self._paragraph = []
            place = ".".join(filter(None, [self._section, _SUBSECTIONS.get(self._subsection)]))
            heading = SEPARATOR.join(filter(None, [self._heading, self._subsection]))
            yield Part(self._numbered(place), "paragraph", heading, text)

    def _end_table(self) -> Iterator[Part]:
        if not self._title:
            return
        rest, heads, body = split_heads(self._table)
        title, self._title = " ".join([self._title, *rest]), ""
        no_starts = self._exceptions["starts_no_row"]
        for row in table_rows(heads, body, self._marks.is_at_end, no_starts):
            yield from self._row(title, heads, row)

    def _row(self, title: str, heads: list[Head], row: Row) -> Iterator[Part]:
        cells = [self._marks.clean(_join(pieces)) for pieces in row.cells]
        names = [head.text for head in heads]
        place = self._numbered(title.split(".")[0].replace("Table ", "T"))
        if row.group:
            names[0] = f"{names[0]}: {row.group}"
        if names and names[0].startswith("Overview"):
            cells[0] = _BULLET.sub("", cells[0])
            if any(cells[1:]):
                for year, value in zip(names[1:], cells[1:], strict=True):
                    heading = SEPARATOR.join([title, names[0], year])
                    text = SEPARATOR.join([cells[0], value])
                    yield Part(f"{place}.{year}", "table_row", heading, text)
                return
        heading = SEPARATOR.join([title, *names])
        yield Part(place, "table_row", heading, SEPARATOR.join(filter(None, cells)))

    def _numbered(self, place: str) -> str:
        self._counts[place] += 1
        return f"{place}.{self._counts[place]}"


def _pages(text: str, unseen: set[int]) -> tuple[list[_Page], list[str]]:
    """The pages before the references, and the lines of the references."""
    pages: list[_Page] = []
    references: list[str] = []
    number = 1
    for content in text.split("\f"):  # the form feed is at the start of a line
        lines = [Line(at, shown.rstrip()) for at, shown in enumerate(content.split("\n"), number)]
        number = lines[-1].number
        page = _without_frame(
            [Line(at, t.replace("N/A", "   ") if at in unseen else t) for at, t in lines]
        )
        starts = (at for at, line in enumerate(page.body) if _REFERENCES.match(line.text))
        end = 0 if references else next(starts, len(page.body))
        references += [line.text for line in page.body[end:]]
        pages.append(_Page(page.header, page.body[:end]))
    return pages, references


def _without_frame(lines: list[Line]) -> _Page:
    """Take the header and the footer off a page, by their words and their place."""
    filled = [line for line in lines if line.text.strip()]
    texts = [line.text.strip() for line in filled[:2]]
    header = [text for text in texts if text == _COUNTRY or _RATING.match(text)]
    frame = [line for line in filled[:2] if line.text.strip() in header]
    frame += [line for line in filled[-2:] if _FOOTER.search(line.text.strip())]
    places = [at for at, line in enumerate(lines) if line.text.strip() and line not in frame]
    inside = lines[places[0] : places[-1] + 1] if places else []
    return _Page(header, [line for line in inside if line not in frame])


def _join(lines: Iterable[str]) -> str:
    """Join lines; a hyphen, dash or slash at the end of a line belongs to the next word."""
    text = ""
    for line in lines:
        text += line if not text or _KEPT_HYPHEN.search(text[-2:]) else f" {line}"
    return text
