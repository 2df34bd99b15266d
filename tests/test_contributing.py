"""A contributor's path: a sixth document from its text to checks that find nothing.

The document is made up, and its year says so.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cambodia_tip as tip
from cambodia_tip.command import cli
from cambodia_tip.package.opening import open_package
from cambodia_tip.parsing.passages import guess_division
from cambodia_tip.report import Finding, Report
from cambodia_tip.sources.documents import read_plain_text

if TYPE_CHECKING:
    from conftest import PackageCopy

TEXT = """41QUAY7
FM QUAY LEGATION
SUBJECT: AN IMAGINARY QUAY

¶1. (U) The quay court of a town that does not exist tried 30 cases in 2040, twenty-one of
them for trafficking and nine for corruption. The quay watch did not report arrests.

Training
--------

¶2. (U) The quay watch trained more than two hundred officers in 2040. At one time, its
head wrote, nobody had heard of the law.
"""
SOURCE = {
    "title": "An imaginary quay",
    "kind": "cable",
    "document_number": "41QUAY7",
    "publisher": "quay-legation",
    "published": "2041-03-01",
    "published_basis": "inferred",
    "standing": "official",
    "extent": "whole",
    "url": "https://example.org/quay",
    "url_status": "address_only",
    "terms": "Made up for a test",
}
BODIES = [
    {"id": "quay-legation", "label": "Quay legation", "kind": "embassy",
     "passage": "header", "quote": "QUAY LEGATION"},
    {"id": "quay-court", "label": "Quay court", "kind": "court",
     "passage": "1", "quote": "quay court"},
    {"id": "quay-watch", "label": "Quay watch", "kind": "police",
     "passage": "1", "quote": "quay watch"},
]  # fmt: skip
FIGURE = {
    "qualifier": "unqualified",
    "value_basis": "printed",
    "obs_status": "reported",
    "ref_area": "KHM",
    "reported_by": "quay-legation",
}
YEAR = {"period_start": "2040-01-01", "period_end": "2040-12-31", "period_basis": "stated"}
TRIED = {**FIGURE, **YEAR, "indicator": "cases_tried", "unit": "cases", "passage": "1",
         "carried_out_by": "quay-court"}  # fmt: skip
PART = {**TRIED, "part_of": "enforcement-2041-tried", "part_role": "breakdown"}
ENFORCEMENT = [
    {**TRIED, "id": "enforcement-2041-tried", "value": "30",
     "quote": "tried 30 cases in 2040"},
    {**PART, "id": "enforcement-2041-tried-trafficking", "value": "21",
     "offence": "trafficking_in_persons", "charge_as_printed": "trafficking",
     "quote": "twenty-one of them for trafficking"},
    {**PART, "id": "enforcement-2041-tried-corruption", "value": "9", "offence": "corruption",
     "charge_as_printed": "corruption", "quote": "nine for corruption"},
    {**FIGURE, "id": "enforcement-2041-arrested", "indicator": "persons_arrested",
     "obs_status": "not_reported", "unit": "persons", "population": "suspects_and_offenders",
     "carried_out_by": "quay-watch", "passage": "1",
     "quote": "quay watch did not report arrests"},
]  # fmt: skip
TRAINING = [
    {**FIGURE, **YEAR, "id": "training-2041-officers", "indicator": "persons_trained",
     "value": "200", "unit": "persons", "qualifier": "more_than", "population": "police",
     "topic": "the law", "carried_out_by": "quay-watch", "passage": "2",
     "quote": "trained more than two hundred officers in 2040"},
]  # fmt: skip
UNUSED = [
    {"passage": "header", "numeral": "41", "occurrence": "1", "reason": "header"},
    {"passage": "header", "numeral": "7", "occurrence": "1", "reason": "header"},
    {"passage": "1", "numeral": "1", "occurrence": "1", "reason": "paragraph_number"},
    {"passage": "2", "numeral": "2", "occurrence": "1", "reason": "paragraph_number"},
    {"passage": "2", "numeral": "one", "occurrence": "1", "reason": "idiom"},
]


class Clone:
    """A copy of the data package and a folder of texts, worked on as a contributor does."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.package, self.texts = place / "datapackage", place / "texts"
        self.text = self.texts / "quay-2041.txt"
        self._capsys = capsys

    def run(self, *arguments: str | Path) -> tuple[int, str]:
        """The exit status of a command, and what it prints."""
        status = cli.run(list(map(str, arguments)))
        printed = self._capsys.readouterr()
        return status, printed.out + printed.err

    def add(self, **cells: str) -> tuple[int, str]:
        given = [part for name, text in cells.items() for part in ("--set", f"{name}={text}")]
        return self.run("add-source", self.text, self.package, *given)

    def check(self, command: str) -> tuple[int, str]:
        return self.run(command, self.package, "--sources", self.texts, "--only", "quay-2041")

    def append(self, table: str, rows: list[dict[str, str]]) -> None:
        """Put lines at the end of a file, as an editor does."""
        names = open_package(self.package).resource(table).field_names
        with (self.package / "data" / f"{table}.csv").open("a", encoding="utf-8", newline="") as f:
            csv.DictWriter(f, names, restval="", lineterminator="\n").writerows(
                {"source_id": "quay-2041", **row} for row in rows
            )

    def write_rows(self) -> None:
        self.append("organizations", BODIES)
        self.append("enforcement_stats", ENFORCEMENT)
        self.append("training_counts", TRAINING)

    def contents(self) -> dict[Path, bytes]:
        return {f: f.read_bytes() for f in self.package.rglob("*") if f.is_file()}


