"""The JSON-LD document is read by mlcroissant, and every cell compared with the CSV files."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it imports
    import mlcroissant

import cambodia_tip as tip
from cambodia_tip.exports import jsonld
from cambodia_tip.package.opening import open_package

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")  # of its libraries

PACKAGE = open_package()
RESOURCES = list(PACKAGE.resources.values())
CROISSANT = jsonld.croissant(PACKAGE, RESOURCES)
READ_AS: dict[str, Callable[[str], object]] = {
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": str,
    "string": str,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jsonld") / "exported"
    jsonld.write(PACKAGE, RESOURCES, path)
    return path


@pytest.fixture(scope="module")
def dataset(folder: Path) -> mlcroissant.Dataset:
    return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


def rows(name: str) -> list[dict[str, object]]:
    """The rows of a CSV file, by the names that Croissant gives to columns, without empty cells."""
    resource = PACKAGE.resource(name)
    with resource.path.open(encoding="utf-8", newline="") as file:
        return [
            {
                f"{name}/{column}": READ_AS[resource.field(column).type](cell)
                for column, cell in row.items()
                if cell
            }
            for row in csv.DictReader(file)
        ]


def plain(value: object) -> object:
    """A cell of mlcroissant as JSON has it: text from bytes and from days."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return value.date().isoformat() if isinstance(value, datetime.datetime) else value


def test_mlcroissant_has_no_complaint(dataset: mlcroissant.Dataset) -> None:
    issues = dataset.metadata.ctx.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])


def test_mlcroissant_reads_every_cell(dataset: mlcroissant.Dataset, any_table: str) -> None:
    read = []
    for record in dataset.records(any_table):
        cells = {name: plain(cell) for name, cell in record.items()}
        read.append({n: c for n, c in cells.items() if c is not None and c == c})
    expected = rows(any_table)
    for name in (f"{any_table}/{field.name}" for field in PACKAGE.resource(any_table).fields):
        assert [row.get(name) for row in read] == [row.get(name) for row in expected], name
    assert {name for row in read for name in row} == {name for row in expected for name in row}


def test_a_code_with_a_leading_zero_stays_as_it_is(dataset: mlcroissant.Dataset) -> None:
    codes = {record["offences/iccs"] for record in dataset.records("offences")}
    assert "0203" in {plain(code) for code in codes}


def test_closed_lists_are_enumerations(dataset: mlcroissant.Dataset) -> None:
    records = [
        {name: plain(cell) for name, cell in record.items()}
        for record in dataset.records("codes/sex")
    ]
    assert records == [
        {"codes/sex/value": "female", "codes/sex/label": "Female"},
        {"codes/sex/value": "male", "codes/sex/label": "Male"},
    ]
    kinds = PACKAGE.resource("caveats").field("kind")
    listed = [
        record["codes/caveats.kind/value"] for record in dataset.records("codes/caveats.kind")
    ]
    assert [plain(code) for code in listed] == list(kinds.categories)


def test_every_closed_list_is_there_with_its_own_codes() -> None:
    sets = {entry["@id"]: entry for entry in CROISSANT["recordSet"]}
    for resource in RESOURCES:
        for field, entry in zip(resource.fields, sets[resource.name]["field"], strict=True):
            _, _, name = entry["description"].partition("Its codes are ")
            assert bool(name) == bool(field.categories)
            if name:
                listed = sets[name.partition(". ")[0].rstrip(".")]
                assert [list(row.values()) for row in listed["data"]] == [
                    list(pair) for pair in field.categories.items()
                ]


def test_links_are_told() -> None:
    sets = {entry["@id"]: entry for entry in CROISSANT["recordSet"]}
    fields = {entry["name"]: entry["description"] for entry in sets["repatriations"]["field"]}
    assert fields["from_area"].endswith("It refers to areas/area.")
    assert "refers" not in fields["value"]


def test_files_have_the_size_and_the_hash_that_the_document_gives(folder: Path) -> None:
    document = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    assert document == CROISSANT
    files = {path for path in folder.rglob("*") if path.is_file()} - {folder / "croissant.json"}
    assert len(files) == len(document["distribution"]) == len(RESOURCES)
    for entry in document["distribution"]:
        content = (folder / entry["contentUrl"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert entry["contentSize"] == f"{len(content)} B"
        assert entry["encodingFormat"] == "text/csv"


def test_a_file_that_was_changed_is_found(folder: Path, tmp_path: Path) -> None:
    jsonld.write(PACKAGE, [PACKAGE.resource("units")], tmp_path / "few")
    with (tmp_path / "few" / "data" / "units.csv").open("a", encoding="utf-8") as file:
        file.write("boats,Boats,count,Fishing boats.\n")
    few = mlcroissant.Dataset(jsonld=str(tmp_path / "few" / "croissant.json"))
    with pytest.raises(mlcroissant.GenerationError) as caught:
        list(few.records("units"))
    assert "not identical" in str(caught.value.__cause__)


def test_text_that_looks_like_something_else_stays_text(package_copy: Any, tmp_path: Path) -> None:
    texts = ["NA", "1e3", "007", "True"]
    units = package_copy.rows("units")
    for row, text in zip(units, texts, strict=False):
        row["label"] = text
    package_copy.write_rows("units", units[: len(texts)])
    changed = open_package(package_copy.path)
    jsonld.write(changed, [changed.resource("units")], tmp_path / "changed")
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "changed" / "croissant.json"))
    assert [plain(record["units/label"]) for record in dataset.records("units")] == texts


