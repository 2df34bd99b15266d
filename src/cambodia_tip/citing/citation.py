"""Citations of this dataset, and of the documents behind rows.

What is cited is put together once, as items of CSL-JSON, the input of citation
processors (schema csl-data of CSL 1.0.2, https://docs.citationstyles.org). All
formats are written from these by `citation_formats`. What CSL has no variable for
is in `note`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import check_text, unknown_name
from ..package.model import Package
from ..package.opening import package_or_installed
from .formats import FORMATS, CitationFormat, Item, date_parts, filled, render

if TYPE_CHECKING:
    from ..reading.evidence import Rows


def cite(
    rows: Rows | None = None, *, format: CitationFormat = "text", package: Package | None = None
) -> str:
    """Cite this version of the dataset, or the documents behind rows.

    Args:
        rows: Rows or ids as for `evidence`, or ids of documents; without
            them, the dataset itself.
        format: ``text``, ``bibtex``, ``ris``, ``csl-json`` or ``cff``.
        package: A data package from `open_package`; without it, the installed one.

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
    package = package_or_installed(package)
    if rows is None:
        return render(dataset_item(package), None, format)
    from .document_items import document_items  # which needs pandas

    return render(dataset_item(package), document_items(package, rows), format)


def dataset_item(package: Package) -> Item:
    """A data package at its version, as an item of CSL-JSON."""
    descriptor = package.descriptor
    return filled(
        id=f"{descriptor['name']}-{package.version}",
        type="dataset",
        title=descriptor["title"],
        author=[{"literal": person["title"]} for person in descriptor["contributors"]],
        issued=date_parts(str(descriptor["created"])[:10]),
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
