"""Find suspects in the engine that holds a table, for the checks of frames to judge.

A suspect is a row that may break something. What is asked of rows here is stricter than the
checks, or as strict: where an engine cannot tell, the row is a suspect. With the suspects come the
rows that it takes to judge them, such as all parts of a whole. So each rule and each message is
written once, and what leaves the engine is little where little is wrong.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import Any, NamedTuple

import ibis  # type: ignore[import-not-found,import-untyped,unused-ignore]
import numpy as np
import pandas as pd
import pyarrow  # type: ignore[import-not-found,import-untyped,unused-ignore]

from ..package.model import BOOLEANS, FORMS, Field, ForeignKey, Resource
from ..package.values import limit
from .cell_texts import texts_of
from .cells import cell_tests
from .columns import TextTable, column_of
from .keys import MOST_TO_COMPARE
from .meaning_rules import MOST_COMPARED
from .patterns import LONGEST
from .rules import Registered, Table, rules_of
from .table_rules import in_circle

Keys = Mapping[str, np.ndarray]
"""The texts of the key of each row, by column."""

_POSITION = "position in the table"
_SEPARATOR = "\x1f"
"""Between texts that are joined; a text that has it is wrong anyway."""
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "duckdb": ibis.udf.scalar.pyarrow,
    "pyspark": ibis.udf.scalar.pandas,
}
"""How engines that run functions of Python on many rows at once take them."""
_MOST_LISTED = 1000
"""Texts that a query spells out; more of them are a table."""

_SEEN = "!-~\xa1-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e\u20ac"
"""Characters that all versions of Unicode print, without the blank."""
_CLEAN = f"[{_SEEN}](?:[ {_SEEN}]*[{_SEEN}])?"
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


class Suspects(NamedTuple):
    """What is to be judged.

    Attributes:
        rows: The suspects and the rows that it takes to judge them.
        keys: Keys of the table, for links within it: those that suspects link to, and others as
            far as a hint may name them.
        number: How many rows the table has.
        skipped: Rules that the engine cannot run.
    """

    rows: TextTable
    keys: Keys
    number: int
    skipped: tuple[Registered, ...]


def find_suspects(table: ibis.Table, resource: Resource, targets: Mapping[str, Keys]) -> Suspects:
    """Look for suspects.

    Args:
        table: The rows; its columns are those of the resource.
        resource: What they should be.
        targets: The keys of the tables in the package that are linked to.
    """
    known = {name: set(zip(*keys.values(), strict=True)) for name, keys in targets.items()}
    held = Held(table, resource, known)
    names = resource.primary_key
    keys = held.all_sure(names).ifelse(held.key(names), None)
    ((number, whole),) = _tuples(table.aggregate(rows=table.count(), keys=keys.nunique()))
    repeated = [f.name for f in resource.fields if f.constraints.get("unique")]
    repeated = [] if repeated == [*names] else repeated
    if number != whole:  # findings name some rows by their position
        held = Held(table.mutate(**{_POSITION: ibis.row_number()}), resource, known)
    rules = rules_of(resource)
    found = _Found(held, number != whole)
    found.add(
        [
            *(~cells.is_sure for cells in held.cells.values()),
            *([_is_repeated(held.table, held.key(names))] if number != whole else []),
            *(_is_repeated(held.table, held[name].text) for name in repeated),
            *(held.breaks(link) for link in held.links),
            *(wrong for rule in rules if rule.kind == "row" for wrong in held.answers(rule)),
        ]
    )
    texts = [rule for rule in rules if rule.kind == "text"]
    can_read = not texts or found.add_read(texts)
    for rule in rules:
        found.add(_GROUPS[rule.name](held) if rule.kind == "group" else [])
    if "part_of" in held.cells and names == ("id",):
        found.complete_families()
    rows = found.rows()
    skipped = tuple(r for r in rules if not r.kind or (r.kind == "text" and not can_read))
    return Suspects(rows, found.own_keys(rows), number, skipped)


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
        return self.text.isnull().ifelse(missing, _all(self._tests()).fill_null(False))

    def _tests(self) -> Iterator[Any]:
        field, kind, constraints = self.field, self.type, self.field.constraints
        codes = constraints.get("enum") or self.codes
        if codes:
            tests = [is_right for _, _, is_right in cell_tests(field)]
            codes = [code for code in codes if all(is_right(code) for is_right in tests)]
            yield _is_in(self.text, codes)
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
        self, table: ibis.Table, resource: Resource, targets: Mapping[str, set[tuple[str, ...]]]
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
        return [code for (code,) in keys] if is_listed else []

    def __getitem__(self, name: str) -> Cells:
        return self.cells[name]

    def key(self, names: Iterable[str]) -> Any:
        """The texts of some columns as one; null where one is empty."""
        return _joined(self[name].text for name in names)

    def all_sure(self, names: Iterable[str]) -> Any:
        """Whether some cells are there and break nothing by themselves."""
        return _all(part for n in names for part in (self[n].is_sure, self[n].text.notnull()))

    def inner_keys(self) -> ibis.Table:
        """The keys that rows may link to within the table."""
        names = self.resource.primary_key
        texts = {name: self[name].text for name in names}
        key = self.key(names)
        return self.table.filter(self.all_sure(names)).select(**texts, key=key)

    def breaks(self, link: ForeignKey) -> Any:
        """Whether the link of a row leads nowhere, or is half a link."""
        filled = [self[name].text.notnull() for name in link.fields]
        key = self.key(link.fields)
        leads = _is_in(key, [_SEPARATOR.join(known) for known in self.targets[link.resource]])
        if link.resource == self.resource.name:
            leads |= key.isin(self.inner_keys().key)
        return (_all(filled) & ~leads) | (_any(filled) & ~_all(filled))

    def answers(self, rule: Registered) -> Iterator[Any]:
        """The rows that break a rule which only compares the cells of a row."""
        for wrong, *_ in rule.find(_Rows(self)):  # type: ignore[arg-type]
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


class _Column:
    """A column in the engine with the methods of pandas that rules use.

    Like there, a comparison with a missing cell is not true.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, it: Any) -> None:
        self.it = it

    def __eq__(self, other: object) -> _Column:  # type: ignore[override]
        if self.it.type().is_boolean():  # some engines cannot compare conditions
            return (self & other) | ~(self | other)
        return self._compared(other, operator.eq)

    def _compared(self, other: object, compare: Callable[[Any, Any], Any]) -> _Column:
        return _Column(compare(self.it, _it(other)).fill_null(False))

    def __ne__(self, other: object) -> _Column:  # type: ignore[override]
        return ~(self == other)

    def __lt__(self, other: object) -> _Column:
        return self._compared(other, operator.lt)

    def __le__(self, other: object) -> _Column:
        return self._compared(other, operator.le)

    def __gt__(self, other: object) -> _Column:
        return self._compared(other, operator.gt)

    def __ge__(self, other: object) -> _Column:
        return self._compared(other, operator.ge)

    def __and__(self, other: object) -> _Column:
        return self._compared(other, operator.and_)

    def __or__(self, other: object) -> _Column:
        return self._compared(other, operator.or_)

    def __invert__(self) -> _Column:
        return _Column(~self.it.fill_null(False))

    def isin(self, values: Sequence[object]) -> _Column:
        return _Column(self.it.isin(values).fill_null(False))

    def isna(self) -> _Column:
        return _Column(self.it.isnull())

    def notna(self) -> _Column:
        return _Column(self.it.notnull())


