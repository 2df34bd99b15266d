"""Account for every number that the documents print."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..package.model import Package
from ..package.values import key_text
from ..parsing.numerals import Numeral, numerals
from ..reading.frames import read_package
from ..report import Finding, Report
from .copies import read_documents
from .documents import (
    Document,
    Frames,
    Quotation,
    check_documents,
    check_folder,
    chosen_sources,
    find_words,
    passages_out_of_scope,
    quotations_by_source,
)
from .held_numbers import COUNTED, HeldNumbers
from .passage_comparison import passage_differences

_WORDS_AROUND = 4
"""How many words on each side show where a numeral stands."""

Key = tuple[str, str, str, int]


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
    folder = check_folder(sources)
    package, frames = read_package(path)
    check_documents(package)
    chosen = chosen_sources(frames, only)
    held = HeldNumbers(package, frames)
    by_source = quotations_by_source(package, frames)
    listed, restated = _listed(frames), _restated(frames)
    out_of_scope = passages_out_of_scope(frames)
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
        users = _users(document, printed, by_source[name], held)
        own = listed[name]
        if document.published:
            own = {key for key in own if key[1] in document.passages}
        findings += passage_differences(document, source, frames)
        findings += [_open(document, item) for item in printed if _is_open(item, users, own)]
        findings += _needless(printed, users, own)
        findings += _carried(document, printed, by_source[name], held, own)
        findings += _not_restated(printed, restated, held)
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
    left_out = passages_out_of_scope(frames)[document.source_id]
    printed = [p for p in printed_numerals(document) if p.passage not in left_out]
    quotes = quotations_by_source(package, frames)[document.source_id]
    users = _users(document, printed, quotes, HeldNumbers(package, frames))
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


def _listed(frames: Frames) -> Mapping[str, set[Key]]:
    """The keys of the numerals that are listed as unused, by document."""
    by_source: dict[str, set[Key]] = defaultdict(set)
    names = ["source_id", "passage", "numeral", "occurrence"]
    if "unused_numerals" not in frames or not set(names) <= set(frames["unused_numerals"]):
        return by_source
    unused = frames["unused_numerals"].dropna(subset=["occurrence"])  # validate tells of the rest
    columns = [list(map(str, unused[name])) for name in names[:3]]
    for key in zip(*columns, map(int, unused["occurrence"]), strict=True):
        by_source[key[0]].add(key)
    return by_source


def _restated(frames: Frames) -> Mapping[Key, tuple[str, str]]:
    """The numerals that are listed as restated, with the table and id of the row that has each."""
    names = ["source_id", "passage", "numeral", "occurrence", "row_id"]
    if not {"reason", *names} <= set(frames.get("unused_numerals", ())) or "ids" not in frames:
        return {}
    tables = dict(zip(frames["ids"]["id"], frames["ids"]["table"], strict=True))
    unused = frames["unused_numerals"].astype(object)
    named = unused[(unused["reason"] == "restated") & unused["row_id"].isin(list(tables))]
    columns = [named[name] for name in names]
    return {
        (source, passage, text, int(occurrence)): (tables[row], row)
        for source, passage, text, occurrence, row in zip(*columns, strict=True)
        if not pd.isna(occurrence)
    }


def _not_restated(
    printed: list[Printed], restated: Mapping[Key, tuple[str, str]], held: HeldNumbers
) -> Iterator[Finding]:
    for item in printed:
        if item.key in restated and not held.holds(*restated[item.key], item.numeral):
            row = restated[item.key][1]
            message = f"{row!r} does not hold {item.numeral.text!r}; name the row that has it"
            yield Finding(
                "unused_numerals", key_text(item.key), "row_id", "numeral-not-restated", message
            )


def _covered(
    document: Document, printed: list[Printed], quotes: list[Quotation]
) -> Iterator[tuple[Quotation, Printed]]:
    """Pairs of a quote and a numeral that lies in it."""
    by_passage: dict[str, list[Printed]] = defaultdict(list)
    for item in printed:
        by_passage[item.passage].append(item)
    for quote in quotes:
        start = find_words(document.folded.get(quote.passage, ""), quote.text)
        if start < 0:
            continue
        end = start + len(quote.text)
        for item in by_passage[quote.passage]:
            if start <= item.numeral.start and item.numeral.end <= end:
                yield quote, item


def _users(
    document: Document, printed: list[Printed], quotes: list[Quotation], held: HeldNumbers
) -> Mapping[Key, list[str]]:
    users: dict[Key, list[str]] = defaultdict(list)
    for quote, item in _covered(document, printed, quotes):
        if held.holds(quote.table, quote.row, item.numeral):
            users[item.key].append(f"{quote.table}, {quote.row}")
    return users


def _is_open(item: Printed, users: Mapping[Key, list[str]], listed: set[Key]) -> bool:
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
    printed: list[Printed], users: Mapping[Key, list[str]], listed: set[Key]
) -> Iterator[str]:
    """Say of the numerals in use how they may be read, where that is not decided."""
    for item in printed:
        if len(item.numeral.readings) > 1 and users[item.key] and item.key not in listed:
            yield f"passage {item.passage}: {item.numeral.text!r} may be {item.numeral.meanings}"


def _needless(
    printed: list[Printed], users: Mapping[Key, list[str]], listed: set[Key]
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
    document: Document,
    printed: list[Printed],
    quotes: list[Quotation],
    held: HeldNumbers,
    listed: set[Key],
) -> Iterator[Finding]:
    for quote, item in _covered(document, printed, quotes):
        if item.key in listed or held.holds(quote.table, quote.row, item.numeral):
            continue
        message = (
            f"the quote carries {item.numeral.text!r}, which no column of the row has; "
            "put it into one, shorten the quote, or list it in unused_numerals"
        )
        yield Finding(quote.table, quote.row, quote.column, "numeral-carried", message)
