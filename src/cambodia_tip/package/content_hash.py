"""Content hash of descriptor, schemas and tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import DataPackageError
from .descriptor import schema_file
from .json_files import read_object
from .model import Package
from .opening import open_package
from .regular_files import read_regular


def sha256(content: bytes) -> str:
    """The hash of a content as a descriptor has it: ``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def content_hash(folder: Path, descriptor: Mapping[str, Any]) -> str:
    """The hash that a descriptor has as ``contentHash``.

    It covers the descriptor without this property, the schemas that it names
    as if they stood in it, and by their hashes the tables. White space and the
    order of properties do not count, nor whether a schema has a file of its own.

    Returns:
        ``sha256:`` and 64 hexadecimal digits.

    Raises:
        DataPackageError: If a schema cannot be read.
    """
    content = {k: v for k, v in descriptor.items() if k != "contentHash"}
    content["resources"] = _entries(folder, descriptor)
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass"))


def hash_files(package: Package) -> tuple[str, list[str]]:
    """The content hash as the files give it now, whatever the descriptor says of them.

    Returns:
        The hash, and the names of the tables that are not what the descriptor
        was sealed with. If there are none, and the hash is another all the same, what
        differs is told by the descriptor and the schemas alone.

    Raises:
        DataPackageError: If the file of a table cannot be read.
    """
    differing, entries = set(entries_that_differ(package)), []
    for entry in package.descriptor["resources"]:
        try:
            content = read_regular(package.path / entry["path"])
        except OSError as error:
            reason = f"{entry['path']} cannot be read: {error.strerror}"
            raise DataPackageError(reason) from None
        found = {"bytes": len(content), "hash": sha256(content)}
        entries.append({**entry, **found})
        if entries[-1] != entry:
            differing.add(entry["name"])
    found_hash = content_hash(package.path, {**package.descriptor, "resources": entries})
    return found_hash, sorted(differing)


def entries_that_differ(package: Package) -> list[str]:
    """Tables whose entry or schema differs from that of the stamped package.

    A hash says that something differs, not what. This can be said where the
    installed package is the one whose hash the descriptor has.
    """
    installed = open_package()
    if package.descriptor["contentHash"] != installed.descriptor["contentHash"]:
        return []
    ours, theirs = (
        {entry["name"]: entry for entry in _entries(each.path, each.descriptor)}
        for each in (installed, package)
    )
    return [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]


def _entries(folder: Path, descriptor: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a descriptor says of its tables, with the schemas in the place of their paths."""
    entries = []
    for entry in descriptor["resources"]:
        file = schema_file(folder, entry)
        entries.append({**entry, "schema": read_object(file)} if file else entry)
    return entries
