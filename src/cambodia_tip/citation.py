"""Citations of this dataset, and of the documents behind rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .errors import unknown_name
from .frames import shared_frame
from .package import Package, open_package
from .provenance import Rows, evidence

FORMATS = ("text", "bibtex")


def cite(rows: Rows | None = None, *, format: str = "text") -> str:
    """Cite this version of the dataset, or the documents behind rows.

    Args:
        rows: Rows or ids as for `evidence`; without them, the dataset itself.
        format: ``text`` or ``bibtex``.

    Returns:
        One citation for the dataset; for rows, one for each document, in the
        order of the documents, with the paragraphs that the rows are from.

    Raises:
        UnknownNameError: If an id or the format does not exist.

    Examples:
        >>> print(cite("repatriation-2018-mfaic-2017-malaysia"))
        United States Department of State (2018-06). 2018 Trafficking in Persons Report: Cambodia. Paragraph 9. https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/
    """  # noqa: E501
    if format not in FORMATS:
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
    sources = shared_frame("sources").set_index("source_id")
    publishers = shared_frame("organizations").set_index("id")["label"]
    positions = shared_frame("passages").set_index(["source_id", "passage"])["position"]
    cited = evidence(rows).drop_duplicates(["source_id", "passage"])
    cited["position"] = [
        positions[source_id, passage]
        for source_id, passage in zip(cited["source_id"], cited["passage"], strict=True)
    ]
    works = []
    for source_id, group in cited.sort_values("position").groupby("source_id", sort=True):
        source: Any = sources.loc[source_id]
        work = {
            "key": str(source_id),
            "author": publishers[source["publisher"]],
            "date": source["published"],
            "title": source["title"],
            "number": source["document_number"],
            "passages": _paragraphs(list(group["passage"])),
            "url": source["url"],
        }
        works.append({name: value for name, value in work.items() if not pd.isna(value)})
    return works


def _paragraphs(passages: list[str]) -> str:
    numbered = [name for name in passages if name[0].isdigit()]
    around = [name for name in passages if not name[0].isdigit()]
    parts = [name.capitalize() for name in around]
    if numbered:
        parts.append(f"Paragraph{'s' if len(numbered) > 1 else ''} {', '.join(numbered)}")
    return ", ".join(parts)


def _text(work: dict[str, str]) -> str:
    number = f" Cable {work['number']}." if "number" in work else ""
    version = f" Version {work['version']}." if "version" in work else ""
    note = f" {work['note']}." if "note" in work else ""
    where = f" {work['passages']}." if "passages" in work else ""
    url = f" {work['url']}" if "url" in work else ""
    return f"{work['author']} ({work['date']}). {work['title']}.{number}{version}{note}{where}{url}"


def _bibtex(work: dict[str, str]) -> str:
    fields = {
        "author": f"{{{work['author']}}}",
        "title": f"{{{work['title']}}}",
        "date": work["date"],
        "year": work["date"][:4],
        "version": work.get("version"),
        "number": work.get("number"),
        "note": work.get("note") or work.get("passages"),
        "url": work.get("url"),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{work['key']},\n" + ",\n".join(lines) + "\n}"
