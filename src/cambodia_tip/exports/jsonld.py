"""The package as a dataset of schema.org, and in Croissant.

Both are vocabularies of JSON-LD: search engines read the first
(https://schema.org/Dataset), tools for machine learning the second, which adds what
the tables and columns are (https://docs.mlcommons.org/croissant/docs/croissant-spec.html).
One document carries both. Its addresses are relative, so that it works wherever the
folder lies.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..citation import dataset_item, documents
from ..citation_formats import Item, render
from ..frames import cast, read_text
from ..package import Field, Package, Resource

FILE = "croissant.json"
_CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_PLACE = "Cambodia"  # no property of a descriptor says what a package is about
_DATA_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "string": "sc:Text",
}
_TERMS_OF_CROISSANT = (
    "citeAs column conformsTo equivalentProperty extract field fileProperty fileObject fileSet "
    "format includes isLiveDataset jsonPath key md5 parentField path recordSet references regex "
    "repeated replace samplingRate separator source subField transform"
).split()


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a folder with the document (`FILE`) and beside it the CSV files that it describes."""
    target.mkdir(parents=True, exist_ok=True)
    for resource in resources:
        file = target / _path(package, resource)
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(resource.path, file)
    text = json.dumps(croissant(package, resources), ensure_ascii=False, indent=2)
    (target / FILE).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def schema_org(package: Package, base: str = "") -> dict[str, Any]:
    """The package as a Dataset of schema.org, for the landing page of a site.

    Args:
        package: The package.
        base: Address of the folder of the data package, absolute or relative
            to the page, with a slash at its end.
    """
    files = [
        {
            "@type": "DataDownload",
            "name": resource.path.name,
            "description": resource.description,
            "contentUrl": base + _path(package, resource),
            "encodingFormat": "text/csv",
            "contentSize": f"{resource.bytes} B",
            "sha256": resource.hash.removeprefix("sha256:"),
        }
        for resource in package.resources.values()
    ]
    head = {"@context": "https://schema.org/", "@type": "Dataset"}
    return {**head, **about(package), "distribution": files}


def croissant(package: Package, resources: Sequence[Resource]) -> dict[str, Any]:
    """The package in Croissant 1.0, with the tables in `resources` at their paths in it."""
    codes = _code_lists(resources)
    return {
        "@context": _context(),
        "@type": "sc:Dataset",
        **about(package),
        "conformsTo": _CONFORMS_TO,
        "citeAs": render(dataset_item(package), None, "bibtex"),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": _path(package, resource),
                "name": resource.path.name,
                "description": resource.description,
                "contentUrl": _path(package, resource),
                "encodingFormat": "text/csv",
                "contentSize": f"{resource.bytes} B",
                "sha256": resource.hash.removeprefix("sha256:"),
            }
            for resource in resources
        ],
        "recordSet": [
            *(_record_set(package, resource, codes) for resource in resources),
            *(_code_list(name, categories) for name, categories in codes.items()),
        ],
    }


def _context() -> dict[str, Any]:
    """The context that the specification gives."""
    context: dict[str, Any] = {term: f"cr:{term}" for term in _TERMS_OF_CROISSANT}
    context |= {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
    }
    return dict(sorted(context.items()))


def about(package: Package) -> dict[str, Any]:
    """What schema.org says of a dataset."""
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
    """The days that the figures cover, as an interval of ISO 8601."""
    days: list[str] = []
    for resource in package.resources.values():
        if any(field.sdmx_role == "measure" for field in resource.fields):
            table = read_text(resource)
            for name in {"period_start", "period_end"} & set(resource.field_names):
                days += table[name].dropna().to_list()
    return f"{min(days)}/{max(days)}" if days else None


def _path(package: Package, resource: Resource) -> str:
    return resource.path.relative_to(package.path).as_posix()


def _code_lists(resources: Sequence[Resource]) -> dict[str, Mapping[str, str]]:
    """The closed lists, each once, by the name of their column, and of its table if it has many."""
    lists: dict[str, Mapping[str, str]] = {}
    for resource in resources:
        for field in resource.fields:
            if field.categories and _code_list_of(resource, field, lists) is None:
                name = f"codes/{field.name}"
                lists[f"codes/{resource.name}.{field.name}" if name in lists else name] = (
                    field.categories
                )
    return lists


def _code_list_of(
    resource: Resource, field: Field, lists: Mapping[str, Mapping[str, str]]
) -> str | None:
    for name in (f"codes/{field.name}", f"codes/{resource.name}.{field.name}"):
        if lists.get(name) == field.categories:
            return name
    return None


def _code_list(name: str, categories: Mapping[str, str]) -> dict[str, Any]:
    value, label = f"{name}/value", f"{name}/label"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "dataType": "sc:Enumeration",
        "key": {"@id": value},
        "field": [
            {"@type": "cr:Field", "@id": value, "name": "value", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": label, "name": "label", "dataType": "sc:Text"},
        ],
        "data": [{value: code, label: words} for code, words in categories.items()],
    }


def _record_set(
    package: Package, resource: Resource, codes: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    rows = _rows_that_readers_misread(resource)
    return {
        "@type": "cr:RecordSet",
        "@id": resource.name,
        "name": resource.name,
        "description": resource.description,
        "key": [{"@id": f"{resource.name}/{name}"} for name in resource.primary_key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{resource.name}/{field.name}",
                "name": field.name,
                "description": _description(resource, field, codes),
                "dataType": "sc:URL" if field.is_address else _DATA_TYPES[field.type],
                **({} if rows else {"source": _source(package, resource, field)}),
            }
            for field in resource.fields
        ],
        **({"data": rows} if rows else {}),
    }


def _description(resource: Resource, field: Field, codes: Mapping[str, Mapping[str, str]]) -> str:
    """What the schema says of a column, and where its values lead.

    Croissant has `references` for that. mlcroissant joins the tables where it finds
    any, and loses rows or fails where links form a circle, as they do here.
    """
    links = [
        f" It refers to {key.resource}/{key.reference_fields[0]}."
        for key in resource.foreign_keys
        if key.fields == (field.name,)
    ]
    listed = f" Its codes are {_code_list_of(resource, field, codes)}." if field.categories else ""
    return f"{field.description}{listed}{''.join(links)}"


def _source(package: Package, resource: Resource, field: Field) -> dict[str, Any]:
    file = {"@id": _path(package, resource)}
    return {"fileObject": file, "extract": {"column": field.name}}


def _rows_that_readers_misread(resource: Resource) -> list[dict[str, Any]]:
    """The rows of a table whose text a reader that guesses types would change; else none.

    Croissant says what a column is, but mlcroissant lets pandas guess first:
    the code 0203 comes out as 203. Only rows in the document itself escape.
    """
    text = read_text(resource)
    guessed = pd.read_csv(resource.path)
    names = [field.name for field in resource.fields if field.type == "string"]
    if all(_cells(guessed[name]) == _cells(text[name]) for name in names):
        return []
    typed = cast(text, resource)
    days = [field.name for field in resource.fields if field.type == "date"]
    typed[days] = text[days]
    rows = json.loads(typed.to_json(orient="records"))
    return [{f"{resource.name}/{name}": cell for name, cell in row.items()} for row in rows]


def _cells(column: pd.Series) -> list[str]:
    return [
        "" if missing else str(cell) for cell, missing in zip(column, column.isna(), strict=True)
    ]
