"""Find the data package and read its descriptor.

The descriptor and the Table Schemas beside it are the only place that says
what a table or a column is. This module reads them into a few small objects;
every other module works from those.

The standard is Data Package 2.0 (https://datapackage.org). ``profile.json`` describes
the properties that this package adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from ..errors import DataPackageError, FolderNotFoundError, shown
from .descriptor import check_resource, read_resource
from .installed import package_path
from .json_files import read_object
from .model import DESCRIPTOR, Package, Resource
from .profile import check_properties

_ONE_AT_A_TIME = Lock()


def open_package(path: str | Path | None = None) -> Package:
    """Read a descriptor and the schemas that it names; check those of another package.

    Args:
        path: Folder of a data package, or its ``datapackage.json``; without
            it, the data package of this installation.

    Raises:
        FolderNotFoundError: If there is no data package at `path`.
        DataPackageError: If its descriptor cannot be read; the message says
            where it is wrong.
    """
    if path is not None:
        return _check_and_read(find_package(path))
    with _ONE_AT_A_TIME:  # or two threads would each read it, and warn of it
        return _installed_package()


def package_or_installed(package: Package | None) -> Package:
    """The package that a function was given, or the installed one if it was given none.

    Raises:
        TypeError: If it was given something else, such as a path.
    """
    if package is None:
        return open_package()
    if not isinstance(package, Package):
        given = type(package).__name__
        raise TypeError(f"package must be a DataPackage from open_package, not {given}")
    return package


def find_package(path: str | Path) -> Path:
    """The folder of the data package at a path, whatever its state.

    Raises:
        FolderNotFoundError: If there is none.
    """
    folder = Path(path)
    try:
        if folder.name == DESCRIPTOR and not folder.is_dir():
            folder = folder.parent
        found = bool(str(path)) and (folder / DESCRIPTOR).is_file()
    except (OSError, ValueError):  # a name too long, a NUL
        found = False
    if not found:
        hint = "; unzip it first" if folder.suffix in (".zip", ".whl") else ""
        raise FolderNotFoundError(
            f"{shown(str(path))} is not a data package ({DESCRIPTOR} not found){hint}"
        )
    return folder


@cache
def _installed_package() -> Package:
    """The installed package, checked only if it cannot be read: `validate` checks each release."""
    folder = package_path()
    try:
        return _read_package(folder, read_object(folder / DESCRIPTOR))
    except (LookupError, TypeError, AttributeError, ValueError):
        return _check_and_read(folder)


def _check_and_read(folder: Path) -> Package:
    descriptor = read_object(folder / DESCRIPTOR)
    check_properties(descriptor, "package", DESCRIPTOR)
    for index, entry in enumerate(descriptor["resources"]):
        check_resource(folder, entry, f"{DESCRIPTOR}, resource {index}")
    return _read_package(folder, descriptor)


def _read_package(folder: Path, descriptor: dict[str, Any]) -> Package:
    resources: dict[str, Resource] = {}
    for entry in descriptor["resources"]:
        resource = read_resource(folder, entry)
        if resource.name in resources:
            raise DataPackageError(f"{DESCRIPTOR} lists the table {resource.name!r} twice")
        resources[resource.name] = resource
    for resource in resources.values():
        _check_links(resource, resources)
    linked = {name: _with_patterns(resource, resources) for name, resource in resources.items()}
    return Package(folder, descriptor, linked)


def _with_patterns(resource: Resource, resources: Mapping[str, Resource]) -> Resource:
    """The table, with the pattern of each key also for the columns that refer to it.

    A schema states it once. Rows that are checked without their links need it as well.
    """
    fields = {field.name: field for field in resource.fields}
    for key in resource.foreign_keys:
        for name, reference in zip(key.fields, key.reference_fields, strict=True):
            of_key = resources[key.resource].field(reference).constraints
            if "pattern" in of_key:
                own = {"pattern": of_key["pattern"], **fields[name].constraints}
                fields[name] = replace(fields[name], constraints=own)
    return replace(resource, fields=tuple(fields.values()))


def _check_links(resource: Resource, resources: Mapping[str, Resource]) -> None:
    """Every name in the schema must be there."""
    where = f"schema of {resource.name!r}"
    own = resource.field_names
    named = [*resource.primary_key, *(name for key in resource.foreign_keys for name in key.fields)]
    named += filter(None, [*(f.printed_in for f in resource.fields), resource.label_field])
    for name in named:
        if name not in own:
            raise DataPackageError(f"{where}: there is no field {name!r}")
    for key in resource.foreign_keys:
        if key.resource not in resources:
            raise DataPackageError(f"{where}: there is no table {key.resource!r} to refer to")
        target = resources[key.resource]
        missing = set(key.reference_fields) - set(target.field_names)
        if missing:
            raise DataPackageError(f"{where}: {key.resource!r} has no field {min(missing)!r}")
        if key.reference_fields != target.primary_key:
            wanted = ", ".join(target.primary_key)
            raise DataPackageError(
                f"{where}: a link to {key.resource!r} must lead to its key, {wanted}"
            )
