"""Compare the records of the Department of Labor chapters with the Department's own data.

The Department publishes, beside each chapter, a file with the answers of its tables.
`official.csv` has those of the two enforcement tables that are numbers, or would be, and two ages
of the table of laws, edition by edition. To read them again from a folder with
``dol-data-<year>.xml``:

    python docs/reliability/official.py FOLDER

Without a folder it prints the tables of the page.
"""

from __future__ import annotations

import csv
import sys
import warnings
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

import cambodia_tip as tip

HERE = Path(__file__).parent
INDICATORS = {
    "Labor_Funding": "labor_inspectorate_funding",
    "Labor_Inspectors": "labor_inspectors",
    "Labor_Inspections": "labor_inspections",
    "Labor_Worksite_Inspections": "labor_inspections_at_worksite",
    "Labor_Violations": "child_labor_violations_found",
    "Labor_Penalties_Imposed": "child_labor_violations_penalized",
    "Labor_Penalties_Collected": "child_labor_penalties_collected",
    "Criminal_Investigations": "wfcl_investigations",
    "Criminal_Violations": "wfcl_violations_found",
    "Criminal_Prosecutions": "wfcl_prosecutions_initiated",
    "Criminal_Convictions": "wfcl_convictions",
}
"""Items of the part on enforcement, each with the indicator that counts the same."""

AGES = {"Minimum_Work": "T4.1", "Minimum_Hazardous_Work": "T4.2"}
"""Items of the part on laws that are ages, each with its row in every edition."""

PATHS = {item: f"Enforcements/{item}" for item in INDICATORS} | {
    item: f"Legal_Standards/{item}/Age" for item in AGES
}

SILENT = {"Unknown": "not_reported", "N/A": "not_available"}
"""The status that stands for an answer without a number."""

LAST_EDITION = "2021"


def read(folder: Path) -> list[dict[str, str]]:
    """The answers in a folder of the Department's files, one row per edition and item."""
    return [
        {"edition": edition, "item": item, "value": _value(answer)}
        for file in sorted(folder.glob("dol-data-*.xml"))
        if (edition := file.stem[-4:]) <= LAST_EDITION
        for item, path in PATHS.items()
        if (answer := ElementTree.parse(file).findtext(path))
    ]


def _value(answer: str) -> str:
    return answer.strip().removeprefix("$").replace(",", "")


def compared() -> pd.DataFrame:
    """The Department's answers beside the records of the same edition and year.

    Returns:
        Columns edition, item, value (theirs), record (the id, missing if there is none) and
        ours: the value, or the status if it has none. One row for each answer.
    """
    with (HERE / "official.csv").open(encoding="utf-8", newline="") as file:
        theirs = pd.DataFrame(csv.DictReader(file))
    records = pd.concat([_cells(), _ages()])
    return theirs.merge(records, "left", ["edition", "item"], validate="one_to_one")


def _cells() -> pd.DataFrame:
    """The records of the enforcement tables, of the year of the edition alone."""
    figures = tip.observations()
    edition = figures["source_id"].str[-4:]
    own_year = figures["passage"].str.fullmatch(r"T\d+\.\d+\.\d{4}") & (
        figures["passage"].str[-4:] == edition
    )
    item = figures["indicator"].map({indicator: item for item, indicator in INDICATORS.items()})
    value = figures["obs_value"].map("{:.0f}".format, na_action="ignore")
    return pd.DataFrame(
        {
            "edition": edition,
            "item": item,
            "record": figures["id"],
            "ours": value.fillna(figures["obs_status"]),
        }
    )[own_year & item.notna()]


def _ages() -> pd.DataFrame:
    """The ages in the rows of the table of laws."""
    with warnings.catch_warnings(action="ignore", category=tip.CaveatWarning):
        provisions = tip.load("provisions")  # nothing is added up here
    provisions = provisions[provisions["source_id"].str.startswith("wfcl-")]
    item = provisions["passage"].map({passage: item for item, passage in AGES.items()})
    return pd.DataFrame(
        {
            "edition": provisions["source_id"].str[-4:],
            "item": item,
            "record": provisions["id"],
            "ours": provisions["value"].map("{:.0f}".format, na_action="ignore"),
        }
    )[item.notna() & provisions["value"].notna()]


NONE_DIFFERS = """\
No number differs. Answers of *Yes* and *No* are not compared, since they are not records: in the
file of 2017, three of them on inspections differ from the chapter, which prints *Yes*. The file of
2022 has no chapter here."""


def outcome(value: str, ours: str | None) -> str:
    """How the Department's answer and the record stand to each other.

    Examples:
        >>> outcome("1309", "1309"), outcome("Unknown", "0"), outcome("N/A", None)
        ('equal', 'different', 'no record')
    """
    if ours is None:
        return "no record"
    return "equal" if SILENT.get(value, value) == ours else "different"


def table() -> str:
    """The tables of the page: counts by edition, and each difference."""
    frame = compared().astype(object)
    frame = frame.where(frame.notna(), None)
    frame["outcome"] = list(map(outcome, frame["value"], frame["ours"]))
    counts = pd.crosstab(frame["edition"], frame["outcome"]).reindex(
        columns=["equal", "different", "no record"], fill_value=0
    )
    lines = ["| edition | equal | different | no record |", "|---|---|---|---|"]
    lines += [f"| {row[0]} | {' | '.join(map(str, row[1:]))} |" for row in counts.itertuples()]
    lines.append(f"| all | {' | '.join(map(str, counts.sum()))} |")
    differing = frame[frame["outcome"] != "equal"]
    if differing.empty:
        return "\n".join([*lines, "", NONE_DIFFERS])
    lines += ["", "| edition | item | the Department's file | the chapter, as coded |"]
    lines.append("|---|---|---|---|")
    for row in differing.itertuples():
        lines.append(f"| {row.edition} | {row.item} | {row.value} | {row.ours or 'no record'} |")
    return "\n".join(lines)


def main() -> None:
    if len(sys.argv) > 1:
        with (HERE / "official.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["edition", "item", "value"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(read(Path(sys.argv[1])))
    print(table())


if __name__ == "__main__":
    main()
