"""Quotes are found in documents as they were published, and not where they are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.sources.published import condense, has_quote, pdf_text


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


def test_lines_at_the_edges_of_all_pages_are_text_once(tmp_path: Path) -> None:
    file = tmp_path / "harbor.pdf"
    pages = [
        [*page[:4], f"Only here: {'abcd'[n]}", "x", "y", "The end"] for n, page in enumerate(PAGES)
    ]
    file.write_bytes(pdf(pages))
    text = condense(pdf_text(file))
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
def test_what_is_not_a_pdf_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "harbor.pdf"
    file.write_bytes(content)
    with pytest.raises(tip.DataPackageError, match=r"harbor\.pdf is not a readable PDF") as caught:
        pdf_text(file)
    assert "\n" not in str(caught.value)


def test_a_pdf_without_text_may_be_scanned(tmp_path: Path) -> None:
    file = tmp_path / "harbor.pdf"
    file.write_bytes(pdf([[]]))
    with pytest.raises(tip.DataPackageError, match=r"harbor\.pdf has no text; it may be scanned"):
        pdf_text(file)


def test_every_quote_of_the_chapters_is_in_the_published_pdfs() -> None:
    folder = Path(os.environ.get("CAMBODIA_TIP_SOURCES", "")) / "originals"
    if not folder.is_dir():
        pytest.skip("CAMBODIA_TIP_SOURCES has no folder originals")
    chapters = sorted(file.stem for file in folder.glob("*.pdf"))
    assert len(chapters) == 9
    report = tip.verify(folder, only=chapters)
    assert report.valid, str(report)
    assert all("as published (PDF)" in note for note in report.notes)


def test_every_quote_of_the_rights_reports_is_in_the_saved_pages() -> None:
    folder = Path(os.environ.get("CAMBODIA_TIP_SOURCES", "")) / "originals"
    if not folder.is_dir():
        pytest.skip("CAMBODIA_TIP_SOURCES has no folder originals")
    reports = sorted(file.stem for file in folder.glob("*.html"))
    assert len(reports) == 9
    report = tip.verify(folder, only=reports)
    assert report.valid, str(report)
    assert all("as published (HTML)" in note for note in report.notes)


def test_each_file_that_cannot_be_checked_gets_one_line(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "wfcl-2013.pdf").write_bytes(pdf([[]]))
    (tmp_path / "wfcl-2014.pdf").write_bytes(pdf(PAGES))
    (tmp_path / "encrypted.pdf").write_bytes(pdf(PAGES))
    writer = pypdf.PdfWriter(clone_from=tmp_path / "encrypted.pdf")
    writer.encrypt("harbor", algorithm="RC4-128")
    writer.write(tmp_path / "wfcl-2015.pdf")
    (tmp_path / "hrr-2018.html").write_text("<p>We value your privacy. <b>Accept</b> all?</p>")
    (tmp_path / "hrr-2019.html").write_text("<script>var a = 1</script>")
    names = ["wfcl-2013", "wfcl-2014", "wfcl-2015", "hrr-2018", "hrr-2019"]
    messages = {f.row: f.message for f in tip.verify(tmp_path, only=names).findings}
    assert messages["wfcl-2013"] == "wfcl-2013.pdf has no text; it may be scanned"
    assert "it may be another edition" in messages["wfcl-2014"]
    assert messages["wfcl-2015"] == "wfcl-2015.pdf is encrypted; save it without a password"
    assert "it may be an error or consent page" in messages["hrr-2018"]
    assert messages["hrr-2019"] == "hrr-2019.html has no text"
    assert len(messages) == len(tip.verify(tmp_path, only=names).findings) == 5
