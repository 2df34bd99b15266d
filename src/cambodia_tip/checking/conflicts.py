"""The rule on records that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..package.model import Package
from .rules import Look, Problem, Tables, package_rule

_ENDS = ("first_id", "second_id")
_EXPLAINED = "do not contradict"
"""Words of a description which say that the records of a conflict are no pair."""


@package_rule(
    "conflicts",
    "first_id second_id caveat_id",
    conflicts="first_id second_id caveat_id",
    caveats="id kind description",
    row_caveats="row_id caveat_id",
    looks=(
        Look("caveat_id", "caveats", "id", home="conflicts"),
        *(Look(f"{end} caveat_id", "row_caveats", "row_id caveat_id") for end in _ENDS),
        Look("first_id second_id", "=", "first_id second_id", home="conflicts"),
        Look("first_id second_id", "=", "second_id first_id", home="conflicts"),
        Look("id", "row_caveats", "caveat_id", home="caveats"),
        Look("id", "conflicts", "caveat_id", home="caveats"),
    ),
)
def conflicts(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A caveat of the kind conflict has a pair of its records, and each pair is there once."""
    pairs, caveats, links = tables["conflicts"], tables["caveats"], tables["row_caveats"]
    is_conflict = caveats.ask("kind", "conflict".__eq__)
    tied = set(zip(links["caveat_id"], links["row_id"], strict=True))
    for end in _ENDS:
        untied = pairs.ask("caveat_id", lambda *link: link not in tied, also=end)
        yield "conflicts", (untied, end, "must have {caveat_id} in row_caveats")
    known = {*caveats["id"][is_conflict]}
    other = pairs.ask("caveat_id", lambda caveat: caveat not in known)
    yield "conflicts", (other, "caveat_id", "must be a caveat of the kind conflict")
    ends = zip(*(pairs[end] for end in _ENDS), strict=True)
    twice = pd.Series([tuple(sorted(map(str, pair))) for pair in ends], dtype=object).duplicated()
    message = "must be another pair: {first_id} and {second_id} are there the other way round"
    yield "conflicts", (twice, "second_id", message)
    same = pairs["first_id"] == pairs["second_id"]
    yield "conflicts", (same, "second_id", "must be another record")
    number = caveats["id"].map(links["caveat_id"].value_counts()).fillna(0)
    unpaired = is_conflict & (number >= 2) & ~caveats["id"].isin(list(pairs["caveat_id"].dropna()))
    settled = caveats.ask("description", lambda text: _EXPLAINED in text)
    message = (
        "must have a pair of its records in conflicts, "
        f"or the description must say that they {_EXPLAINED} each other"
    )
    yield "caveats", (unpaired & ~settled, "id", message)
