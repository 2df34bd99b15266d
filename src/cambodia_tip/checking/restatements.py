"""The rule on figures that a later document gives again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from ..package.model import Package, Resource
from .columns import TextTable, same_cells
from .package_rules import published_days
from .rules import Look, Problem, Table, Tables, package_rule

_LINK = ("earlier", "later", "kind", "note")
_FIGURE = ("id", "source_id", "indicator", "unit", "value", "obs_status")
_PERIOD = ("period_start", "period_end")


def _thing(resource: Resource) -> list[str]:
    """The columns in which figures for the same thing and period are equal."""
    if not (resource.has_figures and set(_FIGURE) <= set(resource.field_names)):
        return []
    dimensions = [f.name for f in resource.fields if f.sdmx_role == "dimension"]
    return [name for name in (*dimensions, *_PERIOD) if name in resource.field_names]


@package_rule(
    "restatements",
    *_LINK,
    restatements=" ".join(_LINK),
    sources="source_id published",
    alike=_thing,
    looks=(
        Look("id", "restatements", "later", home="*"),
        *(Look(e, "*", "id", "restatements", " ".join(_FIGURE)) for e in ("earlier", "later")),
        Look("source_id", "sources", "source_id", home="*"),
    ),
)
def restatements(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """Figures for the same thing and period in two documents are linked, as what they are."""
    links = pd.DataFrame({name: Table(tables["restatements"])[name] for name in _LINK})
    days = published_days(tables)

    def order(source: str | None) -> tuple[str, str]:
        return days.get(str(source), ""), str(source)

    linked = set(zip(links["earlier"], links["later"], strict=True))
    figures = []
    for name, text in tables.items():
        if text.resource.has_figures and set(_FIGURE) <= set(text.columns):
            yield name, (_unlinked(text, linked, order), "id", _UNLINKED)
            figures.append(_figures(text, {*links["earlier"], *links["later"]} - {None}))
    known = pd.concat(figures).drop_duplicates("id") if figures else pd.DataFrame()
    for problem in _links(links, known, order):
        yield "restatements", problem


_UNLINKED = (
    "must be in restatements as later, with the figure for the same thing and period in the "
    "document before {source_id}"
)
Order = Callable[[str | None], tuple[str, str]]


def _figures(text: TextTable, ids: set[str]) -> pd.DataFrame:
    """What these figures say, by their ids."""
    rows = np.flatnonzero(Table(text)["id"].isin(list(ids)))
    cells = {n: text.columns[n].objects()[rows] for n in _FIGURE}
    return pd.DataFrame({**cells, "table": text.resource.name}).drop_duplicates("id")


def _links(links: pd.DataFrame, figures: pd.DataFrame, order: Order) -> Iterator[Problem]:
    known = figures.set_index("id") if len(figures) else pd.DataFrame(index=pd.Index([]))
    found = links["earlier"].isin(known.index) & links["later"].isin(known.index)
    for end in ("earlier", "later"):
        yield ~links[end].isin(known.index) & links[end].notna(), end, "must be the id of a figure"
    if not found.any():
        return
    first, second = (known.loc[links[end][found]].reset_index() for end in ("earlier", "later"))
    kind = links["kind"][found].reset_index(drop=True)

    def differ(*columns: str) -> pd.Series:
        same = [(first[c] == second[c]) | (first[c].isna() & second[c].isna()) for c in columns]
        return ~pd.concat(same, axis=1).all(axis=1)

    def rows(wrong: pd.Series) -> pd.Series:
        every = pd.Series(False, links.index)
        every[found] = wrong.to_numpy(bool)
        return every

    pairs = zip(first["source_id"], second["source_id"], strict=True)
    backward = [order(earlier) >= order(later) for earlier, later in pairs]
    yield rows(pd.Series(backward)), "later", "must be a figure of a later document than {earlier}"
    other_thing = differ("table", "indicator", "unit") & (kind != "redefined")
    message = "must be redefined, since table, indicator or unit differ"
    yield rows(other_thing), "kind", message
    other_value = differ("value", "obs_status")
    message = "must be revised, since value or status differ"
    yield rows(other_value & (kind == "repeated")), "kind", message
    message = "must be repeated, since value and status are the same"
    yield rows(~other_value & (kind == "revised")), "kind", message
    unexplained = (links["kind"] == "redefined") & links["note"].isna()
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
    ids, source = text.columns["id"].objects(), text.columns["source_id"].distinct
    figures: dict[int, dict[str, list[int]]] = {}
    for row, thing, code in zip(shared.index, shared["thing"], shared["source"], strict=True):
        figures.setdefault(thing, {}).setdefault(str(source[code]), []).append(row)
    for by_document in figures.values():
        for before, after in pairwise(sorted(by_document, key=order)):
            for row in by_document[after]:
                missing[row] = any(
                    (ids[one], ids[row]) not in linked for one in by_document[before]
                )
    return pd.Series(missing)
