"""An export is whole or not there: full disks, killed processes, wrong targets, what is there."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

import cambodia_tip as tip
from cambodia_tip.exports import FORMATS
from cambodia_tip.exports import duckdb as duckdb_format
from cambodia_tip.package import atomic
from cambodia_tip.package.atomic import PREFIX

BUILT = list(FORMATS)
OLD = b"what was there"
HELD = {
    "jsonld": "croissant.json",
    "parquet": "units.parquet",
    "ro-crate": "ro-crate-metadata.json",
}
"""A file that each folder has, at its top."""


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a Python of its own, after some lines of code."""
    code = f"import sys\n{before}\nfrom cambodia_tip.command.cli import main\nmain(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", timeout=120
    )


def export(format: str, target: Path, **options: Any) -> Path:
    """Export, of the formats that allow it only one small table, which takes less time."""
    tables = ["units"] if FORMATS[format].is_partial else None
    return tip.export(format, target, tables=tables, **options)


def put_something(target: Path, format: str, content: bytes = OLD) -> None:
    """An export of before, as it may be at the target."""
    if FORMATS[format].is_folder:
        target.mkdir()
        (target / HELD[format]).write_bytes(content)
    else:
        target.write_bytes(content)


def is_untouched(target: Path, format: str) -> bool:
    if FORMATS[format].is_folder:
        held = {f.name: f.read_bytes() for f in target.rglob("*") if f.is_file()}
        return held == {HELD[format]: OLD}
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
        words = f"{format} is of the whole package; single tables can go to duckdb, "
        assert_one_line(result, words)


@pytest.mark.parametrize("format", BUILT)
def test_what_is_there_is_kept_unless_it_is_forced(format: str, tmp_path: Path) -> None:
    target = tmp_path / "target"
    put_something(target, format)
    with pytest.raises(tip.ExportError, match="already exists"):
        export(format, target)
    assert is_untouched(target, format)
    assert export(format, target, force=True) == target
    assert not is_untouched(target, format)
    assert os.listdir(tmp_path) == ["target"]


TARGETS = [*((name, True) for name in BUILT), ("sqlite", False), ("parquet", False)]
"""Each format where something was before; one that is a file, and one that is a folder, anew."""
ALIKE = [
    pytest.param(*each, marks=[] if each[0] in ("csv", "parquet") else pytest.mark.exhaustive)
    for each in TARGETS
]
"""The same where formats do not differ: a file and a folder, and the others before a release."""
FULL = dict.fromkeys(BUILT, "File too large") | {"sqlite": "disk I/O error"}
"""What the system says then, and nothing of what a library makes of it."""
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"
"""No file may be longer than this, as on a disk that is full then."""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of files are those of Linux")
@pytest.mark.parametrize(("format", "is_there"), TARGETS)
def test_a_full_disk_leaves_what_was_there(format: str, is_there: bool, tmp_path: Path) -> None:
    target = tmp_path / "target"
    if is_there:
        put_something(target, format)
    options = ["--force"] if is_there else []
    options += ["--table", "units"] if FORMATS[format].is_partial else []
    result = run("export", format, str(target), *options, before=LIMIT.format(2_000))
    assert_one_line(result, f"cannot write '.*: .*{FULL[format]}")
    assert PREFIX not in result.stderr
    assert os.listdir(tmp_path) == (["target"] if is_there else [])
    assert not is_there or is_untouched(target, format)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of files are those of Linux")
@pytest.mark.parametrize("limit", [1_500_000, 1_700_000])
def test_a_disk_that_is_full_when_duckdb_closes_leaves_what_was_there(
    limit: int, tmp_path: Path
) -> None:
    """The export of one table has 1.75 MB; DuckDB may leave the rest in its log without a word."""
    target = tmp_path / "target"
    put_something(target, "duckdb")
    arguments = ("export", "duckdb", str(target), "--table", "penalties", "--force")
    result = run(*arguments, before=LIMIT.format(limit))
    assert_one_line(result, "cannot write")
    assert os.listdir(tmp_path) == ["target"]
    assert is_untouched(target, "duckdb")


