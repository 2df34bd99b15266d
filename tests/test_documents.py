"""verify and audit, on made-up documents and on the real ones."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.command.cli import main
from cambodia_tip.maintaining.stamping import stamp
from cambodia_tip.package.opening import open_package
from cambodia_tip.sources.documents import find_words

DOCUMENT = """Report on a town

Police arrested twelve persons in 2010 and closed one bar. Both were first reports.

Courts convicted 3 of the twelve persons in 2011.
"""
ROWS = [
    # id, indicator, value, year, passage, quote
    ("enforcement-town-arrested", "persons_arrested", "12", "2010", "1",
     "Police arrested twelve persons in 2010"),
    ("enforcement-town-closed", "businesses_closed", "1", "", "1", "closed one bar"),
    ("enforcement-town-convicted", "persons_convicted", "3", "2011", "2",
     "3 of the twelve persons in 2011"),
]  # fmt: skip
UNUSED = [("1", "both", "idiom", ""), ("1", "first", "idiom", ""),
          ("2", "twelve", "restated", "enforcement-town-arrested")]  # fmt: skip


@pytest.fixture
def town(town_package, tmp_path: Path):
    """A package with one made-up document, its rows and its unused numerals; and the document."""
    copy = town_package.copy_to(tmp_path / "datapackage")
    copy.folder = tmp_path / "documents"
    shutil.copytree(town_package.path.with_name("documents"), copy.folder)
    return copy


@pytest.fixture(scope="session")
def town_package(small_package, tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("town")
    package_copy = small_package.copy_to(place / "datapackage")
    source = {
        **package_copy.rows("sources")[0],
        "source_id": "town",
        "title": "Report on a town",
        "document_number": "TOWN1",
        "published": "2012",
        "division": "unnumbered",
    }
    package_copy.write_rows("sources", [source])
    folder = place / "documents"
    folder.mkdir()
    (folder / "town.txt").write_text(DOCUMENT)
    model = package_copy.rows("enforcement_stats")[0]
    rows = [
        dict.fromkeys(model, "")
        | {
            "id": name,
            "indicator": indicator,
            "value": value,
            "unit": "persons",
            "qualifier": "unqualified",
            "value_basis": "printed",
            "obs_status": "reported",
            "ref_area": "KHM",
            "reported_by": source["publisher"],
            "period_start": year and f"{year}-01-01",
            "period_end": year and f"{year}-12-31",
            "period_basis": year and "stated",
            "source_id": "town",
            "passage": passage,
            "quote": quote,
        }
        for name, indicator, value, year, passage, quote in ROWS
    ]
    unused = [
        {
            "source_id": "town",
            "passage": p,
            "numeral": n,
            "occurrence": "1",
            "reason": r,
            "row_id": i,
        }
        for p, n, r, i in UNUSED
    ]
    for name in open_package(package_copy.path).resources:
        if name in ("enforcement_stats", "unused_numerals"):
            package_copy.write_rows(name, rows if name == "enforcement_stats" else unused)
        elif "quote" in package_copy.rows(name)[0] or name in ("row_caveats",):
            header = package_copy.file(name).read_bytes().split(b"\n")[0]
            package_copy.write(name, header + b"\n")
    header = package_copy.file("ids").read_bytes().split(b"\n")[0]
    package_copy.write("ids", header + b"\n")
    stamp(package_copy.path, folder)
    return package_copy


def found(report) -> list[tuple[str, str]]:
    return [(finding.row, finding.rule) for finding in report]


def test_a_new_document_verifies_and_audits(town) -> None:
    report = tip.verify(town.folder, town.path)
    assert report.valid, str(report)
    assert report.notes == ("town: the text that was coded, 3 of 3 quotes found",)
    report = tip.audit(town.folder, town.path)
    assert report.valid, str(report)
    assert report.notes == ("town: 8 numerals, 5 used, 3 listed as unused",)


@pytest.mark.parametrize(
    ("row", "cells", "rule"),
    [
        ("enforcement-town-closed", {"quote": "closed two bars"}, "quote-not-found"),
        ("enforcement-town-closed", {"quote": "closed one ba"}, "quote-not-found"),
        ("enforcement-town-closed", {"passage": "2"}, "quote-not-found"),
        ("enforcement-town-closed", {"passage": "title"}, "quote-not-found"),
    ],
)
def test_verify_finds_a_wrong_quote_or_passage(town, row, cells, rule) -> None:
    town.edit("enforcement_stats", row, cells)
    assert found(tip.verify(town.folder, town.path)) == [(row, rule)]


@pytest.mark.parametrize(
    ("quote", "rules"),
    [
        ("Courts convicted 3 of the twelve persons in 2011", ["whole-sentence"]),
        ("convicted 3 of the twelve persons in 2011", []),
        ("Courts convicted 3 of the twelve persons", []),
    ],
)
def test_verify_finds_a_quote_that_is_a_whole_sentence(town, quote: str, rules: list[str]) -> None:
    town.edit("enforcement_stats", "enforcement-town-convicted", {"quote": quote})
    assert [f.rule for f in tip.verify(town.folder, town.path)] == rules


def test_verify_finds_a_whole_sentence_within_a_quote(town) -> None:
    quote = "Police arrested twelve persons in 2010 and closed one bar. Both"
    town.edit("enforcement_stats", "enforcement-town-arrested", {"quote": quote})
    assert [f.rule for f in tip.verify(town.folder, town.path)] == ["whole-sentence"]


ARRESTED, CONVICTED = "enforcement-town-arrested", "enforcement-town-convicted"
SAYS_ELSE = [
    # row, cells, column, rule
    (ARRESTED, {"indicator": "persons_convicted"}, "indicator", "not-named"),
    (ARRESTED, {"unit": "cases"}, "unit", "not-named"),
    (ARRESTED, {"population": "victims"}, "population", "not-named"),
    (ARRESTED, {"offence": "debauchery"}, "offence", "not-named"),
    (ARRESTED, {"sex": "female"}, "sex", "not-named"),
    (ARRESTED, {"ref_area": "KH-12"}, "ref_area", "not-named"),
    (ARRESTED, {"counterpart_area": "THA"}, "counterpart_area", "not-named"),
    (ARRESTED, {"carried_out_by": "cambodian-courts"}, "carried_out_by", "not-named"),
    (CONVICTED, {"reported_by": "cambodian-police"}, "reported_by", "not-named"),
    (CONVICTED, {"period_start": "2010-01-01"}, "period_start", "year-not-printed"),
    (CONVICTED, {"period_end": "2012-01-31"}, "period_end", "year-not-printed"),
]


@pytest.mark.parametrize(("row", "cells", "column", "rule"), SAYS_ELSE)
def test_verify_finds_a_code_or_year_that_the_passage_does_not_have(
    town, row: str, cells: dict[str, str], column: str, rule: str
) -> None:
    town.edit("enforcement_stats", row, cells)
    findings = [(f.row, f.column, f.rule) for f in tip.verify(town.folder, town.path)]
    assert findings == [(row, column, rule)]


def test_verify_finds_the_country_of_another_part_of_the_sentence(
    package_copy, sources: dict[str, str]
) -> None:
    """The passage names nine countries; the quote is about one of them."""
    row = "repatriation-2018-mfaic-2017-china"
    package_copy.edit("repatriations", row, {"from_area": "LAO"})
    report = tip.verify(os.environ["CAMBODIA_TIP_SOURCES"], package_copy.path, only=["tip-2018"])
    assert [(f.row, f.column, f.rule) for f in report] == [(row, "from_area", "not-named")]


def test_a_note_or_a_word_for_the_code_settles_it(town) -> None:
    town.edit("enforcement_stats", CONVICTED, {"counterpart_area": "THA"})
    assert not tip.verify(town.folder, town.path).valid
    town.edit("enforcement_stats", CONVICTED, {"note": "Thailand, says the title."})
    assert tip.verify(town.folder, town.path).valid
    town.edit("enforcement_stats", CONVICTED, {"note": ""})
    words = {"code_list": "areas", "code": "THA", "wording": "person*"}
    town.change("code_words", lambda rows: rows.append(words))
    assert tip.verify(town.folder, town.path).valid


def test_in_a_copy_that_has_lost_its_blanks_a_code_is_named_all_the_same(town) -> None:
    words = {"code_list": "offences", "code": "debauchery", "wording": "twelve persons"}
    town.edit("enforcement_stats", CONVICTED, {"offence": "debauchery"})
    town.change("code_words", lambda rows: rows.append(words))
    text = DOCUMENT.replace("\n\nCourts", " Courts").replace("twelve persons", "twelvepersons")
    town.folder.joinpath("town.txt").write_text(text)
    rules = {finding.rule for finding in tip.verify(town.folder, town.path)}
    assert "not-named" not in rules


def test_in_another_copy_a_code_may_be_named_anywhere(town) -> None:
    town.edit("enforcement_stats", CONVICTED, {"reported_by": "cambodian-police"})
    town.folder.joinpath("town.txt").write_text(DOCUMENT.replace("\n\nCourts", " Courts"))
    assert tip.verify(town.folder, town.path).valid


@pytest.mark.parametrize(
    ("words", "code", "cells", "rules"),
    [
        ("at least twelve", "at_least", {}, ["qualifier-cut"]),
        ("more than twelve", "more_than", {}, ["qualifier-cut"]),
        ("at least twelve", "at_least", {"qualifier": "at_least"}, []),
        ("at least twelve", "at_least", {"note": "The qualifier is about others."}, []),
        ("at least those twelve", "at_least", {}, []),
    ],
)
def test_verify_finds_a_qualifier_right_before_the_quote(
    town, words: str, code: str, cells: dict[str, str], rules: list[str]
) -> None:
    text = DOCUMENT.replace("arrested twelve", f"arrested {words}")
    town.folder.joinpath("town.txt").write_text(text)
    town.edit("enforcement_stats", ARRESTED, {"quote": "twelve persons in 2010", **cells})
    stamp(town.path, town.folder)
    report = tip.verify(town.folder, town.path)
    assert [f.rule for f in report] == rules
    assert all(f"must be {code}" in f.message for f in report)


@pytest.mark.parametrize(
    ("note", "rules"), [("", ["negation-cut"]), ("The sentence says that it does not do so.", [])]
)
def test_verify_finds_a_negation_right_before_the_quote(
    package_copy, sources: dict[str, str], note: str, rules: list[str]
) -> None:
    """The inspectorate does not conduct them; the quote said that it does."""
    quote = "inspections in hospitality or nightlife establishments after business hours"
    package_copy.edit(
        "assessments", "assessment-hrr-2019-after-hours", {"quote": quote, "note": note}
    )
    report = tip.verify(os.environ["CAMBODIA_TIP_SOURCES"], package_copy.path, only=["hrr-2019"])
    assert [f.rule for f in report] == rules


def test_audit_finds_a_restated_number_that_its_row_does_not_have(town) -> None:
    town.change("unused_numerals", lambda rows: rows[2].update(row_id="enforcement-town-closed"))
    assert found(tip.audit(town.folder, town.path)) == [
        ("town, 2, twelve, 1", "numeral-not-restated")
    ]


def test_verify_says_where_a_misplaced_quote_is(town) -> None:
    town.edit("enforcement_stats", "enforcement-town-closed", {"passage": "2"})
    assert "it is in passage 1" in tip.verify(town.folder, town.path).findings[0].message


def test_verify_reads_copies_from_elsewhere(town) -> None:
    text = DOCUMENT.replace(" ", "  ").replace("\n\n", "\n \n\n")
    (town.folder / "town.txt").unlink()
    (town.folder / "TOWN1.txt").write_text("\ufeff" + text, encoding="utf-8")
    report = tip.verify(town.folder, town.path)
    assert report.valid, str(report)
    assert report.notes == ("town: another copy, 3 of 3 quotes found",)


def test_verify_accepts_other_paragraphs_in_another_copy(town) -> None:
    (town.folder / "town.txt").write_text(DOCUMENT.replace("2010 and", "2010 and\n\nNew. And"))
    assert tip.verify(town.folder, town.path).valid


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
def test_a_document_whose_division_is_open_is_a_clear_error(town, check) -> None:
    town.edit("sources", "town", {"division": ""})
    with pytest.raises(tip.DataPackageError, match=r"^sources, town: fill in how it is segmented$"):
        check(town.folder, town.path)


def test_a_document_that_is_not_there_is_a_finding(town) -> None:
    (town.folder / "town.txt").unlink()
    for check in (tip.verify, tip.audit):
        assert found(check(town.folder, town.path)) == [("town", "document")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda copy: copy.change("unused_numerals", lambda rows: rows.pop(0)),
         [("town, 1, both, 1", "numeral-open")]),
        (lambda copy: copy.change("unused_numerals", lambda rows: rows[0].update(numeral="dozen")),
         [("town, 1, both, 1", "numeral-open"), ("town, 1, dozen, 1", "numeral-unmatched")]),
        (lambda copy: copy.change("unused_numerals", lambda rows: rows[0].update(numeral="one")),
         [("town, 1, both, 1", "numeral-open"), ("town, 1, one, 1", "numeral-used")]),
        (lambda copy: copy.edit("enforcement_stats", "enforcement-town-closed", {"value": "2"}),
         [("town, 1, one, 1", "numeral-open"), ("enforcement-town-closed", "numeral-carried")]),
        (lambda copy: copy.edit("enforcement_stats", "enforcement-town-arrested",
                                {"quote": "arrested twelve persons"}),
         [("town, 1, 2010, 1", "numeral-open")]),
    ],
)  # fmt: skip
def test_audit_finds_what_is_open(town, change, expected) -> None:
    change(town)
    assert found(tip.audit(town.folder, town.path)) == expected


def test_audit_counts_rows_tied_to_a_row(town) -> None:
    """A part may quote the number of its whole."""
    town.change("unused_numerals", lambda rows: rows.pop())
    assert found(tip.audit(town.folder, town.path)) == [
        ("town, 2, twelve, 1", "numeral-open"),
        ("enforcement-town-convicted", "numeral-carried"),
    ]
    part = {"part_of": "enforcement-town-arrested", "part_role": "subset"}
    town.edit("enforcement_stats", "enforcement-town-convicted", part)
    assert tip.audit(town.folder, town.path).valid


@pytest.mark.parametrize("number", ["../elsewhere/TOWN1", "..\\elsewhere\\TOWN1"])
def test_a_document_number_leads_to_no_other_folder(town, number: str) -> None:
    (town.folder.parent / "elsewhere").mkdir()
    (town.folder / "town.txt").rename(town.folder.parent / "elsewhere" / "TOWN1.txt")
    town.edit("sources", "town", {"document_number": number})
    for check in (tip.verify, tip.audit):
        assert found(check(town.folder, town.path)) == [("town", "document")]


def without(copy, *tables: str) -> None:
    """Take tables out of the descriptor, and the links to them out of the schemas."""

    def unlink(schema: dict) -> None:
        links = schema.pop("foreignKeys", [])
        if links := [link for link in links if link["reference"].get("resource") not in tables]:
            schema["foreignKeys"] = links

    descriptor = copy.descriptor()
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] not in tables]
    for entry in descriptor["resources"]:
        copy.edit_schema(entry["name"], unlink)
    copy.write_descriptor(descriptor)


@pytest.mark.parametrize("check", ["verify", "audit", "stamp", "add-source"])
@pytest.mark.parametrize("tables", [("sources",), ("passages",), ("sources", "passages")])
def test_a_package_without_documents_is_a_clear_error(town, tables, check, capsys) -> None:
    without(town, *tables)
    before = {file: file.read_bytes() for file in town.path.rglob("*") if file.is_file()}
    folder, path = str(town.folder), str(town.path)
    others = [path, "--sources", folder]
    arguments = [str(town.folder / "town.txt"), path] if check == "add-source" else others
    with pytest.raises(SystemExit) as leaving:
        main([check, *arguments])
    assert leaving.value.code == 2
    assert capsys.readouterr().err == (
        f"cambodia-tip: the data package lacks the table {tables[0]!r}; "
        "without it no row can be compared with its document\n"
    )
    assert {file: file.read_bytes() for file in town.path.rglob("*") if file.is_file()} == before


def without_column(copy, table: str, column: str) -> None:
    """Take a column out of a table, which may be without rows, and out of its schema."""
    with copy.file(table).open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    place = header.index(column)
    with copy.file(table).open("w", newline="", encoding="utf-8") as file:
        kept = (row[:place] + row[place + 1 :] for row in (header, *rows))
        csv.writer(file, lineterminator="\n").writerows(kept)

    def drop(schema: dict) -> None:
        schema["fields"] = [field for field in schema["fields"] if field["name"] != column]
        schema["primaryKey"] = [name for name in schema["primaryKey"] if name != column]
        links = [key for key in schema.pop("foreignKeys", []) if column not in key["fields"]]
        schema.update({"foreignKeys": links} if links else {})

    copy.edit_schema(table, drop)
    copy.refresh()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("organizations", "abbreviation"),
        ("caveats", "source_id"),
        ("unused_numerals", "occurrence"),
        ("ids", "since"),
    ],
)
def test_a_package_of_others_may_lack_columns_of_ours(town, table: str, column: str) -> None:
    """Whoever builds on a part of the tables gets findings, not an error of ours."""
    without_column(town, table, column)
    for check in (tip.verify, tip.audit):
        assert isinstance(check(town.folder, town.path), tip.Report)
    assert "datapackage.json" in stamp(town.path, town.folder)


@pytest.mark.parametrize("check", [tip.verify, tip.audit, lambda *both: stamp(*both[::-1])])
def test_a_division_that_there_is_not_is_a_clear_error(town, check) -> None:
    town.edit("sources", "town", {"division": "verses"})
    codes = [{"value": "verses", "label": "Verses"}]
    town.edit_field("sources", "division", categories=codes, constraints={"enum": ["verses"]})
    with pytest.raises(tip.DataPackageError, match=r"^sources, town: .*verses"):
        check(town.folder, town.path)


def test_a_package_that_does_not_say_how_documents_are_divided_is_a_clear_error(town) -> None:
    without_column(town, "sources", "division")
    with pytest.raises(
        tip.DataPackageError, match="the table 'sources' lacks the column 'division'; "
    ):
        tip.verify(town.folder, town.path)


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
def test_no_folder_is_a_clear_error(check) -> None:
    with pytest.raises(tip.DataPackageError, match="folder with documents not found"):
        check("/nowhere")


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
def test_a_text_that_is_not_utf8_is_a_clear_error(town, check) -> None:
    (town.folder / "town.txt").write_bytes(b"\xe9")
    with pytest.raises(tip.DataPackageError, match=r"town\.txt is not UTF-8 at byte 0"):
        check(town.folder, town.path)


@pytest.mark.parametrize(
    ("text", "words", "start"),
    [("382 victims", "82 victims", -1), ("a bar, bars, bar", "bar", 2), ("xbar bar", "bar", 5),
     ("", "bar", -1), ("(815 from", "(815", 0)],
)  # fmt: skip
def test_words_are_found_whole(text: str, words: str, start: int) -> None:
    assert find_words(text, words) == start


def test_every_numeral_of_the_documents_is_accounted_for(sources) -> None:
    report = tip.audit(os.environ["CAMBODIA_TIP_SOURCES"])
    assert report.valid, str(report)
    counts = [
        re.search(r"(\d+) numerals, (\d+) used, (\d+) listed", note).groups()
        for note in report.notes
    ]
    assert len(counts) == tip.load("sources")["bytes"].count()
    assert all(int(all_) == int(used) + int(listed) for all_, used, listed in counts)
    assert sum(int(listed) for _, _, listed in counts) == len(tip.load("unused_numerals"))


def test_every_quote_is_found_in_changed_copies(sources, tmp_path: Path) -> None:
    division = tip.load("sources").set_index("source_id")["division"]
    for name, text in sources.items():
        text = re.sub(r"(?m)^PHNOM PENH \d{8}.*$", "", text)
        text = text.replace("¶", "").replace("'", "\u2019").replace("--", "\u2014")
        if division[name] != "labor_chapter":  # in a chapter, blanks are the columns of a table
            text = re.sub(r"[ \t]+", "   ", text)
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    report = tip.verify(tmp_path)
    assert report.valid, str(report)
    assert all("another copy" in note for note in report.notes)


def test_a_folder_without_documents_reports_each(tmp_path: Path) -> None:
    assert len(tip.verify(tmp_path)) == tip.load("sources")["bytes"].count()
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("text_hash", "0" * 16),
        ("words", "99"),
        ("heading", "Elsewhere"),
        ("kind", "header"),
        ("position", "7"),
    ],
)
def test_a_passage_that_is_not_that_of_the_text_is_found(town, check, column, text) -> None:
    rows = town.rows("passages")
    row = next(row for row in rows if (row["source_id"], row["passage"]) == ("town", "2"))
    row[column] = text
    town.write_rows("passages", rows)
    findings = check(town.folder, town.path).findings
    assert [(f.table, f.row, f.column, f.rule) for f in findings] == [
        ("passages", "town, 2", column, "passage-differs")
    ]


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
def test_a_missing_or_invented_passage_is_found(town, check) -> None:
    rows = [row for row in town.rows("passages") if row["source_id"] == "town"]
    others = [row for row in town.rows("passages") if row["source_id"] != "town"]
    rows = [row for row in rows if row["passage"] != "title"]
    rows.append({**rows[0], "passage": "9", "position": "9"})
    town.write_rows("passages", [*others, *rows])
    findings = check(town.folder, town.path).findings
    assert [f.row for f in findings if f.rule == "passage-differs"] == ["town, title", "town, 9"]


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
def test_a_wrong_hash_of_a_document_is_found(town, check) -> None:
    rows = town.rows("sources")
    rows[0]["sha256"] = "0" * 64
    town.write_rows("sources", rows)
    findings = check(town.folder, town.path).findings
    assert [(f.table, f.column, f.rule) for f in findings] == [
        ("sources", "sha256", "source-differs")
    ]


def test_no_hash_switches_off_the_look_up_of_quotes(town) -> None:
    """A row moved to another passage is found, though the hashes say that the text is another."""
    town.edit("enforcement_stats", "enforcement-town-closed", {"passage": "2"})
    for table, hashes in {
        "passages": {"text_hash": "0" * 16},
        "sources": {"sha256": "0" * 64},
    }.items():
        rows = town.rows(table)
        rows[-1].update(hashes)
        town.write_rows(table, rows)
    report = tip.verify(town.folder, town.path)
    assert ("enforcement-town-closed", "quote-not-found") in found(report)


def test_audit_says_how_a_number_in_use_may_be_read(town) -> None:
    text = DOCUMENT.replace("twelve persons in 2010", "12 250 persons in 2010")
    (town.folder / "town.txt").write_text(text)
    town.edit(
        "enforcement_stats",
        "enforcement-town-arrested",
        {"value": "12250", "quote": "Police arrested 12 250 persons in 2010"},
    )
    stamp(town.path, town.folder)
    report = tip.audit(town.folder, town.path)
    assert "town: passage 1: '12' may be 12 or 12,250" in report.notes
    assert "enforcement-town-arrested" not in {finding.row for finding in report}


def test_a_text_in_latin_1_is_read_where_its_encoding_is_named(town, capsys) -> None:
    text = DOCUMENT.replace("Report on a town", "Report on a town \u00b6")
    (town.folder / "town.txt").write_bytes(text.encode("latin-1"))
    place = [str(town.path), "--sources", str(town.folder)]

    def run(*arguments: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        printed = capsys.readouterr()
        return left.value.code, printed.out + printed.err

    status, said = run("verify", *place)
    assert (status, "or name what it is, as --encoding latin-1" in said) == (2, True)
    for command in ("stamp", "verify", "audit"):
        status, said = run(command, *place, "--encoding", "latin-1")
        assert status == 0, said
    assert "no encoding 'latin-9000'" in run("verify", *place, "--encoding", "latin-9000")[1]
    assert "neither UTF-8 nor 'ascii'" in run("verify", *place, "--encoding", "ascii")[1]


def test_an_audit_of_a_page_accounts_for_the_paragraphs_that_were_coded(town) -> None:
    first = "<p>Police arrested twelve persons in 2010 and closed one bar. Both were first reports."
    (town.folder / "town.txt").unlink()
    page = town.folder / "town.htm"
    page.write_text(f"{first}<p>Courts convicted 4 of the twelve persons in 2011.")
    report = tip.audit(town.folder, town.path)
    assert report.valid, str(report)
    assert "1 of 3 passages in scope read alike, 5 numerals, 3 used" in report.notes[0]
    town.write_rows("unused_numerals", town.rows("unused_numerals")[1:])
    (finding,) = tip.audit(town.folder, town.path).findings
    assert (finding.row, finding.rule) == ("town, 1, both, 1", "numeral-open")


@pytest.mark.parametrize(("library", "file"), [("pypdf", "town.pdf"), ("lxml", "town.html")])
def test_a_missing_library_is_one_line_and_the_rest_is_checked(
    town, monkeypatch: pytest.MonkeyPatch, library: str, file: str
) -> None:
    (town.folder / "town.txt").unlink()
    (town.folder / file).write_bytes(b"%PDF-1.4" if library == "pypdf" else b"<p>Town")
    monkeypatch.setitem(sys.modules, library, None)
    for check in (tip.verify, tip.audit):
        (finding,) = check(town.folder, town.path)
        extra = file.partition(".")[2]
        wanted = f'install it with: python -m pip install "cambodia-tip[{extra}]"'
        assert finding.message == f"{file} is read with {library}; {wanted}"


def test_of_several_copies_the_report_says_which_was_used(town) -> None:
    (town.folder / "town.html").write_text("<p>Another page")
    (town.folder / "town.txt").write_text((town.folder / "town.txt").read_text() + "\n")
    report = tip.verify(town.folder, town.path)
    assert "town: town.txt is used, not town.html" in report.notes


@pytest.mark.parametrize("look", [tip.verify, tip.audit])
def test_no_document_is_not_taken_for_nothing_wrong(look, tmp_path: Path) -> None:
    with pytest.raises(tip.UnknownNameError, match="no document is named"):
        look(tmp_path, only=[])