@pytest.fixture
def clone(small_copy: PackageCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Clone:
    """Of a package of fewer tables, which has all that the document needs."""
    return clone_at(tmp_path, capsys)


@pytest.fixture
def whole_clone(
    package_copy: PackageCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Clone:
    return clone_at(tmp_path, capsys)


def clone_at(place: Path, capsys: pytest.CaptureFixture[str]) -> Clone:
    clone = Clone(place, capsys)
    clone.texts.mkdir()
    clone.text.write_text(TEXT, encoding="utf-8")
    return clone


def test_a_sixth_document_in_one_sitting(clone: Clone) -> None:
    package, texts = clone.package.as_posix(), clone.texts.as_posix()
    status, said = clone.add()
    assert status == 0
    lines = said.splitlines()
    assert lines[0] == ("quay-2041: changed: data/sources.csv, data/passages.csv, datapackage.json")
    assert lines[1].startswith("division: numbered (Paragraphs have printed numbers); ")
    asked = [line.split()[2] for line in lines if line.startswith("  [ ] ")]
    assert [name for name in asked if name in SOURCE] == [
        n for n in SOURCE if n != "document_number"
    ]
    assert (
        "One of: report_chapter (Chapter of a published report), cable (Embassy cable), "
        "factbook_field (Field of a published factbook), "
        "treaty_record (Record of a treaty depositary), dataset (Dataset)." in said
    )
    assert lines[2:5] == [
        "  header     8 words: 41QUAY7 FM QUAY LEGATION SUBJECT: AN IMAGINARY QUAY",
        "  1         33 words: ¶1. (U) The quay … did not report arrests.",
        "  2         25 words: ¶2. (U) The quay … heard of the law.",
    ]
    assert "open numbers, 11 of 11" in said
    assert "  [ ] passage 1: 1, 30, 2040, twenty-one, nine" in lines
    assert lines[-4:] == [
        f"  cambodia-tip stamp {package}",
        f"  cambodia-tip validate {package}",
        f"  cambodia-tip verify {package} --sources {texts} --only quay-2041",
        f"  cambodia-tip audit {package} --sources {texts} --only quay-2041",
    ]
    status, said = clone.run("validate", clone.package)
    assert status == 1
    assert "sources, quay-2041, title: must not be empty" in said

    status, said = clone.add(**SOURCE)
    assert status == 0
    assert "  [ ] publisher  'quay-legation' is not in organizations yet; add its row" in said
    assert "title" not in said

    clone.write_rows()
    status, said = clone.add()
    assert "quay-2041: there already\n" in said
    assert "publisher" not in said
    assert "open numbers, 5 of 11" in said
    assert "  [ ] passage 2: 2, one\n" in said
    status, said = clone.check("audit")
    assert (status, "or edited without cambodia-tip stamp" in said) == (2, True)
    assert clone.run("stamp", clone.package)[0] == 0
    status, said = clone.check("audit")
    assert status == 1
    assert "quay-2041: 11 numerals, 6 used, 0 listed as unused" in said
    assert (
        "unused_numerals, quay-2041, 2, one, 1: 'one' in 'officers in 2040. At one time, its head "
        "wrote,' is used by no row; add a row that quotes and has it, or list it here with a "
        "reason [numeral-open]"
    ) in said

    clone.append("unused_numerals", UNUSED)
    status, said = clone.run("stamp", clone.package)
    assert (status, said.startswith("changed: ")) == (0, True)
    status, said = clone.run("validate", clone.package)
    assert (status, said.endswith(": nothing wrong\n")) == (0, True), said
    status, said = clone.check("verify")
    assert (status, said.splitlines()[-1]) == (0, "8 of 8 quotes found: nothing wrong"), said
    status, said = clone.check("audit")
    assert (status, said.splitlines()[-1]) == (0, "11 numerals: nothing wrong"), said
    before = clone.contents()
    status, said = clone.add()
    assert status == 0
    assert "nothing is open, its 11 numbers are accounted for" in said
    assert clone.contents() == before


def test_numbers_out_of_scope_are_counted_apart(clone: Clone) -> None:
    clone.add(**SOURCE)
    clone.write_rows()
    clone.append("unused_numerals", UNUSED[:3])
    clone.run("stamp", clone.package)
    assert "used by no row" in clone.check("audit")[1]
    file = clone.package / "data" / "passages.csv"
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [
        row.replace("true,", "false,education") if row.startswith("quay-2041,2,") else row
        for row in rows
    ]
    file.write_text("".join(rows), encoding="utf-8")
    clone.run("stamp", clone.package)
    status, said = clone.check("audit")
    assert status == 0, said
    note = "quay-2041: 7 numerals, 4 used, 3 listed as unused; 4 in 1 passages out of scope"
    assert note in said
    assert "nothing is open" in clone.add()[1]
    assert "quay-2041,2,3,paragraph,Training,false,education," in file.read_text(encoding="utf-8")


@pytest.mark.exhaustive
def test_all_six_documents_verify_and_audit(whole_clone: Clone, sources: dict[str, str]) -> None:
    for name in sources:
        shutil.copyfile(
            Path(os.environ["CAMBODIA_TIP_SOURCES"], f"{name}.txt"),
            whole_clone.texts / f"{name}.txt",
        )
    whole_clone.add(**SOURCE)
    whole_clone.write_rows()
    whole_clone.append("unused_numerals", UNUSED)
    assert whole_clone.run("stamp", whole_clone.package, "--sources", whole_clone.texts)[0] == 0
    assert whole_clone.run("validate", whole_clone.package)[0] == 0
    coded = [*tip.load("unused_numerals")["source_id"].unique(), "quay-2041"]
    only = [word for name in coded for word in ("--only", name)]
    for command in ("verify", "audit"):
        status, said = whole_clone.run(
            command, whole_clone.package, "--sources", whole_clone.texts, *only
        )
        assert status == 0, said
        assert len(said.splitlines()) == len(coded) + 1


def test_a_document_that_is_there_has_nothing_open(
    whole_clone: Clone, sources: dict[str, str]
) -> None:
    before = whole_clone.contents()
    """The last coded document of each division, but lines, which nothing in the text shows."""
    division = tip.load("sources").set_index("source_id")["division"]
    coded = division[tip.load("unused_numerals")["source_id"].unique()]
    for name in coded[coded != "lines"].drop_duplicates(keep="last").index:
        whole_clone.text = Path(os.environ["CAMBODIA_TIP_SOURCES"], f"{name}.txt")
        status, said = whole_clone.add()
        assert (status, said.splitlines()[0]) == (0, f"{name}: there already")
        assert "nothing is open" in said
    assert whole_clone.contents() == before


def test_the_division_of_the_documents_is_told_from_their_marks(sources: dict[str, str]) -> None:
    given = tip.load("sources").set_index("source_id")["division"]
    marked = {name: text for name, text in sources.items() if given[name] != "lines"}
    found = {name: guess_division(text)[0] for name, text in marked.items()}
    assert found == {name: given[name] for name in marked}


@pytest.mark.parametrize(
    ("text", "division"),
    [
        (TEXT, "numbered"),
        ("Head.\n\n2A. Is there one?\n\nThere is.\n\n2B. More?\n\nNo.\n", "questions"),
        ("Title\n\nFirst.\n\nSecond.\n", "unnumbered"),
        ("Title\n\n1. The only number.\n\nSecond.\n", "unnumbered"),
        (f"Title\n\n{'A long paragraph. ' * 9}\n\n1. A list.\n\n2. Of two.\n", "unnumbered"),
    ],
)
def test_the_division_is_told_from_the_marks(text: str, division: str) -> None:
    assert guess_division(text)[0] == division


def test_a_mark_before_the_text_and_other_line_ends_change_no_passage(clone: Clone) -> None:
    clone.add()
    passages = (clone.package / "data" / "passages.csv").read_bytes()
    clone.text.write_bytes(("\ufeff" + TEXT.replace("\n", "\r\n")).encode())
    status, said = clone.add()
    assert (status, said.splitlines()[0]) == (
        0, "quay-2041: changed: data/sources.csv, datapackage.json"
    )  # fmt: skip
    assert (clone.package / "data" / "passages.csv").read_bytes() == passages
    assert clone.check("verify")[0] == 0


def test_passages_follow_the_text_until_rows_cite_them(clone: Clone) -> None:
    clone.add(**SOURCE)
    clone.text.write_text(TEXT.replace("30 cases", "30 such cases"), encoding="utf-8")
    assert clone.add()[1].startswith("quay-2041: changed: ")
    clone.text.write_text(TEXT, encoding="utf-8")
    assert clone.add(division="unnumbered")[1].splitlines()[1].startswith("division: unnumbered")
    assert clone.add(division="numbered")[0] == 0
    clone.write_rows()
    before = clone.contents()
    for text, cells in ((TEXT + "\nMore.\n", {}), (TEXT, {"division": "unnumbered"})):
        clone.text.write_text(text, encoding="utf-8")
        status, said = clone.add(**cells)
        assert status == 2
        assert (
            "there already with another text, division or starts, and rows of enforcement_stats"
            in said
        )
        assert clone.contents() == before


def test_one_document_is_divided_anew_without_the_texts_of_the_others(clone: Clone) -> None:
    clone.add(**SOURCE)
    clone.write_rows()
    clone.run("stamp", clone.package)
    before = clone.contents()
    clone.text.write_text(f"{TEXT}\n¶3. (U) One paragraph more.\n", encoding="utf-8")
    arguments = ("stamp", clone.package, "--sources", clone.texts, "--only", "quay-2041")
    assert clone.run(*arguments)[1] == (
        "changed: data/sources.csv, data/passages.csv, datapackage.json\n"
    )
    file = clone.package / "data" / "passages.csv"
    new = set(file.read_text(encoding="utf-8").splitlines())
    old = set(before[file].decode().splitlines())
    assert [line.split(",")[:2] for line in new - old] == [["quay-2041", "3"]]
    assert not old - new


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sources", "texts", "--only", "quay-2014"],
         "no document 'quay-2014' in sources; did you mean 'quay-2041'?"),
        (["--only", "quay-2041"], "--only needs --sources"),
    ],
)  # fmt: skip
def test_what_cannot_be_divided_anew_is_one_line(
    clone: Clone, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.add()
    monkeypatch.chdir(clone.package.parent)
    before = clone.contents()
    status, said = clone.run("stamp", *arguments)
    assert (status, said.count("\n")) == (2, 1)
    assert message in said
    assert clone.contents() == before


def test_equal_numbers_are_told_apart_by_their_occurrence(clone: Clone) -> None:
    clone.text.write_text(TEXT.replace("arrests.", "30 arrests."), encoding="utf-8")
    assert "passage 1: 1, 30, 2040, twenty-one, nine, 30 (occurrence 2)\n" in clone.add()[1]


def test_a_run_of_digits_that_is_no_number_is_taken_in(clone: Clone) -> None:
    clone.text.write_text(TEXT.replace("30 cases", f"{'7' * 5000} cases"), encoding="utf-8")
    status, said = clone.add()
    assert (status, "open numbers, 10 of 10" in said) == (0, True)
    assert clone.check("audit")[0] == 1


def test_signs_that_do_not_print_are_shown_as_lost(clone: Clone) -> None:
    clone.text.write_text(TEXT.replace("The quay court", "The\x1b quay court"), encoding="utf-8")
    assert "¶1. (U) The\ufffd quay … did not" in clone.add()[1]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"passage": "1", "reason": "question"}, "'question' must be one of: paragraph_number, "
         "idiom, name, restated, context, out_of_scope; passage 1 is not a question"),
        ({"passage": "header", "reason": "name"},
         "'name' must be header, since passage header is one"),
    ],
)  # fmt: skip
def test_a_reason_that_does_not_fit_its_passage_is_told_which_do(
    clone: Clone, entry: dict[str, str], message: str
) -> None:
    clone.add(**SOURCE)
    clone.append("unused_numerals", [{"numeral": "7", "occurrence": "1", **entry}])
    clone.run("stamp", clone.package)
    assert message in clone.run("validate", clone.package)[1]


