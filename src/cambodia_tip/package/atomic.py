"""Write files and folders all or nothing.

What is new is made in a hidden folder beside its target, on the same disk, and moved into place
when all of it is there. The hidden folder goes away whatever happens. Only a process that is
killed leaves it behind; between the two moves that replace a folder, the old one is in it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".cambodia-tip-"
"""How the names of the hidden folders begin."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time read and write what is in a folder; the others wait.

    Where the disk has no locks, nobody waits.
    """
    if sys.platform == "win32":
        import msvcrt

        with open(folder / f"{PREFIX}lock", "wb") as file:
            with suppress(OSError):
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            yield
    else:
        import fcntl

        place = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):
                fcntl.flock(place, fcntl.LOCK_EX)
            yield
        finally:
            os.close(place)


@contextmanager
def all_or_nothing(targets: Sequence[Path]) -> Iterator[list[Path]]:
    """Give a path to write to for each target, and move what was written there to the targets.

    Args:
        targets: Where the files or folders are to be in the end. Links stay links.

    Yields:
        A path for each target, in the same order, with nothing there yet.

    Raises:
        OSError: If something cannot be written or moved. Then all targets are as they were.
    """
    goals = [Path(os.path.realpath(target)) for target in targets]
    work: dict[Path, Path] = {}
    moved: list[tuple[Path, Path]] = []
    try:
        for parent in {goal.parent for goal in goals}:
            work[parent] = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        new = [work[goal.parent] / f"{place}-new" for place, goal in enumerate(goals)]
        yield new
        for path in new:
            _reach_the_disk(path)
        for place, (path, goal) in enumerate(zip(new, goals, strict=True)):
            old = work[goal.parent] / f"{place}-old"
            if goal.is_file():
                shutil.copymode(goal, path)
                shutil.copy2(goal, old)
            moved.append((goal, old))  # before the move: an interrupt may come right after it
            if goal.is_dir() and path.is_dir():
                os.rename(goal, old)
            os.replace(path, goal)
    except BaseException as error:
        for goal, old in reversed(moved):
            with suppress(OSError):
                if old.is_dir() and goal.is_dir():
                    shutil.rmtree(goal)
                if old.exists():
                    os.replace(old, goal)
            if old.exists():
                work.pop(goal.parent, None)  # the only copy of what was there
                raise OSError(f"{error}; what was there is now in {old}") from error
        raise
    finally:
        for folder in work.values():
            shutil.rmtree(folder, ignore_errors=True)


def _reach_the_disk(new: Path) -> None:
    """Wait until it is written out: some disks say only then that they are full."""
    for file in [new] if new.is_file() else [f for f in new.rglob("*") if f.is_file()]:
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())
