"""What the pages of findings say: records in words, and what follows from all of them.

A page of findings names records by their ids; what it says of them comes from here, and so from
the tables. Statements about the data as a whole are computed, since a new document can change them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import groupby
from typing import Any, NamedTuple

import explorer_words as words
import finding_topics
from explorer import all_records
from explorer_tables import Row, rows_by_key
from finding_topics import TOPICS
from record_titles import source_name, title

import cambodia_tip as tip

Entry = dict[str, Any]

KINDS = {
    "overlap": "May overlap: do not add",
    "not_comparable": "Not comparable",
    "definition": "Definition",
    "conflict": "Conflict",
    "incomplete": "Incomplete",
    "doubted": "Doubted",
}
SAID_ANYWAY = ("Suspects and offenders", "Victims of trafficking")
"""Populations that the labels of their indicators name."""
LEAKED = "Leaked cable, not confirmed"


class UnknownIdError(LookupError):
    """An id that no record has, or has any longer."""


def row_of(id_: str) -> Row:
    """The row of a record.

    Raises:
        UnknownIdError: If there is none; names what took its place, if the id is retired.
    """
    home = all_records().homes.get(id_)
    if home is not None:
        return home[1]
    retired = rows_by_key("ids", "id").get(id_)
    instead = f", retired; '{retired['replaced_by']}' took its place" if retired else ""
    raise UnknownIdError(f"no record has the id '{id_}'{instead}")


def table_of(id_: str) -> str:
    """The table of a record."""
    row_of(id_)
    return str(all_records().homes[id_][0].name)


def title_of_table(name: str) -> str:
    """The title of a table that has records.

    Raises:
        UnknownIdError: If there is no such table.
    """
    tables = all_records().tables
    if name not in tables:
        raise UnknownIdError(f"there is no table '{name}' of records")
    return str(tables[name].resource.title)


@cache
def entry(id_: str) -> Entry:
    """A record in words: what a table, a card or a list shows of it.

    Raises:
        UnknownIdError: If no record has the id.
    """
    row = row_of(id_)
    records = all_records()
    record = records._record(*records.homes[id_])
    source = source_of(row["source_id"])
    caveats = [caveat_of(name) for name in record.get("caveats", [])]
    place = words.passage(row["passage"], source["division"])
    detail = [part for part in record.get("detail", "").split(" · ") if part not in SAID_ANYWAY]
    return {
        **record,
        "title": title(record),
        "quote": next((text for _, text in record.get("quotes", [])), None),
        "source": source,
        "place": place,
        "what": ". ".join(filter(None, [record["label"].rstrip("."), " · ".join(detail)])),
        "caveats": caveats,
        "status": row.get("obs_status"),
    }


@cache
def source_of(id_: str) -> Entry:
    """A source with the short name that pages call it by.

    Raises:
        UnknownIdError: If there is no such source.
    """
    row = rows_by_key("sources", "source_id").get(id_)
    if row is None:
        raise UnknownIdError(f"no source has the id '{id_}'")
    return {
        "id": id_,
        "name": source_name(row),
        "leaked": row["standing"] == "leaked",
        "division": row.get("division", ""),
        "published": row["published"],
        "inferred": row["published_basis"] == "inferred",
        "publisher": row["publisher_label"],
        "held": "bytes" in row,
    }


@cache
def caveat_of(id_: str) -> Entry:
    """A caveat, its kind in words.

    Raises:
        UnknownIdError: If there is no such caveat.
    """
    row = rows_by_key("caveats", "id").get(id_)
    if row is None:
        raise UnknownIdError(f"no caveat has the id '{id_}'")
    return {
        "id": id_,
        "kind": KINDS[row["kind"]],
        "code": row["kind"],
        "label": row["label"],
        "text": row["description"],
        "records": len(_rows_of_caveats().get(id_, [])),
    }


def value_text(id_: str) -> str:
    """The number of a record without its unit, but with what qualifies it.

    Money, durations and shares keep their units, which are part of the number. A tier is its label.

    Raises:
        UnknownIdError: If no record has the id.
        ValueError: If the record has no value.
    """
    row = row_of(id_)
    if "tier" in row:
        return str(entry(id_)["value"]).partition(";")[0]
    unit = rows_by_key("units", "unit").get(row.get("unit", ""), {})
    if row.get("obs_status", "reported") in ("not_reported", "not_available"):
        return words.measure(row, unit)
    amount = _money(row, unit)
    if amount:
        return amount
    if unit and unit["kind"] == "count":
        unit = {}
    text = words.measure(row, unit).replace("none known to the reporter", "none known")
    if not text:
        raise ValueError(f"'{id_}' has no value")
    return text


def _money(row: Row, unit: Row) -> str:
    """An amount as people say it: $1.2 million, 4.9 billion riels."""
    if row.get("unit") not in ("USD", "KHR") or "value" not in row:
        return ""
    value = row["value"]
    scales = ((10**9, " billion"), (10**6, " million"), (1, ""))
    size, name = next((scale for scale in scales if value >= scale[0]), scales[-1])
    number = words.number_words(round(value / size, 3) if size > 1 else value)
    amount = f"${number}{name}" if row["unit"] == "USD" else f"{number}{name} riels"
    return words.measure({**row, "value": amount}, {}) if name or value < 10**6 else amount


def period_text(id_: str) -> str:
    """When a record is about, marked if the document does not print it there.

    Raises:
        UnknownIdError: If no record has the id.
        ValueError: If the record has no period.
    """
    record = entry(id_)
    text = str(record.get("period", ""))
    if not text:
        raise ValueError(f"'{id_}' has no period")
    mark = "year inferred" if text.isdigit() else "period inferred"
    return f"{text} ({mark})" if record.get("inferred") else text


def age_text(id_: str) -> str:
    """The age of the victims that a penalty is for, as printed.

    Raises:
        UnknownIdError: If no record has the id.
        ValueError: If the record has no limit of age.
    """
    row = row_of(id_)
    for way in ("under", "over"):
        if f"victim_age_{way}" in row:
            return f"{way} {row[f'victim_age_{way}']}"
    raise ValueError(f"'{id_}' has no age")


# Topics


@cache
def topic_of(id_: str) -> str:
    """The page of findings that a record belongs to."""
    table, row = table_of(id_), row_of(id_)
    if table == "caveats":
        return next(iter(topics_of_caveat(id_)), "programs-and-plans")
    return finding_topics.topic_of(table, row)


@cache
def topics_of_caveat(id_: str) -> tuple[str, ...]:
    """The topics of the figures that a caveat is on."""
    return tuple(
        dict.fromkeys(
            topic_of(row) for row in _rows_of_caveats().get(id_, []) if "indicator" in row_of(row)
        )
    )


@cache
def _rows_of_caveats() -> dict[str, list[str]]:
    frame = tip.load("row_caveats")
    known = frame[frame["row_id"].isin(list(all_records().homes))]
    return known.groupby("caveat_id")["row_id"].agg(list).to_dict()


def select(tables: Iterable[str] = (), topic: str | None = None) -> list[Entry]:
    """The records of some tables or of a topic, newest first; those without a period last."""
    wanted = set(tables)
    found = [
        entry(id_)
        for id_, (table, _) in all_records().homes.items()
        if table.name in wanted and (topic is None or topic_of(id_) == topic)
    ]
    found.sort(key=lambda record: (record["label"], record["id"]))
    found.sort(key=lambda record: record.get("end") or record.get("start", ""), reverse=True)
    return found


# Conflicts and revisions: each is a pair of records, its two sides


class Pair(NamedTuple):
    """Two records that do not agree, and why they are shown side by side."""

    first: str
    second: str
    kind: str
    caveat: str | None
    note: str | None

    @property
    def topic(self) -> str:
        """The topic under which the pair is shown with all others of its caveat."""
        alike = (p for p in pairs() if self.caveat and p.caveat == self.caveat)
        return next(alike, self).topics[0]

    @property
    def topics(self) -> tuple[str, ...]:
        """All topics of the pair: of its figures, laws and plans, else of its statements."""
        sides = (self.first, self.second)
        found = [topic_of(id_) for id_ in sides if table_of(id_) not in _STATEMENTS]
        found += topics_of_caveat(self.caveat) if self.caveat else ()
        return tuple(dict.fromkeys(found or [topic_of(id_) for id_ in sides]))


_STATEMENTS = ("assessments", "provisions", "recommendations", "events")


@cache
def pairs() -> tuple[Pair, ...]:
    """Every conflict, then every revision that is not one of them."""
    conflicts = [
        Pair(row["first_id"], row["second_id"], "Conflict", row["caveat_id"], row.get("note"))
        for row in _rows("conflicts")
    ]
    known = {frozenset((pair.first, pair.second)) for pair in conflicts}
    kinds = {"revised": "Revision", "redefined": "Revision: counted differently"}
    revisions = [
        Pair(row["earlier"], row["later"], kinds[row["kind"]], None, row.get("note"))
        for row in _rows("restatements")
        if row["kind"] in kinds and frozenset((row["earlier"], row["later"])) not in known
    ]
    return (*conflicts, *revisions)


def _rows(table: str) -> list[Row]:
    frame = tip.load(table).astype(object)
    return [{k: v for k, v in row.items() if v == v} for row in frame.to_dict("records")]


@cache
def numbers() -> dict[Pair, int]:
    """The number of each pair, in the order in which the page of all of them shows them."""
    ordered = [
        pair
        for topic in TOPICS
        for group in _by_caveat(pair for pair in pairs() if pair.topic == topic)
        for pair in group[1]
    ]
    return {pair: number for number, pair in enumerate(ordered, 1)}


def _by_caveat(chosen: Iterable[Pair]) -> list[tuple[str | None, list[Pair]]]:
    found = sorted(chosen, key=lambda pair: pair.caveat or "~")
    return [(name, list(members)) for name, members in groupby(found, key=lambda p: p.caveat)]


def groups(chosen: Iterable[Pair]) -> list[Entry]:
    """Pairs by the caveat that explains them, so that it is said once."""
    return [
        {
            "caveat": caveat_of(name) if name else None,
            "counted": counted(members),
            "places": years_in_words(numbers()[pair] for pair in members),
            "pairs": [
                (numbers()[pair], pair, entry(pair.first), entry(pair.second)) for pair in members
            ],
        }
        for name, members in _by_caveat(chosen)
    ]


def is_conflict(pair: Pair) -> bool:
    """Whether two statements cannot both hold; else a later document changed the earlier."""
    return pair.kind == "Conflict"


def counted(chosen: Iterable[Pair]) -> str:
    """How many conflicts and how many revisions these are.

    Examples:
        >>> counted([Pair("a", "b", "Conflict", None, None)])
        '1 conflict'
    """
    kinds = [is_conflict(pair) for pair in chosen]
    found = [(sum(kinds), "conflict"), (len(kinds) - sum(kinds), "revision")]
    return " and ".join(f"{n} {noun}{'s' * (n > 1)}" for n, noun in found if n)


def about(topic: str) -> list[Pair]:
    """All pairs about a topic, also those that are shown under another one."""
    return [pair for pair in numbers() if topic in pair.topics or topic == pair.topic]


def pair_counts() -> list[Entry]:
    """How many pairs each topic has, each pair counted once, and those shown under another."""
    rows = []
    for topic, title_ in TOPICS.items():
        own = [pair for pair in pairs() if pair.topic == topic]
        conflicts = sum(map(is_conflict, own))
        rows.append(
            {
                "topic": topic,
                "title": title_,
                "pairs": len(own),
                "conflicts": conflicts,
                "revisions": len(own) - conflicts,
                "elsewhere": [pair for pair in about(topic) if pair.topic != topic],
            }
        )
    return rows


# Gaps


def gaps(topic: str | None = None) -> list[Entry]:
    """The records which say that there is no number, newest first."""
    tables = {table.name for table, row in all_records().homes.values() if row.get("obs_status")}
    return [
        record
        for record in select(tables, topic)
        if record["status"] in ("not_reported", "not_available")
    ]


# Statements about the data as a whole


def years_in_words(years: Iterable[int]) -> str:
    """Years as a person lists them.

    Examples:
        >>> years_in_words([2005, 2002, 2022, 2023, 2024])
        '2002, 2005 and 2022 to 2024'
    """
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    parts: list[str] = []
    for span in spans:
        few = len(span) < 3
        parts += map(str, span) if few else [f"{span[0]} to {span[-1]}"]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _tier_rows() -> Iterator[tuple[int, str, str]]:
    for row in _rows("tier_placements"):
        yield int(row["report_year"]), str(row["tier"]), str(row["evidence"])


def _years_of_tier(tier: str) -> str:
    other = {year for year, found, _ in _tier_rows() if found != tier}
    return years_in_words(y for y, found, _ in _tier_rows() if found == tier and y not in other)


def _contested_tiers() -> str:
    found: dict[int, set[str]] = {}
    for year, tier, _ in _tier_rows():
        found.setdefault(year, set()).add(tier)
    return years_in_words(year for year, tiers in found.items() if len(tiers) > 1)


def _latest_tier() -> tuple[int, str]:
    return max((year, tier) for year, tier, _ in _tier_rows())


def _latest_tier_since() -> str:
    """The first year of the unbroken run of reports with the latest tier."""
    year, tier = _latest_tier()
    by_year: dict[int, set[str]] = {}
    for report, found, _ in _tier_rows():
        by_year.setdefault(report, set()).add(found)
    while by_year.get(year - 1) == {tier}:
        year -= 1
    return str(year)


@cache
def longest_series(column: str, *codes: str) -> int:
    """In how many years one reporter counted the same thing, at most; officials aside.

    Zeros about officials recur in the reports each year and would hide the answer.
    """
    frame = tip.observations(warn=False)
    chosen = frame[frame[column].isin(codes) & frame["obs_value"].notna()]
    chosen = chosen[chosen["population"] != "officials_as_offenders"]
    return int(chosen.groupby("series")["year"].nunique().max())


PROSECUTED = ("persons_arrested", "persons_prosecuted", "persons_convicted", "convictions")


def _held() -> list[Entry]:
    found = (source_of(name) for name in rows_by_key("sources", "source_id"))
    return sorted((s for s in found if s["held"]), key=lambda s: (s["published"], s["id"]))


def newest_sources(number: int) -> list[Entry]:
    """The documents that were published last, the newest first."""
    return _held()[: -number - 1 : -1]


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def small(number: int) -> str:
    """A small number as a word, for the start of a claim."""
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"


def _number_of_gaps(topic: str) -> str:
    return str(len(gaps(topic)))


COMPUTED: dict[str, Callable[[], str]] = {
    "documents": lambda: str(len(_held())),
    "first-document": lambda: _held()[0]["published"][:4],
    "last-document": lambda: _held()[-1]["published"][:4],
    "conflicts": lambda: str(len(_rows("conflicts"))),
    "revisions": lambda: str(len([p for p in pairs() if p.kind != "Conflict"])),
    "repeated": lambda: str(sum(row["kind"] == "repeated" for row in _rows("restatements"))),
    "pairs": lambda: str(len(pairs())),
    "gaps": lambda: str(len(gaps())),
    **{f"gaps-{topic}": partial(_number_of_gaps, topic) for topic in TOPICS},
    "tier-3-years": lambda: _years_of_tier("3"),
    "tier-2-years": lambda: _years_of_tier("2"),
    "watch-list-years": lambda: _years_of_tier("2_watch_list"),
    "contested-tier-years": _contested_tiers,
    "latest-tier": lambda: f"Tier {_latest_tier()[1].replace('2_watch_list', '2 Watch List')}",
    "latest-tier-year": lambda: str(_latest_tier()[0]),
    "latest-tier-since": _latest_tier_since,
    "longest-prosecution-series": lambda: small(longest_series("indicator", *PROSECUTED)),
    "longest-returns-series": lambda: small(longest_series("table", "repatriations")),
}
"""Statements about the data as a whole, by the name that a page calls them by."""


def computed(name: str) -> str:
    """A statement about the data as a whole.

    Raises:
        UnknownIdError: If there is none of this name.
    """
    if name not in COMPUTED:
        raise UnknownIdError(f"nothing is computed as '{name}'")
    return COMPUTED[name]()
