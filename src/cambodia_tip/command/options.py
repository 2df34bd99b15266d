"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable

import click

Option = Callable[[Callable[..., None]], Callable[..., None]]

format_option: Option = click.option(
    "--format",
    "format",
    default="table",
    metavar="FORMAT",
    help="table, csv, json or markdown.",
)

sources_option: Option = click.option(
    "--sources",
    required=True,
    metavar="DIR",
    help="Folder with the documents as plain text, each <source_id>.txt.",
)

only_option: Option = click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help="Only the document with this id; may be given more than once.",
)
