"""Validate a data package as a whole: bytes, text, types, keys, links and rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from ..errors import DataPackageError
from ..package.content_hash import content_hash
from ..package.model import DESCRIPTOR, Field, Package, Resource
from ..package.opening import find_package, open_package, package_path
from ..reading.files import differences, read_bytes
from ..report import Finding, Report, unique_findings
from . import (  # noqa: F401 - they register their rules
    conflicts,
    meaning_rules,
    package_rules,
    quote_rules,
    restatements,
    table_rules,
)
from .cells import cell_tests, check_cells
from .columns import TextTable, read_table
from .keys import check_foreign_keys, check_order, check_unique
from .patterns import matcher
from .rules import Registered, check_package_rules, check_table_rules

_UNUSABLE = ("blanks", "formula", "type", "enum")
"""Rules of which a text that breaks them has no meaning, so that no other rule looks at it."""


def validate(path: str | Path | None = None) -> Report:
    """Check a whole data package.

    Text is checked before types, since a cast hides errors; then types, keys,
    foreign keys, hashes and sizes, and the rules of content.

    Args:
        path: Folder of a data package or its ``datapackage.json``; without
            it, the data package of this installation.

    Returns:
        A report, whose `findings` say what is wrong. Errors in the data never raise.

    Raises:
        DataPackageError: If there is no data package at `path`.

    Examples:
        >>> validate().valid
        True
    """
    folder = find_package(path) if path is not None else None
    try:
        package = open_package(folder or package_path())
    except DataPackageError as error:
        return Report((Finding(DESCRIPTOR, "", "", "descriptor", str(error)),), "descriptor")
    findings = [*check_descriptor(package)]
    tables: dict[str, TextTable] = {}
    for name, resource in package.resources.items():
        table, found = check_table(resource)
        findings += found
        if table is not None:
            tables[name] = table
    findings += check_links(package, tables, findings)
    name = "installed data package" if folder is None else str(folder)
    rows = sum(map(len, tables.values()))
    checked = f"{name} {package.version}, {len(package.resources)} tables, {rows} rows"
    return Report(unique_findings(findings), checked)


def check_descriptor(package: Package) -> Iterator[Finding]:
    """What can be said of the descriptor without the tables."""
    for resource in package.resources.values():
        for field in resource.fields:
            pattern = field.constraints.get("pattern")
            if pattern and not matcher(pattern):
                message = (
                    f"schema of {resource.name!r}, field {field.name!r}: the pattern {pattern!r} "
                    "may take too long and is not tried; write it without repeats within repeats, "
                    'or install RE2: python -m pip install "cambodia-tip[re2]"'
                )
                yield Finding(DESCRIPTOR, "", "", "pattern-limit", message)
            text = field.example
            for _, message, is_right in cell_tests(field):
                if not is_right(text):
                    place = f"schema of {resource.name!r}, field {field.name!r}"
                    message = f"{place}: the example {text!r} {message}"
                    yield Finding(DESCRIPTOR, "", "", "example", message)
                    break
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
        return None, findings + _check_text(table)
    if not len(table):
        message = "has no rows; a table without rows is left out of the package"
        findings.append(Finding(resource.name, "", "", "rows", message))
    findings += check_order(table)
    findings += check_rows(table)
    return table, findings


def check_rows(table: TextTable, skipped: Collection[Registered] = ()) -> list[Finding]:
    """Check the cells, the keys and the rules of one table, but those to be skipped."""
    findings = _check_text(table)
    findings += check_unique(table)
    findings += _independent(check_table_rules(table, skipped), findings)
    return findings


def _check_text(table: TextTable) -> list[Finding]:
    """Check all cells, and blank those that have no meaning; rows keep their names until then."""
    findings: list[Finding] = []
    unusable: list[tuple[str, list[int]]] = []
    for field in table.resource.fields:
        column = table.columns[field.name]
        if field.required:
            empty = column.rows_with([-1])
            for name in table.names(empty):
                message = f"must not be empty; an example is {field.example}"
                findings.append(Finding(table.resource.name, name, field.name, "required", message))
        for codes, rule, message in check_cells(column, field):
            rows = column.rows_with(codes)
            for name, code in zip(table.names(rows), column.codes[rows], strict=True):
                text = f"{column.distinct[code]!r} {message}"
                findings.append(Finding(table.resource.name, name, field.name, rule, text))
            if rule in _UNUSABLE:
                unusable.append((field.name, codes))
    for name, codes in unusable:
        table.columns[name].blank(codes)
    return findings


def check_links(
    package: Package, tables: Mapping[str, TextTable], known: list[Finding]
) -> list[Finding]:
    """Check what can be seen in several tables together: links and the rules about them."""
    findings = [f for table in tables.values() for f in check_foreign_keys(table, tables)]
    return findings + _independent(check_package_rules(package, tables), [*known, *findings])


def _independent(
    found: Iterable[tuple[Finding, tuple[str, ...]]], known: list[Finding]
) -> list[Finding]:
    """Findings of rules, without those about cells of which something is known to be wrong.

    They follow from that, and would hide it among them. A row out of order has right cells.
    """
    wrong = {
        (finding.table, finding.row, name)
        for finding in known
        if finding.rule != "order"
        for name in finding.columns
    }
    return [
        finding
        for finding, columns in found
        if not any((finding.table, finding.row, column) in wrong for column in columns)
    ]
