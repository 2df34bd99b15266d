"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable

import click

Option = Callable[[Callable[..., None]], Callable[..., None]]

format_option: Option = click.option(
    "--format", "format", default="table", metavar="FORMAT", help="table, csv, json or markdown."
)

sources_option: Option = click.option(
    "--sources",
    required=True,
    metavar="DIR",
    help="Folder with the documents, each <source_id>.txt, .pdf or .html.",
)

only_option: Option = click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help="Only the document with this id; may be given more than once.",
)

encoding_option: Option = click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="Encoding of texts that are not UTF-8, for example latin-1.",
)


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options of a command that prints a report: how much of it, and in which format."""
    command = click.option(
        "--format", "format", default="text", metavar="FORMAT", help="text or json."
    )(command)
    return click.option(
        "--all", "wants_all", is_flag=True, help="Print every finding, not ten of a kind."
    )(command)


standing_option = click.option(
    "--standing",
    metavar="STANDING",
    help="Only records that rest on documents of this standing: official or leaked.",
)
