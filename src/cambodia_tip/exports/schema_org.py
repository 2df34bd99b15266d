"""What schema.org says of a dataset (https://schema.org/Dataset), which search engines read.

The exports `jsonld` and `ro_crate` start from it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ..citing.document_items import documents
from ..citing.formats import Item, authors, date_texts, filled
from ..package.model import Package, Resource
from ..reading.frames import read_text
from ..reading.labels import labels_of

_PLACE = "Cambodia"  # no property of a descriptor says what a package is about


def about(package: Package) -> dict[str, Any]:
    """The properties of the dataset as a whole."""
    descriptor = package.descriptor
    makers = [_organization(person["title"]) for person in descriptor["contributors"]]
    return filled(
        name=descriptor["title"],
        alternateName=descriptor["name"],
        description=descriptor["description"],
        version=package.version,
        url=descriptor.get("homepage"),
        identifier=descriptor["contentHash"],
        license=one([licence["path"] for licence in descriptor["licenses"]]),
        isAccessibleForFree=True,
        creator=one(makers),
        publisher=one(makers),
        datePublished=str(descriptor["created"])[:10],
        keywords=descriptor["keywords"],
        inLanguage="en",
        temporalCoverage=_period(package),
        spatialCoverage={"@type": "Place", "name": _PLACE},
        variableMeasured=_variables(package),
        isBasedOn=[_report(document) for document in documents(package)],
    )


def one(values: list[Any]) -> Any:
    """A list, or its only value, which is what readers expect then."""
    return values[0] if len(values) == 1 else values


def _variables(package: Package) -> list[dict[str, Any]]:
    """What the figures measure: each indicator that a figure has, by its label."""
    labels: dict[str, str] = {}
    used: set[str] = set()
    for resource in package.resources.values():
        if resource.has_figures and "indicator" in resource.field_names:
            labels |= labels_of(package, resource, "indicator")
            used |= set(read_text(resource)["indicator"].dropna())
    return [{"@type": "PropertyValue", "name": labels[code]} for code in labels if code in used]


def _organization(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}


def _report(document: Item) -> dict[str, Any]:
    return {"@type": "Report"} | filled(
        name=document["title"],
        author=one([_organization(name) for name in authors(document)]),
        datePublished="-".join(date_texts(document)),
        reportNumber=document.get("number"),
        url=document.get("URL"),
        description=document.get("note"),
    )


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
        "contentUrl": path_in(package, resource.path),
        "encodingFormat": "text/csv",
        "contentSize": f"{resource.bytes} B",
        "sha256": resource.hash.removeprefix("sha256:"),
    }


def path_in(package: Package, file: Path) -> str:
    """The path of a file within the package, with slashes."""
    return file.relative_to(package.path).as_posix()


def copied(package: Package, file: Path, target: Path) -> Path:
    """Copy a file of the package to its path in another folder."""
    copy = target / path_in(package, file)
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
    return copy
