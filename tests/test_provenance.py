"""From rows to words and documents: evidence, citations, catalogue."""

from __future__ import annotations

import pandas as pd
import pytest

import cambodia_tip as tip
from cambodia_tip.reading import evidence as provenance
from cambodia_tip.reading.frames import shared_frame

HOTEL = "enforcement-2007-hotel-2005-persons-arrested"
MALAYSIA = "repatriation-2018-mfaic-2017-malaysia"


def test_evidence_leads_to_words_paragraph_and_document() -> None:
    row = tip.evidence(HOTEL).iloc[0]
    assert row["table"] == "enforcement_stats"
    assert row["quote"] == "police arrested six persons"
    assert (row["source_id"], row["passage"]) == ("cable-07PHNOMPENH351", "3F.8")
    assert row["heading"] == "Government Prosecution of Traffickers"
    assert (row["published"], row["standing"]) == ("2007-03-05", "leaked")
    assert row["url"].startswith("https://")
    assert "among the 65 perpetrators" in row["caveats"]


def test_evidence_keeps_the_order_asked_for() -> None:
    wanted = [MALAYSIA, "statute-untac-law", HOTEL, MALAYSIA]
    assert list(tip.evidence(wanted)["id"]) == wanted
    assert list(tip.evidence(pd.Series(wanted))["id"]) == wanted


def test_evidence_takes_frames() -> None:
    frame = tip.load("penalties")
    found = tip.evidence(frame)
    assert list(found["quote"]) == list(frame["quote"])
    assert tip.evidence(frame.head(0)).empty
    assert tip.evidence(frame.iloc[2])["id"].iloc[0] == frame["id"].iloc[2]


def test_every_row_with_an_id_has_evidence() -> None:
    ids = tip.load("ids")
    assert tip.evidence(ids[ids["retired"].isna()])["url"].notna().all()


def test_a_retired_id_says_since_when_and_what_replaced_it() -> None:
    said = (
        "the id 'raid-2006-08-brothels' is retired since 0.2.0; "
        "'raid-2006-08-establishments' took its place"
    )
    for ask in tip.evidence, tip.cite:
        with pytest.raises(tip.UnknownNameError) as caught:
            ask("raid-2006-08-brothels")
        assert str(caught.value) == said


@pytest.mark.parametrize(
    ("replaced_by", "said"),
    [
        ({"old": "middle", "middle": HOTEL}, f"0.2.0; '{HOTEL}' took its place"),
        ({"old": "middle"}, "0.2.0; nothing took its place"),
        ({"old": "middle", "middle": "old"}, "0.2.0; nothing took its place"),
    ],
)
def test_a_chain_of_retired_ids_is_followed_to_the_live_one(
    monkeypatch: pytest.MonkeyPatch, replaced_by: dict[str, str], said: str
) -> None:
    gone = pd.DataFrame({"id": ["old", "middle"], "table": "routes", "retired": ["0.2.0", "0.3.0"]})
    gone["replaced_by"] = gone["id"].map(replaced_by)
    frames = {"ids": pd.concat([tip.load("ids"), gone])}
    monkeypatch.setattr(provenance, "shared_frame", lambda p, n: frames.get(n, shared_frame(p, n)))
    monkeypatch.setattr(provenance, "_homes", provenance._homes.__wrapped__)
    with pytest.raises(tip.UnknownNameError, match=f"'old' is retired since {said}"):
        tip.evidence("old")


def test_an_id_in_use_is_suggested_and_a_retired_one_is_not() -> None:
    with pytest.raises(tip.UnknownNameError) as caught:
        tip.evidence("raid-2006-08-brothel")
    assert "raid-2006-08-brothels" not in str(caught.value)


@pytest.mark.parametrize("rows", ["repatriation-2018-mfaic-2017-malasia", ["nothing"]])
def test_an_unknown_id_is_a_clear_error(rows: tip.Rows) -> None:
    with pytest.raises(tip.UnknownNameError) as caught:
        tip.evidence(rows)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (3, "rows must be a DataFrame, a Series, an id or a list of ids, not int"),
        (None, "not NoneType"),
        ([3], "an id must be a str, not int; pass rows or ids, not values"),
        (tip.load("statutes").index, "pass rows or ids, not values"),
        (tip.load("repatriations", warn=False)["value"], "pass rows or ids, not values"),
        (tip.load("areas"), "needs a column or an index named 'id'"),
    ],
)
def test_rows_of_a_wrong_type_are_a_type_error(rows: object, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        tip.evidence(rows)  # type: ignore[arg-type]


def test_a_frame_may_have_its_ids_as_index() -> None:
    frame = tip.load("statutes")
    assert tip.evidence(frame.set_index("id")).equals(tip.evidence(frame))


def test_tables_lists_every_table() -> None:
    catalogue = tip.tables().set_index("name")
    for name, row in catalogue.iterrows():
        assert tip.load(str(name)).shape == (row["rows"], row["columns"])


def test_dictionary_describes_every_column(any_table: str) -> None:
    dictionary = tip.dictionary(any_table)
    assert list(dictionary["name"]) == list(tip.load(any_table).columns)
    assert dictionary["description"].str.len().min() > 0


def test_dictionary_says_what_a_column_is() -> None:
    row = tip.dictionary("enforcement_stats").set_index("name").loc["qualifier"]
    assert row["required"]
    assert '"at_least": "At least"' in row["codes"]
    keys = tip.dictionary("row_caveats").set_index("name")["refers_to"]
    assert dict(keys) == {"row_id": "ids.id", "caveat_id": "caveats.id"}
