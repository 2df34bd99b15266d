"""Read files, but no pipe or device, which may never end."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path


def read_regular(path: Path) -> bytes:
    """The content of a regular file.

    Raises:
        OSError: If it cannot be read, or is a named pipe, a device or a socket.
    """
    return b"".join(read_blocks(path, -1))


def read_blocks(path: Path, size: int) -> Iterator[bytes]:
    """The content of a regular file in blocks of so many bytes.

    Raises:
        OSError: As for `read_regular`.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is a pipe or a device")
    with path.open("rb") as file:
        while block := file.read(size):
            yield block
