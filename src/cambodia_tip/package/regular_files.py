"""Read files, but no pipe or device, which may never end."""

from __future__ import annotations

import errno
from pathlib import Path


def read_regular(path: Path) -> bytes:
    """The content of a regular file.

    Raises:
        OSError: If it cannot be read, or is a named pipe, a device or a socket.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is a pipe or a device")
    return path.read_bytes()
