"""Compare the codes of a row with the passage that it cites."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ..package.model import Package, Resource, key_text
from ..parsing.code_words import stems, words_pattern
from ..parsing.numerals import means, numerals
from ..parsing.passages import fold
from ..report import Finding
from .documents import Document, Frames, find_words
from .passage_comparison import coded_rows, passages_alike

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NEGATION = re.compile(r"\b(not|no|never|only)(?: \w+)? $", re.I)
"""A word that turns what follows, as the last or the last but one of a text."""
_NO_WORDS_NEEDED = "*"

Wording = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By code list and code, the words of which a passage must have one."""


@dataclass(frozen=True)
class Citation:
    """A row that cites a passage; empty cells are empty texts."""

    table: str
    row: str
    cells: Mapping[Hashable, object]

    def text(self, column: str) -> str:
        """A cell as text."""
        return str(self.cells.get(column, ""))


def citations_by_source(
    package: Package, frames: Frames, sources: Iterable[str]
) -> Mapping[str, list[Citation]]:
    """Every row with a passage of these documents, by document; not those of organizations."""
    by_source: dict[str, list[Citation]] = defaultdict(list)
    for name, frame in frames.items():
        if not {"source_id", "passage", "quote"} <= set(frame) or name == "organizations":
            continue
        key = package.resource(name).primary_key
        chosen = frame[frame["source_id"].isin(list(sources)) & frame["passage"].notna()]
        cells = chosen.astype(object).where(chosen.notna(), "")
        for row in cells.to_dict("records"):
            citation = Citation(name, key_text(str(row[part]) for part in key), row)
            by_source[citation.text("source_id")].append(citation)
    return by_source


def wording(frames: Frames) -> Wording:
    """The words for codes: those of ``code_words``, else the names that the table of codes has.

    An organization also has its label, its abbreviation and its quote. Where
    no words are given for a code, the words of its label stand for it.
    """
    words: dict[str, dict[str, tuple[str, ...]]] = {"organizations": {}}
    if "code_words" in frames:
        given = frames["code_words"][["code_list", "code", "wording"]].dropna().astype(object)
        for code_list, code, text in given.itertuples(index=False):
            codes = words.setdefault(code_list, {})
            codes[code] = (*codes.get(code, ()), text)
    for code_list in words.keys() & frames.keys():
        frame = frames[code_list].astype(object)
        key = frame.columns[0]
        names = [c for c in ("label", "title", "abbreviation", "quote") if c in frame]
        for code, *texts in frame[[key, *names]].itertuples(index=False):
            known = [fold(text) for text in texts if not pd.isna(text)]
            own = words[code_list].get(code, ())
            if "quote" in names:
                words[code_list][code] = (*own, *(_name(name) for name in known))
            elif not own and known:
                words[code_list][code] = tuple(f"{stem}*" for stem in sorted(stems(known[0])))
    return words


def _name(text: str) -> str:
    """A name as a document may print it: without capitals, and without the word royal."""
    return text if text.isupper() else text.lower().removeprefix("royal ")


