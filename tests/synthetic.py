"""Data packages of any size, made from real rows, for tests and benchmarks.

Many rules of content are not in the descriptor: that a quote prints its number,
that parts sum to their whole. Cells drawn at random would break them; the real
rows keep them all. So the rows are repeated in editions. Edition 0 is the real
row. In each later edition the identifiers, the links to them and the prose get
the tag of that edition, eight letters that are part of no word. A table with
few rows has more editions than one with many.

What is an identifier follows from primary keys, foreign keys and patterns. A
code that leaves no room for a tag, such as that of a country, stays as it is.

A link that is part of a key, stays in its table or is a dimension of a figure leads to its own
edition, and so does each link of a row whose whole key is links.
Any other leads to one of the first editions, which all tables have (`shared` of
them), so that two rows that cite one document in the real data still do. The document whose id is
in that of a figure is the real one.
"""

from __future__ import annotations

import csv
import hashlib
import heapq
import io
import json
import random
import re
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cambodia_tip.package.content_hash import content_hash
from cambodia_tip.package.model import DESCRIPTOR, Field, Resource
from cambodia_tip.package.opening import open_package

LETTERS, TAG_LENGTH = "abcdef", 8
"""Tags are hexadecimal, so that they fit into hashes, and hold no digit, so that they print no
number."""

OWN, SHARED = "\ue000", "\ue001"
"""Where in a template the tag of the row's own edition stands, and that of a shared one."""

SUFFIXES = "-_ "
PROSE, TAIL = ".", "8"
"""Styles of a tag: at the end of a cell after a hyphen, a low line or a blank; after a hyphen but
before the last full stop; in place of the last letters."""

MOSTLY_DISTINCT = 0.5
"""Text gets the tag of the edition where more than this share of its real cells are distinct."""

USES = "indicator_uses"
"""The table of the units and populations that go with an indicator, which no foreign key ties to
the figures."""

Column = tuple[str, str]


@dataclass
class Table:
    """A table with its real rows; `editions` says how often each of them comes out."""

    resource: Resource
    rows: list[list[str]]
    editions: list[int]

    def cells(self, column: str) -> list[str]:
        place = self.resource.field_names.index(column)
        return [row[place] for row in self.rows]

    def keys(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        return list(zip(*map(self.cells, columns), strict=True))


Tables = Mapping[str, Table]


def write_package(
    folder: str | Path,
    rows: int,
    *,
    seed: int = 0,
    tables: Collection[str] | None = None,
    source: str | Path | None = None,
) -> dict[str, int]:
    """Write a valid data package with about so many rows in each table.

    Args:
        folder: Where to; it is made if it is not there.
        rows: How many rows a table is to have. A table whose key leaves no room for more keeps its
            real rows; none gets fewer than those. A table that others need more of (the list of
            all ids, the two sides of a small table of links) gets what they need.
        seed: Another seed gives other names.
        tables: The tables to write, with all that they refer to; without it, all.
        source: The package to take the rows from; without it, the installed one.

    Returns:
        The number of rows of each table that was written.

    Raises:
        UnknownNameError: If there is no table of a name.
        DataPackageError: If the package to take the rows from cannot be read.
    """
    package, folder = open_package(source), Path(folder)
    wanted = package.resources if tables is None else [package.resource(n).name for n in tables]
    real = {name: _read(resource) for name, resource in package.resources.items()}
    kept = _with_linked(real, wanted)
    identifiers = _identifiers(kept)
    shared = _count_editions(kept, identifiers, rows)
    most = max(max(table.editions, default=1) for table in kept.values())
    tags = _tags(most, seed)

    folder.mkdir(parents=True, exist_ok=True)
    descriptor = dict(package.descriptor)
    descriptor["resources"] = [e for e in descriptor["resources"] if e["name"] in kept]
    for entry in descriptor["resources"]:
        if isinstance(entry["schema"], str):
            _copy(package.path / entry["schema"], folder / entry["schema"])
        _write(kept[entry["name"]], folder / entry["path"], identifiers, tags, shared)
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    numbers = {name: sum(table.editions) for name, table in kept.items()}
    if USES in kept:
        paths = {entry["name"]: entry["path"] for entry in descriptor["resources"]}
        numbers[USES] = _add_uses(kept, folder, paths)
    refresh(folder)
    return numbers


def refresh(folder: Path) -> None:
    """Bring sizes, hashes and the seal of a descriptor up to date."""
    descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    for entry in descriptor["resources"]:
        file = folder / entry["path"]
        entry["bytes"] = file.stat().st_size
        with file.open("rb") as content:
            entry["hash"] = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
    descriptor["contentHash"] = content_hash(folder, descriptor)
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor, indent=2), encoding="utf-8")


