"""Entities that look alike are merged, separated by a note, or listed here as reviewed.

`look_alikes.csv` lists the pairs whose documents were read, with the finding that they are
not one thing, although no note says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import cambodia_tip as tip

REVIEWED = Path(__file__).with_name("look_alikes.csv")
NAMES = {"organizations": "label", "statutes": "title", "agreements": "title",
         "action_plans": "title"}  # fmt: skip
ALIKE = 0.85
ALIKE_IN_ONE_YEAR = 0.65
SHARED_WORDS = 0.75
_OF_A_DOCUMENT = re.compile(r"\((\d{4} (?:chapter|cable|human rights report)[^)]*)\)$")
_SMALL = {"the", "of", "and", "on", "for", "in", "to", "a", "an", "s", "cambodia", "cambodian"}
_TOLD_APART = re.compile(
    r"(?i)\b(?:not say|says (?:whether|that)|no (?:document|edition|chapter)|the same|very likely|"
    r"differ|another|not (?:the|one)|names none)\b"
)


def words(name: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", name.lower())) - _SMALL


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two names are alike, more loosely where year or parties are the same."""
    names = [_OF_A_DOCUMENT.sub("", row["name"]).strip().lower() for row in (one, other)]
    limit = ALIKE_IN_ONE_YEAR if one["mark"] and one["mark"] == other["mark"] else ALIKE
    matcher = SequenceMatcher(None, *names)
    if matcher.real_quick_ratio() >= limit and matcher.ratio() >= limit:
        return True
    both = words(names[0]), words(names[1])
    return len(both[0] & both[1]) >= SHARED_WORDS * len(both[0] | both[1])


def told_apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a note, the country or the document in the name separates two entries.

    A group or a law without a name has one entry for each document that speaks of it.
    """
    if all(_OF_A_DOCUMENT.search(row["name"]) for row in (one, other)):
        return True
    if one["country"] and other["country"] and one["country"] != other["country"]:
        return True
    return any(_TOLD_APART.search(row["note"]) for row in (one, other))


def entities(table: str) -> list[dict[str, Any]]:
    frame = tip.load(table).astype(object)
    frame = frame.where(frame.notna(), "")
    parties = tip.load("agreement_parties").groupby("agreement")["party"].agg(sorted).map(str)
    marks = {
        "agreements": lambda row: parties.get(row["id"], ""),
        "statutes": lambda row: str(row["enacted"])[:4],
        "action_plans": lambda row: str(row["period_start"])[:4],
    }
    mark = marks.get(table, lambda row: "")
    return [
        {"id": row["id"], "name": row[NAMES[table]], "note": row["note"], "mark": mark(row),
         "country": row.get("country", "")}
        for row in frame.to_dict("records")
    ]  # fmt: skip


def look_alikes(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(rows, 2):
        if alike(one, other) and not told_apart(one, other):
            yield tuple(sorted((one["id"], other["id"])))


def reviewed() -> dict[tuple[str, str], str]:
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        return {(row["first_id"], row["second_id"]): row["why"] for row in csv.DictReader(file)}


def test_look_alikes_are_told_apart_or_reviewed() -> None:
    found = {pair for table in NAMES for pair in look_alikes(entities(table))}
    missing = found - set(reviewed())
    assert not missing, "merge them, say in a note what separates them, or list them with a reason"
    assert not set(reviewed()) - found, "no longer alike, or separated by a note"
    assert all(reviewed().values())


@pytest.mark.parametrize(
    ("one", "other", "is_found"),
    [
        ({"name": "Ministry of the Interior"}, {"name": "Ministry of Interior"}, True),
        ({"name": "Ministry of Interior"}, {"name": "Ministry of Justice"}, False),
        ({"name": "Child Labor Committee"}, {"name": "Committee on Child Labor"}, True),
        ({"name": "Guidelines of 2017"}, {"name": "Guidelines of 2015"}, True),
        ({"name": "NGOs (2018 chapter)"}, {"name": "NGOs (2004 chapter)"}, False),
        ({"name": "Police (2018 chapter)"}, {"name": "The police"}, True),
        ({"name": "Government of India", "country": "IND"},
         {"name": "Government of Indian", "country": "IDN"}, False),
        ({"name": "Ministry of Labor"},
         {"name": "Ministry of Labour", "note": "No document says whether they are one."}, False),
        ({"name": "Memorandum on trafficking", "mark": "Vietnam"},
         {"name": "Memorandum on migration", "mark": "Vietnam"}, True),
        ({"name": "Memorandum on trafficking"}, {"name": "Memorandum on migration"}, False),
    ],
)  # fmt: skip
def test_what_looks_alike(one: dict[str, str], other: dict[str, str], is_found: bool) -> None:
    empty = {"note": "", "mark": "", "country": ""}
    rows = [empty | {"id": "a"} | one, empty | {"id": "b"} | other]
    assert bool(list(look_alikes(rows))) == is_found
