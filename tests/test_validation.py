"""Faults put into a good package one at a time, with the rule that must find each.

Hashes follow every change, so that nothing but the rule itself can see it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.checking import rules, validation
from cambodia_tip.package.model import Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.report import Finding, Report

GONE = "raid-2006-08-brothels"
ARRESTED = "enforcement-2004-persons-arrested"
UNDATED = "enforcement-2006-banteay-meanchey-before"
SERVING = "enforcement-2004-persons-serving-sentence"
AWAITING = "enforcement-2004-persons-awaiting-trial"
MFAIC = "repatriation-2018-mfaic-2017-total"
MALAYSIA = "repatriation-2018-mfaic-2017-malaysia"
UNDER_15 = "penalty-1996-sex-trafficking-under-15"
DOUBLED = "penalty-1996-exploitation-of-prostitution-minor"


_check_table = validation.check_table


@cache
def checked(table: str) -> object:
    return _check_table(open_package().resource(table))


@pytest.fixture(autouse=True)
def _known_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is as in the installed package is read once for all tests."""

    def check_table(resource: Resource) -> object:
        own = open_package().resources.get(resource.name)
        is_known = own and own == replace(resource, path=own.path) and resource.path.is_file()
        if is_known and own.path.read_bytes() == resource.path.read_bytes():
            return checked(own.name)
        return _check_table(resource)

    monkeypatch.setattr(validation, "check_table", check_table)


def test_the_package_is_valid() -> None:
    report = tip.validate()
    assert report.valid, str(report)
    assert len(report) == 0
    assert str(report).endswith("nothing wrong")


def test_a_copy_is_valid(package_copy) -> None:
    package_copy.refresh()
    assert tip.validate(package_copy.path).valid
    assert tip.validate(package_copy.path / "datapackage.json").valid