def _read(resource: Resource) -> Table:
    with resource.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return Table(resource, rows, [1] * len(rows))


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _registered(table: Table) -> list[str]:
    """The lists that this table's whole key must stand in, such as that of all ids."""
    resource = table.resource
    keys = [key for key in resource.foreign_keys if key.fields == resource.primary_key]
    return [key.resource for key in keys if key.resource != resource.name]


def _with_linked(tables: Tables, names: Collection[str]) -> Tables:
    """The named tables and all that they refer to, through a list of ids as well.

    A list of ids has those of the other tables only; where it is named, it brings all of these.
    """
    members: dict[str, list[str]] = {}
    for name, table in tables.items():
        for registry in _registered(table):
            members.setdefault(registry, []).append(name)
    key_sets = {name: set(t.keys(t.resource.primary_key)) for name, t in tables.items()}
    kept: set[str] = set()
    todo = [*names, *(member for name in names for member in members.get(name, []))]
    while todo:
        name = todo.pop()
        if name in kept:
            continue
        kept.add(name)
        resource = tables[name].resource
        for key in resource.foreign_keys:
            todo.append(key.resource)
            if key.fields != resource.primary_key and key.resource != name:
                named = set(tables[name].keys(key.fields))
                todo += [m for m in members.get(key.resource, []) if named & key_sets[m]]
    for registry in members.keys() & kept:
        gone = set().union(*(key_sets[name] for name in members[registry] if name not in kept))
        _leave_out(tables[registry], gone, kept)
    return {name: table for name, table in tables.items() if name in kept}


def _leave_out(registry: Table, gone: set[tuple[str, ...]], kept: set[str]) -> None:
    """Take ids of other tables out of a list, also retired ones, and those that lead to them."""
    resource = registry.resource
    has_home = "table" in resource.field_names
    homes = registry.cells("table") if has_home else [""] * len(registry.rows)
    own = zip(registry.rows, registry.keys(resource.primary_key), homes, strict=True)
    registry.rows = [
        row for row, key, home in own if key not in gone and (not has_home or home in kept)
    ]
    for key in resource.foreign_keys:
        if key.resource == resource.name:
            listed = set(registry.keys(key.reference_fields))
            links = zip(registry.rows, registry.keys(key.fields), strict=True)
            registry.rows = [row for row, link in links if not all(link) or link in listed]
    registry.editions = [1] * len(registry.rows)


def _identifiers(tables: Tables) -> dict[Column, str]:
    """The columns that are renamed in each edition, with the style of their tags.

    Columns that foreign keys tie together are renamed together or not at all.
    """
    groups = {(n, c): frozenset({(n, c)}) for n in tables for c in tables[n].resource.field_names}
    for name, table in tables.items():
        for key in table.resource.foreign_keys:
            for column, target in zip(key.fields, key.reference_fields, strict=True):
                merged = groups[name, column] | groups[key.resource, target]
                groups.update(dict.fromkeys(merged, merged))
    keys = {n: [groups[n, c] for c in t.resource.primary_key] for n, t in tables.items()}
    closed = {group for n, t in tables.items() if _is_stuck(t) for group in keys[n]}
    styles: dict[Column, str] = {}
    for key_groups in sorted(keys.values(), key=len):
        if any(styles.keys() & group for group in key_groups):
            continue
        for group in set(key_groups) - closed:
            style = _style([(tables[n].resource.field(c), tables[n].cells(c)) for n, c in group])
            if style is not None:
                styles.update(dict.fromkeys(group, style))
    return styles


def _is_stuck(table: Table) -> bool:
    """Whether a column that must be unique, beside the key, leaves no room for a tag.

    So it is where a row names tables and columns, which are what they are in each edition.
    """
    if {"table_name", "column_name"} <= set(table.resource.field_names):
        return True
    varied = _varied(table)
    key = table.resource.primary_key
    unique = [f.name for f in table.resource.fields if f.constraints.get("unique")]
    return any(name not in varied for name in unique if key != (name,))


def _varied(table: Table) -> dict[str, str]:
    """The columns of prose and the like that differ in each edition, with the style of tags."""
    resource = table.resource
    linked = {name for key in resource.foreign_keys for name in key.fields}
    quotes = {f.name for f in resource.fields if f.name.endswith("quote")}
    varied = {}
    for field in resource.fields:
        filled = [cell for cell in table.cells(field.name) if cell]
        distinct = len(set(filled)) > MOSTLY_DISTINCT * len(filled)
        if field.name in linked or field.name in resource.primary_key:
            continue
        if distinct or field.name in quotes or field.constraints.get("unique"):
            style = _style([(field, filled)], f"{PROSE}_{TAIL}")
            if style is not None:
                varied[field.name] = style
    return varied


