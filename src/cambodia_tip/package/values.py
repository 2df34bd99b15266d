"""The Python value of a cell, by the type of its field; every reader of cells uses this table."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .model import BOOLEANS, FORMS, Field

READERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": BOOLEANS.__getitem__,
    "date": datetime.date.fromisoformat,
}
"""What reads a text of the right form (`FORMS`)."""


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
