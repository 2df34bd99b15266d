"""What a check found, in words and as data."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


_MOST_SHOWN = 600
"""Characters of a finding that are spelled out."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        table: The table, or ``datapackage.json``.
        row: The key of the row, or its line where it has no key; empty if
            the finding is about the table as a whole.
        column: The column, or several joined by a comma; may be empty.
        rule: The rule that was broken.
        message: What is wrong and what would be right.
    """

    table: str
    row: str
    column: str
    rule: str
    message: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, one by one."""
        return tuple(filter(None, self.column.split(", ")))

    def __str__(self) -> str:
        row = self.row if self.row.isprintable() else repr(self.row)
        place = ", ".join(part for part in (self.table, row, self.column) if part)
        return f"{_cut(place)}: {_cut(self.message)} [{self.rule}]"


def _cut(text: str) -> str:
    """A text without its middle if it is very long, as a cell of thousands of characters is."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN // 2]} … {text[-100:]}"


@dataclass(frozen=True)
class Report:
    """The outcome of a check; true if nothing was found.

    Examples:
        >>> bool(Report((), "2 tables"))
        True
    """

    findings: tuple[Finding, ...]
    checked: str
    notes: tuple[str, ...] = ()
    """What was looked at, in lines, whether or not anything is wrong."""

    def __bool__(self) -> bool:
        return not self.findings

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def to_frame(self) -> pd.DataFrame:
        """The findings as text columns: table, row, column, rule, message."""
        import pandas as pd

        columns = list(Finding.__dataclass_fields__)
        return pd.DataFrame([asdict(finding) for finding in self.findings], columns=columns)

    def to_json(self) -> str:
        """The report as JSON: checked, valid, notes and all findings in full."""
        report = {
            "checked": self.checked,
            "valid": not self.findings,
            "notes": self.notes,
            "findings": [asdict(finding) for finding in self.findings],
        }
        return json.dumps(report, ensure_ascii=False, indent=2)

    def lines(self, most: int | None = 10) -> Iterator[str]:
        """The report in lines; of each kind of finding at most `most` are spelled out, or all."""
        yield from self.notes
        kinds: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
        for finding in self.findings:
            kinds[finding.table, finding.column, finding.rule].append(finding)
        for (table, column, rule), group in kinds.items():
            yield from map(str, group[:most])
            if most is not None and len(group) > most:
                place = ", ".join(part for part in (table, column) if part)
                yield f"{place}: {len(group) - most} more of the same kind [{rule}]"
        if self.findings:
            number = len(self.findings)
            yield f"{self.checked}: {number} finding{'s' if number > 1 else ''}"
        else:
            yield f"{self.checked}: nothing wrong"


def unique_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without doubles, in the order in which they came."""
    return tuple(dict.fromkeys(findings))
