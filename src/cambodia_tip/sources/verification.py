"""Verify every quote against the documents that a user has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..reading.frames import read_package
from ..report import Finding, Report
from .copies import read_documents
from .documents import (
    Document,
    Quotation,
    check_documents,
    check_folder,
    chosen_sources,
    find_words,
    is_whole_sentence,
    quotations_by_source,
)
from .meaning import citations_by_source, meaning_differences, wording
from .passage_comparison import is_coded_text, passage_differences
from .published import condense, has_quote


def verify(
    sources: str | Path,
    path: str | Path | None = None,
    *,
    only: Iterable[str] | None = None,
    encoding: str = "",
) -> Report:
    """Look up every quote in the passage that its row names, and the words for its codes.

    It works with copies from elsewhere: white space, page markers, pilcrows,
    runs of dashes and curly or straight quotation marks may differ. Where a
    copy is segmented into other paragraphs, a quote counts as found anywhere in
    the document; where the paragraph is the one that was coded, only there.

    Args:
        sources: Folder with the documents, each ``<source_id>`` or ``<document_number>``
            with ``.txt``, ``.pdf`` (extra ``pdf``), ``.html`` or ``.htm`` (extra ``html``).
            In a PDF or a page, quotes are looked up in the passages that are found as they
            were coded, and else in the whole.
        path: Folder of a data package; without it, that of this installation.
        only: Ids of the documents to look at; without it, all.
        encoding: That of texts that are not UTF-8.

    Returns:
        A report, which is valid if every quote was found. Its notes say, for each
        document, how many quotes were found, and whether the copy is byte for
        byte the one that was coded. Findings are quotes not found, or whole sentences; codes that
        the passage does not name by the words in ``code_words``, such as an
        area, an indicator or a reporter other than the author; years of stated
        periods that it does not print; qualifiers right before a quote;
        documents that are not there; and rows of ``passages`` and ``sources``
        that differ from the text.

    Raises:
        DataPackageError: If the folder or the package is not there, the package
            has no ``sources`` or ``passages``, or a text is not UTF-8.
        UnknownNameError: If `only` names none, or a document that is not in ``sources``.
    """
    folder = check_folder(sources)
    package, frames = read_package(path)
    check_documents(package)
    chosen = chosen_sources(frames, only)
    by_source = quotations_by_source(package, frames)
    passages = frames["passages"]
    keys = zip(passages["source_id"], passages["passage"], strict=True)
    hashes = dict(zip(keys, passages["text_hash"], strict=True))
    names = [source["source_id"] for source in chosen]
    citations, words = citations_by_source(package, frames, names), wording(frames)
    findings: list[Finding] = []
    notes: list[str] = []
    found = 0
    for source, document in read_documents(folder, chosen, frames, encoding):
        name = source["source_id"]
        quotes = by_source[name]
        if isinstance(document, Document) and document.published:
            document = _of_this_edition(document, quotes)
        if isinstance(document, Finding):
            findings.append(document)
            notes.append(f"{name}: {len(quotes)} quotes not checked")
            continue
        is_coded = is_coded_text(document, source, frames)
        wrong = list(_missing(document, quotes, hashes, is_coded))
        findings += [*passage_differences(document, source, frames), *wrong]
        findings += _whole_sentences(document, quotes)
        lost = {(finding.table, finding.row) for finding in wrong}
        own = [c for c in citations[name] if (c.table, c.row) not in lost]
        if document.published:
            own = [c for c in own if c.text("passage") in document.passages]
        findings += meaning_differences(document, source, package, frames, own, words)
        found += len(quotes) - len(wrong)
        copy = document.published or ("the text that was coded" if is_coded else "another copy")
        number = f"{len(quotes) - len(wrong)} of {len(quotes)}"
        notes.append(f"{name}: {copy}, {number} quotes found")
        if not is_coded:
            notes += [f"{name}: {warning}" for warning in document.warnings]
    total = sum(len(by_source[source["source_id"]]) for source in chosen)
    return Report(tuple(findings), f"{found} of {total} quotes found", tuple(notes))


def _missing(
    document: Document,
    quotes: list[Quotation],
    hashes: dict[tuple[str, str], str],
    is_coded_text: bool,
) -> Iterator[Finding]:
    condensed = "" if is_coded_text else condense(document.text)
    for quote in quotes:
        text = document.folded.get(quote.passage, "")
        if find_words(text, quote.text) >= 0:
            continue
        where = f"passage {quote.passage} of {document.source_id}"
        passage = document.passages.get(quote.passage)
        is_coded = is_coded_text or (
            passage is not None
            and passage.text_hash == hashes.get((document.source_id, quote.passage))
        )
        elsewhere = _find_passage(document, quote.text)
        if elsewhere and not is_coded:
            continue
        if not is_coded and has_quote(condensed, quote.text):
            continue
        hint = f"; it is in passage {elsewhere}" if elsewhere else ""
        message = f"{quote.text!r} is not in {where}{hint}"
        yield Finding(quote.table, quote.row, quote.column, "quote-not-found", message)


def _whole_sentences(document: Document, quotes: list[Quotation]) -> Iterator[Finding]:
    for quote in quotes:
        if is_whole_sentence(document.folded.get(quote.passage, ""), quote.text):
            message = f"must be less than a sentence: {quote.text!r}"
            yield Finding(quote.table, quote.row, quote.column, "whole-sentence", message)


def _of_this_edition(document: Document, quotes: list[Quotation]) -> Document | Finding:
    """A document as published, or one finding if it has fewer than half of the quotes."""
    condensed = condense(document.text)
    number = sum(has_quote(condensed, quote.text) for quote in quotes)
    if 2 * number >= len(quotes):
        return document
    message = (
        f"the copy {document.published} has {number} of {len(quotes)} quotes; "
        "it may be another edition, another document, or an error or consent page"
    )
    return Finding("sources", document.source_id, "", "document", message)


def _find_passage(document: Document, words: str) -> str | None:
    return next((n for n, text in document.folded.items() if find_words(text, words) >= 0), None)
