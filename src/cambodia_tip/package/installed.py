"""Find the data package of this installation, with few imports: commands start by it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import DataPackageError

DESCRIPTOR = "datapackage.json"


def package_path() -> Path:
    """Folder of the data package that belongs to this installation.

    Returns:
        The folder with ``datapackage.json``: inside the installed package, or
        at the top of the repository for a checkout and an editable install.
        Where the code runs from an archive, a copy that lasts as long as the process.

    Raises:
        DataPackageError: If none is there.

    Examples:
        >>> (package_path() / "datapackage.json").is_file()
        True
    """
    here = Path(__file__).resolve().parents[1]
    if not here.is_dir():
        here = _unpacked()
    for folder in (here / "datapackage", here.parents[1] / "datapackage"):
        if (folder / DESCRIPTOR).is_file():
            return folder
    raise DataPackageError("the installed data package is missing; reinstall cambodia-tip")


@cache
def _unpacked() -> Path:
    """What an archive, such as a wheel or a zipapp, has of the data package, in a new folder."""
    import atexit
    import shutil
    import tempfile
    from importlib.resources import files

    new = Path(tempfile.mkdtemp(prefix="cambodia-tip-"))
    atexit.register(shutil.rmtree, new, ignore_errors=True)
    waiting = [(files(__package__.partition(".")[0]).joinpath("datapackage"), new / "datapackage")]
    while waiting:  # `as_file` takes a folder only from Python 3.12 on
        source, target = waiting.pop()
        if source.is_dir():
            target.mkdir()
            waiting += [(part, target / part.name) for part in source.iterdir()]
        elif source.is_file():
            target.write_bytes(source.read_bytes())
    return new


def installed_descriptor() -> dict[str, Any]:
    """The descriptor of the installed data package, as it is: `open_package` checks it.

    Raises:
        DataPackageError: If there is none.
        OSError: If it cannot be read.
        ValueError: If it is not JSON.
    """
    descriptor: dict[str, Any] = json.loads((package_path() / DESCRIPTOR).read_bytes())
    return descriptor


def package_version() -> str:
    """The version of the installed data package, without a check of its descriptor.

    Returns:
        The version; that of the installation's metadata if the descriptor cannot be read,
        and ``unknown`` if there are none.
    """
    try:
        return str(installed_descriptor()["version"])
    except (DataPackageError, OSError, ValueError, LookupError, TypeError):
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("cambodia-tip")
        except PackageNotFoundError:
            return "unknown"
