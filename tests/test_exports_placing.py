"""An export is whole or not there: full disks, killed processes, wrong targets, what is there."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import cambodia_tip as tip
from cambodia_tip.exports import FORMATS
from cambodia_tip.exports.placing import PREFIX

BUILT = ["csv", "duckdb", "parquet", "sqlite", "xlsx"]
OLD = b"what was there"


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a Python of its own, after some lines of code."""
    code = f"import sys\n{before}\nfrom cambodia_tip.cli import main\nmain(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", timeout=120
    )


def put_something(target: Path, format: str) -> None:
    """An export of before, as it may be at the target."""
    if FORMATS[format].is_folder:
        target.mkdir()
        (target / "units.parquet").write_bytes(OLD)
    else:
        target.write_bytes(OLD)


def is_untouched(target: Path, format: str) -> bool:
    if FORMATS[format].is_folder:
        return {f.name: f.read_bytes() for f in target.iterdir()} == {"units.parquet": OLD}
    return target.read_bytes() == OLD


def assert_one_line(result: subprocess.CompletedProcess[str], words: str) -> None:
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    assert re.fullmatch(rf"cambodia-tip: [^\n]*{words}[^\n]*\n", result.stderr), result.stderr


@pytest.mark.parametrize("format", BUILT)
def test_a_new_export_is_alone_in_its_folder(format: str, tmp_path: Path) -> None:
    result = run("export", format, str(tmp_path / "new"), "--table", "units")
    if FORMATS[format].is_partial:
        assert result.stdout == f"wrote {tmp_path / 'new'}\ntables that came along: none\n"
        assert [file.name for file in tmp_path.iterdir()] == ["new"]
        modes = [stat.S_IMODE(f.stat().st_mode) for f in [tmp_path / "new", *tmp_path.rglob("*/*")]]
        umask = os.umask(0)
        os.umask(umask)
        assert all(mode in (0o777 & ~umask, 0o666 & ~umask) for mode in modes)
    else:
        assert_one_line(result, "csv is of the whole package; single tables can go to duckdb, ")


@pytest.mark.parametrize("format", BUILT)
def test_what_is_there_is_kept_unless_it_is_forced(format: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    put_something(target, format)
    with pytest.raises(tip.ExportError, match="is there already and is kept"):
        tip.export(format, target)
    assert is_untouched(target, format)
    assert tip.export(format, target, force=True) == target
    assert not is_untouched(target, format)
    assert os.listdir(tmp_path) == ["target"]


LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
"""No file may be longer than this, as on a disk that is full then."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of files are those of Linux")
@pytest.mark.parametrize("format", BUILT)
@pytest.mark.parametrize("is_there", [False, True], ids=["new", "there before"])
def test_a_full_disk_leaves_what_was_there(format: str, is_there: bool, tmp_path: Path) -> None:
    target = tmp_path / "target"
    if is_there:
        put_something(target, format)
    force = ["--force"] if is_there else []
    assert_one_line(run("export", format, str(target), *force, before=LIMIT), "cannot write")
    assert os.listdir(tmp_path) == (["target"] if is_there else [])
    assert not is_there or is_untouched(target, format)


KILLED_WHILE_WRITING = """
import os, signal
from cambodia_tip.exports import placing
placing._reach_the_disk = lambda new: os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED_WHILE_READING = """
import os, signal
from cambodia_tip.exports import {module}
from cambodia_tip.package import open_package
class Killing(type(list(open_package().resources.values())[20].path)):
    def open(self, *args, **options): os.kill(os.getpid(), signal.SIGKILL)
    __fspath__ = read_bytes = open
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("format", BUILT)
@pytest.mark.parametrize("is_there", [False, True], ids=["new", "there before"])
def test_a_killed_process_leaves_what_was_there(
    format: str, is_there: bool, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    if is_there:
        put_something(target, format)
    force = ["--force"] if is_there else []
    result = run("export", format, str(target), *force, before=KILLED_WHILE_WRITING)
    assert result.returncode == -signal.SIGKILL
    left = sorted(os.listdir(tmp_path))
    assert left[0].startswith(PREFIX)
    assert left[1:] == (["target"] if is_there else [])
    assert not is_there or is_untouched(target, format)
    tip.export(format, target, force=True)  # what was left behind is in nobody's way
    assert not is_untouched(target, format)
