"""Find the data package and read its descriptor.

The descriptor and the Table Schemas beside it are the only place that says
what a table or a column is. This module reads them into a few small objects;
every other module works from those.

The standard is Data Package 2.0 (https://datapackage.org). Four properties are
this package's own: ``labelField`` of a schema names the column that is shown
to people in place of the key; ``printedIn`` of a field names the column whose
words must print the number; ``sdmxConcept`` and ``sdmxRole`` (dimension,
attribute or measure) say what a column of figures is in SDMX.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .errors import DataPackageError, unknown_name

DESCRIPTOR = "datapackage.json"
FIELD_TYPES = ("string", "integer", "number", "boolean", "date")
CONSTRAINTS: dict[str, type | tuple[type, ...]] = {
    "required": bool,
    "unique": bool,
    "enum": list,
    "pattern": str,
    "minimum": (int, float),
    "maximum": (int, float),
}
"""The constraints that this package checks, with the types that they may have."""


@dataclass(frozen=True)
class ForeignKey:
    """Fields of one table that must hold a key of another, or of the same one."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """A column, as its Table Schema describes it."""

    name: str
    type: str
    title: str
    description: str
    example: object
    constraints: Mapping[str, Any]
    categories: Mapping[str, str]
    """Codes of a closed list in their order, with their labels; empty for an open column."""
    printed_in: str | None
    sdmx_concept: str | None
    sdmx_role: str | None

    @property
    def concept(self) -> str:
        """Its name among all figures: the SDMX concept in small letters, else its own."""
        return self.sdmx_concept.lower() if self.sdmx_concept else self.name

    @property
    def required(self) -> bool:
        """Whether each row must have a value."""
        return bool(self.constraints.get("required", False))


@dataclass(frozen=True)
class Resource:
    """A table: its file and its Table Schema."""

    name: str
    title: str
    description: str
    path: Path
    bytes: int | None
    hash: str | None
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    label_field: str | None

    @property
    def field_names(self) -> tuple[str, ...]:
        """The columns in their order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name.

        Raises:
            UnknownNameError: If the table has no such column.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise unknown_name("column", name, self.field_names, self.name)


@dataclass(frozen=True)
class Package:
    """A data package: a folder with a descriptor."""

    path: Path
    descriptor: Mapping[str, Any]
    resources: Mapping[str, Resource]

    @property
    def version(self) -> str:
        """Version of data and code."""
        return str(self.descriptor["version"])

    def resource(self, name: str) -> Resource:
        """The table of that name.

        Raises:
            UnknownNameError: If there is none; the message names the nearest.
        """
        if not isinstance(name, str) or name not in self.resources:
            raise unknown_name("table", name, self.resources)
        return self.resources[name]


