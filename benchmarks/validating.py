"""What `cambodia-tip validate` costs against `frictionless validate`, and how it grows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from measure import TESTS, Result, Run, Section, medians, output, python

SHARE_OF_FRICTIONLESS, FLAT, MEMORY = 0.08, 4 / 3, 6
COMPARED_AT, FLAT_FROM, ON_DISK_FROM = 100_000, 10_000, 100_000
ROUNDS = 3
"""Of each command; one for packages that are larger than those compared, which take long."""


@dataclass(frozen=True)
class Sized:
    """Synthetic data of one size, and what checking them took."""

    asked: int
    rows: int
    bytes: int
    tables: int
    ours: Run
    on_disk: Run | None
    frictionless: Run | None


def validating(sizes: Sequence[int], tables: Sequence[str], frictionless_up_to: int) -> Section:
    """Synthetic packages of some sizes; no `tables` means all."""
    can_compare = find_spec("frictionless") is not None
    smallest = _measure(1, tables, can_compare)
    measured = [
        _measure(size, tables, can_compare and size <= frictionless_up_to) for size in sorted(sizes)
    ]
    which = f"{', '.join(tables)} and what they refer to" if tables else "all"
    text = (
        "Packages made by `tests/synthetic.py` with about as many rows in each table as is said; "
        f"{smallest.tables} tables: {which}. The validators find nothing wrong in any. CPU time of "
        f"whole processes, medians of {ROUNDS} runs, of one run above {COMPARED_AT:,} rows. Time "
        f"per row is without that of the same process on the smallest package, of {smallest.rows} "
        "rows. Memory is the peak of the process, less that of one that imports pandas and does "
        f"nothing, divided by the size of all CSV files; below {FLAT_FROM:,} rows it is the code "
        "of the libraries that counts. Unlike the other, `cambodia-tip validate` also reads "
        "numbers, qualifiers and years in quotes."
    )
    results = [
        *_compared(measured),
        *_growth(smallest, measured),
        *_memory(measured),
        *_on_disk(measured),
    ]
    return Section("Validate", text, results)


def _compared(measured: Sequence[Sized]) -> list[Result]:
    """Time against that of frictionless."""
    return [
        Result(
            f"{sized.asked:,} rows a table: time against `frictionless validate`",
            sized.ours.seconds / sized.frictionless.seconds,
            SHARE_OF_FRICTIONLESS if sized.asked == COMPARED_AT else None,
            f"{sized.ours.seconds:.1f} s, {sized.frictionless.seconds:.1f} s",
        )
        for sized in measured
        if sized.frictionless
    ]


def _growth(smallest: Sized, measured: Sequence[Sized]) -> list[Result]:
    """Time per row of the larger packages, against the first that is large enough to tell."""
    large = [sized for sized in measured if sized.asked >= FLAT_FROM]
    per_row = [
        (sized.ours.seconds - smallest.ours.seconds) / (sized.rows - smallest.rows)
        for sized in large
    ]
    return [
        Result(
            f"{sized.asked:,} rows a table: time per row against {large[0].asked:,}",
            own / per_row[0],
            FLAT,
            f"{own * 1e6:.1f} µs, {per_row[0] * 1e6:.1f} µs; {sized.rows:,} rows in all",
        )
        for sized, own in list(zip(large, per_row, strict=True))[1:]
    ]


def _memory(measured: Sequence[Sized]) -> list[Result]:
    """Peak memory beyond that of any process with pandas, against the size of the files."""
    pandas = medians({"pandas": python("-c", "import pandas")}, ROUNDS)["pandas"].peak
    return [
        Result(
            f"{sized.asked:,} rows a table: peak memory without that of pandas against CSV files",
            (sized.ours.peak - pandas) / sized.bytes,
            MEMORY if sized.asked >= FLAT_FROM else None,
            f"{sized.ours.peak / 1e6:.0f} MB; CSV files {sized.bytes / 1e6:.0f} MB, "
            f"pandas {pandas / 1e6:.0f} MB",
        )
        for sized in measured
    ]


def _on_disk(measured: Sequence[Sized]) -> list[Result]:
    """Time and memory with the tables in DuckDB against those with the tables in memory."""
    results = []
    for sized in measured:
        if sized.on_disk:
            ours, on_disk, what = sized.ours, sized.on_disk, f"{sized.asked:,} rows a table"
            results += [
                Result(
                    f"{what}: time of `--engine duckdb` against the default",
                    on_disk.seconds / ours.seconds,
                    detail=f"{on_disk.seconds:.1f} s, {ours.seconds:.1f} s",
                ),
                Result(
                    f"{what}: peak memory of `--engine duckdb` against the default",
                    on_disk.peak / ours.peak,
                    detail=f"{on_disk.peak / 1e6:.0f} MB, {ours.peak / 1e6:.0f} MB",
                ),
            ]
    return results


def _measure(size: int, tables: Sequence[str], compare: bool) -> Sized:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        rows = json.loads(output(python(TESTS / "synthetic.py", path, str(size), *tables)))
        commands = {"ours": _ours(path)}
        if size >= ON_DISK_FROM:
            commands["on_disk"] = [*_ours(path), "--engine", "duckdb"]
        if compare:
            commands["frictionless"] = _frictionless(path)
        # large files need no warm-up, they were just written, and a turn more takes long
        rounds = ROUNDS if size <= COMPARED_AT else 1
        times = medians(commands, rounds, warm_up=size < FLAT_FROM)
        files = sum(file.stat().st_size for file in path.rglob("*.csv"))
        others = times.get("on_disk"), times.get("frictionless")
        return Sized(size, sum(rows.values()), files, len(rows), times["ours"], *others)


def _ours(folder: Path) -> list[str]:
    return python("-m", "cambodia_tip", "validate", folder)


def _frictionless(folder: Path) -> list[str]:
    return python("-m", "frictionless", "validate", folder / "datapackage.json")