CELLS = [
    # table, row, cells, rule, row named, column named
    ("enforcement_stats", ARRESTED, {"value": "many"}, "type", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "153.0"}, "type", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "1e3"}, "type", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "1,009"}, "type", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "NaN"}, "type", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "-153"}, "minimum", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "+153"}, "type", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": " 153"}, "whitespace", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": "154"}, "printed", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"value": ""}, "status", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"period_start": "2003-02-30"}, "type", ARRESTED, "period_start"),
    ("enforcement_stats", ARRESTED, {"period_start": "2003"}, "type", ARRESTED, "period_start"),
    ("enforcement_stats", ARRESTED, {"period_start": "2004-01-01"}, "period", ARRESTED, "period_end"),
    ("enforcement_stats", ARRESTED, {"period_basis": ""}, "period", ARRESTED, "period_basis"),
    ("enforcement_stats", UNDATED, {"period_basis": "stated"}, "period", UNDATED, "period_basis"),
    ("enforcement_stats", ARRESTED, {"period_end": "2006-12-31"}, "publication", ARRESTED, "period_end"),
    ("enforcement_stats", ARRESTED, {"qualifier": "roughly"}, "enum", ARRESTED, "qualifier"),
    ("enforcement_stats", ARRESTED, {"obs_status": "not_reported"}, "status", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"qualifier": "none_known"}, "status", ARRESTED, "value"),
    ("enforcement_stats", ARRESTED, {"indicator": ""}, "required", ARRESTED, "indicator"),
    ("enforcement_stats", ARRESTED, {"indicator": "persons_jailed"}, "foreign-key", ARRESTED, "indicator"),
    ("enforcement_stats", ARRESTED, {"indicator": "Persons arrested"}, "pattern", ARRESTED, "indicator"),
    ("enforcement_stats", ARRESTED, {"unit": "people"}, "foreign-key", ARRESTED, "unit"),
    ("enforcement_stats", ARRESTED, {"ref_area": "XXX"}, "foreign-key", ARRESTED, "ref_area"),
    ("enforcement_stats", ARRESTED, {"reported_by": "nobody"}, "foreign-key", ARRESTED, "reported_by"),
    ("enforcement_stats", ARRESTED, {"passage": "99"}, "foreign-key", ARRESTED, "source_id, passage"),
    ("enforcement_stats", ARRESTED, {"source_id": "tip-1999"}, "foreign-key", ARRESTED, "source_id"),
    ("enforcement_stats", ARRESTED, {"quote": ""}, "required", ARRESTED, "quote"),
    ("enforcement_stats", ARRESTED, {"quote": "   "}, "whitespace", ARRESTED, "quote"),
    ("enforcement_stats", ARRESTED, {"quote": "153 " + "word " * 15 + "end"}, "quote", ARRESTED, "quote"),
    ("enforcement_stats", ARRESTED, {"quote": "The police arrested 153."}, "quote", ARRESTED, "quote"),
    ("enforcement_stats", ARRESTED, {"note": "=1+1"}, "formula", ARRESTED, "note"),
    ("enforcement_stats", ARRESTED, {"note": "two\tlines"}, "whitespace", ARRESTED, "note"),
    ("enforcement_stats", ARRESTED, {"note": "odd\u00a0blank"}, "whitespace", ARRESTED, "note"),
    ("enforcement_stats", ARRESTED, {"indicator": "victims_rescued"}, "indicator-use", ARRESTED, "indicator"),
    ("enforcement_stats", ARRESTED, {"unit": "cases"}, "indicator-use", ARRESTED, "unit"),
    ("enforcement_stats", ARRESTED, {"population": "victims"}, "indicator-use", ARRESTED, "population"),
    ("enforcement_stats", ARRESTED, {"population": ""}, "indicator-use", ARRESTED, "population"),
    ("indicator_uses", "agreements_maintained", {"population": "nobody"}, "indicator-use",
     "agreements_maintained, capacity_stats, agreements, nobody", "population"),
    ("indicator_uses", "agreements_maintained", {"figures_table": "statutes"}, "indicator-use",
     "agreements_maintained, statutes, agreements, none", "figures_table"),
    ("code_words", "areas", {"code": "nowhere"}, "code-words", "areas, nowhere, North and South America", "code"),
    ("code_words", "areas", {"code_list": "nothing"}, "enum", "nothing, 003, North and South America", "code_list"),
    ("enforcement_stats", ARRESTED, {"quote": "153 individuals were arrested in 2003"}, "inferred-year",
     ARRESTED, "period_basis"),
    ("enforcement_stats", ARRESTED, {"period_start": "2002-01-01", "period_end": "2002-12-31"},
     "inferred-period", ARRESTED, "period_start"),
    ("assessments", "assessment-2006-less-worrisome", {"summary": "Courts are slow."}, "summary",
     "assessment-2006-less-worrisome", "summary"),
    ("enforcement_stats", SERVING, {"value": "141", "quote": "141 individuals"}, "parts", ARRESTED, "value"),
    ("enforcement_stats", SERVING, {"value": "154", "quote": "154 individuals"}, "parts", SERVING, "value"),
    ("enforcement_stats", SERVING, {"unit": "cases"}, "parts", SERVING, "unit"),
    ("enforcement_stats", SERVING, {"reported_by": "cambodian-police"}, "parts", SERVING, "reported_by"),
    ("enforcement_stats", SERVING, {"part_role": ""}, "parts", SERVING, "part_role"),
    ("enforcement_stats", SERVING, {"part_of": ""}, "parts", SERVING, "part_of"),
    ("enforcement_stats", SERVING, {"part_of": SERVING}, "self-link", SERVING, "part_of"),
    ("enforcement_stats", SERVING, {"part_of": "nothing"}, "foreign-key", SERVING, "part_of"),
    ("repatriations", MFAIC, {"countries": "11", "quote": "986 from 11 countries"}, "countries",
     MFAIC, "countries"),
    ("repatriations", MFAIC, {"countries": "8"}, "printed", MFAIC, "countries"),
    ("repatriations", MALAYSIA, {"from_area": "KHM"}, "movement", MALAYSIA, "to_area"),
    ("repatriations", MALAYSIA, {"value": "383", "quote": "383 victims"}, "parts", MFAIC, "value"),
    ("penalties", UNDER_15, {"minimum": "20", "maximum": "15"}, "bounds", UNDER_15, "minimum"),
    ("penalties", UNDER_15, {"victim_age_over": "15"}, "ages", UNDER_15, "victim_age_over"),
    ("penalties", UNDER_15, {"victim_age_under": "150"}, "maximum", UNDER_15, "victim_age_under"),
    ("penalties", UNDER_15, {"minimum": "14"}, "printed", UNDER_15, "minimum"),
    ("penalties", UNDER_15, {"sanction": "none"}, "sanction", UNDER_15, "sanction"),
    ("penalties", UNDER_15, {"unit": ""}, "sanction", UNDER_15, "unit"),
    ("enforcement_stats", ARRESTED, {"value_basis": "derived", "value": "999"}, "derivation", ARRESTED, "value_basis"),
    ("penalties", UNDER_15, {"value_basis": "derived"}, "derivation", UNDER_15, "derived_from"),
    ("penalties", DOUBLED, {"value_basis": "printed"}, "derivation", DOUBLED, "value_basis"),
    ("statutes", "statute-untac-law", {"covers_internal": "yes"}, "type", "statute-untac-law",
     "covers_internal"),
    ("statutes", "statute-untac-law", {"enacted": "1992-13"}, "type", "statute-untac-law", "enacted"),
    ("statutes", "statute-us-protect-act", {"scope_quote": "w " * 15 + "w"}, "quote",
     "statute-us-protect-act", "scope_quote"),
    ("row_caveats", "enforcement-2004-cases-investigated", {"row_id": "gone"}, "foreign-key",
     "gone, caveat-2004-cases-and-persons", "row_id"),
    ("ids", ARRESTED, {"table": "repatriations"}, "ids", ARRESTED, "id"),
    ("ids", ARRESTED, {"table": "nothing"}, "ids", ARRESTED, "table"),
    ("ids", ARRESTED, {"since": "next"}, "pattern", ARRESTED, "since"),
    ("ids", GONE, {"retired": "0.1.0"}, "ids", GONE, "retired"),
    ("ids", GONE, {"retired": "999.0.0"}, "ids", GONE, "retired"),
    ("ids", GONE, {"retired": ""}, "ids", GONE, "replaced_by"),
    ("ids", GONE, {"replaced_by": "nobody"}, "foreign-key", GONE, "replaced_by"),
    ("ids", GONE, {"replaced_by": GONE}, "self-link", GONE, "replaced_by"),
    ("ids", ARRESTED, {"since": "999.0.0"}, "ids", ARRESTED, "since"),
    ("operations", "raid-2006-08-establishments", {"id": GONE}, "ids", GONE, "id"),
    ("row_caveats", "enforcement-2004-cases-investigated", {"row_id": GONE}, "ids",
     f"{GONE}, caveat-2004-cases-and-persons", "row_id"),
    ("sources", "tip-2004", {"sha256": "abc"}, "pattern", "tip-2004", "sha256"),
    ("sources", "tip-2004", {"sha256": ""}, "not-held", "tip-2004", "sha256"),
    ("sources", "tip-2001", {"bytes": "5"}, "not-held", "tip-2001", "bytes"),
    ("sources", "tip-2001", {"extent": "whole"}, "not-held", "tip-2001", "bytes"),
    ("tier_placements", "tier-2001", {"quote": "Tier 2"}, "evidence", "tier-2001", "quote"),
    ("tier_placements", "tier-2001", {"evidence": "quoted"}, "evidence", "tier-2001", "quote"),
    ("tier_placements", "tier-2004", {"quote": ""}, "evidence", "tier-2004", "quote"),
    ("tier_placements", "tier-2017", {"evidence": "quoted"}, "evidence", "tier-2017", "evidence"),
    ("routes", "route-2004-malaysia-labour", {"source_id": "tip-2001", "passage": "title"}, "not-held",
     "route-2004-malaysia-labour", "quote"),
    ("organizations", "ministry-of-interior", {"parent": "nobody"}, "foreign-key",
     "ministry-of-interior", "parent"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "cells", "rule", "named", "column"),
    CELLS,
    ids=[f"{c[0]}-{c[3]}-{'-'.join(c[2])}-{n}" for n, c in enumerate(CELLS)],
)
def test_a_wrong_cell_is_found(
    package_copy,
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    row: str,
    cells: dict[str, str],
    rule: str,
    named: str,
    column: str,
) -> None:
    """Of the rules about several tables only that one is run, since none hides another."""
    wanted = [known for known in rules.PACKAGE_RULES if known.name == rule]
    monkeypatch.setattr(rules, "PACKAGE_RULES", wanted)
    package_copy.edit(table, row, cells)
    report = tip.validate(package_copy.path)
    found = [(f.row, f.column) for f in report if f.rule == rule]
    assert (named, column) in found, str(report)


