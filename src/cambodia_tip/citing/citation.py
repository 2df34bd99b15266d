"""Citations of this dataset, and of the documents behind rows.

What is cited is put together once, as items of CSL-JSON, the input of citation
processors (schema csl-data of CSL 1.0.2, https://docs.citationstyles.org). All
formats are written from these by `citation_formats`. What CSL has no variable for
is in `note`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..errors import check_text, unknown_name
from ..package.model import Package
from ..package.opening import open_package
from ..parsing.labor_chapters import place_in_words
from ..reading.evidence import Rows, evidence, row_ids
from ..reading.frames import read_text, shared_frame
from .formats import FORMATS, CitationFormat, Item, render

INFERRED_DATE = "Date inferred, not printed in the document"


def cite(rows: Rows | None = None, *, format: CitationFormat = "text") -> str:
    """Cite this version of the dataset, or the documents behind rows.

    Args:
        rows: Rows or ids as for `evidence`, or ids of documents; without
            them, the dataset itself.
        format: ``text``, ``bibtex``, ``ris``, ``csl-json`` or ``cff``.

    Returns:
        One citation for the dataset, with its content hash; for rows, one for
        each document, in the order of the documents, with the paragraphs that
        the rows are from. ``cff`` is always about the dataset; the documents
        are its references.

        A date in brackets is not printed in the document (formats whose dates
        have no brackets say so in a note). The URL is that of an archived copy, if
        there is one; a URL that was never opened is left out. A document that was
        marked for official use says so, with its terms.

    Raises:
        UnknownNameError: If an id or the format does not exist.

    Examples:
        >>> print(cite("repatriation-2018-mfaic-2017-malaysia"))
        United States Department of State ([2018-06]). 2018 Trafficking in Persons Report: Cambodia. Paragraph 9, as counted. https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/
    """  # noqa: E501
    check_text("format", format)
    if format not in FORMATS:
        raise unknown_name("citation format", format, FORMATS)
    dataset = dataset_item(open_package())
    return render(dataset, None if rows is None else document_items(rows), format)


def dataset_item(package: Package) -> Item:
    """A data package at its version, as an item of CSL-JSON."""
    descriptor = package.descriptor
    return _filled(
        id=f"{descriptor['name']}-{package.version}",
        type="dataset",
        title=descriptor["title"],
        author=[{"literal": person["title"]} for person in descriptor["contributors"]],
        issued=_date(str(descriptor["created"])[:10]),
        version=package.version,
        genre="Data package",
        keyword=", ".join(descriptor["keywords"]),
        URL=descriptor.get("homepage"),
        note=f"Content hash {descriptor['contentHash']}",
        custom={
            "name": descriptor["name"],
            "contentHash": descriptor["contentHash"],
            "keywords": descriptor["keywords"],
            "licenses": [licence["name"] for licence in descriptor["licenses"]],
        },
    )


def document_items(rows: Rows) -> list[Item]:
    """The documents behind rows, each once, as items of CSL-JSON.

    Raises:
        UnknownNameError: If an id does not exist.
    """
    package = open_package()
    sources = shared_frame("sources").set_index("source_id")
    publishers = shared_frame("organizations").set_index("id")["label"]
    positions = shared_frame("passages").set_index(["source_id", "passage"])["position"]
    wanted = row_ids(rows)
    cited = evidence([row for row in wanted if row not in sources.index])
    passages: dict[str, list[str]] = {row: [] for row in wanted if row in sources.index}
    for source_id, group in cited.groupby("source_id"):
        order = positions[source_id]
        passages[str(source_id)] = sorted(group["passage"].unique(), key=order.__getitem__)
    return [
        _document_item(package, sources.loc[name], publishers, passages[name])
        for name in sorted(passages)
    ]


def documents(package: Package) -> list[Item]:
    """All documents that a data package is coded from, as items of CSL-JSON."""
    sources = read_text(package.resource("sources")).set_index("source_id")
    publishers = read_text(package.resource("organizations")).set_index("id")["label"]
    return [_document_item(package, row, publishers, []) for _, row in sources.iterrows()]


def _document_item(package: Package, row: Any, publishers: pd.Series, passages: list[str]) -> Item:
    source = row.astype(object).where(row.notna(), None)
    kinds = package.resource("sources").field("kind").categories
    is_inferred = source["published_basis"] == "inferred"
    paragraphs = _paragraphs(passages, source["division"])
    standing = source["terms"] if source["marking"] else None
    marking = f"Marked {source['marking']}" if source["marking"] else None
    date_remark = INFERRED_DATE if is_inferred else None
    return _filled(
        id="-".join([str(row.name), *passages]),
        type="report",
        title=source["title"],
        author=[{"literal": publishers[source["publisher"]]}],
        issued=_date(source["published"]),
        genre=kinds[source["kind"]],
        number=source["document_number"],
        URL=source["archived_url"]
        or (source["url"] if source["url_status"] != "unopened" else None),
        note=". ".join(filter(None, [paragraphs, date_remark, marking, standing])),
    ) | {"custom": _filled(paragraphs=paragraphs, dateInferred=is_inferred, standing=standing)}


def _filled(**variables: Any) -> Item:
    """Only what there is: an empty variable is none."""
    return {name: value for name, value in variables.items() if value}


def _date(edtf: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in edtf.split("-")]]}


def _paragraphs(passages: list[str], division: str) -> str:
    """Where to look in the document: what it prints itself, and what had to be counted."""
    if division == "labor_chapter":
        counted = [name for name in passages if "." in name]
        places = "; ".join(map(place_in_words, passages))
        return places[:1].upper() + places[1:] + (", as counted" if counted else "")
    numbered = [name for name in passages if name[0].isdigit()]
    parts = [name.capitalize() for name in passages if not name[0].isdigit()]
    counted = numbered if division == "unnumbered" else [n for n in numbered if "." in n]
    if division == "questions":
        answers: dict[str, list[str]] = {}
        for name in numbered:
            question, _, paragraph = name.partition(".")
            answers.setdefault(question, []).extend(filter(None, [paragraph]))
        parts += [", ".join([f"Question {q}", *_listed(found)]) for q, found in answers.items()]
    else:
        parts += [listed.capitalize() for listed in _listed(numbered)]
    return "; ".join(parts) + (", as counted" if counted else "")


def _listed(paragraphs: list[str]) -> list[str]:
    """Paragraphs in words, if there are any."""
    plural = "s" if len(paragraphs) > 1 else ""
    return [f"paragraph{plural} {', '.join(paragraphs)}"] if paragraphs else []
