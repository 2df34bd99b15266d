"""What holds for any rows that keep to the schemas, and for any text that somebody passes."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import datetime
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import cambodia_tip as tip
from cambodia_tip.checking.cells import cell_tests
from cambodia_tip.command.cli import main
from cambodia_tip.maintaining.stamping import stamp
from cambodia_tip.package.content_hash import sha256
from cambodia_tip.package.model import Field, Resource
from cambodia_tip.package.opening import open_package
from cambodia_tip.parsing.passages import fold
from cambodia_tip.reading.frames import read_frame, read_text
from cambodia_tip.sources.documents import find_words

Row = dict[str, str | None]
Call = Callable[[object], object]


def examples(number: int, phases: Iterable[Phase] = tuple(Phase)) -> settings:
    """So many examples, the same on every machine and every day."""
    return settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        phases=phases,
        suppress_health_check=[HealthCheck.too_slow],
    )


# Rows that keep to a schema

READ_AS_SOMETHING_ELSE = [
    "NA", "N/A", "null", "None", "nan", "<NA>", "NaT", "inf", "true", "TRUE", "007", "1e5", "1.0",
    "2004-02-30", '"', '""', 'he said "no"', "a,b", ",", ";", "'", "\\", "\\N", "#", "|", "{}",
    "%s", "a=b", "1-2", "Siem Réap", "ភ្នំពេញ", "“curly”", "so—so", "…", "😀",
]  # fmt: skip
signs = st.characters(categories=["L", "M", "N", "P", "S"], exclude_characters="=+-@")
words = st.sampled_from(READ_AS_SOMETHING_ELSE) | st.text(signs, min_size=1, max_size=8)
free_text = st.lists(words, min_size=1, max_size=3).map(" ".join)
MOST_NUMBER = 10**18 - 1
"""The greatest number of 18 digits."""


def cells(field: Field) -> st.SearchStrategy[str]:
    """Texts that a cell of this column may hold."""
    tests = [is_right for _, _, is_right in cell_tests(field)]
    texts = texts_like(field.type, json.dumps(dict(field.constraints)))
    if field.is_address:
        texts = st.from_regex(r"https?://[!-~é]{1,20}", fullmatch=True)
    return texts.filter(lambda text: all(is_right(text) for is_right in tests))


@cache
def texts_like(type_: str, constraints: str) -> st.SearchStrategy[str]:
    """Texts of a type that keep to constraints, which are JSON so that columns can share them."""
    known = json.loads(constraints)
    least, most = known.get("minimum"), known.get("maximum")
    if "enum" in known:
        return st.sampled_from(known["enum"])
    if "pattern" in known:
        return st.from_regex(known["pattern"], fullmatch=True)
    if type_ == "integer":
        least, most = -MOST_NUMBER if least is None else least, most or MOST_NUMBER
        return (st.integers(least, most) | st.sampled_from([least, most])).map(str)
    if type_ == "number":
        least, most = -MOST_NUMBER if least is None else least, most or MOST_NUMBER
        return st.decimals(least, most, places=3).map(lambda number: format(number, "f"))
    if type_ == "boolean":
        return st.sampled_from(["true", "false"])
    if type_ == "date":
        days = [datetime.date.fromisoformat(day) if day else None for day in (least, most)]
        ends = days[0] or datetime.date.min, days[1] or datetime.date.max
        return (st.dates(*ends) | st.sampled_from(ends)).map(datetime.date.isoformat)
    return free_text


@st.composite
def rows(draw: st.DrawFn, resource: Resource) -> list[Row]:
    """A few rows that keep to the schema of a table, with its keys."""
    number = draw(st.integers(0, 3))
    columns = {}
    for field in resource.fields:
        texts = cells(field) if field.required else st.none() | cells(field)
        columns[field.name] = draw(st.lists(texts, min_size=number, max_size=number))
    drawn = [
        dict(zip(columns, texts, strict=True)) for texts in zip(*columns.values(), strict=True)
    ]
    keys = [resource.primary_key]
    keys += [(field.name,) for field in resource.fields if field.constraints.get("unique")]
    for key in keys:
        drawn = list({tuple(row[name] for name in key): row for row in drawn}.values())
    return drawn


def typed(texts: list[str | None], field: Field) -> pd.Series:
    """A column as `load` should give it."""
    if field.categories:
        return pd.Series(pd.Categorical(texts, categories=list(field.categories)))
    if field.type == "date":
        return pd.Series(np.array([text or "NaT" for text in texts], dtype="datetime64[s]"))
    if field.type == "string":
        return pd.Series([np.nan if text is None else text for text in texts], dtype=str)
    read = {"integer": int, "number": float, "boolean": lambda text: text == "true"}[field.type]
    dtype = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}[field.type]
    return pd.Series([None if text is None else read(text) for text in texts], dtype=dtype)


def write(resource: Resource, written: list[Row]) -> None:
    with resource.path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, resource.field_names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)


@examples(2, phases=[Phase.generate])  # to look for fewer rows would take minutes
@given(data=st.data())
def test_rows_survive_the_way_through_a_file(
    any_table: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / f"{any_table}.csv"
    resource = dataclasses.replace(open_package().resource(any_table), path=file)
    drawn = data.draw(rows(resource))
    write(resource, drawn)
    content = file.read_bytes()
    resource = dataclasses.replace(resource, bytes=len(content), hash=sha256(content))
    text = read_text(resource)
    frame = read_frame(resource)
    expected = {f.name: typed([row[f.name] for row in drawn], f) for f in resource.fields}
    pd.testing.assert_frame_equal(frame, pd.DataFrame(expected))
    for coerce, read in ((False, frame), (True, text)):
        checked = tip.schema(any_table, coerce=coerce).validate(read)
        pd.testing.assert_frame_equal(checked, frame)


# Any text in place of a name, an id or a path

NASTY = [
    "", " ", "\0", "a\0b", "\ud800", "\udcff", "a\nb", "a\r", "\x85", "\u2028", "\u202e",
    "\x1b[31m", "/", "//", ".", "..", "../..", "~", "/dev/null", "C:\\", "a/b\\c",
    "datapackage.json", "x" * 9_000, "x" * 9_000 + "/datapackage.json", "-", "--", "-h", "--help",
    "--help=x", "--version", "--labels", "--nope", "--\ud800", "-\0", "=1", "a,b", ",", "%s", "{x}",
    "{0}", "é", "\u00a0", "😀", "İ", "ß",
]  # fmt: skip
any_text = st.text(st.characters(), max_size=20)


def on_each_nasty_text(test: Callable[..., None]) -> Callable[..., None]:
    for text in NASTY:
        test = example(text=text)(test)
    return test


CALLS: dict[str, Call] = {
    "load": tip.load,
    "load with labels": lambda given: tip.load(given, labels=True),
    "dictionary": tip.dictionary,
    "schema": tip.schema,
    "evidence": tip.evidence,
    "evidence of a list": lambda given: tip.evidence([given]),
    "cite": tip.cite,
    "cite a list": lambda given: tip.cite([given]),
    "cite in a format": lambda given: tip.cite(format=given),
    "add_up": tip.add_up,
    "add_up of a list": lambda given: tip.add_up([given]),
    "validate": tip.validate,
    "verify": tip.verify,
    "verify a package": lambda given: tip.verify(".", given),
    "audit": tip.audit,
    "audit a package": lambda given: tip.audit(".", given),
    "stamp": stamp,
}


@pytest.fixture(scope="module", autouse=True)
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tests run in a folder where no path leads to anything."""
    folder = tmp_path_factory.mktemp("empty")
    with contextlib.chdir(folder):
        yield folder
    assert not list(folder.iterdir())


