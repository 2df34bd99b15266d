"""The command, run as a user runs it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import pytest
from click.testing import CliRunner

import cambodia_tip as tip
from cambodia_tip.command.cli import cli, main


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process, which takes a tenth of the time of one of its own."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        patch.dict(os.environ, COLUMNS="120"),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main(list(arguments))
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(arguments, left.value.code or 0, *texts)


def run_apart(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user runs it, in a fresh Python."""
    return subprocess.run(
        [sys.executable, "-m", "cambodia_tip", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "120", **environment},
        timeout=60,
    )


def test_show_prints_a_table_and_a_caution() -> None:
    result = run("show", "repatriations")
    assert result.returncode == 0
    header, first = result.stdout.splitlines()[:2]
    assert header.split() == ["id", "indicator", "value", "qualifier", "population"]
    assert first.split()[:3] == [
        "repatriation-2006-thai-authorities-2005", "victims_repatriated", "98",
    ]  # fmt: skip
    assert max(map(len, result.stdout.splitlines()[:26])) <= 120
    assert "read their caveats: cambodia-tip evidence ID" in result.stderr


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        (
            ["from_area=Malaysia", "period_start=2017-01-01"],
            {"repatriation-2018-mfaic-2017-malaysia", "repatriation-2018-mosavy-2017-malaysia"},
        ),
        (
            ["from_area=MYS", "value=382"],
            {"repatriation-2018-mfaic-2017-malaysia"},
        ),
    ],
)
def test_show_chooses_rows_by_code_label_and_value(conditions: list[str], ids: set[str]) -> None:
    options = [part for condition in conditions for part in ("--where", condition)]
    result = CliRunner().invoke(cli, ["show", "repatriations", *options, "--format", "json"])
    assert {row["id"] for row in json.loads(result.stdout)} == ids


def test_show_chooses_empty_cells_and_documents_of_one_standing() -> None:
    rows = json.loads(
        run("show", "repatriations", "--where", "period_start=", "--standing", "leaked",
            "--format", "json").stdout
    )  # fmt: skip
    frame = tip.load("repatriations", standing="leaked")
    assert [row["id"] for row in rows] == list(frame[frame["period_start"].isna()]["id"])


def test_search_prints_what_it_finds() -> None:
    found = json.loads(run("search", "vietnam", "memorandum", "--format", "json").stdout)
    assert [row["id"] for row in found] == list(tip.search("vietnam memorandum")["id"])


def test_show_csv_is_the_file(any_table: str) -> None:
    result = CliRunner().invoke(cli, ["show", any_table, "--format", "csv"])
    path = tip.package_path() / "data" / f"{any_table}.csv"
    assert result.stdout == path.read_bytes().decode()


def test_show_csv_is_the_file_in_a_process_of_its_own() -> None:
    path = tip.package_path() / "data" / "sources.csv"
    result = run_apart("show", "sources", "--format", "csv")
    assert result.returncode == 0
    assert result.stdout == path.read_text(encoding="utf-8")


def test_show_json_keeps_numbers_days_and_gaps() -> None:
    rows = json.loads(run("show", "enforcement_stats", "--format", "json").stdout)
    row = next(row for row in rows if row["id"] == "enforcement-2004-persons-arrested")
    assert (row["value"], row["period_end"], row["place"]) == (153, "2003-12-31", None)


def test_show_markdown_escapes_bars() -> None:
    result = run("show", "statutes", "--columns", "id,covers_internal", "--format", "markdown")
    assert result.stdout.startswith("| id | covers_internal |\n| --- | --- |\n")
    assert "| statute-1996-trafficking-law | true |" in result.stdout


def test_show_columns_and_labels() -> None:
    result = run("show", "repatriations", "--labels", "--columns", "from_area_label,value",
                 "--format", "csv")  # fmt: skip
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == ["from_area_label", "value"]
    assert ["Malaysia", "382"] in rows


