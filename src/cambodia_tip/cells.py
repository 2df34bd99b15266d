"""Check the cells of a column as text: form, closed list, pattern, bounds.

Text comes before types because a cast hides faults: an unknown code becomes
a missing value, and ``3.0`` becomes 3.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from .package import Field

_FORMS = {
    "integer": ("a whole number in at most 18 plain digits", r"-?(?:0|[1-9][0-9]{0,17})"),
    "number": ("a number in plain digits", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"),
    "boolean": ("true or false", r"true|false"),
    "date": ("a day as YYYY-MM-DD", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
_BLANKS = re.compile(r"^\s|\s$|[^\S ]|[\x00-\x1f\x7f\u200b-\u200f\ufeff]")
_FORMULA = ("=", "+", "-", "@")


def check_cells(column: pd.Series, field: Field) -> Iterator[tuple[pd.Series, str, str]]:
    """Find the cells of a text column that break its field.

    Args:
        column: The cells as text, empty ones as NA.
        field: The field that they must keep to.

    Yields:
        Which rows are wrong (a boolean series), the rule, and what would be
        right. Only what was found is yielded.
    """
    if field.required and column.isna().any():
        yield column.isna(), "required", "must not be empty"
    distinct = list(column.dropna().unique())
    for rule, message, is_right in _tests(field):
        wrong = {value for value in distinct if not is_right(value)}
        if wrong:
            yield column.isin(wrong), rule, message
            distinct = [value for value in distinct if value not in wrong]
    if field.constraints.get("unique"):
        double = column.duplicated(keep=False) & column.notna()
        if double.any():
            yield double, "unique", "must be there only once"


def _tests(field: Field) -> Iterator[tuple[str, str, Callable[[str], bool]]]:
    """The tests of one value, each with its rule and message, the basic ones first."""
    constraints = field.constraints
    yield (
        "blanks",
        "must have no blank at either end, and no line break, tab or unseen character",
        lambda value: not _BLANKS.search(value),
    )
    if field.type == "string":
        yield (
            "formula",
            "must not begin with =, +, - or @: a spreadsheet would run it",
            lambda value: not value.startswith(_FORMULA),
        )
    else:
        wanted, form = _FORMS[field.type]
        yield "type", f"must be {wanted}", lambda value: re.fullmatch(form, value) is not None
    if field.type == "date":
        yield "type", "must be a day of the calendar", _is_day
    allowed = constraints.get("enum") or list(field.categories)
    if allowed:
        names = {str(value) for value in allowed}
        yield "enum", f"must be one of: {', '.join(map(str, allowed))}", lambda v: v in names
    if "pattern" in constraints:
        pattern = re.compile(constraints["pattern"])
        yield (
            "pattern",
            f"must match {constraints['pattern']}",
            lambda value: pattern.fullmatch(value) is not None,
        )
    for bound, wording in (("minimum", "at least"), ("maximum", "at most")):
        if bound in constraints:
            yield _bound(field, bound, constraints[bound], wording)


def _bound(
    field: Field, rule: str, limit: Any, wording: str
) -> tuple[str, str, Callable[[str], bool]]:
    read: Callable[[str], Any] = {"integer": int, "number": float}.get(field.type, str)
    bound = read(str(limit))
    if rule == "minimum":
        return rule, f"must be {wording} {limit}", lambda value: bool(read(value) >= bound)
    return rule, f"must be {wording} {limit}", lambda value: bool(read(value) <= bound)


def _is_day(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True
