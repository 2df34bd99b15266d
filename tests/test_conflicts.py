"""Records that contradict each other: both sides of a pair, and what a pair must be."""

from __future__ import annotations

import pytest

import cambodia_tip as tip

TWO_COUNTS = (
    "enforcement-wfcl-2014-labor-inspections",
    "enforcement-wfcl-2015-labor-inspections-2014",
)
CAVEAT = "caveat-wfcl-2014-two-counts-of-inspections"
AT_WORKSITES = (
    "enforcement-wfcl-2014-inspections-at-worksite",
    "enforcement-wfcl-2015-inspections-at-worksite-2014",
)


def test_both_sides_are_next_to_each_other() -> None:
    """Labor inspections of 2014: 723 in the 2014 chapter, 5,517 in that of 2015."""
    pairs = tip.load("conflicts", labels=True).set_index(["first_id", "second_id"])
    pair = pairs.loc[TWO_COUNTS]
    assert pair["first_id_label"] == (
        "Labor inspections: 723 inspections, 2014, United States Department of Labor (wfcl-2014): "
        '"The MOLVT conducted 723 inspections"'
    )
    assert "5,517 inspections, 2014" in pair["second_id_label"]
    assert pair["kind"] == "value"
    assert pairs[["first_id_label", "second_id_label"]].notna().all(axis=None)


def test_the_two_tiers_of_2013_are_a_pair() -> None:
    pairs = tip.load("conflicts", labels=True).query("kind == 'tier'")
    text = pairs[["first_id_label", "second_id_label"]].to_numpy().tolist()
    assert [["Tier 2," in one, "Tier 2 Watch List," in other] for one, other in text] == [
        [True, True]
    ]


@pytest.mark.parametrize(
    ("table", "column", "row", "part"),
    [
        ("restatements", "later", "enforcement-wfcl-2021-labor-inspections-2020", "1,824 insp"),
        ("row_links", "linked_id", "agreement-un-crc", "Convention on the Rights of the Child"),
        ("row_caveats", "row_id", "tier-2013", "Tier 2 Watch List, 2013"),
        ("events", "subject", "agreement-un-crc", "Convention on the Rights of the Child"),
    ],
)  # fmt: skip
def test_any_column_with_ids_shows_the_records(
    table: str, column: str, row: str, part: str
) -> None:
    frame = tip.load(table, labels=True)
    texts = frame.loc[frame[column] == row, f"{column}_label"]
    assert len(texts)
    assert texts.str.contains(part).all()


def test_a_fraction_has_its_places_and_a_count_has_none() -> None:
    texts = tip.load("conflicts", labels=True)["second_id_label"]
    assert texts.str.contains("at least 638 cases").any()


def test_records_of_leaked_documents_are_left_out() -> None:
    pairs = tip.load("conflicts", labels=True, standing="official")
    leaked = pairs["second_id"] == "sentence-2007-municipal-court"
    assert pairs.loc[leaked, "second_id_label"].isna().all()
    assert leaked.any()


def found(package_copy) -> set[tuple[str, str, str]]:
    report = tip.validate(package_copy.path)
    return {(f.table, f.row, f.column) for f in report if f.rule == "conflicts"}


def test_a_conflict_without_a_pair_is_found_unless_its_caveat_says_why(package_copy) -> None:
    package_copy.change(
        "conflicts", lambda rows: [rows.remove(r) for r in rows[:] if r["caveat_id"] == CAVEAT]
    )
    assert found(package_copy) == {("caveats", CAVEAT, "id")}

    def explain(rows: list[dict[str, str]]) -> None:
        row = next(r for r in rows if r["id"] == CAVEAT)
        row["description"] = "The records do not contradict each other."

    package_copy.change("caveats", explain)
    assert found(package_copy) == set()


@pytest.mark.parametrize(
    ("cells", "row", "column"),
    [
        ({"second_id": "tier-2004"}, (TWO_COUNTS[0], "tier-2004"), "second_id"),
        ({"first_id": "adhoc"}, ("adhoc", TWO_COUNTS[1]), "first_id"),
        ({"second_id": TWO_COUNTS[0]}, (TWO_COUNTS[0],) * 2, "second_id"),
        (dict(zip(("first_id", "second_id"), AT_WORKSITES[::-1], strict=True)),
         AT_WORKSITES[::-1], "second_id"),
        ({"caveat_id": "caveat-wfcl-labor-inspections"}, TWO_COUNTS, "caveat_id"),
    ],
)  # fmt: skip
def test_a_wrong_pair_is_found(
    package_copy, cells: dict[str, str], row: tuple[str, str], column: str
) -> None:
    def break_it(rows: list[dict[str, str]]) -> None:
        next(r for r in rows if (r["first_id"], r["second_id"]) == TWO_COUNTS).update(cells)
        rows.sort(key=lambda r: (r["first_id"], r["second_id"]))

    package_copy.change("conflicts", break_it)
    assert ("conflicts", ", ".join(row), column) in found(package_copy)