MESSAGES = [
    # table, row, cells, the whole finding
    ("enforcement_stats", ARRESTED, {"period_start": "2002-01-01", "period_end": "2002-12-31",
                                     "quote": "the police arrested 153 in 2003"},
     "period_start: '2002-01-01' must give a period that includes the year in the quote: "
     "the police arrested 153 in 2003 [quote-year]"),
    ("repatriations", MFAIC, {"countries": "8", "quote": "986 victims from eight countries"},
     "countries: '8' must be 9, the number of countries in the breakdown of "
     f"{MFAIC} [countries]"),
    ("repatriations", MFAIC, {"value": "985", "quote": "985 victims from nine countries"},
     f"value: '985' must be 986, the sum of the breakdown of {MFAIC} [parts]"),
    ("estimates", "estimate-2004-extent", {"obs_status": "reported", "value": "0"},
     "obs_status: 'reported' must be not_available, since the quote says so of 0: "
     "no reliable estimates available as to the extent or magnitude of the problem; "
     "or a note must say why not [qualifier]"),
    ("enforcement_stats", ARRESTED, {"quote": "arrests (over 153 of them)"},
     "qualifier: 'unqualified' must be more_than, since the quote says so of 153: "
     "arrests (over 153 of them); or a note must say why not [qualifier]"),
    ("penalties", UNDER_15, {"unit": "persons"},
     "unit: 'persons' must be a unit of the kind duration or money [sanction-unit]"),
    ("enforcement_stats", ARRESTED, {"obs_status": "planned"},
     "period_end: '2003-12-31' must not be before its document was published, where it is "
     "planned [publication]"),
    ("sources", "tip-2004", {"url": "www.state.gov"},
     "url: 'www.state.gov' must be a URL that begins with https:// or http:// [type]"),
    ("enforcement_stats", ARRESTED, {"quote": "the \u0440olice arrested 153"},
     "quote: 'the \u0440olice arrested 153' must be written in Latin letters and plain digits "
     "[quote]"),
    ("enforcement_stats", ARRESTED, {"note": "a lost \ufffd"},
     "note: 'a lost \ufffd' must not contain U+FFFD (replacement character) [whitespace]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "cells", "finding"),
    MESSAGES,
    ids=[f"{m[0]}-{'-'.join(m[2])}" for m in MESSAGES],
)
def test_a_finding_says_what_would_be_right(
    package_copy, table: str, row: str, cells: dict[str, str], finding: str
) -> None:
    package_copy.edit(table, row, cells)
    report = tip.validate(package_copy.path)
    assert f"{table}, {row}, {finding}" in [str(found) for found in report]


def test_a_fact_told_twice_names_the_first(package_copy) -> None:
    def repeat(rows: list[dict[str, str]]) -> None:
        first = next(row for row in rows if row["id"] == ARRESTED)
        next(row for row in rows if row["id"] == AWAITING).update({**first, "id": AWAITING})

    package_copy.change("enforcement_stats", repeat)
    report = [str(found) for found in tip.validate(package_copy.path)]
    assert (
        f"enforcement_stats, {AWAITING}, id: '{AWAITING}' must not say the same as {ARRESTED} "
        "in all columns but note and quote [duplicate-fact]"
    ) in report


def test_a_hedge_that_a_note_settles_is_let_through(package_copy) -> None:
    quote = {"quote": "over 153 prostituted women were arrested"}
    package_copy.edit("enforcement_stats", ARRESTED, quote)
    assert "qualifier" in {found.rule for found in tip.validate(package_copy.path)}
    package_copy.edit("enforcement_stats", ARRESTED, {**quote, "note": "The word is no qualifier."})
    assert "qualifier" not in {found.rule for found in tip.validate(package_copy.path)}


def rows_of(table: str, change: Callable[[list[dict[str, str]]], None]):
    return lambda copy: copy.change(table, change)


def circle(rows: list[dict[str, str]]) -> None:
    first, second = (next(r for r in rows if r["id"] == name) for name in (ARRESTED, SERVING))
    first.update(part_of=SERVING, part_role="subset")
    second.update(part_of=ARRESTED, part_role="subset")


def text_of(table: str, change: Callable[[bytes], bytes]):
    return lambda copy: copy.write(table, change(copy.file(table).read_bytes()))


STRUCTURE = [
    ("two wholes in a circle", rows_of("enforcement_stats", circle),
     "enforcement_stats", "self-link"),
    ("a row twice", rows_of("penalties", lambda rows: rows.insert(1, dict(rows[0]))),
     "penalties", "primary-key"),
    ("a composite key twice", rows_of("row_caveats", lambda rows: rows.insert(1, dict(rows[0]))),
     "row_caveats", "primary-key"),
    ("a null in a composite key", rows_of("row_caveats", lambda rows: rows[0].update(caveat_id="")),
     "row_caveats", "required"),
    ("a row that ids does not list", rows_of("ids", lambda rows: rows.pop()),
     "organizations", "foreign-key"),
    ("a restated number without its row",
     rows_of("unused_numerals",
             lambda rows: [r.update(row_id="") for r in rows if r["reason"] == "restated"]),
     "unused_numerals", "restated"),
    ("a listed row that is gone", rows_of("training_counts", lambda rows: rows.pop()),
     "ids", "ids"),
    ("rows out of order", rows_of("areas", lambda rows: rows.reverse()), "areas", "order"),
    ("a key half filled", rows_of("enforcement_stats", lambda rows: rows[0].update(passage="")),
     "enforcement_stats", "foreign-key"),
    ("a code twice", rows_of("units", lambda rows: rows.insert(1, dict(rows[0]))), "units", "primary-key"),
    ("CRLF", text_of("areas", lambda c: c.replace(b"\n", b"\r\n")), "areas", "line-ends"),
    ("no last line end", text_of("areas", lambda c: c.rstrip(b"\n")), "areas", "line-ends"),
    ("a blank last line", text_of("areas", lambda c: c + b"\n"), "areas", "row-length"),
    ("a byte-order mark", text_of("areas", lambda c: b"\xef\xbb\xbf" + c), "areas", "encoding"),
    ("not UTF-8", text_of("areas", lambda c: c.replace(b"Laos", b"L\xe4os")), "areas", "encoding"),
    ("a NUL", text_of("areas", lambda c: c.replace(b"Laos", b"La\x00os")), "areas", "encoding"),
    ("a cell too many", text_of("areas", lambda c: c.replace(b"Laos", b"La,os")), "areas", "row-length"),
    ("a cell too few", text_of("areas", lambda c: c.replace(b"Laos,country", b"Laos")),
     "areas", "row-length"),
    ("an open quotation mark", text_of("areas", lambda c: c + b'"x'), "areas", "quoting"),
    ("a line break in a cell", text_of("areas", lambda c: c.replace(b"Laos", b'"La\nos"')),
     "areas", "quoting"),
    ("a column renamed", text_of("areas", lambda c: c.replace(b"label", b"name", 1)),
     "areas", "columns"),
    ("columns moved", text_of("areas", lambda c: c.replace(b"label,kind", b"kind,label", 1)),
     "areas", "columns"),
    ("an empty file", text_of("areas", lambda c: b""), "areas", "columns"),
    ("the file of another table", lambda copy: copy.write("areas", copy.file("units").read_bytes()),
     "areas", "columns"),
    ("semicolons", text_of("areas", lambda c: c.replace(b",", b";")), "areas", "columns"),
    ("a missing file", lambda copy: copy.file("areas").unlink(), "areas", "file"),
    ("another file of the same size",
     lambda copy: copy.write(
         "areas", copy.file("areas").read_bytes().replace(b"Laos", b"Oman"), refresh=False),
     "areas", "hash"),
    ("another size",
     lambda copy: copy.write("areas", copy.file("areas").read_bytes() + b" ", refresh=False),
     "areas", "bytes"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("break_it", "table", "rule"), [s[1:] for s in STRUCTURE], ids=[s[0] for s in STRUCTURE]
)
def test_a_broken_table_is_found(package_copy, break_it, table: str, rule: str) -> None:
    break_it(package_copy)
    report = tip.validate(package_copy.path)
    assert rule in {f.rule for f in report if f.table == table}, str(report)


def test_versions_are_compared_as_numbers_and_retired_ids_may_be_chained(package_copy) -> None:
    package_copy.write_descriptor({**package_copy.descriptor(), "version": "99.12.0"})
    gone = {"id": "raid-gone", "table": "operations", "since": "99.9.0", "retired": "99.10.0"}
    package_copy.change("ids", lambda rows: rows.append({**gone, "replaced_by": GONE}))
    package_copy.change("ids", lambda rows: rows.sort(key=lambda row: row["id"]))
    assert tip.validate(package_copy.path).valid
    package_copy.edit("ids", GONE, {"replaced_by": "raid-gone"})
    circle = {(f.row, f.rule) for f in tip.validate(package_copy.path)}
    assert circle == {("raid-gone", "self-link"), (GONE, "self-link")}


CORRECTION = {
    **{"changed_in": "0.3.0", "table_name": "operations", "row_key": GONE, "column_name": "label"},
    **{"stood_since": "0.2.0", "kind": "wording", "noticed_by": "reader"},
    **{"was": "A label", "explanation": "Words."},
}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, None),  # of an id that is retired by now
        ({"row_key": "raid-2005-09-hotel"}, None),
        ({"table_name": "row_caveats", "row_key": "a, b", "column_name": "row_id", "kind": "row"}, None),
        ({"table_name": "row_caveats", "row_key": "a, b", "column_name": "row_id"}, "row_key"),
        ({"row_key": "raid"}, "row_key"),
        ({"column_name": "labels", "changed_in": tip.__version__}, "column_name"),
        ({"table_name": "operation", "changed_in": tip.__version__}, "table_name"),
        ({"column_name": "labels"}, None),  # it may have gone since
        ({"stood_since": "0.3.0"}, "changed_in"),
        ({"changed_in": "999.0.0"}, "changed_in"),
        ({"column_name": "quote"}, "was"),
        ({"kind": "privacy"}, "was"),
        ({"kind": "privacy", "was": ""}, None),
    ],
)  # fmt: skip
def test_a_correction_is_about_a_cell_that_was_there(package_copy, cells, found) -> None:
    def add(rows: list[dict[str, str]]) -> None:
        rows.append({**CORRECTION, **cells})
        rows.sort(key=lambda row: list(row.values())[:4])

    package_copy.change("corrections", add)
    report = tip.validate(package_copy.path)
    assert [(f.rule, f.column) for f in report] == ([("corrections", found)] if found else [])


