"""Each format of a citation is read by a tool that did not write it."""

from __future__ import annotations

import datetime
import json
import re
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pybtex
import pytest
import rispy
import yaml
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_string

import cambodia_tip as tip
from cambodia_tip.citing import document_items
from cambodia_tip.citing.formats import FORMATS, render
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading import frames

MALAYSIA = "repatriation-2018-mfaic-2017-malaysia"
HOTEL = "enforcement-2007-hotel-2005-persons-arrested"
SESSIONS = "training-2009-sessions"
CHAPTER_2004 = "enforcement-2004-persons-arrested"
TITLE = open_package().descriptor["title"]
STANDING = (
    "Work of the United States Government, marked for official use; it reached the public "
    "without authority and its government has not confirmed it"
)
MARKING = "Marked UNCLASSIFIED//FOR OFFICIAL USE ONLY"
EMBASSY = "Embassy of the United States in Phnom Penh"
DEPARTMENT = "United States Department of State"
CHAPTER_URL = "https://www.state.gov/reports/2018-trafficking-in-persons-report/cambodia/"
CABLE_URL = "https://www.wikileaks.org/cable/2009/11/09PHNOMPENH846.html"


@pytest.fixture(scope="module")
def descriptor() -> dict:
    return json.loads((tip.package_path() / "datapackage.json").read_text(encoding="utf-8"))


def odd_work() -> dict:
    """A work whose words are markup somewhere."""
    return {
        "id": "odd",
        "type": "report",
        "title": 'Cost & benefit: 100 % of "#1_a}" — l\'État \\ ~ ^ $5\nTY  - BOOK',
        "author": [{"literal": "Bureau of This & That, and of More"}],
        "issued": {"date-parts": [[2004]]},
        "genre": "Report",
        "number": "A: 1 {#2",
        "note": "- yes: no",
        "custom": {},
    }


def test_the_dataset_is_cited_at_its_exact_version_and_hash(descriptor: dict) -> None:
    day = datetime.date.fromisoformat(descriptor["created"][:10])
    assert tip.cite() == (
        f"cambodia-tip contributors ({day:%Y, %B} {day.day}). {TITLE}. "
        f"Version {descriptor['version']}. Data package cambodia-tip. "
        f"Content hash {descriptor['contentHash']}"
    )
    for name in FORMATS:
        assert descriptor["contentHash"] in tip.cite(format=name), name
        assert descriptor["version"] in tip.cite(format=name), name


def test_documents_are_cited_once_with_their_paragraphs_in_order() -> None:
    rows = [SESSIONS, MALAYSIA, "statute-2009-penal-code", "training-2009-module-length", HOTEL]
    assert tip.cite(rows).split("\n") == [
        f"{EMBASSY} (2007, March 5). 2007 Trafficking in Persons report for Cambodia, questions 2D "
        f"to 3I. Embassy cable 07PHNOMPENH351. Question 3F, paragraph 8, as counted. {STANDING}.",
        f"{EMBASSY} (2009, November 16). Cambodia: 2009 TIP interim assessment. Embassy cable "
        f"09PHNOMPENH846. Paragraphs 1, 2, 3. {STANDING}. {CABLE_URL}",
        f"{DEPARTMENT} ([2018, June]). 2018 Trafficking in Persons Report: Cambodia. "
        f"Paragraph 9, as counted. {CHAPTER_URL}",
    ]


def test_a_chapter_is_cited_by_its_sections_and_tables() -> None:
    assert "Table 8, row 3, as counted" in tip.cite("us-department-of-labor")


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_says_what_is_not_known(format: str) -> None:
    """Inferred dates and counted paragraphs say so, a URL that was never opened is out."""
    chapter, cable = tip.cite(MALAYSIA, format=format), tip.cite(HOTEL, format=format)
    inferred = (
        "([2018, June])" if format == "text" else "Date inferred, not printed in the document"
    )
    assert inferred in chapter
    assert "Paragraph 9, as counted" in chapter
    assert "wikileaks" not in cable
    assert "Question 3F, paragraph 8, as counted" in cable
    assert "inferred" not in cable
    assert "as counted" not in tip.cite(SESSIONS, format=format)  # its paragraphs carry numbers


@pytest.mark.parametrize("format", FORMATS)
def test_a_cable_says_how_it_stands(format: str) -> None:
    assert STANDING in tip.cite(SESSIONS, format=format)
    assert "without authority" not in tip.cite(MALAYSIA, format=format)


@pytest.mark.parametrize("format", FORMATS)
def test_a_document_can_be_cited_whole(format: str) -> None:
    cited = tip.cite("tip-2018", format=format)
    assert "2018 Trafficking in Persons Report: Cambodia" in cited
    assert "aragraph" not in cited


