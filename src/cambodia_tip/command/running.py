"""Run the command: its output, its errors and its exit status."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

import click

from ..errors import CambodiaTipError, printable, unknown_name

if TYPE_CHECKING:
    from ..report import Report

_MOST_IN_A_LINE = 1000


class Group(click.Group):
    """A group that names the nearest command when one is misspelt."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise unknown_name("command", args[0], self.commands)
        return super().resolve_command(ctx, args)


def run(command: click.Command, arguments: list[str] | None) -> int:
    """Run a command and return its exit status.

    The output is written when all of it is there. A reader that has seen enough, as head, is
    no error then, and a disk that is full is one in one place.
    """
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = _status(command, arguments)
    try:
        _write(sys.stdout, out.getvalue())
    except BrokenPipeError:
        pass
    except OSError as error:
        err.write(f"cambodia-tip: cannot write: {error.strerror}\n")
        status = 2
    with contextlib.suppress(OSError):  # the exit status says it too
        _write(sys.stderr, err.getvalue())
    return status


def _status(command: click.Command, arguments: list[str] | None) -> int:
    try:
        status: Any = command.main(arguments, prog_name="cambodia-tip", standalone_mode=False)
    except click.Abort:
        return 130
    except click.UsageError as error:
        complain(error.format_message())
    except CambodiaTipError as error:
        complain(str(error))
    except OSError as error:
        complain(f"{str(error.filename)!r}: {error.strerror}" if error.filename else str(error))
    else:
        return status if isinstance(status, int) else 0
    return 2


def _write(stream: TextIO | None, text: str) -> None:
    """Write a text in UTF-8, past the buffer of the stream, which would be flushed again at exit.

    Names of files need not be UTF-8; they are written as the system gave them.
    """
    if stream is None or not text:
        return
    stream.flush()
    try:
        descriptor = stream.fileno()
    except OSError:  # a test has taken its place
        stream.write(text)
        return
    with open(descriptor, "wb", closefd=False) as file:
        file.write(text.encode("utf-8", "surrogateescape"))


def report(
    check: Callable[..., Report], *arguments: Any, wants_all: bool, format: str, **options: Any
) -> None:
    """Run a check and print its report; leave with status 1 if something is wrong."""
    found = check(*arguments, **options)
    if format == "json":
        click.echo(found.to_json())
    else:
        for line in found.lines(None if wants_all else 10):
            click.echo(line)
    if not found.valid:
        raise click.exceptions.Exit(1)


def complain(text: str) -> None:
    """Print an error on one line, with unprintable characters escaped, cut if very long."""
    line = printable(text)
    if len(line) > _MOST_IN_A_LINE:
        line = f"{line[: _MOST_IN_A_LINE - 1]}…"
    click.echo(f"cambodia-tip: {line}", err=True)
