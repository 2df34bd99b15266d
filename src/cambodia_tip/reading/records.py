"""What names and sums up a record of any table, for people who see it away from its table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..package.model import Package, Resource, remembered
from .frames import Standing, of_standing, shared_frame
from .labels import add_labels

NAMES = ("title", "label", "summary", "indicator_label", "charge_as_printed")
"""Columns of which the first that a table has names its records."""
_COPIED = {"reporter": "reported_by_label", "quote": "quote", "source_id": "source_id"}
_DATES = ("date", "enacted", "signed", "published", "report_year", "month")


def named_by(frame: pd.DataFrame) -> str | None:
    """The column that names the records of a table with labels, if one does."""
    return next((name for name in NAMES if name in frame), None)


def described(frame: pd.DataFrame, resource: Resource) -> pd.DataFrame:
    """Each record of a table with labels as table, id, label, value, period, reporter and quote.

    All are text. The title of the table is the label where no column names its records.
    """
    named = named_by(frame)
    return pd.DataFrame(
        {
            "table": resource.name,
            "id": frame[resource.primary_key[0]],
            "label": resource.title if named is None else frame[named],
            "value": _value(frame),
            "period": _period(frame),
            **{name: _column(frame, of) for name, of in _COPIED.items()},
        }
    )


def add_records(
    package: Package, frame: pd.DataFrame, resource: Resource, standing: Standing | None = None
) -> pd.DataFrame:
    """Add labels, and a column with the record after each column with ids of records.

    Args:
        package: The data package.
        frame: Rows of the table.
        resource: The table.
        standing: That of the documents whose records may be shown; without it, any.
    """
    frame = add_labels(package, frame, resource, standing)
    for key in resource.foreign_keys:
        column, *others = key.fields
        if key.resource != "ids" or others or column == "id" or resource.name == "ids":
            continue
        homes = shared_frame(package, "ids").set_index("id")["table"]
        tables = homes.reindex(frame[column].dropna().unique()).dropna().unique()
        texts: dict[str, str] = {}
        for table in set(tables) & set(package.resources):
            texts |= record_texts(package, table, standing)
        text = frame[column].astype(object).map(texts).astype("str")
        frame.insert(list(frame).index(column) + 1, f"{column}_label", text)
    return frame


@remembered
def record_texts(package: Package, table: str, standing: Standing | None) -> dict[str, str]:
    """Each record of a table as one text: ``Label: value, period, reporter (document): "quote"``.

    A text has no more than its record does.
    """
    resource = package.resource(table)
    frame = of_standing(package, shared_frame(package, table), standing)
    records = described(add_labels(package, frame, resource), resource)
    records["label"] = records["label"].fillna(resource.title)  # as of a penalty without a charge
    return {row["id"]: _text(row) for row in records.astype(object).to_dict("records")}


def _text(row: dict[Any, Any]) -> str:
    known = {name: cell for name, cell in row.items() if not pd.isna(cell)}
    about = ", ".join(known[name] for name in ("value", "period", "reporter") if name in known)
    text = ": ".join(filter(None, [known["label"].rstrip("."), about]))
    if "source_id" in known:
        text += f" ({known['source_id']})"
    return f'{text}: "{known["quote"]}"' if "quote" in known else text


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column as text; all missing where there is none."""
    if name not in frame:
        return pd.Series(pd.NA, frame.index, dtype="str")
    return frame[name].astype("str")


def _period(frame: pd.DataFrame) -> pd.Series:
    """The period or the date of each record, as ISO 8601."""
    if "period_start" in frame:
        return time_period(frame).astype("str")
    return _column(frame, next((name for name in _DATES if name in frame), "period_start"))


def _value(frame: pd.DataFrame) -> pd.Series:
    """The number of each record with its unit and qualifier, the missing number or the tier."""
    if "tier" in frame:
        return _column(frame, "tier_label")
    texts = [_measure(row) for row in frame.astype(object).to_dict("records")]
    return pd.Series(texts, frame.index, dtype="str")


def _measure(row: dict[Any, Any]) -> str | None:
    known = {str(name): cell for name, cell in row.items() if not pd.isna(cell)}
    low = known.get("value", known.get("minimum"))
    high = known.get("value_max", known.get("maximum"))
    if low is None and high is None:
        status = known.get("obs_status_label")
        return str(status) if status and known["obs_status"] != "reported" else None
    numbers = " to ".join(f"{n:,.15g}" for n in dict.fromkeys((low, high)) if n is not None)
    qualifier = known.get("qualifier", "unqualified")
    before = "" if qualifier == "unqualified" else f"{qualifier} ".replace("_", " ")
    return f"{before}{numbers} {known.get('unit', '').replace('_', ' ')}".strip()


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
