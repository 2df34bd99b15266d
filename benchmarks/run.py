"""Measure what the library costs, as ratios, and write them on a page.

``python benchmarks/run.py`` runs all benchmarks; names of some run only these.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from calling import calling, exporting, starting
from cambodia_tip.package.opening import open_package
from checking import checking
from importing import importing
from loading import loading
from measure import Result, Section
from reading import reading
from validating import validating

FIGURES = "enforcement_stats,repatriations,training_counts"
SIZES = "1000,10000,100000"
CHECKED = "100000,1000000"
DOCUMENTS = "100,200,500"
NAMES = ("import", "start", "load", "functions", "exports", "validate", "check", "documents")
INTRODUCTION = """---
orphan: true
---

# Benchmarks

Written by `python benchmarks/run.py --million --write docs/benchmarks.md`, which anyone can run.
`benchmarks/requirements.txt` names the packages to compare with. Each number is a ratio of CPU
times (user and system) or of memory, and its target is the most that it should be. Seconds and
bytes are of this machine, for orientation."""
COMPARED = ("pandas", "pandera", "frictionless")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option(
    "--write",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page to this file.",
)
@click.option(
    "--tables",
    default=FIGURES,
    show_default=True,
    help="Tables to load, and to validate with what they refer to, or 'all'.",
)
@click.option(
    "--sizes",
    default=SIZES,
    show_default=True,
    help="Rows a table in the packages to validate.",
)
@click.option("--million", is_flag=True, help="Validate 1,000,000 rows a table as well.")
@click.option(
    "--frictionless-up-to",
    default=100_000,
    show_default=True,
    help="The most rows a table for frictionless, which is slow.",
)
@click.option(
    "--checked",
    default=CHECKED,
    show_default=True,
    help="Numbers of rows to check in each engine.",
)
@click.option(
    "--documents",
    default=DOCUMENTS,
    show_default=True,
    help="Numbers of documents to verify and audit.",
)
def main(
    names: Sequence[str],
    page: Path | None,
    tables: str,
    sizes: str,
    million: bool,
    frictionless_up_to: int,
    checked: str,
    documents: str,
) -> None:
    """Run the benchmarks of these NAMES, or all."""
    chosen = [] if tables == "all" else tables.split(",")
    rows = _numbers(sizes) + ([1_000_000] if million else [])
    benchmarks: dict[str, Callable[[], Section]] = {
        "import": importing,
        "start": starting,
        "functions": calling,
        "exports": exporting,
        "load": partial(loading, chosen or list(open_package().resources)),
        "validate": partial(validating, rows, chosen, frictionless_up_to),
        "check": partial(checking, _numbers(checked)),
        "documents": partial(reading, _numbers(documents)),
    }
    sections = []
    for name in names or NAMES:
        click.echo(f"{name} ...", err=True)
        sections.append(benchmarks[name]())
        click.echo(_section(sections[-1]))
    if page:
        page.write_text(_page(sections), encoding="utf-8")


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _page(sections: Sequence[Section]) -> str:
    parts = [INTRODUCTION, _machine(), _summary(sections), *map(_section, sections)]
    return "\n\n".join(parts) + "\n"


def _summary(sections: Sequence[Section]) -> str:
    results = [result for section in sections for result in section.results]
    judged = [result for result in results if result.target is not None]
    missed = [result for result in judged if not result.is_met]
    summary = f"{len(judged) - len(missed)} of {len(judged)} targets are met."
    if missed:
        summary += f" {'This is' if len(missed) == 1 else 'These are'} not:\n\n"
        summary += "\n".join(f"- {result.what}: {result.verdict}" for result in missed)
    return summary


def _section(section: Section) -> str:
    head = "| what | ratio | target | | measured |\n|---|---:|---:|---|---|"
    lines = "\n".join(map(_line, section.results))
    return f"## {section.title}\n\n{section.text}\n\n{head}\n{lines}"


def _line(result: Result) -> str:
    target = "" if result.target is None else f"{result.target:.3g}"
    cells = [result.what, f"{result.ratio:.3g}", target, result.verdict, result.detail]
    return f"| {' | '.join(cells)} |"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [f"cambodia-tip {open_package().version}", f"Python {platform.python_version()}"]
    for name in COMPARED:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    cores = os.cpu_count()
    return f"{sys.platform.capitalize()}, {cores} cores, {memory:.0f} GB; {', '.join(versions)}."


if __name__ == "__main__":
    main()
