"""Read JSON strictly: UTF-8, no duplicate property, no NaN or Infinity."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import DataPackageError
from .regular_files import read_regular

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON file that has an object.

    Raises:
        DataPackageError: If it is missing, not UTF-8 or no JSON, or has something else.
    """
    try:
        content = read_regular(path)
    except FileNotFoundError:
        raise DataPackageError(f"{path.name} is missing") from None
    except OSError as error:
        raise DataPackageError(f"{path.name} cannot be read: {error.strerror}") from None
    return parse_object(content, path.name)


def parse_object(content: bytes, name: str) -> dict[str, Any]:
    """Parse a JSON file that has an object.

    Raises:
        DataPackageError: If it is not UTF-8 or no JSON, or has something else.
    """
    try:
        text = content.decode("utf-8")
        if text.startswith("\ufeff"):
            raise ValueError("it begins with a byte-order mark; save it as plain UTF-8")
        found = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
        if _ESCAPED_SURROGATE.search(text):  # a lone one cannot be printed later
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise DataPackageError(f"{name} is not UTF-8 at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise DataPackageError(f"{name} is not valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise DataPackageError(f"{name} must have an object")
    return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        double = twice(name for name, _ in pairs)[0]
        raise ValueError(f"the property {double!r} occurs twice in one object")
    return found


def twice(names: Iterable[str]) -> list[str]:
    """The names that are there more than once, in their order."""
    return [name for name, number in Counter(names).items() if number > 1]


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")
