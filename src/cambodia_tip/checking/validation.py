"""Validate a data package as a whole: bytes, text, types, keys, links and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

from ..errors import DataPackageError, MissingLibraryError, check_text, unknown_name
from ..package.content_hash import content_hash
from ..package.installed import package_path
from ..package.model import DESCRIPTOR, Field, Package, Resource
from ..package.opening import find_package, open_package
from ..package.patterns import TOO_SLOW, matcher
from ..reading.files import differences, read_bytes
from ..report import Finding, Report, unique_findings
from . import (  # noqa: F401 - they register their rules
    meaning_rules,
    package_rules,
    quote_rules,
    restatements,
    table_rules,
)
from .cells import cell_tests
from .columns import TextTable, read_table
from .keys import check_foreign_keys, check_order
from .rows import NO_ROWS, check_text_of, independent
from .rows import check_rows as check_rows
from .rules import check_package_rules

Engine = Literal["memory", "duckdb"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
"""Where the tables are while they are checked."""


def validate(path: str | Path | None = None, *, engine: Engine = "memory") -> Report:
    """Check a whole data package.

    Text is checked before types, since a cast hides errors; then types, keys,
    foreign keys, hashes and sizes, and the rules of content.

    Args:
        path: Folder of a data package or its ``datapackage.json``; without
            it, the data package of this installation.
        engine: ``memory`` reads the tables into memory. ``duckdb`` keeps them in a database in
            the folder for temporary files, for packages that are larger than memory. It finds
            the same, takes longer, and needs the extra ``cambodia-tip[duckdb]``.

    Returns:
        A report, whose `findings` say what is wrong. Errors in the data never raise.

    Raises:
        DataPackageError: If there is no data package at `path`.
        UnknownNameError: If there is no such engine.
        MissingLibraryError: If DuckDB is asked for and not installed.

    Examples:
        >>> validate().valid
        True
    """
    check_text("engine", engine)
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    check_tables = _check_tables
    if engine == "duckdb":
        try:
            from .out_of_core import check_tables
        except ModuleNotFoundError as error:
            raise MissingLibraryError(
                f"the engine duckdb needs {error.name}; install it with: "
                'python -m pip install "cambodia-tip[duckdb]"'
            ) from None
    folder = find_package(path) if path is not None else None
    try:
        package = open_package(folder or package_path())
    except DataPackageError as error:
        return Report((Finding(DESCRIPTOR, "", "", "descriptor", str(error)),), "descriptor")
    found, rows = check_tables(package, [*check_descriptor(package)])
    name = "installed data package" if folder is None else str(folder)
    checked = f"{name} {package.version}, {len(package.resources)} tables, {rows} rows"
    return Report(unique_findings(found), checked)


def _check_tables(package: Package, known: list[Finding]) -> tuple[list[Finding], int]:
    """What is wrong with the tables, after what is known of the descriptor; and their rows."""
    tables: dict[str, TextTable] = {}
    for name, resource in package.resources.items():
        table, found = check_table(resource)
        known += found
        if table is not None:
            tables[name] = table
    return known + check_links(package, tables, known), sum(map(len, tables.values()))


def check_descriptor(package: Package) -> Iterator[Finding]:
    """What can be said of the descriptor without the tables."""
    for resource in package.resources.values():
        for field in resource.fields:
            place = f"schema of {resource.name!r}, field {field.name!r}"
            pattern, text = field.constraints.get("pattern"), field.example
            if pattern and not matcher(pattern):
                message = f"{place}: the pattern {pattern!r} {TOO_SLOW}"
                yield Finding(DESCRIPTOR, "", "", "pattern-limit", message)
            broken = (wanted for _, wanted, is_right in cell_tests(field) if not is_right(text))
            for wanted in islice(broken, 1):
                message = f"{place}: the example {text!r} {wanted}"
                yield Finding(DESCRIPTOR, "", "", "example", message)
    yield from check_shared_columns(package)
    found = content_hash(package.path, package.descriptor)
    if found != package.descriptor["contentHash"]:
        message = (
            f"descriptor and schemas differ from the content hash; their hash is {found}; "
            "restore them, or run cambodia-tip stamp after an edit"
        )
        yield Finding(DESCRIPTOR, "", "contentHash", "content-hash", message)


def check_shared_columns(package: Package) -> Iterator[Finding]:
    """A column name means the same thing in every table, unless its schema says why not."""
    fields: dict[str, list[tuple[str, Field]]] = {}
    for resource in package.resources.values():
        for field in resource.fields:
            fields.setdefault(field.name, []).append((resource.name, field))
    for name, columns in fields.items():
        for what in ("type", "description"):
            told = [getattr(f, what) for _, f in columns if what not in f.differs]
            usual = max(told, key=told.count, default="")
            for table, field in columns:
                if what not in field.differs and getattr(field, what) != usual:
                    message = (
                        f"schema of {table!r}, field {name!r}: the {what} must be the same as in "
                        f"other tables, {usual!r:.80}, or 'differs' must give the reason"
                    )
                    yield Finding(DESCRIPTOR, "", "", "shared-column", message)


def check_table(resource: Resource) -> tuple[TextTable | None, list[Finding]]:
    """Check what can be seen in one table alone: its file, cells, keys and rules.

    Returns:
        The table, without the texts that have no meaning, and the findings; no
        table if the file has errors, of which cells are checked in the rows that can be read.
    """
    name = resource.name
    try:
        content = read_bytes(resource)
    except DataPackageError as error:
        return None, [Finding(name, "", "", "file", str(error).partition(": ")[2])]
    findings = [Finding(name, "", "", *found) for found in differences(resource, content)]
    table, errors = read_table(resource, content)
    findings += [Finding(name, f"line {e.line}", "", e.rule, e.message) for e in errors]
    if errors:  # keys, links and rules would tell of the rows that are missing
        return None, findings + [finding for _, finding in check_text_of(table)]
    if not len(table):
        findings.append(Finding(name, "", "", "rows", NO_ROWS))
    findings += check_order(table)
    findings += check_rows(table)
    return table, findings


def check_links(
    package: Package, tables: Mapping[str, TextTable], known: list[Finding]
) -> list[Finding]:
    """Check what can be seen in several tables together: links and the rules about them."""
    findings = [f for table in tables.values() for f in check_foreign_keys(table, tables)]
    return findings + independent(check_package_rules(package, tables), [*known, *findings])