def _it(column: object) -> object:
    return column.it if isinstance(column, _Column) else column


class _Found:
    """The rows that were brought from the engine, each once."""

    def __init__(self, held: Held, numbered: bool) -> None:
        self.held, self.names = held, [*held.cells]
        self.identity = [_POSITION] if numbered else [*held.resource.primary_key]
        self._rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def add(self, conditions: Sequence[Any]) -> None:
        """Add the rows for which one of these is true."""
        if not conditions:
            return
        cells = self.held.table.filter(_any(conditions)).to_pyarrow().to_pydict()
        identities = zip(*(cells[name] for name in self.identity), strict=True)
        rows = zip(*(cells[name] for name in self.names), strict=True)
        self._rows.update(zip(identities, rows, strict=True))

    def add_read(self, rules: Sequence[Registered]) -> bool:
        """Add the rows that break rules which read texts; return whether the engine can do that."""
        make = _FUNCTIONS.get(self.held.table.get_backend().name)
        if make is None:
            return False
        resource = self.held.resource
        names = _read_by(rules, resource)
        sure = (self.held[n].is_sure.ifelse(self.held[n].text, "").fill_null("") for n in names)
        breaks = make(_reader(resource, names, rules), signature=(("string",), "boolean"))
        try:
            self.add([breaks(_joined(sure))])
        except Exception:  # what an engine raises where its workers lack a library is its own
            if make is ibis.udf.scalar.pyarrow:
                raise
            return False
        return True

    def _texts(self, name: str) -> np.ndarray:
        place = self.names.index(name)
        return texts_of([row[place] for row in self._rows.values()], self.held[name].field)

    def complete_families(self) -> None:
        """Add the parts of wholes of which one is there, or their sum would be wrong."""
        complete: set[str | None] = {None}
        while True:
            ids = Counter(self._texts("id").tolist())
            wholes = ids.keys() & set(self._texts("part_of"))
            wholes |= {name for name, number in ids.items() if number > 1}
            if wholes <= complete:
                return
            self.add([_is_in(self.held["part_of"].text, [*map(str, wholes - complete)])])
            complete |= wholes

    def rows(self) -> TextTable:
        """The rows as text, in the order of their position or key."""
        texts = {name: self._texts(name) for name in self.names}
        if self.identity == [_POSITION]:
            order = sorted(range(len(self._rows)), key=[*self._rows].__getitem__)
            lines = np.array(sorted(number for (number,) in self._rows), dtype=int)
        else:
            keys = [*zip(*(texts[name] for name in self.identity), strict=True)]
            order = sorted(range(len(keys)), key=keys.__getitem__)
            lines = np.arange(len(order))
        columns = {name: column_of(cells[order]) for name, cells in texts.items()}
        return TextTable(self.held.resource, columns, lines, "row")

    def own_keys(self, rows: TextTable) -> Keys:
        """Keys in the table to which these rows link, and others if one leads nowhere."""
        own, names = self.held.inner_keys(), self.held.resource.primary_key
        found: list[tuple[str, ...]] = []
        for link in self.held.links if len(rows) else ():
            if link.resource == self.held.resource.name:
                parts = zip(*(rows.columns[name].objects() for name in link.fields), strict=True)
                sought = {key for key in parts if None not in key}
                linked = own.filter(_is_in(own.key, [_SEPARATOR.join(key) for key in sought]))
                found += _tuples(linked.select(*names))
                if sought - {*found, *self.held.targets[link.resource]}:
                    found += _tuples(own.select(*names).distinct().limit(MOST_TO_COMPARE + 1))
        columns = zip(*found, strict=True) if found else ((),) * len(names)
        return {n: np.array(texts, dtype=object) for n, texts in zip(names, columns, strict=True)}


