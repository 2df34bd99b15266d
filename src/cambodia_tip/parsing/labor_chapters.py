"""Segment a chapter of the Department of Labor's *Findings on the Worst Forms of Child Labor*.

The text is that of ``pdftotext -layout``, so a table row is known by the columns that its words
are in. Paragraphs are counted within their section, rows within their table. Page headers and
footers, figures, notes of tables, reference marks and the reference list are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import resources

from .chapter_tables import Head, Line, Row, split_heads, table_rows
from .parts import Part

SEPARATOR = " | "
"""What stands between the cells of a row, and between the parts of a heading."""

_RATING = re.compile(r"[A-Z]+ ADVANCEMENT\b")
_EDITION = re.compile(r"\b(\d{4}) FINDINGS ON THE WORST FORMS OF CHILD LABOR")
_FOOTER = re.compile(rf"^(?:\d+|.*(?:{_EDITION.pattern}|BUREAU OF INTERNATIONAL LABOR AFFAIRS).*)$")
_SPACED_FOOTER = re.compile(r"^U N I T E D S ?TAT E S ")
_SECTION = re.compile(r"^([IVX]+)\. [A-Z ,]+$")
_SUBSECTIONS = {"Labor Law Enforcement": "labor", "Criminal Law Enforcement": "criminal"}
_TABLE = re.compile(r"^Table (\d+)\. (.*)$")
_FIGURE = re.compile(r"\s{2,}Figure \d+\. ")
_CONTINUED = re.compile(r"\s*\([Cc]ont\.?\)")
_NOTE = re.compile(r"^[*†‡]+ ?[A-Z]|^Source for ")
_REFERENCES = re.compile(r"^\s*REFERENCES\b")
_SENTENCE_END = re.compile(r"""[.)]["'\u201d\u2019]*$""")
_LISTED = re.compile(r"(?:^|\s{2})(\d{1,3})\.?\s+(?=\S)")
_KEPT_HYPHEN = re.compile(r"(?<=\S)[-\u2010-\u2015/]$")
_EATEN_SPACE = re.compile(r"(?<=[a-z)])([.,])(?=[A-Z])")
_NUMBER = r"\d{1,3}(?:\s*[-\u2010-\u2013]\s*\d{1,3})?"
_MARK = re.compile(rf"\s*\(\s*{_NUMBER}(?:\s*[,;]\s*{_NUMBER})*\s*\)")
_BROKEN_MARK = re.compile(r"(?<=[.])\s+\d{1,3}\)")
_LIST_ITEM = re.compile(r"(?<![.\s])\s\((\d)\)(?=\s[a-z])")
_BULLET = re.compile(r"^n (?=[A-Z])")
"""The square before the label of a subordinate row, in the text of its font."""

_WIDEST_INDENT = 8
"""No paragraph is indented more; the table of treaties and what is left of a figure are."""


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
    return list(_Chapter(text, exceptions).parts())


def is_chapter(text: str) -> bool:
    """Whether a text has the page footers and sections of such a chapter."""
    lines = text.replace("\f", "\n").split("\n")
    return bool(_EDITION.search(text)) and sum(bool(_SECTION.match(s.strip())) for s in lines) > 1


def _exceptions(edition: str) -> dict[str, set[int]]:
    """The lines of an edition that the rules read wrongly, by what is to be done with them."""
    file = resources.files(__package__).joinpath("labor_chapters.csv")
    found: dict[str, set[int]] = {name: set() for name in ("starts_no_row", "goes_on", "unseen")}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        if row["edition"] == edition:
            found[row["exception"]].add(int(row["line"]))
    return found


