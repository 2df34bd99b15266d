"""What several parts of the library share: values of cells, JSON, and paths in a package."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cambodia_tip as tip
from cambodia_tip.package.descriptor import inside
from cambodia_tip.package.json_files import read_object
from cambodia_tip.package.model import Field, limit, reader
from cambodia_tip.package.opening import open_package


def field_of(type: str, **constraints: object) -> Field:
    fields = (f for r in open_package().resources.values() for f in r.fields)
    found = next(f for f in fields if f.type == type and not f.categories)
    return Field(**{**vars(found), "constraints": constraints})


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("string", "007", "007"),
        ("integer", "-12", -12),
        ("number", "4.9", 4.9),
        ("boolean", "false", False),
        ("date", "2004-02-29", datetime.date(2004, 2, 29)),
    ],
)
def test_a_cell_is_a_value_of_its_type(type: str, text: str, value: object) -> None:
    found = reader(field_of(type))(text)
    assert (found, found.__class__) == (value, value.__class__)


@pytest.mark.parametrize(
    ("type", "text"),
    [
        *[("integer", text) for text in ("1_000", " 1", "1.0", "+1", "\u0661", "9" * 19)],
        *[("number", text) for text in ("nan", "1e3", "1,5", "inf")],
        *[("boolean", text) for text in ("True", "1", "yes")],
        *[("date", text) for text in ("2003-02-29", "20030101", "0000-01-01", "2003-W01-1")],
    ],
)
def test_text_of_another_form_is_no_value(type: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        reader(field_of(type))(text)


def test_only_the_codes_of_a_list_are_values() -> None:
    kind = open_package().resource("areas").field("kind")
    assert reader(kind)("country") == "country"
    with pytest.raises(ValueError, match="planet"):
        reader(kind)("planet")


def test_a_limit_compares_with_values() -> None:
    since = datetime.date(2000, 1, 1)
    assert limit(field_of("date", minimum="2000-01-01"), "minimum") == since
    assert limit(field_of("integer", maximum=12), "maximum") == 12


def test_tables_with_a_measure_have_figures() -> None:
    found = {name for name, table in open_package().resources.items() if table.has_figures}
    assert found == set(tip.observations()["table"])
    assert "repatriations" in found
    assert "statutes" not in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": -Infinity}', "-Infinity is not a number"),
        ('{"a": 1, "a": 2}', "'a' occurs twice in one object"),
        ('\ufeff{"a": 1}', "byte-order mark; save it as plain UTF-8"),
    ],
)
def test_json_that_readers_understand_in_two_ways_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "datapackage.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(tip.DataPackageError, match=words):
        read_object(file)


@pytest.mark.parametrize(
    "path",
    ["../a.csv", "data/../../a.csv", "/a.csv", "..\\a.csv", "data\\a.csv", "C:\\a.csv", "C:a.csv"],
)
def test_a_path_must_stay_in_the_package(tmp_path: Path, path: str) -> None:
    with pytest.raises(tip.DataPackageError, match=r"leads out of the package$"):
        inside(tmp_path, path, "here")


def test_a_path_may_lead_to_a_folder_of_the_package(tmp_path: Path) -> None:
    assert inside(tmp_path, "data/a.csv", "here") == tmp_path / "data" / "a.csv"


def test_a_link_to_a_file_elsewhere_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    try:
        (tmp_path / "package" / "a.csv").symlink_to(tmp_path / "a.csv")
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(tip.DataPackageError, match="through a link"):
        inside(tmp_path / "package", "a.csv", "here")


def test_the_exports_have_the_values_of_the_frames(any_table: str) -> None:
    from cambodia_tip.exports.rows import columns_of

    frame = tip.load(any_table)
    for name, values in columns_of(open_package().resource(any_table)).items():
        assert [plain(cell) for cell in frame[name].astype(object)] == values


def plain(cell: Any) -> Any:
    if pd.isna(cell):
        return None
    return cell.date() if isinstance(cell, datetime.datetime) else cell


def test_a_long_path_keeps_its_end() -> None:
    path = "/a-folder" * 20 + "/mine.zip"
    with pytest.raises(tip.FolderNotFoundError, match=r"^'/a-folder.*….*/mine\.zip' is not a data"):
        tip.open_package(path)
