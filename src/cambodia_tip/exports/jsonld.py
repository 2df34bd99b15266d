"""The package in JSON-LD: a dataset of schema.org, with its tables and columns in Croissant.

Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html) is what tools
for machine learning read; it adds to schema.org what is in the files. The addresses in
the document are relative, so that it works wherever the folder lies.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..citing.citation import dataset_item
from ..citing.formats import render
from ..package.model import Field, Package, Resource
from ..reading.frames import read_text
from .rows import rows_of
from .schema_org import about, copied, file, path_in

FILE = "croissant.json"
_CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
_DATA_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "string": "sc:Text",
}
_TERMS_OF_CROISSANT = (
    "annotation arrayShape citeAs column containedIn equivalentProperty excludes extract field "
    "fileObject fileProperty fileSet format includes isArray isLiveDataset jsonPath key md5 "
    "parentField path readLines recordSet references regex repeated replace samplingRate sdVersion "
    "separator source subField transform unArchive value"
).split()


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a folder with the document (`FILE`) and beside it the CSV files that it describes."""
    for resource in resources:
        copied(package, resource.path, target)
    text = json.dumps(croissant(package, resources), ensure_ascii=False, indent=2)
    (target / FILE).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def croissant(package: Package, resources: Sequence[Resource]) -> dict[str, Any]:
    """The package in Croissant 1.1, with the tables in `resources` at their paths in it."""
    codes = _code_lists(resources)
    return {
        "@context": _context(),
        "@type": "sc:Dataset",
        **about(package),
        "conformsTo": _CONFORMS_TO,
        "citeAs": render(dataset_item(package.descriptor), None, "bibtex"),
        "distribution": [
            {"@type": "cr:FileObject", "@id": about_file["contentUrl"], **about_file}
            for about_file in (file(package, resource) for resource in resources)
        ],
        "recordSet": [
            *(_record_set(package, resource, codes) for resource in resources),
            *(_code_list(name, categories) for name, categories in codes.items()),
        ],
    }


def _context() -> dict[str, Any]:
    """The context that the specification gives, and terms that mlcroissant misses otherwise."""
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
        "description": {"@container": "@language"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "name": {"@container": "@language"},
    }
    return dict(sorted(context.items()))


def _code_lists(resources: Sequence[Resource]) -> dict[str, Mapping[str, str]]:
    """The code lists, each once, by the name of their column, and of its table if it has many."""
    lists: dict[str, Mapping[str, str]] = {}
    for resource in resources:
        for field in resource.fields:
            if field.categories and _code_list_of(resource, field, lists) is None:
                name = f"codes/{field.name}"
                name = f"codes/{resource.name}.{field.name}" if name in lists else name
                lists[name] = field.categories
    return lists


def _code_list_of(
    resource: Resource, field: Field, lists: Mapping[str, Mapping[str, str]]
) -> str | None:
    for name in (f"codes/{field.name}", f"codes/{resource.name}.{field.name}"):
        if lists.get(name) == field.categories:
            return name
    return None


def _code_list(name: str, categories: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{name}/value"},
        "field": [
            {"@type": "cr:Field", "@id": f"{name}/{part}", "name": part, "dataType": "sc:Text"}
            for part in ("value", "label")
        ],
        "data": [{f"{name}/value": code, f"{name}/label": categories[code]} for code in categories],
    }


def _record_set(
    package: Package, resource: Resource, codes: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    rows = _rows_that_readers_misread(resource)
    source = {"fileObject": {"@id": path_in(package, resource.path)}}
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
                **({} if rows else {"source": {**source, "extract": {"column": field.name}}}),
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
    keys = [f"{resource.name}/{name}" for name in resource.field_names]
    cells = ((str(c) if isinstance(c, datetime.date) else c for c in r) for r in rows_of(resource))
    return [dict(zip(keys, row, strict=True)) for row in cells]


def _cells(column: pd.Series) -> list[str]:
    return list(column.astype(object).where(column.notna(), "").map(str))
