"""What would harm whoever uses the merged table.

The rows in the folder `own` beside this file are made up: they stay when those of the project
change.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import cambodia_tip as tip
import pandas as pd
import pytest

import returns_from_abroad as returns

OWN = Path(__file__).parent / "own"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data package was written."""
    return tmp_path_factory.mktemp("written")


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables that were written to the folder."""
    return returns.write(folder, OWN)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the made-up rows, to break."""
    return Path(shutil.copytree(OWN, tmp_path / "own"))


def edit(own: Path, name: str, *changes: str) -> None:
    """Replace the first of each two texts by the second, in a file."""
    file = own / name
    text = file.read_text(encoding="utf-8")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    file.write_bytes(text.encode("utf-8"))


def test_the_rows_of_this_project_are_taken(tmp_path: Path) -> None:
    merged = returns.write(tmp_path)["repatriations"]
    assert set(returns.own_rows("repatriations")["id"]) <= set(merged["id"])


def test_every_row_is_there_once_with_its_source_and_its_words(
    folder: Path, tables: dict[str, pd.DataFrame]
) -> None:
    merged = tables["repatriations"]
    theirs = {row["id"]: row for row in rows(tip.package_path() / "data" / "repatriations.csv")}
    ours = {row["id"]: row for row in rows(OWN / "repatriations.csv")}
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
    assert {"indicator", "population", "obs_status"} <= set(totals)
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
    returns.write(tmp_path, OWN)
    one, two = ({f.name: f.read_bytes() for f in x.rglob("*.*")} for x in (folder, tmp_path))
    assert one == two


def test_all_that_it_links_to_is_found_by_any_number_of_steps() -> None:
    def entry(*targets: str) -> dict[str, object]:
        keys = [{"reference": {"resource": target}} for target in targets]
        return {"schema": {"foreignKeys": keys}}

    entries = {"a": entry("b", ""), "b": entry("c"), "c": entry("a"), "d": entry("a")}
    assert returns._with_linked(["a"], entries) == ["a", "b", "c"]


R = "repatriations.csv"


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        (R, [",10,persons,", ",ten,persons,"], f"{R}, line 3, value: 'ten'"),
        (R, ["from country B,", "to country B,"], "line 3: made-up-2019 has no words '10 to count"),
        (R, ["30 of them", "0 of them"], "line 2: made-up-2019 has no words '0 of them"),
        (
            R,
            [",40,", ",41,", "assisted 40 persons to return to country C", "made-up report"],
            f"{R}, line 4: the quote does not have the value, 41",
        ),
        (R, [",30,", ",0,"], f"{R}, line 2: the quote does not have the value, 0"),
        (
            R,
            [",10,persons,", ",30,persons,", "10 from country B", "30 of them"],
            "the parts of made-up-2019-agency-2018-total sum to 60, and it says 40",
        ),
        (
            R,
            ["total,breakdown", "all,breakdown"],
            "line 2: part_of names no row, 'made-up-2019-age",
        ),
        (R, ["2018-01-01", "2019-01-01"], f"{R}, line 2: period_start is after period_end"),
        (R, [",25,persons", ",,persons"], "line 5: value must be filled where obs_status is repo"),
        (R, ["reported,victims", "not_reported,victims"], "line 5: value must be empty where obs_"),
        (
            R,
            ["made-up-2019-shelter-2018", "shelter-2018"],
            "line 5: the id must begin with 'made-up-'",
        ),
        (
            R,
            ["made-up-2019-shelter-2018", "repatriation-2018-ngo-2017"],
            f"{R}, line 5: 'repatriation-2018-ngo-2017' is an id of cambodia-tip already",
        ),
        (R, ["country C,Made up.", "country C, Made up,."], f"{R}, line 4: 24 cells, not 23"),
        (R, ["country B,Made up.", "country B"], f"{R}, line 3: 22 cells, not 23"),
        (R, ["country B,Made", 'country B,"Made'], f"{R}, line 3: unexpected end of data"),
        (
            R,
            ["country A,Made up.\n", 'country A,"Made\nup."\n\n', ",10,persons,", ",ten,persons,"],
            f"{R}, line 5, value: 'ten'",
        ),
        ("areas.csv", ["XAB", "THA"], "areas.csv, line 3: 'THA' is an id of cambodia-tip already"),
        (
            "organizations.csv",
            ["id,label,", "id,name,"],
            "organizations.csv: missing columns: label; unknown or doubled: name",
        ),
        (
            "row_caveats.csv",
            ["shelter-2018", "shelter-2017"],
            "row_caveats.csv, line 3: row_id names no row, 'made-up-2019-shelter-2017'",
        ),
        (
            "documents/made-up-2019.txt",
            ["25 victims", "26 victims"],
            "made-up-2019.txt is not the document that sources.csv lists",
        ),
        ("datapackage.json", ["{", "["], "datapackage.json is not valid JSON: "),
        ("datapackage.json", ["idPrefix", "prefix"], "datapackage.json: it must have an idPrefix"),
    ],
)
def test_wrong_rows_are_named_and_nothing_is_written(
    own: Path, tmp_path: Path, name: str, changes: list[str], message: str
) -> None:
    edit(own, name, *changes)
    assert message in refused(own, tmp_path / "out")