def test_an_id_in_two_tables(package_copy) -> None:
    package_copy.change("penalties", lambda rows: rows[0].update(id=ARRESTED))
    found = [
        f for f in tip.validate(package_copy.path) if f.rule == "ids" and f.table == "penalties"
    ]
    assert found[0].row == ARRESTED
    assert "belongs to another table" in found[0].message


def set_in_resource(name: str, value: object):
    return lambda d: d["resources"][0].update({name: value})


DESCRIPTORS = [
    ("no object", lambda d: []),
    ("no resources", lambda d: d.pop("resources") and d),
    ("resources of another type", lambda d: {**d, "resources": {}}),
    ("no tables", lambda d: {**d, "resources": []}),
    ("another encoding", lambda d: set_in_resource("encoding", "latin-1")(d) or d),
    ("a dialect", lambda d: set_in_resource("dialect", {"delimiter": ";"})(d) or d),
    ("an address as path", lambda d: set_in_resource("path", "https://e.org/a.csv")(d) or d),
    ("a NUL in a path", lambda d: set_in_resource("path", "data/\0.csv")(d) or d),
    ("no version", lambda d: d.pop("version") and d),
    ("a table twice", lambda d: d["resources"].append(d["resources"][0]) or d),
    ("a path out of the package", lambda d: set_in_resource("path", "../../etc/passwd")(d) or d),
    ("an absolute path", lambda d: set_in_resource("path", "/etc/passwd")(d) or d),
    ("a schema that is not there", lambda d: set_in_resource("schema", "schemas/no.json")(d) or d),
    ("a schema without fields", lambda d: set_in_resource("schema", {"fields": []})(d) or d),
    ("a name of another type", lambda d: set_in_resource("name", 7)(d) or d),
    ("a link to no table", lambda d: d["resources"].pop(0) and d),
]


