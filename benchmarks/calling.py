"""What the commands, the functions and the exports cost against the least that would do."""

from __future__ import annotations

import tempfile
from pathlib import Path

from measure import Result, Section, medians, output, python

ROUNDS = 11
CALLS = 21
COMMAND = "from cambodia_tip.command.cli import run; run([{!r}])"
CLICK = """
import click
@click.group()
@click.version_option("0")
def cli(): "Nothing."
cli(["{}"])
"""
STARTS = {
    "`cambodia-tip --version`": (COMMAND.format("--version"), CLICK.format("--version"), 2),
    "`cambodia-tip --help`": (COMMAND.format("--help"), CLICK.format("--help"), 2),
    "`cambodia-tip cite`": (COMMAND.format("cite"), "import pandas", 0.1),
    "`tip.cite()`": ("import cambodia_tip as tip; tip.cite()", "import pandas", 0.1),
}

PREPARED = """
from statistics import median
from time import process_time
import pandas as pd
import cambodia_tip as tip
from cambodia_tip.package.opening import open_package
figures = [r.name for r in open_package().resources.values() if r.has_figures]
frames = [tip.load(name, warn=False) for name in figures]
ids = [row for frame in frames for row in frame["id"]]
documents = tip.load("sources").merge(tip.load("passages"), on="source_id")
names = [name for name in open_package().resources if name != "ids"]
texts = [t.lower() for n in names for c in tip.load(n, warn=False).select_dtypes("str").values
         for t in map(str, c)]
def timed(call):
    start = process_time()
    call()
    return process_time() - start
def seconds(call):
    call()
    return median(timed(call) for _ in range({calls}))
print(seconds(lambda: {ours}), seconds(lambda: {theirs}))
"""
MERGE = "pd.concat(frames)[['id', 'quote', 'source_id', 'passage']].merge(documents, how='left')"
CALLED = {
    "`search` of two words: a scan of all texts for them": (
        "tip.search('victims vietnam')",
        "[t for t in texts if 'victim' in t and 'vietnam' in t]",
        1,
    ),
    "`evidence` of all figures: `merge` of their tables": ("tip.evidence(ids)", MERGE, 1),
    "`cite` of all figures: `merge` of their tables": ("tip.cite(ids)", MERGE, 10),
    "`observations`: `concat` of their tables": (
        "tip.observations(warn=False)",
        "pd.concat(frames)",
        1,
    ),
}

EXPORT = "import cambodia_tip as tip; tip.export({format!r}, {target!r}, force=True)"
TABLES = """
import cambodia_tip as tip
from cambodia_tip.package.opening import open_package
frames = {{name: tip.load(name, warn=False) for name in open_package().resources}}
target = {target!r}
"""
COPY = "import shutil, cambodia_tip as tip; shutil.copytree(tip.package_path(), {target!r})"
EXPORTS = {
    "csv": (
        "import shutil, cambodia_tip as tip; "
        "shutil.make_archive({target!r}, 'zip', tip.package_path())",
        2,
    ),
    "jsonld": (COPY, 10),
    "ro-crate": (COPY, 10),
    "parquet": (
        TABLES + "import os; os.mkdir(target)\n"
        "for name, frame in frames.items(): frame.to_parquet(f'{{target}}/{{name}}.parquet')",
        1,
    ),
    "xlsx": (
        TABLES + "import pandas as pd\n"
        "with pd.ExcelWriter(target, engine='xlsxwriter') as book:\n"
        "    for name, frame in frames.items(): frame.to_excel(book, sheet_name=name, index=False)",
        1.5,
    ),
    "sqlite": (
        TABLES + "import sqlite3\n"
        "with sqlite3.connect(target) as base:\n"
        "    for name, frame in frames.items(): frame.to_sql(name, base, index=False)",
        1.5,
    ),
    "duckdb": (
        TABLES + "import duckdb\n"
        "with duckdb.connect(target) as base:\n"
        "    for name, frame in frames.items():\n"
        "        base.execute(f'CREATE TABLE {{name}} AS SELECT * FROM frame')",
        1.5,
    ),
}
SUFFIXES = {"csv": ".zip", "xlsx": ".xlsx", "sqlite": ".sqlite", "duckdb": ".duckdb"}


def starting() -> Section:
    """Commands that need no table, and a citation of the data."""
    results = [
        _ratio(what, *_processes(ours, theirs, ROUNDS), target)
        for what, (ours, theirs, target) in STARTS.items()
    ]
    text = (
        f"CPU time of whole processes, medians of {ROUNDS} runs: the command against a program of "
        "click that does nothing, a citation of the data against `import pandas`, of which the "
        "import of click alone takes a tenth."
    )
    return Section("Start", text, results)


def calling() -> Section:
    """Functions called again in a process that has the tables."""
    results = []
    for what, (ours, theirs, target) in CALLED.items():
        code = PREPARED.format(calls=CALLS, ours=ours, theirs=theirs)
        own, other = map(float, output(python("-W", "ignore", "-c", code)).split())
        results.append(_ratio(what, own, other, target))
    text = (
        "Calls in a process that has made one before, with the tables in memory, against the least "
        f"that pandas or Python could do for them. CPU time, medians of {CALLS} calls."
    )
    return Section("Functions", text, results)


def exporting(rounds: int = 3) -> Section:
    """Each export against the same tables written by the library alone."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, (direct, target) in EXPORTS.items():
            ours = str(Path(folder, f"ours-{kind}{SUFFIXES.get(kind, '')}"))
            theirs = f"{folder}/theirs-{kind}"
            export = EXPORT.format(format=kind, target=ours)
            fresh = f"import shutil, pathlib; shutil.rmtree({theirs!r}, ignore_errors=True)\n"
            fresh += f"for file in pathlib.Path({folder!r}).glob('theirs*.*'): file.unlink()\n"
            file = theirs + SUFFIXES.get(kind, "") if kind != "csv" else theirs
            used = _processes(export, fresh + direct.format(target=file), rounds)
            results.append(_ratio(f"`export` to {kind}", *used, target))
    text = (
        "Whole processes, against one that writes the same tables by the library alone: pandas "
        "(parquet, xlsx, sqlite), DuckDB, or a copy of the folder. The exports also "
        "write keys, checks, descriptions and a table of all figures, and make sure that the files "
        f"are those of the descriptor. CPU time, medians of {rounds} runs."
    )
    return Section("Exports", text, results)


def _processes(ours: str, theirs: str, rounds: int) -> tuple[float, float]:
    commands = {n: python("-W", "ignore", "-c", c) for n, c in (("ours", ours), ("theirs", theirs))}
    used = medians(commands, rounds)
    return used["ours"].seconds, used["theirs"].seconds


def _ratio(what: str, own: float, other: float, target: float) -> Result:
    return Result(what, own / other, target, f"{own * 1000:.1f} ms, {other * 1000:.1f} ms")