KILLED_WHILE_WRITING = """
import os, signal
from cambodia_tip.package import atomic
atomic._reach_the_disk = lambda new: os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize(("format", "is_there"), ALIKE)
def test_a_killed_process_leaves_what_was_there(
    format: str, is_there: bool, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    if is_there:
        put_something(target, format)
    options = ["--force"] if is_there else []
    options += ["--table", "units"] if FORMATS[format].is_partial else []
    result = run("export", format, str(target), *options, before=KILLED_WHILE_WRITING)
    assert result.returncode == -signal.SIGKILL
    left = sorted(os.listdir(tmp_path))
    assert left[0].startswith(PREFIX)
    assert left[1:] == (["target"] if is_there else [])
    assert not is_there or is_untouched(target, format)
    export(format, target, force=True)  # what was left behind is in nobody's way
    assert not is_untouched(target, format)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_in_the_midst_of_a_table_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "target"
    put_something(target, "sqlite")
    before = """
import os, signal
from cambodia_tip.exports import relational, sqlite
plain, left = relational.rows_of, iter([1] * 20)
def rows_of(resource):
    return plain(resource) if next(left, 0) else os.kill(os.getpid(), signal.SIGKILL)
relational.rows_of = rows_of
"""
    result = run("export", "sqlite", str(target), "--force", before=before)
    assert result.returncode == -signal.SIGKILL
    assert is_untouched(target, "sqlite")


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "there before"])
@pytest.mark.parametrize("format", ["sqlite", "parquet"], ids=["file", "folder"])
@pytest.mark.parametrize("moment", ["writing", "reaching the disk"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_writer_that_fails_leaves_what_was_there(
    error: BaseException,
    moment: str,
    format: str,
    is_there: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any writer: those of the formats are not needed for it."""

    def fail(*_: object) -> None:
        raise error

    def write() -> None:
        with atomic.all_or_nothing([target]) as (new,):
            put_something(new, format, b"what is new")
            if moment == "writing":
                fail()

    target = tmp_path / "target"
    if is_there:
        put_something(target, format)
    if moment == "reaching the disk":
        monkeypatch.setattr(atomic, "_reach_the_disk", fail)
    with pytest.raises(type(error)):
        write()
    assert os.listdir(tmp_path) == (["target"] if is_there else [])
    assert not is_there or is_untouched(target, format)


