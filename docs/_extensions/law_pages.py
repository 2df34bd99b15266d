"""A page for every law: its penalties by offense and age, its provisions, and who describes them.

A law has one row in ``statutes``, whoever describes it. What documents say of it are rows of other
tables that name the law, and links between records. Nothing here is the text of a law.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

import explorer_words as words
from explorer import all_records
from explorer_records import with_year
from explorer_tables import Row
from record_lookup import (
    caveats,
    caveats_of,
    entry,
    reading_order,
    row,
    rows_of,
    sources,
    standing,
    table_of,
    with_basis,
)
from record_lookup import name_of as name_of_source
from sphinx.application import Sphinx
from static_pages import Page, TemplateDirective, static_page

from cambodia_tip.package.opening import open_package

UNNAMED = re.compile(r"\(\d{4} [a-z ]+ report\)$")
"""How the title ends of a law that a report describes without its name."""


def law_pages(app: Sphinx) -> Iterator[Page]:
    """A page for each law."""
    for law in rows_of("statutes"):
        facts = law_facts(law)
        contents = [
            (anchor, text, ())
            for anchor, text in (
                ("penalties", "Penalties"),
                ("conflicts", "Where the documents disagree"),
                ("provisions", "Provisions"),
                ("events", "Events"),
                ("caveats", "Caveats"),
                ("others", "Same offense, other laws"),
                ("linked", "Linked records"),
                ("described", "About this entry"),
            )
            if facts[anchor]
        ]
        yield static_page(
            f"laws/{law['id']}",
            "law_page.html",
            facts,
            title=name_of(law),
            description=f"{name_of(law)}: penalties by offense and age, provisions, conflicts,"
            " and which document describes them. Summaries, not the text of the law.",
            parents=[("index.html", "Laws")],
            contents=contents,
        )


def law_facts(law: Row) -> dict[str, Any]:
    """What the page of a law shows."""
    own = records_of(law["id"])
    penalties, provisions, events = (
        [id_ for id_ in own if table_of(id_) == topic]
        for topic in ("penalties", "provisions", "events")
    )
    linked = links_of(law["id"])
    everything = [law["id"], *own]
    conflicts = conflicts_of(everything)
    told = {caveat["id"] for group in penalty_groups(penalties) for caveat in group["notes"]}
    told |= {conflict["caveat"]["id"] for conflict in conflicts}
    return {
        "law": law,
        "name": name_of(law),
        "record": entry(law["id"]),
        "enacted": enacted(law),
        "penalties": penalty_groups(penalties),
        "common": common_caveats(penalties),
        "conflicts": conflicts,
        "provisions": provision_groups(provisions),
        "events": event_list(events),
        "caveats": shared_caveats(everything, without=told),
        "others": penalty_groups(others_of(law["id"], penalties)),
        "linked": linked,
        "described": described_in(everything),
        "is_leaked": all(source["is_leaked"] for source in described_in(everything)),
    }


def name_of(law: Row) -> str:
    """A law as readers call it, with its year."""
    day = words.days_of_edtf(law["enacted"]) if "enacted" in law else (None, None)
    return with_year(str(law["short_title"]), *day)


def enacted(law: Row) -> str | None:
    """When a law was enacted."""
    if "enacted" not in law:
        return None
    return with_basis(
        words.period(*words.days_of_edtf(law["enacted"])),
        is_inferred=law.get("enacted_basis") == "inferred",
    )


# Which records are about a law


@cache
def _by_law() -> dict[str, list[str]]:
    """The records that name a law in a column of their own, in the order of the documents."""
    laws = {law["id"] for law in rows_of("statutes")}
    found: dict[str, list[str]] = defaultdict(list)
    for table in all_records().tables.values():
        links = [name for name in table.targets if table.targets[name] in ("statutes", "ids")]
        for own in table.rows:
            for name in links:
                if name != "id" and own.get(name) in laws:
                    found[own[name]].append(own["id"])
    return {law: sorted(dict.fromkeys(ids), key=reading_order) for law, ids in found.items()}


def records_of(law: str) -> list[str]:
    """The ids of the records that name a law."""
    return _by_law().get(law, [])


def links_of(law: str) -> list[dict[str, Any]]:
    """The records that a link joins with a law, with what the link says."""
    found = []
    for link in rows_of("row_links"):
        pair = link["row_id"], link["linked_id"]
        if law in pair:
            other = pair[0] if pair[1] == law else pair[1]
            relation = link["relation_label"]
            if pair[0] == law:
                relation = f"This law: {relation[0].lower()}{relation[1:]}"
            found.append({**entry(other), "relation": relation})
    return sorted(found, key=lambda each: reading_order(each["id"]))


# Penalties


def penalty_groups(ids: Iterable[str]) -> list[dict[str, Any]]:
    """Penalties by offense, each with the definitions that its rows share: whom a bracket omits."""
    by_offense: dict[str, list[str]] = defaultdict(list)
    for id_ in ids:
        by_offense[str(row(id_)["offence_label"])].append(id_)
    return [
        {
            "offense": offense,
            "rows": [penalty(id_) for id_ in sorted(by_offense[offense], key=_age_order)],
            "notes": _definitions(by_offense[offense]),
        }
        for offense in sorted(by_offense)
    ]


def penalty(id_: str) -> dict[str, Any]:
    """A penalty as a row of a table."""
    own = row(id_)
    return {
        **entry(id_),
        "law": own.get("statute"),
        "law_name": name_of(row(own["statute"])) if "statute" in own else None,
        "age": victim_age(own),
        "sanction": sanction(own),
        "charge": own.get("charge_as_printed"),
        "article": own.get("article"),
        "marks": _marks(id_),
    }


def sanction(own: Row) -> str:
    """A penalty in words: its kind, and how much of it."""
    unit = all_records().units.get(own.get("unit", ""), {})
    return ": ".join(filter(None, [own["sanction_label"], words.measure(own, unit)]))


def _marks(id_: str) -> list[Row]:
    """The caveats of a penalty, but for definitions, which its group tells in full."""
    names = caveats_of(id_)
    return [caveats()[name] for name in names if caveats()[name]["kind"] != "definition"]


def common_caveats(ids: list[str]) -> list[Row]:
    """The caveats that all of several penalties have, to be told once."""
    if len(ids) < 2:
        return []
    return [mark for mark in _marks(ids[0]) if all(mark in _marks(id_) for id_ in ids[1:])]


def victim_age(own: Row) -> str:
    """The age of the victim as the document prints it.

    Examples:
        >>> victim_age({"victim_age_under": 15}), victim_age({"victim_age_over": 15})
        ('Under 15', 'Over 15')
        >>> victim_age({})
        'Not stated'
    """
    parts = [
        f"{side} {own[f'victim_age_{side}']}"
        for side in ("over", "under")
        if f"victim_age_{side}" in own
    ]
    if "victim_age_word" in own:
        parts.append(str(own["victim_age_word_label"]).lower())
    text = ", ".join(parts) or "not stated"
    return text[0].upper() + text[1:]


def _age_order(id_: str) -> tuple[bool, int, str, tuple[str, int, str]]:
    """Youngest first; rows without an age last."""
    own = row(id_)
    age = own.get("victim_age_under", own.get("victim_age_over"))
    is_open = age is None and "victim_age_word" not in own
    upper = 0 if "victim_age_under" in own else 1
    word = {"minor": "0", "adult": "1"}.get(str(own.get("victim_age_word")), "2")
    return is_open, (age or 0) * 2 + upper, word, reading_order(id_)


def _definitions(ids: list[str]) -> list[Row]:
    """The caveats that say what an age or a word of these penalties means."""
    names = dict.fromkeys(
        name for id_ in ids for name in caveats_of(id_) if caveats()[name]["kind"] == "definition"
    )
    return [caveats()[name] for name in names]


def others_of(law: str, penalties: list[str]) -> list[str]:
    """The penalties for the same offenses in other laws."""
    offenses = {row(id_).get("offence") for id_ in penalties} - {None}
    return [
        own["id"]
        for own in all_records().tables["penalties"].rows
        if own.get("offence") in offenses and own.get("statute") != law
    ]


# Provisions and events


def provision_groups(ids: list[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Provisions by kind, by article where there is one, then in the order of the documents."""
    ordered = sorted(ids, key=lambda id_: (row(id_)["kind_label"], reading_order(id_)))
    return [
        (kind, [{**entry(id_), "article": row(id_).get("article")} for id_ in group])
        for kind, group in groupby(ordered, key=lambda id_: str(row(id_)["kind_label"]))
    ]


