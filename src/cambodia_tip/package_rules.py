"""Rules of content that look at several tables: ids, documents, the list of unused numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from .edtf import first_day, last_day
from .package import Package
from .rules import Problem, Table, Tables, package_rule
from .text import TextColumn, joint_codes


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
    published = _published(tables)
    for name, text in tables.items():
        status = next((c for c in ("obs_status", "event_status") if c in text.columns), None)
        fields = [f for f in text.resource.fields if f.edtf or (status and f.type == "date")]
        if not fields or "source_id" not in text.columns or name == "sources":
            continue
        sources = text.columns["source_id"]
        for field in fields:
            dates = text.columns[field.name]
            planned = pd.Series(False, range(len(text)))
            if status:
                planned = Table(text).ask(status, "planned".__eq__)
            late = _ask(sources, dates, lambda s, d: first_day(d) > last_day(published.get(s, d)))
            message = "must not be after its document was published"
            yield name, (late & ~planned, field.name, message)
            if field.name != "period_start":
                past = _ask(
                    sources, dates, lambda s, d: last_day(d) < first_day(published.get(s, d))
                )
                message = "must not be before its document was published, where it is planned"
                yield name, (past & planned, field.name, message)


def _ask(first: TextColumn, second: TextColumn, question: Callable[[str, str], bool]) -> pd.Series:
    """The answer for each row that has both texts, asked once for each pair."""
    joint = joint_codes([first, second])
    _, row, place = np.unique(joint, return_index=True, return_inverse=True)
    pairs = zip(first.objects()[row], second.objects()[row], strict=True)
    answers = [a is not None and b is not None and question(a, b) for a, b in pairs]
    return pd.Series(np.array(answers, bool)[place])


@package_rule("unit", "sanction", "unit")
def unit_of_a_sanction(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """What is laid down or imposed is counted in time or money."""
    if "units" not in tables:
        return
    units = Table(tables["units"])
    kinds = dict(zip(units["unit"], units["kind"], strict=True))
    for name, text in tables.items():
        if {"sanction", "unit"} <= set(text.columns):
            wrong = Table(text).ask("unit", lambda u: kinds.get(u) not in (None, *_OF_SANCTIONS))
            message = f"must be a unit of the kind {' or '.join(_OF_SANCTIONS)}"
            yield name, (wrong, "unit", message)


_OF_SANCTIONS = ("duration", "money")


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
