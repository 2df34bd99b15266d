"""All or nothing: an export is made beside its target and moved into place when it is whole.

It is made in a hidden folder next to the target, on the same disk, so that moving it is one step
for the file system. That folder goes away whatever happens; only a process that is killed leaves
it behind, and then nothing else has changed. To replace a folder takes two steps: a process that
is killed between them leaves the old one whole, but under a hidden name.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import ExportError, shown

PREFIX = ".cambodia-tip-"
"""How the names of the hidden folders begin."""
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


@contextmanager
def placed(
    target: str | os.PathLike[str], *, is_folder: bool, force: bool = False
) -> Iterator[Path]:
    """Give a path to write to, and move what was written there to the target.

    Args:
        target: Where it is to be in the end.
        is_folder: Whether that is a folder; the path that is given is one then.
        force: Whether to replace what is there.

    Raises:
        ExportError: If it cannot be written or moved there; what was at the
            target stays, or is there again.
    """
    given = name_of(target)
    path = Path(os.path.abspath(given))
    with _told_of(given):
        _check_target(given, path, is_folder, force)
        work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=path.parent))
    try:
        with _told_of(given):
            new = work / "new"
            if is_folder:
                new.mkdir()
            yield new
            _reach_the_disk(new)
            _check_target(given, path, is_folder, force)
            if is_folder and path.exists():
                _exchange(new, path, Path(f"{work}-old"))
            else:
                os.replace(new, path)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def name_of(target: object) -> str:
    """The name of a target as text.

    Raises:
        ExportError: If it is none.
    """
    given = target.__fspath__() if isinstance(target, os.PathLike) else target
    if not isinstance(given, str):
        raise ExportError(f"{shown(target)} is no name of a file or a folder: give a str or a Path")
    return given


@contextmanager
def _told_of(given: str) -> Iterator[None]:
    """Turn what the system says into one line about the target."""
    try:
        yield
    except OSError as error:
        raise ExportError(f"cannot write {shown(given)}: {error.strerror or error}") from error


def _check_target(given: str, path: Path, is_folder: bool, force: bool) -> None:
    name = shown(given)
    ends_like_a_folder = given.endswith(_SEPARATORS) and not is_folder
    if given in ("", "-") or not path.name or "\0" in given or ends_like_a_folder:
        raise ExportError(f"{name} is no name of a {'folder' if is_folder else 'file'}")
    if not path.parent.is_dir():
        raise ExportError(f"cannot write {name}: there is no folder {shown(str(path.parent))}")
    if path.is_symlink():
        raise ExportError(f"cannot write {name}: it is a link; name the place that it leads to")
    if not path.exists():
        return
    if is_folder and not path.is_dir():
        raise ExportError(f"cannot write {name}: it is a file, and the export is a folder")
    if not is_folder and path.is_dir():
        raise ExportError(f"cannot write {name}: it is a folder, and the export is a file")
    if not is_folder and not path.is_file():
        raise ExportError(f"cannot write {name}: it is no plain file")
    if not force:
        raise ExportError(f"{name} is there already and is kept; --force (force=True) replaces it")


def _reach_the_disk(new: Path) -> None:
    """Wait until it is written out: some disks say only then that they are full."""
    for file in [new] if new.is_file() else [f for f in new.rglob("*") if f.is_file()]:
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())


def _exchange(new: Path, path: Path, old: Path) -> None:
    """Put a folder in the place of another, which comes back if that fails.

    Raises:
        ExportError: If the other holds a file that the new one has not: it may be
            somebody's work.
        OSError: If it cannot be moved.
    """
    files = {file.relative_to(path) for file in path.rglob("*")}
    files -= {file.relative_to(new) for file in new.rglob("*")}
    if files:
        raise ExportError(
            f"{shown(str(path))} is kept: it holds {shown(str(min(files)))}, which this export "
            "has not; remove it, or choose another folder"
        )
    os.rename(path, old)
    try:
        os.rename(new, path)
    except BaseException as error:
        try:
            os.rename(old, path)
        except OSError:
            raise ExportError(
                f"cannot write {shown(str(path))}; what was there is now in {shown(str(old))}"
            ) from error
        raise
    with suppress(OSError):  # the new one is in place; a rest of the old one is no failure
        shutil.rmtree(old)