def event_list(ids: list[str]) -> list[dict[str, Any]]:
    """Events by date; those without one last."""
    ordered = sorted(ids, key=lambda id_: (row(id_).get("date", "9"), reading_order(id_)))
    return [{**entry(id_), "kind": row(id_)["kind_label"]} for id_ in ordered]


# Caveats and conflicts


def conflicts_of(ids: list[str]) -> list[dict[str, Any]]:
    """The conflicts that the records of a law are in, each with its pairs of records.

    Only the pairs with a record of the law are shown, unless it is in none of them: its year may
    lie between two that contradict each other.
    """
    own = set(ids)
    pairs = rows_of("conflicts")
    names = {c["caveat_id"] for c in pairs if {c["first_id"], c["second_id"]} & own}
    names |= {name for id_ in ids for name in caveats_of(id_)}
    found = []
    for name in sorted(names):
        every = [pair for pair in pairs if pair["caveat_id"] == name]
        shown = [pair for pair in every if {pair["first_id"], pair["second_id"]} & own] or every
        if shown:
            found.append({"caveat": caveats()[name], "pairs": [_sides(pair) for pair in shown]})
    return found


def _sides(pair: Row) -> dict[str, Any]:
    return {
        "first": entry(pair["first_id"]),
        "second": entry(pair["second_id"]),
        "note": pair.get("note"),
    }


