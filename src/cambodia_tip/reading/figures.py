"""All figures in one long frame, and which of them may be put together.

Columns are named after SDMX where it has a concept for them; which table
column is which concept, and which are the dimensions that keep two figures
apart, is in the schemas (``sdmxConcept``, ``sdmxRole``).
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from ..errors import NotAdditiveError
from ..package.model import Package, Resource, remembered
from ..package.opening import package_or_installed
from .evidence import Rows, changed_cell, row_ids, unknown_id
from .frames import Standing, of_standing, plain, shared_frame
from .labels import labels_of, linked_text, rows_with_caveats, with_labels
from .loading import attributes, warn_once
from .records import calendar_year, period_length, record_texts, time_period

_FIRST = "table id series indicator indicator_label time_period year obs_value".split()
_SAME = {
    **{name: name for name in ("indicator", "qualifier", "obs_status", "reported_by", "obs_value")},
    **{name: name for name in ("period_start", "period_end", "unit_measure")},
    "value": "obs_value",
    "unit": "unit_measure",
}
"""Columns of tables and observations that say what a figure is, with their names in the latter."""
_LAST = "source_id passage quote comment_obs".split()


def observations(
    *, standing: Standing | None = None, warn: bool = True, package: Package | None = None
) -> pd.DataFrame:
    """Every figure of every table, one row each.

    Args:
        standing: ``official`` leaves out the figures that rest on leaked documents,
            ``leaked`` the others.
        warn: Whether to warn that figures may count the same thing twice.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        One row per row of the tables of figures, in the order of table
        and id. Beside the columns that these tables share it has `table`; `series`,
        which is equal only for rows of one table, indicator, unit, population,
        area, reporter and every other dimension, and of periods of one
        length; `time_period`, the period as ISO 8601 (a year, a date, or two
        dates with a slash; missing if there is none); `year` (`Int64`), the year of
        periods that lie within one calendar year, missing for others; `obs_value`
        (`Float64`, missing if none was reported) and, for ranges,
        `value_max`; `is_latest`, false if a later document of the same
        publisher restates the figure;
        `has_caveats` and `has_overlap`, whether any caveat, and
        one of the kind ``overlap``, applies to the row; after each column with a code (other than
        ``source_id``), a column ``_label`` with its name; `reported_by_members`, those of a joint
        reporter.

        Rows of one `series` may be put into one line of a chart. What may be
        summed is narrower: see `add_up`.

    Raises:
        UnknownNameError: If there is no such standing.

    Warns:
        CaveatWarning: Once, if figures may count the same thing twice.

    Examples:
        >>> frame = observations(warn=False)
        >>> rows = frame[frame["id"].str.startswith("repatriation-2018-mfaic-201")]
        >>> totals = rows[rows["counterpart_area"].isna()]
        >>> totals["series"].nunique(), totals["obs_value"].astype(int).to_list()
        (1, [815, 986])
    """
    package = package_or_installed(package)
    frame = of_standing(package, _observations(package), standing).copy()
    frame.attrs = attributes(package)
    if warn:
        warn_once(package, None, _overlap)
    return frame


def _overlap(package: Package) -> str:
    number = int(_observations(package)["has_overlap"].sum())
    warning = (
        f"{number} figures may count the same thing as others: has_overlap marks them, and "
        "add_up refuses to sum them; warn=False leaves this warning out"
    )
    return warning if number else ""


def add_up(rows: Rows, *, package: Package | None = None) -> float:
    """Sum figures, if they may be summed.

    Plain numbers may be summed if they are parts of one breakdown, or if they are
    of one series, flows, and of periods that do not overlap. A figure and its
    restatement in a later document are never summed. Other sums
    may count something twice or mix what the documents separate.

    Args:
        rows: Rows of a table of figures or of `observations`, or their ids.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        The sum, an integer where all values are whole.

    Raises:
        NotAdditiveError: If they may not be summed, or have another value, unit, indicator,
            period or reporter than in the package; the message says why.
        UnknownNameError: If an id is not that of a figure, or is retired.

    Examples:
        >>> add_up(["repatriation-2018-mfaic-2017-total", "repatriation-2018-mosavy-2017-total"])
        Traceback (most recent call last):
        cambodia_tip.NotAdditiveError: these figures are of 2 series: they differ in ...
    """
    package = package_or_installed(package)
    ids = row_ids(rows)
    frame = _observations(package).set_index("id")
    for row in ids:
        if row not in frame.index:
            raise unknown_id(package, row, "figure", frame.index)
    if len(set(ids)) < len(ids):
        raise NotAdditiveError("a record is named twice")
    if not ids:
        raise NotAdditiveError("there are no rows to sum")
    chosen = frame.loc[ids]
    if changed := changed_cell(rows, chosen, _SAME):
        raise NotAdditiveError(f"{changed}, or sum your own values yourself")
    for is_wrong, reason in (
        (chosen["obs_value"].isna(), "has no value reported; missing is not zero"),
        (
            chosen["qualifier"] != "unqualified",
            "has a qualifier ({qualifier}), which a sum would not show",
        ),
        (chosen["value_max"].notna(), "is a range, of which the value is the lower end"),
    ):
        for name, figure in chosen[is_wrong].iterrows():
            raise NotAdditiveError(f"{name} {reason.format(**figure)}")
    if chosen["obs_status"].nunique() > 1:
        raise NotAdditiveError("some of these figures are planned, others reported")
    _check_restatements(package, ids)
    _check_wholes(package, frame, ids)
    if not _is_breakdown(chosen):
        _check_series(package, chosen)
    total = float(chosen["obs_value"].sum())
    return int(total) if total.is_integer() else total


def _restatements(package: Package) -> pd.DataFrame:
    """The table of restated figures; without rows where a package has none."""
    if "restatements" in package.resources:
        return shared_frame(package, "restatements")
    return pd.DataFrame({"earlier": [], "later": []}, dtype=object)


def _check_restatements(package: Package, ids: list[str]) -> None:
    """Refuse two figures of which one restates the other, directly or in steps."""
    later = _restatements(package).groupby("earlier")["later"].agg(list)
    for row in ids:
        following = list(later.get(row, []))
        for one in following:
            if one in ids:
                raise NotAdditiveError(f"{one} restates {row}: both are figures for the same thing")
            following += later.get(one, [])


def _check_wholes(package: Package, frame: pd.DataFrame, ids: list[str]) -> None:
    """Refuse a figure and a part of it."""
    for part in ids:
        whole = frame["part_of"][part]
        while not pd.isna(whole):
            if whole in ids:
                texts = record_texts(package, frame["table"][part], None)
                raise NotAdditiveError(
                    f"{part} is part of {whole}: sum the parts or take the whole, not both; "
                    f"part: {texts[part]}; whole: {texts[whole]}"
                )
            whole = frame["part_of"].get(whole)


def _is_breakdown(chosen: pd.DataFrame) -> bool:
    """Whether all rows are parts of one whole that sum to it, as far as they go."""
    wholes = chosen["part_of"]
    is_part = wholes.notna() & (chosen["part_role"] == "breakdown")
    return bool(is_part.all()) and wholes.nunique() == 1


def _check_series(package: Package, chosen: pd.DataFrame) -> None:
    if chosen["series"].nunique() > 1:
        dimensions = ["table", *_dimensions(package)]
        differing = [name for name in dimensions if chosen[name].nunique(dropna=False) > 1]
        names = ", ".join(differing) or "the length of their periods"
        raise NotAdditiveError(
            f"these figures are of {chosen['series'].nunique()} series: they differ in {names}"
        )
    if len(chosen) == 1:
        return
    measure = _measures(package)[chosen["indicator"].iloc[0]]
    if measure != "flow":
        raise NotAdditiveError(
            f"the indicator is not a flow ({measure}); stocks and rates cannot be summed"
        )
    ordered = chosen.sort_values("period_start")
    starts, ends = ordered["period_start"], ordered["period_end"]
    apart = starts.iloc[1:].reset_index(drop=True) > ends.iloc[:-1].reset_index(drop=True)
    if not apart.all():
        raise NotAdditiveError("their periods overlap or are not known")


@remembered
def _observations(package: Package) -> pd.DataFrame:
    frames = [_of_table(package, resource) for resource in _figure_tables(package)]
    frame = pd.concat(frames, ignore_index=True)
    frame["is_latest"] = ~frame["id"].isin(_superseded(package, frame))
    caveats = rows_with_caveats(package)
    frame["has_caveats"] = frame["id"].isin(caveats["row_id"])
    frame["has_overlap"] = frame["id"].isin(caveats.loc[caveats["kind"] == "overlap", "row_id"])
    frame["time_period"] = time_period(frame)
    frame["year"] = calendar_year(frame)
    frame["series"] = _series(package, frame)
    is_known = "organization_members" in package.resources
    members = linked_text(package, "organization_members", None) if is_known else pd.Series()
    frame["reported_by_members"] = frame["reported_by"].map(members)
    frame = with_labels(frame, _labels(package).__getitem__)
    middle = [name for name in frame.columns if name not in (*_FIRST, *_LAST)]
    return frame[[*_FIRST, *middle, *_LAST]]


def _superseded(package: Package, frame: pd.DataFrame) -> pd.Series:
    """The figures that a later document of their publisher restates."""
    publishers = shared_frame(package, "sources").set_index("source_id")["publisher"]
    publisher = frame.set_index("id")["source_id"].map(publishers)
    restated = _restatements(package)
    is_own = restated["earlier"].map(publisher) == restated["later"].map(publisher)
    return restated.loc[is_own, "earlier"]


def _labels(package: Package) -> dict[str, dict[str, str]]:
    """The labels of the codes of all figures, by the column of the codes."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for resource in _figure_tables(package):
        for field in resource.fields:
            if field.name != "source_id":
                labels[field.concept] |= labels_of(package, resource, field.name)
    return labels