class _Chapter:
    """The state of going through a chapter line by line."""

    def __init__(self, text: str, exceptions: dict[str, set[int]]) -> None:
        self._pages, references = _pages(text.replace("\u00a0", " "), exceptions["unseen"])
        self._exceptions = exceptions
        self._marks = _Marks(_highest(references))
        self._section, self._subsection, self._heading = "0", "", ""
        self._paragraph: list[str] = []
        self._counts: dict[str, int] = {}
        self._table: tuple[str, str] | None = None
        self._lines: list[Line] = []
        self._is_note = False

    def parts(self) -> Iterator[Part]:
        rating = next((t for t in _page_heads(self._pages) if _RATING.match(t)), "")
        yield Part("title", "title", "", f"Cambodia {rating}".strip())
        last = 0
        for page in self._pages:
            lines = [line for line in page if not isinstance(line, str)]
            yield from self._begin_page(lines, last)
            for line in lines:
                yield from self._take(line)
                last = line.number if line.text.strip() else last
        yield from self._end()

    def _begin_page(self, lines: list[Line], last: int) -> Iterator[Part]:
        """A page end closes a table, and a paragraph unless it goes on."""
        yield from self._end_table()
        self._is_note = False
        is_over = self._paragraph and _SENTENCE_END.search(self._paragraph[-1])
        if is_over and last not in self._exceptions["goes_on"]:
            yield from self._end()

    def _take(self, line: Line) -> Iterator[Part]:
        text = line.text.strip()
        table = _TABLE.match(text)
        section = _SECTION.match(text)
        if table:
            yield from self._end()
            self._begin_table(table, line)
        elif section or text in _SUBSECTIONS:
            yield from self._end()
            if section:
                self._section, self._subsection, self._heading = section[1], "", text
            else:
                self._subsection = text
        elif self._table is not None:
            yield from self._take_in_table(line)
        elif not text:
            self._is_note = False
            yield from self._end()
        elif _NOTE.match(text):
            yield from self._end()
            self._is_note = True
        elif not self._is_note and len(line.text) - len(text) <= _WIDEST_INDENT:
            self._paragraph.append(text)

    def _begin_table(self, match: re.Match[str], line: Line) -> None:
        title = _FIGURE.split(_CONTINUED.sub("", match[0]))[0].strip(" *†‡")
        figure = _FIGURE.search(line.text)
        self._width = figure.end() - len(figure[0].lstrip()) if figure else None
        self._table = (match[1], title)
        self._lines = []

    def _take_in_table(self, line: Line) -> Iterator[Part]:
        if self._width:
            line = Line(line.number, line.text[: self._width].rstrip())
        text = line.text.strip()
        assert self._table is not None
        if _NOTE.match(text):
            yield from self._end_table()
            self._is_note = True
        elif text:
            is_below = self._lines and not self._lines[-1].text
            is_indented = len(line.text) - len(text) > _WIDEST_INDENT
            if (
                is_below
                and self._table[0] not in ("1", "3")
                or (is_below and self._table[0] == "3" and not is_indented)
            ):
                yield from self._end_table()
                yield from self._take(line)
            else:
                self._lines.append(line)
        elif len(split_heads(self._lines)[2]):
            self._lines.append(line)

    def _end(self) -> Iterator[Part]:
        yield from self._end_table()
        self._is_note = False
        if self._paragraph:
            text = self._marks.clean(_join(self._paragraph))
            place = ".".join(filter(None, [self._section, _SUBSECTIONS.get(self._subsection, "")]))
            heading = SEPARATOR.join(filter(None, [self._heading, self._subsection]))
            self._paragraph = []
            yield Part(self._numbered(place), "paragraph", heading, text)

    def _numbered(self, place: str) -> str:
        self._counts[place] = self._counts.get(place, 0) + 1
        return f"{place}.{self._counts[place]}"

    def _end_table(self) -> Iterator[Part]:
        if self._table is None:
            return
        number, title = self._table
        self._table = None
        rest, heads, body = split_heads(self._lines)
        title = " ".join([title, *rest])
        rows = table_rows(
            heads,
            body,
            self._marks.is_at_end,
            self._exceptions["starts_no_row"],
        )
        for row in rows:
            yield from self._row(self._numbered(f"T{number}"), title, heads, row)

    def _row(self, place: str, title: str, heads: list[Head], row: Row) -> Iterator[Part]:
        cells = [self._marks.clean(_join(pieces)) for pieces in row.cells]
        names = [head.text for head in heads]
        if names[0].startswith("Overview"):
            cells[0] = _BULLET.sub("", cells[0])
        if names[0].startswith("Overview") and any(cells[1:]):
            for year, value in zip(names[1:], cells[1:], strict=True):
                heading = SEPARATOR.join([title, names[0], year])
                yield Part(
                    f"{place}.{year}", "table_row", heading, SEPARATOR.join([cells[0], value])
                )
            return
        if row.group:
            names[0] = f"{names[0]}: {row.group}"
        yield Part(
            place, "table_row", SEPARATOR.join([title, *names]), SEPARATOR.join(filter(None, cells))
        )


