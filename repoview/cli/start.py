"""`repoview` alone: on a terminal, asks what to open."""

from __future__ import annotations

import click

from repoview.cli.command import Command
from repoview.cli.commands.open import explorer_settings, open_explorer
from repoview.cli.judging.judging import checks_of
from repoview.cli.options.options import Run, common_options


@click.command(cls=Command, hidden=True)
@common_options
def command(run: Run) -> None:
    """Ask what to open, and open it."""
    from repoview.tui import ask_source
    from repoview.tui.screens.start import DEMO

    checks = checks_of()
    run.exit_code, chosen = ask_source(explorer_settings(run, checks))
    if chosen == DEMO:
        from repoview.cli.commands.demo import DEFAULT_RECORDS, open_sample

        open_sample(run, DEFAULT_RECORDS)
    elif chosen is not None:
        open_explorer(run, [chosen], checks)
