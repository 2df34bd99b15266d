"""The descriptor of a data package as objects: package, table, column, link, and cells as values.

The standard is Data Package 2.0 (https://datapackage.org). This package adds a few
properties of its own; ``profile.json`` describes them.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

from ..errors import check_text, unknown_name
from .installed import DESCRIPTOR as DESCRIPTOR

FORMS = {
    "integer": ("an integer (digits only, at most 18)", r"-?(?:0|[1-9][0-9]{0,17})"),
    "number": (
        "a number in plain digits, at most 15 of them before and 15 after the point",
        r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?",
    ),
    "boolean": ("true or false, in lowercase", r"true|false"),
    "date": ("a date as YYYY-MM-DD", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
"""How the files write a type: in words, and as a pattern of the whole text."""

BOOLEANS = {
    **dict.fromkeys(("true", "True", "TRUE", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "0"), False),
}
"""The spellings that Table Schema reads by default; other tools write these."""

READERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": BOOLEANS.__getitem__,
    "date": datetime.date.fromisoformat,
}
"""What reads a text of the right form (`FORMS`)."""


def all_constraints(field: Mapping[str, Any]) -> dict[str, Any]:
    """The constraints of a field, also those that it keeps from clients that cannot apply them."""
    return {**field.get("constraints", {}), **field.get("furtherConstraints", {})}


@dataclass(frozen=True)
class ForeignKey:
    """Fields of one table that must have a key of another, or of the same one."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """A column, as its Table Schema describes it."""

    name: str
    type: str
    title: str
    description: str
    example: str = ""
    constraints: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """Those of the schema, its ``furtherConstraints``, and the pattern of the key it refers to."""
    categories: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Codes of a code list in their order, with their labels; empty for an open column."""
    printed_as: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Of some of these codes, the words of which a quote must have one."""
    printed_in: str | None = None
    edtf: bool = False
    is_address: bool = False
    sdmx_concept: str | None = None
    sdmx_role: str | None = None
    differs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Properties that differ from columns of the same name in other tables, with the reasons."""

    @property
    def concept(self) -> str:
        """Its name among all figures: the SDMX concept in lowercase, else its own."""
        return self.sdmx_concept.lower() if self.sdmx_concept else self.name

    @property
    def required(self) -> bool:
        """Whether each row must have a value."""
        return bool(self.constraints.get("required", False))


@dataclass(frozen=True)
class Resource:
    """A table: its file and its Table Schema."""

    name: str
    title: str
    description: str
    path: Path
    bytes: int
    hash: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    label_field: str | None

    @property
    def field_names(self) -> tuple[str, ...]:
        """The columns in their order."""
        return tuple(field.name for field in self.fields)

    @property
    def has_figures(self) -> bool:
        """Whether its rows are figures: it has a column that measures something."""
        return any(field.sdmx_role == "measure" for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name.

        Raises:
            UnknownNameError: If the table has no such column.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise unknown_name("column", name, self.field_names, self.name)


@dataclass(frozen=True, eq=False)
class Package:
    """A data package: a folder with a descriptor."""

    path: Path
    descriptor: Mapping[str, Any]
    resources: Mapping[str, Resource]
    _memory: dict[Any, Any] = dataclasses.field(default_factory=dict, repr=False)
    """What functions have worked out of it; see `remembered`."""
    _lock: Any = dataclasses.field(default_factory=RLock, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """How to pickle or copy it: without the lock, and without what is remembered."""
        return type(self), (self.path, self.descriptor, self.resources)

    @property
    def version(self) -> str:
        """Version of data and code."""
        return str(self.descriptor["version"])

    def resource(self, name: str) -> Resource:
        """The table of that name.

        Raises:
            UnknownNameError: If there is none; the message names the nearest.
            TypeError: If the name is not text.
        """
        check_text("table", name)
        if name in self.resources:
            return self.resources[name]
        raise unknown_name("table", name, self.resources)


_Of = TypeVar("_Of", bound=Package)
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def remembered(
    function: Callable[Concatenate[_Of, _Arguments], _Result],
) -> Callable[Concatenate[_Of, _Arguments], _Result]:
    """Work out what a function gives for a package once, and keep it as long as the package.

    The result is shared: callers must not change it.
    """

    def looked_up(package: _Of, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        key = (function, args, tuple(kwargs.items()))
        with package._lock:
            if key not in package._memory:
                package._memory[key] = function(package, *args, **kwargs)
            result: _Result = package._memory[key]
            return result

    return wraps(function)(looked_up)


def reader(field: Field) -> Callable[[str], Any]:
    """What reads the text of a cell that is not empty.

    Returns:
        A function that gives a str, int, float, bool or `datetime.date`. It raises
        ValueError for a text that is not of the form of the type, or not one of the codes.
    """
    read = READERS[field.type]
    if field.categories:
        is_right: Callable[[str], object] = frozenset(field.categories).__contains__
    elif field.type in FORMS:
        is_right = re.compile(FORMS[field.type][1]).fullmatch
    else:
        return read

    def read_strictly(text: str) -> Any:
        if not is_right(text):
            raise ValueError(f"{text!r} is not a valid {field.type}")
        return read(text)

    return read_strictly


def key_text(cells: Iterable[object]) -> str:
    """The key of a row as text, as findings and changes name it.

    Examples:
        >>> key_text(["tip-2018", "12", 1])
        'tip-2018, 12, 1'
    """
    return ", ".join(map(str, cells))


def limit(field: Field, name: str) -> Any:
    """The constraint ``minimum`` or ``maximum`` of a field, as a value that its cells can be
    compared with."""
    value = field.constraints[name]
    return READERS["date"](value) if field.type == "date" else value
