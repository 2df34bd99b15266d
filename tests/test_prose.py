"""The words of README, pages, interface and changelog: the vocabulary, how many, how long a sentence.

Code, quotes and the values of directives are left out. Appendices that a command writes are not prose.
"""

from __future__ import annotations

import ast
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
    and not {"_build", "node_modules", "dictionary"} & set(page.relative_to(DOCS).parts[:-1])
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
    r"stands? in(?! for)|stands? beside|stood": "is in, is beside",
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
    r"labour|offences?|licen[c]e|organi[s]ations?|programmes?|colou?r?s? of britain|harbour": (
        "the American spelling"
    ),
    r"datasheet|codebook": "limits, method",
}
"""Words that are not used, and what is used in their place."""

ALLOWED = {
    "warning": r"CaveatWarning|[Ww]arnings? (are|is) (an )?errors?|Warnings|without an error or warning",
    "codebook": r"one sheet for each table, and a codebook|\*Codebook\*",
    "programmes": r"programmes",
}


def without_code(text: str) -> str:
    """The prose of a page in Markdown: no front matter, code, addresses, or values of directives."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(`{3,})[^\n]*\n.*?^\1 *$", "", text, flags=re.S | re.M)
    text = re.sub(r"<!--.*?-->|<[^>]+>|`[^`]*`", " x ", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"^(:{3,}.*|:\w[\w-]*:.*|\{[^}]*\}|\([\w-]+\)=)$", "", text, flags=re.M)


def strings(source: str) -> Iterator[str]:
    """The texts in a module that are not docstrings: literals of several words."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    assert documented
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if " " in node.value and id(node) not in left_out:
                yield node.value
