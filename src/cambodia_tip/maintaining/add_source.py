"""Take a new document into a data package, and say what is still open about it.

What follows from its text is written: its passages, and the cells of ``sources``
that a program can fill. The rest a person looks up or decides; each of these
things is named, with what the schema says of it.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path

from ..checking.cells import cell_tests
from ..errors import DataPackageError, shown, unknown_name
from ..package.atomic import alone
from ..package.model import Field, Package, Resource
from ..package.opening import find_package, open_package
from ..package.patterns import matcher
from ..parsing.passages import Passage, guess_division
from ..reading.frames import frame_of
from ..sources.documents import Document, check_documents, read_plain_text, segment_document
from ..sources.numeral_audit import Printed, open_numerals, printed_numerals
from .stamping import Row, Rows, Tables, passage_rows, read_tables, size_and_hash, write_tables

_FROM_THE_TEXT = ("source_id", "bytes", "sha256")
_WORDS_AT_AN_END = 4
"""How many words show where a passage begins, and where it ends."""
_BEGINNINGS = {
    "numbered": "; a paragraph begins like 1.",
    "questions": "; a question begins like 1A.",
    "unnumbered": "; a blank line stands between paragraphs, and each ends with a full stop",
}


def add_source(
    file: str | Path, path: str | Path, cells: Mapping[str, str], *, encoding: str = ""
) -> list[str]:
    """Write the row of ``sources`` and the passages of a new document, and list what is open.

    Called again for the same text it fills the cells that it is given, and
    says what is open now. The passages follow a text or a division that was
    changed only as long as no row cites the document.

    Args:
        file: Its plain text, ``<source_id>.txt``.
        path: Folder of the data package.
        cells: Values for its columns of ``sources``. Without
            ``division``, that is told from the text.
        encoding: That of the text if it is not UTF-8.

    Returns:
        What was done and what is still open, as lines to go through.

    Raises:
        DataPackageError: If the text or the package cannot be read or written,
            the text is there as another document, or a cell is wrong; then
            nothing is written.
        UnknownNameError: If ``sources`` has no such column.
    """
    folder = find_package(path)
    with alone(folder):
        return _add(Path(file), open_package(folder), Path(path), cells, encoding)


def _add(
    file: Path, package: Package, path: Path, cells: Mapping[str, str], encoding: str
) -> list[str]:
    check_documents(package)
    resource = package.resource("sources")
    source_id = _source_id(file, resource)
    _check_cells(cells, resource)
    content, text = read_plain_text(file, encoding)
    if "\0" in text:
        raise DataPackageError(f"{file.name} is not plain text (it has a NUL); save it as UTF-8")
    guess, found = guess_division(text)
    tables = read_tables(package)
    frames = {name: frame_of(tables[name], r) for name, r in package.resources.items()}
    old = next((row for row in tables["sources"] if row["source_id"] == source_id), None)
    new = dict.fromkeys(resource.field_names, "") | (old or {}) | size_and_hash(content)
    new |= {"source_id": source_id, **cells}
    division = new["division"] = new["division"] or guess
    if not text.strip():
        raise DataPackageError(f"{file.name} is empty")
    has_starts = file.with_suffix(".starts").is_file()
    passages, warnings = segment_document(file, source_id, text, division)
    if not has_starts:
        found[division] = sum(p.kind in ("paragraph", "question") for p in passages)
        if not found[division]:
            raise DataPackageError(
                f"{file.name} has no paragraph when segmented as {division}"
                f"{_BEGINNINGS.get(division, '')}, or write {file.stem}.starts with the beginnings"
            )
    for passage in passages:
        what = f"passage {passage.passage}: the heading {shown(passage.heading)}"
        _check_cell(package.resource("passages").field("heading"), passage.heading, what)
    rows = passage_rows(source_id, passages, tables["passages"])
    _check_other_rows(tables, old, new, rows)
    document = Document(source_id, True, {passage.passage: passage for passage in passages})
    still_open: dict[str, list[str]] = defaultdict(list)
    for item in open_numerals(document, package, frames):
        still_open[item.passage].append(_named(item))
    changed: list[str] = []
    if _put(tables, old, new, rows):  # what fails on an odd text has been done before
        changed = write_tables(package, tables)
    label = resource.field("division").categories.get(division, "")
    tried = ", ".join(f"{number} {name}" for name, number in found.items())
    done = f"changed: {', '.join(changed)}" if changed else "there already"
    begun = f"; begun where {file.stem}.starts says" if has_starts else ""
    summary = f"division: {division} ({label}); paragraphs found: {tried}{begun}"
    lines = [f"{source_id}: {done}", summary, *_ends(passages)]
    title = f"look at these passages; {file.stem}.starts beside the text settles them:"
    lines += _to_do(title, warnings)
    open_fields = dict(_open_fields(new, resource, tables))
    width = max(map(len, open_fields), default=0)
    title = "open in sources (fill the file, or run this again with --set NAME=VALUE):"
    lines += _to_do(title, [f"{name:{width}}  {text}" for name, text in open_fields.items()])
    if empty := [f.name for f in resource.fields if not f.required and not new[f.name]]:
        lines.append(f"empty in sources, which they may be: {', '.join(empty)}")
    number, of = sum(map(len, still_open.values())), sum(1 for _ in printed_numerals(document))
    title = (
        f"open numbers, {number} of {of} (each gets a row that quotes and "
        "has it, or an entry in unused_numerals with its reason):"
    )
    lines += _to_do(title, [f"passage {p}: {', '.join(texts)}" for p, texts in still_open.items()])
    if open_fields or number:
        lines.append("then, until nothing is wrong:")
    else:
        lines.append(f"nothing is open, its {of} numbers are accounted for; check it:")
    return [*lines, *_commands(path, file.parent, source_id)]


def _to_do(title: str, items: list[str]) -> list[str]:
    return [title, *(f"  [ ] {item}" for item in items)] if items else []


def _named(item: Printed) -> str:
    """A numeral as it is printed, with what tells it from equal ones of its passage."""
    text = item.numeral.text
    if len(item.numeral.readings) > 1:
        text += f" ({item.numeral.meanings})"
    return text if item.occurrence == 1 else f"{text} (occurrence {item.occurrence})"


def _ends(passages: list[Passage]) -> Iterator[str]:
    """Each passage with its number of words, and the first and last of them."""
    width = max(len(passage.passage) for passage in passages)
    for passage in passages:
        words = passage.text.split()
        if len(words) > 2 * _WORDS_AT_AN_END:
            words[_WORDS_AT_AN_END:-_WORDS_AT_AN_END] = ["…"]
        text = "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(words))
        yield f"  {passage.passage:{width}}  {passage.words:4} words: {text}"


def _put(tables: Tables, old: Row | None, new: Row, passages: Rows) -> bool:
    """Put a document and its passages in place of what was there; say whether that differs."""
    own = [row for row in tables["passages"] if row["source_id"] == new["source_id"]]
    locator = itemgetter("passage")
    if new == old and sorted(own, key=locator) == sorted(passages, key=locator):
        return False
    tables["sources"] = [row for row in tables["sources"] if row is not old] + [new]
    tables["passages"] = [row for row in tables["passages"] if row not in own] + passages
    return True


def _commands(path: Path, folder: Path, source_id: str) -> Iterator[str]:
    place, texts = shlex.quote(path.as_posix()), shlex.quote(folder.as_posix())
    only = f" --sources {texts} --only {source_id}"
    for command, options in (("stamp", ""), ("validate", ""), ("verify", only), ("audit", only)):
        yield f"  cambodia-tip {command} {place}{options}"


def _source_id(file: Path, resource: Resource) -> str:
    field = resource.field("source_id")
    wanted = field.constraints.get("pattern", ".+")
    match = matcher(wanted)
    if file.suffix != ".txt" or not (match and match(file.stem)):
        raise DataPackageError(
            f"the name {file.name!r} must be <source_id>.txt, like {field.example}.txt; "
            f"a source_id matches {wanted}"
        )
    return file.stem


def _check_cells(cells: Mapping[str, str], resource: Resource) -> None:
    for name, text in cells.items():
        if name not in resource.field_names:
            raise unknown_name("column", name, resource.field_names, resource.name)
        if name in _FROM_THE_TEXT:
            raise DataPackageError(f"{name} follows from the file, and cannot be set")
        if not text and resource.field(name).required:
            raise DataPackageError(f"{name} must not be empty")
        _check_cell(resource.field(name), text, f"{name}: {text!r}")


def _check_cell(field: Field, text: str, what: str) -> None:
    for _, message, is_right in cell_tests(field) if text else ():
        if not is_right(text):
            raise DataPackageError(f"{what} {message}")


def _check_other_rows(tables: Tables, old: Row | None, new: Row, passages: Rows) -> None:
    """A text is one document, however it is saved, and what rows cite stays as it is."""
    name = new["source_id"]
    hashes: dict[str, list[str]] = defaultdict(list)
    for row in tables["passages"]:
        hashes[row["source_id"]].append(row["text_hash"])
    own = sorted(row["text_hash"] for row in passages)
    for other in tables["sources"]:
        is_same = sorted(hashes[other["source_id"]]) == own or other["sha256"] == new["sha256"]
        if other is not old and is_same:
            raise DataPackageError(f"the text of {name} is there already, as {other['source_id']}")
    before = old and (old["sha256"], old["division"], sorted(hashes[name]))
    if before and before != (new["sha256"], new["division"], own):
        citing = {t: [row.get("source_id") for row in rows] for t, rows in tables.items()}
        cited = [t for t in citing if t not in ("sources", "passages") and name in citing[t]]
        if cited:
            raise DataPackageError(
                f"{name} is there already with another text, division or starts, and rows of "
                f"{', '.join(cited)} cite it; restore it, name a new document otherwise, or set "
                "division in sources.csv, segment it again with cambodia-tip stamp --sources DIR "
                f"--only {name}, and correct the passage of these rows"
            )


def _open_fields(row: Row, resource: Resource, tables: Tables) -> Iterator[tuple[str, str]]:
    """The columns that must be filled, and those that name what is not there yet."""
    links = {key.fields[0]: key for key in resource.foreign_keys if len(key.fields) == 1}
    for field in resource.fields:
        text, link = row[field.name], links.get(field.name)
        if not text and field.required:
            place = f" Its id in {link.resource}." if link else ""
            yield field.name, f"{field.description}{place} {_allowed(field)}"
        elif text and link:
            key = link.reference_fields[0]
            if not any(other[key] == text for other in tables[link.resource]):
                yield field.name, f"{text!r} is not in {link.resource} yet; add its row there."


def _allowed(field: Field) -> str:
    if field.categories:
        return f"One of: {', '.join(f'{c} ({label})' for c, label in field.categories.items())}."
    return f"For example: {field.example}"
