"""The command ``cambodia-tip``.

Exit status: 0 success, 1 a check found something, 2 a wrong call.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from ..errors import CambodiaTipError, FormerNameWarning, unknown_name
from ..exports import FORMATS as EXPORT_FORMATS

if TYPE_CHECKING:
    import pandas as pd

    from ..report import Report


_PROVENANCE = ("source_id", "passage", "quote", "scope_quote", "note")
"""Columns that `show` leaves to `evidence` where it prints for reading."""
_MOST_IN_A_LINE = 1000


class _NoReaderError(Exception):
    """Whoever reads the output, head for example, has seen enough."""


class _Group(click.Group):
    """A group that names the nearest command when one is misspelt."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click would leave with the status of a check that found something
            raise _NoReaderError from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise unknown_name("command", args[0], self.commands)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        import cambodia_tip

        click.echo(f"cambodia-tip {cambodia_tip.__version__}")
        ctx.exit()


@click.group(
    cls=_Group,
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
    """Figures on trafficking in persons in Cambodia, each with the words that carry it."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_format_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--format",
    "format",
    default="table",
    metavar="FORMAT",
    help="table, csv, json or markdown.",
)


def _print(frame: pd.DataFrame, format: str) -> None:
    from .render import FORMATS, render

    if format not in FORMATS:
        raise unknown_name("format", format, FORMATS)
    click.echo(render(frame, format, shutil.get_terminal_size((120, 24)).columns))


@cli.command()
@_format_option
def tables(format: str) -> None:
    """List the tables."""
    from ..reading import catalog as catalogue

    _print(catalogue.tables().drop(columns=["description"] if format == "table" else []), format)


@cli.command()
@click.argument("table")
@click.option("--columns", metavar="A,B,...", help="Only these columns, in this order.")
@click.option("--labels", is_flag=True, help="Add names to codes, and the caveats.")
@_format_option
def show(table: str, columns: str | None, labels: bool, format: str) -> None:
    """Print the rows of TABLE.

    What a row is quoted from is printed by the command evidence, or with
    --columns or another format.
    """
    from ..errors import CaveatWarning
    from ..package.former_names import former_columns, warn_of_former_name
    from ..package.opening import open_package
    from ..reading import frames

    resource = open_package().resource(table)
    table = resource.name
    with warnings.catch_warnings(record=True) as caveats:
        warnings.simplefilter("always", CaveatWarning)
        frame = frames.load(table, labels=labels, former_names=False)
    if columns is not None:
        names = [name.strip() for name in columns.split(",")]
        for name, current, former in list(former_columns(resource, frame.columns)):
            if name in names:
                frame[name] = frame[current]
                is_label = name != former.name
                now = current.removesuffix("_label") if is_label else current
                warn_of_former_name(f"column of {table}", former, now)
        for name in names:
            if name not in frame.columns:
                raise unknown_name("column", name, frame.columns, table)
        frame = frame[list(dict.fromkeys(names))]
    elif format == "table":
        key = resource.primary_key
        frame = frame.drop(columns=[n for n in _PROVENANCE if n in frame.columns and n not in key])
    _print(frame, format)
    if caveats and not labels:
        click.echo(
            f"Caution: rows of {table} may count the same thing twice. "
            "Before you add any up, read their caveats: cambodia-tip evidence ID",
            err=True,
        )


@cli.command()
@click.argument("table")
@_format_option
def dictionary(table: str, format: str) -> None:
    """Say what the columns of TABLE are."""
    from ..reading import catalog as catalogue

    frame = catalogue.dictionary(table)
    if format == "table":
        from .render import dictionary_text

        click.echo(dictionary_text(frame))
    else:
        _print(frame, format)


@cli.command()
@click.argument("ids", nargs=-1, required=True)
def evidence(ids: tuple[str, ...]) -> None:
    """Show rows with their words, paragraph, document and caveats."""
    from ..reading import evidence as provenance
    from .render import evidence_blocks

    click.echo("\n\n".join(evidence_blocks(provenance.evidence(list(ids)))))


@cli.command()
@click.argument("ids", nargs=-1)
@click.option(
    "--format",
    "format",
    default="text",
    metavar="FORMAT",
    help="text, bibtex, ris, csl-json or cff.",
)
def cite(ids: tuple[str, ...], format: str) -> None:
    """Cite the dataset, or the documents behind rows with these IDS.

    IDS are those of rows or of documents. The format cff is always about the
    dataset, and has the documents as its references.
    """
    from ..citing import citation

    click.echo(citation.cite(list(ids) or None, format=format))


_all_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--all", "wants_all", is_flag=True, help="Print every finding, not ten of a kind."
)
_report_format_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--format", "format", default="text", metavar="FORMAT", help="text or json."
)
_encoding_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="Encoding of texts that are not UTF-8, for example latin-1.",
)


@cli.command()
@click.argument("path", required=False)
@_all_option
@_report_format_option
def validate(path: str | None, wants_all: bool, format: str) -> None:
    """Check a data package: the folder PATH, or the installed one."""
    from ..checking import validation

    _report(lambda: validation.validate(path), wants_all, format)


def _export_help() -> str:
    formats = "\n".join(f"{name:10}{kind.description}" for name, kind in EXPORT_FORMATS.items())
    *others, last = (name for name, kind in EXPORT_FORMATS.items() if kind.is_folder)
    return (
        "Write the tables to TARGET in the form of another tool.\n\n"
        f"\b\nFORMAT is one of\n{formats}\n\n"
        f"TARGET is a file; for {', '.join(others)} and {last} it is a folder."
    )


@cli.command(help=_export_help())
@click.argument("format")
@click.argument("target")
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    help="Only this table, and those that it refers to; may be given more than once.",
)
@click.option("--force", is_flag=True, help="Replace what is at TARGET.")
def export(format: str, target: str, tables: tuple[str, ...], force: bool) -> None:
    from .. import exports
    from ..package.opening import open_package

    written = exports.export(format, target, tables=tables or None, force=force)
    click.echo(f"wrote {written}")
    if tables:
        found = exports.tables_to_export(open_package(), format, tables)
        asked = {open_package().resource(name).name for name in tables}
        others = [resource.name for resource in found if resource.name not in asked]
        click.echo(f"tables that came along: {', '.join(others) or 'none'}")


def _watched(items: Iterable[pd.Series]) -> Iterator[pd.Series]:
    """Go through documents with a progress bar, on a terminal only."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(list(items), file=sys.stderr) as bar:
        yield from bar


_sources_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--sources",
    required=True,
    metavar="DIR",
    help="Folder with the documents as plain text, each <source_id>.txt.",
)


