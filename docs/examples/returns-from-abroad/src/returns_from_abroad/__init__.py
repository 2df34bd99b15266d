"""The table `repatriations` of cambodia-tip, with rows of our own.

In the folder `own` there is a file for each table that gets rows. What the columns of a table
are stands in the installed data package and nowhere here: it checks our rows, and from it comes
the descriptor of what we write. So a new version that asks for something else is noticed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cambodia_tip as tip
import pandas as pd
from pandera.errors import SchemaErrors

OWN = Path(__file__).parent / "own"
TABLE = "repatriations"
NOT_OURS = ("ids", "passages")
"""These hold what is of cambodia-tip alone: its released ids, the paragraphs of its documents."""
WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
"""A number that is not in digits in its quote must be one of these, which stand for 0 to 10."""


class WrongRowsError(ValueError):
    """Files of our own that cannot be taken."""


def own_rows(table: str, own: Path = OWN) -> pd.DataFrame:
    """Our rows of a table, which satisfy its schema; the index says where each stands.

    Raises:
        WrongRowsError: If a row does not satisfy it; the text names line and column.
    """
    file = own / f"{table}.csv"
    if not file.is_file():
        return pd.DataFrame()
    schema = tip.schema(table, coerce=True)
    text = _cells(file)
    expected, header = Counter(map(str, schema.columns)), Counter(map(str, text.columns))
    if expected != header:
        missing = ", ".join(expected - header) or "none"
        unknown = ", ".join(header - expected) or "none"
        message = f"missing columns: {missing}; unknown or doubled: {unknown}"
        raise WrongRowsError(f"{file.name}: {message}")
    try:
        return schema.validate(text[list(expected)], lazy=True)
    except SchemaErrors as errors:
        faults = [
            f"{case['index']}, {case['column']}: {case['failure_case']!r} [{case['check']}]"
            for case in errors.failure_cases.to_dict("records")
        ]
        raise WrongRowsError("; ".join(dict.fromkeys(faults))) from None


def _cells(file: Path) -> pd.DataFrame:
    """The cells of a file as text; the index says where each row begins."""
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    places: list[str] = []
    rows: list[list[str | None]] = []
    place = f"{file.name}, line 1"
    try:
        for cells in reader:
            if cells:  # a blank line has none
                places.append(place)
                rows.append([cell or None for cell in cells])
                if len(cells) != len(rows[0]):
                    raise WrongRowsError(f"{place}: {len(cells)} cells, not {len(rows[0])}")
            place = f"{file.name}, line {reader.line_num + 1}"
    except csv.Error as error:
        raise WrongRowsError(f"{place}: {error}") from None
    if not rows:
        raise WrongRowsError(f"{file.name} is empty")
    header = [name or "" for name in rows[0]]
    return pd.DataFrame(rows[1:], index=places[1:], columns=header, dtype=object)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongRowsError(f"{file.name} is not in UTF-8: {error}") from None


def merge(table: str, ours: pd.DataFrame) -> pd.DataFrame:
    """A table of cambodia-tip with rows of ours after its own.

    Raises:
        WrongRowsError: If a row of ours has the key of one of cambodia-tip.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tip.CaveatWarning)  # nothing is summed, caveats are kept
        theirs = tip.load(table)
    if ours.empty:
        return theirs
    schema = tip.schema(table)
    key = list(schema.unique or [])
    taken = set(theirs[key].itertuples(index=False, name=None))
    for place, row in ours[key].to_dict("index").items():
        if tuple(row.values()) in taken:
            name = ", ".join(row.values())
            raise WrongRowsError(f"{place}: {name!r} is an id of cambodia-tip already")
    return schema.validate(pd.concat([theirs, ours], ignore_index=True))


def check(
    tables: Mapping[str, pd.DataFrame], ours: Mapping[str, pd.DataFrame], own: Path, prefix: str
) -> None:
    """What a schema of one table cannot see, for our rows.

    Raises:
        WrongRowsError: If an id lacks our prefix, a quote is not in its document, a
            document is another than the one listed, or a caveat is linked to no row.
    """
    listed = tables["sources"].set_index("source_id")["sha256"]
    texts: dict[str, str] = {}
    for file in sorted((own / "documents").glob("*.txt")):
        if hashlib.sha256(file.read_bytes()).hexdigest() != listed.get(file.stem):
            raise WrongRowsError(f"{file.name} is not the document that sources.csv lists")
        texts[file.stem] = " ".join(_text(file).split())
    for rows in ours.values():
        for place, row in rows.to_dict("index").items():
            if not str(row.get("id", prefix)).startswith(prefix):
                raise WrongRowsError(f"{place}: the id must begin with {prefix!r}")
            quote = row.get("quote")
            if isinstance(quote, str) and not _has(texts.get(row["source_id"], ""), quote):
                raise WrongRowsError(f"{place}: {row['source_id']} has no words {quote!r}")
    ids = _ids(tables)
    for place, link in ours["row_caveats"].to_dict("index").items():
        if link["row_id"] not in ids:
            raise WrongRowsError(f"{place}: row_id names no row, {link['row_id']!r}")