def shared_caveats(ids: list[str], *, without: set[str]) -> list[dict[str, Any]]:
    """The caveats of the records of a law that its page has not told yet."""
    counts = Counter(name for id_ in ids for name in caveats_of(id_))
    return [
        {**caveats()[name], "number": number}
        for name, number in counts.most_common()
        if name not in without
    ]


def described_in(ids: list[str]) -> list[dict[str, Any]]:
    """The documents that describe a law, earliest first, with their number of records."""
    counts = Counter(str(row(id_)["source_id"]) for id_ in ids)
    return [
        {
            "id": source,
            "name": name_of_source(document),
            "standing": standing(document),
            "is_leaked": document["standing"] == "leaked",
            "number": counts[source],
        }
        for source, document in sources().items()
        if source in counts
    ]


# The overview


class LawList(TemplateDirective):
    """All laws by kind, with what is known of each."""

    template = "law_list.html"

    def facts(self) -> dict[str, Any]:
        """The laws of each kind, in the order of the code list."""
        kinds = open_package().resource("statutes").field("kind").categories
        by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for law in sorted(rows_of("statutes"), key=lambda law: name_of(law).casefold()):
            own = records_of(law["id"])
            topics = Counter(table_of(id_) for id_ in own)
            is_named = not UNNAMED.search(law["title"])
            by_kind[law["kind"] if is_named else ""].append(
                {
                    "id": law["id"],
                    "name": name_of(law),
                    "title": law["title"],
                    "status": law["legal_status_label"],
                    "enacted": enacted(law),
                    "penalties": topics["penalties"],
                    "provisions": topics["provisions"],
                    "described": described_in([law["id"], *own]),
                }
            )
        labels = {**kinds, "": "Laws that a report describes and does not name"}
        return {"kinds": [(labels[kind], by_kind[kind]) for kind in labels if by_kind[kind]]}


class PenaltyList(TemplateDirective):
    """The penalties of all laws, by offense and age."""

    template = "penalty_list.html"

    def facts(self) -> dict[str, Any]:
        """Groups of penalties."""
        rows = all_records().tables["penalties"].rows
        return {"penalties": penalty_groups(own["id"] for own in rows)}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.setup_extension("static_pages")
    app.add_directive("law-list", LawList)
    app.add_directive("penalty-list", PenaltyList)
    app.connect("html-collect-pages", law_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
