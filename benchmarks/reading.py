"""How `verify` and `audit` grow with the number of documents."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from made_up import FIGURES, PARAGRAPHS
from measure import Result, Section, medians, python, run

MADE_UP = Path(__file__).with_name("made_up.py")
FLAT = 4 / 3
ROUNDS = 3
COMMANDS = ("verify", "audit")


def reading(numbers: Sequence[int]) -> Section:
    """Whole processes on made-up documents, each number of them against the least."""
    least = _measure(1)
    first, *more = sorted(numbers)
    used = {number: _measure(number) for number in [first, *more]}
    results = []
    for command in COMMANDS:
        per_document = {
            number: (used[number][command] - least[command]) / (number - 1) for number in used
        }
        results += [
            Result(
                f"`{command}` of {number} documents: time per document against {first}",
                per_document[number] / per_document[first],
                FLAT,
                f"{per_document[number] * 1000:.1f} ms, {per_document[first] * 1000:.1f} ms",
            )
            for number in more
        ]
    text = (
        f"Made-up documents of {PARAGRAPHS} paragraphs, each with {len(FIGURES)} rows that quote "
        f"it; nothing is wrong in any. CPU time of whole processes, medians of {ROUNDS} runs, less "
        "that of the same process on one document."
    )
    return Section("Verify and audit", text, results)


def _measure(number: int) -> dict[str, float]:
    """CPU seconds of each command on so many documents."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        run(python(MADE_UP, path, str(number)))
        sources = ("--sources", path / "documents")
        commands = {
            name: python("-m", "cambodia_tip", name, path / "datapackage", *sources)
            for name in COMMANDS
        }
        return {name: used.seconds for name, used in medians(commands, ROUNDS).items()}
