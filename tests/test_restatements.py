"""Figures that a later document gives again: how they are linked, and what that forbids."""

from __future__ import annotations

import pytest

import cambodia_tip as tip

INSPECTIONS = ("enforcement-wfcl-2020-labor-inspections-2020",
               "enforcement-wfcl-2021-labor-inspections-2020")  # fmt: skip
CHAIN = [f"enforcement-wfcl-{year}-labor-inspections-{year}" for year in (2018, 2019)]


def test_a_revision_has_both_values() -> None:
    """Labor inspections of 2020: 1,309 in the 2020 chapter, 1,824 in that of 2021."""
    links = tip.load("restatements").set_index(["earlier", "later"])
    assert links.loc[INSPECTIONS, "kind"] == "revised"
    values = tip.observations().set_index("id")["obs_value"]
    assert values[list(INSPECTIONS)].to_list() == [1309, 1824]


def test_the_latest_figure_is_marked() -> None:
    latest = tip.observations().set_index("id")["is_latest"]
    assert latest[list(INSPECTIONS)].to_list() == [False, True]
    assert latest["enforcement-2004-persons-arrested"]


def test_a_figure_and_its_restatement_are_not_added_up() -> None:
    with pytest.raises(tip.NotAdditiveError, match=f"{INSPECTIONS[1]} restates {INSPECTIONS[0]}"):
        tip.add_up(INSPECTIONS[::-1])
    steps = [f"budget-wfcl-{year}-ctip-ii-funding" for year in (2013, 2015)]
    with pytest.raises(tip.NotAdditiveError, match=f"{steps[1]} restates {steps[0]}"):
        tip.add_up(steps)


def test_years_of_several_chapters_may_be_added_up() -> None:
    """Labor inspections: 8,167 in 2018, 7,123 in 2019."""
    assert tip.add_up(CHAIN) == 8167 + 7123


REDEFINED = "enforcement-wfcl-2014-labor-inspections"
REPEATED = "enforcement-wfcl-2018-labor-inspections-2018"
AGAIN = "enforcement-wfcl-2019-labor-inspections-2018"


@pytest.mark.parametrize(
    ("earlier", "cells", "table", "row", "column"),
    [
        (REPEATED, {"kind": "revised"}, "restatements", f"{REPEATED}, {AGAIN}", "kind"),
        (INSPECTIONS[0], {"kind": "repeated"}, "restatements", ", ".join(INSPECTIONS), "kind"),
        (REDEFINED, {"note": ""}, "restatements",
         f"{REDEFINED}, enforcement-wfcl-2015-labor-inspections-2014", "note"),
        (REPEATED, {"earlier": "enforcement-wfcl-2018-labor-inspections-2017"},
         "enforcement_stats", AGAIN, "id"),
        (REPEATED, {"later": "us-department-of-labor"}, "enforcement_stats", AGAIN, "id"),
        # one of the two documents does not say who inspected, or whose inspectors they are
        (REDEFINED, {"later": AGAIN}, "enforcement_stats",
         "enforcement-wfcl-2015-labor-inspections-2014", "id"),
        ("capacity-wfcl-2014-labor-inspectors-2014", {"later": AGAIN}, "capacity_stats",
         "capacity-wfcl-2015-labor-inspectors-2014", "id"),
    ],
)  # fmt: skip
def test_a_wrong_link_is_found(
    package_copy, earlier: str, cells: dict[str, str], table: str, row: str, column: str
) -> None:
    def break_it(rows: list[dict[str, str]]) -> None:
        next(r for r in rows if r["earlier"] == earlier).update(cells)
        rows.sort(key=lambda r: (r["earlier"], r["later"]))

    package_copy.change("restatements", break_it)
    found = {(f.table, f.row, f.column) for f in tip.validate(package_copy.path)
             if f.rule == "restatements"}  # fmt: skip
    assert (table, row, column) in found


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"earlier": AGAIN, "later": REPEATED}, "later"),
        ({"earlier": REPEATED, "later": "us-department-of-labor"}, "later"),
        ({"earlier": REPEATED, "later": "capacity-wfcl-2019-labor-inspectors-2018"}, "kind"),
    ],
)
def test_a_link_leads_to_a_figure_for_the_same_thing_in_a_later_document(
    package_copy, cells: dict[str, str], column: str
) -> None:
    def add(rows: list[dict[str, str]]) -> None:
        rows.append({"kind": "repeated", "note": "", **cells})
        rows.sort(key=lambda r: (r["earlier"], r["later"]))

    package_copy.change("restatements", add)
    found = [f for f in tip.validate(package_copy.path) if f.rule == "restatements"]
    assert (", ".join(cells.values()), column) in [(f.row, f.column) for f in found]


def test_a_restated_figure_without_a_link_is_found(package_copy) -> None:
    package_copy.change("restatements", lambda rows: rows.remove(
        next(r for r in rows if r["earlier"] == INSPECTIONS[0])
    ))  # fmt: skip
    found = [(f.table, f.row, f.rule) for f in tip.validate(package_copy.path)]
    assert found == [("enforcement_stats", INSPECTIONS[1], "restatements")]


def test_an_id_in_two_tables_is_an_error_and_no_crash(package_copy) -> None:
    link, row = package_copy.rows("restatements")[0], package_copy.rows("victim_stats")[0]
    package_copy.edit("victim_stats", row["id"], {"id": link["earlier"]})
    assert "ids" in {finding.rule for finding in tip.validate(package_copy.path)}


def test_an_empty_end_of_a_link_is_not_the_empty_id_of_a_figure(package_copy) -> None:
    link, row = package_copy.rows("restatements")[0], package_copy.rows("victim_stats")[0]
    package_copy.edit("victim_stats", row["id"], {"id": f" {row['id']}"})
    package_copy.edit("restatements", link["earlier"], {"earlier": f" {link['earlier']}"})
    found = {f.rule for f in tip.validate(package_copy.path) if f.table == "restatements"}
    assert found == {"whitespace"}
