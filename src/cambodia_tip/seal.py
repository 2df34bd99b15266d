"""One hash over all that a package says and holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .package import read_object, schema_file


def content_hash(folder: Path, descriptor: Mapping[str, Any]) -> str:
    """The hash that a descriptor carries as ``contentHash``.

    It covers the descriptor without this property, the schemas that it names
    as if they stood in it, and by their hashes the tables. White space and the
    order of properties do not count, nor whether a schema has a file of its own.

    Returns:
        ``sha256:`` and 64 hexadecimal digits.

    Raises:
        DataPackageError: If a schema cannot be read.
    """
    resources = []
    for entry in descriptor["resources"]:
        file = schema_file(folder, entry)
        resources.append({**entry, "schema": read_object(file)} if file else entry)
    content = {k: v for k, v in descriptor.items() if k != "contentHash"}
    content["resources"] = resources
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(canonical.encode('utf-8', 'surrogatepass')).hexdigest()}"
