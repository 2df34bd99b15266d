"""What `check` costs in the engine that holds a table, against the same rows in pandas.

Run as a program: ``python checking.py ENGINE FOLDER TABLE STEP`` holds the rows of a table of the
package in a folder, and checks them if the step is ``check``.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from measure import TESTS, Result, Run, Section, medians, output, python

TABLE = "enforcement_stats"
ENGINES = ("pandas", "duckdb", "pyspark")


def checking(sizes: Sequence[int]) -> Section:
    """Rows of one table, of some sizes, in each engine that is installed."""
    engines = [name for name in ENGINES if find_spec(name) and _has_java(name)]
    text = (
        f"`check` of `{TABLE}` with rows made by `tests/synthetic.py`, as text, all right. "
        "Time is that of a process which holds the rows and checks them, less that of one which "
        "holds them. What Java used counts. Memory is the peak of the process of Python, with the "
        "tables to which rows link, which are as long."
    )
    return Section(
        "Check in an engine", text, [r for size in sizes for r in _compared(size, engines)]
    )


def _has_java(engine: str) -> bool:
    return engine != "pyspark" or shutil.which("java") is not None


def _compared(size: int, engines: Sequence[str]) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        written = json.loads(output(python(TESTS / "synthetic.py", folder, str(size), TABLE)))
        runs = {engine: _runs(engine, folder) for engine in engines}
    results = []
    for engine in engines[1:]:
        (held, checked), (frame, expected) = runs[engine], runs["pandas"]
        own, other = checked.seconds - held.seconds, expected.seconds - frame.seconds
        what = f"{size:,} rows in {engine}"
        detail = f"{own:.1f} s, {other:.1f} s; {written[TABLE]:,} rows"
        results.append(Result(f"{what}: time against pandas", own / other, None, detail))
        detail = f"{checked.peak / 1e6:.0f} MB, {expected.peak / 1e6:.0f} MB"
        memory = checked.peak / expected.peak
        results.append(Result(f"{what}: peak memory against pandas", memory, None, detail))
    return results


def _runs(engine: str, folder: str) -> tuple[Run, Run]:
    commands = {step: python(__file__, engine, folder, TABLE, step) for step in ("hold", "check")}
    runs = medians(commands, 1, warm_up=False)
    return runs["hold"], runs["check"]


def _in_pandas(path: Path) -> tuple[Any, Callable[[], object]]:
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]), lambda: None


def _in_duckdb(path: Path) -> tuple[Any, Callable[[], object]]:
    import ibis

    file = path.with_suffix(".duckdb")
    is_new = not file.exists()
    base = ibis.duckdb.connect(file)
    if is_new:
        base.create_table("rows", base.read_csv(path, all_varchar=True))
    return base.table("rows"), base.disconnect


def _in_pyspark(path: Path) -> tuple[Any, Callable[[], object]]:
    import os

    import ibis
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = session.config("spark.driver.memory", "4g").getOrCreate()
    rows = session.read.csv(str(path), header=True, escape='"')
    rows.createOrReplaceTempView("rows")

    def end() -> None:
        gateway = session.sparkContext._gateway
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()  # or what Java used would not count

    return ibis.pyspark.connect(session).table("rows"), end


if __name__ == "__main__":
    import cambodia_tip as tip

    engine, folder, table, step = sys.argv[1:]
    hold = {"pandas": _in_pandas, "duckdb": _in_duckdb, "pyspark": _in_pyspark}[engine]
    package = tip.open_package(folder)
    rows, end = hold(package.resource(table).path)
    if step == "check":
        report = package.check(rows, table)
        assert report.valid, str(report)
    end()
