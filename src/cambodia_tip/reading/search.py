"""Find records by words, with the full-text index of SQLite (https://sqlite.org/fts5.html)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from unicodedata import normalize

import pandas as pd

from ..errors import EmptySearchError, UnknownNameError, check_text, nearest, shown
from ..package.model import Package, Resource, remembered
from ..package.opening import package_or_installed
from .frames import Standing, of_standing, shared_frame
from .labels import add_labels
from .records import NAMES, described, named_by

SYNONYMS = (
    "tier rating rated",
    "prison imprison imprisoned imprisonment jail jailed incarceration",
    "return returned returning returnee repatriate repatriated repatriating repatriation",
    "convict convicted conviction",
    "prosecute prosecuted prosecution",
    "person people",
    "law statute act legislation",
    "penalty punishment",
    "conflict contradict disagree contradiction disagreement",
    "memorandum mou",
    "woman women",
    "child children",
    "man men",
    "cable wikileaks",
)
"""Words that stand for each other in a search, in groups."""

BRITISH = (
    (re.compile(r"(?<=practi)s(?=e|ing)"), "c"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?$|ed$|ers?$|ing$|able$|al$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(e[sdr]?|ers|ing|ations?)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?$)"), "ter"),
    (re.compile(r"gramme(?=s?$)"), "gram"),
    (re.compile(r"(?<=fen|cen)ce(?=s?$)"), "se"),
    (re.compile(r"(?<=judg)e(?=ments?$)"), ""),
    (re.compile(r"(?<=analy)s(?=e|ing)"), "z"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^viet nam"), "vietnam"),
    (re.compile(r"^organs?$"), "organ1"),  # or it would have the stem of organization
    (re.compile(r"ll(?=(ed|ing|ers?)$)"), "l"),
)
"""British spellings and what stands for them, in the words of records and of a search alike."""
_LITTLE = frozenset(
    "a an and are at by did do does for from had has have how in is it its many much of on or than "
    "that the their there to was were what when where which who whom with".split()
)
"""Words that a question has and an answer need not have."""
_COLUMNS = ["table", "id", "label", "value", "period", "reporter", "quote"]
_PROSE = ("quote", "description", "definition", "short_title", "scope_quote")
_WEIGHTS = (8.0, 4.0, 0.5)
"""What a word counts in the name of a record, in its text, and in its note, codes and labels."""
_WORD = re.compile(r"viet nam|[^\W_]+", re.I)
_LIKENESS = 0.75


def search(
    text: str, *, standing: Standing | None = None, package: Package | None = None
) -> pd.DataFrame:
    """Find the records that have all words of a text.

    Words are looked up in names, titles, summaries, quotes and notes, and in the labels of
    codes. Plural and singular, American and British spelling, and a few synonyms of the field
    (return and repatriation, prison and jail) are the same. Words such as *the* and *how* do not
    count, unless there is no other.

    Args:
        text: One or more words.
        standing: ``official`` leaves out the records that rest on leaked documents,
            ``leaked`` the others.
        package: A data package from `open_package`; without it, the installed one.

    Returns:
        One row per record, best first. Records whose name has all words come before the others.
        The columns are `table`, `id` (of a code list, the code), `label`, `value` (with its unit),
        `period` (ISO 8601), `reporter` and `quote`. All are text, missing where the record has
        none. No match is an empty frame.

    Raises:
        EmptySearchError: If the text has no word.
        UnknownNameError: If no record has a word, and one has a similar word.

    Examples:
        >>> search("memorandums vietnam", standing="official")["id"].iloc[0]
        'agreement-2004-vietnam-proposed'
        >>> search("vietnm")
        Traceback (most recent call last):
        cambodia_tip.UnknownNameError: no record has the word 'vietnm'; did you mean 'vietnam'?
    """
    check_text("text", text)
    words = _WORD.findall(normalize("NFC", text))  # an accent of its own would part a word
    if not words:
        raise EmptySearchError("the text to search for must have at least one word")
    words = [word for word in words if word.lower() not in _LITTLE or word.isupper()] or words
    package = package_or_installed(package)
    records, index = _records(package), _index(package)
    with package._lock:  # a connection is for one thread at a time
        groups = [_group(package, index, word) for word in words]
        wanted = " AND ".join(groups)
        query = "SELECT rowid FROM records WHERE records MATCH ?"
        order = f"rowid NOT IN ({query}), bm25(records, {', '.join(map(str, _WEIGHTS))}), rowid"
        matches = index.execute(f"{query} ORDER BY {order}", (wanted, f"name : ({wanted})"))
        rows = [row for (row,) in matches]
    found = records.iloc[rows]
    if standing is not None:
        fitting = of_standing(package, shared_frame(package, "sources"), standing)["source_id"]
        found = found[found["source_id"].isna() | found["source_id"].isin(fitting)]
    return found[_COLUMNS].reset_index(drop=True)


def fold(text: str) -> str:
    """The words of a text in lowercase and American spelling.

    Examples:
        >>> fold("Labour programmes, organised")
        'labor programs organized'
    """
    return " ".join(map(_american, _WORD.findall(text.lower())))


def _american(word: str) -> str:
    for british, american in BRITISH:
        word = british.sub(american, word)
    return word


_GROUPS = {
    form: [fold(word) for word in group.split()]
    for group in SYNONYMS
    for word in group.split()
    for form in (fold(word), f"{fold(word)}s")
}


def _group(package: Package, index: sqlite3.Connection, word: str) -> str:
    """What FTS5 looks for in place of a word: the word, or one that stands for it.

    Raises:
        UnknownNameError: If no record has it, and one has a similar word.
    """
    folded = fold(word)
    group = "(" + " OR ".join(f'"{form}"' for form in [folded, *_GROUPS.get(folded, [])]) + ")"
    query = "SELECT 1 FROM records WHERE records MATCH ? LIMIT 1"
    is_unknown = folded.isalpha() and not index.execute(query, (group,)).fetchone()
    if is_unknown and (hint := nearest(folded, _vocabulary(package), _LIKENESS)):
        raise UnknownNameError(f"no record has the word {shown(word)}; did you mean {hint!r}?")
    return group


@remembered
def _vocabulary(package: Package) -> frozenset[str]:
    """All words of all records."""
    texts = _records(package)[["name", "text", "codes"]].to_numpy().ravel()
    return frozenset(word for word in " ".join(texts).split() if word.isalpha())


@remembered
def _index(package: Package) -> sqlite3.Connection:
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute(
        "CREATE VIRTUAL TABLE records USING fts5 "
        "(name, text, codes, content='', tokenize='porter unicode61 remove_diacritics 2')"
    )
    texts = _records(package)[["name", "text", "codes"]]
    index.executemany(
        "INSERT INTO records (rowid, name, text, codes) VALUES (?, ?, ?, ?)",
        ((row, *cells) for row, cells in enumerate(texts.itertuples(index=False))),
    )
    return index


@remembered
def _records(package: Package) -> pd.DataFrame:
    """Every record that a search can find: the columns of its result, and what is looked up."""
    tables = (r for r in package.resources.values() if len(r.primary_key) == 1 and r.name != "ids")
    return pd.concat([_of_table(package, table) for table in tables], ignore_index=True)


def _of_table(package: Package, resource: Resource) -> pd.DataFrame:
    frame = add_labels(package, shared_frame(package, resource.name), resource)
    columns = list(map(str, frame))
    named = named_by(frame)
    prose = [name for name in (*NAMES, *_PROSE) if name in columns and name != named]
    codes = [name for name in columns if name.endswith("_label") and name != named]
    key = [name for name in ("note", resource.primary_key[0]) if name in columns and name != named]
    links = [name for name in columns if name in package.resources]
    found = described(frame, resource)
    found["name"] = _joined(found, ["label"])
    found["text"] = _joined(frame, prose)
    found["codes"] = fold(f"{resource.title} ") + _joined(frame, [*key, *codes, *links])
    for name in codes:
        found["codes"] += " " + frame[name].map(_abbreviations(package)).fillna("")
    found["codes"] += " " + found["period"].fillna("").map(fold)
    return found


@remembered
def _abbreviations(package: Package) -> dict[str, str]:
    """The abbreviation of each organization that has one, by its label."""
    frame = shared_frame(package, "organizations").dropna(subset=["abbreviation"])
    return dict(zip(frame["label"], frame["abbreviation"].map(fold), strict=True))


def _joined(frame: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    """The folded words of some columns, in one text for each row."""
    text = pd.Series("", frame.index, dtype=object)
    for name in names:
        text += " " + frame[name].astype(object).fillna("").map(lambda cell: fold(str(cell)))
    return text
