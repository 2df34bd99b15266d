"""Rules of content for one table; each runs on every table that has the columns it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from ..parsing.numerals import means, numerals, prints
from ..parsing.passages import fold
from .rules import Problem, Table, table_rule

MOST_WORDS = 15
"""How many words a quote may have."""


@table_rule("period", "period_basis", dates=("period_start", "period_end"))
def period(table: Table) -> Iterator[Problem]:
    """A period does not end before it begins, and says where it is from."""
    start, end, basis = table["period_start"], table["period_end"], table["period_basis"]
    yield start > end, "period_end", "must not be before the period begins, on {period_start}"
    dated, based = start.notna() | end.notna(), basis.notna()
    yield dated & ~based, "period_basis", "must say where the period is from: stated or inferred"
    yield based & ~dated, "period_basis", "must be empty where there is no period"


@table_rule("quote-year", "quote", dates=("period_start", "period_end"))
def year_of_the_quote(table: Table) -> Iterator[Problem]:
    """Of the years that a quote prints, one lies in the period."""
    start, end = table["period_start"].dt.year, table["period_end"].dt.year
    dated = table.ask("quote", _has_year) & (start.notna() | end.notna())
    first, last = start.fillna(0)[dated], end.fillna(9999)[dated]
    rows = zip(table["quote"][dated], first, last, strict=True)
    wrong = [not any(a <= int(y) <= b for y in YEAR.findall(text)) for text, a, b in rows]
    message = "must give a period that includes the year in the quote: {quote}"
    yield _of_rows(dated, wrong), "period_start", message


def _has_year(text: str) -> bool:
    return ("19" in text or "20" in text) and YEAR.search(text) is not None


YEAR = re.compile(r"(?<![\d.$])(?<!\d,)(?:19|20)\d\d(?!\d|%|[.,]\d)")


@table_rule("period", dates=("reporting_period_start", "reporting_period_end"))
def reporting_period(table: Table) -> Iterator[Problem]:
    """A reporting period does not end before it begins."""
    wrong = table["reporting_period_start"] > table["reporting_period_end"]
    message = "must not be before the period begins, on {reporting_period_start}"
    yield wrong, "reporting_period_end", message


@table_rule("bounds", numbers=("minimum", "maximum"))
def minimum_and_maximum(table: Table) -> Iterator[Problem]:
    """The minimum is not above the maximum."""
    wrong = table["minimum"] > table["maximum"]
    yield wrong, "minimum", "must not be above the maximum, {maximum}"


@table_rule("bounds", numbers=("value", "value_max"))
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


@table_rule("scope", "in_scope", "out_of_scope_reason")
def scope(table: Table) -> Iterator[Problem]:
    """A passage that is out of scope says why, and only such a passage."""
    is_out = table.ask("in_scope", lambda text: text == "false")
    reason = table["out_of_scope_reason"]
    yield is_out & reason.isna(), "out_of_scope_reason", "must say why the passage is out of scope"
    message = "must be empty where the passage is in scope"
    yield ~is_out & reason.notna(), "out_of_scope_reason", message


@table_rule("ages", numbers=("victim_age_under", "victim_age_over"))
def victim_ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table["victim_age_over"] >= table["victim_age_under"]
    yield wrong, "victim_age_over", "must be below {victim_age_under}, or nobody is in the bracket"


@table_rule("ages", numbers=("age_from", "age_under"))
def ages(table: Table) -> Iterator[Problem]:
    """An age bracket is not empty."""
    wrong = table["age_from"] >= table["age_under"]
    yield wrong, "age_from", "must be below {age_under}, or nobody is in the bracket"


@table_rule("status", "obs_status", "qualifier", numbers=("value",))
def value_and_status(table: Table) -> Iterator[Problem]:
    """A figure has a value, a stated gap has none, and none known is zero."""
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
        yield empty, column, "must have words of the document"
        foreign = table.ask(column, lambda text: not text.isascii() and _has_foreign_letters(text))
        yield foreign, column, "must be written in Latin letters and plain digits"


def _is_long(text: str) -> bool:
    return len(text.split()) + text.count("\xb6") > MOST_WORDS < len(fold(text).split())


def _has_foreign_letters(text: str) -> bool:
    """Whether a letter or digit is none of the Latin script, though it may look like one."""
    return any(
        sign.isalnum() and not unicodedata.name(sign, "").startswith(("LATIN ", "DIGIT "))
        for sign in text
    )


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


@table_rule("hedge", "quote", "note", numbers=("value",))
def hedge(table: Table) -> Iterator[Problem]:
    """A code that stands for words is chosen where the quote says them of the number.

    Qualifiers and gaps: "at least", "no known", "did not report".
    """
    for field in table.resource.fields:
        if not field.printed_as:
            continue
        quotes = table["quote"]
        settled = table.ask("note", lambda text: "hedge" in text.lower()) | quotes.isna()
        for code, words in field.printed_as.items():
            chosen = table.ask(field.name, code.__eq__) & ~settled
            has_words = _phrases(words).search
            wrong = _of_rows(chosen, [not has_words(text) for text in quotes[chosen]])
            listed = ", ".join(words)
            message = f"must have one of these in its quote, {{quote}}: {listed}; or a note on it"
            yield wrong, field.name, message
        every = [word for words in field.printed_as.values() for word in words]
        others = set(field.categories).difference(field.printed_as)
        plain = table.ask(field.name, others.__contains__) & table["value"].notna() & ~settled
        plain &= table.ask("quote", _has_any(every))
        numbers = table["value"][plain].tolist()
        for code, words in field.printed_as.items():
            hedges = _phrases(words).finditer
            pairs = zip(quotes[plain], numbers, strict=True)
            wrong = _of_rows(plain, [_is_hedged(text, number, hedges) for text, number in pairs])
            message = f"must be {code}, since the quote says so of {{value}}: {{quote}}"
            yield wrong, field.name, f"{message}; or a note must say why not"


def _of_rows(rows: pd.Series, answers: list[bool]) -> pd.Series:
    """Answers for some rows as answers for all, false for the others."""
    every = np.zeros(len(rows), bool)
    every[rows.to_numpy(bool)] = answers
    return pd.Series(every)


def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Finds one of these words or phrases, and the sign of a currency after it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b\s*(?:USD|\$)?\s*", re.I)


def _has_any(phrases: Sequence[str]) -> Callable[[str], bool]:
    """Whether one of these phrases is in a text; most texts do not even have its first word."""
    first_words = {phrase.lower().split()[0] for phrase in phrases}
    search = _phrases(phrases).search

    def has_any(text: str) -> bool:
        small = text.lower()
        return any(word in small for word in first_words) and search(text) is not None

    return has_any


def _is_hedged(text: str, number: float, hedges: Callable[[str], Iterator[re.Match[str]]]) -> bool:
    """Whether a qualifier is right before a number in a text, or contains it.

    Examples:
        >>> hedges = _phrases(["at least", "no known"]).finditer
        >>> _is_hedged("arrested at least 28 persons", 28, hedges)
        True
        >>> _is_hedged("at least 3 of 28 persons", 28, hedges)
        False
        >>> _is_hedged("no known cases", 0, hedges)
        True
    """
    spans = [hedge.span() for hedge in hedges(text)]
    if not spans:
        return False
    places = [found.start for found in numerals(text) if means(found, number)]
    return any(start <= place <= end for start, end in spans for place in places)


@table_rule("parts", "id", "unit", "reported_by", "part_of", "part_role", numbers=("value",))
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
    # sums of fractions differ in their last places
    wrong = total.notna() & value.notna() & ((total - value).abs() > 1e-12 * total.abs())
    message = "must be {:.15g}, the sum of the breakdown of {{id}}"
    yield wrong, "value", total[total.notna()].map(message.format)


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


@table_rule("countries", "id", "from_area", "part_of", "part_role", numbers=("countries",))
def countries(table: Table) -> Iterator[Problem]:
    """A total over so many countries is broken down into so many, or not at all."""
    breakdown = table["part_role"] == "breakdown"
    number = table["from_area"][breakdown].groupby(table["part_of"][breakdown]).nunique()
    expected = table["id"].map(number)
    wrong = expected.notna() & (expected != table["countries"])
    message = "must be {:g}, the number of countries in the breakdown of {{id}}"
    yield wrong, "countries", expected[expected.notna()].map(message.format)
