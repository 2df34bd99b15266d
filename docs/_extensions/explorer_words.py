"""A row in words: its value, its period, its area, as a person would say them.

A number without its unit, its qualifier and its status is not yet a figure, and an empty cell is
not a zero. What is put together here are the columns that mean the same in every table.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping

from cambodia_tip.parsing import edtf
from cambodia_tip.parsing.passages import place_in_words

MEASURES = ("value", "value_max", "minimum", "maximum", "unit", "qualifier", "obs_status")
"""Columns that are told together, as one measure."""

Row = Mapping[str, object]
"""A row without its empty cells."""


def measure(row: Row, unit: Row) -> str:
    """The number of a row with its unit, its qualifier and its status; empty if it has none.

    Examples:
        >>> persons = {"unit": "persons", "label": "Persons", "kind": "count"}
        >>> measure({"value": 10, "qualifier": "at_least", "obs_status": "reported"}, persons)
        'at least 10 persons'
        >>> measure({"qualifier": "unqualified", "obs_status": "not_reported"}, persons)
        'not reported'
        >>> measure({"value": 0, "qualifier": "none_known", "obs_status": "reported"}, persons)
        '0 persons (none known to the reporter)'
    """
    low = row.get("value", row.get("minimum"))
    high = row.get("value_max", row.get("maximum"))
    status = _plain(row.get("obs_status", "reported"))
    if low is None and high is None:
        return "" if status == "reported" else status
    text = _with_unit(_range(low, high), unit, is_one={low, high} <= {1, None})
    qualifier = _plain(row.get("qualifier", "unqualified"))
    if qualifier == "none known":
        text += " (none known to the reporter)"
    elif qualifier != "unqualified":
        text = f"{qualifier} {text}"
    if row.get("value_basis") == "derived":
        text += " (derived, not printed)"
    return text if status == "reported" else f"{text} ({status})"


def _plain(code: object) -> str:
    return str(code).replace("_", " ")


def _range(low: object, high: object) -> str:
    if low is None or high is None or low == high:
        number = number_words(high if low is None else low)
        return f"up to {number}" if low is None else number
    return f"{number_words(low)} to {number_words(high)}"


def number_words(value: object) -> str:
    """A number with its thousands apart; whole ones without a fraction.

    Examples:
        >>> number_words(4900000000), number_words(70.0), number_words(0.6667)
        ('4,900,000,000', '70', '0.6667')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _with_unit(number: str, unit: Row, *, is_one: bool) -> str:
    """Labels of units are plurals; those of several words have no singular that is certain."""
    if not unit:
        return number
    label = str(unit["label"])
    if str(unit["unit"])[0].islower():  # codes of currencies are capitals, as their labels are
        label = label[0].lower() + label[1:]
    if unit["kind"] == "share" and "." in number:
        return f"{number} ({label})"
    if not is_one:
        return f"{number} {label}"
    if " " in label or not label.endswith("s"):
        return f"{number} ({label})"
    return f"{number} {label[:-3] + 'y' if label.endswith('ies') else label[:-1]}"


def days_of_edtf(text: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of a date in EDTF."""
    first, last = edtf.first_day(text), edtf.last_day(text)
    return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)


def period(start: datetime.date | None, end: datetime.date | None) -> str:
    """The days from one to another, both included, as a year, months or days.

    Examples:
        >>> day = datetime.date
        >>> period(day(2003, 1, 1), day(2003, 12, 31)), period(day(2004, 6, 1), day(2004, 6, 30))
        ('2003', 'June 2004')
        >>> period(day(2017, 4, 1), day(2018, 3, 31))
        'April 2017 to March 2018'
        >>> period(None, day(2007, 3, 5)), period(day(2001, 1, 1), None)
        ('until March 5, 2007', 'from 2001')
    """
    if start is None and end is None:
        return ""
    years = (start is None or (start.month, start.day) == (1, 1)) and (
        end is None or (end.month, end.day) == (12, 31)
    )
    months = (start is None or start.day == 1) and (end is None or _ends_month(end))
    first, last = (_date(day, years=years, months=months) for day in (start, end))
    if not first:
        return f"until {last}"
    if not last:
        return f"from {first}"
    return first if first == last else f"{first} to {last}"


def _ends_month(day: datetime.date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _date(day: datetime.date | None, *, years: bool, months: bool) -> str:
    if day is None:
        return ""
    if years:
        return str(day.year)
    month = calendar.month_name[day.month]
    return f"{month} {day.year}" if months else f"{month} {day.day}, {day.year}"


def passage(name: str, division: str) -> str:
    """The name of a passage: a number is that of a paragraph, in a questionnaire of an answer's.

    Examples:
        >>> passage("9", "unnumbered"), passage("title", "unnumbered")
        ('paragraph 9', 'title')
        >>> passage("3B.1", "questions")
        'question 3B, paragraph 1 of the answer'
        >>> passage("T6.1.2020", "labor_chapter")
        'table 6, row 1 (2020)'
    """
    if words := place_in_words(name, division):
        return words
    if not name[0].isdigit():
        return name
    question, _, number = name.partition(".")
    if division != "questions" or not number:
        return f"paragraph {name}"
    return f"question {question}, paragraph {number} of the answer"
