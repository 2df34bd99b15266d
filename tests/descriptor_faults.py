"""Faults of a descriptor and its schemas: each property removed, retyped or emptied."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACTIONS = ("removed", "retyped", "emptied")


@dataclass(frozen=True)
class DescriptorFault:
    """One property to spoil.

    Attributes:
        owner: What the property belongs to: package, resource, schema, field, ...
        file: The file, from the folder of the package.
        path: The names and places that lead to the property.
        action: removed, retyped or emptied.
    """

    owner: str
    file: str
    path: tuple[str | int, ...]
    action: str

    def apply(self, content: Any) -> Any:
        """The content of the file with the fault in it."""
        spoilt = copy.deepcopy(content)
        place = spoilt
        for step in self.path[:-1]:
            place = place[step]
        last = self.path[-1]
        if self.action == "removed":
            del place[last]
        else:
            place[last] = (retyped if self.action == "retyped" else emptied)(place[last])
        return spoilt


def retyped(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, (int, float)):
        return {"number": value}
    return 7 if isinstance(value, str) else "text"


def emptied(value: Any) -> Any:
    return (
        "" if isinstance(value, str) else type(value)() if isinstance(value, list | dict) else None
    )


OWNERS = {
    "resources": "resource", "fields": "field", "constraints": "constraints",
    "categories": "category", "foreignKeys": "foreign key", "reference": "reference",
    "licenses": "license", "contributors": "contributor",
}  # fmt: skip


def descriptor_faults(folder: Path) -> Iterator[DescriptorFault]:
    """Every property of the descriptor and of every schema, spoilt in each way."""
    files = ["datapackage.json", *sorted(f"schemas/{p.name}" for p in folder.glob("schemas/*"))]
    for file in files:
        content = json.loads((folder / file).read_text(encoding="utf-8"))
        for owner, path in properties(content, "package" if file == files[0] else "schema"):
            for action in ACTIONS:
                yield DescriptorFault(owner, file, path, action)


def properties(
    content: Any, owner: str, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield owner, (*path, name)
            yield from properties(value, OWNERS.get(name, owner), (*path, name))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from properties(value, owner, (*path, place))


def one_of_each(faults: Iterator[DescriptorFault]) -> list[DescriptorFault]:
    """The first fault for each owner, property and way to spoil it."""
    first = {(fault.owner, fault.path[-1], fault.action): fault for fault in [*faults][::-1]}
    return list(first.values())[::-1]
