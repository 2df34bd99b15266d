"""What schema.org says of a dataset (https://schema.org/Dataset), which search engines read.

The exports `jsonld` and `ro_crate` start from it.
"""

from __future__ import annotations

from typing import Any

from ..citing.document_items import documents
from ..citing.formats import Item
from ..package.model import Package, Resource
from ..reading.frames import read_text

_PLACE = "Cambodia"  # no property of a descriptor says what a package is about


def about(package: Package) -> dict[str, Any]:
    """The properties of the dataset as a whole."""
    descriptor = package.descriptor
    properties = {
        "name": descriptor["title"],
        "alternateName": descriptor["name"],
        "description": descriptor["description"],
        "version": package.version,
        "url": descriptor.get("homepage"),
        "identifier": descriptor["contentHash"],
        "license": [licence["path"] for licence in descriptor["licenses"]],
        "creator": [_organization(person["title"]) for person in descriptor["contributors"]],
        "datePublished": str(descriptor["created"])[:10],
        "keywords": descriptor["keywords"],
        "inLanguage": "en",
        "temporalCoverage": _period(package),
        "spatialCoverage": {"@type": "Place", "name": _PLACE},
        "isBasedOn": [_report(document) for document in documents(package)],
    }
    return {name: value for name, value in properties.items() if value}


def _organization(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _report(document: Item) -> dict[str, Any]:
    report = {
        "@type": "Report",
        "name": document["title"],
        "author": [_organization(name["literal"]) for name in document["author"]],
        "datePublished": "-".join(f"{part:02}" for part in document["issued"]["date-parts"][0]),
        "reportNumber": document.get("number"),
        "url": document.get("URL"),
        "description": document.get("note"),
    }
    return {name: value for name, value in report.items() if value}


def _period(package: Package) -> str | None:
    """The dates that the figures cover, as an interval of ISO 8601."""
    days: list[str] = []
    for resource in package.resources.values():
        if resource.has_figures:
            table = read_text(resource)
            for name in {"period_start", "period_end"} & set(resource.field_names):
                days += table[name].dropna().to_list()
    return f"{min(days)}/{max(days)}" if days else None


def file(package: Package, resource: Resource) -> dict[str, str]:
    """The properties of the file of a table."""
    return {
        "name": resource.path.name,
        "description": resource.description,
        "contentUrl": path_of(package, resource),
        "encodingFormat": "text/csv",
        "contentSize": f"{resource.bytes} B",
        "sha256": resource.hash.removeprefix("sha256:"),
    }


def path_of(package: Package, resource: Resource) -> str:
    """The path of a table within the package, with slashes."""
    return resource.path.relative_to(package.path).as_posix()
