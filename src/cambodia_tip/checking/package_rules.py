"""Rules of content that look at several tables: ids, documents, the list of unused numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import combinations
from typing import get_args

import pandas as pd

from ..package.model import Package
from ..package.opening import open_package
from ..package.table_names import TableName
from ..parsing.edtf import first_day, is_edtf, last_day
from ..parsing.versions import is_later
from .columns import TextTable
from .rules import Look, Problem, Table, Tables, having, package_rule, table_rule


def ids_named(text: TextTable, first_words: Callable[[], Set[str]]) -> Set[str]:
    """The ids that rows have as their own, or lead to."""
    keys = [key.fields[0] for key in text.resource.foreign_keys if key.resource == "ids"]
    names = {"id", *keys} & set(text.columns) if text.resource.name != "ids" else ()
    return frozenset().union(*(text.columns[name].all_texts for name in names))


def documents_named(text: TextTable, first_words: Callable[[], Set[str]]) -> Set[str]:
    """The documents of figures, and those whose ids may be in theirs."""
    if not text.resource.has_figures or not {"id", "source_id"} <= set(text.columns):
        return set()
    row, source = text.columns["id"], text.columns["source_id"]
    named, firsts = set(source.all_texts), first_words()
    for own, document in zip(row.objects(), source.objects(), strict=True):
        if own and f"-{document}-" not in f"-{own}-":
            words = own.split("-")
            if not firsts.isdisjoint(words):
                named |= {run for run in runs(words) if run.partition("-")[0] in firsts}
    return named


def runs(words: Sequence[str]) -> set[str]:
    """The words that follow on each other in an id, with hyphens.

    Examples:
        >>> sorted(runs(["raid", "tip", "2010"]))
        ['2010', 'raid', 'raid-tip', 'raid-tip-2010', 'tip', 'tip-2010']
    """
    ends = combinations(range(len(words) + 1), 2)
    return {"-".join(words[start:end]) for start, end in ends}


@package_rule(
    "ids",
    "id table",
    ids="id table since retired replaced_by",
    looks=(Look(ids_named, "ids", "id"), Look("id", "*", "id", home="ids")),
)
def ids(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """The table ids lists every id once: with its table, or as retired."""
    listed = tables["ids"]
    known = {n for n, r in package.resources.items() if r.primary_key == ("id",)} - {"ids"}
    home, row = listed["table"], listed["id"]
    is_retired = listed["retired"].notna()
    yield from _versions(package, listed, "since", "retired")
    message = "must be empty, since {id} is not retired"
    yield "ids", (listed["replaced_by"].notna() & ~is_retired, "replaced_by", message)
    retired = zip(row[is_retired], listed["retired"][is_retired], strict=True)
    yield from _links_to_retired(tables, dict(retired))
    gone = pd.Series(False, row.index)
    elsewhere = listed.texts("id")
    for name in (name for name in tables if name in known):
        here = (home == name) & ~is_retired
        expected, own = frozenset(row[here]), tables[name].texts("id")
        message = "belongs to another table in ids; an id is never used twice"
        wrong = (own - expected) & elsewhere - frozenset(row[is_retired])
        yield name, (tables[name]["id"].isin(list(wrong)), "id", message)
        if missing := expected - own:
            gone |= here & row.isin(list(missing))
    yield "ids", (gone, "table", "must be the table that has {id}, or {id} must be retired")
    strange = ~home.isin(list(known)) & home.notna()
    yield "ids", (strange, "table", f"must be a table that has ids: {', '.join(sorted(known))}")


def _links_to_retired(tables: Tables, retired: Mapping[str, str]) -> Iterator[tuple[str, Problem]]:
    """No row has a retired id as its own, and none leads to one."""
    for name, table in tables.items():
        for key in table.resource.foreign_keys:
            if key.resource == "ids" != name and len(key.fields) == 1:
                column = key.fields[0]
                end = "an id is never used again" if column == "id" else "link to one in use"
                messages = {row: f"was retired in {since}; {end}" for row, since in retired.items()}
                message = table[column].map(messages)
                yield name, (message.notna(), column, message)


def _versions(
    package: Package, table: Table, first: str, later: str
) -> Iterator[tuple[str, Problem]]:
    """The one version lies before the other, and neither is still to come.

    A package of another name has a version of its own, and rows of this one with versions of this.
    """
    name, now = table.resource.name, package.version
    is_extension = package.descriptor["name"] != open_package().descriptor["name"]
    message = (
        f"must not be after {now}, the version of the package; "
        f"raise version in pyproject.toml and stamp, if {now} is released"
    )
    for column in () if is_extension else (first, later):
        late = table.ask(column, lambda version: is_later(version, now))
        yield name, (late, column, message)
    wrong = table.ask(f"{first} {later}", lambda a, b: a == b or is_later(a, b))
    yield name, (wrong, later, f"must be after {{{first}}}")


_CORRECTION = ("table_name", "row_key", "column_name", "changed_in", "stood_since", "kind", "was")


@package_rule(
    "corrections",
    " ".join(_CORRECTION),
    corrections=" ".join(_CORRECTION),
    ids="id table",
    looks=(
        Look("row_key", "ids", "id", home="corrections"),
        Look("table_name row_key", "=", "table_name row_key", home="corrections"),
        Look("row_key", "*", home="corrections"),
    ),
)
def corrections(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A correction is about a cell that there is, or was, and repeats nothing that had to go."""
    table = tables["corrections"]
    yield from _versions(package, table, "stood_since", "changed_in")
    # tables and columns may have gone since; what was reported of them stays as it was
    is_new = table.ask("changed_in", package.version.__eq__)
    names = {*package.resources, *get_args(TableName)}  # a part of the tables may be all there is
    strange = is_new & table.ask("table_name", lambda name: name not in names)
    yield "corrections", (strange, "table_name", "must be a table")
    fields = {name: set(resource.field_names) for name, resource in package.resources.items()}
    wrong = table.ask(
        "table_name column_name", lambda name, given: given not in fields.get(name, [given])
    )
    yield "corrections", (wrong & is_new, "column_name", "must be a column of {table_name}")
    keys = _keys(tables, table.texts("table_name"))
    gone = table["kind"] == "row"
    for name, key in zip(table["table_name"][gone], table["row_key"][gone], strict=True):
        keys.get(name, set()).add(key)
    wrong = table.ask(
        "table_name row_key", lambda name, given: given not in keys.get(name, [given])
    )
    yield "corrections", (wrong, "row_key", "must be the key of a row of {table_name}")
    of_quote = table.ask("column_name", lambda name: name.endswith("quote"))
    spared = of_quote | (table["kind"] == "privacy")
    message = "must be empty: no words of a document, and nothing that was taken out"
    yield "corrections", (spared & table["was"].notna(), "was", message)


