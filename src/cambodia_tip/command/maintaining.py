"""The commands of those who edit the data."""

from __future__ import annotations

import click

from .options import encoding_option, format_option, only_option
from .running import complain


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@format_option("text", "markdown", "json")
def changes(old: str, new: str | None, format: str) -> None:
    """Compare two versions of the data and report the version bump they require.

    OLD and NEW are folders with a data package, wheels, or zips that export csv
    wrote. Without NEW, OLD is compared with the installed version. The exit
    status is 1 if the version bump is too small.
    """
    from ..maintaining import comparing

    found = comparing.changes(old, new)
    if format == "json":
        click.echo(found.to_json())
    else:
        text = str(found) if format == "text" else found.to_markdown()
        click.echo(text, nl=bool(text))
    if not found.sufficient:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("path", default="datapackage")
@click.option("--sources", metavar="DIR", help="Folder with the source texts; segment them again.")
@only_option
@encoding_option
def stamp(path: str, sources: str | None, only: tuple[str, ...], encoding: str) -> None:
    """Refresh order, ids, sizes and hashes of the data package in PATH after an edit.

    PATH is datapackage by default.
    """
    from ..maintaining import stamping

    if only and not sources:
        raise click.UsageError("--only needs --sources, the folder with the text")
    changed = stamping.stamp(path, sources, only, encoding=encoding, warn=complain)
    click.echo(f"changed: {', '.join(changed)}" if changed else "up to date")


@click.command()
@click.argument("file")
@click.argument("path", default="datapackage")
@click.option(
    "--set",
    "cells",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value for a column of sources; may be given more than once. "
    "The command dictionary sources lists the columns.",
)
@encoding_option
def add_source(file: str, path: str, cells: tuple[str, ...], encoding: str) -> None:
    """Register the new document FILE in PATH and list what is still to be coded.

    FILE is its plain text, <source_id>.txt. PATH is datapackage by default.
    Run it again to fill in more, or to see what is still open.
    """
    from ..maintaining import add_source as adding

    for cell in cells:
        if "=" not in cell:
            raise click.UsageError(f"--set {cell!r} must be NAME=VALUE")
    given = dict(cell.split("=", 1) for cell in cells)
    for line in adding.add_source(file, path, given, encoding=encoding):
        click.echo(line)
