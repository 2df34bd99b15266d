"""The errors and the warnings that users of the package meet."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_SHOWN = 80


class CambodiaTipError(Exception):
    """Base of all errors of this package; its text is one line for the person who reads it."""


class UnknownNameError(CambodiaTipError, LookupError):
    """A table, id, column or format that does not exist."""


class EmptySearchError(CambodiaTipError, ValueError):
    """A search without a word."""


class DataPackageError(CambodiaTipError, ValueError):
    """A data package or a file of it that cannot be read."""


class FolderNotFoundError(DataPackageError, FileNotFoundError):
    """A folder with a data package or with documents that does not exist."""


class NotAdditiveError(CambodiaTipError, ValueError):
    """Figures that must not be summed."""


class MissingLibraryError(CambodiaTipError, ImportError):
    """A library that the call needs and that is not installed."""


class ExportError(CambodiaTipError):
    """An export that cannot be written; what was at its target is kept."""


class CaveatWarning(UserWarning):
    """Rows of a table may count the same thing twice; their sum would be wrong."""


for _class in (CambodiaTipError, *CambodiaTipError.__subclasses__(), FolderNotFoundError):
    _class.__module__ = "cambodia_tip"
CaveatWarning.__module__ = "cambodia_tip"


def nearest(given: object, known: Iterable[str], likeness: float = 0.5) -> str | None:
    """The known name that is most like the given one, if any is like enough (0 to 1).

    Examples:
        >>> nearest("Statute", ["statutes", "penalties"])
        'statutes'
    """
    from difflib import get_close_matches  # which takes long to import

    folded = {name.casefold(): name for name in known}
    found = get_close_matches(str(given).casefold(), folded, n=1, cutoff=likeness)
    return folded[found[0]] if found else None


def shown(given: object) -> str:
    """What was given, as an error shows it: on one line, without its middle if it is long.

    Examples:
        >>> shown("statute"), len(shown("x" * 1000))
        ("'statute'", 80)
    """
    line = " ".join(repr(given).split())
    half = _MOST_SHOWN // 2  # a path says most at its end
    return line if len(line) <= _MOST_SHOWN else f"{line[: half - 1]}…{line[-half:]}"


def printable(text: str) -> str:
    """A text on one line, with unprintable characters escaped."""
    words = " ".join(text.split())
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in words)


def check_text(name: str, given: object) -> None:
    """Check that an argument is text.

    Raises:
        TypeError: If it is not.
    """
    if not isinstance(given, str):
        raise TypeError(f"{name} must be a str, not {type(given).__name__}")


def unknown_name(
    kind: str, given: object, known: Iterable[str], where: str = ""
) -> UnknownNameError:
    """Build the error for an unknown name, with the nearest right one.

    Examples:
        >>> print(unknown_name("table", "statute", ["statutes", "penalties"]))
        no table 'statute'; did you mean 'statutes'?
    """
    names = list(known)
    similar = nearest(given, names)
    if similar:
        hint = f"did you mean {similar!r}?"
    elif len(names) <= 30:
        hint = f"there are: {', '.join(sorted(names))}"
    else:
        hint = f"there are {len(names)} of them, for example {names[0]!r}"
    return UnknownNameError(f"no {kind} {shown(given)}{f' in {where}' if where else ''}; {hint}")
