"""Say what changed from one version of the data to another, and which version step it asks for.

The steps follow the recipe of the Data Package standard for versions
(https://datapackage.org/recipes/data-package-version/), in the form that the
changelog states: MAJOR for what breaks those who build on the data, MINOR for what
is new, PATCH for what is put right or said better. Which is which is read from the
descriptor; no table is known by its name, and those that a program makes count like
others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from ..package.model import all_constraints
from .changelist import Change, Changes
from .plain_package import PlainPackage, PlainTable, names, read_plain

_APART = {
    *("version", "created", "contentHash", "resources", "bytes", "hash", "schema"),
    "formerNames",
}
"""Properties that say nothing that is not said by what they are made from, and former names."""
_BREAKING = {
    *("name", "path", "format", "encoding", "dialect"),
    *("type", "trueValues", "falseValues", "primaryKey", "missingValues"),
}
"""Properties that decide where data are found, or how a cell is read."""
_LOWER, _UPPER = {"minimum", "minLength"}, {"maximum", "maxLength"}


def changes(old: str | Path | None, new: str | Path | None = None) -> Changes:
    """Say what changed in the data from `old` to `new`.

    Args:
        old: A folder with a data package, a wheel of this package, or a zip such as
            ``cambodia-tip export csv`` writes; None for the installed version.
        new: The same; without it the installed version.

    Returns:
        `Changes`: tables, columns, codes, rows (by key) and cells that were added,
        removed, renamed or changed, each with the version step that it asks for.

        MAJOR: a table, column, code or id is renamed or removed; a type, a key or the order
        of columns changes; a constraint asks for more. MINOR: a table, column, code or row
        is new; a constraint asks for less; a row goes that has no id and that nothing
        refers to. PATCH: a cell, a label or a description changes, or ``corrections``
        has a new row, which tells of a changed cell. A column or table
        counts as renamed where its ``formerNames`` say so, or where a new one holds the same
        cells as one that is gone. A former name that goes asks for MAJOR. A row with an id
        that is gone says whether the id is retired, and what replaced it.

    Raises:
        DataPackageError: If a side is no data package, or cannot be read.

    Examples:
        >>> bool(changes(None))
        False
    """
    before, after = read_plain(old), read_plain(new)
    found = Changes(tuple(_package(before, after)), before.version, after.version)
    _ = found.moved  # versions that cannot be read are told here, not where they are used
    return found


def _package(old: PlainPackage, new: PlainPackage) -> Iterator[Change]:
    yield from _properties("", "", old.properties, new.properties)
    renamed = _renamed_tables(old, new)
    columns = {
        name: _renamed_columns(table, new.tables[renamed.get(name, name)])
        for name, table in old.tables.items()
        if name in new.tables or name in renamed
    }
    columns |= {other: columns[name] for name, other in renamed.items()}

    def links(table: PlainTable) -> list[dict[str, Any]]:
        found = table.schema.get("foreignKeys", ())
        return [_renamed_link(link, table.name, renamed, columns) for link in found]

    referred = {
        link["reference"].get("resource") or table.name
        for table in old.tables.values()
        for link in table.schema.get("foreignKeys", ())
    }
    standing = _standing(new)
    for name, table in old.tables.items():
        other = new.tables.get(renamed.get(name, name))
        if other is None:
            yield Change(name, "", "table", "", "removed", _size(table), "", "MAJOR")
            continue
        if name in renamed:
            yield Change(name, "", "table", "", "renamed", name, other.name, "MAJOR")
        pair = links(table), links(other)
        for change in _table(table, other, columns[name], *pair, name in referred):
            if name not in renamed or change.what not in ("name", "path"):
                is_of_id = change.what == "row" and table.key == ("id",) and name != "ids"
                is_gone = is_of_id and change.kind == "removed"
                now = standing.get(change.item, "not retired in ids") if is_gone else change.new
                yield replace(change, new=now)
    for name, table in new.tables.items():
        if name not in old.tables and name not in renamed.values():
            yield Change(name, "", "table", "", "added", "", _size(table), "MINOR")


def _standing(package: PlainPackage) -> dict[str, str]:
    """What is said of each retired id, which whoever wrote it down will look for."""
    ids = package.tables.get("ids")
    if ids is None or not {"id", "retired", "replaced_by"} <= set(ids.cells):
        return {}
    rows = zip(*(ids.cells[name] for name in ("id", "retired", "replaced_by")), strict=True)
    return {
        row: f"retired in {version}, " + (f"replaced by {other}" if other else "not replaced")
        for row, version, other in rows
        if version
    }


def _size(table: PlainTable) -> str:
    return f"{len(table.fields)} columns, {table.number_of_rows} rows"


def _renamed_tables(old: PlainPackage, new: PlainPackage) -> dict[str, str]:
    gone = [table for name, table in old.tables.items() if name not in new.tables]
    come = [table for name, table in new.tables.items() if name not in old.tables]
    declared = _declared(
        [table.name for table in gone], {table.name: table.properties for table in come}
    )
    return declared | _pairs(
        {t.name: t.cells for t in gone if t.number_of_rows and t.name not in declared},
        {t.name: t.cells for t in come if t.name not in declared.values()},
    )


def _declared(gone: Collection[str], come: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Names that are gone and that a new name lists as a former one."""
    found: dict[str, str] = {}
    for name, properties in come.items():
        former = [n for n in _former_names(properties) if n in gone and n not in found]
        found |= dict.fromkeys(former[-1:], name)
    return found


