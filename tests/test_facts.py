"""Figures that a reader of the documents finds there; none of them is taken from the tables."""

from __future__ import annotations

import pandas as pd
import pytest

import cambodia_tip as tip


def only(table: str, **wanted: object) -> pd.DataFrame:
    frame = tip.load(table)
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    return frame


MFAIC = "ministry-of-foreign-affairs-and-international-cooperation"
MOSAVY = "ministry-of-social-affairs-veterans-and-youth-rehabilitation"


@pytest.mark.parametrize(
    ("reporter", "total", "countries"),
    [
        (
            MFAIC,
            986,
            {
                "MYS": 382, "THA": 288, "VNM": 171, "CHN": 53, "LAO": 49,
                "IDN": 23, "JPN": 12, "SGP": 5, "MMR": 3,
            },
        ),
        (
            MOSAVY,
            243,
            {
                "MYS": 114, "THA": 45, "IDN": 21, "CHN": 21, "SOM": 18,
                "VNM": 16, "JPN": 6, "SAU": 1, "SGP": 1,
            },
        ),
    ],
)  # fmt: skip
def test_repatriations_of_2017_by_country(
    reporter: str, total: int, countries: dict[str, int]
) -> None:
    rows = only("repatriations", reported_by=reporter)
    rows = rows[rows["period_start"] == "2017-01-01"]
    parts = rows[rows["part_role"] == "breakdown"]
    assert dict(zip(parts["from_area"], parts["value"], strict=True)) == countries
    whole = rows[rows["part_of"].isna()]
    assert list(whole["value"]) == [total] == [sum(countries.values())]


def test_repatriations_of_the_year_before_and_of_others() -> None:
    values = tip.load("repatriations").set_index("id")["value"]
    for row, value in {
        "repatriation-2018-mfaic-2016-total": 815,
        "repatriation-2018-mosavy-2016-total": 195,
        "repatriation-2018-ngo-2017": 395,
        "repatriation-2018-foreign-victims-2017": 3,
        "repatriation-2018-foreign-victims-2016": 13,
        "repatriation-2006-thai-authorities-2005": 98,
    }.items():
        assert values[row] == value


def test_the_two_ministries_share_a_caveat_of_overlap() -> None:
    caveats = tip.load("row_caveats").merge(
        tip.load("caveats"), left_on="caveat_id", right_on="id", suffixes=("", "_caveat")
    )
    overlaps = caveats[caveats["kind"] == "overlap"].groupby("caveat_id")["row_id"].agg(set)
    pair = {"repatriation-2018-mfaic-2017-total", "repatriation-2018-mosavy-2017-total"}
    assert any(pair <= rows for rows in overlaps)
    assert only("repatriations", reported_by=MOSAVY)["population"].eq("nationals").all()


def test_arrests_of_2003_equal_their_breakdown() -> None:
    rows = only("enforcement_stats", source_id="tip-2004", reported_by="ministry-of-interior")
    values = rows.set_index("indicator")["value"]
    assert values["persons_arrested"] == 153
    assert values["persons_serving_sentence"] == 142
    assert values["persons_awaiting_trial"] == 11
    assert list(rows["part_role"].dropna()) == ["breakdown", "breakdown"]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("tip-2004", [400, 153, 142, 11, 3, 3, 1]),
        ("cable-06PHNOMPENH413", [3, 5, 10, 2, 5, 9, 60, 3, 6]),
        (
            "cable-07PHNOMPENH351",
            [
                9, 342, 1009, 49, 65, 10, 62, 2, 13, 3, 2, 91, 62, 51, 37, 53, 21, 28, 12,
                13, 1, 6, 2, 2, 1, 2, 2, 0, 0, 0, 0,
            ],
        ),
        ("cable-09PHNOMPENH846", [28, 4, 28, 300]),
        ("tip-2018", [207, 53, 129, 100, 0, 0, 0, 0, 1, 3, 5, 12]),
    ],
)  # fmt: skip
def test_every_enforcement_figure_of_a_document(source: str, values: list[int]) -> None:
    found = only("enforcement_stats", source_id=source)["value"].dropna()
    assert sorted(found) == sorted(values)


def test_silence_has_no_value_and_zero_has() -> None:
    stats = tip.load("enforcement_stats")
    silent = stats[stats["obs_status"].isin(["not_reported", "not_available"])]
    assert len(silent) >= 7
    assert silent["value"].isna().all()
    stats = stats[~stats["source_id"].str.startswith(("hrr-", "factbook-"))]
    officials = stats[stats["population"] == "officials_as_offenders"]
    assert list(officials["value"]) == [0, 0, 0]
    assert officials["obs_status"].eq("reported").all()
    assert list(stats.loc[stats["qualifier"] == "none_known", "value"]) == [0]


