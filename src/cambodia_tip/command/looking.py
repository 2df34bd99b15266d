"""The commands that show tables and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import unknown_name
from .options import format_option, standing_option

if TYPE_CHECKING:
    import pandas as pd

    from ..package.table_names import TableName
    from ..reading.frames import Standing

_PROVENANCE = ("source_id", "passage", "quote", "scope_quote", "note")
"""Columns that `show` leaves to `evidence` where it prints for reading."""
_format_option = format_option("table", "csv", "json", "markdown")


def _print(frame: pd.DataFrame, format: str) -> None:
    from shutil import get_terminal_size

    from .render import render

    click.echo(render(frame, format, get_terminal_size((120, 24)).columns))


@click.command()
@_format_option
def tables(format: str) -> None:
    """List the tables."""
    from ..reading import catalog

    _print(catalog.tables().drop(columns=["description"] if format == "table" else []), format)


@click.command()
@click.argument("table")
@click.option("--columns", metavar="A,B,...", help="Only these columns, in this order.")
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only rows with this code or label in the column; may be given several times.",
)
@click.option(
    "--labels", is_flag=True, help="Add names beside codes, linked rows as text, and caveats."
)
@standing_option
@_format_option
def show(
    table: TableName,
    columns: str | None,
    where: tuple[str, ...],
    labels: bool,
    standing: Standing | None,
    format: str,
) -> None:
    """Print the rows of TABLE.

    The table view omits provenance columns; use --columns, another --format,
    or the command evidence.
    """
    from ..package.opening import open_package
    from ..reading import loading
    from ..reading.frames import of_standing

    resource = open_package().resource(table)
    frame = loading.load(table, labels=labels, standing=standing, warn=False)
    if where:
        from ..reading.choosing import rows_where

        labeled = frame if labels else loading.load(table, labels=True, standing=standing)
        frame = frame[rows_where(labeled, table, where)]
    leaked = 0
    if standing is None and "source_id" in frame:
        leaked = len(of_standing(open_package(), frame, "leaked"))
    if columns is not None:
        names = [name.strip() for name in columns.split(",")]
        for name in names:
            if name not in frame.columns:
                raise unknown_name("column", name, frame.columns, table)
        frame = frame[list(dict.fromkeys(names))]
    elif format == "table":
        key = resource.primary_key
        frame = frame.drop(columns=[n for n in _PROVENANCE if n in frame.columns and n not in key])
    _print(frame, format)
    if leaked:
        click.echo(
            f"Rows that rest on leaked documents: {leaked} of {len(frame)}. "
            "--standing official leaves them out.",
            err=True,
        )
    if not labels and loading.overlapping(open_package(), table):
        click.echo(
            f"Caution: rows of {table} may count the same thing twice. "
            "Before you add any up, read their caveats: cambodia-tip evidence ID",
            err=True,
        )


@click.command()
@click.argument("words", nargs=-1, required=True)
@standing_option
@_format_option
def search(words: tuple[str, ...], standing: Standing | None, format: str) -> None:
    """Find the records that have all WORDS, best first."""
    from ..reading import search as searching

    found = searching.search(" ".join(words), standing=standing)
    if format != "table":
        _print(found, format)
    elif found.empty:
        click.echo("no record has all of these words")
    else:  # parts of wide rows begin with the first column
        _print(found[["id", *found.columns.drop("id")]], format)


@click.command()
@click.argument("table")
@_format_option
def dictionary(table: TableName, format: str) -> None:
    """Describe the columns of TABLE."""
    from ..reading import catalog

    frame = catalog.dictionary(table)
    if format == "table":
        from .render import dictionary_text

        click.echo(dictionary_text(frame))
    else:
        _print(frame, format)
