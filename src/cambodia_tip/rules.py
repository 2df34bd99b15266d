"""Rules about the content of tables, beyond types and keys.

A rule is a generator over one table: it yields which rows break it, the
column to look at, and a message in which ``{column}`` stands for the cell of
the row. It runs on every table that has the columns it names, so that a new
table is covered the day it is added. The few rules about links between tables
take all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from .edtf import first_day, last_day
from .numerals import means, numerals, prints
from .package import Package, Resource
from .passages import fold
from .report import Finding
from .text import TextColumn, TextTable, joint_codes

MOST_WORDS = 15
"""How many words a quote may have."""

Tables = Mapping[str, TextTable]


class Table:
    """A table under check; a column is cast when a rule first asks for it."""

    def __init__(self, text: TextTable) -> None:
        self.text = text
        self.resource: Resource = text.resource
        self._columns: dict[str, pd.Series] = {}

    def __contains__(self, column: str) -> bool:
        return column in self.text.columns

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self.text.columns)

    def __getitem__(self, column: str) -> pd.Series:
        if column not in self._columns:
            self._columns[column] = self.text.typed(column)
        return self._columns[column]

    def ask(self, column: str, question: Callable[[str], bool]) -> pd.Series:
        """The answer for each row, asked once for each distinct text; false where it is empty."""
        cells = self.text.columns[column]
        answers = [t is not None and bool(question(t)) for t in cells.distinct.tolist()]
        return pd.Series(np.array([*answers, False])[cells.codes])


Problem = tuple[pd.Series, str, str]
TableRule = Callable[[Table], Iterator[Problem]]
PackageRule = Callable[[Package, Tables], Iterator[tuple[str, Problem]]]

_TABLE_RULES: list[tuple[str, tuple[str, ...], TableRule]] = []
_PACKAGE_RULES: list[tuple[str, tuple[str, ...], PackageRule]] = []


def check_table_rules(text: TextTable) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Run every rule that looks at one table and has the columns it needs.

    Yields:
        What was found, and the columns that the rule reads.
    """
    table = Table(text)
    for rule, columns, check in _TABLE_RULES:
        if all(column in table for column in columns):
            for wrong, column, message in check(table):
                for finding in _findings(text, rule, wrong, column, message):
                    yield finding, (*columns, column)


