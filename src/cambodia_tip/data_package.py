"""A data package as an object, with the functions of `cambodia_tip` as its methods."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import cambodia_tip as tip

from .package import opening
from .package.model import Package

if TYPE_CHECKING:
    import pandas as pd


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
    return DataPackage(**_contents(path))


def _contents(path: str | Path | None) -> dict[str, Any]:
    """What is in a package. What can be changed is a copy: all share the installed package."""
    package = opening.open_package(path)
    descriptor = json.loads(json.dumps(package.descriptor))
    return {**vars(package), "descriptor": descriptor, "resources": dict(package.resources)}


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
        return tip.tables(package=self)

    def load(
        self,
        table: str,
        *,
        labels: bool = False,
        standing: tip.Standing | None = None,
        warn: bool = True,
    ) -> pd.DataFrame:
        """Load a table; see `cambodia_tip.load`."""
        name = cast("tip.TableName", table)
        return tip.load(name, labels=labels, standing=standing, warn=warn, package=self)

    def search(self, text: str, *, standing: tip.Standing | None = None) -> pd.DataFrame:
        """Find records by words; see `cambodia_tip.search`."""
        return tip.search(text, standing=standing, package=self)

    def observations(
        self, *, standing: tip.Standing | None = None, warn: bool = True
    ) -> pd.DataFrame:
        """Load every figure; see `cambodia_tip.observations`."""
        return tip.observations(standing=standing, warn=warn, package=self)

    def add_up(self, rows: tip.Rows) -> float:
        """Sum figures, if they may be summed; see `cambodia_tip.add_up`."""
        return tip.add_up(rows, package=self)

    def evidence(self, rows: tip.Rows) -> pd.DataFrame:
        """Find the quotes and documents behind records; see `cambodia_tip.evidence`."""
        return tip.evidence(rows, package=self)

    def cite(self, rows: tip.Rows | None = None, *, format: tip.CitationFormat = "text") -> str:
        """Cite the package, or the documents behind records; see `cambodia_tip.cite`."""
        return tip.cite(rows, format=format, package=self)

    def dictionary(self, table: str) -> pd.DataFrame:
        """Describe the columns of a table; see `cambodia_tip.dictionary`."""
        return tip.dictionary(cast("tip.TableName", table), package=self)

    def schema(self, table: str, *, coerce: bool = False, backend: tip.Backend = "pandas") -> Any:
        """Build the pandera schema of a table; see `cambodia_tip.schema`."""
        return tip.schema(
            cast("tip.TableName", table), coerce=coerce, backend=cast("Any", backend), package=self
        )

    def check(self, frame: Any, table: str) -> tip.Report:
        """Check rows of your own against a table; see `cambodia_tip.check`."""
        return tip.check(frame, cast("tip.TableName", table), package=self)

    def validate(self, *, engine: tip.Engine = "memory") -> tip.Report:
        """Check the files of the package; see `cambodia_tip.validate`."""
        return tip.validate(self.path, engine=engine)

    def verify(
        self, sources: str | Path, *, only: Iterable[str] | None = None, encoding: str = ""
    ) -> tip.Report:
        """Look up every quote in the documents; see `cambodia_tip.verify`."""
        return tip.verify(sources, self.path, only=only, encoding=encoding)

    def audit(
        self, sources: str | Path, *, only: Iterable[str] | None = None, encoding: str = ""
    ) -> tip.Report:
        """Account for every number in the documents; see `cambodia_tip.audit`."""
        return tip.audit(sources, self.path, only=only, encoding=encoding)

    def export(
        self,
        format: tip.ExportFormat,
        target: str | Path,
        *,
        tables: Iterable[str] | None = None,
        force: bool = False,
    ) -> Path:
        """Write the tables for another tool; see `cambodia_tip.export`."""
        names = cast("Iterable[tip.TableName] | None", tables)
        return tip.export(format, target, tables=names, force=force, package=self)

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
        vars(self).update(_contents(self.path))
        return changed
