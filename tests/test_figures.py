"""All figures in one frame, and which of them may be put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import cambodia_tip as tip

if TYPE_CHECKING:
    from conftest import PackageCopy

MFAIC = "repatriation-2018-mfaic-2017-"
FIGURES = ["enforcement_stats", "repatriations", "training_counts", "victim_stats", "budgets",
           "migration_stats", "capacity_stats", "estimates"]  # fmt: skip


def test_every_figure_is_there_once() -> None:
    frame = tip.observations()
    assert set(frame["table"]) == set(FIGURES)
    for table in FIGURES:
        own = frame[frame["table"] == table].set_index("id")
        expected = tip.load(table).set_index("id")
        assert set(own.index) == set(expected.index)
        assert len(own) == len(expected)
        values = expected["value"].astype("Float64")
        pd.testing.assert_series_equal(
            own.loc[values.index, "obs_value"], values, check_names=False
        )


def test_columns_are_named_after_sdmx() -> None:
    names = set(tip.observations().columns)
    assert {"obs_value", "obs_status", "unit_measure", "ref_area", "time_period", "sex"} <= names
    assert not {"value", "unit", "from_area", "to_area"} & names


def test_a_return_goes_to_the_reference_area() -> None:
    row = tip.observations().set_index("id").loc["repatriation-2018-foreign-victims-2017"]
    assert (row["counterpart_area"], row["ref_area"]) == ("KHM", "VNM")


def test_time_periods_are_iso_8601() -> None:
    periods = tip.observations().set_index("id")["time_period"]
    assert periods["repatriation-2018-mfaic-2016-total"] == "2016"
    assert periods["enforcement-2007-persons-arrested-1996-1999"] == "1996-01-01/1999-12-31"
    assert periods["enforcement-2007-hotel-2005-raids"] == "2005-09-07"
    assert pd.isna(periods["training-2007-police-trained"])


def test_a_year_is_that_of_a_period_within_one_calendar_year() -> None:
    years = tip.observations().set_index("id")["year"]
    assert years.dtype == "Int64"
    assert years["repatriation-2018-mfaic-2016-total"] == 2016
    assert years["enforcement-2007-hotel-2005-raids"] == 2005  # a day
    assert pd.isna(years["enforcement-2007-persons-arrested-1996-1999"])
    assert pd.isna(years["training-2007-police-trained"])  # which has no first day


def test_every_code_has_its_label() -> None:
    frame = tip.observations()
    for name in ("unit_measure", "qualifier", "obs_status", "population", "citizenship",
                 "counterpart_area", "offence", "carried_out_by", "sex", "age"):  # fmt: skip
        assert list(frame.columns).index(f"{name}_label") == list(frame.columns).index(name) + 1
        assert (frame[name].notna() == frame[f"{name}_label"].notna()).all(), name
    row = frame.set_index("id").loc["repatriation-2018-mfaic-2017-malaysia"]
    assert row["counterpart_area_label"] == "Malaysia"


def test_official_figures_can_be_had_alone() -> None:
    sources = tip.load("sources").set_index("source_id")["standing"]
    official = tip.observations(standing="official")
    assert set(official["source_id"].map(sources)) == {"official"}
    assert len(official) < len(tip.observations())


@pytest.mark.parametrize(
    ("column", "changed"),
    [
        ("unit", "cases"),
        ("indicator", "victims_rescued"),
        ("reported_by", "asean"),
        ("qualifier", "at_least"),
        ("period_start", pd.Timestamp("2016-01-01")),
    ],
)
def test_rows_of_which_anything_was_changed_are_not_added(column: str, changed: object) -> None:
    rows = tip.load("repatriations").set_index("id")
    rows = rows.loc[["repatriation-2018-mfaic-2017-malaysia"]].astype({column: object})
    assert tip.add_up(rows) == 382
    with pytest.raises(tip.NotAdditiveError, match=f"has the {column} .* in the package, and"):
        tip.add_up(rows.assign(**{column: changed}))


@pytest.mark.parametrize("answer", [tip.evidence, tip.cite])
def test_a_record_with_another_quote_is_not_that_of_the_package(answer: Any) -> None:
    rows = tip.load("repatriations").head(3)
    answer(rows)
    with pytest.raises(tip.UnknownNameError, match=r"has the quote .* in the package, and 'Ten' "):
        answer(rows.assign(quote="Ten"))


@pytest.mark.parametrize("column", ["value", "obs_value"])
def test_rows_whose_values_were_changed_are_not_added(column: str) -> None:
    rows = tip.observations() if column == "obs_value" else tip.load("repatriations")
    rows = rows[rows["id"] == "repatriation-2018-mfaic-2017-malaysia"]
    assert tip.add_up(rows) == tip.add_up(rows.set_index("id")) == 382
    message = f"has the {column} 382 in the package, and 1 here"
    with pytest.raises(tip.NotAdditiveError, match=message):
        tip.add_up(rows.assign(**{column: 1}))
    with pytest.raises(TypeError, match="pass rows or ids, not values"):
        tip.add_up(rows[column])


def test_each_call_gives_a_fresh_frame() -> None:
    frame = tip.observations()
    frame["obs_value"] = 0.0
    assert tip.observations()["obs_value"].sum() > 0


def test_a_series_keeps_apart_what_the_documents_keep_apart() -> None:
    frame = tip.observations()
    for name in ("indicator", "unit_measure", "population", "ref_area", "reported_by", "offence"):
        assert frame.groupby("series")[name].nunique(dropna=False).eq(1).all(), name


def test_a_series_has_one_value_for_a_time() -> None:
    frame = tip.observations()
    dated = frame[frame["is_latest"]].dropna(subset=["time_period"])
    double = dated[dated.duplicated(["series", "time_period"], keep=False)]
    assert list(double["id"]) == []


def test_rows_that_must_not_be_compared_are_of_several_series() -> None:
    series = tip.observations().set_index("id")["series"]
    caveats = tip.load("caveats").set_index("id")["kind"]
    for caveat, rows in tip.load("row_caveats").groupby("caveat_id")["row_id"]:
        if caveats[caveat] == "not_comparable":
            own = series[series.index.intersection(rows)]
            assert own.empty or own.nunique() > 1, (caveat, list(own))


def test_the_years_of_one_reporter_are_one_series() -> None:
    frame = tip.observations().set_index("id")
    for first, second in [
        (MFAIC + "total", "repatriation-2018-mfaic-2016-total"),
        ("enforcement-2018-persons-prosecuted-2016", "enforcement-2018-persons-prosecuted-2017"),
        ("budget-2018-committee-2016-riel", "budget-2018-committee-2017-riel"),
    ]:
        assert frame.loc[first, "series"] == frame.loc[second, "series"]


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([MFAIC + c for c in "malaysia thailand vietnam china laos indonesia japan singapore "
          "myanmar".split()], 986),
        ([MFAIC + "malaysia", MFAIC + "thailand"], 670),
        ([MFAIC + "total", "repatriation-2018-mfaic-2016-total"], 1801),
        (["enforcement-2004-persons-serving-sentence", "enforcement-2004-persons-awaiting-trial"],
         153),
        ([MFAIC + "total"], 986),
        (["estimate-2007-share-women-among-traffickers"], 0.6667),
    ],
)  # fmt: skip
def test_what_may_be_added_up(rows: list[str], total: float) -> None:
    assert tip.add_up(rows) == total
    frame = tip.observations()
    assert tip.add_up(frame[frame["id"].isin(rows)]) == total


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([MFAIC + "total", "repatriation-2018-mosavy-2017-total"], "2 series: they differ in"),
        ([MFAIC + "total", MFAIC + "malaysia"], "whole, not both; part: .*382 persons, 2017, Min"),
        ([MFAIC + "total", "repatriation-2018-ngo-2017"], "reported_by"),
        ([MFAIC + "total", MFAIC + "total"], "named twice"),
        (["training-2009-officials-trained", "training-2009-police-trained"], "is part of"),
        (["enforcement-2007-persons-arrested-1996-1999",
          "enforcement-2007-persons-arrested-2000-2004"], "the length of their periods"),
        (["enforcement-2018-persons-convicted-2016", "enforcement-2018-persons-convicted-2017"],
         "has a qualifier .at_least."),
        (["estimate-2007-svay-pak-children"], "is a range"),
        (["capacity-2018-provincial-committees-with-plan",
          "capacity-2018-provincial-committees-with-plan-2016"], "not a flow \\(attribute\\)"),
        ([], "no rows"),
        (["victims-2018-mosavy-referred-2016", "victims-2018-mosavy-referred-2017"], "no value"),
        (["training-2009-judges-and-prosecutors-planned", "training-2009-officials-trained"],
         "planned|qualifier"),
        (["budget-2018-committee-2017-riel", "budget-2018-committee-2017-dollars"],
         "unit_measure"),
        (["capacity-2004-temporary-shelters", "capacity-2018-phnom-penh-shelter"], "differ in"),
    ],
)  # fmt: skip
def test_what_may_not_be_added_up(rows: list[str], reason: str) -> None:
    with pytest.raises(tip.NotAdditiveError, match=reason):
        tip.add_up(rows)


@pytest.mark.parametrize("format", ["duckdb", "sqlite", "xlsx"])
def test_a_package_of_fewer_tables_has_figures_and_exports_them(
    small_package: PackageCopy, format: str, tmp_path: Path
) -> None:
    package = tip.open_package(small_package.path)
    assert "restatements" not in package.tables()["name"].tolist()
    figures = package.observations(warn=False)
    assert figures["is_latest"].all()
    assert len(figures) == sum(len(package.load(t, warn=False)) for t in set(figures["table"]))
    package.export(format, tmp_path / f"figures.{format}")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("statute-untac-law", "'statute-untac-law' is not a figure, but a record of statutes"),
        ("raid-2006-08-brothels", "the id 'raid-2006-08-brothels' is retired since 0.2.0; "
         "'raid-2006-08-establishments' took its place"),
        ("tip-2018", "'tip-2018' is a document, not a row; cite() cites it"),
        ("repatriation-2018-malasia", "no figure 'repatriation-2018-malasia'; did you mean "
         "'repatriation-2018-mfaic-2017-malaysia'?"),
    ],
)  # fmt: skip
def test_an_id_that_is_no_figure_is_a_clear_error(row: str, message: str) -> None:
    with pytest.raises(tip.UnknownNameError) as error:
        tip.add_up(row)
    assert str(error.value) == message


def test_a_number_that_is_text_is_told_as_such() -> None:
    rows = tip.load("repatriations", warn=False).head(1)
    assert tip.add_up(rows) == 98
    with pytest.raises(tip.NotAdditiveError, match=r"the value 98 in .*, and the text '98' here"):
        tip.add_up(rows.assign(value="98"))


def test_a_row_of_a_frame_with_the_ids_in_its_index_is_a_row() -> None:
    rows = tip.load("repatriations", warn=False).set_index("id")
    assert tip.add_up(rows.iloc[0]) == 98
    assert tip.evidence(rows.iloc[0])["id"].to_list() == [rows.index[0]]
