"""Compare the rows of `passages` and `sources` with what the text of a document gives."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..report import Finding
from .documents import Document, Frames

_COMPARED = ("position", "kind", "heading", "words", "text_hash")


def is_coded_text(document: Document, source: pd.Series, frames: Frames) -> bool:
    """Whether a document is the text that was coded, whatever its row says of the hash.

    It is if the hash fits; or if the size fits and at least half of the
    passages in scope do, since then the hash in the row is wrong.
    """
    if document.is_coded_copy:
        return True
    if document.size != source["bytes"]:
        return False
    number = coded_rows(document, frames)["text_hash"].notna().sum()
    return bool(2 * len(passages_alike(document, frames)) >= number)


def passages_alike(document: Document, frames: Frames) -> set[str]:
    """The passages of a document whose texts are those that were coded."""
    hashes = coded_rows(document, frames)["text_hash"].dropna()
    own = document.passages.items()
    return {name for name, passage in own if passage.text_hash == hashes.get(name)}


def coded_rows(document: Document, frames: Frames) -> pd.DataFrame:
    """The rows of ``passages`` of a document, by their locators."""
    passages = frames["passages"]
    own = passages[passages["source_id"] == document.source_id].drop_duplicates("passage")
    return own.astype(object).set_index("passage")


def passage_differences(document: Document, source: pd.Series, frames: Frames) -> Iterator[Finding]:
    """Findings where rows are not what segmenting the coded text gives; none for another text."""
    if not is_coded_text(document, source, frames):
        return
    name = document.source_id
    if not document.is_coded_copy:
        message = "must be the hash of the text, whose size and passages are those that were coded"
        yield Finding("sources", name, "sha256", "source-differs", message)
    rows = coded_rows(document, frames)
    for passage in document.passages.values():
        key = f"{name}, {passage.passage}"
        if passage.passage not in rows.index:
            message = "the text has this passage, and the table has no row of it; run stamp"
            yield Finding("passages", key, "", "passage-differs", message)
            continue
        row = rows.loc[passage.passage]
        for column in _COMPARED:
            if column in ("words", "text_hash") and not row["in_scope"]:
                continue  # which are listed of passages in scope
            listed: object = "" if pd.isna(row[column]) else row[column]
            found = getattr(passage, column)
            if listed != found:
                message = f"must be {found!r} as in the text, not {listed!r}; run stamp"
                yield Finding("passages", key, column, "passage-differs", message)
    for gone in rows.index.difference(list(document.passages)):
        message = "the text has no such passage; run stamp, or put its .starts beside the text"
        yield Finding("passages", f"{name}, {gone}", "", "passage-differs", message)
