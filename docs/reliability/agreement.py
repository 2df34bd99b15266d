"""Agreement of two codings, from the tables beside this file; prints the summary.

``page.py`` writes the appendix with all tables.

Needs the package krippendorff, which is in the extra ``dev``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import krippendorff

HERE = Path(__file__).parent
ATTRIBUTES = {
    "value": ("value", "value_max"),
    "unit": ("unit",),
    "qualifier": ("qualifier",),
    "status": ("obs_status",),
    "period": ("period_start", "period_end"),
    "area": ("ref_area",),
    "reporter": ("reported_by",),
    "table": ("table",),
}
GROUPS = ("wfcl", "hrr")
"""The first part of the ids of documents that have tables of their own; the others are together."""
# The second coder of the chapters on child labor read the schemas before they had these codes.
ADDED_CODES = {
    ("assessments", "labour_inspection"),
    ("assessments", "worst_forms_of_child_labour"),
    ("routes", "labour_exploitation"),
    ("routes", "online_scams"),
}
NOT_IN_SENTENCES = ("qualifier", "status", "period", "area")
IN_A_TABLE_OF_YEARS = re.compile(r"T\d+\.\d+\.\d{4}")
"""Passages that are one cell of a table with a column for each of two years."""


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_group(name: str, group: str) -> list[dict[str, str]]:
    """The rows of one of the tables on a group of documents; the empty group has the others."""
    prefixes = ((row["source_id"].partition("-")[0], row) for row in rows(name))
    return [row for prefix, row in prefixes if (prefix if prefix in GROUPS else "") == group]


def found_by(facts: list[dict[str, str]]) -> str:
    """How many facts both found, and how many one alone."""
    number = Counter(fact["found_by"] for fact in facts)
    both, total = number["both"], len(facts)
    return f"{both} | {number['first']} | {number['second']} | {100 * both / total:.1f}"


def agreement(pairs: list[dict[str, str]], columns: tuple[str, ...]) -> tuple[int, int, str]:
    """Pairs, equal pairs and Krippendorff's alpha (nominal) of columns taken together.

    Alpha has no value where both coders gave all pairs the same code.
    """
    first = [tuple(pair[f"first_{column}"] for column in columns) for pair in pairs]
    second = [tuple(pair[f"second_{column}"] for column in columns) for pair in pairs]
    codes = {value: code for code, value in enumerate(sorted({*first, *second}))}
    data = [[codes[value] for value in side] for side in (first, second)]
    alpha = "no value"
    if len(codes) > 1:
        number = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        alpha = f"{number:.3f}"
    equal = sum(a == b for a, b in zip(first, second, strict=True))
    return len(pairs), equal, alpha


def compared(pairs: list[dict[str, str]], attribute: str) -> list[dict[str, str]]:
    """The pairs that both codings have an attribute of."""
    left_out = "sentences" if attribute in NOT_IN_SENTENCES else None
    return [pair for pair in pairs if pair["first_table"] != left_out]


def figures(group: str) -> str:
    """The tables about figures, of a group of documents."""
    facts = of_group("figures.csv", group)
    lines = [
        "| figures | found by both | first alone | second alone | both, per cent |",
        "|---|---|---|---|---|",
    ]
    for source in sorted({fact["source_id"] for fact in facts}):
        lines.append(f"| {source} | {found_by([f for f in facts if f['source_id'] == source])} |")
    lines.append(f"| all | {found_by(facts)} |")
    if group == "wfcl":
        cells = [fact for fact in facts if IN_A_TABLE_OF_YEARS.fullmatch(fact["passage"])]
        others = [fact for fact in facts if fact not in cells]
        lines.append(f"| all, tables of two years | {found_by(cells)} |")
        lines.append(f"| all, elsewhere | {found_by(others)} |")
    pairs = [fact for fact in facts if fact["found_by"] == "both"]
    lines += ["", "| attribute | pairs | equal | per cent | alpha |", "|---|---|---|---|---|"]
    for name, columns in ATTRIBUTES.items():
        number, equal, alpha = agreement(compared(pairs, name), columns)
        lines.append(f"| {name} | {number} | {equal} | {100 * equal / number:.1f} | {alpha} |")
    settled = Counter(
        part.rpartition(": ")[2]
        for fact in facts
        for part in filter(None, fact["settled"].split("; "))
    )
    lines += ["", "| settled for | differences |", "|---|---|"]
    followed = [name for name in ("first", "second", "both") if settled[name]]
    lines += [f"| {name} | {settled[name]} |" for name in followed]
    return "\n".join(lines)


def statement_tables(facts: list[dict[str, str]]) -> list[str]:
    """Who found the statements of each table, and how the pairs agree."""
    lines = [
        "| statements | found by both | first alone | second alone | both, per cent |",
        "|---|---|---|---|---|",
    ]
    for table in sorted({fact["first_table"] or fact["second_table"] for fact in facts}):
        own = [f for f in facts if (f["first_table"] or f["second_table"]) == table]
        lines.append(f"| {table} | {found_by(own)} |")
    lines += [f"| all | {found_by(facts)} |", ""]
    pairs = [fact for fact in facts if fact["found_by"] == "both"]
    lines += ["| attribute | pairs | equal | per cent | alpha |", "|---|---|---|---|---|"]
    number, equal, alpha = agreement(pairs, ("table",))
    lines.append(f"| table | {number} | {equal} | {100 * equal / number:.1f} | {alpha} |")
    same = [
        pair
        for pair in pairs
        if pair["first_table"] == pair["second_table"]
        and pair["second_kind"]
        and (
            pair["source_id"].startswith("hrr-")
            or (pair["first_table"], pair["first_kind"]) not in ADDED_CODES
        )
    ]
    number, equal, alpha = agreement(same, ("table", "kind"))
    share = 100 * equal / number
    lines.append(f"| kind, in the same table | {number} | {equal} | {share:.1f} | {alpha} |")
    return lines


def statements() -> str:
    """The tables about statements without a number, in the first five documents."""
    facts = of_group("statements.csv", "")
    return "\n".join(statement_tables(facts))


def statements_by_document(group: str) -> str:
    """The tables about statements without a number, with one on each document of a group."""
    facts = of_group("statements.csv", group)
    lines = [*statement_tables(facts), ""]
    editions = sorted({fact["source_id"] for fact in facts})
    lines += [
        "| found by both / first alone / second alone | " + " | ".join(editions) + " |",
        "|---" * (len(editions) + 1) + "|",
    ]
    tables = sorted({fact["first_table"] or fact["second_table"] for fact in facts})
    for table in [*tables, "all"]:
        cells = []
        for edition in editions:
            number = Counter(
                fact["found_by"]
                for fact in facts
                if fact["source_id"] == edition
                and table in ("all", fact["first_table"] or fact["second_table"])
            )
            cells.append(f"{number['both']} / {number['first']} / {number['second']}")
        lines.append(f"| {table} | " + " | ".join(cells) + " |")
    alone = Counter(
        "part of another row"
        if fact["row_id"]
        else "in no row: a yes or no of tables 6 and 7"
        if fact["second_quote"].endswith((" | Yes", " | No"))
        else "in no row: other"
        for fact in facts
        if fact["found_by"] == "second"
    )
    lines += ["", "| second alone | statements |", "|---|---|"]
    lines += [f"| {place} | {number} |" for place, number in sorted(alone.items(), reverse=True)]
    return "\n".join(lines)


def summary() -> str:
    """A row for each group of documents: shares found by both coders, and equal attributes."""
    names = {"": "first five", "wfcl": "reports on child labor", "hrr": "human rights reports"}
    head = ["documents", "figures found by both", "same value", "same unit", "same period"]
    lines = [
        f"| {' | '.join([*head, 'same reporter', 'statements found by both'])} |",
        "|---" * 7 + "|",
    ]
    for group, name in names.items():
        facts = of_group("figures.csv", group)
        pairs = [fact for fact in facts if fact["found_by"] == "both"]
        shares = [percent_found(facts)]
        for attribute in ("value", "unit", "period", "reporter"):
            number, equal, _ = agreement(compared(pairs, attribute), ATTRIBUTES[attribute])
            shares.append(f"{100 * equal / number:.0f}%")
        shares.append(percent_found(of_group("statements.csv", group)))
        lines.append(f"| {' | '.join([name, *shares])} |")
    return "\n".join(lines)


def percent_found(facts: list[dict[str, str]]) -> str:
    """The share of facts that both coders found."""
    return f"{100 * sum(fact['found_by'] == 'both' for fact in facts) / len(facts):.0f}%"


if __name__ == "__main__":
    print(summary())
