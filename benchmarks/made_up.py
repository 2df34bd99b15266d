"""Made-up documents about towns, and a data package with their rows, for `verify` and `audit`.

Run as a program: ``python made_up.py FOLDER NUMBER`` writes ``FOLDER/documents`` and
``FOLDER/datapackage``.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import sys
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase

from cambodia_tip.maintaining.stamping import stamp
from cambodia_tip.package.model import DESCRIPTOR
from cambodia_tip.package.opening import open_package

TABLES = ("enforcement_stats", "unused_numerals")
PARAGRAPHS = 25
PUBLISHED = "2012"
TITLE = "Report of the police of {town}"
PARAGRAPH = (
    "{persons_arrested} and {businesses_closed}. Prosecutors charged {persons_prosecuted} and "
    "courts {persons_convicted}. Both figures are those of {town}."
)
FIGURES = {  # what a paragraph reports, and the words that print it
    "persons_arrested": "In {year} the police arrested {value} persons",
    "businesses_closed": "closed {value} bars",
    "persons_prosecuted": "{value} of these persons",
    "persons_convicted": "convicted {value} men",
}
SOURCE = {
    "kind": "cable",
    "published": PUBLISHED,
    "published_basis": "stated",
    "url": "https://example.org/",
    "url_status": "unopened",
    "terms": "Made up.",
    "division": "unnumbered",
    "bytes": "1",
    "sha256": "0" * 64,
}
FIGURE = {
    "unit": "persons",
    "qualifier": "unqualified",
    "value_basis": "printed",
    "obs_status": "reported",
    "ref_area": "KHM",
}

Tables = dict[str, list[dict[str, str]]]


def write_documents(folder: Path, number: int) -> None:
    """Write so many documents and a package that accounts for every number in them."""
    drawn = random.Random(0)
    documents, package = folder / "documents", folder / "datapackage"
    documents.mkdir(parents=True)
    filled = ("sources", "organizations", "operations", *TABLES)
    by_stamping = ("passages", "ids")
    tables: Tables = {name: [] for name in (*filled, *by_stamping)}
    for letters in islice(product(ascii_lowercase, repeat=3), number):
        town = f"{''.join(letters)}ville"
        text = _write_about(town, tables, drawn)
        (documents / f"{town}.txt").write_text(text, encoding="utf-8")
    _write_package(package, tables)
    stamp(package, documents)


def _write_about(town: str, tables: Tables, drawn: random.Random) -> str:
    """Make up the document of a town, and add its rows to the tables."""
    police = f"police-of-{town}"
    title = TITLE.format(town=town)
    tables["sources"].append({"source_id": town, "title": title, "publisher": police} | SOURCE)
    cited = {"source_id": town, "passage": "title", "quote": f"police of {town}"}
    body = {"id": police, "label": f"Police of {town}", "kind": "police"}
    tables["organizations"].append(body | cited)
    raid = {"id": f"raid-{PUBLISHED}-{town}", "label": "Raids", "kind": "raid"}
    tables["operations"].append(raid | cited)
    paragraphs = [title]
    for passage in map(str, range(1, PARAGRAPHS + 1)):
        year = str(drawn.randrange(1990, int(PUBLISHED)))
        quotes = {}
        for indicator, words in FIGURES.items():
            value = str(drawn.randrange(2, 900))
            quotes[indicator] = words.format(year=year, value=value)
            figure = {
                "id": f"enforcement-{PUBLISHED}-{town}-{passage}-{indicator.replace('_', '-')}",
                "indicator": indicator,
                "value": value,
                "reported_by": police,
                "operation": raid["id"],
                "source_id": town,
                "passage": passage,
                "quote": quotes[indicator],
            }
            if year in quotes[indicator]:
                figure |= {"period_start": f"{year}-01-01", "period_end": f"{year}-12-31"}
                figure["period_basis"] = "stated"
            tables["enforcement_stats"].append(FIGURE | figure)
        both = {"source_id": town, "passage": passage, "numeral": "both", "occurrence": "1"}
        tables["unused_numerals"].append(both | {"reason": "idiom"})
        paragraphs.append(PARAGRAPH.format(**quotes, town=town))
    return "\n\n".join(paragraphs) + "\n"


def _write_package(folder: Path, tables: Tables) -> None:
    """Copy the package with the tables of figures and what they refer to, and fill it."""
    package = open_package()
    shutil.copytree(package.path, folder)
    kept = list(TABLES)
    for name in kept:
        linked = {key.resource for key in package.resource(name).foreign_keys}
        kept += sorted(linked - set(kept))
    descriptor = dict(package.descriptor)
    descriptor["resources"] = [e for e in descriptor["resources"] if e["name"] in kept]
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    for resource in map(open_package(folder).resource, tables):
        with resource.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, resource.field_names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables[resource.name])


if __name__ == "__main__":
    write_documents(Path(sys.argv[1]), int(sys.argv[2]))
