"""Synthetic packages are valid, whatever the descriptor says, and as large as was asked for."""

from __future__ import annotations

import csv
import json
import re
import runpy
from pathlib import Path

import pytest
from frictionless import Package

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

synthetic = runpy.run_path(str(Path(__file__).with_name("synthetic.py")))
write_package, refresh = synthetic["write_package"], synthetic["refresh"]
ROWS = 500


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("large")
    return folder, write_package(folder, ROWS)


def test_validate_finds_nothing_wrong(large) -> None:
    report = tip.validate(large[0])
    assert report.valid, str(report)


def test_validate_finds_nothing_wrong_where_links_lead_to_several_editions(tmp_path: Path) -> None:
    rows = 2 * len(tip.load("passages"))
    write_package(tmp_path, rows, tables=["training_counts"])
    report = tip.validate(tmp_path)
    assert report.valid, str(report)


def test_every_table_grows_whose_key_has_room(large) -> None:
    folder, numbers = large
    for name, resource in open_package(folder).resources.items():
        with resource.path.open(encoding="utf-8", newline="") as file:
            assert numbers[name] == len(list(csv.reader(file))) - 1
        if numbers[name] < 2 / 3 * ROWS:  # a row comes out a whole number of times
            pattern = resource.field(resource.primary_key[0]).constraints["pattern"]
            keys = tip.load(name)[resource.primary_key[0]]
            assert numbers[name] == len(keys)
            assert not any(re.fullmatch(pattern, key + end) for key in keys for end in ("-a", "_a"))


def test_quotes_differ(large) -> None:
    """Otherwise a check that asks each distinct text once would look faster than it is."""
    for resource in open_package(large[0]).resources.values():
        for column in {field.printed_in for field in resource.fields} - {None}:
            real = tip.load(resource.name)[column].nunique()
            with resource.path.open(encoding="utf-8", newline="") as file:
                distinct = len({row[column] for row in csv.DictReader(file)})
            assert distinct >= 2 * real or distinct >= 0.8 * ROWS


@pytest.mark.parametrize("table", list(open_package().resources)[::6])
def test_a_part_of_the_tables_is_valid_with_what_it_refers_to(table: str, tmp_path: Path) -> None:
    numbers = write_package(tmp_path, 1, tables=[table])
    assert table in numbers
    report = tip.validate(tmp_path)
    assert report.valid, str(report)


def test_the_seed_decides_the_names(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_package(tmp_path / name, 2 * ROWS, seed=seed, tables=["programme_places"])
    a, b, c = ((tmp_path / n / "datapackage.json").read_bytes() for n in "abc")
    assert a == b != c


def field(name: str, type_: str = "string", **constraints: object) -> dict:
    text = {"title": name, "description": name}
    flags = {"trueValues": ["true"], "falseValues": ["false"]} if type_ == "boolean" else {}
    return {"name": name, "type": type_, **text, **flags, "constraints": constraints}


EXAMPLES = {"integer": "3", "number": "1.5", "boolean": "true"}
NEW_TABLES = {
    # closed: a code that leaves no room, and a key of which one column is closed
    "letters": (["letter"], [field("letter", pattern="[A-Z]")], [], "letter\nA\nB\n"),
    "boats": (
        ["letter", "boat"],
        [field("letter"), field("boat"), field("mast", "number"), field("steam", "boolean")],
        [("letter", "letters", "letter")],
        'letter,boat,mast,steam\nA,"Anna, or Ann",1.5,true\nA,Berta,,\nB,Anna,2,false\n',
    ),
    # a number that must be unique leaves no room for another row
    "berths": (
        ["berth"],
        [field("berth"), field("depth", "integer", unique=True)],
        [],
        "berth,depth\neast,3\nwest,5\n",
    ),
    # a key of two links to one table, a link to the table itself, a hash that must be unique
    "ropes": (
        ["rope"],
        [field("rope"), field("made_from"), field("hash", pattern="[0-9a-f]{64}", unique=True)],
        [("made_from", "ropes", "rope")],
        f"rope,made_from,hash\nlong,,{'a' * 64}\nshort,long,{'b' * 64}\n",
    ),
    "knots": (
        ["first", "second"],
        [field("first"), field("second")],
        [("first", "ropes", "rope"), ("second", "ropes", "rope")],
        "first,second\nlong,short\n",
    ),
}


def test_any_descriptor_is_followed(package_copy, tmp_path: Path) -> None:
    descriptor = package_copy.descriptor()
    model = descriptor["resources"][0]
    schema = json.loads((package_copy.path / model["schema"]).read_text(encoding="utf-8"))
    for name, (key, fields, links, text) in NEW_TABLES.items():
        foreign_keys = [
            {"fields": [own], "reference": {"resource": table, "fields": [target]}}
            for own, table, target in links
        ]
        last = [*csv.DictReader(text.splitlines())][-1]
        examples = [{**f, "example": EXAMPLES.get(f["type"], last[f["name"]])} for f in fields]
        inline = {**schema, "fields": examples, "primaryKey": key, "foreignKeys": foreign_keys}
        inline = {n: value for n, value in inline.items() if value and n != "labelField"}
        entry = {**model, "name": name, "path": f"data/{name}.csv", "schema": inline}
        descriptor["resources"].append(entry)
        package_copy.file(name).write_text(text, encoding="utf-8")
    package_copy.write_descriptor(descriptor)
    refresh(package_copy.path)
    folder = tmp_path / "grown"
    numbers = write_package(folder, 50, tables=NEW_TABLES, source=package_copy.path)
    assert numbers == {"letters": 2, "boats": 51, "berths": 2, "ropes": 100, "knots": 50}
    report = tip.validate(folder)
    assert report.valid, str(report)
    other = Package(str(folder / "datapackage.json")).validate()
    assert other.valid, other.flatten(["type", "note"])[:5]
