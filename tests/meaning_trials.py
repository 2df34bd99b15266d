"""Try errors of meaning: who finds them with the documents at hand, and who without."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from cambodia_tip.checking.columns import TextTable
from cambodia_tip.checking.validation import check_links, check_table
from cambodia_tip.package.installed import package_path
from cambodia_tip.package.model import Package
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.frames import read_frame
from cambodia_tip.report import Finding
from cambodia_tip.sources import copies, numeral_audit, verification
from cambodia_tip.sources.documents import Document
from faults import read_data, write_rows
from meaning_faults import MeaningFault, meaning_faults

CHECKS = ("validate", "verify", "audit")


class MeaningTrials:
    """A good package in a folder of its own, into which one error at a time is put.

    What did not change is not read again: the other tables, and the documents.
    """

    def __init__(self, folder: Path, sources: Path | None) -> None:
        self.package, self.sources = open_package(folder), sources
        resources = self.package.resources.values()
        self.tables = {resource.name: check_table(resource)[0] for resource in resources}
        self.frames = {resource.name: read_frame(resource) for resource in resources}
        self.held = set(self.frames["sources"].dropna(subset=["bytes"])["source_id"])
        self.targets = {
            k.resource for r in resources for k in r.foreign_keys if k.resource != r.name
        }
        self.known: dict[tuple[str, str], set[Finding]] = {}

    def found_by(self, fault: MeaningFault) -> set[str]:
        """The checks that find something they do not find in the good package."""
        return {check for check, found in self.findings(fault).items() if found}

    def is_found(self, fault: MeaningFault) -> bool:
        """Whether any check finds it; those that come after it are not asked."""
        with closing(self._ask(fault)) as answers:
            return any(found for _, found in answers)

    def findings(self, fault: MeaningFault) -> dict[str, set[Finding]]:
        """What each check finds of an error."""
        return dict(self._ask(fault))

    def _ask(self, fault: MeaningFault) -> Generator[tuple[str, set[Finding]]]:
        tables = fault.change()
        with self._put(tables) as package:
            yield "validate", set(self._validate(package, [*tables]))
            if self.sources and fault.source_id in self.held:
                changed = {n: read_frame(package.resources[n]) for n in tables}
                frames = self._near(fault.source_id, {**self.frames, **changed})
                for name, check in (
                    ("verify", verification.verify),
                    ("audit", numeral_audit.audit),
                ):
                    report = self._compare(check, package, frames, fault)
                    yield name, report - self._known(name, check, fault)

    def _known(self, name: str, check: object, fault: MeaningFault) -> set[Finding]:
        key = name, fault.source_id
        if key not in self.known:
            frames = self._near(fault.source_id, self.frames)
            self.known[key] = self._compare(check, self.package, frames, fault)
        return self.known[key]

    def _near(
        self, source_id: str, frames: Mapping[str, pd.DataFrame]
    ) -> Mapping[str, pd.DataFrame]:
        """Of tables that no other refers to, the rows of one document; the others as they are."""
        return {
            name: frame[frame["source_id"] == source_id]
            if "quote" in frame and "source_id" in frame and name not in self.targets
            else frame
            for name, frame in frames.items()
        }

    def _validate(self, package: Package, changed: list[str]) -> list[Finding]:
        tables: dict[str, TextTable] = {n: t for n, t in self.tables.items() if t is not None}
        findings = []
        for name in changed:
            table, found = check_table(package.resources[name])
            findings += found
            if table is not None:
                tables[name] = table
        return findings + check_links(package, tables, findings)

    def _compare(
        self,
        check: object,
        package: Package,
        frames: Mapping[str, pd.DataFrame],
        fault: MeaningFault,
    ) -> set[Finding]:
        module = check.__module__
        with (
            patch(f"{module}.read_package", lambda path: (package, frames)),
            patch(f"{module}.read_documents", _cached_documents),
        ):
            return set(check(self.sources, package.path, only=fault.source_id))  # type: ignore[operator]

    @contextmanager
    def _put(self, tables: Mapping[str, list[dict[str, str]]]) -> Iterator[Package]:
        resources, good = dict(self.package.resources), {}
        for name, rows in tables.items():
            resource = resources[name]
            good[resource.path] = resource.path.read_bytes()
            key = resource.primary_key
            rows = sorted(rows, key=lambda row, key=key: [row[part] for part in key])
            content = write_rows(resource.field_names, rows)
            resource.path.write_bytes(content)
            digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
            resources[name] = replace(resource, bytes=len(content), hash=digest)
        try:
            yield replace(self.package, resources=resources)
        finally:
            for path, content in good.items():
                path.write_bytes(content)


_DOCUMENTS: dict[tuple[Path, str], Document | Finding] = {}


def _cached_documents(
    folder: Path, sources: list[pd.Series], frames: Mapping[str, pd.DataFrame], encoding: str
) -> Iterator[tuple[pd.Series, Document | Finding]]:
    for source in sources:
        key = folder, str(source["source_id"])
        if key not in _DOCUMENTS:
            ((_, _DOCUMENTS[key]),) = copies.read_documents(folder, [source], frames, encoding)
        yield source, _DOCUMENTS[key]


def count(
    folder: Path, sources: Path | None, number: int, workers: int
) -> Counter[tuple[str, str]]:
    """Who found how many of each kind; the share of one process of several."""
    trials, data = MeaningTrials(folder, sources), read_data(folder)
    counts: Counter[tuple[str, str]] = Counter()
    for fault in meaning_faults(data)[number::workers]:
        found = trials.found_by(fault)
        counts[fault.kind, "tried"] += 1
        counts.update((fault.kind, check) for check in found)
        counts[fault.kind, "any"] += bool(found)
    return counts


def section(counts: Counter[tuple[str, str]]) -> list[str]:
    """The lines of the page."""
    kinds = sorted({kind for kind, _ in counts})
    total = {who: sum(counts[kind, who] for kind in kinds) for who in ("tried", *CHECKS, "any")}

    def share(who: str) -> str:
        return f"{100 * total[who] / total['tried']:.0f}%"

    rows = {**{kind: {who: counts[kind, who] for who in total} for kind in kinds}, "**all**": total}
    return [
        "## Errors of meaning",
        "",
        "Records that are well formed and say what the document does not say: another code, "
        "period, passage or number, a fact coded twice, a record left out. Each is made from a "
        "record with codes and words that the package has elsewhere, if possible for the same "
        "document (`tests/meaning_faults.py`). An error counts as found if a check reports "
        "anything new; its rows are in order, and sizes and hashes follow it. `verify` and `audit` "
        "have the documents. *Reading only* is what no check finds.",
        "",
        f"Found: {total['any']:,} of {total['tried']:,} ({share('any')}), by `validate` alone "
        f"{total['validate']:,} ({share('validate')}). This section was written by "
        "`python tests/meaning_trials.py --sources FOLDER --write docs/faults.md`.",
        "",
        "| kind | tried | validate | verify | audit | any | reading only |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {kind} | {' | '.join(f'{n:,}' for n in row.values())} "
            f"| {row['tried'] - row['any']:,} |"
            for kind, row in rows.items()
        ),
    ]


def replaced(page: str, lines: list[str]) -> str:
    """A page with this section as its last."""
    before = page.partition("\n## Errors of meaning\n")[0].rstrip()
    return before + "\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="the page to write to; else it is printed")
    parser.add_argument("--sources", type=Path, required=True, help="folder with the documents")
    options = parser.parse_args()
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(workers) as pool:
        folders = [Path(name, str(number)) for number in range(workers)]
        for folder in folders:
            shutil.copytree(package_path(), folder)
        shares = [
            pool.submit(count, folder, options.sources, number, workers)
            for number, folder in enumerate(folders)
        ]
        counts = sum((share.result() for share in shares), Counter())
    lines = section(counts)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        options.write.write_text(replaced(page, lines), encoding="utf-8")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
