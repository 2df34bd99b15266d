"""The data package as it is, in one file."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from ..package.descriptor import schema_file
from ..package.model import DESCRIPTOR, Package, Resource

_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can have: each file gets it, so that equal data are equal bytes."""


def write(package: Package, resources: Sequence[Resource], target: Path) -> None:
    """Zip the descriptor, the schemas and the tables, and nothing else that lies beside them."""
    schemas = [schema_file(package.path, entry) for entry in package.descriptor["resources"]]
    files = [package.path / DESCRIPTOR, *filter(None, schemas), *(r.path for r in resources)]
    names = {file.relative_to(package.path).as_posix(): file for file in files}
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(names):
            entry = zipfile.ZipInfo(name, _FIRST_TIME)
            entry.create_system = 3  # Unix: without it the system that writes is told
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, names[name].read_bytes())