def _keys(tables: Tables, wanted: Iterable[str]) -> dict[str, set[str]]:
    """The keys of the rows of some tables, and the retired ids that rows of them had."""
    texts = {name: tables[name].text for name in wanted if name in tables}
    found = {name: {*text.names(range(len(text)))} for name, text in texts.items()}
    listed = tables["ids"]
    for name, row in zip(listed["table"], listed["id"], strict=True):
        found.get(name, set()).add(row)
    return found


@package_rule(
    "id-year",
    "id source_id",
    sources="source_id published",
    looks=(Look(documents_named, "sources", "source_id"),),
)
def id_year(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """The id of a figure has the id of its document, or the year of its publication."""
    published = published_days(tables)
    firsts = {source.partition("-")[0] for source in published}
    message = "must be the document whose year is in the id, or the id must have its year"
    for name, table in having(tables, "id source_id"):
        if table.resource.has_figures:
            wrong = table.ask("id source_id", partial(_is_astray, published, firsts))
            yield name, (wrong, "source_id", message)


def _is_astray(published: Mapping[str, str], firsts: Set[str], row: str, source: str) -> bool:
    """Whether an id carries another document, or none and not the year of its own either.

    An id with none of the first words of documents carries none; there are many of both.
    """
    if source in published and f"-{source}-" in f"-{row}-":
        return False
    words, carried = row.split("-"), set()
    if not firsts.isdisjoint(words):
        carried = published.keys() & runs(words)
    year = published.get(source, "")[:4]
    return source not in carried if carried else bool(year) and year not in words


@package_rule(
    "publication",
    "source_id",
    sources="source_id published",
    looks=(Look("source_id", "sources", "source_id"),),
)
def publication(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """What a document tells as done lies before it; only plans may lie after."""
    days = published_days(tables)

    def published(source: str, day: str) -> str:
        return days.get(source, day)

    for name, table in having(tables, "source_id"):
        status = next((c for c in ("obs_status", "event_status") if c in table), None)
        fields = [f for f in table.resource.fields if f.edtf or (status and f.type == "date")]
        for field in fields if name != "sources" else ():
            both = f"source_id {field.name}"
            late = table.ask(both, lambda s, d: first_day(d) > last_day(published(s, d)))
            planned = (
                table.ask(status, "planned".__eq__) if status else pd.Series(False, late.index)
            )
            message = "must not be after its document was published"
            yield name, (late & ~planned, field.name, message)
            if field.name != "period_start":
                past = table.ask(both, lambda s, d: last_day(d) < first_day(published(s, d)))
                message = "must not be before its document was published, where it is planned"
                yield name, (past & planned, field.name, message)


def published_days(tables: Tables) -> dict[str, str]:
    """When each document was published, as far as it is known."""
    sources = tables["sources"]
    pairs = zip(sources["source_id"], sources["published"], strict=True)
    return {source: day for source, day in pairs if source and day and is_edtf(day)}


@package_rule(
    "not-held",
    "source_id extent bytes",
    sources="source_id extent division bytes sha256",
    passages="source_id in_scope words text_hash",
    looks=(Look("source_id", "sources", "source_id"),),
)
def held(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """What a text gives is there if the text is held; records of other documents have no quote."""
    sources = tables["sources"]
    missing = sources.ask("extent", {"heading_only", "not_held"}.__contains__)
    for column in ("division", "bytes", "sha256"):
        yield "sources", (~missing & sources[column].isna(), column, "must be filled: it is held")
        message = "must be empty: the text is not held"
        yield "sources", (missing & sources[column].notna(), column, message)
    absent = set(sources["source_id"][missing])
    passages = tables["passages"]
    unheld = passages.ask("source_id", absent.__contains__) | ~passages["in_scope"].fillna(True)
    for column in ("words", "text_hash"):
        yield ("passages", (unheld == passages[column].notna(), column, _IF_CODED))
    for name, table in having(tables, "source_id quote"):
        wrong = table.ask("source_id", absent.__contains__) & table["quote"].notna()
        yield name, (wrong, "quote", "must be empty: the text of the document is not held")


_IF_CODED = "must be there if the document is held and the passage is in scope, and only then"


@table_rule("evidence", "evidence quote value_basis", kind="row")
def evidence_of_a_tier(table: Table) -> Iterator[Problem]:
    """A tier has a quote if it is quoted or derived, and else none."""
    has_quote = table.ask("evidence", {"quoted", "derived"}.__contains__)
    yield has_quote != table["quote"].notna(), "quote", "must be there if the tier is {evidence}"
    derived = table.ask("evidence", "derived".__eq__)
    wrong = derived != table.ask("value_basis", "derived".__eq__)
    yield wrong, "evidence", "must be derived where value_basis is, and only there"


@package_rule(
    "unused-numeral",
    "reason source_id passage numeral",
    passages="source_id passage kind",
    unused_numerals="source_id passage numeral reason",
    looks=(Look("source_id passage", "passages", "source_id passage", home="unused_numerals"),),
)
def unused(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A number that is unused for where it stands does stand there."""
    passages, table = tables["passages"], tables["unused_numerals"]
    keys = zip(passages["source_id"], passages["passage"], strict=True)
    kinds = dict(zip(keys, passages["kind"], strict=True))
    cited = zip(table["source_id"], table["passage"], strict=True)
    kind = pd.Series([kinds.get(key) for key in cited], dtype=object)
    reasons = {"header", "page_marker", "question"}
    placed = table["reason"].isin(reasons) | kind.isin(reasons)
    listed = table.resource.field("reason").constraints.get("enum", ())
    others = ", ".join(code for code in listed if code not in reasons)
    not_one = f"must be one of: {others}; passage {{passage}} is not a {{reason}}"
    is_one = "must be {}, since passage {{passage}} is one"
    messages = kind.map(lambda k: is_one.format(k) if k in reasons else not_one)
    yield "unused_numerals", (placed & (table["reason"] != kind), "reason", messages)
    wrong = (table["reason"] == "paragraph_number") & (table["numeral"] != table["passage"])
    message = "must be another one: the paragraph is number {passage}, and the numeral is {numeral}"
    yield "unused_numerals", (wrong, "reason", message)
