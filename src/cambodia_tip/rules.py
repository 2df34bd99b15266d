"""Rules about the content of tables, beyond types and keys.

A rule is a generator over one table: it yields which rows break it, the
column to look at, and a message in which ``{column}`` stands for the cell of
the row. It runs on every table that has the columns it names, so that a new
table is covered the day it is added. The few rules about links between tables
take all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from .keys import Frames, row_names
from .numerals import prints
from .package import Package, Resource
from .passages import fold
from .report import Finding

MOST_WORDS = 15
"""How many words a quote may have."""


@dataclass(frozen=True)
class Table:
    """A table under check."""

    resource: Resource
    frame: pd.DataFrame


Problem = tuple[pd.Series, str, str]
TableRule = Callable[[Table], Iterator[Problem]]
PackageRule = Callable[[Package, Frames], Iterator[Finding]]

_TABLE_RULES: list[tuple[str, tuple[str, ...], TableRule]] = []
_PACKAGE_RULES: list[PackageRule] = []


def check_rules(package: Package, frames: Frames) -> Iterator[Finding]:
    """Run every rule on every table that it can apply to."""
    for name, frame in frames.items():
        table = Table(package.resource(name), frame)
        for rule, columns, check in _TABLE_RULES:
            if set(columns) <= set(frame.columns):
                for wrong, column, message in check(table):
                    yield from _findings(table, rule, wrong, column, message)
    for package_rule in _PACKAGE_RULES:
        yield from package_rule(package, frames)


def _findings(
    table: Table, rule: str, wrong: pd.Series, column: str, message: str
) -> Iterator[Finding]:
    wrong = wrong.astype("boolean").fillna(False).astype(bool)
    if not wrong.any():
        return
    names = row_names(table.resource, table.frame)[wrong]
    cells = table.frame[wrong].astype(object)
    dates = table.frame.select_dtypes("datetime").columns
    cells[dates] = table.frame.loc[wrong, dates].apply(lambda day: day.dt.strftime("%Y-%m-%d"))
    for name, row in zip(names, cells.to_dict("records"), strict=True):
        yield Finding(table.resource.name, name, column, rule, message.format_map(row))


def table_rule(name: str, *columns: str) -> Callable[[TableRule], TableRule]:
    """Register a rule for every table that has these columns."""

    def register(rule: TableRule) -> TableRule:
        _TABLE_RULES.append((name, columns, rule))
        return rule

    return register


def package_rule(rule: PackageRule) -> PackageRule:
    """Register a rule that looks at several tables."""
    _PACKAGE_RULES.append(rule)
    return rule


@table_rule("period", "period_start", "period_end", "period_basis")
def period(table: Table) -> Iterator[Problem]:
    """A period does not end before it begins, and says where it is from."""
    start, end = table.frame["period_start"], table.frame["period_end"]
    yield start > end, "period_end", "ends on {period_end}, before it begins on {period_start}"
    dated, based = start.notna() | end.notna(), table.frame["period_basis"].notna()
    yield dated & ~based, "period_basis", "must say where the period is from: stated or inferred"
    yield based & ~dated, "period_basis", "must be empty where there is no period"


@table_rule("bounds", "minimum", "maximum")
def minimum_and_maximum(table: Table) -> Iterator[Problem]:
    """The minimum is not above the maximum."""
    wrong = table.frame["minimum"] > table.frame["maximum"]
    yield wrong, "minimum", "{minimum} is above the maximum, {maximum}"


@table_rule("sanction", "sanction", "minimum", "maximum", "unit")
def sanction(table: Table) -> Iterator[Problem]:
    """A penalty that is not laid down or not stated has no size; a size has a unit."""
    frame = table.frame
    sized = frame["minimum"].notna() | frame["maximum"].notna()
    empty = frame["sanction"].isin(["none", "not_stated"])
    yield sized & empty, "sanction", "must not be {sanction} where there is a minimum or maximum"
    yield sized & frame["unit"].isna(), "unit", "must say what the minimum and maximum are in"


@table_rule("restated", "reason", "row_id")
def restated(table: Table) -> Iterator[Problem]:
    """A number that a row has, in other words, names that row."""
    frame = table.frame
    named = frame["reason"].isin(["restated", "context"])
    yield named & frame["row_id"].isna(), "row_id", "must name the row that has the fact"


@table_rule("ages", "victim_age_under", "victim_age_over")
def victim_ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table.frame["victim_age_over"] >= table.frame["victim_age_under"]
    message = "nobody is over {victim_age_over} and under {victim_age_under}"
    yield wrong, "victim_age_over", message


@table_rule("status", "value", "obs_status", "qualifier")
def value_and_status(table: Table) -> Iterator[Problem]:
    """A figure has a value, silence has none, and none known is zero."""
    missing = table.frame["value"].isna()
    silent = table.frame["obs_status"].isin(["not_reported", "not_available"])
    yield missing & ~silent, "value", "must be filled where the status is {obs_status}"
    yield silent & ~missing, "value", "must be empty where the status is {obs_status}, not {value}"
    none_known = (table.frame["qualifier"] == "none_known") & ~silent
    yield none_known & (table.frame["value"] != 0), "value", "must be 0 where none is known"


@table_rule("derivation", "value_basis", "derived_from")
def derivation(table: Table) -> Iterator[Problem]:
    """A derived number names the row that it is from."""
    derived, named = table.frame["value_basis"] == "derived", table.frame["derived_from"].notna()
    yield derived & ~named, "derived_from", "must name the row that the number is derived from"
    yield named & ~derived, "value_basis", "must be derived where derived_from is filled"


@table_rule("derivation", "value_basis")
def no_derivation(table: Table) -> Iterator[Problem]:
    """A table that cannot say what a number is derived from has printed numbers only."""
    if "derived_from" not in table.frame:
        derived = table.frame["value_basis"] == "derived"
        yield derived, "value_basis", "must be printed: this table has no column derived_from"


@table_rule("movement", "from_area", "to_area")
def movement(table: Table) -> Iterator[Problem]:
    """A movement leads from one area to another."""
    wrong = table.frame["from_area"] == table.frame["to_area"]
    yield wrong, "to_area", "must not be the area of departure, {from_area}"


@table_rule("quote", "quote")
def quote(table: Table) -> Iterator[Problem]:
    """A quote is short and less than a sentence."""
    for column in (name for name in table.frame.columns if name.endswith("quote")):
        quotes = table.frame[column]
        words = quotes.map(lambda text: len(fold(text).split()), na_action="ignore")
        long = words.astype("Int64") > MOST_WORDS
        yield long, column, f"must have at most {MOST_WORDS} words"
        sentence = quotes.str.fullmatch(r"""["'(]?[A-Z].*[.?!]["')]*""").astype("boolean")
        yield sentence, column, "must be less than a sentence"


@table_rule("printed", "quote")
def printed(table: Table) -> Iterator[Problem]:
    """A number that counts as printed can be read in its quote."""
    frame = table.frame
    for field in table.resource.fields:
        if field.printed_in not in frame.columns:
            continue
        numbered = frame[field.name].notna() & frame[field.printed_in].notna()
        if "value_basis" in frame:
            numbered &= frame["value_basis"] != "derived"
        pairs = frame.loc[numbered, [field.name, field.printed_in]]
        read = [prints(text, number) for number, text in pairs.itertuples(index=False)]
        is_read = pd.Series(read, pairs.index, dtype=bool).reindex(frame.index, fill_value=True)
        yield ~is_read, field.name, f"{{{field.name}}} cannot be read in the quote: {{quote}}"


@table_rule("parts", "id", "value", "unit", "reported_by", "part_of", "part_role")
def parts(table: Table) -> Iterator[Problem]:
    """Parts go with their whole: unit, reporter, size, and no circle."""
    frame = table.frame
    named, role = frame["part_of"].notna(), frame["part_role"]
    yield named & role.isna(), "part_role", "must say how the row is a part of {part_of}"
    yield role.notna() & ~named, "part_of", "must name the whole"
    whole = frame.drop_duplicates("id").set_index("id").reindex(frame["part_of"])
    known = named & pd.Series(whole["unit"].notna().to_numpy(), frame.index)
    for column in ("unit", "reported_by"):
        differs = frame[column].astype(object).to_numpy() != whole[column].astype(object).to_numpy()
        yield known & differs, column, f"{{{column}}} is not that of the whole, {{part_of}}"
    above = frame["value"] > pd.Series(whole["value"].array, frame.index)
    yield known & above, "value", "{value} is more than the whole, {part_of}"
    parts_of = frame[named & (role == "breakdown")].groupby("part_of")["value"]
    whole_sums = parts_of.sum(min_count=1)[parts_of.count() == parts_of.size()]
    sums = frame["id"].map(whole_sums)
    wrong = sums.notna() & frame["value"].notna() & (sums != frame["value"])
    yield wrong, "value", "{value} is not the sum of its breakdown"
    yield _in_circle(frame), "part_of", "leads back to the row itself, by way of {part_of}"


def _in_circle(frame: pd.DataFrame) -> pd.Series:
    wholes = frame.dropna(subset=["id", "part_of"]).set_index("id")["part_of"].to_dict()
    circular = set()
    safe: set[str] = set()
    for start in wholes:
        path: dict[str, None] = {}
        row = str(start)
        while row in wholes and row not in path and row not in safe:
            path[row] = None
            row = wholes[row]
        if row in path:
            names = list(path)
            circular.update(names[names.index(row) :])
        safe.update(path)
    return frame["id"].isin(circular)


@table_rule("countries", "id", "countries", "from_area", "part_of", "part_role")
def countries(table: Table) -> Iterator[Problem]:
    """A total over so many countries is broken down into so many, or not at all."""
    frame = table.frame
    breakdown = frame[frame["part_role"] == "breakdown"]
    number = frame["id"].map(breakdown.groupby("part_of")["from_area"].nunique())
    wrong = number.notna() & (number != frame["countries"])
    yield wrong, "countries", "{countries} is not the number of countries in the breakdown"


@package_rule
def ids(package: Package, frames: Frames) -> Iterator[Finding]:
    """The table ids lists every id once, with the table that holds it."""
    if "ids" not in frames:
        return
    listed = frames["ids"].drop_duplicates("id").set_index("id")["table"]
    for name, frame in frames.items():
        if package.resource(name).primary_key != ("id",) or name == "ids":
            continue
        for row in frame["id"].dropna():
            home = listed.get(row)
            if home is not None and home != name:
                message = f"this id belongs to {home}; an id is never used twice"
                yield Finding(name, row, "id", "ids", message)
        for row in listed.index[(listed == name) & ~listed.index.isin(frame["id"])]:
            yield Finding("ids", row, "table", "ids", f"there is no such row in {name}")
    known = {name for name, r in package.resources.items() if r.primary_key == ("id",)} - {"ids"}
    for row, home in listed[~listed.isin(known)].items():
        yield Finding("ids", str(row), "table", "ids", f"{home!r} is no table that has ids")


@package_rule
def publication(package: Package, frames: Frames) -> Iterator[Finding]:
    """What a document reports lies before it; only plans may lie after."""
    if "sources" not in frames:
        return
    published = frames["sources"].drop_duplicates("source_id").set_index("source_id")["published"]
    ends = published.dropna().map(last_day)
    for name, frame in frames.items():
        if not {"source_id", "obs_status", "period_end"} <= set(frame.columns):
            continue
        late = frame["period_end"] > pd.to_datetime(frame["source_id"].map(ends))
        table = Table(package.resource(name), frame)
        message = "ends on {period_end}, after its document was published"
        wrong = late & (frame["obs_status"] != "planned")
        yield from _findings(table, "publication", wrong, "period_end", message)


def last_day(edtf: str) -> pd.Timestamp:
    """Last day of a day, month or year (EDTF level 0).

    Examples:
        >>> str(last_day("2004-06").date())
        '2004-06-30'
    """
    return pd.Period(edtf).end_time.normalize()