def check_package_rules(
    package: Package, tables: Tables
) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Run every rule that looks at several tables.

    Yields:
        What was found, and the columns of its table that the rule reads.
    """
    for rule, columns, check in _PACKAGE_RULES:
        for name, (wrong, column, message) in check(package, tables):
            for finding in _findings(tables[name], rule, wrong, column, message):
                yield finding, (*columns, column)


def _findings(
    table: TextTable, rule: str, wrong: pd.Series, column: str, message: str
) -> Iterator[Finding]:
    rows = np.flatnonzero(wrong.to_numpy(bool, na_value=False))
    for name, row in zip(table.names(rows), rows, strict=True):
        cells = table.row(int(row))
        given = f"{cells[column]!r} " if table.columns[column].codes[row] >= 0 else ""
        text = given + message.format_map(cells)
        yield Finding(table.resource.name, name, column, rule, text)


def table_rule(name: str, *columns: str) -> Callable[[TableRule], TableRule]:
    """Register a rule for every table that has these columns."""

    def register(rule: TableRule) -> TableRule:
        _TABLE_RULES.append((name, columns, rule))
        return rule

    return register


def package_rule(name: str, *columns: str) -> Callable[[PackageRule], PackageRule]:
    """Register a rule that looks at several tables and reads these columns of them."""

    def register(rule: PackageRule) -> PackageRule:
        _PACKAGE_RULES.append((name, columns, rule))
        return rule

    return register


@table_rule("period", "period_start", "period_end", "period_basis")
def period(table: Table) -> Iterator[Problem]:
    """A period does not end before it begins, and says where it is from."""
    start, end, basis = table["period_start"], table["period_end"], table["period_basis"]
    yield start > end, "period_end", "must not be before the period begins, on {period_start}"
    dated, based = start.notna() | end.notna(), basis.notna()
    yield dated & ~based, "period_basis", "must say where the period is from: stated or inferred"
    yield based & ~dated, "period_basis", "must be empty where there is no period"


@table_rule("period", "reporting_period_start", "reporting_period_end")
def reporting_period(table: Table) -> Iterator[Problem]:
    """A reporting period does not end before it begins."""
    wrong = table["reporting_period_start"] > table["reporting_period_end"]
    message = "must not be before the period begins, on {reporting_period_start}"
    yield wrong, "reporting_period_end", message


@table_rule("bounds", "minimum", "maximum")
def minimum_and_maximum(table: Table) -> Iterator[Problem]:
    """The minimum is not above the maximum."""
    wrong = table["minimum"] > table["maximum"]
    yield wrong, "minimum", "must not be above the maximum, {maximum}"


@table_rule("bounds", "value", "value_max")
def value_and_its_maximum(table: Table) -> Iterator[Problem]:
    """The lower end of a range is not above the upper."""
    lower, upper = table["value"], table["value_max"]
    yield lower > upper, "value_max", "must not be below the value, {value}"
    yield upper.notna() & lower.isna(), "value_max", "must be empty where there is no value"


@table_rule("sanction", "sanction", "minimum", "maximum", "unit")
def sanction(table: Table) -> Iterator[Problem]:
    """A penalty that is not laid down or not stated has no size; a size has a unit."""
    sized = table["minimum"].notna() | table["maximum"].notna()
    empty = table["sanction"].isin(["none", "not_stated"])
    message = "must be another where there is a minimum ({minimum}) or maximum ({maximum})"
    yield sized & empty, "sanction", message
    yield sized & table["unit"].isna(), "unit", "must say what the minimum and maximum are in"


@table_rule("restated", "reason", "row_id")
def restated(table: Table) -> Iterator[Problem]:
    """A number that a row has, in other words, names that row."""
    named = table["reason"].isin(["restated", "context"])
    message = "must name the row that has the fact where the reason is {reason}"
    yield named & table["row_id"].isna(), "row_id", message


@table_rule("ages", "victim_age_under", "victim_age_over")
def victim_ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table["victim_age_over"] >= table["victim_age_under"]
    yield wrong, "victim_age_over", "must be below {victim_age_under}, or nobody is in the bracket"


@table_rule("ages", "age_from", "age_under")
def ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table["age_from"] >= table["age_under"]
    yield wrong, "age_from", "must be below {age_under}, or nobody is in the bracket"


@table_rule("status", "value", "obs_status", "qualifier")
def value_and_status(table: Table) -> Iterator[Problem]:
    """A figure has a value, silence has none, and none known is zero."""
    missing = table["value"].isna()
    silent = table["obs_status"].isin(["not_reported", "not_available"])
    yield missing & ~silent, "value", "must be filled where the status is {obs_status}"
    yield silent & ~missing, "value", "must be empty where the status is {obs_status}"
    none_known = (table["qualifier"] == "none_known") & ~silent
    yield none_known & (table["value"] != 0), "value", "must be 0 where the qualifier is none_known"


@table_rule("derivation", "value_basis", "derived_from")
def derivation(table: Table) -> Iterator[Problem]:
    """A derived number names the row that it is from."""
    derived, named = table["value_basis"] == "derived", table["derived_from"].notna()
    message = "must name the row that the number is derived from"
    yield derived & ~named, "derived_from", message
    yield named & ~derived, "value_basis", "must be derived where derived_from is {derived_from}"


@table_rule("derivation", "value_basis")
def no_derivation(table: Table) -> Iterator[Problem]:
    """A table that cannot say what a number is derived from has printed numbers only."""
    if "derived_from" not in table:
        derived = table["value_basis"] == "derived"
        yield derived, "value_basis", "must be printed: this table has no column derived_from"


@table_rule("movement", "from_area", "to_area")
def movement(table: Table) -> Iterator[Problem]:
    """A movement leads from one area to another."""
    wrong = table["from_area"].notna() & (table["from_area"] == table["to_area"])
    yield wrong, "to_area", "must not be the area of departure"


@table_rule("self")
def no_row_refers_to_itself(table: Table) -> Iterator[Problem]:
    """No row is its own part, parent, origin or equivalent, by any number of steps."""
    for key in table.resource.foreign_keys:
        is_self = key.resource == table.resource.name and len(key.fields) == 1
        if is_self and key.reference_fields == table.resource.primary_key:
            column = key.fields[0]
            wrong = _in_circle(table[key.reference_fields[0]], table[column])
            yield wrong, column, "must not lead back to the row itself"


@table_rule("quote", "quote")
def quote(table: Table) -> Iterator[Problem]:
    """A quote is short and less than a sentence."""
    for column in (name for name in table.columns if name.endswith("quote")):
        long = table.ask(column, _is_long)
        yield long, column, f"must have at most {MOST_WORDS} words"
        sentence = table.ask(column, lambda text: _SENTENCE.fullmatch(text) is not None)
        yield sentence, column, "must be less than a sentence"
        empty = table.ask(column, lambda text: not any(map(str.isalnum, text)))
        yield empty, column, "must hold words of the document"


def _is_long(text: str) -> bool:
    return len(text.split()) + text.count("\xb6") > MOST_WORDS < len(fold(text).split())


_SENTENCE = re.compile(r"""["'(]?[A-Z].*[.?!]["')]*""")


@table_rule("printed", "quote")
def printed(table: Table) -> Iterator[Problem]:
    """A number that counts as printed can be read in its quote."""
    for field in table.resource.fields:
        if field.printed_in is None:
            continue
        numbers, quotes = table[field.name], table[field.printed_in]
        numbered = numbers.notna() & quotes.notna()
        if "value_basis" in table:
            numbered &= table["value_basis"] != "derived"
        pairs = zip(numbers[numbered].tolist(), quotes[numbered], strict=True)
        missing = _of_rows(numbered, [not prints(text, number) for number, text in pairs])
        yield missing, field.name, f"must be a number that the quote prints: {{{field.printed_in}}}"


@table_rule("hedge", "quote", "note")
def hedge(table: Table) -> Iterator[Problem]:
    """A code that stands for words is chosen where the quote has them, and only there."""
    for field in table.resource.fields:
        if not field.printed_as or "value" not in table:
            continue
        quotes = table["quote"]
        settled = table.ask("note", lambda text: "hedge" in text.lower()) | quotes.isna()
        for code, words in field.printed_as.items():
            chosen = table.ask(field.name, code.__eq__) & ~settled
            has_words = _phrases(words).search
            wrong = _of_rows(chosen, [not has_words(text) for text in quotes[chosen]])
            message = f"must have in its quote one of: {', '.join(words)}; or a note on the hedge"
            yield wrong, field.name, message
        every = [word for words in field.printed_as.values() for word in words]
        plain = table.ask(
            field.name, set(field.categories).difference(field.printed_as).__contains__
        )
        plain &= table["value"].notna() & ~settled & table.ask("quote", _has_any(every))
        hedges = _phrases(every).finditer
        pairs = zip(quotes[plain], table["value"][plain].tolist(), strict=True)
        wrong = _of_rows(plain, [_is_hedged(text, number, hedges) for text, number in pairs])
        names = ", ".join(field.printed_as)
        message = (
            f"must be one of {names}, since the quote hedges {{value}}; or a note on the hedge"
        )
        yield wrong, field.name, message


def _of_rows(rows: pd.Series, answers: list[bool]) -> pd.Series:
    """Answers for some rows as answers for all, false for the others."""
    every = np.zeros(len(rows), bool)
    every[rows.to_numpy(bool)] = answers
    return pd.Series(every)


def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Finds one of these words or phrases, and the sign of a currency after it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b\s*(?:USD|\$)?\s*", re.I)


def _has_any(phrases: Sequence[str]) -> Callable[[str], bool]:
    """Whether the first word of one of these phrases is in a text: quick, to leave most out."""
    first_words = {phrase.split()[0] for phrase in phrases}
    return lambda text: not first_words.isdisjoint(text.lower().split())


def _is_hedged(text: str, number: float, hedges: Callable[[str], Iterator[re.Match[str]]]) -> bool:
    """Whether a hedge stands right before a number in a text.

    Examples:
        >>> hedges = _phrases(["at least"]).finditer
        >>> _is_hedged("arrested at least 28 persons", 28, hedges)
        True
        >>> _is_hedged("at least 3 of 28 persons", 28, hedges)
        False
    """
    following = (numerals(text[hedge.end() :])[:1] for hedge in hedges(text))
    return any(found and found[0].start == 0 and means(found[0], number) for found in following)


@table_rule("parts", "id", "value", "unit", "reported_by", "part_of", "part_role")
def parts(table: Table) -> Iterator[Problem]:
    """Parts go with their whole: unit, reporter and size."""
    part_of, role, value = table["part_of"], table["part_role"], table["value"]
    named = part_of.notna()
    yield named & role.isna(), "part_role", "must say how the row is a part of {part_of}"
    yield role.notna() & ~named, "part_of", "must name the whole of which the row is a {part_role}"
    place = _places(table["id"], part_of)
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
    wrong = total.notna() & value.notna() & (total != value)
    yield wrong, "value", "must be the sum of the breakdown of {id}"


def _places(ids: pd.Series, sought: pd.Series) -> np.ndarray:
    """The row of each id that is sought; -1 where there is none or none is sought."""
    places = dict(zip(ids[::-1], range(len(ids) - 1, -1, -1), strict=True))
    return np.array([-1 if row is None else places.get(row, -1) for row in sought], dtype=int)


def _in_circle(ids: pd.Series, links: pd.Series) -> pd.Series:
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


@table_rule("countries", "id", "countries", "from_area", "part_of", "part_role")
def countries(table: Table) -> Iterator[Problem]:
    """A total over so many countries is broken down into so many, or not at all."""
    breakdown = table["part_role"] == "breakdown"
    number = table["from_area"][breakdown].groupby(table["part_of"][breakdown]).nunique()
    expected = table["id"].map(number)
    wrong = expected.notna() & (expected != table["countries"])
    yield wrong, "countries", "must be the number of countries in the breakdown of {id}"


@package_rule("ids", "id", "table")
def ids(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """The table ids lists every id once, with the table that holds it."""
    if "ids" not in tables:
        return
    listed = Table(tables["ids"])
    known = {n for n, r in package.resources.items() if r.primary_key == ("id",)} - {"ids"}
    home, row = listed["table"], listed["id"]
    gone = pd.Series(False, row.index)
    elsewhere = tables["ids"].columns["id"].all_texts
    for name in known & set(tables):
        here = home == name
        expected, own = frozenset(row[here]), tables[name].columns["id"].all_texts
        message = "belongs to another table in ids; an id is never used twice"
        if wrong := (own - expected) & elsewhere:
            yield name, (Table(tables[name])["id"].isin(list(wrong)), "id", message)
        if missing := expected - own:
            gone |= here & row.isin(list(missing))
    yield "ids", (gone, "table", "must be the table that has {id}")
    strange = ~home.isin(list(known)) & home.notna()
    yield "ids", (strange, "table", f"must be a table that has ids: {', '.join(sorted(known))}")


@package_rule("id-year", "id", "source_id")
def id_year(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """The id of a figure carries the year of the document that gives it."""
    published = _published(tables)
    for name, text in tables.items():
        resource = package.resource(name)
        has_figures = any(field.sdmx_role == "measure" for field in resource.fields)
        if not has_figures or not {"id", "source_id"} <= set(text.columns):
            continue
        table = Table(text)
        years = table["source_id"].map({s: f"-{day[:4]}-" for s, day in published.items()})
        pairs = zip(table["id"], years, strict=True)
        wrong = [isinstance(year, str) and row and year not in f"-{row}-" for row, year in pairs]
        message = "must be the document whose year the id carries, or the id must carry its year"
        yield name, (pd.Series(wrong, dtype="boolean"), "source_id", message)


@package_rule("publication", "source_id")
def publication(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """What a document tells as done lies before it; only plans may lie after."""
    ends = {source: last_day(day) for source, day in _published(tables).items()}
    for name, text in tables.items():
        status = next((c for c in ("obs_status", "event_status") if c in text.columns), None)
        fields = [f for f in text.resource.fields if f.edtf or (status and f.type == "date")]
        if not fields or "source_id" not in text.columns or name == "sources":
            continue
        for field in fields:
            late = _is_late(text.columns["source_id"], text.columns[field.name], ends)
            if status:
                late &= Table(text)[status] != "planned"
            yield name, (late, field.name, "must not be after its document was published")


def _is_late(sources: TextColumn, dates: TextColumn, ends: Mapping[str, str]) -> pd.Series:
    """Whether the date of each row lies after the end of its document, asked once for each pair."""
    joint = joint_codes([sources, dates])
    _, first, place = np.unique(joint, return_index=True, return_inverse=True)
    pairs = zip(sources.objects()[first], dates.objects()[first], strict=True)
    late = [source in ends and date and first_day(date) > ends[source] for source, date in pairs]
    return pd.Series(np.array(late, bool)[place])


def _published(tables: Tables) -> dict[str, str]:
    """When each document was published, as far as it is known."""
    if "sources" not in tables:
        return {}
    sources = Table(tables["sources"])
    pairs = zip(sources["source_id"], sources["published"], strict=True)
    return {source: day for source, day in pairs if source and day}


@package_rule("unused", "reason", "source_id", "passage", "numeral")
def unused(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A number that is unused for where it stands does stand there."""
    if not {"passages", "unused_numerals"} <= set(tables):
        return
    passages, table = Table(tables["passages"]), Table(tables["unused_numerals"])
    keys = zip(passages["source_id"], passages["passage"], strict=True)
    kinds = dict(zip(keys, passages["kind"], strict=True))
    cited = zip(table["source_id"], table["passage"], strict=True)
    kind = pd.Series([kinds.get(key) for key in cited], dtype=object)
    reasons = {"header", "page_marker", "question"}
    placed = table["reason"].isin(reasons) | kind.isin(reasons)
    message = "must be header, page_marker or question where the passage is one, and only there"
    yield "unused_numerals", (placed & (table["reason"] != kind), "reason", message)
    wrong = (table["reason"] == "paragraph_number") & (table["numeral"] != table["passage"])
    message = "must not be paragraph_number: the paragraph is {passage}, the numeral {numeral}"
    yield "unused_numerals", (wrong, "reason", message)
