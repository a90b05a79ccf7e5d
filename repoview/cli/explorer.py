"""`repoview open`: the explorer, or the info page where it cannot run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from repoview.cli.command import Command
from repoview.cli.console import is_screen
from repoview.cli.options import (
    Run,
    checks_of,
    common_options,
    reading_options,
    source_argument,
)
from repoview.cli.reading import STANDARD_INPUT, keyboard_apart, refuse_early

if TYPE_CHECKING:
    from repoview.core.verify import Checks

EXAMPLES: Final = """\
Examples:
  repoview repo.car                short for: repoview open repo.car
  repoview open ./verify           a file that is named like a command
  repoview repo.car | less         the info page: a pipe is no terminal
  curl -s URL | repoview -         what comes down a pipe

In the explorer, ? shows the keys, and q ends it.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@reading_options
@common_options
def command(run: Run, source: str, **reading: str) -> None:
    """Explore SOURCE in the terminal.

    Without a terminal, or where TERM is dumb, the info page is printed.
    """
    open_explorer(run, source, checks_of(**reading))


def open_explorer(run: Run, source: str, checks: Checks) -> None:
    """Open the explorer on *source*, or print its info page."""
    if not is_screen(keys_elsewhere=source == STANDARD_INPUT):
        from repoview.cli.info import show_info

        with run.load(source, checks) as repo:
            show_info(run, repo)
        return
    # What cannot be read at all is said here, on the ordinary screen.
    refuse_early(source)
    target = keyboard_apart(source)
    from repoview.tui import run as run_explorer

    run.exit_code = run_explorer(target, run.settings(checks), source)
