"""The command ``cambodia-tip``.

Exit codes: 0 success, 1 problems found, 2 usage error.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ..citing.formats import FORMATS as CITATION_FORMATS
from . import looking, maintaining, running
from .options import encoding_option, format_option, only_option, report_options, sources_option

if TYPE_CHECKING:
    from ..citing.formats import CitationFormat
    from ..exports import ExportFormat
    from ..package.table_names import TableName


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        import cambodia_tip

        click.echo(f"cambodia-tip {cambodia_tip.__version__}")
        ctx.exit()


@click.group(
    cls=running.Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version of data and code, and exit.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Figures and statements on human trafficking in Cambodia, each with its quote."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command()
@click.argument("ids", nargs=-1, required=True)
def evidence(ids: tuple[str, ...]) -> None:
    """Show records with their quote, paragraph, document and caveats."""
    from ..reading import evidence as reading
    from .render import evidence_blocks

    click.echo("\n\n".join(evidence_blocks(reading.evidence(list(ids)))))


@cli.command()
@click.argument("ids", nargs=-1)
@format_option(*CITATION_FORMATS, kind="citation format")
def cite(ids: tuple[str, ...], format: CitationFormat) -> None:
    """Cite the dataset, or the documents behind records with these IDS.

    IDS are those of records or of documents. The format cff always cites the
    dataset, with the documents as its references.
    """
    from ..citing import citation

    click.echo(citation.cite(list(ids) or None, format=format))


@cli.command()
@click.argument("path", required=False)
@click.option(
    "--engine",
    default="memory",
    metavar="ENGINE",
    help="memory, or duckdb for a package that is larger than memory.",
)
@report_options
def validate(path: str | None, **options: Any) -> None:
    """Check a data package: the folder PATH, or the installed one."""
    from ..checking import validation

    running.report(validation.validate, path, **options)


class _Export(click.Command):
    """A command whose help has the formats, which nothing else needs to import."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from ..exports import FORMATS

        formats = "\n".join(f"{name:10}{kind.description}" for name, kind in FORMATS.items())
        *others, last = (name for name, kind in FORMATS.items() if kind.is_folder)
        self.help = (
            f"{self.help}\n\n\b\nFORMAT is one of\n{formats}\n\n"
            f"TARGET is a file; for {', '.join(others)} and {last} it is a folder."
        )
        super().format_help_text(ctx, formatter)


@cli.command(cls=_Export, help="Write the tables to TARGET in a format for other tools.")
@click.argument("format")
@click.argument("target")
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    help="Only this table and those that it refers to; may be given more than once.",
)
@click.option("--force", is_flag=True, help="Replace what is at TARGET.")
def export(format: ExportFormat, target: str, tables: tuple[TableName, ...], force: bool) -> None:
    from .. import exports
    from ..package.opening import open_package

    written = exports.export(format, target, tables=tables or None, force=force)
    click.echo(f"wrote {written}")
    if tables:
        found = exports.tables_to_export(open_package(), format, tables)
        asked = {open_package().resource(name).name for name in tables}
        others = [resource.name for resource in found if resource.name not in asked]
        click.echo(f"tables that came along: {', '.join(others) or 'none'}")


def _with_documents(name: str, module: str, help: str) -> None:
    """Add a command that compares a package with the documents in a folder."""

    @cli.command(name, help=help)
    @click.argument("path", required=False)
    @sources_option
    @only_option
    @encoding_option
    @report_options
    def command(path: str | None, sources: str, only: tuple[str, ...], **options: Any) -> None:
        check = getattr(import_module(f"..sources.{module}", __package__), name)
        running.report(check, sources, path, only=only or None, **options)


_with_documents("verify", "verification", "Look up every quote in the documents in DIR.")
_with_documents("audit", "numeral_audit", "Account for every number in the documents in DIR.")


@cli.command()
@click.argument("path", required=False)
@click.option("--hash", "wants_hash", is_flag=True, help="Print the content hash of its files.")
def path(path: str | None, wants_hash: bool) -> None:
    """Print the folder of the data package: PATH, or the installed one.

    With --hash, recompute the content hash that citations give. If it differs
    from the descriptor, name the changed tables and exit with 1.
    """
    from ..package.installed import package_path
    from ..package.opening import find_package, open_package

    folder = package_path() if path is None else find_package(path)
    if not wants_hash:
        click.echo(str(folder))
        return
    from ..package.content_hash import hash_files

    opened = open_package(folder)
    found, differing = hash_files(opened)
    if found != opened.descriptor["contentHash"]:
        import shlex

        what = ", ".join(differing) or "descriptor or schemas"
        command = "cambodia-tip validate" + (f" {shlex.quote(path)}" if path else "")
        running.complain(f"{what}: differs from the content hash; {command} says more")
        raise click.exceptions.Exit(1)
    click.echo(found)


for command in (
    *(looking.tables, looking.show, looking.search, looking.dictionary),
    *(maintaining.changes, maintaining.stamp, maintaining.add_source),
):
    cli.add_command(command)


def run(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return running.run(cli, arguments)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit status."""
    sys.exit(run(arguments))
