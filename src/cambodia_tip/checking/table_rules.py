"""Rules of content for one table; each runs on every table that has the columns it names."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..package.model import Resource
from .rules import Look, Problem, Table, table_rule


@table_rule("period", "period_basis", dates="period_start period_end", kind="row")
def period(table: Table) -> Iterator[Problem]:
    """A period does not end before it begins, and says where it is from."""
    start, end, basis = table["period_start"], table["period_end"], table["period_basis"]
    yield start > end, "period_end", "must not be before the period begins, on {period_start}"
    dated, based = start.notna() | end.notna(), basis.notna()
    yield dated & ~based, "period_basis", "must say where the period is from: stated or inferred"
    yield based & ~dated, "period_basis", "must be empty where there is no period"


@table_rule("period", dates="reporting_period_start reporting_period_end", kind="row")
def reporting_period(table: Table) -> Iterator[Problem]:
    """A reporting period does not end before it begins."""
    wrong = table["reporting_period_start"] > table["reporting_period_end"]
    message = "must not be before the period begins, on {reporting_period_start}"
    yield wrong, "reporting_period_end", message


@table_rule("bounds", numbers="minimum maximum", kind="row")
def minimum_and_maximum(table: Table) -> Iterator[Problem]:
    """The minimum is not above the maximum."""
    wrong = table["minimum"] > table["maximum"]
    yield wrong, "minimum", "must not be above the maximum, {maximum}"


@table_rule("bounds", numbers="value value_max", kind="row")
def value_and_its_maximum(table: Table) -> Iterator[Problem]:
    """The lower end of a range is not above the upper."""
    lower, upper = table["value"], table["value_max"]
    yield lower > upper, "value_max", "must not be below the value, {value}"
    yield upper.notna() & lower.isna(), "value_max", "must be empty where there is no value"


@table_rule("sanction", "sanction minimum maximum unit", kind="row")
def sanction(table: Table) -> Iterator[Problem]:
    """A penalty that is not laid down or not stated has no size; a size has a unit."""
    sized = table["minimum"].notna() | table["maximum"].notna()
    empty = table["sanction"].isin(["none", "not_stated"])
    message = "must be another where there is a minimum ({minimum}) or maximum ({maximum})"
    yield sized & empty, "sanction", message
    yield sized & table["unit"].isna(), "unit", "must say what the minimum and maximum are in"


@table_rule("restated", "reason row_id", kind="row")
def restated(table: Table) -> Iterator[Problem]:
    """A number that a row has, in other words, names that row."""
    named = table["reason"].isin(["restated", "context"])
    message = "must name the row that has the fact where the reason is {reason}"
    yield named & table["row_id"].isna(), "row_id", message


@table_rule("scope", "in_scope out_of_scope_reason", kind="row")
def scope(table: Table) -> Iterator[Problem]:
    """A passage that is out of scope says why, and only such a passage."""
    is_out = table.ask("in_scope", lambda text: text == "false")
    reason = table["out_of_scope_reason"]
    yield is_out & reason.isna(), "out_of_scope_reason", "must say why the passage is out of scope"
    message = "must be empty where the passage is in scope"
    yield ~is_out & reason.notna(), "out_of_scope_reason", message


@table_rule("ages", numbers="victim_age_under victim_age_over", kind="row")
def victim_ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table["victim_age_over"] >= table["victim_age_under"]
    yield wrong, "victim_age_over", "must be below {victim_age_under}, or no one is in the bracket"


@table_rule("ages", numbers="age_from age_under", kind="row")
def ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table["age_from"] >= table["age_under"]
    yield wrong, "age_from", "must be below {age_under}, or no one is in the bracket"


@table_rule("status", "obs_status qualifier", numbers="value", kind="row")
def value_and_status(table: Table) -> Iterator[Problem]:
    """A figure has a value, a stated gap has none, and none known is zero."""
    missing = table["value"].isna()
    silent = table["obs_status"].isin(["not_reported", "not_available"])
    yield missing & ~silent, "value", "must be filled where the status is {obs_status}"
    yield silent & ~missing, "value", "must be empty where the status is {obs_status}"
    none_known = (table["qualifier"] == "none_known") & ~silent
    yield none_known & (table["value"] != 0), "value", "must be 0 where the qualifier is none_known"


@table_rule("derivation", "value_basis derived_from", kind="row")
def derivation(table: Table) -> Iterator[Problem]:
    """A derived number names the row that it is from."""
    derived, named = table["value_basis"] == "derived", table["derived_from"].notna()
    message = "must name the row that the number is derived from"
    yield derived & ~named, "derived_from", message
    yield named & ~derived, "value_basis", "must be derived where derived_from is {derived_from}"


@table_rule("derivation", "value_basis", kind="row")
def no_derivation(table: Table) -> Iterator[Problem]:
    """A table that cannot say what a number is derived from has printed numbers only."""
    if "derived_from" not in table:
        derived = table["value_basis"] == "derived"
        yield derived, "value_basis", "must be printed: this table has no column derived_from"


@table_rule("movement", "from_area to_area", kind="row")
def movement(table: Table) -> Iterator[Problem]:
    """A movement leads from one area to another."""
    wrong = table["from_area"].notna() & (table["from_area"] == table["to_area"])
    yield wrong, "to_area", "must not be the area of departure"


@table_rule("self-link", is_on_circles=True, kind="group")
def no_row_refers_to_itself(table: Table) -> Iterator[Problem]:
    """No row is its own part, parent, origin or equivalent, by any number of steps."""
    for key, link in inner_links(table.resource):
        yield in_circle(table[key], table[link]), link, "must not lead back to the row itself"


def inner_links(resource: Resource) -> Iterator[tuple[str, str]]:
    """The column with the key of a table and one that links to it, for each link within it."""
    for key in resource.foreign_keys:
        is_inner = key.resource == resource.name and key.reference_fields == resource.primary_key
        if is_inner and len(key.fields) == 1:
            yield key.reference_fields[0], key.fields[0]


@table_rule(
    "parts",
    "id unit reported_by part_of part_role",
    numbers="value",
    looks=(Look("part_of", "=", "id"), Look("id", "=", "part_of")),
    kind="group",
)
def parts(table: Table) -> Iterator[Problem]:
    """Parts go with their whole: unit, reporter and size."""
    part_of, role, value = table["part_of"], table["part_role"], table["value"]
    named = part_of.notna()
    yield named & role.isna(), "part_role", "must say how the row is a part of {part_of}"
    yield role.notna() & ~named, "part_of", "must name the whole of which the row is a {part_role}"
    places = dict(zip(table["id"][::-1], reversed(part_of.index), strict=True))
    place = part_of.map(places, na_action="ignore").fillna(-1).astype(int).to_numpy()
    known = pd.Series(place >= 0)
    for column in ("unit", "reported_by"):
        own, whole = table[column].array, table[column].array[place]
        differs = known & pd.Series(own != whole)
        yield differs, column, f"must be the {column} of the whole, {{part_of}}"
    above = known & pd.Series(value.array > value.array[place])
    yield above, "value", "must not be more than the whole, {part_of}"
    breakdown = named & (role == "breakdown")
    groups = value[breakdown].groupby(part_of[breakdown])
    sums = groups.sum(min_count=1)[groups.count() == groups.size()]
    total = table["id"].map(sums)
    # sums of fractions differ in their last places
    wrong = total.notna() & value.notna() & ((total - value).abs() > 1e-12 * total.abs())
    message = "must be {:.15g}, the sum of the breakdown of {{id}}"
    yield wrong, "value", total[total.notna()].map(message.format)


def in_circle(ids: pd.Series, links: pd.Series) -> pd.Series:
    """Whether the link of a row leads back to it."""
    linked = ids.notna() & links.notna()
    following = dict(zip(ids[linked], links[linked], strict=True))
    circular: set[str] = set()
    safe: set[str] = set()
    for start in following:
        path: dict[str, None] = {}
        row = str(start)
        while row in following and row not in path and row not in safe:
            path[row] = None
            row = following[row]
        if row in path:
            names = list(path)
            circular.update(names[names.index(row) :])
        safe.update(path)
    return ids.isin(circular)


@table_rule(
    "countries",
    "id from_area part_of part_role",
    numbers="countries",
    looks=(Look("id", "=", "part_of"),),
    kind="group",
)
def countries(table: Table) -> Iterator[Problem]:
    """A total over so many countries is broken down into so many, or not at all."""
    breakdown = table["part_role"] == "breakdown"
    number = table["from_area"][breakdown].groupby(table["part_of"][breakdown]).nunique()
    expected = table["id"].map(number)
    wrong = expected.notna() & (expected != table["countries"])
    message = "must be {:g}, the number of countries in the breakdown of {{id}}"
    yield wrong, "countries", expected[expected.notna()].map(message.format)
