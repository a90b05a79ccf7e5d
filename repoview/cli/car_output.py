"""The options of commands that write one CAR, and what is refused of it early."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.export.destination import refuse
from repoview.export.writing import refuse_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repoview.cli.options.options import Run

_FILE: Final = "OUT.car"


def car_options(
    told: str = "Print what was written as JSON.", *, pipes: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that gives a command ``destination``, ``force``, ``as_json``.

    Args:
        told: What ``--json`` does.
        pipes: Whether the CAR may go to standard output.
    """
    where = ", or - for standard output" if pipes else ""
    options = (
        click.option(
            "-o",
            "--output",
            "destination",
            metavar=_FILE,
            required=True,
            help=f"The file to write{where}.",
        ),
        click.option("--force", is_flag=True, help=f"Overwrite {_FILE}."),
        click.option("--json", "as_json", is_flag=True, help=told),
    )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def refuse_car(
    run: Run, sources: Iterable[str], destination: str, *, force: bool, as_json: bool
) -> None:
    """Refuse to write a CAR over a file, a source, or a terminal.

    Args:
        run: Whose standard output is meant by "-".
        sources: What is read.
        destination: The file, or "-".
        force: Whether a file that is there may be replaced.
        as_json: Whether JSON goes to standard output, too.

    Raises:
        click.UsageError: Standard output cannot take it.
        DestinationTaken: There is a file, and it may not be replaced.
        DestinationError: It is a source, or cannot be written.
    """
    if destination != "-":
        for source in sources:
            refuse_source(source, Path(destination))
        refuse(Path(destination), force=force)
    elif as_json:
        raise click.UsageError("-o - and --json would both go to standard output")
    elif run.console.is_terminal:
        raise click.UsageError(
            "the bytes of a CAR would upset a terminal: send them to a file"
        )
