"""What is built from a commit: the same bytes whenever and wherever, and all that belongs in."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.package.content_hash import content_hash
from cambodia_tip.package.opening import open_package

pytest.importorskip("build")
pytest.importorskip("hatchling")

ROOT = Path(__file__).parents[1]
NOT_SOURCES = (
    *(".git", ".venv", "venv", "node_modules", "build", "dist", "_build", "_doctrees"),
    *("__pycache__", "*.egg-info", ".*_cache", ".hypothesis"),
)
MOST_BYTES = 675_000
"""The target is 600 kB. With 31 documents the wheel has 675, of which data 393, code 212."""


def copy_of_the_sources(target: Path, *, day: int, mode: int) -> Path:
    """The files as another clone has them: elsewhere, of another day and another umask."""
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*NOT_SOURCES))
    for place in target.rglob("*"):
        if place.is_file():
            place.chmod(mode)
        os.utime(place, (day * 86_400, day * 86_400))
    return target


def build(source: Path, *what: str, **environment: str) -> dict[str, bytes]:
    """Build without network, and read the archives by their names."""
    unset = ("SOURCE_DATE_EPOCH", "PYTHONHASHSEED", "TZ")
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *what, str(source)],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {file.name: file.read_bytes() for file in (source / "dist").iterdir()}


def packed(content: bytes, wheel: Path) -> bytes:
    """A wheel, packed as for a release."""
    wheel.write_bytes(content)
    subprocess.run([sys.executable, str(ROOT / "pack_wheel.py"), str(wheel)], check=True)
    return wheel.read_bytes()


def contents(folder: Path) -> dict[str, bytes]:
    """All files in a folder, by their paths in it."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def bundle(wheel: Path) -> Path:
    """The data package in a wheel."""
    return wheel / "cambodia_tip" / "datapackage"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Both archives, of the folder that a variable names, or each from the sources themselves.

    The wheel is packed as for a release.
    """
    if made := os.environ.get("CAMBODIA_TIP_DIST"):
        return {file.name: file.read_bytes() for file in Path(made).iterdir()}
    folder = tmp_path_factory.mktemp("one")
    source = copy_of_the_sources(folder / "cambodia-tip", day=15_000, mode=0o644)
    made = build(source, "--sdist", "--wheel", PYTHONHASHSEED="1", TZ="UTC")
    return {n: packed(c, folder / n) if n.endswith(".whl") else c for n, c in made.items()}


@pytest.fixture(scope="module")
def wheel(built: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    file = folder / next(name for name in built if name.endswith(".whl"))
    file.write_bytes(built[file.name])
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Both archives, built elsewhere, years later, and the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("two")
    source = copy_of_the_sources(folder / "another place" / "x", day=20_000, mode=0o664)
    for left_over in ("docs/_build/index.html", "src/cambodia_tip/__pycache__/keys.pyc"):
        (source / left_over).parent.mkdir()
        (source / left_over).write_text("made by work in this clone", encoding="utf-8")
    return build(source, PYTHONHASHSEED="2", TZ="Asia/Phnom_Penh")


def test_two_builds_of_the_same_sources_have_the_same_files(
    built: dict[str, bytes], again: dict[str, bytes]
) -> None:
    name = f"cambodia_tip-{tip.__version__}"
    sdist, wheel = f"{name}.tar.gz", f"{name}-py3-none-any.whl"
    assert sorted(built) == sorted(again) == [wheel, sdist]
    assert built[sdist] == again[sdist]
    assert entries_of(built[wheel]) == entries_of(again[wheel])


@pytest.mark.exhaustive
def test_two_wheels_are_packed_into_the_same_bytes(
    built: dict[str, bytes], again: dict[str, bytes], tmp_path: Path
) -> None:
    (wheel,) = (name for name in again if name.endswith(".whl"))
    assert packed(again[wheel], tmp_path / wheel) == built[wheel]


def entries_of(wheel: bytes) -> list[tuple[str, tuple[int, ...], int, int]]:
    """The name, the date, the rights and the checksum of each file, in their order."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return [(e.filename, e.date_time, e.external_attr, e.CRC) for e in archive.infolist()]


def test_another_cell_makes_another_sdist(built: dict[str, bytes], tmp_path: Path) -> None:
    """Otherwise the comparison above would compare nothing."""
    source = copy_of_the_sources(tmp_path / "x", day=15_000, mode=0o644)
    areas = source / "datapackage" / "data" / "areas.csv"
    areas.write_bytes(areas.read_bytes() + b"\n")
    again = build(source, "--sdist")
    assert all(built[name] != content for name, content in again.items())


def test_the_wheel_is_small(built: dict[str, bytes]) -> None:
    size = next(len(content) for name, content in built.items() if name.endswith(".whl"))
    assert size <= MOST_BYTES


def test_the_wheel_holds_the_tables_of_the_descriptor_and_no_other_file(wheel: Path) -> None:
    ours = tip.package_path()
    entries = json.loads((ours / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    found = contents(bundle(wheel))
    assert set(found) == {"datapackage.json", *(entry["path"] for entry in entries)}
    for entry in entries:
        assert found[entry["path"]] == (ours / entry["path"]).read_bytes()


def test_the_data_package_of_the_wheel_says_the_same_in_one_file(wheel: Path) -> None:
    folder = bundle(wheel)
    ours, theirs = open_package(), open_package(folder)
    for name, resource in theirs.resources.items():
        path = ours.path / resource.path.relative_to(folder)
        assert replace(resource, path=path) == ours.resource(name)
    assert list(theirs.resources) == list(ours.resources)
    assert content_hash(folder, theirs.descriptor) == ours.descriptor["contentHash"]
    assert str(tip.validate(folder)).endswith(": nothing wrong")


@pytest.mark.parametrize("format", ["csv", "jsonld", "ro-crate"])
def test_what_the_installed_wheel_exports_says_what_the_checkout_says(
    wheel: Path, tmp_path: Path, format: str
) -> None:
    if format == "ro-crate":
        pytest.importorskip("rocrate")
    target = tmp_path / ("exported.zip" if format == "csv" else "exported")
    path = os.pathsep.join([str(wheel), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "cambodia_tip", "export", format, str(target)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "exported"
    if format == "csv":
        shutil.unpack_archive(target, folder)
    if format == "jsonld":
        tip.export(format, tmp_path / "ours")
        assert contents(folder) == contents(tmp_path / "ours")
    else:
        assert open_package(folder).descriptor == open_package(bundle(wheel)).descriptor
        assert str(tip.validate(folder)).endswith(": nothing wrong")
        assert not (folder / "schemas").exists()


def test_the_sdist_holds_what_its_tests_and_its_build_need(built: dict[str, bytes]) -> None:
    name = next(name for name in built if name.endswith(".tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(built[name])) as archive:
        files = {member.name.partition("/")[2] for member in archive.getmembers()}
    needed = "hatch_build.py pack_wheel.py pyproject.toml LICENSE-DATA CITATION.cff".split()
    needed += "datapackage/schemas/areas.json tests/test_build.py docs/conf.py".split()
    assert files.issuperset(needed)
    assert not [file for file in files if "node_modules" in file or "__pycache__" in file]
