"""Validate a data package as a whole: bytes, text, types, keys, links and rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from .cells import check_cells
from .errors import DataPackageError
from .files import check_file
from .frames import cast, read_text
from .keys import check_foreign_keys, check_primary_key, row_names
from .package import DESCRIPTOR, Resource, find_package, open_package
from .report import Finding, Report, unique_findings
from .rules import check_rules


def validate(path: str | Path | None = None) -> Report:
    """Check a whole data package.

    Text is checked before types, since a cast hides faults; then types, keys,
    foreign keys, hashes and sizes, and the rules of content.

    Args:
        path: Folder of a data package or its ``datapackage.json``; without
            it, the data package of this installation.

    Returns:
        A report that is true if nothing is wrong, and holds the findings
        otherwise. Faults in the data never raise.

    Raises:
        DataPackageError: If there is no data package at `path`.

    Examples:
        >>> bool(validate())
        True
    """
    folder = find_package(path) if path is not None else None
    try:
        package = open_package(folder)
    except DataPackageError as error:
        return Report((Finding(DESCRIPTOR, "", "", "descriptor", str(error)),), "descriptor")
    frames: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for resource in package.resources.values():
        found = list(check_file(resource))
        findings += found
        try:
            text = read_text(resource).dropna(how="all")
        except DataPackageError as error:
            if not {"file", "encoding"} & {finding.rule for finding in found}:
                message = str(error).partition(": ")[2]
                findings.append(Finding(resource.name, "", "", "columns", message))
            continue
        findings += _check_text(resource, text)
        frames[resource.name] = cast(text, resource)
        findings += check_primary_key(resource, frames[resource.name])
    for name in frames:
        findings += check_foreign_keys(package.resource(name), frames)
    wrong_rows = {(finding.table, finding.row) for finding in findings}
    findings += [f for f in check_rules(package, frames) if (f.table, f.row) not in wrong_rows]
    name = "installed data package" if folder is None else str(folder)
    rows = sum(map(len, frames.values()))
    checked = f"{name} {package.version}, {len(package.resources)} tables, {rows} rows"
    return Report(unique_findings(findings), checked)


def _check_text(resource: Resource, text: pd.DataFrame) -> Iterator[Finding]:
    """Check all cells of a table, and blank those that could not be cast."""
    names = row_names(resource, text)
    for field in resource.fields:
        unusable = pd.Series(False, text.index)
        for wrong, rule, message in check_cells(text[field.name], field):
            for name, value in zip(names[wrong], text.loc[wrong, field.name], strict=True):
                given = "" if rule == "required" else f"{value!r} "
                yield Finding(resource.name, name, field.name, rule, f"{given}{message}")
            if rule in ("type", "enum", "blanks"):
                unusable |= wrong
        text.loc[unusable, field.name] = pd.NA
