"""The pandera schemas: they accept every table and find what `validate` finds."""

from __future__ import annotations

import io

import pandas as pd
import pandera.errors
import pytest

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package


def test_every_table_passes_its_schema(any_table: str) -> None:
    frame = tip.load(any_table)
    pd.testing.assert_frame_equal(tip.schema(any_table).validate(frame), frame)


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("value", -1, "greater_than_or_equal_to(0)"),
        ("id", "An Id", "str_matches"),
        ("id", None, "not_nullable"),
        ("reported_by", None, "not_nullable"),
        ("from_area", "Malaysia", "str_matches"),
        ("countries", 0, "greater_than_or_equal_to(1)"),
    ],
)
def test_a_wrong_cell_fails(column: str, value: object, check: str) -> None:
    frame = tip.load("repatriations")
    frame.loc[3, column] = value
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        tip.schema("repatriations").validate(frame, lazy=True)
    cases = caught.value.failure_cases
    assert set(cases["column"]) == {column}
    assert cases["check"].str.startswith(check).all()
    assert set(cases["index"]) == {3}


def test_an_unknown_code_fails_before_any_cast() -> None:
    frame = tip.load("repatriations").astype({"qualifier": "object"})
    frame.loc[0, "qualifier"] = "roughly"
    with pytest.raises(pandera.errors.SchemaErrors):
        tip.schema("repatriations").validate(frame, lazy=True)


def test_a_double_key_fails() -> None:
    frame = tip.load("row_caveats")
    with pytest.raises(pandera.errors.SchemaError, match="not unique"):
        tip.schema("row_caveats").validate(pd.concat([frame, frame.head(1)], ignore_index=True))


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.drop(columns="quote"),
        lambda frame: frame.assign(more=1),
        lambda frame: frame[frame.columns[::-1]],
        lambda frame: frame.astype({"value": "float64"}),
    ],
    ids=["missing", "extra", "moved", "dtype"],
)
def test_other_columns_fail(change) -> None:
    with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
        tip.schema("repatriations").validate(change(tip.load("repatriations")))


def test_rows_of_your_own_can_be_coerced() -> None:
    frame = tip.load("units").astype(object)
    checked = tip.schema("units", coerce=True).validate(frame)
    pd.testing.assert_frame_equal(checked, tip.load("units"))


def test_a_line_break_at_the_end_is_no_match() -> None:
    frame = tip.load("repatriations")
    frame.loc[3, "from_area"] = "MYS\n"
    with pytest.raises(pandera.errors.SchemaError, match="str_matches"):
        tip.schema("repatriations").validate(frame)


def test_text_from_a_file_is_read(any_table: str) -> None:
    file = open_package().resource(any_table).path
    text = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    checked = tip.schema(any_table, coerce=True).validate(text)
    pd.testing.assert_frame_equal(checked, tip.load(any_table))


def test_a_table_that_pandas_wrote_is_read_again(any_table: str) -> None:
    frame = tip.load(any_table)
    file = io.StringIO(frame.to_csv(index=False))
    text = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    pd.testing.assert_frame_equal(tip.schema(any_table, coerce=True).validate(text), frame)


def test_the_frame_that_is_checked_stays_as_it_is() -> None:
    file = open_package().resource("repatriations").path
    frame = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    before = frame.copy()
    checked = tip.schema("repatriations", coerce=True).validate(frame)
    pd.testing.assert_frame_equal(frame, before)
    tip.schema("repatriations", coerce=True).validate(frame, inplace=True)
    pd.testing.assert_frame_equal(frame, checked)


@pytest.mark.parametrize("coerce", [False, True])
def test_a_double_index_is_kept_and_rows_are_named_by_position(coerce: bool) -> None:
    schema = tip.schema("row_caveats", coerce=coerce)
    frame = tip.load("row_caveats").iloc[:3].set_axis(["a", "a", "b"])
    pd.testing.assert_frame_equal(schema.validate(frame), frame)
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(pd.concat([frame, frame.iloc[:1]]), lazy=True)
    assert set(caught.value.failure_cases["index"]) == {0, 3}


def test_a_column_that_is_there_twice_fails() -> None:
    frame = tip.load("units")
    with pytest.raises(pandera.errors.SchemaError, match="multiple columns"):
        tip.schema("units").validate(frame[[frame.columns[0], *frame.columns]])


def test_days_are_to_the_second_and_have_no_time() -> None:
    schema = tip.schema("repatriations")
    frame = tip.load("repatriations")
    with pytest.raises(pandera.errors.SchemaError, match=r"datetime64\[ns\]"):
        schema.validate(frame.astype({"period_start": "datetime64[ns]"}))
    frame["period_start"] += pd.Timedelta(hours=1)
    with pytest.raises(pandera.errors.SchemaError, match="without a time of day"):
        schema.validate(frame)


def test_a_schema_knows_its_descriptions() -> None:
    column = tip.schema("penalties").columns["article"]
    words = "Article or articles of the instrument, as printed, if the text gives them."
    assert column.description == words