@pytest.mark.parametrize("change", [d[1] for d in DESCRIPTORS], ids=[d[0] for d in DESCRIPTORS])
def test_a_broken_descriptor_is_one_finding(package_copy, change) -> None:
    package_copy.write_descriptor(change(package_copy.descriptor()))
    report = tip.validate(package_copy.path)
    assert [(f.table, f.rule) for f in report] == [("datapackage.json", "descriptor")]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[[[[", b"null"])
def test_an_unreadable_descriptor_is_one_finding(package_copy, content: bytes) -> None:
    (package_copy.path / "datapackage.json").write_bytes(content)
    assert [f.rule for f in tip.validate(package_copy.path)] == ["descriptor"]


@pytest.mark.parametrize(
    "constraints",
    [{"minimum": "abc"}, {"minimum": None}, {"pattern": "["}, {"pattern": 5}, {"enum": 5},
     {"required": "yes"}, {"maxLength": 3}, {"pattern": "a{99999999999999999999}"},
     {"pattern": "(" * 3000 + ")" * 3000}, {"enum": ["THA", "THA"]}],
)  # fmt: skip
def test_a_broken_constraint_is_one_finding(package_copy, constraints: dict) -> None:
    file = package_copy.path / "schemas" / "areas.json"
    schema = json.loads(file.read_text())
    schema["fields"][0]["constraints"] = constraints
    file.write_text(json.dumps(schema))
    report = tip.validate(package_copy.path)
    assert [(f.table, f.rule) for f in report] == [("datapackage.json", "descriptor")]
    assert "areas" in report.findings[0].message


@pytest.mark.parametrize("limit", ["abc", "0", True, float("nan"), float("inf")])
def test_a_limit_of_a_number_that_is_none_is_one_finding(package_copy, limit: object) -> None:
    package_copy.edit_field("estimates", "value", type="number", constraints={"minimum": limit})
    (finding,) = tip.validate(package_copy.path)
    assert finding.rule == "descriptor"
    assert "estimates" in finding.message


def test_words_are_no_number_that_a_quote_prints(package_copy) -> None:
    package_copy.edit_field("estimates", "indicator", printedIn="quote")
    (finding,) = tip.validate(package_copy.path)
    assert "'printedIn' is for a number, not for a string" in finding.message


def test_a_code_that_is_there_twice_is_one_finding(package_copy) -> None:
    codes = [{"value": "country", "label": "Country"}, {"value": "country", "label": "State"}]
    enum = {"enum": ["country", "country"]}
    package_copy.edit_field("areas", "kind", categories=codes, constraints=enum)
    (finding,) = tip.validate(package_copy.path)
    assert "'categories' has 'country' twice" in finding.message


@pytest.mark.parametrize("change", [{"description": "Another."}, {"type": "number"}])
def test_a_column_of_several_tables_is_described_alike(package_copy, change: dict) -> None:
    (what,) = change
    package_copy.edit_field("repatriations", "value", **change)
    package_copy.seal()
    (finding,) = tip.validate(package_copy.path)
    assert finding.rule == "shared-column"
    assert f"schema of 'repatriations', field 'value': the {what} must be the same" in str(finding)
    package_copy.edit_field("repatriations", "value", differs={what: "A made-up reason."})
    package_copy.seal()
    assert tip.validate(package_copy.path).valid


@pytest.mark.parametrize(
    ("owner", "change", "message"),
    [
        ("package", {"licences": []}, "unknown property 'licences'; did you mean 'licenses'?"),
        ("field", {"prinetdIn": "quote"}, "unknown property 'prinetdIn'; did you mean 'printedIn'"),
        ("field", {"constraints": {"uniqe": True}}, "did you mean 'unique'?"),
        ("field", {"constraints": {"minLength": 2}}, "unknown property 'minLength'"),
        ("field", {"decimalChar": ","}, "does not support the property 'decimalChar'"),
        ("field", {"furtherConstraints": {"pattern": "(?:a)"}}, "not in XML Schema regular"),
        ("field", {"example": 5}, "'example' must be text, not empty, not 5"),
    ],
)
def test_a_property_that_would_switch_a_check_off_is_found(
    package_copy, owner: str, change: dict, message: str
) -> None:
    if owner == "package":
        package_copy.write_descriptor({**package_copy.descriptor(), **change})
    else:
        package_copy.edit_field("units", "label", **change)
    (finding,) = tip.validate(package_copy.path)
    assert finding.rule == "descriptor"
    assert message in finding.message


def test_properties_that_the_standard_does_not_define_are_allowed(package_copy) -> None:
    package_copy.write_descriptor({**package_copy.descriptor(), "idPrefix": "made-up-"})
    package_copy.edit_field("units", "label", **{"example:note": "Made up."})
    package_copy.seal()
    assert tip.validate(package_copy.path).valid


def test_half_a_sign_in_a_descriptor_is_one_finding(package_copy) -> None:
    """It could be neither printed nor written."""
    package_copy.edit_field("areas", "kind", title="x\ud800")
    (finding,) = tip.validate(package_copy.path)
    assert finding.rule == "descriptor"
    str(finding).encode()


@pytest.mark.parametrize(
    ("table", "column", "type_"),
    [
        ("estimates", "period_start", "string"),
        ("penalties", "minimum", "string"),
        ("enforcement_stats", "value", "string"),
        ("sources", "published", "string"),
        ("repatriations", "countries", "string"),
    ],
)
def test_a_column_of_another_type_is_no_trouble_for_rules(
    package_copy, table: str, column: str, type_: str
) -> None:
    def retype(schema: dict) -> None:
        field = next(field for field in schema["fields"] if field["name"] == column)
        for name in ("constraints", "furtherConstraints", "printedIn", "edtf"):
            field.pop(name, None)
        field.update(type=type_, example="c.2018", differs={"type": "A made-up reason."})

    package_copy.edit_schema(table, retype)
    package_copy.change(table, lambda rows: rows[0].update({column: "c.2018"}))
    package_copy.seal()
    report = tip.validate(package_copy.path)
    assert report.valid, str(report)


@pytest.mark.parametrize("suffix", ["zip", "xz", "gz"])
def test_the_name_of_a_file_does_not_say_how_to_read_it(package_copy, suffix: str) -> None:
    descriptor = package_copy.descriptor()
    entry = next(r for r in descriptor["resources"] if r["name"] == "areas")
    package_copy.file("areas").rename(package_copy.path / "data" / f"areas.{suffix}")
    entry["path"] = f"data/areas.{suffix}"
    package_copy.write_descriptor(descriptor)
    package_copy.refresh()
    assert tip.validate(package_copy.path).valid


def test_braces_in_the_data_are_text(package_copy) -> None:
    package_copy.edit("ids", GONE, {"retired": "{x}"})
    assert "'{x}' must" in "".join(map(str, tip.validate(package_copy.path)))

    def repeat(rows: list[dict[str, str]]) -> None:
        rows[0]["id"] = "a{b}"
        rows[1].update({**rows[0], "id": "c"})

    package_copy.change("statutes", repeat)
    told = [found.message for found in tip.validate(package_copy.path)]
    assert "'c' must not say the same as a{b} in all columns but note and quote" in told


@pytest.mark.parametrize("words", ["'at least {}", "(at least {}", "women/at least {}"])
def test_a_hedge_after_any_sign_is_found(package_copy, words: str) -> None:
    quote = words.format("153 prostituted women")
    package_copy.edit("enforcement_stats", ARRESTED, {"quote": quote})
    assert ("qualifier", ARRESTED) in {(f.rule, f.row) for f in tip.validate(package_copy.path)}


def test_words_for_a_code_may_begin_with_a_capital(package_copy) -> None:
    def capitalise(schema: dict) -> None:
        (field,) = (f for f in schema["fields"] if f["name"] == "qualifier")
        for category in field["categories"]:
            if "printedAs" in category:
                category["printedAs"] = [words.capitalize() for words in category["printedAs"]]

    package_copy.edit_schema("enforcement_stats", capitalise)
    package_copy.edit("enforcement_stats", ARRESTED, {"quote": "at least 153 prostituted women"})
    assert ("qualifier", ARRESTED) in {(f.rule, f.row) for f in tip.validate(package_copy.path)}


def test_a_sum_is_told_to_its_last_digit_and_fractions_may_be_rounded(package_copy) -> None:
    def broken_down(rows: list[dict[str, str]], whole: str, *values: str) -> None:
        parts = [r for r in rows if r["part_of"] == MFAIC and r["part_role"] == "breakdown"]
        for row, value in zip(parts, [*values, *["0"] * len(parts)], strict=False):
            row["value"] = value
        next(row for row in rows if row["id"] == MFAIC)["value"] = whole

    def said() -> str:
        return "".join(f.message for f in tip.validate(package_copy.path) if f.rule == "parts")

    package_copy.change("repatriations", lambda rows: broken_down(rows, "1234999", "1234711"))
    assert "must be 1234711, the sum of the breakdown" in said()
    package_copy.edit_field("repatriations", "value", type="number")
    package_copy.change("repatriations", lambda rows: broken_down(rows, "0.3", "0.1", "0.2"))
    assert said() == ""
    package_copy.change("repatriations", lambda rows: broken_down(rows, "0.3", "0.1", "0.25"))
    assert "must be 0.35, the sum of the breakdown" in said()


def test_a_finding_stays_on_one_line() -> None:
    finding = Finding("t", "a\nb", "", "x", "m")
    assert str(finding) == "t, 'a\\nb': m [x]"
    assert finding.columns == ()


def test_a_truth_value_is_told_as_a_cell_has_it(package_copy) -> None:
    package_copy.edit_field("statutes", "covers_internal", constraints={"required": True})
    messages = {found.message for found in tip.validate(package_copy.path)}
    assert "must not be empty; an example is true" in messages
    examples = tip.dictionary("statutes").set_index("name")["example"]
    assert examples["covers_internal"] == "true"


def test_a_key_of_numbers_and_days_is_no_trouble(package_copy) -> None:
    file = package_copy.path / "schemas" / "migration_stats.json"
    schema = json.loads(file.read_text())
    schema["primaryKey"] = ["value", "period_start"]
    file.write_text(json.dumps(schema))
    assert "order" in {f.rule for f in tip.validate(package_copy.path)}


def test_one_fault_is_one_finding(package_copy) -> None:
    """What follows from a fault is not reported beside it."""
    package_copy.edit("repatriations", MALAYSIA, {"value": "99999999999999999999"})
    assert [(f.row, f.rule) for f in tip.validate(package_copy.path)] == [(MALAYSIA, "type")]


def test_a_schema_may_stand_in_the_descriptor(package_copy) -> None:
    descriptor = package_copy.descriptor()
    for entry in descriptor["resources"]:
        entry["schema"] = json.loads((package_copy.path / entry["schema"]).read_text())
    package_copy.write_descriptor(descriptor)
    shutil.rmtree(package_copy.path / "schemas")
    assert tip.validate(package_copy.path).valid


@pytest.mark.parametrize("path", ["nowhere", "a\0b", "x" * 5000, ""])
def test_a_path_without_a_package_is_a_clear_error(tmp_path: Path, path: str) -> None:
    with pytest.raises(tip.DataPackageError, match="is not a data package"):
        tip.validate(tmp_path / path if path else tmp_path)


def test_a_report_sums_up_what_repeats() -> None:
    findings = tuple(Finding("t", f"row {n}", "c", "type", "must be a number") for n in range(200))
    lines = list(Report(findings, "1 table").lines())
    assert len(lines) == 12
    assert lines[0] == "t, row 0, c: must be a number [type]"
    assert lines[10] == "t, c: 190 more of the same kind [type]"
    assert lines[11] == "1 table: 200 findings"
    assert Report(findings, "1 table").to_frame().shape == (200, 5)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("ids", "table"), ("sources", "published"), ("passages", "kind"), ("units", "kind")),
        ("unused_numerals", "reason"),
    ],
)
def test_a_package_of_others_may_lack_columns_of_ours(
    package_copy, table: str, column: str
) -> None:
    """Whoever builds on a part of the tables gets findings, not an error of ours."""
    file = package_copy.path / "schemas" / f"{table}.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["fields"] = [field for field in schema["fields"] if field["name"] != column]
    file.write_text(json.dumps(schema), encoding="utf-8")
    package_copy.change(table, lambda rows: [row.pop(column) for row in rows])
    assert isinstance(tip.validate(package_copy.path), tip.Report)