def _figure_tables(package: Package) -> list[Resource]:
    """The tables with a measure, in the order of their names."""
    return [table for _, table in sorted(package.resources.items()) if table.has_figures]


def _of_table(package: Package, resource: Resource) -> pd.DataFrame:
    """A table with its columns named after their concepts, code lists as text."""
    frame = shared_frame(package, resource.name)
    columns = {"table": pd.Series(resource.name, frame.index, dtype=str)}
    for field in resource.fields:
        column = frame[field.name]
        if field.categories:
            column = pd.Series(plain(column), frame.index, dtype=str)
        elif field.sdmx_role == "measure":
            column = column.astype("Float64")
        columns[field.concept] = column
    return pd.DataFrame(columns)


@remembered
def _dimensions(package: Package) -> list[str]:
    """Names of all dimensions of all figure tables, each once."""
    fields = (field for resource in _figure_tables(package) for field in resource.fields)
    return list(dict.fromkeys(field.concept for field in fields if field.sdmx_role == "dimension"))


def _measures(package: Package) -> pd.Series:
    """What each indicator measures: a flow, a stock or something else."""
    return shared_frame(package, "indicators").set_index("indicator")["measure"]


def _series(package: Package, frame: pd.DataFrame) -> pd.Series:
    """One text for each combination of dimensions and length of period."""
    parts = frame[["table", *_dimensions(package)]].astype(object)
    is_flow = frame["indicator"].map(_measures(package)) != "stock"
    lengths = pd.Series(map(period_length, frame["period_start"], frame["period_end"]), frame.index)
    parts["period"] = lengths.where(is_flow, "")
    texts = (
        " ".join(f"{name}={cell}" for name, cell in zip(parts, row, strict=True) if cell != "")
        for row in parts.where(parts.notna(), "").itertuples(index=False)
    )
    return pd.Series(texts, frame.index)