def refused(own: Path, folder: Path) -> str:
    """What the command says of files that it does not take."""
    with pytest.raises(SystemExit) as stopped:
        returns.main([str(folder), "--own", str(own)])
    assert not folder.exists()
    return str(stopped.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (R, b"", f"{R} is empty"),
        (R, "id\ncaf\xe9\n".encode("cp1252"), f"{R} is not in UTF-8"),
        ("datapackage.json", b"", "datapackage.json is not valid JSON"),
        ("datapackage.json", b"[]", "datapackage.json: it must have an idPrefix"),
        (
            "repatriation.csv",
            b"id\n",
            "repatriation.csv is for none of the tables: repatriations, ",
        ),
        ("ids.csv", b"id\n", "ids.csv is for none of the tables: repatriations, "),
    ],
)
def test_files_that_cannot_be_read_or_are_for_nothing_are_named(
    own: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (own / name).write_bytes(content)
    assert message in refused(own, tmp_path / "out")


def test_files_that_are_missing_are_named(own: Path, tmp_path: Path) -> None:
    (own / "datapackage.json").unlink()
    assert "datapackage.json" in refused(own, tmp_path / "out")
    assert "nowhere" in refused(own / "nowhere", tmp_path / "out")


@pytest.mark.parametrize(
    "silent", [",10,persons,unqualified,printed,", ",40,persons,unqualified,printed,"]
)
def test_where_a_value_is_missing_parts_are_not_summed(
    own: Path, tmp_path: Path, silent: str
) -> None:
    edit(own, R, f"{silent}reported", ",,persons,unqualified,printed,not_reported")
    assert returns.write(tmp_path / "out", own)["repatriations"]["value"].isna().sum() == 1


@pytest.mark.parametrize(
    ("value", "words"), [("1030", "1,030"), ("1030", "1030"), ("3", "Three"), ("0", "no")]
)
def test_a_number_is_found_in_its_quote(own: Path, tmp_path: Path, value: str, words: str) -> None:
    quote = f"{words} victims"
    document = own / "documents" / "made-up-2019.txt"
    before = hashlib.sha256(document.read_bytes()).hexdigest()
    edit(own, "documents/made-up-2019.txt", "25 victims", quote)
    after = hashlib.sha256(document.read_bytes()).hexdigest()
    edit(own, "sources.csv", before, after)
    edit(
        own, R, ",25,", f",{value},", "received 25 victims who returned to country C", f'"{quote}"'
    )
    merged = returns.write(tmp_path / "out", own)["repatriations"].set_index("id")
    assert merged.loc["made-up-2019-shelter-2018", "value"] == int(value)


def test_order_of_columns_and_marks_of_spreadsheets_do_not_matter(
    own: Path, tmp_path: Path, tables: dict[str, pd.DataFrame]
) -> None:
    text = (own / "row_caveats.csv").read_text(encoding="utf-8")
    lines = [",".join(reversed(line.split(","))) for line in text.splitlines()]
    (own / "row_caveats.csv").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    again = returns.write(tmp_path / "out", own)
    pd.testing.assert_frame_equal(again["row_caveats"], tables["row_caveats"])


def test_the_command_shows_the_figures_and_cites_the_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    returns.main([str(tmp_path), "--own", str(OWN)])
    printed = capsys.readouterr().out
    assert "made-up-2019-shelter-2018" in printed
    *_, citation, last = printed.splitlines()
    assert citation == tip.cite()
    assert "overlap may count the same persons; row_caveats.csv names them" in last


def test_asking_for_help_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        returns.main(["--help"])
    assert "folder" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())
