"""Dates in EDTF, level 0: a date, a month, a year, or two of them with a slash.

The standard is the Extended Date/Time Format of the Library of Congress, now
part of ISO 8601-2. No library is light enough for these few forms.
"""

from __future__ import annotations

import calendar
import datetime
import re
from functools import lru_cache

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


@lru_cache(maxsize=1 << 12)
def is_edtf(text: str) -> bool:
    """Whether a text is such a date; of an interval, the first must not be after the last.

    Examples:
        >>> is_edtf("2004-02"), is_edtf("2004-02-30"), is_edtf("2004/2003")
        (True, False, False)
    """
    parts = text.split("/")
    if len(parts) > 2 or not all(map(_DATE.fullmatch, parts)):
        return False
    days = [first_day(part) for part in parts]
    return all(map(is_day, days)) and days == sorted(days)


def is_day(text: str) -> bool:
    """Whether a text like 2004-02-29 is a valid date."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def first_day(edtf: str) -> str:
    """The day on which a date or interval begins.

    Examples:
        >>> first_day("2004-06")
        '2004-06-01'
    """
    first = edtf.partition("/")[0]
    return first + "-01-01"[len(first) - 4 :]


def last_day(edtf: str) -> str:
    """The day on which a date or interval ends.

    Examples:
        >>> last_day("2004"), last_day("2004-02")
        ('2004-12-31', '2004-02-29')
    """
    last = edtf.rpartition("/")[2]
    month = last if len(last) > 4 else f"{last}-12"
    if len(month) > 7:
        return month
    year, number = map(int, month.split("-"))
    return f"{month}-{calendar.monthrange(year, number)[1]}"