def test_a_source_id_without_a_pattern_may_be_any(clone: Clone) -> None:
    file = clone.package / "schemas" / "sources.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    del schema["fields"][0]["constraints"]["pattern"]
    file.write_text(json.dumps(schema), encoding="utf-8")
    name_text("Quay of 2041.txt")(clone)
    status, said = clone.add()
    assert (status, said.startswith("Quay of 2041: changed: ")) == (0, True)


def name_text(name: str) -> Callable[[Clone], None]:
    def rename(clone: Clone) -> None:
        clone.text = clone.text.rename(clone.texts / name)

    return rename


def write_text(content: bytes) -> Callable[[Clone], None]:
    return lambda clone: clone.text.write_bytes(content) and None


def add_under_another_name(clone: Clone) -> None:
    clone.add()
    clone.text = clone.text.rename(clone.texts / "pier-2041.txt")


def save_otherwise_under_another_name(clone: Clone) -> None:
    add_under_another_name(clone)
    clone.text.write_bytes(("\ufeff" + TEXT.replace("\n", "\r\n")).encode())


@pytest.mark.parametrize(
    ("prepare", "cells", "message"),
    [
        (lambda clone: clone.text.unlink(), {},
         "quay-2041.txt cannot be read: No such file or directory"),
        (write_text(b"caf\xe9 at the quay.\n"), {},
         "quay-2041.txt is not UTF-8 at byte 3; save it as UTF-8"),
        (write_text("A quay.\n".encode("utf-16-le")), {}, "it has a NUL); save it as UTF-8"),
        (name_text("Quay 2041.txt"), {},
         "the name 'Quay 2041.txt' must be <source_id>.txt, like tip-2004.txt"),
        (name_text("quay-2041.pdf"), {}, "the name 'quay-2041.pdf' must be <source_id>.txt"),
        (name_text("tip-2018.txt"), {}, "tip-2018 is there already with another text"),
        (add_under_another_name, {}, "the text of pier-2041 is there already, as quay-2041"),
        (save_otherwise_under_another_name, {}, "is there already, as quay-2041"),
        (write_text(b"\n \n"), {}, "quay-2041.txt is empty"),
        (write_text(TEXT.replace("Training", "Train\x07ing").encode()), {},
         "passage 2: the heading 'Train\\x07ing' must not have leading or trailing whitespace"),
        (write_text(b"No full stop\n"), {}, "a blank line stands between paragraphs"),
        (write_text(b"Title\n\nText.\n"), {"division": "questions"},
         "has no paragraph when segmented as questions; a question begins like 1A., or write "
         "quay-2041.starts with the beginnings"),
        (None, {"title": ""}, "title must not be empty"),
        (None, {"published": "April"}, "'April' must be a valid year, month or date\n"),
        (None, {"titel": "A quay"}, "no column 'titel' in sources; did you mean 'title'?"),
        (None, {"kind": "report"}, "kind: 'report' must be one of: report_chapter, cable"),
        (None, {"division": "chapters"}, "division: 'chapters' must be one of: numbered"),
        (None, {"published": "2041-02-30"}, "must be a valid year, month or date"),
        (None, {"title": "A\nquay"},
         "title: 'A\\nquay' must not have leading or trailing whitespace"),
        (None, {"bytes": "3"}, "bytes follows from the file, and cannot be set"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_one_line_and_changes_nothing(
    clone: Clone,
    prepare: Callable[[Clone], None] | None,
    cells: dict[str, str],
    message: str,
) -> None:
    if prepare:
        prepare(clone)
    before = clone.contents()
    status, said = clone.add(**cells)
    assert status == 2
    assert message in said
    assert said.startswith("cambodia-tip: ")
    assert said.count("\n") == 1
    assert clone.contents() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["texts/quay-2041.txt", "elsewhere"], "'elsewhere' is not a data package"),
        (["texts/quay-2041.txt", "--set", "title"], "--set 'title' must be NAME=VALUE"),
        ([], "Missing argument 'FILE'"),
    ],
)
def test_a_wrong_call_is_one_line(
    clone: Clone, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone.package.parent)
    before = clone.contents()
    status, said = clone.run("add-source", *arguments)
    assert (status, said.count("\n")) == (2, 1)
    assert message in said
    assert clone.contents() == before


