"""What a check found, in words and as data."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import pandas as pd

_MOST_IN_NOTEBOOK = 10


_MOST_SHOWN = 600
"""Characters of a finding that are spelled out."""


@dataclass(frozen=True)
class Finding:
    """One problem.

    Attributes:
        table: The table, or ``datapackage.json``.
        row: The key of the row, or its line where it has no key; empty if
            the finding is about the table as a whole.
        column: The column, or several separated by a comma; may be empty.
        rule: The rule that was broken.
        message: What is wrong and what would be right.
    """

    __module__ = "cambodia_tip"

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


@dataclass(frozen=True, repr=False)
class Report:
    """The outcome of a check.

    A report has no truth value, because "true" could mean that something was
    found or that nothing was: use `valid`. Its length is the number of findings.

    Attributes:
        findings: The problems, in the order in which they were found.
        subject: What was checked.
        notes: What was looked at, in lines, whether or not anything is wrong.

    Examples:
        >>> report = Report((), "2 tables")
        >>> report.valid, len(report), report
        (True, 0, <Report: 2 tables, nothing wrong>)
    """

    __module__ = "cambodia_tip"

    findings: tuple[Finding, ...]
    subject: str
    notes: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def __bool__(self) -> NoReturn:
        raise TypeError("a report has no truth value; use report.valid")

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        return f"<Report: {self._summary(', ')}>"

    def _repr_html_(self) -> str:
        more = len(self) - _MOST_IN_NOTEBOOK
        table = self.to_frame().head(_MOST_IN_NOTEBOOK).to_html(index=False) if len(self) else ""
        rest = f"<p>{more} more: <code>to_frame()</code> has them all.</p>" if more > 0 else ""
        return f"<p>{escape(self._summary(': '))}</p>{table}{rest}"

    def _summary(self, separator: str) -> str:
        number = len(self.findings)
        outcome = f"{number} finding{'s' if number > 1 else ''}" if number else "nothing wrong"
        return f"{self.subject}{separator}{outcome}"

    def to_frame(self) -> pd.DataFrame:
        """The findings as text columns: table, row, column, rule, message."""
        import pandas as pd

        columns = list(Finding.__dataclass_fields__)
        return pd.DataFrame(
            [asdict(finding) for finding in self.findings], columns=columns, dtype="str"
        )

    def to_json(self) -> str:
        """The report as JSON: subject, valid, notes and all findings in full."""
        report = {
            "subject": self.subject,
            "valid": self.valid,
            "notes": self.notes,
            "findings": [asdict(finding) for finding in self.findings],
        }
        return json.dumps(report, ensure_ascii=False, indent=2)

    def lines(self, most: int | None = 10) -> Iterator[str]:
        """The report in lines.

        Args:
            most: How many findings of each kind are spelled out; None for all.
        """
        yield from self.notes
        kinds: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
        for finding in self.findings:
            kinds[finding.table, finding.column, finding.rule].append(finding)
        for (table, column, rule), group in kinds.items():
            yield from map(str, group[:most])
            if most is not None and len(group) > most:
                place = ", ".join(part for part in (table, column) if part)
                yield f"{place}: {len(group) - most} more of the same kind [{rule}]"
        yield self._summary(": ")


def unique_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without duplicates, in the order in which they came."""
    return tuple(dict.fromkeys(findings))