def test_rows_in_the_document_keep_every_digit_of_a_number(
    package_copy: Any, tmp_path: Path
) -> None:
    number = "0.123456789012345"
    row = package_copy.rows("estimates")[0]
    package_copy.edit("estimates", row["id"], {"value": number, "note": "007"})
    package_copy.write_rows("estimates", package_copy.rows("estimates")[:1])
    changed = open_package(package_copy.path)
    document = jsonld.croissant(changed, [changed.resource("estimates")])
    (records,) = (part["data"] for part in document["recordSet"] if part["name"] == "estimates")
    found = {name: cell for name, cell in records[0].items() if cell is not None}
    assert found["estimates/value"] == float(number)
    assert found["estimates/note"] == "007"


def test_a_part_of_the_tables_stands_on_its_own(tmp_path: Path) -> None:
    few = [PACKAGE.resource(name) for name in ("repatriations", "offences")]
    jsonld.write(PACKAGE, few, tmp_path / "few")
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "few" / "croissant.json"))
    assert len(list(dataset.records("repatriations"))) == len(rows("repatriations"))
    assert sorted(path.name for path in (tmp_path / "few" / "data").iterdir()) == [
        "offences.csv",
        "repatriations.csv",
    ]


def test_two_exports_are_equal(folder: Path, tmp_path: Path) -> None:
    jsonld.write(PACKAGE, RESOURCES, tmp_path / "again")
    again = (tmp_path / "again" / "croissant.json").read_bytes()
    assert again == (folder / "croissant.json").read_bytes()


def test_it_says_what_the_dataset_is() -> None:
    document = CROISSANT
    descriptor = json.loads((PACKAGE.path / "datapackage.json").read_text(encoding="utf-8"))
    assert document["name"] == descriptor["title"]
    assert document["description"] == descriptor["description"]
    assert document["version"] == descriptor["version"]
    assert document["identifier"] == descriptor["contentHash"]
    assert document["datePublished"] == descriptor["created"][:10]
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert document["creator"] == {"@type": "Organization", "name": "cambodia-tip contributors"}
    assert document["publisher"] == document["creator"]
    assert document["isAccessibleForFree"] is True
    assert document["keywords"] == descriptor["keywords"]
    assert document["temporalCoverage"] == "1996-01-01/2024-12-31"
    assert document["spatialCoverage"]["name"] == "Cambodia"


def test_it_says_what_the_figures_measure() -> None:
    names = [variable["name"] for variable in CROISSANT["variableMeasured"]]
    assert "Persons convicted" in names
    assert len(names) == tip.observations(warn=False)["indicator"].nunique()


def test_it_is_croissant_1_1_and_mlcroissant_misses_no_term(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert dataset.metadata.ctx.is_v1_1()
    assert "context" not in caplog.text


def test_it_has_the_url_of_the_descriptor(package_copy: Any) -> None:
    file = package_copy.path / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    descriptor["homepage"] = "https://example.org/tip"
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    assert jsonld.croissant(open_package(package_copy.path), [])["url"] == "https://example.org/tip"


def test_it_names_the_documents_that_it_is_based_on() -> None:
    documents = {entry["name"]: entry for entry in CROISSANT["isBasedOn"]}
    assert len(documents) == len(PACKAGE.descriptor["sources"])
    chapter = documents["2018 Trafficking in Persons Report: Cambodia"]
    assert chapter == {
        "@type": "Report",
        "name": "2018 Trafficking in Persons Report: Cambodia",
        "author": {"@type": "Organization", "name": "United States Department of State"},
        "datePublished": "2018-06",
        "url": "https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/",
        "description": "Date inferred, not printed in the document",
    }
    cable = documents["2007 Trafficking in Persons report for Cambodia, questions 2D to 3I"]
    assert (cable["reportNumber"], cable["datePublished"]) == ("07PHNOMPENH351", "2007-03-05")
    assert "without authority" in cable["description"]
    assert "url" not in cable
