"""What would harm whoever uses the merged table."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cambodia_tip as tip
import pandas as pd
import pytest

import returns_from_abroad as returns


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data package was written."""
    return tmp_path_factory.mktemp("written")


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables that were written to the folder."""
    return returns.write(folder)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of our rows, to break."""
    return Path(shutil.copytree(returns.OWN, tmp_path / "own"))


def edit(own: Path, table: str, old: str, new: str) -> None:
    file = own / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_bytes(text.replace(old, new).encode("utf-8"))


def test_every_row_is_there_once_with_its_source_and_its_words(
    folder: Path, tables: dict[str, pd.DataFrame]
) -> None:
    merged = tables["repatriations"]
    theirs = {row["id"]: row for row in rows(tip.package_path() / "data" / "repatriations.csv")}
    ours = {row["id"]: row for row in rows(returns.OWN / "repatriations.csv")}
    written = rows(folder / "data" / "repatriations.csv")
    assert {row["id"]: row for row in written} == {**theirs, **ours}
    assert len(written) == len(merged) == len(theirs) + len(ours)
    assert merged[["source_id", "passage", "quote"]].notna().all(axis=None)


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def test_nothing_that_may_overlap_is_summed(tables: dict[str, pd.DataFrame]) -> None:
    totals = returns.totals(tables["repatriations"])
    assert totals.loc["repatriation-2018-mfaic-2017-total", "value"] == 986
    assert totals.loc["repatriation-2018-mosavy-2017-total", "value"] == 243
    assert list(totals[totals["to_area"] == "XAC"]["value"]) == [40, 25]
    assert not {"repatriation-2018-mfaic-2017-malaysia", "made-up-2019-agency-2018-a"} & set(
        totals.index
    )


def test_caveats_come_along(tables: dict[str, pd.DataFrame]) -> None:
    links = tables["row_caveats"].merge(tables["caveats"], left_on="caveat_id", right_on="id")
    overlap = set(links.loc[links["kind"] == "overlap", "row_id"])
    assert {"repatriation-2018-mosavy-2017-total", "made-up-2019-shelter-2018"} <= overlap
    known = {row for table in tables.values() if "id" in table for row in table["id"]}
    assert set(tables["row_caveats"]["row_id"]) <= known


def test_the_descriptor_names_what_it_was_made_of_and_what_was_written(
    folder: Path, tables: dict[str, pd.DataFrame]
) -> None:
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["sources"] == [{"title": tip.cite(), "version": tip.__version__}]
    assert {entry["name"] for entry in descriptor["resources"]} == set(tables)
    assert set(tables) >= {"repatriations", "sources", "organizations", "areas", "caveats"}
    for entry in descriptor["resources"]:
        content = (folder / entry["path"]).read_bytes()
        assert entry["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        for key in entry["schema"].get("foreignKeys", []):
            assert key["reference"].get("resource", entry["name"]) in tables


@pytest.mark.usefixtures("tables")
def test_the_same_is_written_again(folder: Path, tmp_path: Path) -> None:
    returns.write(tmp_path)
    one, two = ({f.name: f.read_bytes() for f in x.rglob("*.*")} for x in (folder, tmp_path))
    assert one == two


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda own: edit(own, "repatriations", ",10,persons,", ",ten,persons,"),
            "repatriations.csv, line 3, value: 'ten'",
        ),
        (
            lambda own: edit(own, "repatriations", "from country B,", "to country B,"),
            "repatriations.csv, line 3: made-up-2019 has no words '10 to country B'",
        ),
        (
            lambda own: edit(own, "repatriations", ",10,persons,", ",11,persons,"),
            "the parts of made-up-2019-agency-2018-total sum to 41",
        ),
        (
            lambda own: edit(own, "repatriations", "made-up-2019-shelter-2018", "shelter-2018"),
            "line 5: the id must begin with 'made-up-'",
        ),
        (lambda own: edit(own, "areas", "XAB", "THA"), "line 3, area: 'THA'"),
        (
            lambda own: edit(own, "organizations", "id,label,", "id,name,"),
            "organizations.csv, ",
        ),
        (
            lambda own: (own / "documents" / "made-up-2019.txt").write_text("Other words."),
            "made-up-2019.txt is not the document that sources.csv lists",
        ),
    ],
)
def test_wrong_rows_are_named_and_nothing_is_written(
    own: Path, tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(own)
    with pytest.raises(returns.WrongRowsError) as raised:
        returns.write(tmp_path / "out", own)
    assert message in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_the_command_shows_the_figures_and_cites_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["returns-from-abroad", str(tmp_path)])
    returns.main()
    printed = capsys.readouterr().out
    assert printed.rstrip().endswith(tip.cite())
    assert "made-up-2019-shelter-2018" in printed
