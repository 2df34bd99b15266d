"""The pandera schemas: they accept every table and find what `validate` finds."""

from __future__ import annotations

import pandas as pd
import pandera.errors
import pytest

import cambodia_tip as tip


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


def test_a_schema_knows_its_descriptions() -> None:
    column = tip.schema("penalties").columns["article"]
    assert column.description == "Article of the instrument, where the text gives it."
