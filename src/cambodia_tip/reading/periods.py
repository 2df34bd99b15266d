"""The periods of figures, from their first and last days."""

from __future__ import annotations

import pandas as pd


def time_period(frame: pd.DataFrame) -> pd.Series:
    """ISO 8601: a year, a day, or an interval of days; missing where an end is not known."""
    start, end = frame["period_start"], frame["period_end"]
    first, last = start.dt.strftime("%Y-%m-%d"), end.dt.strftime("%Y-%m-%d")
    is_year = (first.str[:4] == last.str[:4]) & first.str.endswith("-01-01")
    is_year &= last.str.endswith("-12-31")
    period = (first + "/" + last).where(start != end, first)
    period = period.where(~is_year.fillna(False).astype(bool), first.str[:4])
    known = start.notna() & end.notna()
    return pd.Series(period.where(known), frame.index)


def calendar_year(frame: pd.DataFrame) -> pd.Series:
    """The calendar year in which a period lies; missing where it is in several, or has no end."""
    start, end = frame["period_start"].dt.year, frame["period_end"].dt.year
    return pd.Series(start.where(start == end), frame.index, dtype="Int64")


def period_length(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Length of a period: in calendar years or months if it is made of them, else in days.

    Examples:
        >>> period_length(pd.Timestamp("2016-01-01"), pd.Timestamp("2016-12-31"))
        'P1Y'
        >>> period_length(pd.Timestamp("2017-04-01"), pd.Timestamp("2018-03-31"))
        'P12M'
    """
    if pd.isna(start) or pd.isna(end):
        return "" if pd.isna(start) and pd.isna(end) else "open"
    after = end + pd.Timedelta(days=1)
    if (start.month, start.day) == (after.month, after.day) == (1, 1):
        return f"P{after.year - start.year}Y"
    if start.day == 1 and after.day == 1:
        return f"P{12 * (after.year - start.year) + after.month - start.month}M"
    return f"P{(after - start).days}D"