def meaning_differences(
    document: Document,
    source: pd.Series,
    package: Package,
    frames: Frames,
    citations: list[Citation],
    words: Wording,
) -> Iterator[Finding]:
    """Findings where a passage does not say what the codes of a row do.

    Where the copy has other paragraphs than the text that was coded, the
    whole document is looked at instead of the passage.
    """
    alike = passages_alike(document, frames)
    headings = coded_rows(document, frames)["heading"].dropna()
    whole = " ".join(document.folded.values())
    all_letters = _letters(whole)
    for citation in citations:
        passage = document.passages.get(citation.text("passage"))
        text, letters, where = whole, all_letters, document.source_id
        if passage and (document.is_coded_copy or passage.passage in alike):
            text = f"{document.folded[passage.passage]} {fold(headings.get(passage.passage, ''))}"
            letters, where = "", f"passage {passage.passage}"
            yield from _cut_negation(citation, text)
        resource = package.resource(citation.table)
        author = str(source["publisher"])
        yield from _unnamed(citation, resource, author, words, (text, letters), where)
        yield from _unprinted_year(citation, text, where)
        yield from _cut_qualifier(citation, resource, text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _unnamed(
    citation: Citation,
    resource: Resource,
    author: str,
    words: Wording,
    texts: tuple[str, str],
    place: str,
) -> Iterator[Finding]:
    """Codes of which the passage has no word, nor the quote of the other country of a movement.

    The second text has the letters of a copy that may have lost blanks; it is empty where the
    first is a passage.
    """
    text, letters = texts
    note = fold(citation.text("note"))
    quoted = f"{fold(citation.text('quote'))} {note}"
    for column, code_list in _coded_columns(resource, words).items():
        code = citation.text(column)
        is_abroad = column.endswith("_area") and column != "ref_area" and not code.startswith("KH")
        said, where = (quoted, "the quote") if is_abroad else (f"{text} {note}", place)
        names = words[code_list].get(code, ())
        is_author = code_list == "organizations" and code == author
        if not names or is_author or _NO_WORDS_NEEDED in names or words_pattern(names).search(said):
            continue
        if any(_letters(name) in letters for name in names):
            continue
        message = (
            f"{code!r} is not named in {where}, as {', '.join(map(repr, names))}; correct it, "
            "add the words of the passage to code_words, or name it in the note"
        )
        yield Finding(citation.table, citation.row, column, "not-named", message)


def _coded_columns(resource: Resource, words: Wording) -> Mapping[str, str]:
    """The columns whose codes have words, with their code lists."""
    linked = {
        key.fields[0]: key.resource
        for key in resource.foreign_keys
        if len(key.fields) == 1 and key.resource in words
    }
    own = {field.name: field.name for field in resource.fields if field.categories}
    return {column: name for column, name in {**own, **linked}.items() if name in words}


def _unprinted_year(citation: Citation, text: str, where: str) -> Iterator[Finding]:
    """A stated period whose years the passage does not print."""
    if citation.text("period_basis") != "stated":
        return
    printed = set(_YEAR.findall(text))
    for column in ("period_start", "period_end"):
        year = citation.text(column)[:4]
        if year and year not in printed:
            message = f"{year} is not printed in {where}, so the period is not stated; correct one"
            yield Finding(citation.table, citation.row, column, "year-not-printed", message)


def _cut_qualifier(citation: Citation, resource: Resource, text: str) -> Iterator[Finding]:
    """A plain number right before which, and outside the quote, the passage has a qualifier."""
    value, quote = citation.cells.get("value", ""), fold(citation.text("quote"))
    if value == "" or "qualifier" in citation.text("note").lower():
        return
    start, number = find_words(text, quote), float(str(value))
    at_start = [found for found in numerals(quote) if found.start <= len("US$ ")]
    if start < 0 or not any(means(found, number) for found in at_start):
        return
    for field in resource.fields:
        for code, phrases in field.printed_as.items():
            before = "|".join(map(re.escape, phrases))
            found = re.search(rf"\b({before})\s*(?:USD|\$)?\s*$", text[:start], re.I)
            if found and citation.text(field.name) != code:
                message = f"must be {code}: {found[1]!r} is right before the quote; quote it too"
                yield Finding(citation.table, citation.row, field.name, "qualifier-cut", message)


def _cut_negation(citation: Citation, text: str) -> Iterator[Finding]:
    """A statement right before whose quote the passage has a negation, so that it says less."""
    quote, note = fold(citation.text("quote")), citation.text("note").lower().split()
    start = find_words(text, quote)
    found = _NEGATION.search(text[: max(start, 0)])
    if found and "summary" in citation.cells and found[1].lower() not in note:
        message = (
            f"{found[0].strip()!r} is right before the quote; quote it too, or put it into the note"
        )
        yield Finding(citation.table, citation.row, "quote", "negation-cut", message)
