"""Read any data package of this kind, also an old one or one in an archive, asking little of it.

`package` reads the package of this version and refuses what the checks do not know.
To say what changed since an older version, its descriptor, schemas and tables are
enough as plain JSON and text. Archives are read in memory, and nothing is unpacked.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ..errors import DataPackageError, shown
from ..package.model import DESCRIPTOR
from ..package.opening import find_package, package_path

_MOST_BYTES = 1 << 28
"""A file in an archive that unfolds to more is no table of this package, but a trap."""

_SPOILT = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, UnicodeDecodeError),
)
"""What Python raises where an archive is cut off, damaged, or locked with a password."""


@dataclass(frozen=True)
class PlainTable:
    """A table with its properties as they are written, and its cells as text."""

    name: str
    properties: Mapping[str, Any]
    schema: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, Any]]
    """The columns in their order; a column that the schema does not describe has no properties."""
    cells: Mapping[str, tuple[str, ...]]
    """The cells of each column that the file has."""
    number_of_rows: int

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key."""
        return names(self.schema.get("primaryKey", ()))


@dataclass(frozen=True)
class PlainPackage:
    """A data package with its properties as they are written."""

    properties: Mapping[str, Any]
    tables: Mapping[str, PlainTable]

    @property
    def version(self) -> str:
        """Its version, empty if the descriptor names none."""
        return str(self.properties.get("version", ""))


def read_plain(path: str | Path | None) -> PlainPackage:
    """Read a folder, a wheel or a zip; without a path the package of this installation.

    Raises:
        DataPackageError: If there is no data package, or it cannot be read.
    """
    if path is None:
        return _read(_folder_reader(package_path()))
    where = shown(str(path))
    try:
        return _read_place(path, where)
    except DataPackageError as error:  # of two sides, the error has to say which it is about
        if str(error).startswith(where):
            raise
        raise DataPackageError(f"{where}: {error}") from None


def _read_place(path: str | Path, where: str) -> PlainPackage:
    place = Path(path)
    try:
        is_archive = place.is_file() and place.name != DESCRIPTOR
        is_zip = is_archive and zipfile.is_zipfile(place)
    except (OSError, ValueError):  # a name too long, a NUL
        is_archive = is_zip = False
    if is_archive and not is_zip:
        raise DataPackageError(f"{where} is no folder, no wheel and no zip")
    if not is_archive:
        return _read(_folder_reader(find_package(path)))
    try:
        with zipfile.ZipFile(place) as archive:
            return _read(_archive_reader(archive, where))
    except _SPOILT as error:
        raise DataPackageError(f"{where} cannot be unpacked: {error}") from None
    except OSError as error:
        raise DataPackageError(f"{where} cannot be read: {error.strerror}") from None


def names(value: Any) -> tuple[str, ...]:
    """One name or a list of names."""
    return (value,) if isinstance(value, str) else tuple(value)


def _folder_reader(folder: Path) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        try:
            file = (folder / name).resolve()
            if not file.is_relative_to(folder.resolve()):
                raise DataPackageError(f"the path {shown(name)} leads out of the package")
            return file.read_bytes()
        except FileNotFoundError:
            raise DataPackageError(f"{shown(name)} is missing") from None
        except (OSError, ValueError, RuntimeError) as error:
            if isinstance(error, DataPackageError):
                raise
            raise DataPackageError(f"{shown(name)} cannot be read") from None

    return read


def _archive_reader(archive: zipfile.ZipFile, where: str) -> Callable[[str], bytes]:
    entries = {entry.filename: entry for entry in archive.infolist()}
    for name in entries:
        if _leads_out(name):
            raise DataPackageError(f"{where} holds {shown(name)}, which leads out of it")
    found = sorted(
        (PurePosixPath(name) for name in entries if PurePosixPath(name).name == DESCRIPTOR),
        key=lambda file: len(file.parts),
    )
    if not found:
        raise DataPackageError(f"{where} is no data package: it has no {DESCRIPTOR}")
    if len(found) > 1 and len(found[0].parts) == len(found[1].parts):
        raise DataPackageError(f"{where} holds two data packages: {found[0]} and {found[1]}")
    top = found[0].parent

    def read(name: str) -> bytes:
        entry = entries.get((top / name).as_posix())
        if entry is None:
            raise DataPackageError(f"{where}: {shown(name)} is missing")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataPackageError(f"{where}: {shown(name)} is packed in a way that wheels are not")
        if entry.file_size > _MOST_BYTES:
            raise DataPackageError(f"{where}: {shown(name)} is too large")
        return archive.read(entry)

    return read


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _read(read: Callable[[str], bytes]) -> PlainPackage:
    descriptor = _object(DESCRIPTOR, read(DESCRIPTOR))
    tables: dict[str, PlainTable] = {}
    for entry in _objects(descriptor, "resources", DESCRIPTOR, needs=("name", "path", "schema")):
        if entry["name"] in tables:
            raise DataPackageError(f"{DESCRIPTOR} lists the table {shown(entry['name'])} twice")
        tables[entry["name"]] = _table(entry, read)
    return PlainPackage(descriptor, tables)


