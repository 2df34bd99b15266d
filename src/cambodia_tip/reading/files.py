"""Read the files of tables: whether they are there, and are those that the descriptor names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import DataPackageError
from ..package import regular_files
from ..package.content_hash import sha256
from ..package.model import Resource
from .csv_text import read_rows

_POINTERS = {b"version https://git-lfs.": "git lfs pull", b"/annex/objects/": "git annex get ."}
"""How files begin that stand for data kept elsewhere, and what gets these."""


def file_name(resource: Resource) -> str:
    """What an error calls the file of a table."""
    return f"{resource.name} ({resource.path.name})"


def read_bytes(resource: Resource) -> bytes:
    """The content of a file, whatever the descriptor says of it.

    Raises:
        DataPackageError: If it cannot be read.
    """
    return b"".join(read_blocks(resource, -1))


def read_blocks(resource: Resource, size: int) -> Iterator[bytes]:
    """The content of a file in blocks of so many bytes, whatever the descriptor says of it.

    Raises:
        DataPackageError: If it cannot be read.
    """
    is_first = True
    try:
        for block in regular_files.read_blocks(resource.path, size):
            for start, command in _POINTERS.items() if is_first else ():
                if block.startswith(start):
                    message = f"the file only points to the data; get them with: {command}"
                    raise DataPackageError(f"{file_name(resource)}: {message}")
            is_first = False
            yield block
    except FileNotFoundError:
        what = "the file is missing"
        if resource.path.is_symlink():
            what = "the file is a link to a file that is missing"
        elif resource.path.with_name(f"{resource.path.name}.dvc").exists():
            what = "the file is missing; get it with: dvc pull"
        raise DataPackageError(f"{file_name(resource)}: {what}") from None
    except OSError as error:
        message = f"{file_name(resource)}: the file cannot be read: {error.strerror}"
        raise DataPackageError(message) from None


def differences(resource: Resource, content: bytes) -> Iterator[tuple[str, str]]:
    """How a content differs from what the descriptor says of it: the rule and a message."""
    yield from size_and_hash(resource, len(content), lambda: sha256(content))


def size_and_hash(
    resource: Resource, size: int, hash: Callable[[], str]
) -> Iterator[tuple[str, str]]:
    """How a size, and if that is right a hash, differ from what the descriptor says."""
    if resource.bytes != size:
        message = f"has {size} bytes, the descriptor says {resource.bytes}"
        yield "bytes", f"{message}; it was cut off, or edited without cambodia-tip stamp"
    elif resource.hash != (found := hash()):
        message = f"is not the file that the descriptor names: its hash is {found}"
        yield "hash", f"{message}; restore it, or run cambodia-tip stamp after an edit"


def read_named_bytes(resource: Resource) -> bytes:
    """The content of a file, if it is the one that the descriptor names.

    Raises:
        DataPackageError: If it is not, or cannot be read.
    """
    content = read_bytes(resource)
    for _, message in differences(resource, content):
        raise DataPackageError(f"{file_name(resource)}: {message}")
    return content


def text_rows(resource: Resource) -> list[list[str]]:
    """The rows of a table as text, without the header; an empty cell is an empty text.

    Raises:
        DataPackageError: If anything is wrong with the file.
    """
    return read_rows(read_named_bytes(resource), resource.field_names, file_name(resource))
