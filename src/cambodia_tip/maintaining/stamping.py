"""Bring the derived parts of a data package up to date, for those who edit it.

A contributor edits rows; this writes what follows from them: passages from the
documents, the table ``ids``, the order of rows, and sizes and hashes in the
descriptor. Stamping a package that is up to date changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ..errors import DataPackageError, unknown_name
from ..package.atomic import all_or_nothing, alone
from ..package.content_hash import content_hash, sha256
from ..package.json_files import read_object
from ..package.model import BOOLEANS, DESCRIPTOR, Package, Resource
from ..package.opening import find_package, open_package
from ..package.profile import check_property
from ..parsing.passages import Passage
from ..reading.csv_text import read_rows
from ..reading.files import file_name, read_bytes
from ..sources import documents
from ..sources.documents import read_plain_text, segment_document

Row = dict[str, str]
Rows = list[Row]
Tables = dict[str, Rows]

_IN_SCOPE = {"in_scope": "true", "out_of_scope_reason": ""}
"""The columns of ``passages`` that a person decides, as they are until then."""


def stamp(
    path: str | Path,
    sources: str | Path | None = None,
    only: Iterable[str] = (),
    *,
    encoding: str = "",
    warn: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """Refresh passages, ids, order of rows, listed sources, sizes and hashes of a package.

    As `DataPackage.stamp`; `warn` is called with one line for each place where passages may be
    wrong.
    """
    folder = find_package(path)
    with alone(folder):
        package = open_package(folder)
        tables = read_tables(package)
        if sources is not None:
            documents.check_documents(package)
            ids = [only] if isinstance(only, str) else list(only)
            for line in _refresh_sources(tables, documents.check_folder(sources), ids, encoding):
                warn(line)
        return write_tables(package, tables)


def read_tables(package: Package) -> Tables:
    """The rows of all tables as text.

    Raises:
        DataPackageError: If a table cannot be read.
    """
    return {name: _read(resource) for name, resource in package.resources.items()}


def write_tables(package: Package, tables: Tables) -> list[str]:
    """Write the tables with all that follows from their rows; return the files that changed.

    Raises:
        DataPackageError: If that cannot be; then nothing is written.
    """
    folder = package.path
    version = _project_version(folder, package.descriptor["name"]) or package.version
    for passage in tables.get("passages", []):
        if passage.get("in_scope") == "false":  # whose length and hash are not listed
            passage |= {"words": "", "text_hash": ""}
    if "ids" in tables and {"id", "table", "since"} <= set(package.resource("ids").field_names):
        tables["ids"] = _refresh_ids(package, tables, version)
    files = {
        package.resource(name).path: _write(package.resource(name), rows)
        for name, rows in tables.items()
    }
    files[folder / DESCRIPTOR] = _describe(folder, package, files, version, tables)
    changed = {file: content for file, content in files.items() if file.read_bytes() != content}
    try:
        with all_or_nothing(list(changed)) as places:
            for place, content in zip(places, changed.values(), strict=True):
                place.write_bytes(content)
    except OSError as error:
        raise DataPackageError(f"{folder} cannot be written: {error.strerror or error}") from None
    return [file.relative_to(folder).as_posix() for file in changed]


def _read(resource: Resource) -> Rows:
    """The rows; a byte-order mark and CRLF are read, since what is written has none."""
    rows = read_rows(
        read_bytes(resource), resource.field_names, file_name(resource), ignore_lossless=True
    )
    return [dict(zip(resource.field_names, cells, strict=True)) for cells in rows]


def _refresh_sources(tables: Tables, folder: Path, only: list[str], encoding: str) -> list[str]:
    """Segment the documents again, note the size and hash of their texts; return warnings."""
    warnings: list[str] = []
    held = [row for row in tables["sources"] if row["extent"] not in documents.NOT_HELD]
    known = [source["source_id"] for source in held]
    for name in only:
        if name not in known:
            raise unknown_name("document", name, known, "sources")
    chosen, before = only or known, tables["passages"]
    passages = [row for row in before if row["source_id"] not in chosen]
    for source in held:
        name = source["source_id"]
        if name in chosen:
            file = folder / f"{name}.txt"
            content, text = read_plain_text(file, encoding)
            source |= size_and_hash(content)
            found, doubts = segment_document(file, name, text, source["division"])
            passages += passage_rows(name, found, before)
            warnings += [f"{name}: {doubt}" for doubt in doubts]
    tables["passages"] = passages
    return warnings


def size_and_hash(content: bytes) -> dict[str, str]:
    """The cells of ``sources`` that tell one text from another."""
    return {"bytes": str(len(content)), "sha256": hashlib.sha256(content).hexdigest()}


def passage_rows(source_id: str, passages: Sequence[Passage], before: Rows) -> Rows:
    """The rows of ``passages`` for the passages of a document.

    What was decided on the scope of a passage stays with its text, wherever that is now; where
    the text is gone, or out of scope, with its locator. A new passage is in scope. The length and
    the hash of a passage are listed if it is in scope.
    """
    old = [row for row in before if row["source_id"] == source_id]
    texts = {passage.text_hash for passage in passages}
    exact = {(row["passage"], row["text_hash"]): row for row in old}
    moved = {row["text_hash"]: row for row in old}
    changed = {row["passage"]: row for row in old if row["text_hash"] not in texts}
    rows = []
    for passage in passages:
        name, text = passage.passage, passage.text_hash
        decided = exact.get((name, text)) or moved.get(text) or changed.get(name) or _IN_SCOPE
        is_coded = decided["in_scope"] == "true"
        rows.append(
            {
                "source_id": source_id,
                "passage": name,
                "position": str(passage.position),
                "kind": passage.kind,
                "heading": passage.heading,
                **{column: decided[column] for column in _IN_SCOPE},
                "words": str(passage.words) if is_coded else "",
                "text_hash": text if is_coded else "",
            }
        )
    return rows


def _refresh_ids(package: Package, tables: dict[str, Rows], version: str) -> Rows:
    """List the ids there are; what was released stays, in its table or as retired."""
    listed: dict[str, Row] = {}
    for row in tables["ids"]:
        if listed.setdefault(row["id"], row) is not row:
            raise DataPackageError(f"the id {row['id']!r} is twice in ids; take one row out")
    found: dict[str, str] = {}
    for name, rows in tables.items():
        if name == "ids" or package.resource(name).primary_key != ("id",):
            continue
        for row in rows:
            if row["id"] in found:
                first = found[row["id"]]
                where = f"twice in {name}" if first == name else f"in {first} and {name}"
                raise DataPackageError(f"the id {row['id']!r} is {where}")
            found[row["id"]] = name
    kept = []
    for name, entry in listed.items():
        if retired := entry.get("retired"):
            if name in found:
                raise DataPackageError(
                    f"the id {name!r} is in {found[name]}; it was retired in {retired} and is "
                    "never used again: give the row another id"
                )
            kept.append(entry)
        elif name not in found and entry["since"] != version:
            raise DataPackageError(
                f"the id {name!r} is gone from {entry['table']}; it was released in "
                f"{entry['since']}: put its row back, or retire it in ids.csv (retired {version}, "
                "and in replaced_by the id that took its place, if one did)"
            )
        elif entry["since"] != version and entry["table"] in tables.keys() - {found.get(name)}:
            raise DataPackageError(
                f"the id {name!r} is in {found[name]}; since {entry['since']} it is one of "
                f"{entry['table']}: give the row another id"
            )
    since = {"since": version}
    live = [{**since, **listed.get(i, {}), "id": i, "table": home} for i, home in found.items()]
    return [*live, *kept]


def _write(resource: Resource, rows: Rows) -> bytes:
    key = resource.primary_key
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, resource.field_names, lineterminator="\n")
    writer.writeheader()
    booleans = [field.name for field in resource.fields if field.type == "boolean"]
    for row in sorted(rows, key=lambda row: [row[name] for name in key]):
        spelled = {n: str(BOOLEANS[row[n]]).lower() for n in booleans if row[n] in BOOLEANS}
        writer.writerow({**row, **spelled})
    return buffer.getvalue().encode()


def _describe(
    folder: Path, package: Package, files: dict[Path, bytes], version: str, tables: Tables
) -> bytes:
    descriptor = read_object(folder / DESCRIPTOR)
    descriptor["version"] = version
    if sources := tables.get("sources"):  # what catalogs show, in the order of the table
        descriptor["sources"] = [
            {"title": row["title"] or row["source_id"]}
            | ({"path": row["url"]} if row.get("url") else {})
            for row in sorted(sources, key=lambda row: row["source_id"])
        ]
    for entry in descriptor["resources"]:
        content = files[package.resource(entry["name"]).path]
        entry |= {"bytes": len(content), "hash": sha256(content)}
    descriptor["contentHash"] = content_hash(folder, descriptor)
    return (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode()


def _project_version(folder: Path, name: str) -> str | None:
    """The version of the project beside the package, if it has the same name."""
    project = folder.resolve().parent / "pyproject.toml"
    where = "pyproject.toml beside the package"
    if not project.is_file():
        return None
    try:
        metadata = tomllib.loads(project.read_text(encoding="utf-8")).get("project")
    except (OSError, ValueError) as error:
        raise DataPackageError(f"{where} cannot be read: {error}") from None
    if not isinstance(metadata, dict) or metadata.get("name") != name:
        return None
    check_property("package", "version", metadata.get("version"), where)
    return str(metadata["version"])
