"""Check the rows of one table: cells, keys, and the rules that need no other table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ..report import Finding
from .cells import cell_tests, check_cells
from .columns import TextTable
from .keys import check_unique
from .rules import Rule, check_table_rules

NO_ROWS = "has no rows; a table without rows is left out of the package"
_UNUSABLE = ("whitespace", "formula", "type", "enum")
"""Rules of which a text that breaks them has no meaning, so that no other rule looks at it."""


def check_rows(table: TextTable, skipped: Collection[Rule] = ()) -> list[Finding]:
    """Check the cells, the keys and the rules of one table, but those to be skipped."""
    findings = [finding for _, finding in check_text_of(table)]
    findings += check_unique(table)
    findings += independent(check_table_rules(table, skipped), findings)
    return findings


def check_text_of(table: TextTable) -> Iterator[tuple[tuple[int, int], Finding]]:
    """Check all cells, and blank those that have no meaning; rows keep their names until then.

    Yields:
        The place of the column and of the test, and what was found.
    """
    unusable: list[tuple[str, list[int]]] = []
    for place, field in enumerate(table.resource.fields):
        column = table.columns[field.name]
        if field.required:
            message = f"must not be empty; an example is {field.example}"
            empty = column.rows_with([-1])
            for finding in table.findings(empty, field.name, "required", message):
                yield (place, -1), finding
        for codes, rule, message in check_cells(column, field):
            rows = column.rows_with(codes)
            test = [test[:2] for test in cell_tests(field)].index((rule, message))
            told = (f"{text!r} {message}" for text in column.distinct[column.codes[rows]])
            for finding in table.findings(rows, field.name, rule, told):
                yield (place, test), finding
            if rule in _UNUSABLE:
                unusable.append((field.name, codes))
    for name, codes in unusable:
        table.columns[name].blank(codes)


def independent(
    found: Iterable[tuple[Finding, tuple[str, ...]]], known: list[Finding]
) -> list[Finding]:
    """Findings of rules, without those about cells of which something is known to be wrong.

    They follow from that, and would hide it among them. A row out of order has right cells.
    """
    wrong = {
        (finding.table, finding.row, name)
        for finding in known
        if finding.rule != "order"
        for name in finding.columns
    }
    return [
        finding
        for finding, columns in found
        if not any((finding.table, finding.row, column) in wrong for column in columns)
    ]
