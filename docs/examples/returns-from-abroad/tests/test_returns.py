"""What must hold of the data package, whatever rows we add."""

from __future__ import annotations

import shutil
from pathlib import Path

import cambodia_tip as tip
import pandas as pd
import pytest

import returns_from_abroad as returns


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data package is written."""
    return tmp_path_factory.mktemp("written")


@pytest.fixture(scope="module")
def package(folder: Path) -> tip.DataPackage:
    """The data package, in which nothing is wrong."""
    package, reports = returns.build(folder)
    assert all(report.valid for report in reports), "\n".join(map(str, reports))
    return package


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of our rows, to break."""
    return Path(shutil.copytree(returns.OWN, tmp_path / "own"))


def ours() -> pd.DataFrame:
    return returns.rows(returns.OWN / "repatriations.csv")


def test_our_rows_stand_beside_those_of_cambodia_tip(package: tip.DataPackage) -> None:
    merged, theirs = (p.load("repatriations", warn=False) for p in (package, tip.open_package()))
    is_ours = merged["id"].isin(ours()["id"])
    assert merged[~is_ours].reset_index(drop=True).equals(theirs)
    assert is_ours.sum() == len(ours())


def test_each_figure_has_its_document_and_is_found(package: tip.DataPackage) -> None:
    evidence = package.evidence(ours()["id"])
    assert evidence[["passage", "quote", "title"]].notna().all(axis=None)
    assert ours()["id"][0] in set(package.search(ours()["quote"][0])["id"])


def test_it_says_what_it_is_made_with(package: tip.DataPackage) -> None:
    assert str(package.descriptor["description"]).endswith(f"Made with {tip.cite()}")
    assert package.cite() != tip.cite()


def test_building_it_again_changes_nothing(package: tip.DataPackage) -> None:
    again, _ = returns.build(package.path)
    assert again.cite() == package.cite()


def test_a_row_can_be_checked_before_it_is_in_a_file(package: tip.DataPackage) -> None:
    rows = package.load("repatriations", warn=False)
    row = rows[rows["id"] == ours()["id"][0]]
    assert package.check(row, "repatriations").valid
    assert not package.check(row.assign(value=row["value"] + 1), "repatriations").valid


def test_a_wrong_value_and_wrong_words_are_found(own: Path, tmp_path: Path) -> None:
    rows = ours()
    rows.loc[0, ["value", "quote"]] = ["987654", "not in our documents"]
    rows.to_csv(own / "repatriations.csv", index=False)
    _, reports = returns.build(tmp_path / "out", own)
    for report, rule in zip(reports, ["printed", "quote-not-found"], strict=True):
        assert (ours()["id"][0], rule) in {(found.row, found.rule) for found in report}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("repatriations.csv", b"id\nx\ny,z\n", "repatriations.csv: .* line 3"),
        ("repatriations.csv", b"id,name\n", "repatriations.csv.*name"),
        ("repatriations.csv", "id\ncaf\xe9\n".encode("cp1252"), "repatriations.csv: 'utf-8'"),
        ("repatriation.csv", b"id\n", "repatriation.csv"),
        ("organizations.csv", b"id\nadhoc\n", "'adhoc' is twice in organizations"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(
    own: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (own / name).write_bytes(content)
    with pytest.raises((tip.CambodiaTipError, OSError, ValueError), match=message):
        returns.build(tmp_path / "out", own)


def test_the_command_reports_and_cites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["returns-from-abroad", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as done:
        returns.main()
    assert not done.value.code
    *reports, citation = capsys.readouterr().out.splitlines()
    assert [line.endswith("nothing wrong") for line in reports] == [True, False, True]
    assert citation == tip.open_package(tmp_path / "out").cite()
