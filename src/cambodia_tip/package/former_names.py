"""Names that a table or a column had before: they work for one MAJOR version more, with a warning.

They stand in the descriptor as ``formerNames``, each with the version that renamed it. A
former name works through the MAJOR version that begins with the rename. One from before
1.0.0 works through 1.x: there a MINOR version may rename, and 1.0.0 may follow at once.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import FormerNameWarning
from ..parsing.versions import is_later, version_numbers

if TYPE_CHECKING:
    from .model import Package, Resource

_NOT_THE_USERS = ("cambodia_tip", "ibis", "pandas", "pandera", "polars")


@dataclass(frozen=True)
class FormerName:
    """A name that something had until the version that renamed it."""

    name: str
    renamed_in: str

    @property
    def last_major(self) -> int:
        """The MAJOR version that is the last to know it."""
        return max(version_numbers(self.renamed_in)[0], 1)


def read_former_names(entry: Mapping[str, Any]) -> tuple[FormerName, ...]:
    """The former names that a resource or a field lists."""
    return tuple(FormerName(f["name"], f["renamedIn"]) for f in entry.get("formerNames", ()))


def warn_of_former_name(kind: str, former: FormerName, current: str, advice: str = "") -> None:
    """Warn, at the line of the user, that something has another name now."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back and str(frame.f_globals.get("__name__")).split(".")[0] in _NOT_THE_USERS:
        level, frame = level + 1, frame.f_back
    message = (
        f"the {kind} {former.name!r} is called {current!r} since {former.renamed_in}; "
        f"the former name is gone in {former.last_major + 1}.0.0{advice}"
    )
    warnings.warn(message, FormerNameWarning, stacklevel=level)


def former_columns(
    resource: Resource, columns: Iterable[str]
) -> Iterator[tuple[str, str, FormerName]]:
    """Former names of the columns of a frame, and of those with their labels.

    Yields:
        The former name, the name that the frame has, and the former name in the schema.
    """
    there = set(columns)
    for field in resource.fields:
        for former in field.former_names:
            for end in ("", "_label"):
                if field.name + end in there and former.name + end not in there:
                    yield former.name + end, field.name + end, former


def wrong_former_names(package: Package) -> Iterator[str]:
    """What is wrong with the former names of a package, in words."""
    taken = list(package.resources)
    for resource in package.resources.values():
        where = f"table {resource.name!r}"
        yield from _wrong(resource.former_names, taken, package.version, where)
    for resource in package.resources.values():
        taken = list(resource.field_names)
        for field in resource.fields:
            where = f"schema of {resource.name!r}, field {field.name!r}"
            yield from _wrong(field.former_names, taken, package.version, where)


def _wrong(
    names: Iterable[FormerName], taken: list[str], version: str, where: str
) -> Iterator[str]:
    """Faults of the former names of one thing; `taken` grows by them."""
    for former in names:
        place = f"{where}: the former name {former.name!r}"
        if former.name in taken:
            yield f"{place} is there twice, as a name or a former name"
        if is_later(former.renamed_in, version):
            yield f"{place} is of {former.renamed_in}, which is later than {version}"
        elif version_numbers(version)[0] > former.last_major:
            yield f"{place} had its time until {former.last_major + 1}.0.0; take it out"
        taken.append(former.name)
