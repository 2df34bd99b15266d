"""Compare two versions of the data and report the version bump they require.

The bumps follow the recipe of the Data Package standard for versions
(https://datapackage.org/recipes/data-package-version/): MAJOR for what breaks the code of users,
MINOR for what is new, PATCH for corrections and better words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from ..package.model import key_text
from .changelist import Change, Changes
from .releases import Column, Release, Table, read_release

_DERIVED = {"version", "created", "contentHash", "resources"}
"""Properties of a package that follow from others."""
_BREAKING = {
    *("name", "path", "format", "encoding", "dialect"),
    *("type", "trueValues", "falseValues", "primaryKey", "missingValues"),
}
"""Properties that decide where data are found, or how a cell is read."""
_LOWER, _UPPER = {"minimum", "minLength"}, {"maximum", "maxLength"}


def changes(old: str | Path | None, new: str | Path | None = None) -> Changes:
    """Compare two versions of the data and report the version bump they require.

    Args:
        old: A folder with a data package, a wheel of this package, or a zip such as
            ``cambodia-tip export csv`` writes; None for the installed version.
        new: The same; without it the installed version.

    Returns:
        `Changes`: tables, columns, codes, rows (by key) and cells that were added,
        removed or changed, each with the version bump that it requires.

        MAJOR: a table, column, code or id is renamed or removed; a type, a key or the order
        of columns changes; a constraint is stricter. MINOR: a table, column, code or row
        is new; a constraint is less strict; a row goes that has no id and that nothing
        refers to. PATCH: a cell, a label or a description changes, or ``corrections``
        has a new row, which tells of a changed cell. A renamed table, column or id is one
        removed and one added. A row with an id that is gone says whether the id is retired,
        and what replaced it.

    Raises:
        DataPackageError: If a side is not a data package, or cannot be read.

    Examples:
        >>> len(changes(None))
        0
    """
    before, after = read_release(old), read_release(new)
    found = Changes(tuple(_package(before, after)), before.version, after.version)
    _ = found.actual_bump  # raises if a version cannot be read
    return found


def _package(old: Release, new: Release) -> Iterator[Change]:
    properties = (
        {name: value for name, value in release.properties.items() if name not in _DERIVED}
        for release in (old, new)
    )
    yield from _properties("", "", *properties)
    referred = {target for table in old.tables.values() for target, _ in table.links.values()}
    retired = _retired(new)
    for name, table in old.tables.items():
        if name not in new.tables:
            yield Change(name, "", "table", "", "removed", str(table), "", "MAJOR")
        else:
            yield from _table(table, new.tables[name], name in referred, retired)
    for name, table in new.tables.items():
        if name not in old.tables:
            yield Change(name, "", "table", "", "added", "", str(table), "MINOR")


def _retired(release: Release) -> dict[str, str]:
    """What the release says of each retired id, for anyone who wrote one down."""
    ids = release.tables.get("ids")
    if ids is None or not {"id", "retired", "replaced_by"} <= set(ids.header):
        return {}
    rows = [dict(zip(ids.header, row, strict=True)) for row in ids.rows]
    return {
        row["id"]: f"retired in {row['retired']}, "
        + (f"replaced by {row['replaced_by']}" if row["replaced_by"] else "not replaced")
        for row in rows
        if row["retired"]
    }


def _table(
    old: Table, new: Table, is_referred_to: bool, retired: Mapping[str, str]
) -> Iterator[Change]:
    table = old.name
    yield from _properties(table, "", old.properties, new.properties)
    for link in old.links.keys() - new.links.keys():
        yield Change(table, "", "link", link, "removed", "", "", "MINOR")
    for link, (_, columns) in new.links.items():
        if link not in old.links:  # a link of a new column asks nothing of the others
            bump = "MAJOR" if set(columns) <= set(old.columns) else "MINOR"
            yield Change(table, "", "link", link, "added", "", "", bump)
    for name, column in old.columns.items():
        if name in new.columns:
            yield from _column(table, name, column, new.columns[name])
        else:
            yield Change(table, name, "column", "", "removed", "", "", "MAJOR")
    for name in new.columns:
        if name not in old.columns:
            yield Change(table, name, "column", "", "added", "", "", "MINOR")
    order = [name for name in old.columns if name in new.columns]
    new_order = [name for name in new.columns if name in old.columns]
    if order != new_order:
        yield _changed(table, "", "order of columns", "", order, new_order, "MAJOR")
    yield from _rows(old, new, is_referred_to, retired)


def _properties(
    table: str, column: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    for name in dict.fromkeys(chain(old, new)):
        if old.get(name) != new.get(name):
            bump = "MAJOR" if name in _BREAKING else "PATCH"
            yield _changed(table, column, name, "", old.get(name), new.get(name), bump)


def _changed(
    table: str, column: str, what: str, item: str, old: object, new: object, bump: str
) -> Change:
    return Change(table, column, what, item, "changed", _text(old), _text(new), bump)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _column(table: str, name: str, old: Column, new: Column) -> Iterator[Change]:
    yield from _properties(table, name, old.properties, new.properties)
    yield from _codes(table, name, old.codes, new.codes)
    for rule in dict.fromkeys(chain(old.constraints, new.constraints)):
        before, after = old.constraints.get(rule), new.constraints.get(rule)
        if before != after:
            bump = "MAJOR" if _is_stricter(rule, before, after) else "MINOR"
            yield _changed(table, name, "constraint", rule, before, after, bump)


def _is_stricter(name: str, old: Any, new: Any) -> bool:
    """Whether rows that were right may be wrong now; true if it cannot be decided."""
    if new is None or new is False:
        return False
    are_numbers = all(type(limit) in (int, float) for limit in (old, new))
    if not are_numbers and not (isinstance(old, str) and isinstance(new, str)):
        return True
    if name in _LOWER:
        return bool(new > old)
    return bool(new < old) if name in _UPPER else True


def _codes(
    table: str,
    column: str,
    old: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Mapping[str, Any]],
) -> Iterator[Change]:
    if not old or not new:
        if old or new:
            bump = "MAJOR" if new else "MINOR"
            yield _changed(table, column, "list of codes", "", list(old), list(new), bump)
        return
    for code in old:
        if code not in new:
            yield Change(table, column, "code", code, "removed", "", "", "MAJOR")
            continue
        for what in dict.fromkeys(chain(old[code], new[code])):
            pair = old[code].get(what), new[code].get(what)
            if pair[0] != pair[1]:
                yield _changed(table, column, what, code, *pair, "PATCH")
    for code in new:
        if code not in old:
            yield Change(table, column, "code", code, "added", "", "", "MINOR")
    if [code for code in old if code in new] != [code for code in new if code in old]:
        yield _changed(table, column, "order of codes", "", list(old), list(new), "PATCH")


def _rows(
    old: Table, new: Table, is_referred_to: bool, retired: Mapping[str, str]
) -> Iterator[Change]:
    """Rows that came and went, by key, and cells that changed in those that stayed."""
    table = old.name
    columns = [name for name in new.header if name in old.header]
    key = new.key if new.key == old.key and set(new.key) <= set(columns) else ()
    before, after = _by_key(old, key), _by_key(new, key)
    if before is None or after is None:
        yield from _whole_rows(old, new, columns)
        return
    # what people write down and link to: an id or code, or whatever other tables point at
    is_lasting = len(key) == 1 or is_referred_to
    for parts, row in before.items():
        item = key_text(parts)
        if parts not in after:
            is_id = key == ("id",) and table != "ids"
            now = retired.get(item, "not retired in ids") if is_id else ""
            bump = "MAJOR" if is_lasting else "MINOR"
            yield Change(table, "", "row", item, "removed", "", now, bump)
            continue
        for name in columns:
            if row[name] != after[parts][name]:
                yield _changed(table, name, "cell", item, row[name], after[parts][name], "PATCH")
    # a row of corrections comes with the cell that it is about, and requires no more than that
    bump = "PATCH" if table == "corrections" else "MINOR"
    for parts in after:
        if parts not in before:
            yield Change(table, "", "row", key_text(parts), "added", "", "", bump)


def _by_key(table: Table, key: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, str]] | None:
    """The row of each key; nothing without a key, or if one is a duplicate."""
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    found = {tuple(row[name] for name in key): row for row in rows}
    return found if key and len(found) == len(rows) else None


def _whole_rows(old: Table, new: Table, columns: list[str]) -> Iterator[Change]:
    """Rows without a key that both sides have: each is the sum of its cells."""

    def counted(table: Table) -> Counter[tuple[str, ...]]:
        places = [table.header.index(name) for name in columns]
        return Counter(tuple(row[place] for place in places) for row in table.rows)

    before, after = counted(old), counted(new)
    for row in (before - after).elements():
        yield Change(old.name, "", "row", key_text(row), "removed", "", "", "MAJOR")
    for row in (after - before).elements():
        yield Change(old.name, "", "row", key_text(row), "added", "", "", "MINOR")