@pytest.mark.parametrize("format", FORMATS)
def test_a_document_of_which_nothing_is_to_say_is_cited(
    format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its date is printed, nobody marked it, and no paragraph of it is meant."""

    def plain_source(package: object, table: str) -> pd.DataFrame:
        frame = frames.shared_frame(package, table)
        return frame.assign(published_basis="stated") if table == "sources" else frame

    monkeypatch.setattr(document_items, "shared_frame", plain_source)
    cited = tip.cite("tip-2018", format=format)
    assert "2018 Trafficking in Persons Report: Cambodia" in cited
    assert "nferred" not in cited


@pytest.mark.parametrize("rows", [MALAYSIA, [MALAYSIA, "tier-2018", SESSIONS]])
def test_the_key_of_a_document_is_that_in_evidence(rows: str | list[str]) -> None:
    keys = re.findall(r"@techreport\{(.*),", tip.cite(rows, format="bibtex"))
    assert set(keys) == set(tip.evidence(rows)["citation_key"])


def test_rows_of_a_frame_are_cited() -> None:
    repatriations = tip.load("repatriations")
    parts = repatriations[repatriations["part_of"] == "repatriation-2018-mfaic-2017-total"]
    assert tip.cite(parts) == tip.cite(MALAYSIA)


def test_no_rows_are_no_citations() -> None:
    assert tip.cite([]) == tip.cite([], format="bibtex") == tip.cite([], format="ris") == ""
    assert tip.cite([], format="csl-json") == "[]"
    assert tip.cite([], format="cff") == tip.cite(format="cff")


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(tip.UnknownNameError, match="did you mean 'bibtex'"):
        tip.cite(format="bibtx")
    with pytest.raises(tip.UnknownNameError, match="did you mean 'csl-json'"):
        tip.cite(format="csl")


def bibliography(items: list[dict]) -> list[str]:
    """What a citation processor makes of items in the style that it ships."""
    source = CiteProcJSON(items)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    result = CitationStylesBibliography(style, source, formatter.plain)
    for item in items:
        result.register(Citation([CitationItem(item["id"])]))
    return [str(entry) for entry in result.bibliography()]


def test_a_citation_processor_reads_csl_json(descriptor: dict) -> None:
    items = json.loads(tip.cite(format="csl-json"))
    items += json.loads(tip.cite([MALAYSIA, SESSIONS], format="csl-json"))
    assert bibliography(items) == [
        f"cambodia-tip contributors ({descriptor['created'][:4]}) “{TITLE}”.",
        f"{EMBASSY} (2009) Cambodia: 2009 TIP interim assessment. Embassy cable 09PHNOMPENH846. "
        f"Available at: {CABLE_URL}.",
        f"{DEPARTMENT} (2018) 2018 Trafficking in Persons Report: Cambodia. Chapter of a "
        f"published report. Available at: {CHAPTER_URL}.",
    ]


def test_csl_json_has_the_types_and_variables_of_csl() -> None:
    """The lists are those of CSL itself, which the citation processor carries."""
    folder = files("citeproc") / "data" / "schema" / "schemas" / "styles"
    types, variables = (
        set(re.findall(r'"([A-Za-z-]+)"', (folder / f"csl-{name}.rnc").read_text(encoding="utf-8")))
        for name in ("types", "variables")
    )
    rows = [MALAYSIA, SESSIONS, HOTEL, CHAPTER_2004]
    for item in json.loads(tip.cite(format="csl-json")) + json.loads(
        tip.cite(rows, format="csl-json")
    ):
        assert item.pop("type") in types
        assert re.fullmatch(r"[A-Za-z0-9.-]+", item.pop("id"))
        assert set(item) <= variables
        assert [list(author) for author in item.pop("author")] == [["literal"]]
        (parts,) = item.pop("issued")["date-parts"]
        assert 2 <= len(parts) <= 3
        assert all(type(part) is int for part in parts)
        assert all(type(value) is str for value in item.values())


def test_csl_json_has_the_paragraph_and_the_standing_in_its_note() -> None:
    items = json.loads(tip.cite([SESSIONS, CHAPTER_2004], format="csl-json"))
    assert [item["note"] for item in items] == [
        f"Paragraph 2. {MARKING}. {STANDING}",
        "Paragraph 3, as counted. Date inferred, not printed in the document",
    ]


def test_bibtex_prints_whole_in_a_plain_style(descriptor: dict) -> None:
    entries = "\n".join(
        [tip.cite(format="bibtex"), tip.cite([MALAYSIA, SESSIONS], format="bibtex")]
    )
    printed = pybtex.format_from_string(entries, style="plain", output_backend="plaintext")
    assert printed.splitlines() == [
        f"[1] cambodia-tip contributors. {TITLE}. Data package cambodia-tip, version "
        f"{descriptor['version']}, November 2026. Content hash {descriptor['contentHash']}.",
        f"[2] {EMBASSY}. Cambodia: 2009 TIP interim assessment. Embassy cable 09PHNOMPENH846, "
        f"{EMBASSY}, November 2009. Paragraph 2. {MARKING}. {STANDING}. URL: {CABLE_URL}.",
        f"[3] {DEPARTMENT}. 2018 Trafficking in Persons Report: Cambodia. Chapter of a published "
        f"report, {DEPARTMENT}, June 2018. Paragraph 9, as counted. Date inferred, not printed in "
        f"the document. URL: {CHAPTER_URL}.",
    ]


def test_bibtex_keeps_odd_signs_and_whole_authors() -> None:
    written = render({}, [odd_work()], "bibtex")
    (entry,) = parse_string(written, "bibtex").entries.values()
    (author,) = entry.persons["author"]
    assert str(author) == r"{Bureau of This \& That, and of More}"
    assert entry.fields["title"].startswith(
        r"{Cost \& benefit: 100 \% of "
        r""""\#1\_a\textbraceright{}" — l'État \textbackslash{} """
        r"\textasciitilde{} \textasciicircum{} \$5"
    )
    printed = pybtex.format_from_string(written, style="plain", output_backend="plaintext")
    assert 'Cost & benefit: 100 % of "#1_a' in printed
    assert "Bureau of This & That, and of More." in printed
    assert entry.fields["number"] == r"A: 1 \textbraceleft{}\#2"


