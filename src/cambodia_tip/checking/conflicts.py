"""The rule on records that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..package.model import Package
from .rules import Look, Problem, Table, Tables, package_rule

_PAIR = ("first_id", "second_id", "caveat_id")
_EXPLAINED = "do not contradict"
"""Words of a description which say that the records of a conflict are no pair."""


@package_rule(
    "conflicts",
    *_PAIR,
    conflicts=" ".join(_PAIR),
    caveats="id kind description",
    row_caveats="row_id caveat_id",
    looks=(
        Look("caveat_id", "caveats", "id", home="conflicts"),
        *(Look(f"{end} caveat_id", "row_caveats", "row_id caveat_id") for end in _PAIR[:2]),
        Look("first_id second_id", "=", "first_id second_id", home="conflicts"),
        Look("first_id second_id", "=", "second_id first_id", home="conflicts"),
        Look("id", "row_caveats", "caveat_id", home="caveats"),
        Look("id", "conflicts", "caveat_id", home="caveats"),
    ),
)
def conflicts(package: Package, tables: Tables) -> Iterator[tuple[str, Problem]]:
    """A caveat of the kind conflict has a pair of its records, and each pair is there once."""
    pairs = pd.DataFrame({name: Table(tables["conflicts"])[name] for name in _PAIR})
    caveats, links = Table(tables["caveats"]), Table(tables["row_caveats"])
    is_conflict = caveats.ask("kind", "conflict".__eq__)
    tied = set(zip(links["row_id"], links["caveat_id"], strict=True))
    for end in _PAIR[:2]:
        wanted = zip(pairs[end], pairs["caveat_id"], strict=True)
        untied = pd.Series([link not in tied for link in wanted], pairs.index)
        message = "must have {caveat_id} in row_caveats"
        yield "conflicts", (untied & pairs["caveat_id"].notna(), end, message)
    other = ~pairs["caveat_id"].isin(list(caveats["id"][is_conflict])) & pairs["caveat_id"].notna()
    yield "conflicts", (other, "caveat_id", "must be a caveat of the kind conflict")
    twice = [tuple(sorted(map(str, ends))) for ends in pairs[list(_PAIR[:2])].to_numpy()]
    message = "must be another pair: {first_id} and {second_id} are there the other way round"
    yield "conflicts", (pd.Series(twice, pairs.index).duplicated(), "second_id", message)
    yield (
        "conflicts",
        (pairs["first_id"] == pairs["second_id"], "second_id", "must be another record"),
    )
    number = caveats["id"].map(links["caveat_id"].value_counts()).fillna(0)
    unpaired = is_conflict & (number >= 2) & ~caveats["id"].isin(list(pairs["caveat_id"].dropna()))
    settled = caveats.ask("description", lambda text: _EXPLAINED in text)
    message = (
        "must have a pair of its records in conflicts, "
        f"or the description must say that they {_EXPLAINED} each other"
    )
    yield "caveats", (unpaired & ~settled, "id", message)