def check_figures(figures: pd.DataFrame, ours: pd.DataFrame) -> None:
    """What a schema cannot see of our figures.

    Raises:
        WrongRowsError: If a value is there and should not be, or the other way round; if it
            is not in its quote, or not the sum of its parts; if a period ends before it starts.
    """
    values = figures.set_index("id")["value"]
    for place, row in ours.to_dict("index").items():
        value, status, part_of = row["value"], row["obs_status"], row["part_of"]
        none = status in ("not_reported", "not_available")
        if none != pd.isna(value):
            must = "empty" if none else "filled"
            raise WrongRowsError(f"{place}: value must be {must} where obs_status is {status}")
        if row["value_basis"] == "printed" and not none:
            written = [str(value), f"{value:,}", *WORDS[value : value + 1]]
            if not any(_has(row["quote"].lower(), number) for number in written):
                raise WrongRowsError(f"{place}: the quote does not have the value, {value}")
        if row["period_start"] > row["period_end"]:
            raise WrongRowsError(f"{place}: period_start is after period_end")
        if pd.notna(part_of) and part_of not in values:
            raise WrongRowsError(f"{place}: part_of names no row, {part_of!r}")
    breakdowns = figures[figures["part_role"] == "breakdown"]
    for whole, parts in breakdowns.groupby("part_of")["value"]:
        says = values.get(whole)
        if parts.notna().all() and pd.notna(says) and parts.sum() != says:
            message = f"the parts of {whole} sum to {parts.sum()}, and it says {says}"
            raise WrongRowsError(f"{TABLE}.csv: {message}")


def _ids(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    return {row for table in tables.values() if "id" in table for row in table["id"]}


def _has(text: str, words: str) -> bool:
    """Whether a text has these words, and not only within longer words or numbers."""
    sought = re.escape(" ".join(words.split()))
    return re.search(rf"(?<!\w)(?<!\d[.,]){sought}(?!\w|[.,]\d)", text) is not None


def totals(repatriations: pd.DataFrame) -> pd.DataFrame:
    """The figures that are no part of another, beside each other and with their words.

    Several reporters may have counted the same persons, so that nothing here adds them up.
    Where figures of cambodia-tip may be summed, its `add_up` does it, and refuses the rest.
    """
    order = ["to_area", "period_end", "reported_by"]
    meaning = ["indicator", "population", "value", "obs_status"]
    whole = repatriations[repatriations["part_of"].isna()].set_index("id")
    return whole[[*order, *meaning, "source_id", "passage", "quote"]].sort_values(order)


def write(folder: Path, own: Path = OWN) -> dict[str, pd.DataFrame]:
    """Write the data package: the table, those that it refers to, and the caveats of its rows."""
    descriptor = _own_descriptor(own)
    entries = {entry["name"]: entry for entry in _installed_entries()}
    names = _with_linked([TABLE, "row_caveats"], entries)
    known = {"datapackage.json", "documents", *(f"{name}.csv" for name in names)}
    for file in sorted(own.iterdir()):
        if file.name not in known and not file.name.startswith("."):
            raise WrongRowsError(f"{file.name} is for none of the tables: {', '.join(names)}")
    ours = {name: own_rows(name, own) for name in names}
    tables = {name: merge(name, ours[name]) for name in names}
    check(tables, ours, own, descriptor["idPrefix"])
    check_figures(tables[TABLE], ours[TABLE])
    caveats = tables["row_caveats"]
    tables["row_caveats"] = caveats[caveats["row_id"].isin(list(_ids(tables)))]

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
    text = json.dumps(descriptor, indent=2) + "\n"
    (folder / "datapackage.json").write_bytes(text.encode("utf-8"))
    return tables


def _own_descriptor(own: Path) -> dict[str, Any]:
    """What we say of our data package, and how our ids begin."""
    file = own / "datapackage.json"
    try:
        descriptor = json.loads(_text(file))
    except json.JSONDecodeError as error:
        raise WrongRowsError(f"{file.name} is not valid JSON: {error}") from None
    prefix = descriptor.get("idPrefix") if isinstance(descriptor, dict) else None
    if not isinstance(prefix, str) or not prefix:
        raise WrongRowsError(f"{file.name}: it must have an idPrefix, with which our ids begin")
    return dict(descriptor)


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
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            keys = entries[name]["schema"].get("foreignKeys", [])
            waiting.extend(_target(key, name) for key in keys)
    return found


def _target(key: Mapping[str, Any], own_table: str) -> str:
    """The table that a foreign key leads to: without a name it is its own."""
    return key["reference"].get("resource") or own_table


def main(arguments: Sequence[str] | None = None) -> None:
    """The command ``returns-from-abroad FOLDER``."""
    parser = argparse.ArgumentParser(prog="returns-from-abroad", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the data package is written")
    parser.add_argument("--own", type=Path, default=OWN, help="the folder with the rows to add")
    options = parser.parse_args(arguments)
    try:
        tables = write(options.folder, options.own)
    except (WrongRowsError, OSError) as error:
        sys.exit(f"{parser.prog}: {error}")
    print(totals(tables[TABLE]).drop(columns="quote").to_string(na_rep=""))
    print(f"\nwrote {options.folder / 'datapackage.json'}, which is made with\n{tip.cite()}")
    print(
        "Rows with a caveat of the kind overlap may count the same persons; "
        "row_caveats.csv names them."
    )
