"""Make the descriptor of the wheel: one file with the Table Schemas in it.

In the repository each schema has a file of its own, which is what people edit and compare. In a
wheel, where each file is compressed alone, they would take three times the room. To readers both
are the same data package: a schema is a path or an object, and the content hash counts them alike.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "datapackage"
TARGET = "cambodia_tip/datapackage"
DESCRIPTOR = "datapackage.json"


def bundled(folder: Path) -> dict[str, Any]:
    """The descriptor in a folder, with each schema in the place of its path."""
    descriptor: dict[str, Any] = read(folder / DESCRIPTOR)
    for resource in descriptor["resources"]:
        if isinstance(resource["schema"], str):
            resource["schema"] = read(folder / resource["schema"])
    return descriptor


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


class DataPackageHook(BuildHookInterface):
    """Put the data package into the wheel: its descriptor, and the tables that it names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # it reads the data package of the checkout
        source = Path(self.root) / SOURCE
        descriptor = bundled(source)
        self.folder = tempfile.TemporaryDirectory()  # goes with the hook where a build fails
        file = Path(self.folder.name) / DESCRIPTOR
        text = json.dumps(descriptor, ensure_ascii=False, separators=(",", ":"))
        file.write_bytes(f"{text}\n".encode())
        build_data["force_include"][str(file)] = f"{TARGET}/{DESCRIPTOR}"
        for resource in descriptor["resources"]:
            path = resource["path"]
            build_data["force_include"][str(source / path)] = f"{TARGET}/{path}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.folder.cleanup()