def test_the_package_of_a_clone_need_not_be_named(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clone.package.parent)
    status, said = clone.run("add-source", "texts/quay-2041.txt")
    assert status == 0
    assert said.endswith("cambodia-tip audit datapackage --sources texts --only quay-2041\n")
    assert clone.run("stamp") == (0, "up to date\n")


def test_commands_to_run_next_survive_blanks_in_names(clone: Clone) -> None:
    clone.text = clone.texts.rename(clone.texts.with_name("my texts")) / "quay-2041.txt"
    assert f"--sources '{clone.text.parent.as_posix()}' --only quay-2041" in clone.add()[1]


@pytest.mark.parametrize("command", ["verify", "audit"])
def test_an_unknown_document_is_one_line(clone: Clone, command: str) -> None:
    arguments = (clone.package, "--sources", clone.texts, "--only", "tip-2081")
    assert clone.run(command, *arguments) == (
        2, "cambodia-tip: no document 'tip-2081' in sources; did you mean 'tip-2018'?\n"
    )  # fmt: skip


@pytest.mark.parametrize("division", ["chapters", ""])
def test_a_division_that_is_misspelt_in_the_file_is_one_line(clone: Clone, division: str) -> None:
    clone.add()
    file = clone.package / "data" / "sources.csv"
    file.write_text(
        "".join(
            line.replace(",numbered,", f",{division},") if line.startswith("quay") else line
            for line in file.read_text(encoding="utf-8").splitlines(keepends=True)
        ),
        encoding="utf-8",
    )
    for name in tip.load("sources").dropna(subset=["bytes"])["source_id"]:
        (clone.texts / f"{name}.txt").write_text("Title\n\nText.\n", encoding="utf-8")
    status, said = clone.run("stamp", clone.package, "--sources", clone.texts)
    assert (status, said.count("\n")) == (2, 1)
    assert f"sources, quay-2041: division {division!r} is none of: numbered, questions" in said