def _style(columns: Sequence[tuple[Field, Sequence[str]]], styles: str = SUFFIXES) -> str | None:
    """The first style of tag that all cells of the columns allow."""
    tag = LETTERS[-1] * TAG_LENGTH
    for style in styles:
        if all(_allows(field, _tagged(c, style, tag)) for field, cells in columns for c in cells):
            return style
    return None


def _allows(field: Field, cell: str) -> bool:
    pattern = field.constraints.get("pattern")
    is_open = field.type == "string" and not field.categories and "enum" not in field.constraints
    return is_open and (not cell or pattern is None or bool(re.fullmatch(pattern, cell)))


def _tagged(cell: str, style: str, tag: str) -> str:
    if not cell:
        return cell
    if style == TAIL:
        return cell[:-TAG_LENGTH] + tag
    words = cell.rstrip(".?!\"')") if style == PROSE else cell
    return f"{words}{'-' if style == PROSE else style}{tag}{cell[len(words) :]}"


def _count_editions(tables: Tables, identifiers: Mapping[Column, str], rows: int) -> int:
    """Set how often each row comes out; return the number of editions that all tables have."""
    registries = {registry for table in tables.values() for registry in _registered(table)}
    growing = [
        table
        for name, table in tables.items()
        if table.rows and any((name, c) in identifiers for c in table.resource.primary_key)
    ]
    wanted = {table.resource.name: max(1, round(rows / len(table.rows))) for table in growing}
    shared = min((n for name, n in wanted.items() if name not in registries), default=1)
    for table in growing:
        name = table.resource.name
        table.editions = [shared if name in registries else wanted[name]] * len(table.rows)
    places = {
        name: {key: place for place, key in enumerate(table.keys(table.resource.primary_key))}
        for name, table in tables.items()
    }
    members: dict[str, list[str]] = {}
    for name, table in tables.items():
        for registry in _registered(table):
            members.setdefault(registry, []).append(name)
    changed = True
    while changed:
        changed = False
        for table in growing:
            own = _own(table, identifiers)
            for row, number in _linked_twice(table, tables, places):
                if table.editions[row] < number:
                    table.editions[row] = number
                    changed = True
            for key in table.resource.foreign_keys:
                if not own & set(key.fields):
                    continue
                linked = [key.resource, *members.get(key.resource, [])]
                for row, cells in enumerate(table.keys(key.fields)):
                    for name in linked:  # what is in a list of ids is in its table too
                        place = places[name].get(cells)
                        if place is None:
                            continue
                        here, there = table.editions[row], tables[name].editions[place]
                        if there < here:
                            tables[name].editions[place] = here
                            changed = True
                        elif here < there and name == table.resource.name:
                            table.editions[row] = there  # or a whole would lack this part
                            changed = True
    return shared


def _linked_twice(
    table: Table, tables: Tables, places: Mapping[str, Mapping[tuple[str, ...], int]]
) -> Iterator[tuple[int, int]]:
    """Rows that are no more than links, and how many editions all of their ends have."""
    resource = table.resource
    ends = [key for key in resource.foreign_keys if set(key.fields) <= {*resource.primary_key}]
    if {name for key in ends for name in key.fields} != {*resource.primary_key} or len(ends) < 2:
        return
    cells = zip(*(table.keys(key.fields) for key in ends), strict=True)
    for row, linked in enumerate(cells):
        numbers = [
            tables[key.resource].editions[place]
            for key, end in zip(ends, linked, strict=True)
            if (place := places[key.resource].get(end)) is not None
        ]
        if len(numbers) == len(ends):
            yield row, min(numbers)


def _own(table: Table, identifiers: Mapping[Column, str]) -> set[str]:
    """The renamed columns whose cells lead to the edition of their row."""
    resource = table.resource
    inside = [key.fields for key in resource.foreign_keys if key.resource == resource.name]
    renamed = {column for name, column in identifiers if name == resource.name}
    own = renamed & {*resource.primary_key, *(column for fields in inside for column in fields)}
    keys = [key.fields for key in resource.foreign_keys if key.fields != resource.primary_key]
    linked = {column for fields in keys for column in fields}
    if linked >= {*resource.primary_key}:  # as in a pair of records and their caveat
        own |= renamed & linked
    if resource.has_figures:  # or editions of a figure would be restatements of each other
        own |= renamed & {field.name for field in resource.fields if field.sdmx_role == "dimension"}
    differing = (own | _varied(table).keys()) - {"id", "quote", "note"}
    if not any(all(table.cells(name)) for name in differing):  # or rows would be told twice
        own |= renamed & {"source_id", "passage"}
    for _ in resource.foreign_keys:  # a link of several columns leads to one edition
        for key in resource.foreign_keys:
            if own & set(key.fields):
                own |= renamed & set(key.fields)
    return own