def package_path() -> Path:
    """Folder of the data package that belongs to this installation.

    Returns:
        The folder with ``datapackage.json``: inside the installed package, or
        at the top of the repository for a checkout and an editable install.

    Raises:
        DataPackageError: If neither is there.

    Examples:
        >>> (package_path() / "datapackage.json").is_file()
        True
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "datapackage", here.parents[1] / "datapackage"):
        if (folder / DESCRIPTOR).is_file():
            return folder
    raise DataPackageError("the installation has lost its data package; install cambodia-tip anew")


def open_package(path: str | Path | None = None) -> Package:
    """Read a descriptor and the schemas that it names.

    Args:
        path: Folder of a data package, or its ``datapackage.json``; without
            it, the data package of this installation.

    Raises:
        DataPackageError: If there is no data package at `path`, or its
            descriptor cannot be read; the message says where it is wrong.
    """
    return _installed_package() if path is None else _read_package(find_package(path))


def find_package(path: str | Path) -> Path:
    """The folder of the data package at a path, whatever its state.

    Raises:
        DataPackageError: If there is none.
    """
    folder = Path(path)
    if folder.name == DESCRIPTOR and not folder.is_dir():
        folder = folder.parent
    try:
        found = (folder / DESCRIPTOR).is_file()
    except (OSError, ValueError):  # a name too long, a NUL
        found = False
    if not found:
        raise DataPackageError(f"{str(path)!r} is no data package: it has no {DESCRIPTOR}")
    return folder


@cache
def _installed_package() -> Package:
    return _read_package(package_path())


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        DataPackageError: If it is missing, not UTF-8 or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataPackageError(f"{path.name} is missing") from None
    except UnicodeDecodeError as error:
        raise DataPackageError(f"{path.name} is not UTF-8 at byte {error.start}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataPackageError(f"{path.name} is no JSON: {error}") from None
    except OSError as error:
        raise DataPackageError(f"{path.name} cannot be read: {error.strerror}") from None


def _read_package(folder: Path) -> Package:
    descriptor = read_json(folder / DESCRIPTOR)
    if not isinstance(descriptor, dict):
        raise DataPackageError(f"{DESCRIPTOR} must hold an object")
    _get(descriptor, "version", str, DESCRIPTOR)
    resources: dict[str, Resource] = {}
    entries = _get(descriptor, "resources", list, DESCRIPTOR)
    if not entries:
        raise DataPackageError(f"{DESCRIPTOR} lists no tables")
    for index, entry in enumerate(entries):
        resource = _read_resource(folder, entry, f"{DESCRIPTOR}, resource {index}")
        if resource.name in resources:
            raise DataPackageError(f"{DESCRIPTOR} lists the table {resource.name!r} twice")
        resources[resource.name] = resource
    for resource in resources.values():
        _check_links(resource, resources)
    return Package(folder, descriptor, resources)


def _read_resource(folder: Path, entry: object, where: str) -> Resource:
    if not isinstance(entry, dict):
        raise DataPackageError(f"{where} must be an object")
    name = _get(entry, "name", str, where)
    where = f"{DESCRIPTOR}, table {name!r}"
    if _get(entry, "encoding", str, where, "utf-8").lower() != "utf-8":
        raise DataPackageError(f"{where}: the encoding must be utf-8")
    if "dialect" in entry:
        raise DataPackageError(f"{where}: files are plain CSV, without a dialect")
    path = _inside(folder, _get(entry, "path", str, where), where)
    schema = _get(entry, "schema", (str, dict), where)
    if isinstance(schema, str):
        where = schema
        schema = read_json(_inside(folder, schema, where))
        if not isinstance(schema, dict):
            raise DataPackageError(f"{where} must hold an object")
    if schema.get("missingValues", [""]) != [""]:
        raise DataPackageError(f"{where}: only the empty cell may stand for a missing value")
    fields = tuple(
        _read_field(field, f"{where}, field {index}")
        for index, field in enumerate(_get(schema, "fields", list, where))
    )
    names = [field.name for field in fields]
    if not fields or len(set(names)) < len(names):
        raise DataPackageError(f"{where}: fields must be there, each name once")
    return Resource(
        name=name,
        title=_get(entry, "title", str, where, name),
        description=_get(entry, "description", str, where, ""),
        path=path,
        bytes=_get(entry, "bytes", int, where, None),
        hash=_get(entry, "hash", str, where, None),
        fields=fields,
        primary_key=_names(schema, "primaryKey", where),
        foreign_keys=tuple(
            _read_foreign_key(key, name, where)
            for key in _get(schema, "foreignKeys", list, where, [])
        ),
        label_field=_get(schema, "labelField", str, where, None),
    )


def _read_field(entry: object, where: str) -> Field:
    if not isinstance(entry, dict):
        raise DataPackageError(f"{where} must be an object")
    name = _get(entry, "name", str, where)
    where = f"{where} ({name})"
    type_ = _get(entry, "type", str, where)
    if type_ not in FIELD_TYPES:
        raise DataPackageError(f"{where}: type {type_!r} is none of {', '.join(FIELD_TYPES)}")
    categories = {}
    for category in _get(entry, "categories", list, where, []):
        if isinstance(category, dict):
            value = _get(category, "value", str, where)
            categories[value] = _get(category, "label", str, where, value)
        elif isinstance(category, str):
            categories[category] = category
        else:
            raise DataPackageError(f"{where}: a category must be a string or an object")
    return Field(
        name=name,
        type=type_,
        title=_get(entry, "title", str, where, name),
        description=_get(entry, "description", str, where, ""),
        example=entry.get("example"),
        constraints=_read_constraints(entry, where),
        categories=categories,
        printed_in=_get(entry, "printedIn", str, where, None),
        sdmx_concept=_get(entry, "sdmxConcept", str, where, None),
        sdmx_role=_get(entry, "sdmxRole", str, where, None),
    )


def _read_constraints(entry: dict[str, Any], where: str) -> dict[str, Any]:
    constraints: dict[str, Any] = _get(entry, "constraints", dict, where, {})
    for name in constraints:
        if name not in CONSTRAINTS:
            known = ", ".join(CONSTRAINTS)
            raise DataPackageError(f"{where}: constraint {name!r} is none of {known}")
        _get(constraints, name, CONSTRAINTS[name], f"{where}, constraints")
    try:
        re.compile(constraints.get("pattern", ""))
    except re.error as error:
        raise DataPackageError(f"{where}: the pattern cannot be read: {error}") from None
    return constraints


def _read_foreign_key(entry: object, resource: str, where: str) -> ForeignKey:
    where = f"{where}, foreign key"
    if not isinstance(entry, dict):
        raise DataPackageError(f"{where} must be an object")
    reference = _get(entry, "reference", dict, where)
    fields = _names(entry, "fields", where)
    reference_fields = _names(reference, "fields", where)
    if not fields or len(fields) != len(reference_fields):
        raise DataPackageError(f"{where}: both sides must have the same number of fields")
    target = _get(reference, "resource", str, where, "") or resource
    return ForeignKey(fields, target, reference_fields)


def _check_links(resource: Resource, resources: Mapping[str, Resource]) -> None:
    """Every name in the schema must be there."""
    where = f"schema of {resource.name!r}"
    own = set(resource.field_names)
    named = [*resource.primary_key, *(name for key in resource.foreign_keys for name in key.fields)]
    named += [field.printed_in for field in resource.fields if field.printed_in]
    named += [resource.label_field] if resource.label_field else []
    for name in named:
        if name not in own:
            raise DataPackageError(f"{where}: there is no field {name!r}")
    for key in resource.foreign_keys:
        if key.resource not in resources:
            raise DataPackageError(f"{where}: there is no table {key.resource!r} to refer to")
        missing = set(key.reference_fields) - set(resources[key.resource].field_names)
        if missing:
            raise DataPackageError(f"{where}: {key.resource!r} has no field {min(missing)!r}")


def _inside(folder: Path, path: str, where: str) -> Path:
    """The file that a path names, which must lie in the package (as the standard asks)."""
    target = folder / path
    try:
        is_inside = target.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL
        is_inside = False
    if Path(path).is_absolute() or not is_inside:
        raise DataPackageError(f"{where}: the path {path!r} leads out of the package")
    return target


def _names(mapping: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """One name or a list of names."""
    value = _get(mapping, key, (str, list), where, [])
    names = [value] if isinstance(value, str) else value
    if not all(isinstance(name, str) for name in names):
        raise DataPackageError(f"{where}: {key!r} must hold names")
    return tuple(names)


_REQUIRED = object()


def _get(
    mapping: Mapping[str, Any],
    key: str,
    type_: type | tuple[type, ...],
    where: str,
    default: Any = _REQUIRED,
) -> Any:
    """A property of the descriptor, with its type checked."""
    if key not in mapping:
        if default is _REQUIRED:
            raise DataPackageError(f"{where} has no {key!r}")
        return default
    value = mapping[key]
    types = type_ if isinstance(type_, tuple) else (type_,)
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        wanted = " or ".join(t.__name__ for t in types)
        raise DataPackageError(f"{where}: {key!r} must be of type {wanted}")
    return value