def test_a_code_that_is_misspelt_in_the_file_is_called_a_code(clone: Clone) -> None:
    clone.append("sources", [{"division": "chapters"}])
    clone.run("stamp", clone.package)
    assert clone.check("audit") == (
        2,
        "cambodia-tip: sources (sources.csv), column 'division': a cell is none of its codes; "
        "run cambodia-tip validate to see which\n",
    )


def test_a_row_that_is_too_short_is_named_by_its_line(clone: Clone) -> None:
    clone.add()
    with (clone.package / "data" / "training_counts.csv").open("a", encoding="utf-8") as file:
        file.write("training-2041-officers,persons_trained,200\n")
    number = len(tip.load("training_counts")) + 2
    before = clone.contents()
    status, said = clone.run("stamp", clone.package)
    assert status == 2
    assert f"line {number}: has 3 cells in place of" in said
    assert clone.contents() == before


def test_a_name_with_a_nul_is_a_clear_error() -> None:
    with pytest.raises(tip.DataPackageError, match="cannot be read"):
        read_plain_text(Path("a\0b/quay-2041.txt"))


@pytest.mark.parametrize(
    ("rule", "change", "message"),
    [
        ("numeral-carried", ("trained more than two hundred", "trained more than three hundred"),
         "'three hundred', which no column of the row has; put it into one, shorten the quote, "
         "or list it in unused_numerals"),
        ("numeral-unmatched", ("At one time", "At times"),
         "the passage has no such numeral; correct the entry, or take it out"),
        ("numeral-used", None, "the numeral is used by training_counts, training-2041-officers; "
         "take the entry out"),
    ],
)  # fmt: skip
def test_audit_says_what_would_be_right(
    clone: Clone, rule: str, change: tuple[str, str] | None, message: str
) -> None:
    text = TEXT.replace(*change) if change else TEXT
    clone.text.write_text(text, encoding="utf-8")
    clone.add(**SOURCE)
    clone.write_rows()
    clone.append("unused_numerals", UNUSED)
    if rule == "numeral-carried":
        file = clone.package / "data" / "training_counts.csv"
        content = file.read_text(encoding="utf-8")
        file.write_text(content.replace(*change), encoding="utf-8")
    if rule == "numeral-used":
        used = {"passage": "2", "numeral": "two hundred", "occurrence": "1", "reason": "idiom"}
        clone.append("unused_numerals", [used])
    clone.run("stamp", clone.package)
    status, said = clone.check("audit")
    assert status == 1
    assert any(message in line and f"[{rule}]" in line for line in said.splitlines()), said