def _tags(number: int, seed: int) -> list[str]:
    """The tag of each edition; edition 0 has none."""
    drawn = random.Random(seed).sample(range(len(LETTERS) ** TAG_LENGTH), number - 1)
    return ["", *(_in_letters(n) for n in drawn)]


def _in_letters(number: int) -> str:
    letters = []
    for _ in range(TAG_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def _write(
    table: Table, file: Path, identifiers: Mapping[Column, str], tags: Sequence[str], shared: int
) -> None:
    """Write a table in the order of its key, holding no more than templates of its real rows."""
    name, header = table.resource.name, table.resource.field_names
    renamed = {column: style for (n, column), style in identifiers.items() if n == name}
    own = _varied(table) | {column: renamed.pop(column) for column in _own(table, identifiers)}
    fixed = [_fixed(table.resource, row) for row in table.rows]
    marked = [_marked(header, row, own, OWN, f) for row, f in zip(table.rows, fixed, strict=True)]
    lines = [_line(row) for row in table.rows]
    near = [_line(row) for row in marked]
    ends = zip(marked, fixed, strict=True)
    far = [_line(_marked(header, row, renamed, SHARED, f)) for row, f in ends]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as target:
        target.write(_line(header))
        for row, edition in _in_order(table, marked, tags):
            if edition == 0:
                line = lines[row]
            elif edition % shared == 0:
                line = near[row].replace(OWN, tags[edition])
            else:
                line = far[row].replace(OWN, tags[edition]).replace(SHARED, tags[edition % shared])
            target.write(line)


def _add_uses(tables: Tables, folder: Path, paths: Mapping[str, str]) -> int:
    """Add to the list of uses those of the written figures; return how many it has then."""
    uses: set[tuple[str, ...]] = set()
    for name, table in tables.items():
        is_figures = table.resource.has_figures and "indicator" in table.resource.field_names
        if name == USES or is_figures:
            with (folder / paths[name]).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    where = row.get("figures_table", name)
                    who = row.get("population") or "none"
                    uses.add((row["indicator"], where, row["unit"], who))
    with (folder / paths[USES]).open("w", encoding="utf-8", newline="") as target:
        target.write(_line(tables[USES].resource.field_names))
        target.writelines(map(_line, sorted(uses)))
    return len(uses)


def _fixed(resource: Resource, row: Sequence[str]) -> tuple[str, ...]:
    """The columns of a row that are the same in all editions: the document, if its id is in that
    of the figure."""
    cells = dict(zip(resource.field_names, row, strict=True))
    is_named = resource.has_figures and f"-{cells.get('source_id')}-" in f"-{cells.get('id')}-"
    return ("source_id", "passage") if is_named else ()


def _marked(
    header: Sequence[str],
    row: Sequence[str],
    styles: Mapping[str, str],
    marker: str,
    fixed: Collection[str],
) -> list[str]:
    return [
        _tagged(cell, styles[name], marker) if name in styles and name not in fixed else cell
        for name, cell in zip(header, row, strict=True)
    ]


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def _in_order(
    table: Table, marked: Sequence[Sequence[str]], tags: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Rows and editions in the order of the key.

    The editions of one row follow the order of the tags, so that merging them keeps little in
    memory.
    """
    places = [table.resource.field_names.index(name) for name in table.resource.primary_key]
    by_tag = sorted(range(max(table.editions, default=0)), key=tags.__getitem__)
    orders = {number: [e for e in by_tag if e < number] for number in set(table.editions)}

    def keys(row: int) -> Iterator[tuple[str, int, int]]:
        key = "\0".join(table.rows[row][place] for place in places)
        template = "\0".join(marked[row][place] for place in places)
        for edition in orders[table.editions[row]]:
            yield template.replace(OWN, tags[edition]) if edition else key, row, edition

    for _, row, edition in heapq.merge(*map(keys, range(len(table.rows)))):
        yield row, edition


if __name__ == "__main__":
    target, number, *names = sys.argv[1:]
    print(json.dumps(write_package(target, int(number), tables=names or None)))
