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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from .changelist import Change, Changes
from .plain_package import PlainPackage, PlainTable, names, read_plain

_APART = {"version", "created", "contentHash", "resources", "bytes", "hash", "schema"}
"""Properties that follow from others."""
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
        removed or changed, each with the version step that it asks for.

        MAJOR: a table, column, code or id is renamed or removed; a type, a key or the order
        of columns changes; a constraint asks for more. MINOR: a table, column, code or row
        is new; a constraint asks for less; a row goes that has no id and that nothing
        refers to. PATCH: a cell, a label or a description changes, or ``corrections``
        has a new row, which tells of a changed cell. A renamed table, column or id is one
        removed and one added. A row with an id that is gone says whether the id is retired,
        and what replaced it.

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
    referred = {
        link["reference"].get("resource") or table.name
        for table in old.tables.values()
        for link in table.links
    }
    standing = _standing(new)
    for name, table in old.tables.items():
        if name not in new.tables:
            yield Change(name, "", "table", "", "removed", _size(table), "", "MAJOR")
            continue
        for change in _table(table, new.tables[name], name in referred):
            is_of_id = change.what == "row" and table.key == ("id",) and name != "ids"
            is_gone = is_of_id and change.kind == "removed"
            now = standing.get(change.item, "not retired in ids") if is_gone else change.new
            yield replace(change, new=now)
    for name, table in new.tables.items():
        if name not in old.tables:
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


def _table(old: PlainTable, new: PlainTable, is_referred_to: bool) -> Iterator[Change]:
    table = old.name
    yield from _properties(table, "", old.properties, new.properties)
    yield from _properties(table, "", _comparable(old), _comparable(new))
    yield from _links(old, new)
    for column, field in old.fields.items():
        if column in new.fields:
            yield from _field(table, column, field, new.fields[column])
        else:
            yield Change(table, column, "column", "", "removed", "", "", "MAJOR")
    for column in new.fields:
        if column not in old.fields:
            yield Change(table, column, "column", "", "added", "", "", "MINOR")
    order = [name for name in old.fields if name in new.fields]
    new_order = [name for name in new.fields if name in old.fields]
    if order != new_order:
        yield _changed(table, "", "order of columns", "", order, new_order, "MAJOR")
    yield from _rows(old, new, is_referred_to)


def _comparable(table: PlainTable) -> dict[str, Any]:
    """The properties of a schema as a whole, with defaults filled in."""
    schema = {"missingValues": [""], **table.schema, "primaryKey": list(table.key)}
    return _without(schema, {"fields", "foreignKeys"})


def _without(properties: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in names}


def _properties(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """Properties that stand for themselves: each that differs is one change."""
    for name in dict.fromkeys(chain(old, new)):
        if name not in _APART and old.get(name) != new.get(name):
            step = "MAJOR" if name in _BREAKING else "PATCH"
            yield _changed(table, column, name, "", old.get(name), new.get(name), step)


def _changed(
    table: str, column: str, what: str, item: str, old: object, new: object, step: str
) -> Change:
    return Change(table, column, what, item, "changed", _text(old), _text(new), step)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _links(old: PlainTable, new: PlainTable) -> Iterator[Change]:
    """Links to other tables; one of a new column asks nothing of the columns that were there."""
    then, now = ({_link(link): link for link in table.links} for table in (old, new))
    for name in then:
        if name not in now:
            yield Change(old.name, "", "link", name, "removed", "", "", "MINOR")
    for name, link in now.items():
        if name not in then:
            step = "MAJOR" if set(names(link["fields"])) <= set(old.fields) else "MINOR"
            yield Change(old.name, "", "link", name, "added", "", "", step)


def _link(key: Mapping[str, Any]) -> str:
    reference = key["reference"]
    there = " ".join(filter(None, [reference.get("resource"), *names(reference["fields"])]))
    return f"{', '.join(names(key['fields']))} to {there}"


def _field(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    apart = {"constraints", "categories"}
    yield from _properties(table, column, _without(old, apart), _without(new, apart))
    yield from _codes(table, column, old, new)
    before, after = old.get("constraints", {}), new.get("constraints", {})
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


def _rows(old: PlainTable, new: PlainTable, is_referred_to: bool) -> Iterator[Change]:
    """Rows that came and went, by key, and cells that changed in those that stayed."""
    table, cells = old.name, old.cells
    columns = [name for name in new.cells if name in cells]
    key = [name for name in new.key if name in columns]
    before = _by_key(cells, key, old.number_of_rows) if old.key == new.key else None
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
