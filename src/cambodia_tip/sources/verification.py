"""Verify every quote against the documents that a user has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..reading.frames import read_package
from ..report import Finding, Report
from . import documents
from .copies import read_documents
from .documents import Document, Quotation, find_words
from .meaning import citations_by_source, meaning_differences, wording
from .passage_comparison import is_coded_text, passage_differences, passages_alike
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
    folder = documents.check_folder(sources)
    package, frames = read_package(path)
    documents.check_documents(package)
    chosen = documents.chosen_sources(frames, only)
    by_source = documents.quotations_by_source(package, frames)
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
        wrong = list(_missing(document, quotes, passages_alike(document, frames), is_coded))
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
    total = sum(len(by_source[name]) for name in names)
    return Report(tuple(findings), f"{found} of {total} quotes found", tuple(notes))


def _missing(
    document: Document, quotes: list[Quotation], alike: set[str], is_coded_text: bool
) -> Iterator[Finding]:
    condensed = "" if is_coded_text else condense(document.text)
    for quote in quotes:
        if find_words(document.folded.get(quote.passage, ""), quote.text) >= 0:
            continue
        texts = document.folded.items()
        elsewhere = next((n for n, text in texts if find_words(text, quote.text) >= 0), None)
        is_coded = is_coded_text or quote.passage in alike
        if not is_coded and (elsewhere or has_quote(condensed, quote.text)):
            continue
        hint = f"; it is in passage {elsewhere}" if elsewhere else ""
        where = f"passage {quote.passage} of {document.source_id}"
        message = f"{quote.text!r} is not in {where}{hint}"
        yield Finding(quote.table, quote.row, quote.column, "quote-not-found", message)


def _whole_sentences(document: Document, quotes: list[Quotation]) -> Iterator[Finding]:
    for quote in quotes:
        if documents.has_whole_sentence(document.folded.get(quote.passage, ""), quote.text):
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
