"""It says the same wherever it runs: in threads, offline, in odd settings, on a read-only disk."""

from __future__ import annotations

import compileall
import inspect
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cambodia_tip as tip
from cambodia_tip.command.cli import cli
from cambodia_tip.package.opening import open_package

if TYPE_CHECKING:
    from conftest import PackageCopy

CODE = Path(tip.__file__).parent
TABLES = list(open_package().resources)
DOCUMENT = "Police arrested twelve persons in 2010 — “pimps”, as the report says.\n"


def environment(**changes: str | None) -> dict[str, str]:
    """That of this process without what steers Python; None takes a variable out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    changed = {**kept, "PYTHONPATH": str(CODE.parent), "COLUMNS": "120", **changes}
    return {name: value for name, value in changed.items() if value is not None}


def run_functions(
    functions: Iterable[Callable[[], None]],
    folder: Path,
    *arguments: str,
    options: Iterable[str] = (),
    **changes: str | None,
) -> subprocess.CompletedProcess[str]:
    """Run functions, which import what they need, one after the other in a fresh Python."""
    functions = list(functions)
    source = "".join(map(inspect.getsource, functions))
    calls = "".join(f"{function.__name__}()\n" for function in functions)
    return subprocess.run(
        [sys.executable, *options, "-c", source + calls, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment(**changes),
        timeout=120,
    )


def use_everything() -> None:
    """Call each public function and each command once, and print what they give."""
    import hashlib
    import warnings

    import cambodia_tip as tip
    from cambodia_tip.command.cli import main

    warnings.simplefilter("ignore", tip.CaveatWarning)
    name = "training_counts"
    row = tip.load(name)["id"].iloc[0]
    figures = tip.observations()
    plain = figures[(figures["qualifier"] == "unqualified") & figures["value_max"].isna()]
    calls = {
        "add_up": lambda: tip.add_up(plain.dropna(subset="obs_value").head(1)),
        "audit": lambda: tip.audit("texts"),
        "changes": lambda: tip.changes("copy"),
        "check": lambda: str(tip.check(tip.load(name), name)),
        "cite": lambda: tip.cite() + tip.cite(row, format="bibtex"),
        "dictionary": lambda: tip.dictionary(name).to_csv(),
        "evidence": lambda: tip.evidence(row).to_csv(),
        "export": lambda: tip.export("csv", "export.zip", force=True).read_bytes(),
        "load": lambda: tip.load(name, labels=True).to_csv(),
        "observations": lambda: figures.to_csv(),
        "open_package": lambda: tip.open_package("copy").load(name).to_csv(),
        "package_path": lambda: tip.package_path().name,
        "schema": lambda: tip.schema(name).validate(tip.load(name)).shape,
        "search": lambda: tip.search("Vietnam").to_csv(),
        "tables": lambda: tip.tables().to_csv(),
        "validate": lambda: str(tip.validate()),
        "verify": lambda: tip.verify("texts", "stamped"),
    }
    for function, call in calls.items():
        print("== function", function, hashlib.sha256(str(call()).encode()).hexdigest())
    commands = [
        ["tables"],
        ["search", "Vietnam"],
        ["show", name, "--format", "csv"],
        ["dictionary", name],
    ]
    commands += [["evidence", row], ["cite", row], ["validate", "copy"]]
    commands += [["verify", "--sources", "texts"], ["audit", "stamped", "--sources", "texts"]]
    commands += [["export", "csv", "command.zip", "--force"]]
    commands += [["changes", "copy"]]
    commands += [["stamp", "copy"], ["path"]]
    commands += [["add-source", "texts/new-2041.txt", "copy"]]
    for command in commands:
        print("== command", *command)
        try:
            main(command)
        except SystemExit as left:
            print("== status", left.code)


def refuse_the_network() -> None:
    """Make every way to the network raise, and make sure that it does."""
    import socket
    import sys

    class RefusedSocket(socket.socket):
        def __init__(self, *_: object, **__: object) -> None:
            raise RuntimeError("a socket was opened")

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("a network function was called")

    def refuse_event(event: str, _: tuple[object, ...]) -> None:
        if event.startswith(("socket.", "urllib.")):
            raise RuntimeError(f"a network call was made: {event}")

    plain_socket = socket.socket
    socket.socket, socket.create_connection, socket.getaddrinfo = RefusedSocket, refuse, refuse
    sys.addaudithook(refuse_event)
    for way in (plain_socket, socket.socket, socket.create_connection, socket.gethostname):
        try:
            way()
        except RuntimeError:
            continue
        raise SystemExit(f"{way} was not refused")


def make_warnings_errors() -> None:
    """From here on, so that what other packages do while they are imported does not count."""
    import warnings

    import pandas as pd
    import pandera.pandas as pa

    pa.DataFrameSchema().validate(pd.DataFrame())
    warnings.simplefilter("error")


def make_folder(path: Path, small: PackageCopy) -> Path:
    """Put there a package to stamp and one short document, known and new."""
    shutil.copytree(small.path, path / "stamped")
    shutil.copytree(small.path, path / "copy")
    file = next(r.path for r in open_package(path / "copy").resources.values() if r.primary_key)
    header, *rows = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([header, *reversed(rows)]))
    (path / "texts").mkdir()
    for name in (tip.load("sources")["source_id"].iloc[0], "new-2041"):
        (path / "texts" / f"{name}.txt").write_text(DOCUMENT, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, small_package: PackageCopy) -> Path:
    return make_folder(tmp_path, small_package)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, small_package: PackageCopy) -> str:
    """What everything prints where nothing is odd."""
    folder = make_folder(tmp_path_factory.mktemp("plain"), small_package)
    result = run_functions([use_everything], folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_every_function_and_command_is_used(expected: str) -> None:
    public = {name for name in tip.__all__ if inspect.isfunction(getattr(tip, name))}
    used: dict[str, set[str]] = {"function": set(), "command": set(), "status": set()}
    for line in expected.splitlines():
        if line.startswith("== "):
            kind, name = line.split()[1:3]
            used[kind].add(name)
    assert used == {"function": public, "command": set(cli.commands), "status": {"0", "1"}}
    assert not expected.isascii()


def test_everything_says_the_same_without_a_network_in_a_plain_locale_and_strict(
    folder: Path, expected: str
) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = run_functions(
        [refuse_the_network, make_warnings_errors, use_everything],
        folder,
        options=["-X", "warn_default_encoding"],
        HOME=None,
        USER=None,
        **plain,
    )
    assert (result.returncode, result.stdout) == (0, expected), result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as an installer lays it out."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(CODE, site / "cambodia_tip", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(tip.package_path(), site / "cambodia_tip" / "datapackage", dirs_exist_ok=True)
    compileall.compile_dir(site, quiet=1, optimize=[0, 2])  # with docstrings, and without
    return site


def contents(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in files}


@pytest.mark.exhaustive
def test_a_read_only_installation_stays_as_it_is_without_assertions_docstrings_and_a_home(
    installation: Path, folder: Path, expected: str
) -> None:
    before = contents(installation)
    places = [installation, *installation.rglob("*")]
    modes = [place.stat().st_mode for place in places]
    for place, mode in zip(places, modes, strict=True):
        place.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        odd = {"PYTHONPATH": str(installation), "HOME": "/nowhere", "TMPDIR": "/nowhere"}
        result = run_functions([use_everything], folder, options=["-OO"], **odd)
    finally:
        for place, mode in zip(places, modes, strict=True):
            place.chmod(mode)
    own = str(installation / "cambodia_tip" / "datapackage")
    assert (result.returncode, result.stdout.replace(own, str(tip.package_path()))) == (0, expected)
    assert "Traceback" not in result.stderr
    assert contents(installation) == before


@pytest.mark.exhaustive
def test_an_archive_works_and_leaves_nothing_behind(
    installation: Path, folder: Path, expected: str, tmp_path: Path
) -> None:
    archive = shutil.make_archive(str(tmp_path / "site"), "zip", installation)
    places = {name: str(tmp_path / "temporary") for name in ("TMPDIR", "TEMP", "TMP")}
    (tmp_path / "temporary").mkdir()
    own = str(tip.package_path())
    result = run_functions([use_everything], folder, PYTHONPATH=archive, **places)
    found = re.sub(r"[^\s']*cambodia-tip-\w+[/\\]datapackage", lambda _: own, result.stdout)
    assert (result.returncode, found) == (0, expected)
    assert not os.listdir(tmp_path / "temporary")


def test_the_entry_point_leads_pyinstaller_to_the_hook() -> None:
    project = tomllib.loads((CODE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    ((kind, target),) = project["project"]["entry-points"]["pyinstaller40"].items()
    (folder,) = EntryPoint("hook-dirs", target, kind).load()()
    assert kind == "hook-dirs"
    assert (Path(folder) / "hook-cambodia_tip.py").is_file()


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs a file that fails to read")
def test_a_document_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    name = tip.load("sources")["source_id"].iloc[0]
    (tmp_path / f"{name}.txt").symlink_to("/proc/self/mem")
    for check in (tip.verify, tip.audit):
        with pytest.raises(tip.DataPackageError, match=rf"^{name}\.txt cannot be read: .+$"):
            check(tmp_path)


def lose_the_current_folder() -> None:
    """Run commands in a folder that is gone; paths from there lead nowhere."""
    import os

    from cambodia_tip.command.cli import main

    gone = os.path.abspath("gone")
    os.mkdir(gone)
    os.chdir(gone)
    os.rmdir(gone)
    for command in (["validate"], ["validate", "."], ["stamp", "../copy"], ["cite"]):
        try:
            main(command)
        except SystemExit as left:
            print("status", left.code)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a current folder")
def test_a_current_folder_may_be_gone(tmp_path: Path) -> None:
    result = run_functions([lose_the_current_folder], tmp_path)
    assert result.returncode == 0, result.stderr
    statuses = [line for line in result.stdout.splitlines() if line.startswith("status")]
    assert statuses == ["status 0", "status 2", "status 2", "status 0"]
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["cambodia-tip"] * 2


def test_help_works_without_docstrings(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-OO", "-m", "cambodia_tip", "--help"],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert set(cli.commands) <= set(result.stdout.split())


def use_many_threads() -> None:
    """Load, write into and check tables in many threads, in a process that has read none."""
    import sys
    import threading
    import warnings
    from concurrent.futures import ThreadPoolExecutor

    import pandas as pd

    import cambodia_tip as tip
    from cambodia_tip.package.opening import open_package
    from cambodia_tip.reading.frames import read_frame

    names, number_of_threads = sys.argv[1:], 24
    sys.setswitchinterval(1e-5)
    warned = []
    warnings.showwarning = lambda message, *_: warned.append(str(message))
    warnings.simplefilter("always", tip.CaveatWarning)
    filters = list(warnings.filters)
    start = threading.Barrier(number_of_threads)

    def load(first: int) -> dict[str, pd.DataFrame]:
        mine = [names[(first + step) % len(names)] for step in range(len(names))]
        start.wait()
        if first % 8 == 0:
            tip.tables()
        frames = {name: tip.load(name) for name in mine}
        return {name: frames[name] for name in mine[:2]}

    def change_and_check(frames: dict[str, pd.DataFrame]) -> bool:
        start.wait()
        for name, frame in frames.items():
            tip.schema(name).validate(frame)
            frame.iloc[:, 0] = "changed"
            frame.insert(0, "more", 1)
            frame.index.name = frame.columns.name = "changed"
        name = next(iter(frames))
        return tip.load(name).equals(files[name])

    def check(path: str | None) -> tuple[bool, str]:
        report = tip.validate(path)
        return report.valid, " ".join(finding.rule for finding in report)

    with ThreadPoolExecutor(number_of_threads) as threads:
        loaded = list(threads.map(load, range(number_of_threads)))
    assert warnings.filters == filters, "loading left other warning filters behind"
    assert len(warned) == len(set(warned)), "a table was warned of twice"
    package = open_package()
    files = {name: read_frame(r) for name, r in package.resources.items() if name in names}
    for frames in loaded:
        for name, frame in frames.items():
            pd.testing.assert_series_equal(frame.dtypes, files[name].dtypes)
            assert frame.equals(files[name]), name
    with ThreadPoolExecutor(number_of_threads) as threads:
        assert all(threads.map(change_and_check, loaded))
    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(check, [None, "copy"]))
    assert reports == [(True, ""), (False, reports[1][1])], reports
    assert "order" in reports[1][1]


def test_threads_do_not_disturb_each_other(folder: Path) -> None:
    result = run_functions([use_many_threads], folder, *TABLES[::6])
    assert result.returncode == 0, result.stderr
