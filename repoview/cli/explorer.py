"""`repoview open`: the explorer, or the info page where it cannot run."""

from __future__ import annotations

from dataclasses import replace
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
from repoview.folders import config_folder, state_folder
from repoview.present import safe

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.verify import Checks
    from repoview.settings import Settings

CONFIG_NAME: Final = "config.toml"

EXAMPLES: Final = """\
Examples:
  repoview repo.car                short for: repoview open repo.car
  repoview open ./verify           a file that is named like a command
  repoview repo.car | less         the info page: a pipe is no terminal
  curl -s URL | repoview -         what comes down a pipe

In the explorer, ? shows the keys, and q ends it.
"""


class Open(Command):
    """The command, whose help tells where the reader's own settings are."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the page."""
        super().format_help(ctx, formatter)
        path = _config()
        if path is not None:
            formatter.write(
                "\nTheme, keys and more are set in this file, if it is there:\n"
            )
            formatter.write(f"  {safe(str(path), 1_000)}\n")


@click.command(cls=Open, epilog=EXAMPLES)
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

    run.exit_code = run_explorer(target, _settings(run, checks), source)


def _settings(run: Run, checks: Checks) -> Settings:
    """Return the settings of this run, with what only the explorer asks for."""
    settings = run.settings(checks)
    # Who keeps nothing for the next time keeps no bookmarks either.
    state = None if run.no_cache else state_folder()
    color = run.console.paint.on
    return replace(settings, config=_config(), state=state, color=color)


def _config() -> Path | None:
    """Return the file with the reader's own settings, None without a home."""
    folder = config_folder()
    return None if folder is None else folder / CONFIG_NAME
