"""Content hash of descriptor, schemas and tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import DataPackageError
from .descriptor import read_schema
from .model import Package
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
    content["resources"] = [
        {**entry, "schema": read_schema(folder, entry)} for entry in descriptor["resources"]
    ]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass"))


def hash_files(package: Package) -> tuple[str, list[str]]:
    """The content hash as the files give it now, whatever the descriptor says of them.

    Returns:
        The hash, and the names of the tables whose files differ from the descriptor. If there
        are none, and the hash is another all the same, descriptor or schemas differ.

    Raises:
        DataPackageError: If the file of a table cannot be read.
    """
    differing, entries = [], []
    for entry in package.descriptor["resources"]:
        try:
            content = read_regular(package.path / entry["path"])
        except OSError as error:
            reason = f"{entry['path']} cannot be read: {error.strerror}"
            raise DataPackageError(reason) from None
        entries.append({**entry, "bytes": len(content), "hash": sha256(content)})
        if entries[-1] != entry:
            differing.append(entry["name"])
    found = content_hash(package.path, {**package.descriptor, "resources": entries})
    return found, sorted(differing)