def test_ris_is_read_by_its_parser(descriptor: dict) -> None:
    (dataset,) = rispy.loads(tip.cite(format="ris"))
    assert dataset["type_of_reference"] == "DATA"
    assert dataset["authors"] == ["cambodia-tip contributors"]
    assert (dataset["title"], dataset["edition"]) == (TITLE, descriptor["version"])
    assert dataset["date"] == f"{descriptor['created'][:10].replace('-', '/')}/"
    assert dataset["keywords"] == descriptor["keywords"]
    assert dataset["notes"] == [f"Content hash {descriptor['contentHash']}"]
    cable, chapter = rispy.loads(tip.cite([MALAYSIA, SESSIONS], format="ris"))
    assert cable == {
        "type_of_reference": "RPRT",
        "id": "cable-09PHNOMPENH846",
        "authors": [EMBASSY],
        "title": "Cambodia: 2009 TIP interim assessment",
        "year": "2009",
        "date": "2009/11/16/",
        "type_of_work": "Embassy cable",
        "issn": "09PHNOMPENH846",  # SN, which is the number of a report
        "notes": [f"Paragraph 2. {MARKING}. {STANDING}"],
        "urls": [CABLE_URL],
    }
    assert (chapter["year"], chapter["date"]) == ("2018", "2018/06//")


def test_ris_keeps_its_lines_whatever_the_words() -> None:
    written = render({}, [odd_work(), odd_work()], "ris")
    lines = written.split("\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert [line[:2] for line in lines].count("TY") == 2
    first, second = rispy.loads(written)
    assert first == second
    assert first["title"].endswith("$5 TY - BOOK")


def test_cff_is_yaml_with_the_documents_as_references(descriptor: dict) -> None:
    file = yaml.safe_load(tip.cite([MALAYSIA, SESSIONS], format="cff"))
    references = file.pop("references")
    assert file == yaml.safe_load(tip.cite(format="cff"))
    assert (file["title"], file["version"]) == (TITLE, descriptor["version"])
    assert file["date-released"] == descriptor["created"][:10]
    assert file["license"] == descriptor["licenses"][0]["name"]
    assert file["keywords"] == descriptor["keywords"]
    assert file["identifiers"][0]["value"] == descriptor["contentHash"]
    assert references == [
        {
            "type": "report",
            "title": "Cambodia: 2009 TIP interim assessment",
            "authors": [{"name": EMBASSY}],
            "date-published": "2009-11-16",
            "year": 2009,
            "month": 11,
            "number": "09PHNOMPENH846",
            "url": CABLE_URL,
            "notes": f"Paragraph 2. {MARKING}. {STANDING}",
        },
        {
            "type": "report",
            "title": "2018 Trafficking in Persons Report: Cambodia",
            "authors": [{"name": DEPARTMENT}],
            "year": 2018,
            "month": 6,
            "url": CHAPTER_URL,
            "notes": "Paragraph 9, as counted. Date inferred, not printed in the document",
        },
    ]


def test_cff_keeps_odd_words() -> None:
    dataset = {
        **odd_work(),
        "version": "1.0.0",
        "custom": {
            "name": "odd",
            "contentHash": "sha256:0",
            "keywords": ["no", "2004-06", "yes: #1, and more"],
            "licenses": ["MIT", "CC-BY-4.0"],
        },
    }
    file = yaml.safe_load(render(dataset, [odd_work()], "cff"))
    assert file["title"] == odd_work()["title"]
    assert file["keywords"] == ["no", "2004-06", "yes: #1, and more"]
    assert file["license"] == ["MIT", "CC-BY-4.0"]
    assert file["references"][0]["notes"] == "- yes: no"


def test_the_citation_file_of_the_repository_is_this_output() -> None:
    file = Path(__file__).parents[1] / "CITATION.cff"
    assert file.read_text(encoding="utf-8") == f"{tip.cite(format='cff')}\n", (
        "write it anew: cambodia-tip cite --format cff > CITATION.cff"
    )


def test_the_items_of_many_passages_are_those_of_their_rows() -> None:
    package = open_package()
    places = {MALAYSIA: ("tip-2018", "9"), SESSIONS: ("cable-09PHNOMPENH846", "2")}
    items = document_items.passage_items(package, places.values())
    for row, place in places.items():
        assert [items[place]] == document_items.document_items(package, row)