@pytest.mark.parametrize("check", [tip.verify, tip.audit])
@pytest.mark.parametrize("only", ["quay-2041", ["quay-2041"]])
def test_one_document_is_looked_at_alone(
    clone: Clone, check: Callable[..., tip.Report], only: str | list[str]
) -> None:
    clone.add(**SOURCE)
    clone.write_rows()
    clone.append("unused_numerals", UNUSED)
    clone.run("stamp", clone.package)
    report = check(clone.texts, clone.package, only=only)
    assert report.valid, str(report)
    assert len(report.notes) == 1


def test_doubts_about_passages_are_told_until_starts_settle_them(clone: Clone) -> None:
    text = TEXT.replace("for corruption.", "for corruption:\n1. (U) one sum.\n")
    clone.text.write_text(text, encoding="utf-8")
    doubt = "begins with 1 again (1 lines repeat a number): a list in a paragraph? 1. (U) one sum."
    assert doubt in clone.add()[1]
    place = ("--sources", clone.texts, "--only", "quay-2041")
    assert doubt in clone.run("stamp", clone.package, *place)[1]
    clone.text.with_suffix(".starts").write_text("1. (U) The quay court\n# Training\n2. (U)\n")
    status, said = clone.add()
    assert (status, doubt in said, "quay-2041.starts says" in said) == (0, False, True)
    assert doubt not in clone.run("stamp", clone.package, *place)[1]


