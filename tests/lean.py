"""A small package in which every error can be made that can be made in the whole one."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import cambodia_tip as tip
from cambodia_tip.checking.quote_rules import YEAR
from cambodia_tip.package.opening import open_package
from faults import Fault, all_faults, document_faults, edited, read_data
from trials import refresh

DATA = read_data()
FAULTS = list(all_faults(DATA))


def in_files(faults: list[Fault]) -> list[Fault]:
    """What is tried in files: of the faults of a text, the first of its kind in each table."""
    of_text = {(f.kind, f.table): f for f in reversed(faults) if f.is_of_text}
    return [*of_text.values(), *(f for f in faults if not f.is_of_text)]


IN_FILES = in_files(FAULTS)
OF_A_FILE = {
    *("encoding", "line-ends", "row-length", "quoting", "columns", "rows", "file", "bytes", "hash"),
}
OF_FILES = [fault for fault in IN_FILES if OF_A_FILE & {*fault.rules}]


def faults_of_meaning() -> Iterator[Fault]:
    """Errors before the rules for which `faults` has none."""
    resources, rows = DATA.package.resources, DATA.rows
    cells = {"code": "no-such-code"}
    yield edited(DATA, resources["code_words"], 0, cells, "a word for no code", ("code-words",))
    wrong = {"kind": "redefined"}, {"later": rows["restatements"][5]["later"]}
    for place, cells in enumerate(wrong):
        kind = "figures that are linked as what they are not"
        yield edited(DATA, resources["restatements"], place, cells, kind, ("restatements",))
    stated = (
        n
        for n, row in enumerate(rows["enforcement_stats"])
        if row["period_basis"] == "stated"
        and {row["period_start"][:4], row["period_end"][:4]} == set(YEAR.findall(row["quote"]))
    )
    cells, kind = {"period_basis": "inferred"}, "a period that is called inferred"
    table = resources["enforcement_stats"]
    yield edited(DATA, table, next(stated), cells, kind, ("inferred-year",))


OF_ROWS = [
    *faults_of_meaning(),
    *(fault for fault in IN_FILES if fault not in OF_FILES),
    *document_faults(DATA),
]
Patch = dict[int, bytes]


class Lean:
    """A package with the rows that faults change and those that these lead to.

    It need not be valid: the engines must agree on it, and on each fault.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        shutil.copytree(tip.package_path(), folder)
        package = open_package()
        self.files = {
            n: folder / r.path.relative_to(package.path) for n, r in package.resources.items()
        }
        self.full = {n: f.read_bytes().splitlines(keepends=True) for n, f in self.files.items()}
        self.kept = {name: set(lines[:4]) for name, lines in self.full.items()}
        self.patches = [(fault.table, self.patch(fault)) for fault in OF_ROWS]
        for table, patch in self.patches:
            self.kept[table] |= {self.full[table][n] for n in patch}
        for table, rows in DATA.rows.items():  # and a value of each column
            filled = {c: n for n, row in reversed([*enumerate(rows, 1)]) for c in row if row[c]}
            self.kept[table] |= {self.full[table][n] for n in filled.values()}
        self.kept["indicator_uses"] = set(self.full["indicator_uses"])
        self._keep_linked()
        self.restore()

    def _keep_linked(self) -> None:
        """Keep what kept rows lead to, by any number of steps, and the parts of kept wholes."""
        rows = {
            name: dict(
                zip(lines[1:], csv.DictReader(io.StringIO(b"".join(lines).decode())), strict=True)
            )
            for name, lines in self.full.items()
        }
        links = [(n, k) for n, r in open_package().resources.items() for k in r.foreign_keys]
        before = 0
        while before != (before := sum(map(len, self.kept.values()))):
            for name, key in links:
                wanted = {
                    tuple(rows[name][line][c] for c in key.fields)
                    for line in self.kept[name] & rows[name].keys()
                }
                self.kept[key.resource] |= {
                    line
                    for line, row in rows[key.resource].items()
                    if tuple(row[c] for c in key.reference_fields) in wanted
                }
                if key.resource == "ids":  # and what the ids are of
                    ids = {
                        rows["ids"][line]["id"] for line in self.kept["ids"] & rows["ids"].keys()
                    }
                    self.kept[name] |= {
                        line for line, row in rows[name].items() if row.get("id") in ids
                    }
                if key.fields == ("part_of",):
                    wholes = {
                        rows[name][line]["id"] for line in self.kept[name] & rows[name].keys()
                    }
                    self.kept[name] |= {
                        line for line, row in rows[name].items() if row["part_of"] in wholes
                    }

    def content(self, table: str, patch: Patch | None = None) -> bytes:
        """The file of a table, with other lines in the places of a patch."""
        lines = enumerate(self.full[table])
        patch = patch or {}
        return b"".join(
            patch.get(n, line) for n, line in lines if n in patch or line in self.kept[table]
        )

    def patch(self, fault: Fault) -> Patch:
        """The lines that a fault changes."""
        old = self.full[fault.table]
        new = (fault.change(b"".join(old)) or b"").splitlines(keepends=True)
        if len(new) < len(old):  # a row is gone
            gone = next(n for n, (a, b) in enumerate(zip_longest(old, new)) if a != b)
            return {gone: b""}  # and is kept, with what it leads to
        if len(new) > len(old):  # the first row is a duplicate
            return {1: b"".join(new[1:3])}
        return {n: b for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b}

    def restore(self) -> None:
        for name, file in self.files.items():
            file.write_bytes(self.content(name))
        refresh(self.path)
