"""The data package as a research object: its files, and what each of them is.

The standard is RO-Crate 1.2 (https://w3id.org/ro/crate/1.2), whose metadata is a flat
list of things in JSON-LD; what is said of the dataset is what `schema_org` says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..package.descriptor import schema_file
from ..package.model import DESCRIPTOR, Package, Resource
from .schema_org import about, copied, one, path_in


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Write a folder with the files of the data package and ``ro-crate-metadata.json``."""
    from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

    crate, descriptor = ROCrate(version="1.2"), package.descriptor
    for name, value in about(package).items():
        crate.root_dataset[name] = _referenced(crate, value)
    number = {"@type": "PropertyValue", "name": "Content hash", "propertyID": "contentHash"}
    number["value"] = descriptor["contentHash"]
    crate.root_dataset["identifier"] = _referenced(crate, number)
    licenses = [
        _add(crate, path, {"@type": "CreativeWork", "name": title, "description": "Of the data."})
        for path, title in ((each["path"], each["title"]) for each in descriptor["licenses"])
    ]
    crate.root_dataset["license"] = one(licenses)
    for file, properties in _files(package, resources).items():
        copy = copied(package, file, target)
        content = copy.read_bytes()
        measured = {"contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}
        path = path_in(package, file)
        crate.add_file(copy, dest_path=path, properties={**properties, **measured})
    crate.write(target)


def _files(package: Package, resources: Sequence[Resource]) -> dict[Path, dict[str, Any]]:
    """The files of the data package, each with what it is."""
    files: dict[Path, dict[str, Any]] = {
        package.path / DESCRIPTOR: {
            "name": "Descriptor of the data package",
            "description": "What each table, column and code is, in Data Package 2.0.",
            "encodingFormat": "application/json",
        }
    }
    entries = {entry["name"]: entry for entry in package.descriptor["resources"]}
    for resource in resources:
        table = files[resource.path] = {
            "name": resource.title,
            "description": resource.description,
            "encodingFormat": "text/csv",
        }
        schema = schema_file(package.path, entries[resource.name])
        if schema:
            table["conformsTo"] = {"@id": path_in(package, schema)}
            files[schema] = {
                "name": f"Table Schema of {resource.title}",
                "description": f"The columns, keys and rules of the table {resource.name}.",
                "encodingFormat": "application/json",
            }
    return files


def _referenced(crate: Any, value: Any) -> Any:
    """A value with each thing in it put into the list, and referred to in its place."""
    if isinstance(value, list):
        return [_referenced(crate, part) for part in value]
    if not isinstance(value, dict):
        return value
    properties = {name: _referenced(crate, part) for name, part in value.items()}
    return _add(crate, _identifier(value), properties)


def _add(crate: Any, identifier: str, properties: Mapping[str, Any]) -> dict[str, str]:
    crate.add_or_update_jsonld({"@id": identifier, **properties})
    return {"@id": identifier}


def _identifier(thing: Mapping[str, Any]) -> str:
    """The URL of a thing, or else a name within the crate."""
    words = re.findall(r"[A-Za-z0-9]+", f"{thing['@type']} {thing['name']}")
    return str(thing.get("url") or f"#{'-'.join(words)}")