def check_message(message: str) -> None:
    """It is one line that a terminal can show."""
    assert message
    assert len(message.splitlines()) == 1
    assert message.isprintable()
    assert len(message) <= 1000


@pytest.mark.parametrize("name", CALLS)
@examples(5)
@on_each_nasty_text
@given(text=any_text)
def test_any_text_is_an_answer_or_a_clear_error(name: str, text: str) -> None:
    try:
        CALLS[name](text)
    except tip.CambodiaTipError as error:
        check_message(str(error))


def test_no_text_leads_stamp_to_documents(small_copy) -> None:
    for text in NASTY:
        with pytest.raises(tip.DataPackageError) as caught:
            stamp(small_copy.path, text)
        check_message(str(caught.value))


NO_TEXT = [
    None, 7, 7.5, float("nan"), True, b"areas", [7], [None], {"id": 3}, object(), pd.NA,
    pd.DataFrame(), pd.DataFrame({"id": [7, None]}), pd.Series([7, 8]), pd.Series({"id": 7}),
    np.arange(99),
]  # fmt: skip


@pytest.mark.parametrize("value", NO_TEXT, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_text_is_a_clear_error(name: str, value: object) -> None:
    if value is None and name in ("cite", "validate", "verify a package", "audit a package"):
        pytest.skip("without an argument these are about the installed data")
    with pytest.raises((tip.CambodiaTipError, TypeError)) as caught:
        CALLS[name](value)
    check_message(str(caught.value))


COMMANDS = [
    "?", "? areas", "--?", "show ?", "show areas ?", "show areas --columns ?",
    "show areas --format ?", "show areas --format=?", "dictionary ?", "dictionary areas --format ?",
    "tables ?", "tables --format ?", "evidence ?", "evidence ? ?", "cite ?", "cite --format ?",
    "validate ?", "verify --sources ?", "verify ? --sources .", "audit --sources ?",
    "audit ? --sources .", "stamp ?", "path ?",
]  # fmt: skip


def run_here(arguments: list[str]) -> tuple[object, str, str]:
    """Run the command in this process; its exit status and what it wrote."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out.flush()
        err.flush()
    written = [stream.buffer.getvalue().decode("utf-8", "surrogateescape") for stream in (out, err)]
    return left.value.code, *written


@pytest.mark.parametrize("command", COMMANDS)
@examples(5)
@on_each_nasty_text
@given(text=any_text)
def test_any_argument_is_an_answer_or_one_line_and_exit_2(command: str, text: str) -> None:
    status, out, err = run_here([part.replace("?", text) for part in command.split()])
    assert status in (0, 1, 2)
    if status == 2:
        assert out == ""
        assert err.startswith("cambodia-tip: ")
        assert err.endswith("\n")
        check_message(err.removeprefix("cambodia-tip: ")[:-1])
    else:
        assert out
        assert err == ""


# The words of a text

DASHES, BLANKS, QUOTES = (
    "-\u2010\u2013\u2014\u2212",
    " \t\n\u00a0\u2003\u00b6",
    "\u2018\u2019\u201c\u201d'\"",
)
printed = st.text(st.sampled_from(f"{DASHES}{BLANKS}{QUOTES}aB1é."), max_size=30) | st.text()
blanks = st.text(st.sampled_from(BLANKS), min_size=1, max_size=3)


@examples(300)
@given(text=printed)
def test_a_folded_text_has_nothing_more_to_fold(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not re.search(f"--| -|- |  |[{DASHES[1:]}{QUOTES[:4]}]", folded)


@examples(200)
@given(data=st.data())
def test_a_run_of_words_is_found_however_it_is_spaced(data: st.DataObject) -> None:
    word = printed.map(lambda text: "".join(text.split())).filter(fold)
    all_words = data.draw(st.lists(word, min_size=1, max_size=6))
    start = data.draw(st.integers(0, len(all_words) - 1))
    end = data.draw(st.integers(start + 1, len(all_words)))

    def spaced(some_words: list[str]) -> str:
        return "".join(data.draw(blanks) + word for word in some_words)

    text, run = fold(spaced(all_words)), fold(spaced(all_words[start:end]))
    place = find_words(text, run)
    assert place >= 0
    assert text[place : place + len(run)] == run


@examples(100)
@given(data=st.data())
def test_a_part_of_a_word_is_not_found(data: st.DataObject) -> None:
    letters = st.text(st.sampled_from("aab1é"), min_size=1, max_size=3)
    part = data.draw(letters)
    before, after = data.draw(letters), data.draw(letters)
    for whole in (before + part, part + after, before + part + after):
        assert find_words(f"{whole}, {whole} {whole}", part) == -1


def test_no_words_are_nowhere() -> None:
    assert find_words("some words", "") == -1