def _parts(held: Held) -> list[Any]:
    """Wholes that do not go with their parts, and all these parts."""
    part = held.table.select(
        **{n: held[n].text.fill_null("") for n in ("unit", "reported_by", "part_role")},
        **{n: held[n].text for n in ("id", "part_of")},
        value=held["value"].value,
    )
    whole = part.view().select(
        **{f"whole_{name}": name for name in ("id", "unit", "reported_by", "value")}
    )
    pairs = part.join(whole, part.part_of == whole.whole_id)
    differs = (pairs.unit != pairs.whole_unit) | (pairs.reported_by != pairs.whole_reported_by)
    differs |= (pairs.value > pairs.whole_value).fill_null(False)
    in_breakdown = pairs.part_role == "breakdown"
    sums = pairs.group_by("whole_id", "whole_value").aggregate(
        differs=differs.cast("int64").sum(),
        total=pairs.value.cast("float64").sum(where=in_breakdown),
        empty=(in_breakdown & pairs.value.isnull()).cast("int64").sum(),
    )
    away = (sums.total - sums.whole_value).abs() > 1e-13 * sums.total.abs()
    wrong = sums.filter((sums.differs > 0) | ((sums.empty == 0) & away.fill_null(False)))
    return _family(held, wrong.select(id=wrong.whole_id))


def _countries(held: Held) -> list[Any]:
    """Totals over another number of countries than their breakdown, and that."""
    whole = held.table.select(id=held["id"].text, countries=held["countries"].value)
    part = held.table.filter(held["part_role"].text == "breakdown")
    part = part.select(part_of=held["part_of"].text, area=held["from_area"].text)
    numbers = part.group_by("part_of").aggregate(number=part.area.nunique())
    pairs = whole.join(numbers, whole.id == numbers.part_of)
    wrong = pairs.filter(pairs.countries != pairs.number)
    return _family(held, wrong.select("id"))


def _family(held: Held, wholes: ibis.Table) -> list[Any]:
    ids = [name for (name,) in _tuples(wholes)]
    return [_is_in(held[name].text, ids) for name in ("id", "part_of")] if ids else []