@pytest.mark.parametrize(
    ("row", "under", "over", "word", "minimum", "maximum", "unit"),
    [
        ("penalty-1996-sex-trafficking-under-15", 15, None, None, 15, 20, "years"),
        ("penalty-1996-sex-trafficking-over-15", None, 15, None, 10, 15, "years"),
        ("penalty-1996-exploitation-of-prostitution-adult", None, None, "adult", 5, 10, "years"),
        ("penalty-1996-exploitation-of-prostitution-minor", None, None, "minor", 10, 20, "years"),
        ("penalty-1997-child-labour-under-18", 18, None, None, 31, 60, "daily_base_wages"),
        ("penalty-1997-hiring-to-pay-off-debt", None, None, None, 61, 90, "daily_base_wages"),
        ("penalty-1997-child-labour-under-15", 15, None, None, None, None, None),
        ("penalty-untac-rape", None, None, None, 5, 10, "years"),
        ("penalty-2008-trafficking", None, None, None, 7, 15, "years"),
    ],
)
def test_penalties(row: str, under, over, word, minimum, maximum, unit) -> None:
    found = tip.load("penalties").set_index("id").loc[row]
    wanted = {
        "victim_age_under": under,
        "victim_age_over": over,
        "victim_age_word": word,
        "minimum": minimum,
        "maximum": maximum,
        "unit": unit,
    }
    assert {name: None if pd.isna(found[name]) else found[name] for name in wanted} == wanted


def test_only_the_doubled_penalty_is_derived() -> None:
    derived = only("penalties", value_basis="derived")
    assert list(derived["id"]) == ["penalty-1996-exploitation-of-prostitution-minor"]
    assert list(derived["derived_from"]) == ["penalty-1996-exploitation-of-prostitution-adult"]


def test_enactment_dates_of_statutes() -> None:
    dates = tip.load("statutes").set_index("id")["enacted"]
    for statute, day in {
        "statute-1996-trafficking-law": "1996-02-29",
        "statute-1997-labour-law": "1997-03-13",
        "statute-2005-domestic-violence-law": "2005-09",
        "statute-2008-trafficking-law": "2008",
        "statute-2009-penal-code": "2009-10",
        "statute-2009-national-committee-sub-decree": "2009-09-25",
        "statute-2009-minimum-standards": "2009-08-31",
    }.items():
        assert dates[statute] == day
    assert pd.isna(dates["statute-2004-draft-bill"])


def test_training_figures() -> None:
    frame = tip.load("training_counts")
    frame = frame[~frame["source_id"].str.startswith(("wfcl-", "hrr-"))]
    assert sorted(frame["value"].dropna()) == sorted(
        [5737, 87, 4000, 2500, 240, 1, 2, 1, 19, 66, 1577, 7689, 894, 6]
    )
    planned = frame[frame["obs_status"] == "planned"]
    assert sorted(planned["value"]) == [19, 240]
    assert list(frame.loc[frame["obs_status"] == "not_reported", "period_end"]) == [
        pd.Timestamp("2018-03-31")
    ]
    assert list(only("capacity_stats", indicator="trainers")["value"]) == [7]  # a stock


def test_cells_of_the_enforcement_tables_of_the_chapters() -> None:
    """Of the year of each edition, 2015 to 2021, as tables 6 and 7 print them."""
    expected = {
        "labor_inspectors": [408, 499, 520, 615, 649, 602, 602],
        "labor_inspections": [8181, 10985, 3563, 8167, 7123, 1309, 176],
        "child_labor_violations_found": [None, 230, 240, None, 3, 4, 0],
        "wfcl_investigations": [33, None, None, None, 7, 21, None],
        "wfcl_violations_found": [73, 46, 46, 39, 30, 31, None],
        "wfcl_convictions": [None] * 7,
    }
    frame = tip.observations()
    own = frame["source_id"].str[-4:] == frame["period_start"].dt.strftime("%Y")
    cells = frame[own & frame["passage"].str.startswith("T")]
    for indicator, values in expected.items():
        found = cells[cells["indicator"] == indicator].sort_values("source_id")["obs_value"]
        assert [None if pd.isna(value) else int(value) for value in found] == values, indicator


def test_age_of_fifteen_stays_open() -> None:
    """No bracket of the 1996 law holds a victim of exactly 15."""
    rows = only("penalties", statute="statute-1996-trafficking-law")
    under, over = rows["victim_age_under"].dropna(), rows["victim_age_over"].dropna()
    assert list(under) == [15] == list(over)
    assert not (under > 15).any()
    assert not (over < 15).any()
