"""Lenient reader for releases of a data package: a folder, a wheel or a zip.

`open_package` refuses what this version does not know. To compare versions, the descriptor, schemas
and tables of an older one are enough as plain JSON and text. Nothing is unpacked to the disk.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import DataPackageError, shown
from ..package.descriptor import inside
from ..package.installed import package_path
from ..package.json_files import parse_object
from ..package.model import DESCRIPTOR, all_constraints
from ..package.opening import find_package
from ..package.regular_files import read_regular
from ..reading.csv_text import parse, raise_first

_TOPS = ("", "datapackage/", "cambodia_tip/datapackage/")
"""Where the package is in a zip of it, in one of its folder, and in a wheel."""
_SMALL, _MOST_FOLDED = 1 << 20, 100
"""A larger file that was packed to a smaller part than one in a hundred is a trap, not a table."""
_SPOILT = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What Python raises if an archive is cut off, damaged or locked with a password."""

Read = Callable[[str, object], bytes]
"""Reads a file of a release, given its path and its size as the descriptor states it."""


@dataclass(frozen=True)
class Column:
    """A column; one that the schema does not describe has no properties."""

    properties: Mapping[str, Any]
    constraints: Mapping[str, Any]
    codes: Mapping[str, Mapping[str, Any]]
    """The codes of a code list in their order, with what is said of each."""


@dataclass(frozen=True)
class Table:
    """A table with its properties as they are written, and its cells as text."""

    name: str
    properties: Mapping[str, Any]
    """Those of its entry in the descriptor and of its schema, without columns and links."""
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    links: Mapping[str, tuple[str, tuple[str, ...]]]
    """Each foreign key as text, with the table that it refers to and the columns it is of."""
    header: list[str]
    rows: list[list[str]]

    def __str__(self) -> str:
        return f"{len(self.columns)} columns, {len(self.rows)} rows"


@dataclass(frozen=True)
class Release:
    """A data package with its properties as they are written."""

    properties: Mapping[str, Any]
    tables: Mapping[str, Table]

    @property
    def version(self) -> str:
        """Its version, empty if the descriptor names none."""
        return str(self.properties.get("version", ""))


def read_release(path: str | Path | None) -> Release:
    """Read a folder, a wheel or a zip; without a path the package of this installation.

    Raises:
        DataPackageError: If there is no data package, or it cannot be read.
    """
    place = package_path() if path is None else path
    where = shown(str(place))
    try:
        if Path(place).is_file() and Path(place).name != DESCRIPTOR:
            with zipfile.ZipFile(place) as archive:
                return _read(partial(_from_archive, archive, _top(archive)))
        return _read(partial(_from_folder, find_package(place)))
    except DataPackageError as error:  # of two sides, the error has to say which it is about
        if str(error).startswith(where):
            raise
        raise DataPackageError(f"{where}: {error}") from None
    except (OSError, ValueError, *_SPOILT) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataPackageError(f"{where} cannot be read: {reason}") from None


def _from_folder(folder: Path, name: str, size: object) -> bytes:
    try:
        return read_regular(inside(folder, name, DESCRIPTOR))
    except OSError as error:
        raise DataPackageError(f"{shown(name)} cannot be read: {error.strerror}") from None


def _top(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    for top in _TOPS:
        if top + DESCRIPTOR in names:
            return top
    places = " or ".join(top + DESCRIPTOR for top in _TOPS)
    raise DataPackageError(f"is not a data package: it has no {places}")


def _from_archive(archive: zipfile.ZipFile, top: str, name: str, size: object) -> bytes:
    found = [entry for entry in archive.infolist() if entry.filename == top + name]
    if len(found) != 1:
        raise DataPackageError(f"{shown(name)} is {'twice' if found else 'not'} in the archive")
    (entry,) = found
    if size is not None and entry.file_size != size:
        message = f"has {entry.file_size} bytes in place of {shown(size)}, as the descriptor says"
        raise DataPackageError(f"{shown(name)} {message}")
    if entry.file_size > max(_SMALL, _MOST_FOLDED * entry.compress_size):
        raise DataPackageError(f"{shown(name)} is too large: {entry.file_size} bytes")
    return archive.read(entry)


def _read(read: Read) -> Release:
    descriptor = parse_object(read(DESCRIPTOR, None), DESCRIPTOR)
    tables: dict[str, Table] = {}
    try:
        for entry in descriptor["resources"]:
            name = entry["name"]
            if name in tables:
                raise DataPackageError(f"{DESCRIPTOR} lists the table {shown(name)} twice")
            tables[name] = _table(entry, read)
    except (AttributeError, KeyError, TypeError) as error:
        where = f"{DESCRIPTOR}, table {len(tables) + 1}"
        raise DataPackageError(f"{where}: not in the form of the standard: {error!r}") from None
    return Release(descriptor, tables)


def _table(entry: Mapping[str, Any], read: Read) -> Table:
    path, schema = entry["path"], entry["schema"]
    if isinstance(schema, str):
        schema = parse_object(read(schema, None), schema)
    text = parse(read(path, entry.get("bytes")))
    raise_first((error for error in text.errors if not error.is_lossless), path)
    columns = {field["name"]: _column(field) for field in schema["fields"]}
    key = _names(schema.get("primaryKey", ()))
    own = {"missingValues": [""], **schema, **entry, "primaryKey": list(key)}
    return Table(
        name=entry["name"],
        properties=_without(own, "fields", "foreignKeys", "schema", "bytes", "hash"),
        columns={**columns, **{n: Column({}, {}, {}) for n in text.header if n not in columns}},
        key=key,
        links=dict(_link(link, entry["name"]) for link in schema.get("foreignKeys", ())),
        header=text.header,
        rows=text.rows,
    )


def _column(field: Mapping[str, Any]) -> Column:
    constraints = all_constraints(field)
    listed = field.get("categories") or constraints.get("enum") or []
    codes = [code if isinstance(code, dict) else {"value": code} for code in listed]
    return Column(
        _without(field, "constraints", "furtherConstraints", "categories"),
        _without(constraints, "enum"),
        {str(code["value"]): _without(code, "value") for code in codes},
    )


def _link(link: Mapping[str, Any], table: str) -> tuple[str, tuple[str, tuple[str, ...]]]:
    reference, columns = link["reference"], _names(link["fields"])
    target = reference.get("resource") or ""
    there = " ".join([target, *_names(reference["fields"])]).strip()
    return f"{', '.join(columns)} to {there}", (target or table, columns)


def _names(value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else tuple(value)
    "".join(names)  # raises a TypeError if one is not a text
    return names


def _without(properties: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in names}
