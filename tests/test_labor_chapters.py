"""Segmentation of the chapters on child labor: a made-up one, and the nine that are held."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cambodia_tip.parsing import labor_chapters
from cambodia_tip.parsing.chapter_tables import Row
from cambodia_tip.parsing.passages import Passage, divide, guess_division
from cambodia_tip.parsing.reference_marks import count_references

HERE = Path(__file__).parent
MANY = 30_000
PREVALENCE = "I. PREVALENCE AND SECTORAL DISTRIBUTION OF CHILD LABOR"
ENFORCEMENT = "III. ENFORCEMENT OF LAWS ON THE WORST FORMS OF CHILD LABOR"
WORK = (
    "Table 2. Overview of Children\u2019s Work by Sector and Activity | "
    "Sector/Industry: {} | Activity"
)
LAWS = (
    "Table 4. Laws and Regulations on Child Labor | Standard | Meets International Standards | "
    "Age | Legislation"
)
EFFORTS = (
    "Table 6. Labor Law Enforcement Efforts Related to Child Labor | "
    "Overview of Labor Law Enforcement | {}"
)

PARAGRAPHS = {
    "wfcl-2013": (1, 4, 5, 2, 3, 3, 3, 2, 2, 1),
    "wfcl-2014": (1, 4, 5, 2, 4, 3, 2, 2, 2, 1),
    "wfcl-2015": (1, 4, 5, 2, 3, 4, 1, 2, 1, 1),
    "wfcl-2016": (1, 4, 5, 1, 3, 4, 1, 3, 2, 1),
    "wfcl-2017": (1, 4, 4, 1, 3, 4, 2, 2, 2, 1),
    "wfcl-2018": (1, 6, 7, 2, 8, 4, 2, 2, 3, 1),
    "wfcl-2019": (1, 10, 5, 1, 7, 8, 2, 3, 3, 1),
    "wfcl-2020": (1, 12, 5, 2, 9, 10, 3, 1, 5, 1),
    "wfcl-2021": (1, 11, 5, 2, 8, 11, 2, 1, 4, 1),
}
"""How many paragraphs each section has, counted on the pages: before section I, I, II, III, its two
parts, IV to VII."""
SECTIONS = ("0", "I", "II", "III", "III.labor", "III.criminal", "IV", "V", "VI", "VII")
REFERENCES = {
    "wfcl-2013": 65,
    "wfcl-2014": 62,
    "wfcl-2015": 91,
    "wfcl-2016": 75,
    "wfcl-2017": 78,
    "wfcl-2018": 80,
    "wfcl-2019": 103,
    "wfcl-2020": 113,
    "wfcl-2021": 97,
}
"""The highest number in the reference list of each."""


def made_up() -> str:
    return (HERE / "labor_chapter.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def passages() -> dict[str, Passage]:
    return {passage.passage: passage for passage in divide(made_up(), "labor_chapter")}


def first_lines() -> dict[tuple[str, str], list[int]]:
    """The lines on which the rows of each table start, read off the pages."""
    with (HERE / "labor_chapter_rows.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["source_id"], row["table"]): [int(n) for n in row["first_lines"].split()]
            for row in csv.DictReader(file)
        }


def test_sections_and_tables_give_the_locators(passages: dict[str, Passage]) -> None:
    assert list(passages) == [
        *("title", "0.1", "I.1", "T1.1", "T1.2", "I.2"),
        *("T2.1", "T2.2", "T2.3", "T2.4", "T2.5", "T2.6", "I.3"),
        *("II.1", "T3.1", "T3.2", "II.2", "T4.1", "T4.2", "T4.3", "T4.4", "T4.5", "II.3"),
        *("T5.1", "T5.2", "III.labor.1"),
        *("T6.1", "T6.2.2039", "T6.2.2040", "T6.3.2039", "T6.3.2040", "T6.4.2039", "T6.4.2040"),
        *("III.criminal.1", "T7.1", "T7.2", "T7.3"),
    ]
    kinds = {name: passage.kind for name, passage in passages.items()}
    assert Counter(kinds.values()) == {"title": 1, "paragraph": 9, "table_row": 27}
    assert {kind for name, kind in kinds.items() if name[0] == "T"} == {"table_row"}


@pytest.mark.parametrize(
    ("name", "heading", "text"),
    [
        ("title", "", "Cambodia MODERATE ADVANCEMENT"),
        ("0.1", "", "In 2040, the harbor town made a moderate advancement. It opened 2 schools, "
         "and goes on at full width when the map is passed."),
        ("I.1", PREVALENCE,
         "Some children work on ferries. Others sort nets. Table 1 says how many."),
        ("T1.1", "Table 1. Statistics on Children\u2019s Work and Education | "
         "Children | Age | Percent", "Working (% and population) | 5 to 14 | 8.1 (236,831)"),
        ("I.2", PREVALENCE, "Based on a review, Table 2 gives an overview."),
        ("I.3", PREVALENCE, "The harbor office counted children who work at night, at high-tide "
         "and in storms, and asked the watch to help. The watch agreed and found (12,345 "
         "individuals). It came 3 times."),
        ("T2.1", WORK.format("Agriculture"), "Sorting nets†"),
        ("T2.2", WORK.format("Agriculture"), "Mending sails, including those of ferries"),
        ("T2.3", WORK.format("Industry"), "Stoking boilers"),
        ("T2.5", WORK.format("Categorical Worst Forms of Child Labor"), "Forced labor on ferries"),
        ("T3.2", "Table 3. Ratification of International Conventions on Child Labor | Convention | "
         "Ratification", "Harbor C. 2, Sale of Children | ✓"),
        ("T4.2", LAWS, "Minimum Age for Hazardous Work | Yes | 18 | Articles 8 and 9 of the Ferry "
         "Law; Rule on Boilers"),
        ("T4.3", LAWS, "Minimum Age for Recruitment"),
        ("T4.4", LAWS, "Watch | Yes | Article 1 of the Watch Law"),
        ("T4.5", LAWS, "Free Public Education | No"),
        ("T5.1", "Table 5. Agencies Responsible for Child Labor Law Enforcement | "
         "Organization/Agency | Role",
         "Harbor Watch—Ferry Office | Looks for children on ferries. Asks their masters."),
        ("T5.2", "Table 5. Agencies Responsible for Child Labor Law Enforcement | "
         "Organization/Agency | Role", "Quay Court and the Board of Trade (QC/BT) | Tries cases of "
         "three kinds: (1) theft, (2) fraud, and (3) trafficking."),
        ("III.labor.1", f"{ENFORCEMENT} | Labor Law Enforcement",
         "In 2040, 7 inspectors looked for children."),
        ("T6.1", EFFORTS.format("2039 | 2040"), "Training for Inspectors"),
        ("T6.2.2040", EFFORTS.format("2040"), "Initial Training | N/A"),
        ("T6.3.2039", EFFORTS.format("2039"), "Number of Inspectors | 7"),
        ("T6.4.2039", EFFORTS.format("2039"), "Number of Inspections Conducted | 1,020"),
        ("III.criminal.1", f"{ENFORCEMENT} | Criminal Law Enforcement", "The court heard nobody."),
        ("T7.1", "Table 7. Suggested Government Actions to Eliminate Child Labor, Including its "
         "Worst Forms | Area: Legal Framework | Suggested Action | Year(s) Suggested",
         "Raise the minimum age for work on ferries. | 2038 \u2013 2040"),
    ],
)  # fmt: skip
def test_a_passage_has_its_words_and_its_heading(
    passages: dict[str, Passage], name: str, heading: str, text: str
) -> None:
    assert (passages[name].heading, passages[name].text) == (heading, text)


def test_no_header_footer_note_figure_mark_or_reference_is_in_a_passage(
    passages: dict[str, Passage],
) -> None:
    whole = " ".join(passage.text for passage in passages.values())
    for words in ("FINDINGS", "BUREAU", "Source for", "Hazardous by", "Services", "Annual report",
        "(1, 3)", "(2-4)", "times. 4)"):  # fmt: skip
        assert words not in whole
    assert whole.count("ADVANCEMENT") == 1


def test_the_style_is_told_from_footers_and_sections() -> None:
    assert guess_division(made_up()) == ("labor_chapter", {"labor_chapter": 9})
    without = made_up().replace("FINDINGS ON THE WORST FORMS OF CHILD LABOR", "")
    assert guess_division(without)[0] == "unnumbered"


@pytest.mark.parametrize(
    "text", ["", "A title\n\nA paragraph.\n", "Table 1. \f\n", "Table 2. A\n B"]
)
def test_another_text_has_no_passages_that_are_lost_to_an_error(text: str) -> None:
    assert divide(text, "labor_chapter")[0].passage == "title"


def test_a_table_without_a_known_head_keeps_its_lines() -> None:
    text = "Table 8. Boats\n Name     Length\n Kelp     12\n"
    found = [passage.text for passage in divide(text, "labor_chapter")]
    assert found == ["Cambodia", "Name | Length", "Kelp | 12"]


def test_the_paragraphs_of_the_nine_chapters(sources: dict[str, str]) -> None:
    for source, expected in PARAGRAPHS.items():
        found = Counter(
            passage.passage.rpartition(".")[0]
            for passage in divide(sources[source], "labor_chapter")
            if passage.kind == "paragraph"
        )
        assert found == dict(zip(SECTIONS, expected, strict=True)), source


def test_the_rows_of_the_nine_chapters_start_where_they_do_on_the_page(
    sources: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[int] = []
    table_rows = labor_chapters.table_rows

    def noted(*arguments: object) -> Iterator[Row]:
        for row in table_rows(*arguments):  # type: ignore[arg-type]
            starts.append(row.number)
            yield row

    monkeypatch.setattr(labor_chapters, "table_rows", noted)
    expected = first_lines()
    for source in PARAGRAPHS:
        starts.clear()
        passages = divide(sources[source], "labor_chapter")
        lines = {table: numbers for (name, table), numbers in expected.items() if name == source}
        assert starts == [number for numbers in lines.values() for number in numbers], source
        rows = {tuple(p.passage.split(".")[:2]) for p in passages if p.kind == "table_row"}
        counts = Counter(table for table, _ in rows)
        assert counts == {table: len(numbers) for table, numbers in lines.items()}, source


def test_the_references_of_the_nine_chapters_are_counted(sources: dict[str, str]) -> None:
    for source, highest in REFERENCES.items():
        _, references = labor_chapters._pages(sources[source], set())
        assert count_references(references) == highest, source


def test_numbers_in_parentheses_that_are_no_marks_stay(sources: dict[str, str]) -> None:
    kept = {
        "wfcl-2013": ["(888,370)"],
        "wfcl-2015": ["(276,583)", "(1)", "(2)", "(3)"],
        "wfcl-2020": ["(243,371)", "(Table 11)"],
        "wfcl-2021": ["(18,625 individuals)"],
    }
    for source, numbers in kept.items():
        whole = " ".join(passage.text for passage in divide(sources[source], "labor_chapter"))
        assert [number for number in numbers if number not in whole] == [], source


def test_what_is_in_the_text_but_not_on_the_page_is_left_out(sources: dict[str, str]) -> None:
    unseen = [p for p in divide(sources["wfcl-2019"], "labor_chapter") if "N/A" in p.text]
    assert {p.passage.split(".")[0] for p in unseen} == {"T6", "T7"}


@pytest.mark.parametrize(
    "lines",
    [
        "a\n" * MANY,
        "\n" * MANY,
        "Table 1. Overview   2014\n" + "a   b\n\n" * MANY,
        "Table 4. X\nStandard          Yes/No     Age     Legislation\n"
        + "a     Yes     15   b\n" * MANY,
        "Table 4. X\nStandard          Yes/No     Age     Legislation\n" + "a" + " " * MANY + "(\n",
        "Table 2. X\nSector/Industry    Activity\n" + "Services           x\n" * MANY,
        "Table 11. X\nArea     Suggested Action      Year(s) Suggested\n" + "a      b\n" * MANY,
    ],
    ids=["lines", "blank", "gaps", "standards", "spaces", "groups", "areas"],
)
def test_a_made_up_chapter_of_any_length_is_segmented_soon(lines: str) -> None:
    chapter = f"2014 FINDINGS ON THE WORST FORMS OF CHILD LABOR\nI. ONE\n{lines}"
    assert labor_chapters.chapter_parts(chapter)[0].kind == "title"
