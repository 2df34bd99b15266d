"""Account for every number that the documents print."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..package.model import Package, key_text
from ..parsing.numerals import Numeral, numerals
from ..reading.frames import read_package
from ..report import Finding, Report
from . import documents
from .copies import read_documents
from .documents import Document, Frames, Quotation, find_words
from .held_numbers import COUNTED, HeldNumbers
from .passage_comparison import passage_differences

_WORDS_AROUND = 4
"""How many words on each side show where a numeral stands."""

Key = tuple[str, str, str, int]
Listed = dict[Key, tuple[str, str] | None]
"""Numerals that are listed as unused; of a restated one, the table and id of its row."""


@dataclass(frozen=True)
class Printed:
    """A numeral in its document.

    Attributes:
        source_id: The document.
        passage: The passage.
        numeral: The words or digits as printed.
        text: The same in lowercase.
        occurrence: Which of the equal numerals of the passage it is, from 1.
    """

    source_id: str
    passage: str
    numeral: Numeral
    text: str
    occurrence: int

    @property
    def key(self) -> Key:
        """Its key in ``unused_numerals``."""
        return self.source_id, self.passage, self.text, self.occurrence


def audit(
    sources: str | Path,
    path: str | Path | None = None,
    *,
    only: Iterable[str] | None = None,
    encoding: str = "",
) -> Report:
    """Find the rows that use each number of the documents, in digits or words.

    A row uses a numeral if its quote covers it and a column of the row, or of
    a row tied to it (its whole, the conviction that it was imposed on, the
    same amount in another unit), holds the number. What no row uses must
    be in ``unused_numerals``. Passages that ``passages`` says are out of scope do not count.

    Args:
        sources: Folder with the documents, each ``<source_id>`` or ``<document_number>``
            with ``.txt``, ``.pdf`` (extra ``pdf``), ``.html`` or ``.htm`` (extra ``html``).
        path: Folder of a data package; without it, that of this installation.
        only: Ids of the documents to look at; without it, all.
        encoding: That of texts that are not UTF-8.

    Unlike `verify`, it needs the paragraphs that were coded. In a PDF or a page it accounts for
    those that are found as they were coded, and its notes say how many these are.

    Returns:
        A report, which is valid if nothing is open. Its notes say, for each
        document, how many numerals rows use, how many are listed as unused, and
        how many are out of scope, and which of
        those in use can be read in more than one way.
        Findings are numerals that are neither, entries of ``unused_numerals``
        that match none or one that is used, or that are restated in a row that
        does not hold them, rows whose quote carries a
        number that they do not hold, and rows of ``passages`` and
        ``sources`` that differ from the text.

    Raises:
        DataPackageError: If the folder or the package is not there, the package
            has no ``sources`` or ``passages``, or a text is not UTF-8.
        UnknownNameError: If `only` names none, or a document that is not in ``sources``.
    """
    folder = documents.check_folder(sources)
    package, frames = read_package(path)
    documents.check_documents(package)
    chosen = documents.chosen_sources(frames, only)
    held = HeldNumbers(package, frames)
    by_source = documents.quotations_by_source(package, frames)
    listed = _listed(frames)
    out_of_scope = documents.passages_out_of_scope(frames)
    findings: list[Finding] = []
    notes: list[str] = []
    total = 0
    for source, document in read_documents(folder, chosen, frames, encoding):
        name = source["source_id"]
        if isinstance(document, Finding):
            findings.append(document)
            notes.append(f"{name}: its numerals are not accounted for")
            continue
        everywhere = list(printed_numerals(document))
        printed = [p for p in everywhere if p.passage not in out_of_scope[name]]
        covered = list(_covered(document, printed, by_source[name], held))
        users = _users(covered)
        own = listed[name]
        if document.published:
            own = {key: row for key, row in own.items() if key[1] in document.passages}
        findings += passage_differences(document, source, frames)
        findings += [_open(document, item) for item in printed if _is_open(item, users, own)]
        findings += _needless(printed, users, own)
        findings += _carried(covered, own)
        findings += _not_restated(printed, own, held)
        used = sum(bool(users[p.key]) for p in printed)
        copy = document.published or ("" if document.is_coded_copy else "another copy")
        counts = f"{len(printed)} numerals, {used} used, {len(own)} listed as unused"
        if left_out := out_of_scope[name] & set(document.passages):
            counts += f"; {len(everywhere) - len(printed)} in {len(left_out)} passages out of scope"
        notes.append(f"{name}: {', '.join(filter(None, (copy, counts)))}")
        if document.published:
            notes += [f"{name}: {warning}" for warning in document.warnings]
        notes += [f"{name}: {line}" for line in _doubtful(printed, users, own)]
        total += len(printed)
    return Report(tuple(findings), f"{total} numerals", tuple(notes))


def open_numerals(document: Document, package: Package, frames: Frames) -> list[Printed]:
    """The numerals of a document that no row uses and ``unused_numerals`` does not list."""
    left_out = documents.passages_out_of_scope(frames)[document.source_id]
    printed = [p for p in printed_numerals(document) if p.passage not in left_out]
    quotes = documents.quotations_by_source(package, frames)[document.source_id]
    users = _users(_covered(document, printed, quotes, HeldNumbers(package, frames)))
    listed = _listed(frames)[document.source_id]
    return [item for item in printed if _is_open(item, users, listed)]


def printed_numerals(document: Document) -> Iterator[Printed]:
    """The numerals of a document that must be accounted for."""
    for passage, text in document.folded.items():
        seen: Counter[str] = Counter()
        for numeral in numerals(text):
            if numeral.kind in COUNTED:
                word = numeral.text.lower()
                seen[word] += 1
                yield Printed(document.source_id, passage, numeral, word, seen[word])


def _listed(frames: Frames) -> Mapping[str, Listed]:
    """The numerals that are listed as unused, by document."""
    by_source: dict[str, Listed] = defaultdict(dict)
    names = ["source_id", "passage", "numeral", "occurrence"]
    if "unused_numerals" not in frames or not set(names) <= set(frames["unused_numerals"]):
        return by_source
    ids = frames.get("ids")
    tables = {} if ids is None else dict(zip(ids["id"], ids["table"], strict=True))
    unused = frames["unused_numerals"].dropna(subset=["occurrence"])  # validate tells of the rest
    for entry in unused.astype(object).to_dict("records"):
        *texts, occurrence = (entry[name] for name in names)
        source_id, passage, text = map(str, texts)
        row = str(entry.get("row_id"))
        is_named = entry.get("reason") == "restated" and row in tables
        key = source_id, passage, text, int(occurrence)
        by_source[source_id][key] = (tables[row], row) if is_named else None
    return by_source


def _not_restated(printed: list[Printed], listed: Listed, held: HeldNumbers) -> Iterator[Finding]:
    for item in printed:
        row = listed.get(item.key)
        if row and not held.holds(*row, item.numeral):
            message = f"{row[1]!r} does not hold {item.numeral.text!r}; name the row that has it"
            key = key_text(item.key)
            yield Finding("unused_numerals", key, "row_id", "numeral-not-restated", message)


def _covered(
    document: Document, printed: list[Printed], quotes: list[Quotation], held: HeldNumbers
) -> Iterator[tuple[Quotation, Printed, bool]]:
    """Pairs of a quote and a numeral that lies in it, and whether the row of the quote has it."""
    by_passage: dict[str, list[Printed]] = defaultdict(list)
    for item in printed:
        by_passage[item.passage].append(item)
    for quote in quotes:
        start = find_words(document.folded.get(quote.passage, ""), quote.text)
        end = start + len(quote.text)
        for item in by_passage[quote.passage] if start >= 0 else ():
            if start <= item.numeral.start and item.numeral.end <= end:
                yield quote, item, held.holds(quote.table, quote.row, item.numeral)


def _users(covered: Iterable[tuple[Quotation, Printed, bool]]) -> Mapping[Key, list[str]]:
    users: dict[Key, list[str]] = defaultdict(list)
    for quote, item, is_held in covered:
        if is_held:
            users[item.key].append(f"{quote.table}, {quote.row}")
    return users


def _is_open(item: Printed, users: Mapping[Key, list[str]], listed: Listed) -> bool:
    return not users[item.key] and item.key not in listed


def _open(document: Document, item: Printed) -> Finding:
    text, numeral = document.folded[item.passage], item.numeral
    before = text[: numeral.start].split()[-_WORDS_AROUND:]
    after = text[numeral.end :].split()[:_WORDS_AROUND]
    # what adjoins the numeral, a bracket or a comma, stays with it
    start = " ".join(before) + " " * text[: numeral.start].endswith(" ")
    end = " " * text[numeral.end :].startswith(" ") + " ".join(after)
    message = (
        f"{numeral.text!r} in {start + numeral.text + end!r} is used by no row; "
        "add a row that quotes and has it, or list it here with a reason"
    )
    return Finding("unused_numerals", key_text(item.key), "", "numeral-open", message)


def _doubtful(
    printed: list[Printed], users: Mapping[Key, list[str]], listed: Listed
) -> Iterator[str]:
    """Say of the numerals in use how they may be read, where that is not decided."""
    for item in printed:
        if len(item.numeral.readings) > 1 and users[item.key] and item.key not in listed:
            yield f"passage {item.passage}: {item.numeral.text!r} may be {item.numeral.meanings}"


def _needless(
    printed: list[Printed], users: Mapping[Key, list[str]], listed: Listed
) -> Iterator[Finding]:
    keys = {item.key for item in printed}
    for key in sorted(listed):
        if key not in keys:
            message = "the passage has no such numeral; correct the entry, or take it out"
            yield Finding("unused_numerals", key_text(key), "", "numeral-unmatched", message)
        elif users[key]:
            message = f"the numeral is used by {users[key][0]}; take the entry out"
            yield Finding("unused_numerals", key_text(key), "", "numeral-used", message)


def _carried(
    covered: Iterable[tuple[Quotation, Printed, bool]], listed: Listed
) -> Iterator[Finding]:
    for quote, item, is_held in covered:
        if not is_held and item.key not in listed:
            message = (
                f"the quote carries {item.numeral.text!r}, which no column of the row has; "
                "put it into one, shorten the quote, or list it in unused_numerals"
            )
            yield Finding(quote.table, quote.row, quote.column, "numeral-carried", message)
