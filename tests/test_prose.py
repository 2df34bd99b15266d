"""README, pages, interface and changelog: their vocabulary, length and sentences.

Code and the values of directives are left out, and so are appendices that a command writes.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
APPENDICES = {"agreement.md", "benchmarks.md", "faults.md", "template.md"}
PAGES = sorted(
    page
    for page in DOCS.rglob("*.md")
    if page.name not in APPENDICES
    and not {"_build", "node_modules", "dictionary", "examples"}
    & set(page.relative_to(DOCS).parts[:-1])
)
CHANGELOG = ROOT / "CHANGELOG.md"
MOST_WORDS = 12_000
MOST_IN_A_SENTENCE = 40
MOST_ON_AVERAGE = 18

INSTEAD = {
    r"pictures?": "chart",
    r"warnings?": "caveat",
    r"mend(s|ed|ing)?": "correct, fix",
    r"anew": "again",
    r"whoever|whosoever": "anyone who",
    r"so that": "so",
    r"(stand|stands|stood) (in(?! for)|beside|above|below|there)": "is in, is beside",
    r"tell(s|ing)? (them )?apart|told apart": "separate",
    r"body|bodies|tellers?": "reporter, organization",
    r"faults?|slips?|mistakes?": "error",
    r"seal(s|ed|ing)?": "stamp, content hash",
    r"silen(ce|ces|t)": "gap, not reported",
    r"hedge[sd]?": "qualifier",
    r"closed lists?": "code list",
    r"whole numbers?|truth values?": "integer, boolean",
    r"somebody|nobody": "someone, no one",
    r"for ever|in the main|moreover|wherein|thereof": "a plainer word",
    r"words that (it rests on|carry it|support it)": "quote",
    r"labour|offences?|licen[c]e|organi[s]ations?|programmes?|colours?|harbour": (
        "the American spelling"
    ),
    r"datasheet|codebook": "limits, method",
}
"""Words that are not used, and what is used in their place."""

ALLOWED = [
    r"CaveatWarning|## Warnings|[Ww]arnings are errors",  # of Python
    r"and a codebook|\*Codebook\*",  # the name of a sheet
]
"""Phrases that may have such a word."""


def without_code(text: str) -> str:
    """The prose of a page in Markdown, without front matter, code, addresses and directives."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(`{3,})[^\n]*\n.*?^\1 *$", "", text, flags=re.S | re.M)
    text = re.sub(r"<!--.*?-->|<[^>]+>|`[^`]*`", " X ", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"^(:{3,}.*|:\w[\w-]*:.*|\{[^}]*\}|\([\w-]+\)=)$", "", text, flags=re.M)


def texts_of_module(source: str) -> Iterator[str]:
    """The literals of several words in a module, apart from docstrings."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and " " in value and id(node) not in docstrings:
            yield value


def texts_of_script(source: str) -> Iterator[str]:
    """The literals of several words in a script of the pages, apart from comments."""
    source = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", source, flags=re.S | re.M)
    literals = re.findall(r"""(["'`])((?:\\.|(?!\1).)*)\1""", source, re.S)
    yield from (text for _, text in literals if " " in text)


def interface() -> Iterator[tuple[str, str]]:
    """What the site says besides its pages: templates, scripts, extensions and charts."""
    for path in sorted(DOCS.rglob("*")):
        inside = set(path.relative_to(DOCS).parts[:-1])
        if inside & {"_build", "_doctrees", "node_modules", "examples", "reliability"}:
            continue
        name, text = path.relative_to(ROOT).as_posix(), ""
        if path.suffix == ".html":
            text = re.sub(r"\{[{%#].*?[}%#]\}", " ", path.read_text("utf-8"), flags=re.S)
        elif path.suffix == ".py" and path.name != "conf.py":
            text = "\n".join(texts_of_module(path.read_text("utf-8")))
        elif path.suffix == ".csv" and path.name != "iccs.csv":  # has the names of the standard
            with path.open(encoding="utf-8", newline="") as file:
                text = "\n".join(" ".join(row[1:]) for row in csv.reader(file))
        elif path.suffix == ".js":
            text = "\n".join(texts_of_script(path.read_text("utf-8")))
        if text:
            yield name, re.sub(r"\{[^{}]*\}|<[^<>]+>", " x ", text)


def unreleased(changelog: str) -> str:
    """The part of the changelog on the version to come, or the last one."""
    return re.split(r"^## ", changelog, flags=re.M)[1]


def texts() -> Iterator[tuple[str, str]]:
    """Everything that the vocabulary is for, by its name."""
    for page in [ROOT / "README.md", *PAGES]:
        yield page.relative_to(ROOT).as_posix(), without_code(page.read_text("utf-8"))
    yield "CHANGELOG.md", without_code(unreleased(CHANGELOG.read_text("utf-8")))
    yield from interface()


def wrong_words(text: str) -> Iterator[str]:
    """Words of a text that are not in the vocabulary, with what to use in their place."""
    text = " ".join(text.split())
    for allowed in ALLOWED:
        text = re.sub(allowed, "", text)
    for word, better in INSTEAD.items():
        for found in re.finditer(rf"\b(?:{word})\b", text, re.I):
            around = text[max(0, found.start() - 40) : found.end() + 20]
            yield f"{found[0]!r} in {around!r}: use {better}"


def words(text: str) -> int:
    """How many words a text has; code, which is an X here, is none."""
    return len(re.findall(r"(?!X\b)\b\w[^\s|]*", text))


def sentences(text: str) -> list[str]:
    """The sentences of a page, without tables and headings."""
    lines = [line for line in text.splitlines() if not re.match(r"\s*(\||#|[:>]|!\[)", line)]
    paragraphs = re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.) ", "\n".join(lines))
    found = [part for p in paragraphs for part in re.split(r"(?<=[.?!])\**\s+(?=[A-Z*\[])", p)]
    return [sentence for sentence in found if len(sentence.split()) > 3]


TEXTS = dict(texts())


@pytest.mark.parametrize("name", TEXTS)
def test_words_are_those_of_the_style_guide(name: str) -> None:
    found = list(wrong_words(TEXTS[name]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("word", ["mended", "Whoever", "stands in", "labour", "warnings", "bodies"])
def test_another_word_is_found(word: str) -> None:
    assert list(wrong_words(f"It says {word}, and more.")), word
    assert not list(wrong_words("A CaveatWarning stands in for it. Warnings are errors."))


def test_code_is_no_prose_and_captions_are() -> None:
    assert words(without_code("A `b c` has 1,234 rows, `d`; it doesn't.\n\n| e | f |\n")) == 8
    assert "fault" not in without_code("# A\n\n```python\nfault\n```\n`fault` [A](fault.md)\n")
    assert list(texts_of_module('"""A fault."""\nx = "a fault in it"\n')) == ["a fault in it"]
    assert list(texts_of_script("// a fault\nsay('a fault in it', \"x\");")) == ["a fault in it"]


def test_the_pages_have_at_most_12000_words() -> None:
    found = {page.name: words(without_code(page.read_text("utf-8"))) for page in PAGES}
    assert sum(found.values()) <= MOST_WORDS, found


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_sentences_are_short(page: Path) -> None:
    found = sentences(without_code(page.read_text("utf-8")))
    lengths = [len(sentence.split()) for sentence in found]
    assert [s for s in found if len(s.split()) > MOST_IN_A_SENTENCE] == []
    assert sum(lengths) <= MOST_ON_AVERAGE * max(len(lengths), 1)
