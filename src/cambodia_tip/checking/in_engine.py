"""Find suspects in the engine that holds a table, for the checks of frames to judge.

A suspect is a row that may break something. What is asked of rows here is stricter than the
checks, or as strict: where an engine cannot tell, the row is a suspect. With the suspects come the
rows that it takes to judge them, such as all parts of a whole. So each rule and each message is
written once, and what leaves the engine is little where little is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import ibis  # type: ignore[import-not-found,import-untyped,unused-ignore]
import numpy as np
import pandas as pd

from ..package.model import Resource
from .columns import TextTable, column_of, texts_of
from .engine_cells import SEPARATOR, Held, any_of, is_in, joined
from .engine_functions import FUNCTIONS, columns_read, reader
from .keys import MOST_TO_COMPARE
from .meaning_rules import MOST_COMPARED
from .rules import Rule, rules_of
from .table_rules import in_circle, inner_links

Keys = Mapping[str, np.ndarray]
"""The texts of the key of each row, by column."""

_POSITION = "position in the table"


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
    skipped: tuple[Rule, ...]


def find_suspects(table: ibis.Table, resource: Resource, targets: Mapping[str, Keys]) -> Suspects:
    """Look for suspects.

    Args:
        table: The rows; its columns are those of the resource.
        resource: What they should be.
        targets: The keys of the tables in the package that are linked to.
    """
    known = {name: _joined_keys(list(keys.values())) for name, keys in targets.items()}
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
        cells = self.held.table.filter(any_of(conditions)).to_pyarrow().to_pydict()
        identities = zip(*(cells[name] for name in self.identity), strict=True)
        rows = zip(*(cells[name] for name in self.names), strict=True)
        self._rows.update(zip(identities, rows, strict=True))

    def add_read(self, rules: Sequence[Rule]) -> bool:
        """Add the rows that break rules which read texts; return whether the engine ran them."""
        engine = self.held.table.get_backend().name
        make = FUNCTIONS[engine]
        resource = self.held.resource
        names = columns_read(rules, resource)
        sure = (self.held[n].is_sure.ifelse(self.held[n].text, "").fill_null("") for n in names)
        breaks = make(reader(resource, names, rules), signature=(("string",), "boolean"))
        try:
            self.add([breaks(joined(sure))])
        except Exception:
            if engine != "pyspark":
                raise
            return False  # its workers may lack this package, and each version raises its own
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
            self.add([is_in(self.held["part_of"].text, [*map(str, wholes - complete)])])
            complete |= wholes

    def rows(self) -> TextTable:
        """The rows as text, in the order of their position or key."""
        texts = {name: self._texts(name) for name in self.names}
        numbered = self.identity == [_POSITION]
        keys = self._rows if numbered else zip(*(texts[n] for n in self.identity), strict=True)
        ranked = sorted((key, place) for place, key in enumerate(keys))
        order = [place for _, place in ranked]
        lines = np.array([n for (n,), _ in ranked] if numbered else range(len(order)), dtype=int)
        columns = {name: column_of(cells[order]) for name, cells in texts.items()}
        return TextTable(self.held.resource, columns, lines, "row")

    def own_keys(self, rows: TextTable) -> Keys:
        """Keys in the table to which these rows link, and others if a link is dangling."""
        own, names = self.held.inner_keys(), self.held.resource.primary_key
        found: list[tuple[str, ...]] = []
        for link in self.held.links if len(rows) else ():
            if link.resource == self.held.resource.name:
                sought = _joined_keys([rows.columns[name].objects() for name in link.fields])
                found += _tuples(own.filter(is_in(own.key, sought)).select(*names))
                known = {*map(SEPARATOR.join, found), *self.held.targets[link.resource]}
                if not sought <= known:
                    found += _tuples(own.select(*names).distinct().limit(MOST_TO_COMPARE + 1))
        columns = zip(*found, strict=True) if found else ((),) * len(names)
        return {n: np.array(texts, dtype=object) for n, texts in zip(names, columns, strict=True)}


def _parts(held: Held) -> list[Any]:
    """Wholes that do not go with their parts, all these parts, and parts that do not say how."""
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
    named, has_role = (held[name].text.notnull() for name in ("part_of", "part_role"))
    half = (named & ~has_role) | (has_role & ~named)
    return [half, *_family(held, wrong.select(id=wrong.whole_id))]


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
    return [is_in(held[name].text, ids) for name in ("id", "part_of")] if ids else []


def _circles(held: Held) -> list[Any]:
    """Rows whose link leads back to them."""
    found = []
    for name, link in inner_links(held.resource):
        key = held[name].text
        places = [_POSITION] if _POSITION in held.table.columns else []
        pairs = held.table.select(*places, id=key, link=held[link].text)
        for _ in range(2):  # what is a part of a whole in most tables is not one itself
            ids, links = pairs.view().select(a="id"), pairs.view().select(b="link")
            pairs = pairs.semi_join(ids, pairs.link == ids.a)
            pairs = pairs.semi_join(links, pairs.id == links.b)
        left = sorted(_tuples(pairs))
        ids, links = (pd.Series([row[n] for row in left], dtype=object) for n in (-2, -1))
        if circular := list(ids[in_circle(ids, links)]):
            found.append(is_in(key, circular))
    return found


def _retold(held: Held) -> list[Any]:
    """Rows that differ in no more than id, note and quote."""
    others = (cells for name, cells in held.cells.items() if name not in ("id", "quote", "note"))
    said = joined(cells.is_sure.ifelse(cells.text, "").fill_null("") for cells in others).hash()
    quote = held["quote"].text
    rows = held.table.filter(quote.notnull()).select(
        id=held["id"].text.fill_null(""), said=said, quote=quote
    )
    same = _groups(rows, "said", "quote").filter(ibis._.number > 1)
    few = _groups(rows, "said").filter(ibis._.number.between(2, MOST_COMPARED))
    alike = rows.semi_join(few, "said")
    other = alike.view().select(other="id", also="said", part="quote")
    pairs = alike.join(other, (alike.said == other.also) & (alike.id != other.other))
    within = pairs.filter(pairs.quote.contains(pairs.part))
    retold = ibis.union(same.select("said"), within.select("said"), distinct=True)
    return [quote.notnull() & said.isin(retold.said)]


_GROUPS: Mapping[str, Callable[[Held], list[Any]]] = {
    "parts": _parts,
    "countries": _countries,
    "self-link": _circles,
    "duplicate-fact": _retold,
}
"""For rules on groups of rows, what the groups are that may break them."""


def _is_repeated(table: ibis.Table, key: Any) -> Any:
    """Whether another row has that too."""
    keys = table.select(key=key).filter(ibis._.key.notnull())
    return key.isin(_groups(keys, "key").filter(ibis._.number > 1).key)


def _groups(table: ibis.Table, *names: str) -> ibis.Table:
    return table.group_by(*names).aggregate(number=ibis._.count())


def _joined_keys(parts: Sequence[np.ndarray]) -> frozenset[str]:
    """The keys whose parts are all there, each as one text."""
    if len(parts) == 1:
        return frozenset(parts[0].tolist()) - {None}
    return frozenset(SEPARATOR.join(k) for k in zip(*parts, strict=True) if None not in k)


def _tuples(table: ibis.Table) -> list[tuple[Any, ...]]:
    cells = table.to_pyarrow().to_pydict()
    return list(zip(*cells.values(), strict=True))
