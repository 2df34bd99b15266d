"""What cells and rows should be, as conditions that an engine can look up.

Each is as strict as the check of frames that it stands for, or stricter.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import Any

import ibis  # type: ignore[import-not-found,import-untyped,unused-ignore]
import pyarrow  # type: ignore[import-not-found,import-untyped,unused-ignore]

from ..package.model import BOOLEANS, FORMS, Field, ForeignKey, Resource, limit
from ..package.patterns import LONGEST
from .cells import cell_tests
from .rules import Rule

SEPARATOR = "\x1f"
"""Between texts that are joined; a text that has it is wrong anyway."""
_MOST_LISTED = 1000
"""Texts that a query spells out; more of them are a table."""

SEEN = "!-~\xa1-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u2713"
"""Characters that all versions of Unicode print, without the blank."""
_CLEAN = f"[{SEEN}](?:[ {SEEN}]*[{SEEN}])?"
_DAY = (
    "[1-9][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|"
    "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_EDTF = f"[1-9][0-9]{{3}}(?:-(?:0[1-9]|1[0-2]))?|{_DAY}"
_ALIKE = re.compile(
    r"(?:[^\\\[\]^$.{}]|\\[^\w\s]|\\d|\[\^?(?:[^\\\[\]&]|\\[^\w\s])+\]|\{\d{1,3}(?:,\d{0,3})?\})*"
)
"""Patterns that mean the same to Python, RE2 and Java, or to these less."""
_ELSE = re.compile(r"\(\?[^:]|[*+?}]\+")


class Cells:
    """A column in the engine: its text in the CSV files, the value, and whether it is right."""

    def __init__(self, column: ibis.Column, field: Field, codes: Collection[str] = ()) -> None:
        self.column, self.field, self.codes, self.type = column, field, codes, column.type()

    @cached_property
    def text(self) -> Any:
        """The text that the file would have; null where it would be empty."""
        column, kind = self.column, self.type
        if kind.is_string() or kind.is_null():
            text = column.cast("string").nullif("")
            if self.field.type != "boolean":
                return text
            spelt = [(text == name, str(value).lower()) for name, value in BOOLEANS.items()]
            return ibis.cases(*spelt, else_=text)
        if kind.is_boolean():
            return ibis.cases((column, "true"), (~column, "false"))
        if kind.is_timestamp() and kind.timezone is None:
            day = column.cast("date")
            return (day.cast(kind) == column).ifelse(day.cast("string"), column.cast("string"))
        if kind.is_floating():
            is_whole = column.between(-1e15, 1e15) & (column % 1 == 0)
            whole = is_whole.ifelse(column, 0.0).cast("int64").cast("string")
            return self._number.notnull().ifelse(
                is_whole.ifelse(whole, column.cast("string")), None
            )
        if kind.is_integer() or kind.is_date():
            return column.cast("string")
        return column.notnull().ifelse("\x01", None)  # Python may know what it means

    @cached_property
    def _number(self) -> Any:
        column = self.column
        return column.isnan().ifelse(None, column) if self.type.is_floating() else column

    @cached_property
    def value(self) -> Any:
        """The value that rules compare; null where it is missing or cannot be read."""
        kind, field = self.type, self.field
        if field.type in ("integer", "number"):
            if kind.is_numeric() and not kind.is_decimal():
                return self._number
            return self.text.try_cast("int64" if field.type == "integer" else "float64")
        if field.type == "date":
            is_day = kind.is_date() or kind.is_timestamp()
            return self.column.cast("date") if is_day else self.text.try_cast("date")
        return self.text == "true" if field.type == "boolean" else self.text

    @cached_property
    def is_sure(self) -> Any:
        """Whether the cell breaks nothing by itself."""
        missing = ibis.literal(not self.field.required)
        return self.text.isnull().ifelse(missing, all_of(self._tests()).fill_null(False))

    def _tests(self) -> Iterator[Any]:
        field, kind, constraints = self.field, self.type, self.field.constraints
        codes = constraints.get("enum") or self.codes
        if codes:
            tests = [is_right for _, _, is_right in cell_tests(field)]
            codes = [code for code in codes if all(is_right(code) for is_right in tests)]
            yield is_in(self.text, codes)
            return
        if field.type in ("integer", "number") and (kind.is_integer() or kind.is_floating()):
            most = 10**18 if field.type == "integer" else 10**15
            if kind.is_floating():
                most = 10**9
                value = self.value
                yield value.round(6) == value if field.type == "number" else value % 1 == 0
            yield self.value.between(1 - most, most - 1)
        elif field.type == "date" and kind.is_date():
            yield self.value.between(datetime.date(1000, 1, 1), datetime.date(9999, 12, 31))
        elif field.type != "boolean" or not kind.is_boolean():
            yield from self._tests_of_text()
        for name, compare in (("minimum", operator.ge), ("maximum", operator.le)):
            if name in constraints:
                yield compare(self.value, limit(field, name))

    def _tests_of_text(self) -> Iterator[Any]:
        field, text = self.field, self.text
        if field.type == "date":
            yield _matches(text, _DAY)
        elif field.type in FORMS:
            yield _matches(text, FORMS[field.type][1])
        else:
            yield _matches(text, _CLEAN) & ~_matches(text, "[-=+@].*")
        if field.is_address:
            yield _matches(text, r"https?://[!-~]+")
        if field.edtf:
            yield _matches(text, _EDTF)
        if pattern := field.constraints.get("pattern"):
            if not _ALIKE.fullmatch(pattern) or _ELSE.search(pattern):
                yield ibis.literal(False)
            else:
                yield _matches(text, pattern) & (text.length() <= LONGEST)


class Held:
    """A table in the engine, as what it should be."""

    def __init__(
        self, table: ibis.Table, resource: Resource, targets: Mapping[str, Collection[str]]
    ) -> None:
        self.table, self.resource, self.targets = table, resource, targets
        links = [key for key in resource.foreign_keys if key.resource in targets]
        lists = {key: self._codes(key) for key in links}
        codes = {key.fields[0]: codes for key, codes in lists.items() if codes}
        self.cells = {
            f.name: Cells(table[f.name], f, codes.get(f.name, ())) for f in resource.fields
        }
        self.links = [key for key in links if codes.get(key.fields[0], ()) is not lists[key]]

    def _codes(self, link: ForeignKey) -> Collection[str]:
        """What a column may have because of a link, if that is little enough to be listed."""
        keys, is_inner = self.targets[link.resource], link.resource == self.resource.name
        if len(link.fields) > 1 or is_inner or len(keys) > _MOST_LISTED:
            return []
        is_listed = "enum" not in self.resource.field(*link.fields).constraints
        return keys if is_listed else []

    def __getitem__(self, name: str) -> Cells:
        return self.cells[name]

    def key(self, names: Iterable[str]) -> Any:
        """The texts of some columns as one; null where one is empty."""
        return joined(self[name].text for name in names)

    def all_sure(self, names: Iterable[str]) -> Any:
        """Whether some cells are there and break nothing by themselves."""
        return all_of(part for n in names for part in (self[n].is_sure, self[n].text.notnull()))

    def inner_keys(self) -> ibis.Table:
        """The keys that rows may link to within the table."""
        names = self.resource.primary_key
        texts = {name: self[name].text for name in names}
        key = self.key(names)
        return self.table.filter(self.all_sure(names)).select(**texts, key=key)

    def breaks(self, link: ForeignKey) -> Any:
        """Whether the link of a row is dangling, or half filled."""
        filled = [self[name].text.notnull() for name in link.fields]
        key = self.key(link.fields)
        leads = is_in(key, self.targets[link.resource])
        if link.resource == self.resource.name:
            leads |= _is_among(key, self.inner_keys().key)
        return (all_of(filled) & ~leads) | (any_of(filled) & ~all_of(filled))

    def answers(self, rule: Rule) -> Iterator[Any]:
        """The rows that break a rule which only compares the cells of a row."""
        for wrong, *_ in rule.check(_Rows(self)):
            yield wrong.it


class _Rows:
    """A table for rules that compare the cells of a row; see `rules.Table`."""

    def __init__(self, held: Held) -> None:
        self.held, self.resource = held, held.resource

    def __contains__(self, column: str) -> bool:
        return column in self.held.cells

    def __getitem__(self, column: str) -> _Column:
        return _Column(self.held[column].value)

    def ask(self, column: str, question: Callable[[str], object]) -> _Column:
        field = self.resource.field(column)
        known = field.constraints.get("enum") or ("true", "false")
        return _Column(self.held[column].text.isin([text for text in known if question(text)]))


def _operator(apply: Callable[[Any, Any], Any]) -> Callable[[_Column, object], _Column]:
    def method(column: _Column, other: object) -> _Column:
        it = other.it if isinstance(other, _Column) else other
        return _Column(apply(column.it, it).fill_null(False))

    return method


def _is_equal(one: Any, other: Any) -> Any:
    # some engines cannot compare conditions
    return one == other if not one.type().is_boolean() else (one & other) | ~(one | other)


class _Column:
    """A column in the engine with the methods of pandas that rules use.

    Like there, a comparison with a missing cell is not true.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, it: Any) -> None:
        self.it = it

    __eq__ = _operator(_is_equal)  # type: ignore[assignment]
    __lt__, __le__ = _operator(operator.lt), _operator(operator.le)
    __gt__, __ge__ = _operator(operator.gt), _operator(operator.ge)
    __and__, __or__ = _operator(operator.and_), _operator(operator.or_)

    def __ne__(self, other: object) -> _Column:  # type: ignore[override]
        return ~(self == other)

    def __invert__(self) -> _Column:
        return _Column(~self.it.fill_null(False))

    def isin(self, values: Sequence[object]) -> _Column:
        return _Column(self.it.isin(values).fill_null(False))

    def isna(self) -> _Column:
        return _Column(self.it.isnull())

    def notna(self) -> _Column:
        return _Column(self.it.notnull())


def _matches(text: Any, pattern: str) -> Any:
    return text.re_search(rf"\A(?:{pattern})\z")


def is_in(text: Any, values: Collection[str]) -> Any:
    """Whether a text is one of these."""
    if len(values) > _MOST_LISTED:
        return _is_among(text, ibis.memtable(pyarrow.table({"value": [*values]})).value)
    return text.isin([*values])


def _is_among(text: Any, column: Any) -> Any:
    """Whether a text is in a column; false where it is missing.

    Where the answer of IN may be unknown, Spark compares every row with every row for NOT IN.
    """
    return text.isin(column).fill_null(False)


def joined(texts: Iterable[Any]) -> Any:
    return reduce(lambda parts, text: parts + SEPARATOR + text, texts)


def all_of(conditions: Iterable[Any]) -> Any:
    return reduce(operator.and_, conditions, ibis.literal(True))


def any_of(conditions: Iterable[Any]) -> Any:
    return reduce(operator.or_, conditions)