_only_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--only",
    multiple=True,
    metavar="ID",
    help="Only the document with this id; may be given more than once.",
)


@cli.command()
@click.argument("path", required=False)
@_sources_option
@_only_option
@_encoding_option
@_all_option
@_report_format_option
def verify(
    path: str | None,
    sources: str,
    only: tuple[str, ...],
    encoding: str,
    wants_all: bool,
    format: str,
) -> None:
    """Find every quote in the documents in DIR."""
    from ..sources import verification

    _report(
        lambda: verification.verify(
            sources, path, only=only or None, progress=_watched, encoding=encoding
        ),
        wants_all,
        format,
    )


@cli.command()
@click.argument("path", required=False)
@_sources_option
@_only_option
@_encoding_option
@_all_option
@_report_format_option
def audit(
    path: str | None,
    sources: str,
    only: tuple[str, ...],
    encoding: str,
    wants_all: bool,
    format: str,
) -> None:
    """Account for every number in the documents in DIR."""
    from ..sources import numeral_audit as auditing

    _report(
        lambda: auditing.audit(
            sources, path, only=only or None, progress=_watched, encoding=encoding
        ),
        wants_all,
        format,
    )


def _report(check: Callable[[], Report], wants_all: bool, format: str) -> None:
    formats = ("text", "json")
    if format not in formats:
        raise unknown_name("format", format, formats)
    report = check()
    with _judged(not report.findings):
        if format == "json":
            click.echo(report.to_json())
            return
        for line in report.lines(None if wants_all else 10):
            click.echo(line)


@contextlib.contextmanager
def _judged(is_right: bool) -> Iterator[None]:
    """Leave with status 1 after printing what is not right, also if nobody reads it to the end."""
    try:
        yield
    except BrokenPipeError:
        if is_right:
            raise
    if not is_right:
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format", "format", default="text", metavar="FORMAT", help="text, markdown or json."
)
def changes(old: str, new: str | None, format: str) -> None:
    """Say what changed in the data from OLD to NEW, and the version step that it asks for.

    Each is a folder with a data package, a wheel, or a zip that export csv
    wrote; without NEW it is the installed version. The exit status is 1 where
    the version made too small a step.
    """
    from ..maintaining import comparing

    formats = ("text", "markdown", "json")
    if format not in formats:
        raise unknown_name("format", format, formats)
    found = comparing.changes(old, new)
    with _judged(found.is_enough):
        if format == "json":
            click.echo(found.to_json())
        else:
            lines = found.lines() if format == "text" else found.markdown()
            click.echo("\n".join(lines), nl=format == "text" or bool(found))