@pytest.mark.parametrize(
    "arguments",
    [
        ("tables",),
        ("tables", "--format", "json"),
        ("dictionary", "penalties"),
        ("dictionary", "penalties", "--format", "markdown"),
        ("evidence", "statute-untac-law", "penalty-untac-rape"),
        ("cite",),
        ("cite", "statute-untac-law", "--format", "bibtex"),
        ("validate",),
        ("path",),
        (),
        ("--version",),
        ("--help",),
        ("show", "--help"),
        ("search", "tier", "--standing", "official"),
    ],
)
def test_each_command_succeeds(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    assert result.stderr == ""


@pytest.mark.parametrize("arguments", [("tables",), ("show", "--help"), ("validate",)])
def test_a_command_says_the_same_in_a_process_of_its_own(arguments: tuple[str, ...]) -> None:
    apart, here = run_apart(*arguments), run(*arguments)
    assert (apart.returncode, apart.stdout, apart.stderr) == (0, here.stdout, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "repatriation"), "no table 'repatriation'; did you mean 'repatriations'?"),
        (("show", "areas", "--columns", "labl"), "did you mean 'label'?"),
        (("show", "areas", "--format", "cvs"), "did you mean 'csv'?"),
        (("show",), "Missing argument 'TABLE'."),
        (("shwo", "areas"), "no command 'shwo'; did you mean 'show'?"),
        (("show", "areas", "--colour"), "No such option"),
        (("dictionary", "penalty"), "did you mean 'penalties'?"),
        (("evidence", "statute-untac"), "did you mean 'statute-untac-law'?"),
        (("evidence",), "Missing argument 'IDS"),
        (("cite", "--format", "bib"), "did you mean 'bibtex'?"),
        (("validate", "/nowhere"), "is not a data package"),
        (("stamp", "/nowhere"), "is not a data package"),
        (("show", ""), "no table ''"),
        (("show", "areas", "--where", "label"), "a condition must be column=value"),
        (("show", "areas", "--where", "labl=x"), "did you mean 'label'?"),
        (("show", "areas", "--where", "label=Malaysa"), "did you mean 'Malaysia'?"),
        (("show", "statutes", "--standing", "offical"), "did you mean 'official'?"),
        (("search", "vietnm"), "did you mean 'vietnam'?"),
        (("search", "?"), "at least one word"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_2(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert out == ""
    assert message in err
    assert err.startswith("cambodia-tip: ")
    assert err.count("\n") == 1


def test_findings_are_exit_1(package_copy) -> None:
    package_copy.edit("areas", "THA", {"kind": "planet"})
    result = run("validate", str(package_copy.path))
    assert result.returncode == 1
    assert (
        "areas, THA, kind: 'planet' must be one of: country, province, group, region [enum]"
        in result.stdout
    )
    assert result.stderr == ""


def test_a_reader_that_stops_early_is_no_error() -> None:
    """Not after the first line of more than a pipe holds, and not before any."""
    assert read_lines(1, "show", "ids", "--format", "json") == (["[\n"], 0, "")
    assert read_lines(0, "tables") == ([], 0, "")


@pytest.mark.parametrize("command", ["validate", "changes"])
def test_a_check_says_what_it_found_to_a_reader_that_stops_early(package_copy, command) -> None:
    package_copy.edit("areas", "THA", {"kind": "planet"})
    sides = [str(tip.package_path())] if command == "changes" else []
    assert read_lines(0, command, *sides, str(package_copy.path)) == ([], 1, "")


def read_lines(number: int, *arguments: str) -> tuple[list[str], int, str]:
    """Some lines of the output, the exit status after it was closed, and what is said of errors."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "cambodia_tip", *arguments]
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline() for _ in range(number)]
        process.stdout.close()
        said = process.stderr.read()
    return lines, process.returncode, said


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_full_disk_is_one_line_and_exit_2() -> None:
    command = f"{sys.executable} -m cambodia_tip show areas > /dev/full"
    result = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "cannot write: No space left on device" in result.stderr
    command = f"{sys.executable} -m cambodia_tip show nothing 2> /dev/full"
    assert subprocess.run(command, shell=True).returncode == 2


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
def test_output_that_is_cut_off_is_an_error(tmp_path, unbuffered: str) -> None:
    """With python -u, the rest of a short write would be lost and nothing said."""
    command = f"ulimit -f 1; {sys.executable} -m cambodia_tip show areas --format json > out"
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    assert (tmp_path / "out").stat().st_size == 1024
    assert (result.returncode, result.stderr) == (2, "cambodia-tip: cannot write: File too large\n")


def test_a_document_is_no_row() -> None:
    result = run("evidence", "tip-2018")
    assert result.returncode == 2
    assert "'tip-2018' is a document, not a row; cite() cites it" in result.stderr


def test_an_archive_must_be_unpacked() -> None:
    result = run("validate", "cambodia-tip.zip")
    assert result.returncode == 2
    assert result.stderr.endswith("(datapackage.json not found); unzip it first\n")


def test_show_says_how_many_rows_rest_on_leaked_documents() -> None:
    shown = run("show", "repatriations", "--where", "source_id=cable-06PHNOMPENH413")
    assert "Rows that rest on leaked documents: 1 of 1." in shown.stderr
    assert "leaked" not in run("show", "repatriations", "--standing", "official").stderr


def test_evidence_shows_the_row_and_each_caveat() -> None:
    lines = run("evidence", "repatriation-2018-foreign-victims-2016").stdout.splitlines()
    assert "  value           13" in lines
    assert any(line.startswith("  note ") and "before the parentheses" in line for line in lines)
    lines = run("evidence", "enforcement-2007-hotel-2005-persons-arrested").stdout.splitlines()
    assert any("was not opened" in line for line in lines)
    assert "  standing        leaked (Became public without authority)" in lines
    assert sum(line.startswith("  caveat ") for line in lines) == 3


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names of files are Unicode there")
def test_a_name_that_is_not_utf_8_is_printed_as_it_is(package_copy) -> None:
    folder = os.fsencode(package_copy.path.with_name("n")) + b"\xff"
    os.rename(package_copy.path, folder)
    command = [sys.executable, "-m", "cambodia_tip", "validate", folder]
    result = subprocess.run(command, capture_output=True)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.startswith(folder)
    result = subprocess.run([*command, folder], capture_output=True, text=True)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "unexpected extra argument" in result.stderr


def test_text_survives_a_plain_locale() -> None:
    result = run_apart("show", "sources", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert result.returncode == 0
    assert "…" in result.stdout
