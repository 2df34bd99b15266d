"""Read the tables that a descriptor lists, their schemas and the files that they name."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import DataPackageError, shown
from .json_files import read_object, twice
from .model import DESCRIPTOR, Field, ForeignKey, Resource, all_constraints
from .profile import check_properties

_LONGEST_PATTERN = 1000
"""A longer one may be nested more deeply than Python can read."""


def schema_file(folder: Path, entry: Mapping[str, Any]) -> Path | None:
    """The file with the schema of a resource; None if the schema is in the descriptor.

    Raises:
        DataPackageError: If its path leads out of the package.
    """
    schema = entry["schema"]
    return inside(folder, schema, str(schema)) if isinstance(schema, str) else None


def read_schema(folder: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a resource, from its file or from the descriptor.

    Raises:
        DataPackageError: If its file leads out of the package, or cannot be read.
    """
    file = schema_file(folder, entry)
    return read_object(file) if file else entry["schema"]


def check_resource(folder: Path, entry: dict[str, Any], where: str) -> None:
    """Check what a descriptor says of a table, and its schema.

    Raises:
        DataPackageError: If a property is wrong; the message says where.
    """
    check_properties(entry, "resource", where)
    where = f"{DESCRIPTOR}, table {entry['name']!r}"
    inside(folder, entry["path"], where)
    schema = read_schema(folder, entry)
    where = entry["schema"] if isinstance(entry["schema"], str) else where
    check_properties(schema, "schema", where)
    for index, field in enumerate(schema["fields"]):
        _check_field(field, f"{where}, field {index}")
    if doubles := twice(field["name"] for field in schema["fields"]):
        raise DataPackageError(f"{where}: there are two fields {doubles[0]!r}")
    for key in schema.get("foreignKeys", []):
        _check_foreign_key(key, f"{where}, foreign key")


def read_resource(folder: Path, entry: dict[str, Any]) -> Resource:
    """A table as a descriptor lists it, with its schema."""
    schema = read_schema(folder, entry)
    keys = schema.get("foreignKeys", [])
    return Resource(
        **{each: entry[each] for each in ("name", "title", "description", "bytes", "hash")},
        path=folder / entry["path"],
        fields=tuple(map(_read_field, schema["fields"])),
        primary_key=_names(schema["primaryKey"]),
        foreign_keys=tuple(_read_foreign_key(key, entry["name"]) for key in keys),
        label_field=schema.get("labelField"),
    )


def _read_field(entry: dict[str, Any]) -> Field:
    categories = entry.get("categories", [])
    return Field(
        **{name: entry[name] for name in ("name", "type", "title", "description", "example")},
        constraints=all_constraints(entry),
        categories={category["value"]: category["label"] for category in categories},
        printed_as={c["value"]: tuple(c["printedAs"]) for c in categories if "printedAs" in c},
        printed_in=entry.get("printedIn"),
        edtf=entry.get("edtf", False),
        is_address=entry.get("format") == "uri",
        sdmx_concept=entry.get("sdmxConcept"),
        sdmx_role=entry.get("sdmxRole"),
        differs=entry.get("differs", {}),
    )


def _check_field(entry: dict[str, Any], where: str) -> None:
    """The properties of a field, and what they must be to each other."""
    where = f"{where} ({entry['name']})" if "name" in entry else where
    check_properties(entry, "field", where)
    for category in entry.get("categories", []):
        check_properties(category, "category", f"{where}, category {category.get('value')!r}")
    for name in ("constraints", "furtherConstraints"):
        check_properties(entry.get(name, {}), "constraints", f"{where}, {name}")
    constraints = all_constraints(entry)
    type_, pattern = entry["type"], constraints.get("pattern", "")
    if len(pattern) > _LONGEST_PATTERN:
        raise DataPackageError(f"{where}: the pattern has more than {_LONGEST_PATTERN} characters")
    if "(?" in pattern:
        raise DataPackageError(
            f"{where}: the pattern has '(?', which is not in XML Schema regular expressions; "
            "write '(' in place of '(?:'"
        )
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise DataPackageError(f"{where}: the pattern cannot be read: {error}") from None
    for name in ("minimum", "maximum"):
        if name in constraints and not _is_limit(constraints[name], type_):
            raise DataPackageError(
                f"{where}: {name!r} must be a {type_}, not {constraints[name]!r}"
            )
    if "printedIn" in entry and type_ not in ("integer", "number"):
        raise DataPackageError(f"{where}: 'printedIn' is for a number, not for a {type_}")
    for name in ("enum", "pattern"):
        if name in constraints and type_ != "string":
            raise DataPackageError(f"{where}: {name!r} is for text, not for a {type_}")
    values = [category["value"] for category in entry.get("categories", [])]
    for name, codes in (("categories", values), ("enum", constraints.get("enum", []))):
        if codes and (doubles := twice(codes)):
            raise DataPackageError(f"{where}: {name!r} has {doubles[0]!r} twice")
    if values and constraints.get("enum") != values:
        raise DataPackageError(
            f"{where}: the constraint 'enum' must list the same values as 'categories'"
        )
    for name in ("trueValues", "falseValues"):
        if (name in entry) != (type_ == "boolean"):
            raise DataPackageError(f"{where}: {name!r} must be there for a boolean, and only there")


def _is_limit(value: object, type_: str) -> bool:
    if type_ == "date":
        try:
            return datetime.date.fromisoformat(str(value)).isoformat() == value
        except ValueError:
            return False
    if type_ == "integer":
        return isinstance(value, int)
    return type_ == "number" and isinstance(value, int | float) and math.isfinite(value)


def _check_foreign_key(entry: dict[str, Any], where: str) -> None:
    check_properties(entry, "foreignKey", where)
    check_properties(entry["reference"], "reference", where)
    if len(_names(entry["fields"])) != len(_names(entry["reference"]["fields"])):
        raise DataPackageError(f"{where}: both sides must have the same number of fields")


def _read_foreign_key(entry: dict[str, Any], resource: str) -> ForeignKey:
    target = entry["reference"]
    return ForeignKey(
        _names(entry["fields"]), target.get("resource") or resource, _names(target["fields"])
    )


def inside(folder: Path, path: str, where: str) -> Path:
    """The file that a path names, which must be in the package (as the standard asks).

    Raises:
        DataPackageError: If the path is a URL, is absolute, has a part ``..`` or a backslash,
            or is a link to a file elsewhere.
    """
    if "://" in path:
        raise DataPackageError(f"{where}: {path!r} is a URL; a package has its own files")
    target, parts = folder / path, PureWindowsPath(path)
    leads_out = f"{where}: the path {shown(path)} leads out of the package"
    if "\\" in path or path.startswith("/") or parts.drive or ".." in parts.parts:
        raise DataPackageError(leads_out)
    with suppress(OSError, RuntimeError, ValueError):  # a loop of links, a NUL
        if target.resolve().is_relative_to(folder.resolve()):
            return target
    raise DataPackageError(f"{leads_out} through a link")


def _names(value: str | list[str]) -> tuple[str, ...]:
    """One name or a list of names."""
    return (value,) if isinstance(value, str) else tuple(value)
