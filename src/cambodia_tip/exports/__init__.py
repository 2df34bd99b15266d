"""The tables in the forms that other tools read.

A format is one entry of `FORMATS` and one module, whose ``write`` makes the file or the folder.
What all formats share stands here: which tables go together, that the data are those of the
descriptor, and that a library is there. `atomic` sees to it that nothing is half written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from ..errors import ExportError, MissingLibraryError, check_text, shown, unknown_name
from ..package.atomic import all_or_nothing
from ..package.model import Package, Resource
from ..package.opening import package_or_installed
from ..package.table_names import TableName
from ..reading.files import text_rows

Write = Callable[[Package, Sequence[Resource], Path], None]
ExportFormat = Literal["csv", "duckdb", "jsonld", "parquet", "ro-crate", "sqlite", "xlsx"]


@dataclass(frozen=True)
class Format:
    """A form in which the tables can be exported; its extra and its module have its own name."""

    description: str
    libraries: tuple[str, ...] = ()
    is_partial: bool = False
    """Whether some tables can be exported without the others."""
    suffixes: tuple[str, ...] = ()
    """How the name of the file may end, the usual way first; a folder has none."""
    logs: tuple[str, ...] = ()
    """What the names of unfinished changes add to that of the file."""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, and no file."""
        return not self.suffixes


FORMATS: dict[ExportFormat, Format] = {
    "csv": Format("the data package itself, zipped", suffixes=(".zip",)),
    "duckdb": Format(
        "a DuckDB database with keys, checks, comments and a table of all figures",
        ("duckdb", "sqlalchemy"),
        is_partial=True,
        suffixes=(".duckdb", ".db", ".ddb"),
        logs=(".wal",),
    ),
    "jsonld": Format("a folder with the tables and their description in schema.org and Croissant"),
    "parquet": Format("a folder with a Parquet file for each table", ("pyarrow",), is_partial=True),
    "ro-crate": Format("a folder with the data package as an RO-Crate", ("rocrate",)),
    "sqlite": Format(
        "an SQLite database with keys, checks, a dictionary and a table of all figures",
        ("sqlalchemy",),
        is_partial=True,
        suffixes=(".sqlite", ".sqlite3", ".db", ".db3"),
        logs=("-wal", "-journal"),
    ),
    "xlsx": Format(
        "an Excel workbook with a sheet for each table and a codebook",
        ("xlsxwriter",),
        is_partial=True,
        suffixes=(".xlsx",),
    ),
}


def export(
    format: ExportFormat,
    target: str | os.PathLike[str],
    *,
    tables: Iterable[TableName] | None = None,
    force: bool = False,
    package: Package | None = None,
) -> Path:
    """Write the tables in a format for other tools.

    Args:
        format: ``csv``, ``duckdb``, ``jsonld``, ``parquet``, ``ro-crate``, ``sqlite`` or ``xlsx``.
        target: The file to write; for ``jsonld``, ``parquet`` and ``ro-crate`` the folder.
            The name of a file may not end like that of another format:
            ``csv`` makes a ``.zip``.
        tables: Only these tables and those that they need: the tables that they
            refer to, directly or through others, and the caveats of their rows. Not with
            ``csv``, ``jsonld`` and ``ro-crate``, which have the whole package.
        force: Whether to replace what is there. A folder is replaced only if
            it has no files but those that the new one has too.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        The path of what was written.

    Raises:
        UnknownNameError: If there is no such format or table.
        MissingLibraryError: If a library of the format is not installed.
        ExportError: If it cannot be written. What was at the target is as it
            was before.
        DataPackageError: If the data are not those of their descriptor.

    Examples:
        >>> import tempfile, zipfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = export("csv", f"{folder}/cambodia-tip.zip")
        ...     "datapackage.json" in zipfile.ZipFile(path).namelist()
        True
    """
    check_text("format", format)
    if format not in FORMATS:
        raise unknown_name("export format", format, FORMATS)
    package = package_or_installed(package)
    resources = tables_to_export(package, format, tables)
    write = _writer(format)
    path = Path(target)
    try:
        _check_target(format, path, str(target), force)
        with all_or_nothing([path]) as (new,):
            if FORMATS[format].is_folder:
                new.mkdir()
            for resource in resources:
                text_rows(resource)  # what is exported is what the descriptor names
            write(package, resources, new)
            _check_replaced(path, new)
    except OSError as error:
        reason = error.strerror or error
        raise ExportError(f"cannot write {shown(str(target))}: {reason}") from error
    return path


