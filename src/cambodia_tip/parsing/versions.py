"""Versions as numbers, to compare them: as text, 0.10.0 would come before 0.9.0."""

from __future__ import annotations

import re

FORM = r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:[-+.a-z][-+.0-9A-Za-z]*)?"
"""What a version looks like; what follows its three numbers does not count."""


def version_numbers(version: str) -> tuple[int, int, int]:
    """The MAJOR, MINOR and PATCH number of a version.

    Raises:
        ValueError: If it is none.

    Examples:
        >>> version_numbers("0.10.0") > version_numbers("0.9.0")
        True
    """
    found = re.fullmatch(FORM, version)
    if found is None:
        raise ValueError(f"the version {version!r} is not like 1.2.3")
    return int(found[1]), int(found[2]), int(found[3])


def is_later(version: str, other: str) -> bool:
    """Whether both are versions, and the one comes after the other.

    Examples:
        >>> is_later("0.10.0", "0.9.0"), is_later("next", "0.9.0")
        (True, False)
    """
    try:
        return version_numbers(version) > version_numbers(other)
    except ValueError:
        return False
