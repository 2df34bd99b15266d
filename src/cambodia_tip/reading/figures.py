"""All figures in one long frame, and which of them may be put together.

Columns are named after SDMX where it has a concept for them; which table
column is which concept, and which are the dimensions that keep two figures
apart, is in the schemas (``sdmxConcept``, ``sdmxRole``).
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from ..errors import NotAdditiveError, unknown_name
from ..package.model import Resource
from ..package.opening import open_package
from .evidence import Rows, row_ids
from .frames import shared_frame
from .labels import rows_with_caveats

_LABELLED = ("indicator", "unit_measure", "population", "ref_area", "reported_by")
_TEXT = pd.Series(["text"]).dtype
"""The dtype that text has in this version of pandas."""
_FIRST = ["table", "id", "series", "indicator", "indicator_label", "time_period", "obs_value"]


def observations() -> pd.DataFrame:
    """Every figure of every table, one row each.

    Returns:
        One row per row of the tables of figures, in the order of table
        and id. Beside the columns that these tables share it has `table`; `series`,
        which is equal only for rows of one table, indicator, unit, population,
        area, reporter and every other dimension, and of periods of one
        length; `time_period`, the period as ISO 8601 (a year, a date, or two
        dates with a slash; missing if there is none); `obs_value`
        (`Float64`, missing if none was reported) and, for ranges,
        `value_max`; `is_latest`, false if a later document restates the figure;
        `has_caveats` and `has_overlap`, whether any caveat, and
        one of the kind ``overlap``, applies to the row; columns ``_label``
        with names for the codes of the main dimensions.

        Rows of one `series` may be put into one line of a chart. What may be
        summed is narrower: see `add_up`.

    Examples:
        >>> frame = observations()
        >>> rows = frame[frame["id"].str.startswith("repatriation-2018-mfaic-201")]
        >>> totals = rows[rows["counterpart_area"].isna()]
        >>> totals["series"].nunique(), totals["obs_value"].astype(int).to_list()
        (1, [815, 986])
    """
    return _observations().copy()


def add_up(rows: Rows) -> float:
    """Sum figures, if they may be summed.

    Plain numbers may be summed if they are parts of one breakdown, or if they are
    of one series, flows, and of periods that do not overlap. A figure and its
    restatement in a later document are never summed. Anything else
    may count something twice or mix what the documents keep apart.

    Args:
        rows: Rows of a table of figures or of `observations`, or their ids.
            Only the ids count; the values are those of the package.

    Returns:
        The sum, an integer where all values are whole.

    Raises:
        NotAdditiveError: If they may not be summed; the message says why.
        UnknownNameError: If an id is not that of a figure.

    Examples:
        >>> add_up(["repatriation-2018-mfaic-2017-total", "repatriation-2018-mosavy-2017-total"])
        Traceback (most recent call last):
        cambodia_tip.NotAdditiveError: these figures are of 2 series: they differ in ...
    """
    ids = row_ids(rows)
    frame = _observations().set_index("id")
    for row in ids:
        if row not in frame.index:
            raise unknown_name("figure", row, frame.index)
    if len(set(ids)) < len(ids):
        raise NotAdditiveError("a record is named twice")
    if not ids:
        raise NotAdditiveError("there are no rows to sum")
    chosen = frame.loc[ids]
    if chosen["obs_value"].isna().any():
        silent = chosen.index[chosen["obs_value"].isna()][0]
        raise NotAdditiveError(f"{silent} has no value reported; missing is not zero")
    for row, qualifier in zip(chosen.index, chosen["qualifier"], strict=True):
        if qualifier != "unqualified":
            raise NotAdditiveError(
                f"{row} has a qualifier ({qualifier}), which a sum would not show"
            )
    if chosen["value_max"].notna().any():
        ranged = chosen.index[chosen["value_max"].notna()][0]
        raise NotAdditiveError(f"{ranged} is a range, of which the value is the lower end")
    if chosen["obs_status"].nunique() > 1:
        raise NotAdditiveError("some of these figures are planned, others reported")
    _check_restatements(ids)
    if not _is_breakdown(chosen):
        _check_series(chosen)
    total = float(chosen["obs_value"].sum())
    return int(total) if total.is_integer() else total


def _check_restatements(ids: list[str]) -> None:
    """Refuse two figures of which one restates the other, directly or in steps."""
    later = shared_frame("restatements").groupby("earlier")["later"].agg(list)
    for row in ids:
        following = list(later.get(row, []))
        for one in following:
            if one in ids:
                raise NotAdditiveError(f"{one} restates {row}: both are figures for the same thing")
            following += later.get(one, [])


def _is_breakdown(chosen: pd.DataFrame) -> bool:
    """Whether all rows are parts of one whole that sum to it, as far as they go."""
    wholes = chosen["part_of"]
    is_part = wholes.notna() & (chosen["part_role"] == "breakdown")
    return bool(is_part.all()) and wholes.nunique() == 1


def _check_series(chosen: pd.DataFrame) -> None:
    if chosen["series"].nunique() > 1:
        differing = [
            name for name in ["table", *_dimensions()] if chosen[name].nunique(dropna=False) > 1
        ]
        names = ", ".join(differing) or "the length of their periods"
        raise NotAdditiveError(
            f"these figures are of {chosen['series'].nunique()} series: they differ in {names}"
        )
    if len(chosen) == 1:
        return
    measures = shared_frame("indicators").set_index("indicator")["measure"]
    measure = measures[chosen["indicator"].iloc[0]]
    if measure != "flow":
        raise NotAdditiveError(
            f"the indicator is not a flow ({measure}); stocks and rates cannot be summed"
        )
    ordered = chosen.sort_values("period_start")
    starts, ends = ordered["period_start"], ordered["period_end"]
    apart = starts.iloc[1:].reset_index(drop=True) > ends.iloc[:-1].reset_index(drop=True)
    if not apart.all():
        raise NotAdditiveError("their periods overlap or are not known")


@cache
def _observations() -> pd.DataFrame:
    frames = [_of_table(resource) for resource in _figure_tables()]
    frame = pd.concat(frames, ignore_index=True)
    frame["is_latest"] = ~frame["id"].isin(shared_frame("restatements")["earlier"])
    caveats = rows_with_caveats(open_package(), shared_frame)
    frame["has_caveats"] = frame["id"].isin(caveats["row_id"])
    frame["has_overlap"] = frame["id"].isin(caveats.loc[caveats["kind"] == "overlap", "row_id"])
    frame["time_period"] = _time_period(frame)
    frame["series"] = _series(frame)
    for name, label in _labels().items():
        frame[f"{name}_label"] = frame[name].map(label)
    provenance = ["source_id", "passage", "quote", "comment_obs"]
    middle = [name for name in frame.columns if name not in (*_FIRST, *provenance)]
    return frame[[*_FIRST, *middle, *provenance]]


def _figure_tables() -> list[Resource]:
    """The tables with a measure, in the order of their names."""
    tables = open_package().resources.values()
    found = [table for table in tables if table.has_figures]
    return sorted(found, key=lambda resource: resource.name)


def _of_table(resource: Resource) -> pd.DataFrame:
    """A table with its columns named after their concepts, closed lists as text."""
    frame = shared_frame(resource.name)
    columns = {"table": pd.Series(resource.name, frame.index, dtype=str)}
    for field in resource.fields:
        column = frame[field.name]
        if field.categories:
            column = column.astype(object).where(column.notna(), None).astype(_TEXT)
        elif field.sdmx_role == "measure":
            column = column.astype("Float64")
        columns[field.concept] = column
    return pd.DataFrame(columns)


@cache
def _dimensions() -> list[str]:
    """Names of all dimensions of all figure tables, each once."""
    return list(
        dict.fromkeys(
            field.concept
            for resource in _figure_tables()
            for field in resource.fields
            if field.sdmx_role == "dimension"
        )
    )


def _time_period(frame: pd.DataFrame) -> pd.Series:
    """ISO 8601: a year, a day, or an interval of days; missing where an end is not known."""
    start, end = frame["period_start"], frame["period_end"]
    first, last = start.dt.strftime("%Y-%m-%d"), end.dt.strftime("%Y-%m-%d")
    is_year = (first.str[:4] == last.str[:4]) & first.str.endswith("-01-01")
    is_year &= last.str.endswith("-12-31")
    period = (first + "/" + last).where(start != end, first)
    period = period.where(~is_year.fillna(False).astype(bool), first.str[:4])
    known = start.notna() & end.notna()
    return pd.Series(period.where(known), frame.index)


def _series(frame: pd.DataFrame) -> pd.Series:
    """One text for each combination of dimensions and length of period."""
    measures = shared_frame("indicators").set_index("indicator")["measure"]
    parts = {"table": frame["table"], **{name: frame[name] for name in _dimensions()}}
    is_stock = frame["indicator"].map(measures) == "stock"
    lengths = [
        "" if stock else _length(start, end)
        for stock, start, end in zip(
            is_stock, frame["period_start"], frame["period_end"], strict=True
        )
    ]
    parts["period"] = pd.Series(lengths, frame.index)
    filled = (part.astype(object).where(part.notna(), "") for part in parts.values())
    rows = zip(*filled, strict=True)
    return pd.Series(
        [" ".join(f"{n}={v}" for n, v in zip(parts, row, strict=True) if v != "") for row in rows],
        frame.index,
    )


def _length(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Length of a period: in calendar years or months if it is made of them, else in days.

    Examples:
        >>> _length(pd.Timestamp("2016-01-01"), pd.Timestamp("2016-12-31"))
        'P1Y'
        >>> _length(pd.Timestamp("2017-04-01"), pd.Timestamp("2018-03-31"))
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


def _labels() -> dict[str, pd.Series]:
    """Names of the codes of the main dimensions."""
    found = {}
    for resource in _figure_tables():
        for key in resource.foreign_keys:
            concept = resource.field(key.fields[0]).concept
            label = open_package().resource(key.resource).label_field
            if label and len(key.fields) == 1 and concept in _LABELLED:
                codes = shared_frame(key.resource).set_index(key.reference_fields[0])
                found[concept] = codes[label]
    return found
