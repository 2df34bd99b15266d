"""Data on human trafficking in Cambodia, coded from documents that every record quotes.

    >>> import cambodia_tip as tip
    >>> statutes = tip.load("statutes")

=====================  =====================================================================
tables()               list the tables
load(table)            load a table as a typed DataFrame
search(text)           find records of all tables by words
observations()         load every figure of every table in one long DataFrame
add_up(rows)           add figures, or say why they must not be added
dictionary(table)      describe the columns of a table
evidence(rows)         find the quote, paragraph, document and URL behind records
cite(rows)             cite this version, or the documents behind records
export(format, path)   write the tables for another tool
schema(table)          build the pandera schema of a table
check(frame, table)    check rows of your own against a table
validate(path)         check a whole data package
open_package(path)     open another data package, with these functions as methods
verify(folder)         find every quote in the documents
audit(folder)          account for every number in the documents
changes(old, new)      compare two versions of the data
package_path()         find the installed data package
=====================  =====================================================================

Exceptions and warnings are in ``cambodia_tip.errors`` and can also be imported from here.
Nothing heavy is imported until a function is used.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = (
    False  # type checkers take it for true; importing typing would cost as much as Python
)
if TYPE_CHECKING:
    from .checking.frames import check
    from .checking.validation import validate
    from .citing.citation import cite
    from .citing.formats import CitationFormat
    from .data_package import DataPackage, open_package
    from .errors import (
        CambodiaTipError,
        CaveatWarning,
        DataPackageError,
        EmptySearchError,
        ExportError,
        FolderNotFoundError,
        MissingLibraryError,
        NotAdditiveError,
        UnknownNameError,
    )
    from .exports import ExportFormat, export
    from .maintaining.changelist import Change, Changes
    from .maintaining.comparing import changes
    from .package.opening import package_path
    from .package.table_names import TableName
    from .reading.catalog import dictionary, tables
    from .reading.evidence import Rows, evidence
    from .reading.figures import add_up, observations
    from .reading.frames import Standing
    from .reading.loading import load
    from .reading.search import search
    from .report import Finding, Report
    from .schemas.building import Backend, schema
    from .sources.numeral_audit import audit
    from .sources.verification import verify

    __version__: str

_FUNCTIONS = {
    "add_up": "reading.figures",
    "audit": "sources.numeral_audit",
    "changes": "maintaining.comparing",
    "check": "checking.frames",
    "cite": "citing.citation",
    "dictionary": "reading.catalog",
    "evidence": "reading.evidence",
    "export": "exports",
    "load": "reading.loading",
    "observations": "reading.figures",
    "open_package": "data_package",
    "package_path": "package.opening",
    "schema": "schemas.building",
    "search": "reading.search",
    "tables": "reading.catalog",
    "validate": "checking.validation",
    "verify": "sources.verification",
}
_TYPES = {
    "Backend": "schemas.building",
    "Change": "maintaining.changelist",
    "Changes": "maintaining.changelist",
    "CitationFormat": "citing.formats",
    "DataPackage": "data_package",
    "ExportFormat": "exports",
    "Finding": "report",
    "Report": "report",
    "Rows": "reading.evidence",
    "Standing": "reading.frames",
    "TableName": "package.table_names",
}
_ERRORS = dict.fromkeys(
    (
        "CambodiaTipError",
        "CaveatWarning",
        "DataPackageError",
        "EmptySearchError",
        "ExportError",
        "FolderNotFoundError",
        "MissingLibraryError",
        "NotAdditiveError",
        "UnknownNameError",
    ),
    "errors",
)
__all__ = [
    "Backend",
    "CambodiaTipError",
    "CaveatWarning",
    "Change",
    "Changes",
    "CitationFormat",
    "DataPackage",
    "DataPackageError",
    "EmptySearchError",
    "ExportError",
    "ExportFormat",
    "Finding",
    "FolderNotFoundError",
    "MissingLibraryError",
    "NotAdditiveError",
    "Report",
    "Rows",
    "Standing",
    "TableName",
    "UnknownNameError",
    "__version__",
    "add_up",
    "audit",
    "changes",
    "check",
    "cite",
    "dictionary",
    "evidence",
    "export",
    "load",
    "observations",
    "open_package",
    "package_path",
    "schema",
    "search",
    "tables",
    "validate",
    "verify",
]

if not TYPE_CHECKING:  # a type checker that saw this would accept any name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            value = import_module(".package.opening", __name__).package_version()
        else:
            module = {**_FUNCTIONS, **_TYPES, **_ERRORS}.get(name)
            if module is None:
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
            value = getattr(import_module(f".{module}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """What ``help`` shows: classes, which inherit much, would fill its pages."""
    return sorted([*_FUNCTIONS, "__version__", "errors"])
