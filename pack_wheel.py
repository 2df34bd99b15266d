"""Pack wheels again with Zopfli, which finds a smaller form that every unzip reads.

``python pack_wheel.py dist/*.whl`` is for a release: it takes longer than the rest of a build. The
bytes are the same whatever zlib is installed.
"""

from __future__ import annotations

import sys
import zipfile

import zopfli


def pack(wheel: str) -> None:
    """Pack a wheel in its place."""
    with zipfile.ZipFile(wheel) as packed:
        files = [(entry, packed.read(entry)) for entry in packed.infolist()]
    with zopfli.ZipFile(wheel, "w", iterations=5) as target:
        for entry, content in files:
            target.writestr(entry, content)


if __name__ == "__main__":
    for wheel in sys.argv[1:]:
        pack(wheel)