class _Marks:
    """Reference marks, told from other numbers in parentheses by the highest reference."""

    def __init__(self, highest: int) -> None:
        self._highest = highest

    def _is_mark(self, text: str) -> bool:
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        return max(numbers) <= self._highest

    def is_at_end(self, text: str) -> bool:
        """Whether a text ends in a mark."""
        return any(m.end() == len(text) and self._is_mark(m[0]) for m in _MARK.finditer(text))

    def clean(self, text: str) -> str:
        """A text without its marks, and with the spaces that kerning ate."""
        items = [match.start(1) for match in _LIST_ITEM.finditer(text)]
        is_list = [text[start] for start in items] == [str(n + 1) for n in range(len(items))]

        def replace(match: re.Match[str]) -> str:
            is_item = (
                is_list and len(items) > 1 and any(match.start() < i < match.end() for i in items)
            )
            if is_item or not self._is_mark(match[0]):
                return match[0]
            return " " if text[match.end() : match.end() + 1].isalnum() else ""

        text = _BROKEN_MARK.sub("", _MARK.sub(replace, text))
        return _EATEN_SPACE.sub(r"\1 ", " ".join(text.split()))


def _highest(references: Iterable[str]) -> int:
    """The number of references: how far the numbers of the list go without a gap."""
    listed = {int(number) for line in references for number in _LISTED.findall(line)}
    highest = 0
    while highest + 1 in listed:
        highest += 1
    return highest


def _pages(text: str, unseen: set[int]) -> tuple[list[list[Line | str]], list[str]]:
    """The lines of each page without its header and footer, and the lines of the references.

    What the header said stands first, as plain strings. *N/A* goes from the lines in `unseen`,
    where it is in the text but not on the page.
    """
    pages: list[list[Line | str]] = []
    number = 0
    references: list[str] = []
    for content in text.split("\f"):
        page = []
        for line in content.split("\n"):
            number += 1
            shown = line.replace("N/A", "   ") if number in unseen else line
            page.append(Line(number, shown.rstrip()))
        number -= 1  # the form feed is at the start of a line
        head, body = _without_frame(page)
        for at, line in enumerate(body):
            if references or _REFERENCES.match(line.text):
                references += [other.text for other in body[at:]] or [""]
                body = body[:at]
                break
        pages.append([*head, *body])
    return pages, references


def _without_frame(page: list[Line]) -> tuple[list[str], list[Line]]:
    head: list[str] = []
    filled = [i for i, line in enumerate(page) if line.text.strip()]
    for at in filled[:2]:
        text = page[at].text.strip()
        if text == "Cambodia" or _RATING.match(text):
            head.append(text)
            page[at] = Line(page[at].number, "")
    for at in filled[-2:]:
        text = page[at].text.strip()
        if _FOOTER.match(text) or _SPACED_FOOTER.match(text):
            page[at] = Line(page[at].number, "")
    filled = [i for i, line in enumerate(page) if line.text.strip()]
    return head, page[filled[0] : filled[-1] + 1] if filled else []


def _page_heads(pages: list[list[Line | str]]) -> Iterator[str]:
    return (line for page in pages for line in page if isinstance(line, str))


def _join(lines: Iterable[str]) -> str:
    """Join lines; a hyphen at the end of a line belongs to its word."""
    text = ""
    for line in lines:
        text = f"{text}{line}" if _KEPT_HYPHEN.search(text) or not text else f"{text} {line}"
    return text
