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
    from .checking.frames import check as check
    from .checking.validation import Engine as Engine
    from .checking.validation import validate as validate
    from .citing.citation import cite as cite
    from .citing.formats import CitationFormat as CitationFormat
    from .data_package import DataPackage as DataPackage
    from .data_package import open_package as open_package
    from .errors import CambodiaTipError as CambodiaTipError
    from .errors import CaveatWarning as CaveatWarning
    from .errors import DataPackageError as DataPackageError
    from .errors import EmptySearchError as EmptySearchError
    from .errors import ExportError as ExportError
    from .errors import FolderNotFoundError as FolderNotFoundError
    from .errors import MissingLibraryError as MissingLibraryError
    from .errors import NotAdditiveError as NotAdditiveError
    from .errors import UnknownNameError as UnknownNameError
    from .exports import ExportFormat as ExportFormat
    from .exports import export as export
    from .maintaining.changelist import Change as Change
    from .maintaining.changelist import Changes as Changes
    from .maintaining.comparing import changes as changes
    from .package.installed import package_path as package_path
    from .package.table_names import TableName as TableName
    from .reading.catalog import dictionary as dictionary
    from .reading.catalog import tables as tables
    from .reading.evidence import Rows as Rows
    from .reading.evidence import evidence as evidence
    from .reading.figures import add_up as add_up
    from .reading.figures import observations as observations
    from .reading.frames import Standing as Standing
    from .reading.loading import load as load
    from .reading.search import search as search
    from .report import Finding as Finding
    from .report import Report as Report
    from .schemas.building import Backend as Backend
    from .schemas.building import schema as schema
    from .sources.numeral_audit import audit as audit
    from .sources.verification import verify as verify

    __version__: str

_NAMES = {
    "checking.frames": "check",
    "checking.validation": "Engine validate",
    "citing.citation": "cite",
    "citing.formats": "CitationFormat",
    "data_package": "DataPackage open_package",
    "errors": "CambodiaTipError CaveatWarning DataPackageError EmptySearchError ExportError "
    "FolderNotFoundError MissingLibraryError NotAdditiveError UnknownNameError",
    "exports": "ExportFormat export",
    "maintaining.changelist": "Change Changes",
    "maintaining.comparing": "changes",
    "package.installed": "package_path",
    "package.table_names": "TableName",
    "reading.catalog": "dictionary tables",
    "reading.evidence": "Rows evidence",
    "reading.figures": "add_up observations",
    "reading.frames": "Standing",
    "reading.loading": "load",
    "reading.search": "search",
    "report": "Finding Report",
    "schemas.building": "Backend schema",
    "sources.numeral_audit": "audit",
    "sources.verification": "verify",
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}
__all__ = ["__version__", *_MODULES]

if not TYPE_CHECKING:  # a type checker that saw this would accept any name

    def __getattr__(name: str) -> object:
        if name == "__version__":
            value = import_module(".package.installed", __name__).package_version()
        else:
            module = _MODULES.get(name)
            if module is None:
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
            value = getattr(import_module(f".{module}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """What ``help`` shows: classes, which inherit much, would fill its pages."""
    return sorted([*filter(str.islower, __all__), "errors"])
