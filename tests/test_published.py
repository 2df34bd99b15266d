"""Quotes are found in documents as they were published, and not where they are not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.sources.copies import html_text, pdf_text
from cambodia_tip.sources.published import condense, has_quote


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF with these lines on its pages, in the smallest form that readers take."""
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    for n, lines in enumerate(pages):
        stream = "BT /F1 12 Tf 14 TL 72 720 Td " + "".join(f"({line}) ' " for line in lines) + "ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {4 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 {font} 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    content += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    content += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    return content + f"startxref\n{start}\n%%EOF\n".encode()


PAGES = [
    ["Harbor report", f"{n}", "It was said that the guards", "were two hundred", "of the", "town"]
    for n in range(1, 5)
]


def test_lines_at_the_edges_of_all_pages_are_text_once() -> None:
    pages = [
        [*page[:4], f"Only here: {'abcd'[n]}", "x", "y", "The end"] for n, page in enumerate(PAGES)
    ]
    text = condense(pdf_text("harbor.pdf", pdf(pages)))
    assert text.count("harborreport") == 1  # on the first page, where it is the title
    assert "onlyherec" in text


@pytest.mark.parametrize(
    ("quote", "is_there"),
    [
        ("at least 1,309 inspections", True),
        ("labor-inspectors", True),
        ("Number of Labor Inspectors | 33", True),
        ("Number of Labor Inspectors | 34", False),
        ("Number of Labor Inspectors | $33", False),
        ("inspections of 2020", False),
    ],
)
def test_a_quote_is_found_whatever_the_extraction_did(quote: str, is_there: bool) -> None:
    text = "At  least 1,309 in-\nspections (1, 38). Number of Labor Inspec­tors 33 (60)"
    assert has_quote(condense(text), quote) == is_there


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"<html>not found</html>"])
def test_what_is_not_a_pdf_is_one_clear_error(content: bytes) -> None:
    with pytest.raises(tip.DataPackageError, match=r"harbor\.pdf is not a readable PDF") as caught:
        pdf_text("harbor.pdf", content)
    assert "\n" not in str(caught.value)


def test_a_pdf_without_text_may_be_scanned() -> None:
    with pytest.raises(tip.DataPackageError, match=r"harbor\.pdf has no text; it may be scanned"):
        pdf_text("harbor.pdf", pdf([[]]))


@pytest.mark.parametrize(
    "line",
    [
        "the first official of\ufb01ce",
        "the \ufb01rst o\ufb03cial office",
        "the fi\xadrst official office",
    ],
)
def test_ligatures_and_soft_hyphens_are_as_if_typed(line: str) -> None:
    page = f"<p>{line}</p>".encode()
    assert has_quote(condense(line), "the first official office")
    assert html_text("harbor.html", page) == "the first official office"


def test_a_word_that_a_line_of_a_pdf_breaks_is_found() -> None:
    text = condense(
        pdf_text("harbor.pdf", pdf([["The harbor had", "32 inspec-", "tions of 2020."]]))
    )
    assert has_quote(text, "32 inspections of 2020")
    assert not has_quote(text, "332 inspections of 2020")


def test_blocks_of_a_page_are_lines_and_marked_words_are_not() -> None:
    page = b"<title>Harbor</title><script>x</script><p>One <b>b</b>ar.<p>Two<br>bars</p><td>3<td>4"
    assert html_text("harbor.html", page) == "Harbor\nOne bar.\nTwo\nbars\n3\n4"


@pytest.fixture(scope="module")
def originals() -> Path:
    folder = Path(os.environ.get("CAMBODIA_TIP_SOURCES", "")) / "originals"
    if not folder.is_dir():
        pytest.skip("CAMBODIA_TIP_SOURCES has no folder originals")
    return folder


@pytest.mark.parametrize(("suffix", "kind"), [(".pdf", "PDF"), (".html", "HTML")])
def test_every_quote_is_in_the_published_documents(originals: Path, suffix: str, kind: str) -> None:
    names = sorted(file.stem for file in originals.glob(f"*{suffix}"))
    assert len(names) == 9
    report = tip.verify(originals, only=names)
    assert report.valid, str(report)
    assert all(f"as published ({kind})" in note for note in report.notes)


