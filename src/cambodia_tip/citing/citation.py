"""Citations of this dataset, and of the documents behind rows.

What is cited is put together once, as items of CSL-JSON, the input of citation
processors (schema csl-data of CSL 1.0.2, https://docs.citationstyles.org). All
formats are written from these by `citation_formats`. What CSL has no variable for
is in `note`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import check_text, unknown_name
from ..package.installed import installed_descriptor
from .formats import FORMATS, CitationFormat, Item, date_parts, filled, render

if TYPE_CHECKING:
    from ..package.model import Package
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
        United States Department of State ([2018, June]). 2018 Trafficking in Persons Report: Cambodia. Paragraph 9, as counted. https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/
    """  # noqa: E501
    check_text("format", format)
    if format not in FORMATS:
        raise unknown_name("citation format", format, FORMATS)
    if rows is None and package is None:
        return render(_installed_item(), None, format)
    from ..package.opening import package_or_installed

    package = package_or_installed(package)
    if rows is None:
        return render(dataset_item(package.descriptor), None, format)
    from .document_items import document_items  # which needs pandas

    return render(dataset_item(package.descriptor), document_items(package, rows), format)


def _installed_item() -> Item:
    """The installed data package, without a look at its schemas."""
    try:
        return dataset_item(installed_descriptor())
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        from ..package.opening import open_package

        return dataset_item(open_package().descriptor)  # which says what is wrong


def dataset_item(descriptor: Mapping[str, Any]) -> Item:
    """A data package at its version, as an item of CSL-JSON."""
    return filled(
        id=f"{descriptor['name']}-{descriptor['version']}",
        type="dataset",
        title=descriptor["title"],
        author=[{"literal": person["title"]} for person in descriptor["contributors"]],
        issued=date_parts(str(descriptor["created"])[:10]),
        version=str(descriptor["version"]),
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
