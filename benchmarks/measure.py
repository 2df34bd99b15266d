"""CPU time and peak memory of whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TESTS = Path(__file__).resolve().parents[1] / "tests"
"""Where the generator of synthetic packages is."""

BYTES_PER_MAXRSS = 1 if sys.platform == "darwin" else 1024
"""What ``ru_maxrss`` counts in."""


@dataclass(frozen=True)
class Run:
    """What a process used: user and system CPU time of it, and its peak memory in bytes.

    A child starts from the peak of the process that starts it, so that this one must stay small:
    it does not import pandas.
    """

    seconds: float
    peak: int


@dataclass(frozen=True)
class Result:
    """A ratio that was measured, and the most that it should be."""

    what: str
    ratio: float
    target: float | None = None
    detail: str = ""

    @property
    def is_met(self) -> bool:
        return self.target is None or self.ratio <= self.target

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        if self.is_met:
            return "met"
        share = self.ratio / self.target - 1
        return f"missed by {share:.0%}" if share >= 0.01 else "missed by less than 1%"


@dataclass(frozen=True)
class Section:
    """What one benchmark found; `text` says what was done."""

    title: str
    text: str
    results: list[Result]


def python(*arguments: str | os.PathLike[str]) -> list[str]:
    """A command of the Python that runs the benchmarks."""
    return [sys.executable, *map(str, arguments)]


def run(command: Sequence[str]) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: If it fails; the message holds what it printed.
    """
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            tail = printed.read()[-2000:].decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)[:200]} failed:\n{tail}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss * BYTES_PER_MAXRSS)


def output(command: Sequence[str]) -> str:
    """What a command prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def medians(
    commands: Mapping[str, Sequence[str]], rounds: int, *, warm_up: bool = True
) -> dict[str, Run]:
    """The median of several runs of each command.

    The commands take turns, so that all meet the same state of the machine; the first turn is a
    warm-up and does not count.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(-1 if warm_up else 0, rounds):
        for name, command in commands.items():
            found = run(command)
            if number >= 0:
                runs[name].append(found)
    return {
        name: Run(median(r.seconds for r in found), int(median(r.peak for r in found)))
        for name, found in runs.items()
    }