def test_starts_that_do_not_fit_are_one_line(clone: Clone) -> None:
    clone.text.with_suffix(".starts").write_text("Nowhere\n")
    status, said = clone.add()
    assert (status, said.count("\n")) == (2, 1)
    assert "quay-2041.starts: no passage begins with 'Nowhere'" in said


def test_starts_do_not_move_passages_that_rows_cite(clone: Clone) -> None:
    clone.add(**SOURCE)
    clone.write_rows()
    clone.text.with_suffix(".starts").write_text("2. (U)\n")
    status, said = clone.add()
    assert (status, "another text, division or starts" in said) == (2, True)


def test_every_finding_is_printed_where_all_are_asked_for(clone: Clone) -> None:
    clone.add()
    clone.append("unused_numerals", [
        {"passage": "1", "numeral": "99", "occurrence": str(n), "reason": "idiom"}
        for n in range(1, 13)
    ])  # fmt: skip
    clone.run("stamp", clone.package)
    command = ("audit", clone.package, "--sources", clone.texts, "--only", "quay-2041")
    status, said = clone.run(*command)
    assert (status, said.count("[numeral-unmatched]")) == (1, 11)
    status, said = clone.run(*command, "--all")
    assert (status, said.count("[numeral-unmatched]")) == (1, 12)
    status, said = clone.run(*command, "--format", "json")
    report = json.loads(said)
    assert (status, report["valid"], len(report["findings"]) >= 12) == (1, False, True)
    assert report["notes"][0].startswith("quay-2041: ")
    status, said = clone.run("validate", clone.package, "--format", "yaml")
    assert (status, "no format 'yaml'" in said) == (2, True)


def test_a_very_long_cell_is_cut_where_it_is_printed() -> None:
    finding = Finding("units", "row", "label", "pattern", f"must not be {'x' * 9000}; shorten it")
    assert len(str(finding)) < 600
    assert str(finding).endswith("x; shorten it [pattern]")
    assert len(json.loads(Report((finding,), "one").to_json())["findings"][0]["message"]) > 9000


def test_a_division_that_is_never_guessed_can_be_chosen(clone: Clone) -> None:
    status, said = clone.add(division="lines")
    assert (status, ", 9 lines\n" in said) == (0, True)


def test_a_chapter_can_be_segmented_otherwise(clone: Clone) -> None:
    clone.text.write_bytes((Path(__file__).parent / "labor_chapter.txt").read_bytes())
    status, said = clone.add(division="unnumbered")
    assert (status, "division: unnumbered (Paragraphs are counted)" in said) == (0, True)