@pytest.mark.parametrize("format", BUILT)
def test_an_export_that_fails_at_the_last_moment_leaves_what_was_there(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "target"
    put_something(target, format)
    monkeypatch.setattr(atomic, "_reach_the_disk", fail)
    with pytest.raises(tip.ExportError, match="No space left"):
        export(format, target, force=True)
    assert is_untouched(target, format)
    assert os.listdir(tmp_path) == ["target"]


STOPPED_IN_A_QUERY = """
import os, signal, threading
from cambodia_tip.exports import duckdb
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started us may ignore it
def work(connection, *rest):
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    # of many short steps, since DuckDB looks for a signal between two of them only
    connection.execute("SELECT sum(hash(range)) FROM range(1000000000000)")
duckdb._insert = work
"""


def test_duckdb_works_in_the_thread_that_sees_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a second thread, a stop on a busy machine is missed now and then."""

    def look(connection: duckdb.DuckDBPyConnection, *rest: object) -> None:
        (number,) = connection.execute("SELECT current_setting('threads')").fetchone()
        assert number == 1

    monkeypatch.setattr(duckdb_format, "_insert", look)
    export("duckdb", tmp_path / "target")


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_a_query_of_duckdb_that_is_stopped_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "target"
    put_something(target, "duckdb")
    result = run("export", "duckdb", str(target), "--force", before=STOPPED_IN_A_QUERY)
    assert (result.returncode, result.stdout, result.stderr.strip()) == (130, "", "")
    assert is_untouched(target, "duckdb")
    assert os.listdir(tmp_path) == ["target"]


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error")]
)
def test_what_duckdb_says_of_a_stop_is_a_stop(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(duckdb_format, "_insert", fail)
    with pytest.raises(KeyboardInterrupt):
        export("duckdb", tmp_path / "target")
    assert os.listdir(tmp_path) == []


def test_other_errors_of_a_run_stay_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(duckdb_format, "_insert", fail)
    with pytest.raises(RuntimeError, match="a mistake"):
        export("duckdb", tmp_path / "target")


def refuse(monkeypatch: pytest.MonkeyPatch, calls: list[int]) -> None:
    """Let some of the calls that put a folder into place fail."""
    plain, made = os.replace, []

    def replace(source: Path, goal: Path) -> None:
        made.append(goal)
        if len(made) in calls:
            raise PermissionError(13, "Permission denied")
        plain(source, goal)

    monkeypatch.setattr(os, "replace", replace)


def test_a_folder_that_cannot_be_exchanged_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    put_something(target, "parquet")
    refuse(monkeypatch, [1])
    with pytest.raises(tip.ExportError, match="Permission denied"):
        export("parquet", target, force=True)
    assert is_untouched(target, "parquet")
    assert os.listdir(tmp_path) == ["target"]


def test_a_folder_that_cannot_come_back_is_kept_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    put_something(target, "parquet")
    refuse(monkeypatch, [1, 2])
    with pytest.raises(tip.ExportError, match="what was there is now in") as error:
        export("parquet", target, force=True)
    left = Path(str(error.value).split(" is now in ")[1])
    assert is_untouched(left, "parquet")


def test_a_folder_with_work_of_somebody_is_never_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    export("parquet", target)
    (target / "thesis.docx").write_bytes(OLD)
    with pytest.raises(
        tip.ExportError, match=r"it has 'thesis\.docx', which is not of this export"
    ):
        export("parquet", target, force=True)
    assert (target / "thesis.docx").read_bytes() == OLD
    assert (target / "units.parquet").is_file()
    assert os.listdir(tmp_path) == ["target"]


def a_target(kind: str, folder: Path) -> Path | str:
    """A target that cannot be, of some kind."""
    (folder / "folder").mkdir()
    (folder / "file").write_bytes(OLD)
    return {
        "no folder": folder / "nowhere" / "x",
        "below a file": folder / "file" / "x",
        "a folder": folder / "folder",
        "a file": folder / "file",
        "nothing": "",
        "the root": "/",
        "standard output": "-",
        "too long": folder / ("x" * 300),
        "a NUL": f"{folder}/a\0b",
        "a device": "/dev/null",
    }[kind]


@pytest.mark.parametrize(
    ("format", "kind", "words"),
    [
        ("csv", "no folder", "No such file or directory"),
        ("parquet", "no folder", "No such file or directory"),
        ("csv", "below a file", "Not a directory"),
        ("csv", "a folder", "Is a directory"),
        ("parquet", "a file", "Not a directory"),
        ("csv", "nothing", "'' is not the name"),
        ("parquet", "nothing", "'' is not the name"),
        ("csv", "the root", "is not the name"),
        ("csv", "standard output", "'-' is not the name"),
        ("parquet", "standard output", "'-' is not the name"),
        ("csv", "too long", "File name too long"),
        ("parquet", "too long", "File name too long"),
        ("csv", "a NUL", "is not the name"),
        ("csv", "a device", "it is a device"),
    ],
)
def test_a_target_that_cannot_be_is_one_line(
    format: str, kind: str, words: str, tmp_path: Path
) -> None:
    if kind == "a device" and not Path("/dev/null").exists():
        pytest.skip("needs /dev/null")
    with pytest.raises(tip.ExportError, match=words) as error:
        tip.export(format, a_target(kind, tmp_path), force=True)
    assert "\n" not in str(error.value)
    assert (tmp_path / "file").read_bytes() == OLD
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


@pytest.mark.parametrize(
    ("format", "name", "right"),
    [
        ("csv", "x.csv", "x.zip"),
        ("csv", "x.sqlite", "x.zip"),
        ("xlsx", "x.csv", "x.xlsx"),
        ("xlsx", "x.ZIP", "x.xlsx"),
        ("sqlite", "x.duckdb", "x.sqlite"),
        ("duckdb", "x.2.parquet", "x.2.duckdb"),
    ],
)
def test_a_file_is_not_named_like_one_of_another_format(
    format: str, name: str, right: str, tmp_path: Path
) -> None:
    with pytest.raises(tip.ExportError, match=rf"; name it '{re.escape(right)}'$"):
        tip.export(format, tmp_path / name, force=True)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["x.DB", "x.sqlite3", "x", "cambodia-tip-0.2", ".zip"])
def test_other_names_are_as_good(name: str, tmp_path: Path) -> None:
    assert export("sqlite", tmp_path / name).is_file()


@pytest.mark.parametrize("target", [None, b"x.zip", 3, ["x.zip"]])
def test_what_is_no_path_is_a_type_error(target: Any) -> None:
    with pytest.raises(TypeError):
        tip.export("csv", target)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(OLD)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    tip.export("csv", tmp_path / "link", force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes()[:2] == b"PK"


def test_an_unwritable_folder_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path
    if os.name != "posix":
        pytest.skip("needs the rights of Unix")
    if os.geteuid() == 0:  # for whom any folder is writable, but for those of the kernel
        folder = Path("/proc/self")
        if not folder.is_dir():
            pytest.skip("needs a folder that its owner cannot write to")
    else:
        folder.chmod(0o555)
    try:
        with pytest.raises(tip.ExportError, match=r"^cannot write '.*': .+$"):
            tip.export("csv", folder / "x.zip")
    finally:
        tmp_path.chmod(0o755)
    assert os.listdir(tmp_path) == []


def test_wrong_calls_are_one_line(tmp_path: Path) -> None:
    target = str(tmp_path / "x")
    wrong = {
        ("sqllite", target): r"no export format 'sqllite'; did you mean 'sqlite'\?",
        ("sqlite", target, "--table", "statute"): r"no table 'statute'; did you mean 'statutes'\?",
        ("csv", target, "--table", "statutes"): "csv is of the whole package",
        ("sqlite",): "Missing argument 'TARGET'",
    }
    for arguments, words in wrong.items():
        assert_one_line(run("export", *arguments), words)
    with pytest.raises(tip.ExportError, match="no table is named"):
        tip.export("sqlite", target, tables=[])
    assert os.listdir(tmp_path) == []


def test_one_table_may_be_given_as_text(tmp_path: Path) -> None:
    path = tip.export("parquet", tmp_path / "x", tables="units")
    assert os.listdir(path) == ["units.parquet"]


def test_the_command_says_what_came_along(tmp_path: Path) -> None:
    result = run("export", "parquet", str(tmp_path / "x"), "--table", "agreement_parties")
    wrote, others = result.stdout.splitlines()
    assert wrote == f"wrote {tmp_path / 'x'}"
    names = set(others.removeprefix("tables that came along: ").split(", "))
    files = {file.stem for file in (tmp_path / "x").iterdir()}
    assert files == names | {"agreement_parties"}


def test_the_help_names_every_format() -> None:
    words = set(re.findall(r"[a-z-]+", run("export", "--help").stdout))
    assert set(FORMATS) <= words


def test_the_help_and_the_reference_say_which_formats_are_folders() -> None:
    *others, last = (name for name in FORMATS if FORMATS[name].is_folder)
    named = f"for {', '.join(others)} and {last} "
    assert named in " ".join(run("export", "--help").stdout.split())
    assert named in " ".join((tip.export.__doc__ or "").replace("``", "").split())


@pytest.mark.parametrize("format", [name for name in BUILT if FORMATS[name].libraries])
def test_a_missing_library_is_named_with_what_installs_it(format: str, tmp_path: Path) -> None:
    library = FORMATS[format].libraries[-1]
    before = f"import sys; sys.modules[{library!r}] = None"
    result = run("export", format, str(tmp_path / "x"), before=before)
    assert_one_line(result, rf'python -m pip install "cambodia-tip\[{format}\]"')
    assert os.listdir(tmp_path) == []


def test_tables_that_are_not_those_of_the_descriptor_are_not_exported(
    package_copy: Any, tmp_path: Path
) -> None:
    content = package_copy.file("units").read_bytes()
    package_copy.write("units", content.replace(b"Persons", b"Parsons"), refresh=False)
    package = tip.open_package(package_copy.path)
    with pytest.raises(tip.DataPackageError, match=r"^units \(units.csv\): is not the file that"):
        package.export("csv", tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()