def _table(entry: Mapping[str, Any], read: Callable[[str], bytes]) -> PlainTable:
    name, path, schema = entry["name"], entry["path"], entry["schema"]
    where = f"schema of {shown(name)}"
    if not isinstance(path, str):
        raise DataPackageError(f"{DESCRIPTOR}: the table {shown(name)} must have one path")
    if isinstance(schema, str):
        schema = _object(schema, read(_inside(schema)))
    if not isinstance(schema, dict):
        raise DataPackageError(f"{where}: must be an object or the path of one")
    header, rows = _rows(path, read(_inside(path)))
    described = {field["name"]: field for field in _objects(schema, "fields", where, ("name",))}
    _check_form(schema, described, where)
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return PlainTable(
        name=name,
        properties=entry,
        schema=schema,
        fields={**described, **{column: {} for column in header if column not in described}},
        cells=dict(zip(header, map(tuple, columns), strict=True)),
        number_of_rows=len(rows),
    )


def _inside(path: str) -> str:
    if _leads_out(path):
        raise DataPackageError(f"the path {shown(path)} leads out of the package")
    return path


def _check_form(
    schema: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]], where: str
) -> None:
    """The parts of a schema that are looked into must be what the standard says they are."""
    keys = [schema.get("primaryKey", ())]
    for link in _objects(schema, "foreignKeys", where, ("fields", "reference"), ()):
        reference = link["reference"]
        if not isinstance(reference, dict):
            raise DataPackageError(f"{where}: the 'reference' of a foreign key must be an object")
        if not isinstance(reference.get("resource", ""), str):
            raise DataPackageError(f"{where}: the table of a foreign key must be a name")
        keys += [link["fields"], reference.get("fields")]
    for key in keys:
        is_list = isinstance(key, list | tuple) and all(isinstance(name, str) for name in key)
        if not (is_list or isinstance(key, str)):
            raise DataPackageError(f"{where}: a key must be a name or a list of names")
    for name, field in fields.items():
        for part in ("constraints", "furtherConstraints"):
            if not isinstance(field.get(part, {}), dict):
                raise DataPackageError(f"{where}: the {part} of {shown(name)} must be an object")
        constraints = field.get("constraints", {})
        for codes in (field.get("categories", []), constraints.get("enum", [])):
            if not isinstance(codes, list) or any(
                isinstance(code, dict) and "value" not in code for code in codes
            ):
                raise DataPackageError(f"{where}: the codes of {shown(name)} must be a list")


def _objects(
    parent: Mapping[str, Any], name: str, where: str, needs: tuple[str, ...], default: Any = None
) -> list[dict[str, Any]]:
    """The list of objects under a property, each with the properties that it needs."""
    found = parent.get(name, default)
    if not isinstance(found, list | tuple) or not all(isinstance(entry, dict) for entry in found):
        raise DataPackageError(f"{where}: {name!r} must be a list of objects")
    for entry in found:
        for need in needs:
            if need not in entry or (need == "name" and not isinstance(entry[need], str)):
                raise DataPackageError(f"{where}: an entry of {name!r} has no {need!r}")
    return list(found)


def _object(name: str, content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8"))
        json.dumps(found, ensure_ascii=False).encode()  # half a sign cannot be printed later
    except (ValueError, RecursionError) as error:
        raise DataPackageError(f"{shown(name)} is no JSON in UTF-8: {error}") from None
    if not isinstance(found, dict):
        raise DataPackageError(f"{shown(name)} must hold an object")
    return found


def _rows(name: str, content: bytes) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file; blank lines are no rows."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        header = next(reader, [])
        rows = []
        for row in reader:
            if row and len(row) != len(header):
                raise DataPackageError(
                    f"{shown(name)}, line {reader.line_num}: has {len(row)} cells, "
                    f"the header {len(header)}"
                )
            rows += [row] if row else []
    except UnicodeDecodeError as error:
        raise DataPackageError(f"{shown(name)} is not UTF-8 at byte {error.start}") from None
    except csv.Error as error:
        raise DataPackageError(f"{shown(name)} is no CSV: {error}") from None
    if len(set(header)) < len(header):
        raise DataPackageError(f"{shown(name)} has a column twice")
    return header, rows
