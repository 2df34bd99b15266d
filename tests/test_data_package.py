"""A data package as an object: it answers from its own tables."""

from __future__ import annotations

import inspect

import pytest

import cambodia_tip as tip

METHODS = ("add_up", "check", "cite", "dictionary", "evidence", "export", "load",
           "observations", "schema", "search", "tables")  # fmt: skip


def test_the_installed_package_answers_as_the_functions_do() -> None:
    package = tip.open_package()
    assert package.load("statutes").equals(tip.load("statutes"))
    assert package.tables().equals(tip.tables())
    assert package.cite() == tip.cite()
    assert (
        repr(package) == f"<DataPackage cambodia-tip {tip.__version__}: {len(tip.tables())} tables>"
    )


@pytest.mark.parametrize("name", METHODS)
def test_a_method_takes_what_its_function_takes(name: str) -> None:
    function = inspect.signature(getattr(tip, name)).parameters
    method = inspect.signature(getattr(tip.DataPackage, name)).parameters
    assert [n for n in function if n != "package"] == [n for n in method if n != "self"]
    for each in set(function) - {"package"}:
        assert function[each].default == method[each].default


def test_a_package_answers_from_its_own_tables(package_copy) -> None:
    row = "repatriation-2018-mfaic-2017-malaysia"
    file = package_copy.path / "data" / "repatriations.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    edited = [line.replace("382", "383") if line.startswith(row) else line for line in lines]
    file.write_text("".join(edited), encoding="utf-8", newline="\n")
    package = tip.open_package(package_copy.path)
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


def test_what_is_not_a_package_is_refused(tmp_path) -> None:
    with pytest.raises(tip.FolderNotFoundError):
        tip.open_package(tmp_path)
