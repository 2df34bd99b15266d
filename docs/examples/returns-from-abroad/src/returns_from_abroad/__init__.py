"""The table `repatriations` of cambodia-tip, with rows of our own.

In the folder `own` there is a file for each table that gets rows. What the columns of a table
are stands in the installed data package and nowhere here: it checks our rows, and from it comes
the descriptor of what we write. So a new version that asks for something else is noticed.
"""

from __future__ import annotations

import hashlib
import json
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cambodia_tip as tip
import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import DataFrameSchema

OWN = Path(__file__).parent / "own"
TABLE = "repatriations"
NOT_OURS = ("ids", "passages")
"""These hold what is of cambodia-tip alone: its released ids, the paragraphs of its documents."""
PREFIX = "made-up-"
"""Our ids begin with it, so that a later version of cambodia-tip will hardly have the same."""

THEIRS = " of cambodia-tip"
"""Ends the names of rows that are not ours, while they stand beside ours."""


class WrongRowsError(ValueError):
    """Rows of our own that cannot be taken."""


def own_rows(table: str, own: Path = OWN) -> pd.DataFrame:
    """Our rows of a table, which satisfy its schema; the index says where each stands.

    Raises:
        WrongRowsError: If a row does not satisfy it; the text names line and column.
    """
    file = own / f"{table}.csv"
    if not file.is_file():
        return pd.DataFrame()
    text = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    text.index = pd.Index([f"{file.name}, line {number + 2}" for number in range(len(text))])
    return _validated(tip.schema(table, coerce=True), text, file.name)


def merge(table: str, own: Path = OWN) -> pd.DataFrame:
    """A table of cambodia-tip with our rows after its own.

    Raises:
        WrongRowsError: If a row of ours cannot be taken, or has the key of another.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tip.CaveatWarning)  # nothing is summed, caveats are kept
        theirs = tip.load(table)
    ours = own_rows(table, own)
    theirs.index = pd.Index([f"row {number}{THEIRS}" for number in range(len(theirs))])
    both = pd.concat([theirs, ours]) if len(ours) else theirs
    return _validated(tip.schema(table), both, f"{table}.csv").reset_index(drop=True)


def _validated(schema: DataFrameSchema, frame: pd.DataFrame, file: str) -> pd.DataFrame:
    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        faults = []
        for case in errors.failure_cases.to_dict("records"):
            place = file if pd.isna(case["index"]) else str(case["index"])
            if not place.endswith(THEIRS):
                what = f"{case['failure_case']!r} [{case['check']}]"
                faults.append(f"{place}, {case['column']}: {what}")
        raise WrongRowsError("; ".join(dict.fromkeys(faults))) from None


def check(tables: Mapping[str, pd.DataFrame], own: Path = OWN) -> None:
    """What a schema of one table cannot see, for our rows.

    Raises:
        WrongRowsError: If an id lacks our prefix, a quote is not in its document, a
            document is another than the one listed, or parts do not sum to their whole.
    """
    listed = tables["sources"].set_index("source_id")["sha256"]
    texts: dict[str, str] = {}
    for file in sorted((own / "documents").glob("*.txt")):
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() != listed.get(file.stem):
            raise WrongRowsError(f"{file.name} is not the document that sources.csv lists")
        texts[file.stem] = " ".join(content.decode("utf-8").split())
    for name in tables:
        for place, row in own_rows(name, own).to_dict("index").items():
            if not str(row.get("id", PREFIX)).startswith(PREFIX):
                raise WrongRowsError(f"{place}: the id must begin with {PREFIX!r}")
            quote = row.get("quote")
            if isinstance(quote, str) and quote not in texts.get(row["source_id"], ""):
                raise WrongRowsError(f"{place}: {row['source_id']} has no words {quote!r}")
    figures = tables[TABLE].set_index("id")
    parts = figures[figures["part_role"] == "breakdown"]
    for whole, total in parts.groupby("part_of")["value"].sum().to_dict().items():
        if total != figures["value"].get(whole):
            raise WrongRowsError(f"{TABLE}.csv: the parts of {whole} sum to {total}")


def totals(repatriations: pd.DataFrame) -> pd.DataFrame:
    """The figures that are no part of another, beside each other and with their words.

    Several reporters may have counted the same persons, so that nothing here adds them up.
    Where figures of cambodia-tip may be summed, its `add_up` does it, and refuses the rest.
    """
    columns = ["to_area", "period_end", "reported_by", "value", "source_id", "passage", "quote"]
    whole = repatriations[repatriations["part_of"].isna()]
    return whole.set_index("id")[columns].sort_values(columns[:3])


def write(folder: Path, own: Path = OWN) -> dict[str, pd.DataFrame]:
    """Write the data package: the table, those that it refers to, and the caveats of its rows."""
    entries = {entry["name"]: entry for entry in _installed_entries()}
    names = _with_linked([TABLE, "row_caveats"], entries)
    tables = {name: merge(name, own) for name in names}
    known = {row for table in tables.values() if "id" in table for row in table["id"]}
    caveats = tables["row_caveats"]
    tables["row_caveats"] = caveats[caveats["row_id"].isin(list(known))]
    check(tables, own)

    descriptor = json.loads((own / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["sources"] = [{"title": tip.cite(), "version": tip.__version__}]
    descriptor["resources"] = []
    for name, table in tables.items():
        entry = entries[name]
        content = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        descriptor["resources"].append({**entry, "bytes": len(content), "hash": digest})
        file = folder / entry["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_bytes(text.encode("utf-8"))
    return tables


def _installed_entries() -> list[dict[str, Any]]:
    """What cambodia-tip says of each table, with its schema, but for keys to what is not ours."""
    folder = tip.package_path()
    entries = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    for entry in entries:
        schema = entry["schema"]
        if isinstance(schema, str):  # in a wheel the schemas stand in the descriptor
            schema = json.loads((folder / schema).read_text(encoding="utf-8"))
        kept = [key for key in schema.pop("foreignKeys", []) if _target(key, "") not in NOT_OURS]
        entry["schema"] = {**schema, "foreignKeys": kept} if kept else schema
    return list(entries)


def _with_linked(names: Iterable[str], entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Tables, and those that they refer to by any number of steps."""
    found = list(names)
    for name in found:
        keys = entries[name]["schema"].get("foreignKeys", [])
        found += [t for t in dict.fromkeys(_target(k, name) for k in keys) if t not in found]
    return found


def _target(key: Mapping[str, Any], own_table: str) -> str:
    """The table that a foreign key leads to: without a name it is its own."""
    return key["reference"].get("resource") or own_table


def main() -> None:
    """The command ``returns-from-abroad FOLDER``."""
    if len(sys.argv) != 2:
        sys.exit("usage: returns-from-abroad FOLDER")
    folder = Path(sys.argv[1])
    try:
        tables = write(folder)
    except (WrongRowsError, OSError) as error:
        sys.exit(f"returns-from-abroad: {error}")
    print(totals(tables[TABLE]).drop(columns="quote").to_string(na_rep=""))
    print(f"\nwrote {folder / 'datapackage.json'}, which is made with\n{tip.cite()}")
