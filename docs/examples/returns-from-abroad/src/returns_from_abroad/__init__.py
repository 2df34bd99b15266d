"""cambodia-tip with rows of our own, as one data package.

It is a copy of the installed data package. What is in the folder `own` is added to it: rows, in a
file for each table that gets some, and the documents that they quote. The library does the rest.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import cambodia_tip as tip
import pandas as pd

OWN = Path(__file__).parent / "own"


def build(folder: Path, own: Path = OWN) -> tuple[tip.DataPackage, list[tip.Report]]:
    """Write the data package to a folder, check all of it, and look up our quotes.

    Raises:
        tip.CambodiaTipError: If a table cannot be read, or an id is a duplicate.
        ValueError: If a file of ours cannot be read; its name begins the text.
        OSError: If a file is not there, or is for none of the tables.
    """
    shutil.copytree(tip.package_path(), folder, dirs_exist_ok=True)
    for file in sorted(own.glob("*.csv")):
        table = folder / "data" / file.name
        merged = pd.concat([rows(table), rows(file)])
        merged.to_csv(table, index=False, lineterminator="\n", encoding="utf-8")
    descriptor = {**properties(folder), **properties(own)}
    descriptor["description"] += f" Made with {tip.cite()}"
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    package = tip.open_package(folder)
    documents = sorted(file.stem for file in own.glob("documents/*.txt"))
    package.stamp(own / "documents", only=documents)
    return package, [package.validate(), package.verify(own / "documents", only=documents)]


def rows(file: Path) -> pd.DataFrame:
    """The rows of a table as text. Columns that are empty may be left out of ours."""
    try:
        return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from None


def properties(folder: Path) -> dict[str, Any]:
    """What a descriptor says of its data package."""
    text = (folder / "datapackage.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def main() -> None:
    """The command ``returns-from-abroad FOLDER``."""
    parser = argparse.ArgumentParser(prog="returns-from-abroad", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the data package is written")
    folder = parser.parse_args().folder
    try:
        package, reports = build(folder)
    except (tip.CambodiaTipError, OSError, ValueError) as error:
        sys.exit(f"{parser.prog}: {error}")
    print(*reports, package.cite(), sep="\n")
    sys.exit(not all(report.valid for report in reports))
