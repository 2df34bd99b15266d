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

    from .checking.validation import validate
    from .citing.citation import cite
    from .errors import (
        CambodiaTipError,
        CaveatWarning,
        DataPackageError,
        ExportError,
        MissingLibraryError,
        NotAdditiveError,
        UnknownNameError,
    )
    from .exports import export
    from .maintaining.changelist import Change, Changes
    from .maintaining.comparing import changes
    from .package.opening import package_path
    from .package.table_names import TableName
    from .reading.catalog import dictionary, tables
    from .reading.evidence import evidence
    from .reading.figures import add_up, observations
    from .reading.frames import load
    from .report import Finding, Report
    from .schemas.building import schema
    from .sources.numeral_audit import audit
    from .sources.verification import verify

    __version__: str

__all__ = [
    "CambodiaTipError",
    "CaveatWarning",
    "Change",
    "Changes",
    "DataPackageError",
    "ExportError",
    "Finding",
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
    "Change": "maintaining.changelist",
    "Changes": "maintaining.changelist",
    "DataPackageError": "errors",
    "ExportError": "errors",
    "Finding": "report",
    "MissingLibraryError": "errors",
    "NotAdditiveError": "errors",
    "Report": "report",
    "TableName": "package.table_names",
    "UnknownNameError": "errors",
    "add_up": "reading.figures",
    "audit": "sources.numeral_audit",
    "changes": "maintaining.comparing",
    "cite": "citing.citation",
    "dictionary": "reading.catalog",
    "evidence": "reading.evidence",
    "export": "exports",
    "load": "reading.frames",
    "observations": "reading.figures",
    "package_path": "package.opening",
    "schema": "schemas.building",
    "tables": "reading.catalog",
    "validate": "checking.validation",
    "verify": "sources.verification",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module(".package.opening", __name__).open_package().version
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
