"""Whatever is in a table's file, all that read it agree on whether it can be read."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cambodia_tip as tip
from cambodia_tip.maintaining.stamping import stamp
from cambodia_tip.package.content_hash import content_hash
from cambodia_tip.package.opening import open_package
from cambodia_tip.reading.csv_text import parse
from cambodia_tip.reading.frames import read_frame

KEPT = ("sources", "passages", "units")
OF_FILES = {"file", "bytes", "hash", "encoding", "line-ends", "row-length", "quoting", "columns"}
UNITS = (tip.package_path() / "data" / "units.csv").read_bytes()


class Small:
    """A package of three tables without links, and a folder without documents."""

    def __init__(self, folder: Path) -> None:
        self.path, self.documents = folder / "datapackage", folder / "documents"
        self.documents.mkdir()
        shutil.copytree(tip.package_path(), self.path)
        self.file = self.path / "data" / "units.csv"
        descriptor = self.descriptor()
        descriptor["resources"] = [e for e in descriptor["resources"] if e["name"] in KEPT]
        self.write_descriptor(descriptor)
        for name in KEPT:
            schema = self.path / "schemas" / f"{name}.json"
            content = json.loads(schema.read_text(encoding="utf-8"))
            content.pop("foreignKeys", None)
            for field in content["fields"] if name == "units" else ():  # any text is a cell then
                field.pop("categories", None)
                field.get("constraints", {}).pop("enum", None)
            schema.write_text(json.dumps(content), encoding="utf-8")

    def descriptor(self) -> dict:
        return json.loads((self.path / "datapackage.json").read_text(encoding="utf-8"))

    def write_descriptor(self, descriptor: dict) -> None:
        (self.path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")

    def put(self, content: bytes) -> None:
        """Put the content in place of a table, and let the descriptor name it."""
        self.file.write_bytes(content)
        descriptor = self.descriptor()
        entry = next(e for e in descriptor["resources"] if e["name"] == "units")
        entry["bytes"] = len(content)
        entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        descriptor["contentHash"] = content_hash(self.path, descriptor)
        self.write_descriptor(descriptor)

    def readers(self) -> dict[str, Callable[[], object]]:
        return {
            "load": lambda: read_frame(open_package(self.path).resource("units")),
            "verify": lambda: tip.verify(self.documents, self.path),
            "audit": lambda: tip.audit(self.documents, self.path),
        }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return Small(tmp_path_factory.mktemp("small"))


def refusal(read: Callable[[], object]) -> str | None:
    try:
        read()
    except tip.DataPackageError as error:
        return str(error)
    return None


def faults(package: Path) -> list[str]:
    return [
        f"{finding.row}: {finding.message}".removeprefix(": ")
        for finding in tip.validate(package)
        if finding.table == "units" and finding.rule in OF_FILES
    ]


pieces = st.sampled_from(
    [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"\0", b"\xe9", b"\xef\xbb\xbf", b";", b"x", b""]
)
spans = st.tuples(st.integers(0, len(UNITS)), st.integers(0, 60), pieces)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = UNITS
    for start, length, piece in draw(st.lists(spans, max_size=3)):
        content = content[:start] + piece + content[start + length :]
    return content


contents = st.one_of(
    damaged(),
    st.binary(max_size=30),
    st.sampled_from([UNITS.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + UNITS, UNITS + b"\n"]),
)


@settings(max_examples=60, deadline=None)
@given(content=contents)
def test_all_readers_agree(small: Small, content: bytes) -> None:
    small.put(content)
    found = faults(small.path)
    for name, read in small.readers().items():
        refused = refusal(read)
        assert (refused is not None) == bool(found), (name, refused, found)
        assert refused is None or refused.endswith(found[0]), name
    errors = parse(content, open_package(small.path).resource("units").field_names).errors
    can_stamp = all(error.is_lossless for error in errors)
    assert (refusal(lambda: stamp(small.path)) is None) == can_stamp
    if can_stamp:
        assert not faults(small.path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [(b"unit,", b"unit, ", "it was cut off, or edited"), (b"P", b"Q", "restore it, or run camb")],
)
def test_an_edited_file_is_refused_until_it_is_stamped(
    small: Small, old: bytes, new: bytes, words: str
) -> None:
    small.put(UNITS)
    small.file.write_bytes(UNITS.replace(old, new, 1))
    found = faults(small.path)
    assert words in found[0]
    for read in small.readers().values():
        assert str(refusal(read)).endswith(found[0])


def test_no_quote_is_lost_to_a_stray_quotation_mark(package_copy, tmp_path: Path) -> None:
    content = package_copy.file("enforcement_stats").read_bytes()
    start = content.index(b"\n") + 1
    package_copy.write("enforcement_stats", content[:start] + b'"' + content[start:])
    for check in (tip.verify, tip.audit):
        with pytest.raises(tip.DataPackageError, match=r"enforcement_stats\.csv\), line 2: "):
            check(tmp_path, package_copy.path)


def test_no_cell_is_lost_to_a_row_cut_short(package_copy, tmp_path: Path) -> None:
    lines = package_copy.file("enforcement_stats").read_bytes().splitlines(keepends=True)
    lines[4] = b",".join(lines[4].split(b",")[:20]) + b"\n"
    package_copy.write("enforcement_stats", b"".join(lines))
    for check in (tip.verify, tip.audit):
        with pytest.raises(tip.DataPackageError, match="line 5: has 20 cells in place of"):
            check(tmp_path, package_copy.path)
