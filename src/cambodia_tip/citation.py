"""Citations of this dataset, and of the documents behind rows."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from .errors import unknown_name
from .frames import shared_frame
from .package import Package, open_package
from .provenance import Rows, evidence, row_ids

FORMATS = ("text", "bibtex")


def cite(rows: Rows | None = None, *, format: str = "text") -> str:
    """Cite this version of the dataset, or the documents behind rows.

    Args:
        rows: Rows or ids as for `evidence`, or ids of documents; without
            them, the dataset itself.
        format: ``text`` or ``bibtex``.

    Returns:
        One citation for the dataset; for rows, one for each document, in the
        order of the documents, with the paragraphs that the rows are from.
        A date in brackets is not printed in the document; an address that was
        never opened is left out.

    Raises:
        UnknownNameError: If an id or the format does not exist.

    Examples:
        >>> print(cite("repatriation-2018-mfaic-2017-malaysia"))
        United States Department of State ([2018-06]). 2018 Trafficking in Persons Report: Cambodia. Paragraph 9, as counted. https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/
    """  # noqa: E501
    if not isinstance(format, str) or format not in FORMATS:
        raise unknown_name("citation format", format, FORMATS)
    package = open_package()
    works = [_dataset(package)] if rows is None else _documents(rows)
    render = _text if format == "text" else _bibtex
    return "\n".join(render(work) for work in works)


def _dataset(package: Package) -> dict[str, str]:
    authors = [person["title"] for person in package.descriptor.get("contributors", [])]
    return {
        "key": f"{package.descriptor['name']}-{package.version}",
        "author": " and ".join(authors),
        "date": str(package.descriptor["created"])[:4],
        "title": str(package.descriptor["title"]),
        "version": package.version,
        "note": f"Data package {package.descriptor['name']}",
    }


def _documents(rows: Rows) -> list[dict[str, str]]:
    """The documents behind rows, each once, with the passages in the order of the text."""
    sources = shared_frame("sources").set_index("source_id")
    positions = shared_frame("passages").set_index(["source_id", "passage"])["position"]
    wanted = row_ids(rows)
    cited = evidence([row for row in wanted if row not in sources.index])
    passages: dict[str, list[str]] = {row: [] for row in wanted if row in sources.index}
    for source_id, group in cited.groupby("source_id"):
        order = positions[source_id]
        passages[str(source_id)] = sorted(group["passage"].unique(), key=order.__getitem__)
    return [_document(sources.loc[name], name, passages[name]) for name in sorted(passages)]


def _document(source: Any, source_id: str, passages: list[str]) -> dict[str, str]:
    publishers = shared_frame("organizations").set_index("id")["label"]
    date = source["published"]
    work = {
        "key": "-".join([source_id, *passages]),
        "author": publishers[source["publisher"]],
        "date": f"[{date}]" if source["published_basis"] == "inferred" else date,
        "title": source["title"],
        "number": source["document_number"],
        "passages": _paragraphs(passages, is_counted=source["division"] == "unnumbered"),
        "url": source["url"] if source["url_status"] != "unopened" else "",
    }
    return {name: value for name, value in work.items() if value and not pd.isna(value)}


def _paragraphs(passages: list[str], *, is_counted: bool) -> str:
    numbered = [name for name in passages if name[0].isdigit()]
    parts = [name.capitalize() for name in passages if not name[0].isdigit()]
    if numbered:
        plural = "s" if len(numbered) > 1 else ""
        counted = ", as counted" if is_counted else ""
        parts.append(f"Paragraph{plural} {', '.join(numbered)}{counted}")
    return ", ".join(parts)


def _text(work: dict[str, str]) -> str:
    number = f" Cable {work['number']}." if "number" in work else ""
    version = f" Version {work['version']}." if "version" in work else ""
    note = f" {work['note']}." if "note" in work else ""
    where = f" {work['passages']}." if "passages" in work else ""
    url = f" {work['url']}" if "url" in work else ""
    return f"{work['author']} ({work['date']}). {work['title']}.{number}{version}{note}{where}{url}"


def _bibtex(work: dict[str, str]) -> str:
    date = work["date"].strip("[]")
    fields = {
        "author": f"{{{_escape(work['author'])}}}",
        "title": f"{{{_escape(work['title'])}}}",
        "date": date,
        "year": date[:4],
        "version": work.get("version"),
        "number": work.get("number"),
        "note": _escape(work.get("note") or work.get("passages") or ""),
        "url": work.get("url"),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{work['key']},\n" + ",\n".join(lines) + "\n}"


def _escape(text: str) -> str:
    """Escape what LaTeX would read as markup."""
    return re.sub(r"([&%$#_{}])", r"\\\1", text)
