"""What is refused of a CAR to be written, before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from repoview.export.destination import refuse
from repoview.export.writing import refuse_source

if TYPE_CHECKING:
    from repoview.cli.options.options import Run


def refuse_car(
    run: Run, source: str, destination: str, *, force: bool, as_json: bool
) -> None:
    """Refuse to write a CAR over a file, a source, or a terminal.

    Args:
        run: Whose standard output is meant by "-".
        source: What is read.
        destination: The file, or "-".
        force: Whether a file that is there may be replaced.
        as_json: Whether JSON goes to standard output, too.

    Raises:
        click.UsageError: Standard output cannot take it.
        DestinationTaken: There is a file, and it may not be replaced.
        DestinationError: It is the source, or cannot be written.
    """
    if destination != "-":
        refuse_source(source, Path(destination))
        refuse(Path(destination), force=force)
    elif as_json:
        raise click.UsageError("-o - and --json would both go to standard output")
    elif run.console.is_terminal:
        raise click.UsageError(
            "the bytes of a CAR would upset a terminal: send them to a file"
        )
