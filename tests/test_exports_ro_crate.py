"""The crate is read back by rocrate, and by a plain look at its JSON and its files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from cambodia_tip.exports import ro_crate
from cambodia_tip.package.opening import open_package

PACKAGE = open_package()
DESCRIPTOR = json.loads((PACKAGE.path / "datapackage.json").read_text(encoding="utf-8"))


def write(target: Path) -> Path:
    ro_crate.write(PACKAGE, list(PACKAGE.resources.values()), target)
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("crate"))


@pytest.fixture(scope="module")
def things(folder: Path) -> dict[str, dict]:
    text = (folder / "ro-crate-metadata.json").read_text(encoding="utf-8")
    return {thing["@id"]: thing for thing in json.loads(text)["@graph"]}


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_rocrate_reads_what_the_dataset_is(folder: Path) -> None:
    crate = ROCrate(folder)
    assert crate.root_dataset["name"] == DESCRIPTOR["title"]
    assert crate.root_dataset["version"] == DESCRIPTOR["version"]
    assert crate.root_dataset["identifier"]["value"] == DESCRIPTOR["contentHash"]
    assert crate.root_dataset["keywords"] == DESCRIPTOR["keywords"]
    licence = crate.root_dataset["license"]
    assert licence.id == "https://creativecommons.org/licenses/by/4.0/"
    creator = crate.root_dataset["creator"]
    assert crate.root_dataset["publisher"] == creator
    assert crate.root_dataset["isAccessibleForFree"] is True
    assert "Persons convicted" in {v["name"] for v in crate.root_dataset["variableMeasured"]}
    assert (creator.type, creator["name"]) == ("Organization", "cambodia-tip contributors")
    documents = {document["name"]: document for document in crate.root_dataset["isBasedOn"]}
    assert len(documents) == len(PACKAGE.descriptor["sources"])
    cable = documents["Cambodia: 2009 TIP interim assessment"]
    assert cable["reportNumber"] == "09PHNOMPENH846"
    assert "without authority" in cable["description"]
    assert cable["author"]["name"] == "Embassy of the United States in Phnom Penh"


def test_every_file_of_the_data_package_is_there_and_listed(
    folder: Path, things: dict[str, dict]
) -> None:
    files = files_in(folder)
    del files["ro-crate-metadata.json"]
    names = {"datapackage.json"}
    names |= {entry[key] for entry in DESCRIPTOR["resources"] for key in ("path", "schema")}
    assert files == {name: (PACKAGE.path / name).read_bytes() for name in names}
    assert {part["@id"] for part in things["./"]["hasPart"]} == names
    for name, content in files.items():
        assert things[name]["@type"] == "File"
        assert things[name]["contentSize"] == str(len(content))
        assert things[name]["sha256"] == hashlib.sha256(content).hexdigest()
    for entry in DESCRIPTOR["resources"]:
        assert things[entry["path"]]["conformsTo"] == {"@id": entry["schema"]}
        assert f"sha256:{things[entry['path']]['sha256']}" == entry["hash"]


def test_every_reference_leads_to_a_thing(things: dict[str, dict]) -> None:
    def references(value: object) -> list[str]:
        if isinstance(value, list):
            return [name for part in value for name in references(part)]
        if not isinstance(value, dict):
            return []
        assert list(value) == ["@id"], "a crate is flat"
        return [value["@id"]]

    profile = "https://w3id.org/ro/crate/1.2"
    assert things["ro-crate-metadata.json"]["conformsTo"] == {"@id": profile}
    for thing in things.values():
        for value in thing.values():
            assert set(references(value)) <= {*things, profile}


def test_two_crates_are_equal_and_know_no_clock(
    folder: Path, things: dict[str, dict], tmp_path: Path
) -> None:
    assert files_in(write(tmp_path)) == files_in(folder)
    assert things["./"]["datePublished"] == DESCRIPTOR["created"][:10]
