"""A data package as an object, with the functions of `cambodia_tip` as its methods."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .package import opening
from .package.model import Package

if TYPE_CHECKING:
    import pandas as pd

    from .citing.formats import CitationFormat
    from .exports import ExportFormat
    from .package.table_names import TableName
    from .reading.evidence import Rows
    from .reading.frames import Standing
    from .report import Report
    from .schemas.building import Backend


def open_package(path: str | Path | None = None) -> DataPackage:
    """Open a data package of the shape of this one: yours, or another version of it.

    Args:
        path: Its folder, or the ``datapackage.json`` in it; without it, the installed one.

    Returns:
        The data package. Tables are read when they are first used.

    Raises:
        FolderNotFoundError: If there is no data package at `path`.
        DataPackageError: If its descriptor is wrong; the message says where.

    Examples:
        >>> package = open_package()
        >>> package.load("repatriations", warn=False).equals(package.load("repatriations"))
        True
    """
    return DataPackage(**vars(opening.open_package(path)))


class DataPackage(Package):
    """A data package from `open_package`. Its methods answer from its own tables only.

    Attributes:
        path: Its folder.
        descriptor: The content of its ``datapackage.json``.
        version: Its version.
    """

    __module__ = "cambodia_tip"

    def __repr__(self) -> str:
        name = self.descriptor["name"]
        return f"<DataPackage {name} {self.version}: {len(self.resources)} tables>"

    def tables(self) -> pd.DataFrame:
        """List the tables; see `cambodia_tip.tables`."""
        from .reading.catalog import tables

        return tables(package=self)

    def load(
        self,
        table: str,
        *,
        labels: bool = False,
        standing: Standing | None = None,
        warn: bool = True,
    ) -> pd.DataFrame:
        """Load a table; see `cambodia_tip.load`."""
        from .reading.loading import load

        name = cast("TableName", table)
        return load(name, labels=labels, standing=standing, warn=warn, package=self)

    def search(self, text: str, *, standing: Standing | None = None) -> pd.DataFrame:
        """Find records by words; see `cambodia_tip.search`."""
        from .reading.search import search

        return search(text, standing=standing, package=self)

    def observations(self, *, standing: Standing | None = None, warn: bool = True) -> pd.DataFrame:
        """Load every figure; see `cambodia_tip.observations`."""
        from .reading.figures import observations

        return observations(standing=standing, warn=warn, package=self)

    def add_up(self, rows: Rows) -> float:
        """Sum figures, if they may be summed; see `cambodia_tip.add_up`."""
        from .reading.figures import add_up

        return add_up(rows, package=self)

    def evidence(self, rows: Rows) -> pd.DataFrame:
        """Find what is behind records; see `cambodia_tip.evidence`."""
        from .reading.evidence import evidence

        return evidence(rows, package=self)

    def cite(self, rows: Rows | None = None, *, format: CitationFormat = "text") -> str:
        """Cite the package, or the documents behind records; see `cambodia_tip.cite`."""
        from .citing.citation import cite

        return cite(rows, format=format, package=self)

    def dictionary(self, table: str) -> pd.DataFrame:
        """Describe the columns of a table; see `cambodia_tip.dictionary`."""
        from .reading.catalog import dictionary

        return dictionary(cast("TableName", table), package=self)

    def schema(self, table: str, *, coerce: bool = False, backend: Backend = "pandas") -> Any:
        """Build the pandera schema of a table; see `cambodia_tip.schema`."""
        from .schemas.building import schema

        return schema(
            cast("TableName", table),
            coerce=coerce,
            backend=cast("Any", backend),
            package=self,
        )

    def check(self, frame: Any, table: str) -> Report:
        """Check rows of your own against a table; see `cambodia_tip.check`."""
        from .checking.frames import check

        return check(frame, cast("TableName", table), package=self)

    def validate(self) -> Report:
        """Check the files of the package; see `cambodia_tip.validate`."""
        from .checking.validation import validate

        return validate(self.path)

    def verify(
        self, sources: str | Path, *, only: Iterable[str] | None = None, encoding: str = ""
    ) -> Report:
        """Look up every quote in the documents; see `cambodia_tip.verify`."""
        from .sources.verification import verify

        return verify(sources, self.path, only=only, encoding=encoding)

    def audit(
        self, sources: str | Path, *, only: Iterable[str] | None = None, encoding: str = ""
    ) -> Report:
        """Account for every number in the documents; see `cambodia_tip.audit`."""
        from .sources.numeral_audit import audit

        return audit(sources, self.path, only=only, encoding=encoding)

    def export(
        self,
        format: ExportFormat,
        target: str | Path,
        *,
        tables: Iterable[str] | None = None,
        force: bool = False,
    ) -> Path:
        """Write the tables for another tool; see `cambodia_tip.export`."""
        from .exports import export

        names = cast("Iterable[TableName] | None", tables)
        return export(format, target, tables=names, force=force, package=self)

    def stamp(
        self, sources: str | Path | None = None, *, only: Iterable[str] = (), encoding: str = ""
    ) -> list[str]:
        """Write what follows from edited files: order of rows, ids, sizes and hashes.

        With `sources`, that is also what follows from the texts of documents: their passages, and
        their sizes and hashes in ``sources``. The package is read again afterward.

        Args:
            sources: Folder with the texts, each ``<source_id>.txt``.
            only: Ids of the documents to segment; without it, all.
            encoding: That of texts that are not UTF-8.

        Returns:
            Names of the files that changed.

        Raises:
            DataPackageError: If the package or a document cannot be read, or an id is
                duplicate, gone, or retired but in use; then nothing is written.
            UnknownNameError: If `only` names a document that is not in ``sources``.
        """
        from .maintaining.stamping import stamp

        changed = stamp(self.path, sources, only, encoding=encoding)
        vars(self).update(vars(opening.open_package(self.path)))
        return changed
