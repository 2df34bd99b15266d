"""Try faults: put one into a package, look who finds it, and take it out again."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from cambodia_tip.checking import rules, validation
from cambodia_tip.checking.cells import check_cells
from cambodia_tip.checking.columns import TextColumn, TextTable
from cambodia_tip.checking.validation import check_descriptor, check_links, check_table
from cambodia_tip.errors import DataPackageError
from cambodia_tip.package.content_hash import content_hash
from cambodia_tip.package.installed import package_path
from cambodia_tip.package.model import DESCRIPTOR, Field, Package, Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.report import Finding
from cambodia_tip.sources.verification import verify
from descriptor_faults import DescriptorFault, descriptor_faults, one_of_each
from faults import Fault, all_faults, document_faults, read_data


class Trials:
    """A package in a folder of its own, of which one file at a time is made bad.

    Only the table that changed is read again; what the others are found to
    be is kept, since `validate` looks at each of them alone as well.

    Attributes:
        known: What is found before any error is made, which finds no error.
    """

    def __init__(self, folder: Path) -> None:
        self.package = open_package(folder)
        self.tables: dict[str, TextTable] = {}
        self.known: set[Finding] = set()
        for name, resource in self.package.resources.items():
            table, findings = check_table(resource)
            assert table is not None
            self.known |= {*findings}
            self.tables[name] = table
        self.known |= {*check_links(self.package, self.tables, [])}

    @contextmanager
    def put(self, fault: Fault) -> Iterator[Resource]:
        """The table with the fault in its file; size and hash follow unless it is about them."""
        resource = self.package.resource(fault.table)
        good = resource.path.read_bytes()
        content = fault.change(good)
        try:
            if content is None:
                resource.path.unlink()
            else:
                resource.path.write_bytes(content)
            if content is not None and fault.is_hidden:
                digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
                yield replace(resource, bytes=len(content), hash=digest)
            else:
                yield resource
        finally:
            resource.path.write_bytes(good)

    @contextmanager
    def stamped(self, faults: Collection[Fault]) -> Iterator[None]:
        """Tables with a fault in the file of each, of which the descriptor has size and hash."""
        file = self.package.path / DESCRIPTOR
        good = file.read_bytes()
        descriptor = json.loads(good)
        with ExitStack() as stack:
            for fault in faults:
                resource = stack.enter_context(self.put(fault))
                for entry in descriptor["resources"]:
                    if entry["name"] == fault.table:
                        entry.update(bytes=resource.bytes, hash=resource.hash)
            try:
                write_json(file, descriptor)
                seal(self.package.path)
                yield
            finally:
                file.write_bytes(good)

    def verified(self, faults: Collection[Fault], sources: str | Path) -> list[Finding]:
        """What `verify` finds of faults in different tables, in the documents of their rows."""
        files = [self.package.resource(fault.table).path for fault in faults]
        good = [file.read_text(encoding="utf-8").splitlines(keepends=True) for file in files]
        with self.stamped(faults):
            documents = set()
            for file, before in zip(files, good, strict=True):
                header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
                rows = csv.DictReader([header, *sorted({*lines} - {*before})])
                documents |= {row["source_id"] for row in rows}
            return list(verify(sources, self.package.path, only=documents))

    def is_found(self, fault: Fault) -> bool:
        """Whether `validate` finds it; the other tables are looked at if its own does not tell.

        Of the rules about several tables only those are run that are to find it. No finding of
        one of these rules hides that of another, so all of them would not find it less.
        """
        with self.put(fault) as resource:
            table, findings = check_table(resource)
            if is_found(fault, {*findings} - self.known):
                return True
            tables, package = self.with_table(fault.table, table, resource)
            wanted = [rule for rule in rules.PACKAGE_RULES if rule.name in fault.rules]
            with patch.object(rules, "PACKAGE_RULES", wanted):
                found = findings + check_links(package, tables, findings)
                return is_found(fault, {*found} - self.known)

    def try_descriptor(self, fault: DescriptorFault, *, sealed: bool) -> list[Finding]:
        """What `validate` finds in a spoilt descriptor; `sealed` if its hash is made to follow."""
        folder = self.package.path
        with spoilt(folder, fault, sealed=sealed):
            if not sealed and (found := findings_of_descriptor(folder)):
                return found  # the tables are not needed to see it
            with patch.object(validation, "check_table", self._checked):
                return list(validation.validate(folder))

    def _checked(self, resource: Resource) -> tuple[TextTable | None, list[Finding]]:
        """What `check_table` finds; a table of which all is told as before is not read again."""
        if resource == self.package.resources.get(resource.name):
            return self.tables[resource.name], []
        return check_table(resource)

    def findings(self, fault: Fault) -> list[Finding]:
        """What `validate` finds."""
        with self.put(fault) as resource:
            table, findings = check_table(resource)
            tables, package = self.with_table(fault.table, table, resource)
            return findings + check_links(package, tables, findings)

    def with_table(
        self, name: str, table: TextTable | None, resource: Resource
    ) -> tuple[dict[str, TextTable], Package]:
        """The good tables and package with this in place of one table, if it can be read."""
        tables = {n: t for n, t in self.tables.items() if n != name}
        if table is not None:
            tables[name] = table
        resources = {**self.package.resources, name: resource}
        return tables, replace(self.package, resources=resources)


def is_found_in_text(fault: Fault, column: Field) -> bool:
    """Whether a fault of a text is found by what `validate` asks of each text, without a file."""
    cell = TextColumn(np.array([fault.text], dtype=object), np.zeros(1, np.int32))
    return any(rule in fault.rules for _, rule, _ in check_cells(cell, column))


def is_found(fault: Fault, findings: Iterable[Finding]) -> bool:
    """Whether a finding has the table, row, column and rule of a fault, and shows its text."""
    return any(
        finding.table == fault.named
        and finding.rule in fault.rules
        and (not fault.row or finding.row == fault.row)
        and (not fault.column or set(finding.columns) & set(fault.column.split(", ")))
        and repr(fault.text)[1:-1] in finding.message
        for finding in findings
    )


@contextmanager
def spoilt(folder: Path, fault: DescriptorFault, *, sealed: bool) -> Iterator[None]:
    """A package with an error in its descriptor; `sealed` if its hash is made to follow."""
    file, descriptor_file = folder / fault.file, folder / DESCRIPTOR
    good, good_descriptor = file.read_bytes(), descriptor_file.read_bytes()
    try:
        write_json(file, fault.apply(json.loads(good)))
        if sealed:
            seal(folder)
        yield
    finally:
        descriptor_file.write_bytes(good_descriptor)
        file.write_bytes(good)


def findings_of_descriptor(folder: Path) -> list[Finding]:
    """What `validate` finds before it reads a table."""
    with suppress(DataPackageError):
        return list(check_descriptor(open_package(folder)))
    return []


def write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def refresh(folder: Path) -> None:
    """Make sizes and hashes those of the files."""
    file = folder / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    for entry in descriptor["resources"]:
        path = folder / entry["path"]
        if path.exists():
            content = path.read_bytes()
            entry["bytes"] = len(content)
            entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    seal(folder)


def seal(folder: Path) -> None:
    """Make the hash of the descriptor that of what it says, if it can be told at all."""
    descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    with suppress(Exception):
        descriptor["contentHash"] = content_hash(folder, descriptor)
        write_json(folder / DESCRIPTOR, descriptor)


def count(folder: Path, faults: list[Fault]) -> Counter[tuple[str, str]]:
    """How many faults of each kind were tried and who found them; one process of several."""
    own = Trials(folder)
    counts: Counter[tuple[str, str]] = Counter()
    for fault in faults:
        counts[fault.kind, "tried"] += 1
        counts[fault.kind, "validate"] += own.is_found(fault)
    return counts


def count_descriptor(folder: Path, faults: list[DescriptorFault]) -> Counter[tuple[str, str]]:
    """The same for properties of the descriptor and the schemas."""
    trials = Trials(folder)
    counts: Counter[tuple[str, str]] = Counter()
    for fault in faults:
        kind = f"a property {fault.action}"
        counts[kind, "tried"] += 1
        counts[kind, "validate"] += bool(trials.try_descriptor(fault, sealed=False))
        counts[kind, "sealed"] += bool(trials.try_descriptor(fault, sealed=True))
    return counts


def count_documents(folder: Path, faults: list[Fault], sources: Path) -> Counter[tuple[str, str]]:
    """The same for what only the documents can tell, before `verify`."""
    trials = Trials(folder)
    counts: Counter[tuple[str, str]] = Counter()
    for fault in faults:
        counts[fault.kind, "tried"] += 1
        counts[fault.kind, "validate"] += bool(trials.findings(fault))
        counts[fault.kind, "verify"] += is_found(fault, trials.verified([fault], sources))
    return counts


def page(
    tables: Counter[tuple[str, str]],
    descriptor: Counter[tuple[str, str]],
    documents: Counter[tuple[str, str]],
) -> str:
    """The page with the figure."""

    def figure(counts: Counter[tuple[str, str]], who: str) -> str:
        tried = sum(n for (_, w), n in counts.items() if w == "tried")
        found = sum(n for (_, w), n in counts.items() if w == who)
        return f"{found:,} of {tried:,} ({100 * found / tried:.1f}%)"

    def rows(counts: Counter[tuple[str, str]], *who: str) -> list[str]:
        kinds = sorted({kind for kind, _ in counts})
        cells = [[kind, *(f"{counts[kind, name]:,}" for name in ("tried", *who))] for kind in kinds]
        return [f"| {' | '.join(row)} |" for row in cells]

    lines = [
        "---",
        "orphan: true",
        "---",
        "",
        "# Errors that the checks find",
        "",
        "`tests/faults.py` makes errors from the descriptor, for every table and column that they "
        "can apply to. Each was put alone into a valid copy of the package, and the sizes and "
        "hashes were updated, so only the rule itself could find it. An error counts as found by "
        "`cambodia-tip validate` if a finding has its table, row, column and rule, and shows the "
        "text. Version 0.9.0 had 6,475 such errors, of which `frictionless validate` found 4,807.",
        "",
        "`python tests/trials.py --write docs/faults.md --sources FOLDER` wrote this page.",
        "",
        "| errors in tables | |",
        "|---|---|",
        f"| found by `cambodia-tip validate` | {figure(tables, 'validate')} |",
        "",
        "| kind | tried | cambodia-tip |",
        "|---|--:|--:|",
        *rows(tables, "validate"),
        "",
        "## The descriptor",
        "",
        "One property of each kind in the descriptor and the schemas was removed, set to another "
        "type, or emptied. The content hash finds them all. *Hash updated* is what is found if the "
        "hash was updated too: then a missing optional property may not be found.",
        "",
        "| kind | tried | cambodia-tip | hash updated |",
        "|---|--:|--:|--:|",
        *rows(descriptor, "validate", "sealed"),
    ]
    if documents:
        lines += [
            "",
            "## What only the documents can tell",
            "",
            "The document, passage or reporter of a row was swapped for another valid one. "
            "`validate` finds it if the id of the row, its whole or a date shows it; `verify` "
            "reads the documents. No command finds a wrong reporter whom the passage also names.",
            "",
            "| kind | tried | validate | verify |",
            "|---|--:|--:|--:|",
            *rows(documents, "validate", "verify"),
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="the page to write; without it, it is printed")
    parser.add_argument("--sources", type=Path, help="folder with the documents")
    parser.add_argument("--every", type=int, default=1, help="try one in so many faults")
    options = parser.parse_args()
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(workers) as pool:
        folders = [Path(name, str(number)) for number in range(workers)]
        for folder in folders:
            shutil.copytree(package_path(), folder)
        shares = [
            pool.submit(count_share, folder, number, workers, options.every, options.sources)
            for number, folder in enumerate(folders)
        ]
        counted = [share.result() for share in shares]
        tables, descriptor, documents = (
            sum(parts, Counter()) for parts in zip(*counted, strict=True)
        )
    text = page(tables, descriptor, documents)
    if options.write:
        _, heading, kept = options.write.read_text(encoding="utf-8").partition(
            "\n## Errors of meaning\n"  # which meaning_trials.py writes
        )
        options.write.write_text(text + heading + kept, encoding="utf-8")
    else:
        print(text)


def count_share(
    folder: Path, number: int, workers: int, every: int, sources: Path | None
) -> tuple[Counter[tuple[str, str]], ...]:
    """One share of all three counts."""
    data = read_data(folder)
    properties = one_of_each(descriptor_faults(folder))[number::workers]
    swapped = list(document_faults(data))[number::workers] if sources else []
    return (
        count(folder, list(all_faults(data))[::every][number::workers]),
        count_descriptor(folder, properties),
        count_documents(folder, swapped, sources or Path()),
    )


if __name__ == "__main__":
    main()
