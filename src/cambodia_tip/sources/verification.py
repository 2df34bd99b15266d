"""Verify every quote against the documents that a user has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import DataPackageError
from ..reading.frames import read_package
from ..report import Finding, Report
from .documents import (
    Document,
    Quotation,
    check_documents,
    check_folder,
    chosen_sources,
    find_words,
    is_whole_sentence,
    quotations_by_source,
    read_document,
)
from .meaning import citations_by_source, meaning_differences, wording
from .passage_comparison import is_coded_text, passage_differences
from .published import condense, has_quote, html_text, pdf_text


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
        sources: Folder with the texts, each ``<source_id>.txt`` or
            ``<document_number>.txt``. Of a document without a text, quotes are
            looked up in the whole of ``<source_id>.pdf`` (extra ``pdf``) or
            ``<source_id>.html`` (extra ``html``).
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
        MissingLibraryError: If a PDF or a page is there, and pypdf or lxml is not installed.
        UnknownNameError: If `only` names a document that is not in ``sources``.
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
    for source in chosen:
        quotes = by_source[source["source_id"]]
        document = read_document(folder, source, encoding)
        published = [folder / f"{source['source_id']}.{kind}" for kind in ("pdf", "html")]
        if document is None and (there := [file for file in published if file.is_file()]):
            try:
                wrong = _missing_as_published(there[0], quotes)
            except DataPackageError as error:
                findings.append(Finding("sources", source["source_id"], "", "document", str(error)))
                notes.append(f"{source['source_id']}: {len(quotes)} quotes not checked")
                continue
            findings += wrong
            found += len(quotes) - len(wrong)
            notes.append(
                f"{source['source_id']}: as published ({there[0].suffix[1:].upper()}), "
                f"{len(quotes) - len(wrong)} of {len(quotes)} quotes found"
            )
            continue
        if document is None:
            notes.append(f"{source['source_id']}: not there, {len(quotes)} quotes not checked")
            message = (
                f"there is no {source['source_id']}.txt, .pdf or .html to check "
                f"{len(quotes)} quotes in; --only ID looks at one document"
            )
            findings.append(Finding("sources", source["source_id"], "", "document", message))
            continue
        is_coded = is_coded_text(document, source, frames)
        wrong = list(_missing(document, quotes, hashes, is_coded))
        findings += [*passage_differences(document, source, frames), *wrong]
        findings += _whole_sentences(document, quotes)
        lost = {(finding.table, finding.row) for finding in wrong}
        own = [c for c in citations[document.source_id] if (c.table, c.row) not in lost]
        findings += meaning_differences(document, source, package, frames, own, words)
        found += len(quotes) - len(wrong)
        copy = "the text that was coded" if is_coded else "another copy"
        number = f"{len(quotes) - len(wrong)} of {len(quotes)}"
        notes.append(f"{document.source_id}: {copy}, {number} quotes found")
        if not is_coded:
            notes += [f"{document.source_id}: {warning}" for warning in document.warnings]
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


def _missing_as_published(file: Path, quotes: list[Quotation]) -> list[Finding]:
    """Quotes that are not in a file; one finding if the file has fewer than half of them."""
    condensed = condense(pdf_text(file) if file.suffix == ".pdf" else html_text(file))
    wrong = [
        Finding(
            *(quote.table, quote.row, quote.column, "quote-not-found"),
            f"{quote.text!r} is not in {file.name}",
        )
        for quote in quotes
        if not has_quote(condensed, quote.text)
    ]
    if 2 * len(wrong) > len(quotes):
        other = "another edition" if file.suffix == ".pdf" else "an error or consent page"
        raise DataPackageError(
            f"{file.name} has {len(quotes) - len(wrong)} of {len(quotes)} quotes; "
            f"it may be {other}, or another document"
        )
    return wrong


def _find_passage(document: Document, words: str) -> str | None:
    return next((n for n, text in document.folded.items() if find_words(text, words) >= 0), None)