def tables_to_export(
    package: Package, format: ExportFormat, names: Iterable[str] | None
) -> tuple[Resource, ...]:
    """The tables that are exported if these are asked for, in the order of the descriptor.

    Raises:
        UnknownNameError: If there is no such table.
        ExportError: If none is named, or the format is of the whole package.
    """
    if names is None:
        return tuple(package.resources.values())
    if not FORMATS[format].is_partial:
        partial = ", ".join(name for name, kind in FORMATS.items() if kind.is_partial)
        raise ExportError(f"{format} is of the whole package; single tables can go to {partial}")
    wanted = [package.resource(name) for name in ([names] if isinstance(names, str) else names)]
    if not wanted:
        raise ExportError("no table is named; without any name, all tables are exported")
    found: set[str] = set()
    while wanted:
        resource = wanted.pop()
        if resource.name not in found:
            found.add(resource.name)
            needed = {key.resource for key in resource.foreign_keys}
            if "ids" in needed and "row_caveats" in package.resources:
                needed.add("row_caveats")
            wanted += map(package.resource, needed)
    return tuple(resource for resource in package.resources.values() if resource.name in found)


def _writer(format: ExportFormat) -> Write:
    for library in FORMATS[format].libraries:
        try:
            import_module(library)
        except ModuleNotFoundError as error:
            raise MissingLibraryError(
                f"export to {format} needs {error.name}; install it with: "
                f'python -m pip install "cambodia-tip[{format}]"'
            ) from None
    write: Write = import_module(f".{format.replace('-', '_')}", __name__).write
    return write


def _check_target(format: ExportFormat, path: Path, target: str, force: bool) -> None:
    """Refuse what `open` would take, or would refuse only when it is too late."""
    kind, name, suffix = FORMATS[format], shown(target), path.suffix.lower()
    known = {f".{each}" for each in FORMATS}.union(*(each.suffixes for each in FORMATS.values()))
    if not kind.is_folder and suffix in known.difference(kind.suffixes):
        usual = kind.suffixes[0]
        better = shown(path.with_suffix(usual).name)
        raise ExportError(f"{format} makes no {suffix} but a {usual}; name it {better}")
    if target in ("", "-") or not path.name or "\0" in target:
        raise ExportError(f"{name} is not the name of a file or folder")
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise ExportError(f"cannot write {name}: it is a device")
    if path.exists() and not force:
        raise ExportError(f"{name} already exists; --force (force=True) replaces it")
    # changes of another database that wait beside it would be made in the new one
    for place in (path, Path(os.path.realpath(path))):
        for log in (f"{place.name}{ending}" for ending in kind.logs):
            if os.path.lexists(place.with_name(log)):
                raise ExportError(
                    f"cannot write {shown(str(path))}: {shown(log)} has changes of another "
                    "database; close the program that has it open, or remove the file"
                )


def _check_replaced(path: Path, new: Path) -> None:
    """Refuse to replace a folder that has files of others."""
    if path.is_dir() and new.is_dir():
        there, made = ({f.relative_to(top) for f in top.rglob("*")} for top in (path, new))
        if others := there - made:
            raise ExportError(
                f"{shown(str(path))} is kept: it has {shown(str(min(others)))}, which is not of "
                "this export; remove it, or choose another folder"
            )