def test_the_numbers_of_published_documents_are_accounted_for(originals: Path) -> None:
    names = [*sorted(file.stem for file in originals.glob("*.html")), "wfcl-2014", "wfcl-2019"]
    report = tip.audit(originals, only=names)
    assert report.valid, str(report)
    scope = [re.search(r"(\d+) of (\d+) passages in scope read alike", n) for n in report.notes]
    assert len(scope) == 11
    assert all(read and int(read[1]) >= int(read[2]) / 2 for read in scope)


def test_each_file_that_cannot_be_checked_gets_one_line(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "wfcl-2013.pdf").write_bytes(pdf([[]]))
    (tmp_path / "wfcl-2014.pdf").write_bytes(pdf(PAGES))
    (tmp_path / "encrypted.pdf").write_bytes(pdf(PAGES))
    writer = pypdf.PdfWriter(clone_from=tmp_path / "encrypted.pdf")
    writer.encrypt("harbor", algorithm="RC4-128")
    writer.write(tmp_path / "wfcl-2015.pdf")
    (tmp_path / "wfcl-2016.pdf").write_text("<html>not found</html>")
    (tmp_path / "wfcl-2017.html").write_bytes(pdf([[]]))  # what it is, its content tells
    (tmp_path / "hrr-2018.htm").write_text("<p>We value your privacy. <b>Accept</b> all?</p>")
    (tmp_path / "hrr-2019.txt").write_text("<html><script>var a = 1</script>")
    names = [*(f"wfcl-{year}" for year in range(2013, 2019)), "hrr-2018", "hrr-2019"]
    messages = {f.row: f.message for f in tip.verify(tmp_path, only=names).findings}
    assert messages["wfcl-2013"] == "wfcl-2013.pdf has no text; it may be scanned"
    assert "it may be another edition" in messages["wfcl-2014"]
    assert messages["wfcl-2015"] == "wfcl-2015.pdf is encrypted; save it without a password"
    assert "wfcl-2016.pdf is not a readable PDF" in messages["wfcl-2016"]
    assert messages["wfcl-2017"] == "wfcl-2017.html has no text; it may be scanned"
    assert "there is no wfcl-2018.txt, .pdf or .html" in messages["wfcl-2018"]
    assert "an error or consent page" in messages["hrr-2018"]
    assert messages["hrr-2019"] == "hrr-2019.txt has no text"
    assert len(messages) == len(tip.verify(tmp_path, only=names).findings) == 8
    assert len(tip.audit(tmp_path, only=names).findings) == 8 - 2  # which have no number


def test_a_file_under_another_name_is_known_by_its_passages(
    originals: Path, tmp_path: Path
) -> None:
    shutil.copy(originals / "hrr-2018.html", tmp_path / "Cambodia - report.html")
    shutil.copy(originals / "wfcl-2019.pdf", tmp_path / "download (2).pdf")
    (tmp_path / "other.html").write_text("<html><p>Another page.</p></html>", encoding="utf-8")
    report = str(tip.verify(tmp_path, only=["hrr-2018", "wfcl-2019"]))
    assert "Cambodia - report.html is taken for hrr-2018, whose passages it has" in report
    assert "download (2).pdf is taken for wfcl-2019, whose passages it has" in report
    assert "other.html" not in report
    (finding,) = tip.verify(tmp_path, only=["hrr-2019"]).findings
    assert "there is no hrr-2019.txt, .pdf or .html" in finding.message


def test_the_command_of_the_page_on_checking_prints_what_the_page_says(
    originals: Path, tmp_path: Path
) -> None:
    text = (Path(__file__).parents[1] / "docs" / "method" / "check-it-yourself.md").read_text()
    (command,) = re.findall(r"^ *(cambodia-tip .*)$", text, re.M)
    printed = re.search(r"prints `([^`]*)`", " ".join(text.split()))
    (tmp_path / "saved").mkdir()
    shutil.copy(originals / "hrr-2018.html", tmp_path / "saved")
    found = subprocess.run(
        [sys.executable, "-m", "cambodia_tip", *command.split()[1:]],
        cwd=tmp_path, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    assert printed
    assert printed[1] in found.stdout.splitlines()
