"""Rules on records of several documents: figures given again, and contradictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..package.model import Package, Resource
from .columns import TextTable, same_cells
from .package_rules import published_days
from .rules import Look, Problem, Table, Tables, having, package_rule

_LINK = "earlier later kind note"
_FIGURE = "id source_id indicator unit value obs_status"
_PERIOD = ("period_start", "period_end")
_WHOSE = ("carried_out_by", "body")
"""Dimensions that one document prints for the same figure and another does not."""
_ENDS = ("first_id", "second_id")
_EXPLAINED = "do not contradict"
"""Words of a description which say that the records of a conflict are no pair."""


def _thing(resource: Resource) -> list[str]:
    """The columns in which figures for the same thing and period are equal, but for `_WHOSE`."""
    if not (resource.has_figures and {*_FIGURE.split()} <= {*resource.field_names}):
        return []
    dimensions = [f.name for f in resource.fields if f.sdmx_role == "dimension"]
    names = [name for name in dimensions if name not in _WHOSE]
    return [name for name in (*names, *_PERIOD) if name in resource.field_names]


@package_rule(
    "restatements",
    _LINK,
    restatements=_LINK,
    sources="source_id published",
    alike=_thing,
    looks=(
        Look("id", "restatements", "later", home="*"),
        *(Look(end, "*", "id", "restatements", _FIGURE) for end in ("earlier", "later")),
        Look("source_id", "sources", "source_id", home="*"),
    ),
)
def restatements(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """Figures for the same thing and period in two documents are linked, as what they are."""
    links, days = tables["restatements"], published_days(tables)

    def order(source: str) -> tuple[str, str]:
        return days.get(source, ""), source

    linked = set(zip(links["earlier"], links["later"], strict=True))
    ids = list({*links["earlier"], *links["later"]} - {None})
    figures: dict[str, _Figure] = {}
    message = (
        "must be in restatements as later, with the figure for the same thing and period in the "
        "document before {source_id}"
    )
    for name, table in having(tables, _FIGURE):
        if table.resource.has_figures:
            yield name, (_unlinked(table.text, linked, order), "id", message)
            rows = np.flatnonzero(table["id"].isin(ids))
            cells = (table.text.columns[column].objects()[rows] for column in _FIGURE.split())
            for own, source, *thing, value, status in zip(*cells, strict=True):
                figures.setdefault(own, _Figure(str(source), (name, *thing), (value, status)))
    for problem in _links(links, figures, order):
        yield "restatements", problem


Order = Callable[[str], tuple[str, str]]


class _Figure(NamedTuple):
    """A figure that is linked: its document, table, indicator and unit, and value and status."""

    source: str
    thing: tuple[str, ...]
    said: tuple[str, str]


def _links(links: Table, figures: Mapping[str, _Figure], order: Order) -> Iterator[Problem]:
    for end in ("earlier", "later"):
        unknown = links.ask(end, lambda figure: figure not in figures)
        yield unknown, end, "must be the id of a figure"

    def where(is_wrong: Callable[[_Figure, _Figure, str | None], bool]) -> pd.Series:
        """The links of two figures of which this is true, as it is of their kind."""

        def is_so(earlier: str, later: str, kind: str | None) -> bool:
            one, other = figures.get(earlier), figures.get(later)
            return one is not None and other is not None and is_wrong(one, other, kind)

        return links.ask("earlier later", is_so, also="kind")

    backward = where(lambda one, other, kind: order(one.source) >= order(other.source))
    yield backward, "later", "must be a figure of a later document than {earlier}"
    moved = where(lambda one, other, kind: kind != "redefined" and one.thing != other.thing)
    yield moved, "kind", "must be redefined, since table, indicator or unit differ"
    changed = where(lambda one, other, kind: kind == "repeated" and one.said != other.said)
    yield changed, "kind", "must be revised, since value or status differ"
    same = where(lambda one, other, kind: kind == "revised" and one.said == other.said)
    yield same, "kind", "must be repeated, since value and status are the same"
    unexplained = links.ask("kind", "redefined".__eq__) & links["note"].isna()
    yield unexplained, "note", "must say what changed where the kind is redefined"


def _unlinked(text: TextTable, linked: set[tuple[str, str]], order: Order) -> pd.Series:
    """Which figures restate one of the document before them and are not linked to it."""
    dated = np.zeros(len(text), bool)
    for column in (text.columns[name] for name in _PERIOD if name in text.columns):
        dated |= column.codes >= 0
    missing = np.zeros(len(text), bool)
    if not dated.any():
        return pd.Series(missing)
    columns = [text.columns[name] for name in _thing(text.resource)]
    things = pd.DataFrame({"thing": same_cells(columns), "source": text.columns["source_id"].codes})
    things = things[dated & (things["source"] >= 0)]
    sources = things.groupby("thing")["source"]
    shared = things[sources.transform("min") != sources.transform("max")]
    whose = [text.columns[name].objects() for name in _WHOSE if name in text.columns]

    def is_same(one: int, other: int) -> bool:
        """Whether two rows name one body, as far as both name one."""
        pairs = ((cells[one], cells[other]) for cells in whose)
        return all(None in pair or pair[0] == pair[1] for pair in pairs)

    ids, source = text.columns["id"].objects(), text.columns["source_id"].distinct
    figures: dict[int, dict[str, list[int]]] = {}
    for row, thing, code in zip(shared.index, shared["thing"], shared["source"], strict=True):
        figures.setdefault(thing, {}).setdefault(str(source[code]), []).append(row)
    for by_document in figures.values():
        for before, after in pairwise(sorted(by_document, key=order)):
            for row in by_document[after]:
                links = ((ids[one], ids[row]) for one in by_document[before] if is_same(one, row))
                missing[row] = not linked.issuperset(links)
    return pd.Series(missing)


@package_rule(
    "conflicts",
    "first_id second_id caveat_id",
    conflicts="first_id second_id caveat_id",
    caveats="id kind description",
    row_caveats="row_id caveat_id",
    looks=(
        Look("caveat_id", "caveats", "id", home="conflicts"),
        *(Look(f"{end} caveat_id", "row_caveats", "row_id caveat_id") for end in _ENDS),
        Look("first_id second_id", "=", "first_id second_id", home="conflicts"),
        Look("first_id second_id", "=", "second_id first_id", home="conflicts"),
        Look("id", "row_caveats", "caveat_id", home="caveats"),
        Look("id", "conflicts", "caveat_id", home="caveats"),
    ),
)
def conflicts(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A caveat of the kind conflict has a pair of its records, and each pair is there once."""
    pairs, caveats, links = tables["conflicts"], tables["caveats"], tables["row_caveats"]
    is_conflict = caveats.ask("kind", "conflict".__eq__)
    tied = set(zip(links["caveat_id"], links["row_id"], strict=True))
    for end in _ENDS:
        untied = pairs.ask("caveat_id", lambda *link: link not in tied, also=end)
        yield "conflicts", (untied, end, "must have {caveat_id} in row_caveats")
    known = {*caveats["id"][is_conflict]}
    other = pairs.ask("caveat_id", lambda caveat: caveat not in known)
    yield "conflicts", (other, "caveat_id", "must be a caveat of the kind conflict")
    ends = zip(*(pairs[end] for end in _ENDS), strict=True)
    twice = pd.Series([tuple(sorted(map(str, pair))) for pair in ends], dtype=object).duplicated()
    message = "must be another pair: {first_id} and {second_id} are there the other way round"
    yield "conflicts", (twice, "second_id", message)
    same = pairs["first_id"] == pairs["second_id"]
    yield "conflicts", (same, "second_id", "must be another record")
    number = caveats["id"].map(links["caveat_id"].value_counts()).fillna(0)
    unpaired = is_conflict & (number >= 2) & ~caveats["id"].isin(list(pairs["caveat_id"].dropna()))
    settled = caveats.ask("description", lambda text: _EXPLAINED in text)
    message = (
        "must have a pair of its records in conflicts, "
        f"or the description must say that they {_EXPLAINED} each other"
    )
    yield "caveats", (unpaired & ~settled, "id", message)
