"""The title of a record: what its page, a link to it and a list of results call it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import explorer
import explorer_words as words
from explorer_records import Records, with_year
from explorer_tables import Row, Table, days_of

WHOLE_COUNTRY = "Cambodia"
COUNTRY, ABROAD = "KHM", "W1"
SOURCES = {
    "Findings on the Worst Forms of Child Labor": "{year} child labor report",
    "Country Reports on Human Rights Practices": "{year} human rights report",
    "Trafficking in Persons Interim Assessment": "{year} interim assessment",
    "Trafficking in Persons Report": "{year} trafficking report",
    "World Factbook": "World Factbook on the {year} report",
    "Diplomacy Explorer": "{year} map data",
    "United Nations Treaty Collection": "{year} treaty collection",
}
"""Short names of sources by what their titles have in common."""
KINDS = {
    "statutes": "Law",
    "penalties": "Penalty",
    "provisions": "Provision",
    "sentences": "Sentence",
    "events": "Event",
    "agreements": "Agreement",
    "action_plans": "Action plan",
    "programmes": "Program",
    "tier_placements": "Tier",
    "recommendations": "Recommendation",
    "routes": "Route",
    "victim_locations": "Location of victims",
    "assessments": "Assessment",
    "organizations": "Organization",
    "operations": "Operation",
    "caveats": "Caveat",
}
"""What a statement is, by its table."""
NOUNS = {
    "persons": "persons people children victims workers laborers inspectors officers officials"
    " members trainers migrants nationals minors women prosecutors participants beneficiaries"
    " staff",
    "establishments": "establishments factories kilns businesses enterprises hospitals casinos"
    " centers institutions",
    "companies": "companies firms",
    "documents": "passes",
    "events": "events fora",
    "items": "materials posts",
    "penalties": "penalties fines",
    "shelters": "shelters centers",
    "sessions": "sessions",
}
"""What a unit is counted in, where the label of an indicator has another noun than the unit."""
SINGULAR = {"children": "child", "people": "person", "women": "woman", "fora": "forum"}
AFTER_NOUN = re.compile(
    r"\b(?:of|at|on|in|for|with|without|by|to|from|under|that|who|whose|whom|below|as|asking)\b"
)
SAID_ANYWAY = {"victims", "suspects_and_offenders", "officials_as_offenders", "nationals"}
"""Populations that the labels of their indicators or offenses name."""


def title(record: Mapping[str, Any]) -> str:
    """What a record says, in one line without a period at its end; no two have the same.

    Args:
        record: An entry of ``Records.data()["records"]``, or anything else with its `id`.
    """
    return titles()[record["id"]]


@cache
def titles() -> dict[str, str]:
    """The titles of all records of the package, by id."""
    return distinct_titles(explorer.all_records())


def distinct_titles(records: Records) -> dict[str, str]:
    """A title for each record; those that would have the same get what tells them apart."""
    made = {id_: _title(records, table, row) for id_, (table, row) in records.homes.items()}
    for tell in _DIFFERENCES:
        for ids in _same(made):
            told = {id_: tell(records, *records.homes[id_]) for id_ in ids}
            if len(set(told.values())) > 1:
                made |= {id_: _with(made[id_], text) for id_, text in told.items() if text}
    return made


def source_name(source: Mapping[str, Any]) -> str:
    """A source in a few words: ``2018 trafficking report``, ``2007 cable``.

    Args:
        source: A row of the table `sources`.
    """
    found = re.search(r"\d{4}", source["title"])
    year = found[0] if found else str(source["published"])[:4]
    if source["kind"] == "cable":
        return f"{str(source['published'])[:4]} cable"
    names = (name for part, name in SOURCES.items() if part in source["title"])
    return next(names, str(source["title"])).format(year=year)


def _same(made: Mapping[str, str]) -> list[list[str]]:
    groups = defaultdict(list)
    for id_, text in made.items():
        groups[text].append(id_)
    return [ids for ids in groups.values() if len(ids) > 1]


def _with(text: str, more: str) -> str:
    """A title with one more remark in its brackets, unless it has that already."""
    if more.casefold() in text.casefold():
        return text
    if text.endswith(")") and text.count(" (") == 1:
        return f"{text[:-1]}; {more})"
    return f"{text} ({more})"


def _title(records: Records, table: Table, row: Row) -> str:
    if make := _MAKERS.get(table.name):
        return make(records, table, row)
    if "indicator" in row:
        return _figure(records, table, row)
    label = str(row.get("summary") or row[table.resource.label_field or "id"])
    return label.rstrip(".")


# Figures


def _figure(records: Records, table: Table, row: Row) -> str:
    """The number and what was counted, when, where, and what limits it in brackets."""
    label = _label(row)
    unit = records.units[row["unit"]]
    is_number = "value" in row or "value_max" in row
    noun = _counted(label, row) if unit["kind"] == "count" and is_number else ""
    measure = words.measure(row, {} if noun else unit).replace(" (percent)", " percent")
    measure, *remarks = re.split(r" \(|\)", measure.replace(" (share)", ""))
    head = f"{measure} {noun}" if noun else f"{label}: {_money(measure)}"
    start, end, _ = days_of(table, row)
    parts = [head + _ways(row), _body(row), words.period(start, end), _place(row)]
    remarks = [*filter(None, remarks), *_limits(row, label)]
    text = ", ".join(filter(None, parts)) + (f" ({'; '.join(remarks)})" if remarks else "")
    return text[0].upper() + text[1:]


def _label(row: Row) -> str:
    """What was counted; persons by who they were, if the label says no more of them."""
    label = str(row["indicator_label"])
    population = str(row.get("population_label", ""))
    if label.startswith("Persons ") and population and row["population"] not in SAID_ANYWAY:
        return population + label.removeprefix("Persons")
    if label.startswith("Victims ") and row.get("population") == "potential_victims":
        return "Potential v" + label.removeprefix("V")
    return label


def _counted(label: str, row: Row) -> str:
    """The label as it goes on after a number, if that is of what its first noun says."""
    before = AFTER_NOUN.split(label, maxsplit=1)[0].lower().split()
    unit = str(row.get("unit", ""))
    nouns = {*NOUNS.get(unit, "").split(), unit.rpartition("_")[2]}
    if label.startswith(str(row.get("population_label", "-"))) and unit == "persons":
        nouns.update(before)
    noun = next((word for word in before if word.strip(",") in nouns), None)
    if noun is None:
        return ""
    text = label[0].lower() + label[1:]
    return text.replace(noun, _singular(noun), 1) if row.get("value") == 1 else text


def _singular(noun: str) -> str:
    if noun in SINGULAR:
        return SINGULAR[noun]
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-2] if noun.endswith("sses") else noun.removesuffix("s")


def _money(measure: str) -> str:
    """Amounts in dollars with the sign that print has."""
    amount, unit, rest = measure.partition(" United States dollars")
    return re.sub(r"(?<![\d,.])(?=\d)", "US$", amount) + rest if unit else measure


def _ways(row: Row) -> str:
    """From where and to where, as far as the label does not say so."""
    label = str(row["indicator_label"])
    from_, to = (row.get(f"{way}_area_label") for way in ("from", "to"))
    if "counterpart_area" in row and "to Cambodia" in label:
        from_ = row["counterpart_area_label"]
    if to == WHOLE_COUNTRY:  # what repatriations are, unless another country is named
        to = None
    return (f" from {_area(from_)}" if from_ else "") + (f" to {_area(to)}" if to else "")


def _area(label: object) -> str:
    return "abroad" if label == "Any country but Cambodia" else str(label)


def _body(row: Row) -> str:
    return str(row.get("body_label", ""))


def _place(row: Row) -> str:
    """Where, if that is less than the country."""
    area = row.get("ref_area_label") if row.get("ref_area") != COUNTRY else None
    return ", ".join(str(name) for name in (row.get("place"), area) if name)


def _limits(row: Row, label: str) -> Iterator[str]:
    """Who was counted and for what, as far as the label does not say so."""
    if row.get("offence", "trafficking_in_persons") != "trafficking_in_persons":
        yield _lower(row["offence_label"])
    population = _lower(row.get("population_label", ""))
    stems = [word[:5] for word in population.split() if len(word) >= len("child")]
    is_said = all(stem in label.lower() for stem in stems)
    if population and not is_said and row["population"] not in SAID_ANYWAY:
        yield population
        label = f"{label} {population}"
    yield from filter(None, [_age(row, label), _sex(row, label), _citizenship(row, label)])
    if "counterpart_area" in row and "to Cambodia" not in label:
        yield _area(row["counterpart_area_label"])


def _age(row: Row, label: str = "") -> str:
    if row.get("age_group") in (None, "all") or re.search("child|minor", label, re.IGNORECASE):
        return ""
    return {"minor": "minors or children"}.get(row["age_group"], _lower(row["age_group_label"]))


def _sex(row: Row, label: str = "") -> str:
    is_said = re.search("women|girl|bride", label, re.IGNORECASE)
    return "" if "sex" not in row or is_said else str(row["sex_label"]).lower()


def _citizenship(row: Row, label: str = "") -> str:
    if row.get("citizenship", COUNTRY) == COUNTRY or label.startswith("Foreign"):
        return ""
    is_any = row["citizenship"] == ABROAD
    return "foreigners" if is_any else f"citizenship: {row['citizenship_label']}"


def _lower(text: object) -> str:
    """A label within a line; abbreviations keep their capitals."""
    label = str(text)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


# Statements


def _penalty(records: Records, table: Table, row: Row) -> str:
    law = _law(records, row["statute"])
    charge = f"“{row['charge_as_printed']}”" if "charge_as_printed" in row else None
    parts = [f"{_sanction(records, row)} for {charge or _lower(row['offence_label'])}"]
    for name in ("under", "over"):
        if f"victim_age_{name}" in row:
            parts.append(f"victim {name} {row[f'victim_age_{name}']}")
    if "victim_age_word" in row:
        parts.append(f"{_lower(row['victim_age_word_label'])} victim")
    text = f"{law}: {', '.join(parts)}"
    return _with(text, "derived, not printed") if row["value_basis"] == "derived" else text


def _law(records: Records, statute: str) -> str:
    table, row = records.homes[statute]
    return with_year(str(row.get("short_title") or row["title"]), *days_of(table, row))


def _sanction(records: Records, row: Row) -> str:
    unit = records.units.get(row.get("unit", ""), {})
    measure = _money(words.measure({**row, "value_basis": "printed"}, unit))
    if measure:
        forms = {"imprisonment": "{} in prison", "fine": "a fine of {}"}
        return forms.get(row["sanction"], f"{_lower(row['sanction_label'])} of {{}}").format(
            measure
        )
    kinds = {"fine": "a fine", "none": "no penalty", "not_stated": "penalty not specified"}
    return kinds.get(row["sanction"], _lower(row["sanction_label"]))


def _sentence(records: Records, table: Table, row: Row) -> str:
    on = _title(records, *records.homes[row["imposed_on"]])
    return f"{on}: {_sanction(records, row)}"


def _route(records: Records, table: Table, row: Row) -> str:
    who = _who(row)
    origin, destination = (row.get(f"{way}_area_label") for way in ("origin", "destination"))
    if origin and origin == destination:
        way = [f"within {_area(origin)}"]
    else:
        way = [f"from {_area(origin)}"] if origin else []
        if "transit_area" in row:
            way.append(f"through {_area(row['transit_area_label'])}")
        if destination:
            area = _area(destination)
            way.append(area if area == "abroad" else f"to {area}")
    purpose = str(row.get("exploitation", "not_stated"))
    if purpose.endswith("labour_migration"):  # which is not all trafficking
        text = f"{row['exploitation_label']}: {_lower(who)} {' '.join(way)}"
    elif purpose == "not_stated":
        text = f"{who} trafficked {' '.join(way)}, purpose not stated"
    else:
        text = f"{who} trafficked {' '.join(way)} for {_lower(row['exploitation_label'])}"
    return _with(text, source_name(records.sources[row["source_id"]]))


def _who(row: Row) -> str:
    minors = row.get("age_group") == "minor"
    who = {
        "female": "Girls" if minors else "Women or girls",
        "male": "Boys" if minors else "Men or boys",
    }.get(row.get("sex", ""), "Children" if minors else "Persons")
    if row.get("age_group") == "adult":
        who = {"female": "Women", "male": "Men"}.get(row.get("sex", ""), "Adults")
    if "age_from" in row:
        who += f" aged {row['age_from']} or older"
    return f"{who} under {row['age_under']}" if "age_under" in row else who


def _location(records: Records, table: Table, row: Row) -> str:
    where = f"Victims of {_lower(row['exploitation_label'])} in {row['ref_area_label']}"
    of = row.get("citizenship_label")
    return f"{where} (citizenship: {of})" if of else where


def _tier(records: Records, table: Table, row: Row) -> str:
    text = f"{row['tier_label']} in the {row['report_year']} Trafficking in Persons Report"
    if row["evidence"] not in ("quoted", "heading_seen"):
        text = _with(text, _lower(row["evidence_label"]))
    source = source_name(records.sources[row["source_id"]])
    printed_in = source.removesuffix(f" on the {row['report_year']} report")
    is_own = printed_in == f"{row['report_year']} trafficking report"
    return text if is_own else _with(text, printed_in)


def _recommendation(records: Records, table: Table, row: Row) -> str:
    return f"Recommendation: {_lower(row['summary'])}".rstrip(".")


def _statute(records: Records, table: Table, row: Row) -> str:
    return with_year(str(row["title"]), *days_of(table, row))


_MAKERS: dict[str, Callable[[Records, Table, Row], str]] = {
    "penalties": _penalty,
    "sentences": _sentence,
    "routes": _route,
    "victim_locations": _location,
    "tier_placements": _tier,
    "recommendations": _recommendation,
    "statutes": _statute,
}


# What tells records apart that would have the same title


def _labeled(name: str, form: str = "{}") -> Callable[[Records, Table, Row], str]:
    def tell(records: Records, table: Table, row: Row) -> str:
        text = row.get(f"{name}_label") or row.get(name)
        return form.format(_lower(text)) if text and text != "not stated" else ""

    return tell


def _edition(records: Records, table: Table, row: Row) -> str:
    return source_name(records.sources[row["source_id"]])


def _paragraph(records: Records, table: Table, row: Row) -> str:
    return words.passage(row["passage"], records.sources[row["source_id"]].get("division", ""))


def _kind(records: Records, table: Table, row: Row) -> str:
    return KINDS.get(table.name, table.resource.title).lower()


_DIFFERENCES: tuple[Callable[[Records, Table, Row], str], ...] = (
    _labeled("topic"),
    _labeled("population"),
    _labeled("offence"),
    _labeled("citizenship", "citizenship: {}"),
    _edition,
    _labeled("charge_as_printed", "“{}”"),
    _labeled("carried_out_by", "by {}"),
    _labeled("reported_by", "reported by {}"),
    _paragraph,
    _kind,
    _labeled("quote", "“{}”"),
)