def _circles(held: Held) -> list[Any]:
    """Rows whose link leads back to them."""
    found = []
    for link in held.resource.foreign_keys:
        is_inner = link.resource == held.resource.name and len(link.fields) == 1
        if is_inner and link.reference_fields == held.resource.primary_key:
            key = held[link.reference_fields[0]].text
            places = [_POSITION] if _POSITION in held.table.columns else []
            pairs = held.table.select(*places, id=key, link=held[link.fields[0]].text)
            for _ in range(2):  # what is a part of a whole in most tables is not one itself
                ids, links = pairs.view().select(a="id"), pairs.view().select(b="link")
                pairs = pairs.semi_join(ids, pairs.link == ids.a)
                pairs = pairs.semi_join(links, pairs.id == links.b)
            left = sorted(_tuples(pairs))
            ids, links = (pd.Series([row[n] for row in left], dtype=object) for n in (-2, -1))
            if circular := list(ids[in_circle(ids, links)]):
                found.append(_is_in(key, circular))
    return found


def _retold(held: Held) -> list[Any]:
    """Rows that differ in no more than id, note and quote."""
    others = (cells for name, cells in held.cells.items() if name not in ("id", "quote", "note"))
    said = _joined(cells.is_sure.ifelse(cells.text, "").fill_null("") for cells in others).hash()
    quote = held["quote"].text
    rows = held.table.filter(quote.notnull()).select(
        id=held["id"].text.fill_null(""), said=said, quote=quote
    )
    same = rows.group_by("said", "quote").having(rows.count() > 1).aggregate()
    few = rows.group_by("said").having(rows.count().between(2, MOST_COMPARED)).aggregate()
    alike = rows.semi_join(few, "said")
    other = alike.view().select(other="id", also="said", part="quote")
    pairs = alike.join(other, (alike.said == other.also) & (alike.id != other.other))
    within = pairs.filter(pairs.quote.contains(pairs.part))
    retold = ibis.union(same.select("said"), within.select("said"), distinct=True)
    return [quote.notnull() & said.isin(retold.said)]


_GROUPS: Mapping[str, Callable[[Held], list[Any]]] = {
    "parts": _parts,
    "countries": _countries,
    "self": _circles,
    "told-twice": _retold,
}
"""For rules on groups of rows, what the groups are that may break them."""


def _read_by(rules: Sequence[Registered], resource: Resource) -> list[str]:
    """The columns that rules ask for."""
    asked: dict[str, None] = {}

    class Recorded(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            asked[name] = None
            return super().__getitem__(name)

        def __contains__(self, name: object) -> bool:
            return super().__contains__(name) and not asked.update({str(name): None})

    columns = {name: column_of(np.empty(0, dtype=object)) for name in resource.field_names}
    table = Table(TextTable(resource, Recorded(columns), np.arange(0)))
    for rule in rules:
        for _ in rule.find(table):
            pass
    return list(asked)


def _reader(
    resource: Resource, names: Sequence[str], rules: Sequence[Registered]
) -> Callable[[Any], Any]:
    """What says of rows whether they break a rule; it takes their cells, each row in one text."""

    def breaks(cells: Any) -> Any:
        as_list = cells.to_list if isinstance(cells, pd.Series) else cells.to_pylist
        rows = [row.split(_SEPARATOR) for row in as_list()]
        texts = np.array(rows, dtype=object).reshape(len(rows), len(names)).T
        texts[texts == ""] = None
        columns = dict(zip(names, map(column_of, texts), strict=True))
        table = Table(TextTable(resource, columns, np.arange(len(rows))))
        wrong = np.zeros(len(rows), bool)
        for rule in rules:
            for found, *_ in rule.find(table):
                wrong |= found.to_numpy(bool, na_value=False)
        return pd.Series(wrong) if isinstance(cells, pd.Series) else pyarrow.array(wrong)

    return breaks


def _matches(text: Any, pattern: str) -> Any:
    return text.re_search(rf"\A(?:{pattern})\z")


def _is_in(text: Any, values: Sequence[str]) -> Any:
    if len(values) > _MOST_LISTED:
        return text.isin(ibis.memtable({"value": values}).value)
    return text.isin(values)


def _is_repeated(table: ibis.Table, key: Any) -> Any:
    """Whether another row has that too."""
    keys = table.select(key=key)
    return key.isin(
        keys.filter(keys.key.notnull()).group_by("key").having(keys.count() > 1).aggregate().key
    )


def _joined(texts: Iterable[Any]) -> Any:
    return reduce(lambda joined, text: joined + _SEPARATOR + text, texts)


def _all(conditions: Iterable[Any]) -> Any:
    return reduce(operator.and_, conditions, ibis.literal(True))


def _any(conditions: Iterable[Any]) -> Any:
    return reduce(operator.or_, conditions)


def _tuples(table: ibis.Table) -> list[tuple[Any, ...]]:
    cells = table.to_pyarrow().to_pydict()
    return list(zip(*cells.values(), strict=True))