@cli.command()
@click.argument("path", required=False)
@click.option("--hash", "wants_hash", is_flag=True, help="Print the content hash of its files.")
def path(path: str | None, wants_hash: bool) -> None:
    """Print the folder of the data package: PATH, or the installed one.

    With --hash it prints the hash over all tables, computed from the files, that
    a citation names. Where they are not those of the descriptor, it prints
    none, names the tables that differ, and the exit status is 1.
    """
    from ..package import content_hash as seal
    from ..package import opening as package

    folder = package.package_path() if path is None else package.find_package(path)
    if not wants_hash:
        click.echo(str(folder))
        return
    opened = package.open_package(folder)
    found, differing = seal.hash_files(opened)
    if found != opened.descriptor["contentHash"]:
        what = ", ".join(differing) or "descriptor or schemas"
        command = "cambodia-tip validate" + (f" {shlex.quote(path)}" if path else "")
        _complain(f"{what}: not what was sealed; {command} says more")
        raise click.exceptions.Exit(1)
    click.echo(found)


@cli.command()
@click.argument("path", default="datapackage")
@click.option(
    "--sources", metavar="DIR", help="Folder with the texts of the documents; divides them anew."
)
@_only_option
@_encoding_option
def stamp(path: str, sources: str | None, only: tuple[str, ...], encoding: str) -> None:
    """Refresh order, ids, sizes and hashes of the data package in PATH after an edit.

    PATH is datapackage if it is not given.
    """
    from ..maintaining import stamping

    if only and not sources:
        raise click.UsageError("--only needs --sources, the folder with the text")
    changed = stamping.stamp(path, sources, only, encoding=encoding, warn=_complain)
    click.echo(f"changed: {', '.join(changed)}" if changed else "up to date")


@cli.command()
@click.argument("file")
@click.argument("path", default="datapackage")
@click.option(
    "--set",
    "cells",
    multiple=True,
    metavar="NAME=VALUE",
    help="What a column of sources is to hold; may be given more than once. "
    "The command dictionary sources lists the columns.",
)
@_encoding_option
def add_source(file: str, path: str, cells: tuple[str, ...], encoding: str) -> None:
    """Take the new document FILE into the data package in PATH, and say what is open.

    FILE is its plain text, <source_id>.txt. PATH is datapackage if it is not
    given. Run it again to fill in more, or to see what is still open.
    """
    from ..maintaining import add_source as adding

    for cell in cells:
        if "=" not in cell:
            raise click.UsageError(f"--set {cell!r} must be NAME=VALUE")
    given = dict(cell.split("=", 1) for cell in cells)
    for line in adding.add_source(file, path, given, encoding=encoding).lines():
        click.echo(line)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit status."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        # python -u: text that does not fit into one write would be lost without an error
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer))
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):  # names of files need not be UTF-8
            stream.reconfigure(encoding="utf-8", errors=errors)
    status: object = 0
    try:
        with _plain_warnings():
            status = cli.main(args=arguments, prog_name="cambodia-tip", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except (CambodiaTipError, click.UsageError) as error:
        text = error.format_message() if isinstance(error, click.UsageError) else str(error)
        _complain(text)
        return 2
    except click.Abort:
        return 130
    except (_NoReaderError, BrokenPipeError):  # the second comes from what was still to be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.filename is None:  # it is the output, which has no name
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _complain(f"cannot write: {error.strerror}")
        else:
            _complain(f"{str(error.filename)!r}: {error.strerror}")
        return 2
    return status if isinstance(status, int) else 0


@contextlib.contextmanager
def _plain_warnings() -> Iterator[None]:
    """Print each warning of a former name once, and as one plain line."""
    told: set[str] = set()
    with warnings.catch_warnings():
        show = warnings.showwarning

        def tell(message: Warning | str, kind: type[Warning], *rest: Any, **others: Any) -> None:
            if not issubclass(kind, FormerNameWarning):
                show(message, kind, *rest, **others)
            elif str(message) not in told:
                told.add(str(message))
                _complain(str(message))

        warnings.showwarning = tell  # type: ignore[assignment]
        warnings.simplefilter("always", FormerNameWarning)
        yield


def _complain(text: str) -> None:
    """Print an error on one line, with signs that do not print spelled out, cut if very long."""
    words = " ".join(text.split())
    line = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in words)
    if len(line) > _MOST_IN_A_LINE:
        line = f"{line[: _MOST_IN_A_LINE - 1]}…"
    with contextlib.suppress(OSError):  # the exit status says it too
        click.echo(f"cambodia-tip: {line}", err=True)
