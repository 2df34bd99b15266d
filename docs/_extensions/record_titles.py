"""The title of a record: what its page, a link to it and a list of results call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WHOLE_COUNTRY = "Cambodia"


def title(record: Mapping[str, Any]) -> str:
    """What a record says, in one line without a period at its end.

    A statement is its summary. A figure is what was counted, the number, when, and where if that
    is less than the country: ``Victims referred: 326 victims, 2016``.

    Args:
        record: An entry of ``Records.data()["records"]``.
    """
    name = record["label"].rstrip(".")
    if "number" not in record and "value" not in record:
        return name
    if _is_sentence(record):
        return name
    parts = [record.get("value"), record.get("period")]
    area = record.get("area")
    if area not in (None, WHOLE_COUNTRY) and area not in name:
        parts.append(area)
    return f"{name}: {', '.join(filter(None, parts))}" if any(parts) else name


def _is_sentence(record: Mapping[str, Any]) -> bool:
    return bool(record["label"].endswith("."))
