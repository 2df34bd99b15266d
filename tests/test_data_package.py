"""A data package as an object: it answers from its own tables."""

from __future__ import annotations

import copy
import inspect
import pickle
import zipfile

import pandas as pd
import pytest

import cambodia_tip as tip

METHODS = ("add_up", "audit", "check", "cite", "dictionary", "evidence", "export", "load",
           "observations", "schema", "search", "tables", "verify")  # fmt: skip


def test_the_installed_package_answers_as_the_functions_do() -> None:
    package = tip.open_package()
    assert package.load("statutes").equals(tip.load("statutes"))
    assert package.tables().equals(tip.tables())
    assert package.cite() == tip.cite()
    assert (
        repr(package) == f"<DataPackage cambodia-tip {tip.__version__}: {len(tip.tables())} tables>"
    )


def test_every_function_about_one_package_is_a_method() -> None:
    of_two_or_none = {"changes", "open_package", "package_path"}
    functions = {n for n in tip.__all__ if inspect.isfunction(getattr(tip, n))} - of_two_or_none
    assert {name for name in functions if not hasattr(tip.DataPackage, name)} == set()


@pytest.mark.parametrize("name", METHODS)
def test_a_method_takes_what_its_function_takes(name: str) -> None:
    function = inspect.signature(getattr(tip, name)).parameters
    method = inspect.signature(getattr(tip.DataPackage, name)).parameters
    given = {"package", "path"} if name in ("audit", "verify") else {"package"}
    assert [n for n in function if n not in given] == [n for n in method if n != "self"]
    for each in set(function) - given:
        assert function[each].default == method[each].default


def test_a_package_answers_from_its_own_tables(package_copy) -> None:
    row = "repatriation-2018-mfaic-2017-malaysia"
    file = package_copy.path / "data" / "repatriations.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    edited = [line.replace("382", "383") if line.startswith(row) else line for line in lines]
    file.write_text("".join(edited), encoding="utf-8", newline="\n")
    package = tip.open_package(package_copy.path / "datapackage.json")
    with pytest.raises(tip.DataPackageError, match="cambodia-tip stamp"):
        package.load("repatriations")
    assert package.stamp() == ["datapackage.json"]
    assert package.load("repatriations").set_index("id")["value"][row] == 383
    assert package.evidence(row)["quote"].iloc[0] == "383 victims from Malaysia"
    assert package.search("383 victims Malaysia")["id"].to_list() == [row]
    assert tip.search("383 victims Malaysia").empty
    assert package.observations(warn=False).set_index("id")["obs_value"][row] == 383
    assert package.add_up(row) == 383
    assert tip.add_up(row) == 382
    assert package.cite() != tip.cite()
    assert not package.validate().valid  # the parts no longer sum to the whole
    assert package.check(package.load("statutes"), "statutes").valid


def test_an_export_has_the_rows_of_the_package(extension, tmp_path) -> None:
    extension.stamp(tmp_path / "texts", only=["own-2020"])
    file = extension.export("csv", tmp_path / "own.zip")
    with zipfile.ZipFile(file) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("sources.csv"))
        assert b"own-2020," in archive.read(name)


def test_what_is_not_a_package_is_refused(tmp_path) -> None:
    with pytest.raises(tip.FolderNotFoundError):
        tip.open_package(tmp_path)


TEXT = "1. Nothing of this happened.\n\n2. In 2019, 12 victims were repatriated from Thailand.\n"


@pytest.fixture
def extension(package_copy, tmp_path) -> tip.DataPackage:
    """A data package of another name, with a document of its own that is not yet segmented."""
    descriptor = package_copy.descriptor() | {"name": "own", "version": "0.0.1"}
    package_copy.write_descriptor(descriptor)
    document = dict.fromkeys(package_copy.rows("sources")[0], "") | {
        "source_id": "own-2020", "title": "A made-up report", "kind": "report_chapter",
        "publisher": "us-department-of-state", "published": "2020", "published_basis": "stated",
        "standing": "official", "extent": "whole", "url": "https://example.org/own",
        "url_status": "unopened", "terms": "Made up", "division": "numbered",
        "text_made_by": "Made up",
    }  # fmt: skip
    rows = [*package_copy.rows("sources"), document]
    package_copy.write_rows("sources", rows, refresh=False)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "own-2020.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    return tip.open_package(package_copy.path)


def test_stamp_takes_documents_of_ones_own(extension, tmp_path) -> None:
    before = extension.path.joinpath("data", "passages.csv").read_bytes()
    changed = extension.stamp(tmp_path / "texts", only=["own-2020"])
    assert changed == ["data/sources.csv", "data/passages.csv", "datapackage.json"]
    passages = extension.load("passages")
    own = passages[passages["source_id"] == "own-2020"]
    assert own["passage"].to_list() == ["1", "2"]
    source = extension.load("sources").set_index("source_id").loc["own-2020"]
    assert source["bytes"] == len(TEXT)
    assert len(before.splitlines()) + 2 == len(passages) + 1
    assert extension.verify(tmp_path / "texts", only=["own-2020"]).valid
    open_numbers = extension.audit(tmp_path / "texts", only=["own-2020"])
    assert ["'12'" in f.message for f in open_numbers].count(True) == 1
    with pytest.raises(tip.UnknownNameError, match="own-2020"):
        extension.stamp(tmp_path / "texts", only=["own-2021"])


def test_a_package_of_another_name_has_versions_of_its_own(extension, tmp_path) -> None:
    extension.stamp(tmp_path / "texts", only=["own-2020"])
    assert (extension.version, extension.descriptor["name"]) == ("0.0.1", "own")
    assert extension.validate().valid, str(extension.validate())
    assert extension.check(extension.load("ids"), "ids").valid
    assert "Version 0.0.1" in extension.cite()


@pytest.mark.parametrize("given", ["", 0, [], "datapackage", tip.package_path()])
@pytest.mark.parametrize("name", sorted({*METHODS} - {"audit", "verify"}))
def test_what_is_not_a_package_is_never_taken_for_one(name: str, given: object) -> None:
    arguments = {
        "add_up": ["repatriation-2018-mfaic-2017-malaysia"],
        "check": [pd.DataFrame(), "units"],
        "evidence": ["repatriation-2018-mfaic-2017-malaysia"],
        "export": ["csv", "no-such-folder/all.zip"],
        "search": ["vietnam"],
        **{function: ["units"] for function in ("dictionary", "load", "schema")},
    }
    with pytest.raises(TypeError, match="package must be a DataPackage from open_package, not "):
        getattr(tip, name)(*arguments.get(name, []), package=given)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))]
)
def test_a_package_can_be_copied_and_sent_to_another_process(copied) -> None:
    package = tip.open_package()
    package.load("units")
    other = copied(package)
    assert (type(other), other.path, other.version) == (
        tip.DataPackage,
        package.path,
        tip.__version__,
    )
    assert other.load("units").equals(package.load("units"))
    assert other._memory is not package._memory