def _former_names(properties: Mapping[str, Any]) -> list[str]:
    listed = properties.get("formerNames")
    entries = listed if isinstance(listed, list) else []
    found = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    return [name for name in found if isinstance(name, str)]


def _pairs(gone: Mapping[str, object], come: Mapping[str, object]) -> dict[str, str]:
    """Names that hold the same as one new name, and as no other."""
    found = {}
    for name, held in gone.items():
        same = [other for other, value in come.items() if value == held]
        if len(same) == 1 and list(gone.values()).count(held) == 1:
            found[name] = same[0]
    return found


def _renamed_link(
    link: Mapping[str, Any],
    table: str,
    renamed: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """A link with tables and columns called as they are now."""

    def called_now(value: Any, table: str) -> list[str]:
        return [columns.get(table, {}).get(name, name) for name in names(value)]

    reference = link["reference"]
    target = reference.get("resource")
    there = {**reference, "fields": called_now(reference["fields"], target or table)}
    if target:
        there["resource"] = renamed.get(target, target)
    return {**link, "fields": called_now(link["fields"], table), "reference": there}


def _table(
    old: PlainTable,
    new: PlainTable,
    renamed: Mapping[str, str],
    old_links: Iterable[Mapping[str, Any]],
    new_links: Iterable[Mapping[str, Any]],
    is_referred_to: bool,
) -> Iterator[Change]:
    table = old.name
    yield from _properties(table, "", old.properties, new.properties)
    yield from _aliases(table, "", old.properties, new.properties, table)
    before, after = _comparable(old.schema, renamed), _comparable(new.schema, {})
    without = {"fields", "foreignKeys"}
    yield from _properties(table, "", _without(before, without), _without(after, without))
    yield from _links(table, old_links, new_links, old, renamed)
    for column, described in old.fields.items():
        field = _quoting(described, renamed)
        if column in new.fields:
            yield from _field(table, column, field, new.fields[column])
            yield from _aliases(table, column, field, new.fields[column], "")
        elif column in renamed:
            other = renamed[column]
            yield Change(table, column, "column", "", "renamed", column, other, "MAJOR")
            yield from _field(table, other, {**field, "name": other}, new.fields[other])
            yield from _aliases(table, other, field, new.fields[other], column)
        else:
            yield Change(table, column, "column", "", "removed", "", "", "MAJOR")
    for column in new.fields:
        if column not in old.fields and column not in renamed.values():
            yield Change(table, column, "column", "", "added", "", "", "MINOR")
    order = [renamed.get(name, name) for name in old.fields]
    order = [name for name in order if name in new.fields]
    new_order = [name for name in new.fields if name in order]
    if order != new_order:
        yield _changed(table, "", "order of columns", "", order, new_order, "MAJOR")
    cells = {renamed.get(name, name): values for name, values in old.cells.items()}
    yield from _rows(table, new, cells, old.number_of_rows, is_referred_to)


def _comparable(schema: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """A schema with its columns called as in the new one, and what may be left out put in."""

    def put(value: Any) -> list[str]:
        return [renamed.get(name, name) for name in names(value)]

    found = {"missingValues": [""], **schema, "primaryKey": put(schema.get("primaryKey", ()))}
    if isinstance(schema.get("labelField"), str):
        (found["labelField"],) = put(schema["labelField"])
    return found


def _quoting(field: Mapping[str, Any], renamed: Mapping[str, str]) -> Mapping[str, Any]:
    """A field with the column that its value is printed in called as it is now."""
    quote = field.get("printedIn")
    return {**field, "printedIn": renamed.get(quote, quote)} if isinstance(quote, str) else field


def _without(properties: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in names}


def _renamed_columns(old: PlainTable, new: PlainTable) -> dict[str, str]:
    come = {name: field for name, field in new.fields.items() if name not in old.fields}
    declared = _declared([name for name in old.fields if name not in new.fields], come)
    told = {*declared, *declared.values()}

    def held(table: PlainTable, other: PlainTable) -> dict[str, object]:
        return {
            name: (table.fields[name].get("type"), sorted(cells))
            for name, cells in table.cells.items()
            if name not in other.fields and name not in told and any(cells)
        }

    return declared | _pairs(held(old, new), held(new, old))


def _properties(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """Properties that stand for themselves: each that differs is one change."""
    for name in dict.fromkeys(chain(old, new)):
        if name not in _APART and old.get(name) != new.get(name):
            step = "MAJOR" if name in _BREAKING else "PATCH"
            yield _changed(table, column, name, "", old.get(name), new.get(name), step)


def _aliases(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any], old_name: str
) -> Iterator[Change]:
    """Former names that came and went, but for the name that this version makes one."""
    before, after = _former_names(old), _former_names(new)
    for name in before:
        if name not in after:
            yield Change(table, column, "former name", name, "removed", "", "", "MAJOR")
    for name in after:
        if name not in before and name != old_name:
            yield Change(table, column, "former name", name, "added", "", "", "MINOR")


def _changed(
    table: str, column: str, what: str, item: str, old: object, new: object, step: str
) -> Change:
    return Change(table, column, what, item, "changed", _text(old), _text(new), step)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _links(
    table: str,
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
    old: PlainTable,
    renamed: Mapping[str, str],
) -> Iterator[Change]:
    """Links to other tables; one of a new column asks nothing of the columns that were there."""
    columns = {renamed.get(name, name) for name in old.fields}
    then = {_link(link): link for link in before}
    now = {_link(link): link for link in after}
    for name in then:
        if name not in now:
            yield Change(table, "", "link", name, "removed", "", "", "MINOR")
    for name, link in now.items():
        if name not in then:
            step = "MAJOR" if set(link["fields"]) <= columns else "MINOR"
            yield Change(table, "", "link", name, "added", "", "", step)


def _link(key: Mapping[str, Any]) -> str:
    reference = key["reference"]
    there = " ".join(filter(None, [reference.get("resource"), *names(reference["fields"])]))
    return f"{', '.join(key['fields'])} to {there}"


def _field(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    apart = {"constraints", "furtherConstraints", "categories"}
    yield from _properties(table, column, _without(old, apart), _without(new, apart))
    yield from _codes(table, column, old, new)
    before, after = all_constraints(old), all_constraints(new)
    for name in dict.fromkeys(chain(before, after)):
        if name != "enum" and before.get(name) != after.get(name):
            step = "MAJOR" if _asks_more(name, before.get(name), after.get(name)) else "MINOR"
            change = (before.get(name), after.get(name), step)
            yield _changed(table, column, "constraint", name, *change)


def _asks_more(name: str, old: Any, new: Any) -> bool:
    """Whether rows that were right may be wrong now; true where it cannot be told."""
    if new is None or new is False:
        return False
    are_numbers = all(type(limit) in (int, float) for limit in (old, new))
    if not are_numbers and not (isinstance(old, str) and isinstance(new, str)):
        return True
    if name in _LOWER:
        return bool(new > old)
    return bool(new < old) if name in _UPPER else True


def _codes(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    before, after = _labels(old), _labels(new)
    if not before or not after:
        if before != after:
            step = "MAJOR" if after else "MINOR"
            yield _changed(table, column, "list of codes", "", list(before), list(after), step)
        return
    for code in before:
        if code not in after:
            yield Change(table, column, "code", code, "removed", "", "", "MAJOR")
        elif before[code] != after[code]:
            parts = chain(before[code], after[code])
            for what in dict.fromkeys(parts):
                pair = before[code].get(what), after[code].get(what)
                if pair[0] != pair[1]:
                    yield _changed(table, column, what, code, *pair, "PATCH")
    for code in after:
        if code not in before:
            yield Change(table, column, "code", code, "added", "", "", "MINOR")
    both = [code for code in before if code in after]
    if both != [code for code in after if code in before]:
        yield _changed(table, column, "order of codes", "", list(before), list(after), "PATCH")


def _labels(field: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The codes of a closed list with what is said of each."""
    categories = field.get("categories") or field.get("constraints", {}).get("enum") or ()
    entries = [entry if isinstance(entry, dict) else {"value": entry} for entry in categories]
    return {str(entry["value"]): _without(entry, {"value"}) for entry in entries}


def _rows(
    table: str,
    new: PlainTable,
    cells: Mapping[str, tuple[str, ...]],
    number_before: int,
    is_referred_to: bool,
) -> Iterator[Change]:
    """Rows that came and went, by key, and cells that changed in those that stayed."""
    columns = [name for name in new.cells if name in cells]
    key = [name for name in new.key if name in columns]
    before = _by_key(cells, key, number_before) if len(key) == len(new.key) else None
    after = _by_key(new.cells, key, new.number_of_rows)
    if not key or before is None or after is None:
        yield from _whole_rows(table, columns, cells, new.cells)
        return
    # what people write down and link to: an id or code, or whatever other tables point at
    is_lasting = len(key) == 1 or is_referred_to
    for parts, row in before.items():
        item = ", ".join(parts)
        if parts not in after:
            step = "MAJOR" if is_lasting else "MINOR"
            yield Change(table, "", "row", item, "removed", "", "", step)
            continue
        for name in columns:
            pair = cells[name][row], new.cells[name][after[parts]]
            if pair[0] != pair[1]:
                yield _changed(table, name, "cell", item, *pair, "PATCH")
    # a row of corrections comes with the cell that it is about, and asks for no more than that
    step = "PATCH" if table == "corrections" else "MINOR"
    for parts in after:
        if parts not in before:
            yield Change(table, "", "row", ", ".join(parts), "added", "", "", step)


def _by_key(
    cells: Mapping[str, tuple[str, ...]], key: list[str], number: int
) -> dict[tuple[str, ...], int] | None:
    """The row of each key; nothing where a key is there twice."""
    found = {parts: row for row, parts in enumerate(zip(*(cells[n] for n in key), strict=True))}
    return found if len(found) == number else None


def _whole_rows(
    table: str,
    columns: Iterable[str],
    before: Mapping[str, tuple[str, ...]],
    after: Mapping[str, tuple[str, ...]],
) -> Iterator[Change]:
    """Rows without a key that both sides have: each is the sum of its cells."""
    columns = list(columns)
    old = Counter(zip(*(before[name] for name in columns), strict=True))
    new = Counter(zip(*(after[name] for name in columns), strict=True))
    for row in (old - new).elements():
        yield Change(table, "", "row", ", ".join(row), "removed", "", "", "MAJOR")
    for row in (new - old).elements():
        yield Change(table, "", "row", ", ".join(row), "added", "", "", "MINOR")
