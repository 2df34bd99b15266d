"""The appendix on agreement: ``python docs/reliability/page.py --write docs/agreement.md``.

It fills the tables into ``template.md``. Without ``--write`` it prints the page.
"""

from __future__ import annotations

import sys
from pathlib import Path
from string import Template

import agreement
import official

HERE = Path(__file__).parent


def readings() -> str:
    """The table of what readers found."""
    rows = agreement.rows("readings.csv")
    lines = [f"| {' | '.join(rows[0])} |", "|---" * len(rows[0]) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(map(shown, row.values()))} |" for row in rows)])


def shown(cell: str) -> str:
    """A cell of the table."""
    return f"{int(cell):,}" if cell.isdigit() else cell or "not counted"


def page() -> str:
    """The appendix."""
    tables = {"official": official.table(), "readings": readings()}
    tables |= {"figures": agreement.figures(""), "statements": agreement.statements()}
    for group in agreement.GROUPS:
        tables[f"figures_{group}"] = agreement.figures(group)
        tables[f"statements_{group}"] = agreement.statements_by_document(group)
    return Template((HERE / "template.md").read_text(encoding="utf-8")).substitute(tables)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        Path(sys.argv[2]).write_text(page(), encoding="utf-8")
    else:
        print(page())
