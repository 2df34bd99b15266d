"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable

import click

from ..errors import unknown_name

Option = Callable[[Callable[..., None]], Callable[..., None]]


def format_option(*formats: str, kind: str = "format") -> Option:
    """The option of a command whose output has these formats, the usual one first."""

    def checked(_: click.Context, __: click.Parameter, given: str) -> str:
        if given not in formats:
            raise unknown_name(kind, given, formats)
        return given

    *others, last = formats
    return click.option(
        "--format",
        default=formats[0],
        callback=checked,
        metavar="FORMAT",
        help=f"{', '.join(others)} or {last}.",
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
    wants_all = click.option(
        "--all", "wants_all", is_flag=True, help="Print every finding, not ten of a kind."
    )
    return wants_all(format_option("text", "json")(command))


standing_option = click.option(
    "--standing",
    metavar="STANDING",
    help="Only records that rest on documents of this standing: official or leaked.",
)
