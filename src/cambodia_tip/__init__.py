"""What five documents say about the fight against trafficking in persons in Cambodia.

The tables come as pandas DataFrames, each row with the document, the
paragraph and the words that carry it:

    >>> import cambodia_tip as tip
    >>> statutes = tip.load("statutes")

Nothing heavy is imported until one of the functions is used.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = (
    False  # type checkers take it for true; importing typing would cost as much as Python
)
if TYPE_CHECKING:
    from typing import Any

    from .auditing import audit
    from .catalogue import dictionary, tables
    from .changelist import Change, Changes
    from .citation import cite
    from .comparing import changes
    from .errors import (
        CambodiaTipError,
        CaveatWarning,
        DataPackageError,
        ExportError,
        FormerNameWarning,
        MissingLibraryError,
        NotAdditiveError,
        UnknownNameError,
    )
    from .exports import export
    from .figures import add_up, observations
    from .frames import load
    from .package import package_path
    from .provenance import evidence
    from .report import Finding, Report
    from .schemas import schema
    from .tablenames import TableName
    from .validation import validate
    from .verification import verify

    __version__: str

__all__ = [
    "CambodiaTipError",
    "CaveatWarning",
    "Change",
    "Changes",
    "DataPackageError",
    "ExportError",
    "Finding",
    "FormerNameWarning",
    "MissingLibraryError",
    "NotAdditiveError",
    "Report",
    "TableName",
    "UnknownNameError",
    "__version__",
    "add_up",
    "audit",
    "changes",
    "cite",
    "dictionary",
    "evidence",
    "export",
    "load",
    "observations",
    "package_path",
    "schema",
    "tables",
    "validate",
    "verify",
]

_MODULES = {
    "CambodiaTipError": "errors",
    "CaveatWarning": "errors",
    "Change": "changelist",
    "Changes": "changelist",
    "DataPackageError": "errors",
    "ExportError": "errors",
    "Finding": "report",
    "FormerNameWarning": "errors",
    "MissingLibraryError": "errors",
    "NotAdditiveError": "errors",
    "Report": "report",
    "TableName": "tablenames",
    "UnknownNameError": "errors",
    "add_up": "figures",
    "audit": "auditing",
    "changes": "comparing",
    "cite": "citation",
    "dictionary": "catalogue",
    "evidence": "provenance",
    "export": "exports",
    "load": "frames",
    "observations": "figures",
    "package_path": "package",
    "schema": "schemas",
    "tables": "catalogue",
    "validate": "validation",
    "verify": "verification",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module(".package", __name__).open_package().version
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
