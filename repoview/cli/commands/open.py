"""`repoview open`: the explorer, or the info page where it cannot run."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.console import is_screen
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.judging.policy import most_option
from repoview.cli.options.option_types import SourcePath
from repoview.cli.options.options import Run, common_options
from repoview.cli.reading import (
    STANDARD_INPUT,
    keyboard_apart,
    refuse_early,
    temporary_files_in,
)
from repoview.cli.serving import serve_pages, web_options, web_wanted
from repoview.folders import config_folder, state_folder
from repoview.listing import is_folder
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repoview.core.verify.verify import Checks
    from repoview.settings import Settings

CONFIG_NAME: Final = "config.toml"

_TEXTUAL: Final = {"ESCDELAY": "20", "TEXTUAL_FPS": "120"}
"""Defaults of environment variables that Textual reads.

An Esc that nothing follows within 20 ms is the key, not within 100; and what
changed is drawn within 8 ms, not 17.
"""

EXAMPLES: Final = """\
Examples:
  repoview repo.car                short for: repoview open repo.car
  repoview A.car B.car             both, each in a tab
  repoview backups/                a folder: a line each, Enter opens one
  repoview open ./verify           a file that is named like a command
  repoview repo.car | less         the info page: a pipe is no terminal
  curl -s URL | repoview -         from a pipe
  repoview open --web repo.car     in a browser on this machine

In the explorer, ? shows the keys, and q ends it.
"""


class Open(Command):
    """The command, whose help tells where the user's own settings are."""

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
@click.argument(
    "sources", metavar="SOURCE...", type=SourcePath(), nargs=-1, required=True
)
@most_option
@reading_options
@web_options
@common_options
def command(
    run: Run,
    sources: tuple[str, ...],
    *,
    web: bool,
    port: int | None,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Explore SOURCE in the terminal; several, each in a tab; of a folder, a list.

    Without a terminal, or where TERM is dumb, the info page is printed.
    """
    if sources.count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input can be read only once")
    checks = checks_of(**reading)
    if web_wanted(web=web, port=port):
        if STANDARD_INPUT in sources:
            raise click.UsageError("--web opens files and addresses, no pipes")
        for source in sources:
            refuse_early(source)
        serve_pages(run, port)
    else:
        open_explorer(run, sources, checks)


def open_explorer(run: Run, sources: Sequence[str], checks: Checks) -> None:
    """Open the explorer on all *sources*, or print their info pages.

    Args:
        run: This one.
        sources: Files, addresses, or standard input.
        checks: What to check.
    """
    if not is_screen(keys_elsewhere=STANDARD_INPUT in sources):
        _show_pages(run, sources, checks)
        return
    if len(sources) == 1 and is_folder(sources[0]):
        from repoview.tui import browse_folder

        run.exit_code = browse_folder(sources[0], explorer_settings(run, checks))
        return
    # What cannot be read at all is said here, on the ordinary screen.
    for source in sources:
        refuse_early(source)
    targets = [(keyboard_apart(source), source) for source in sources]
    settings = explorer_settings(run, checks)
    from repoview.tui import run as run_explorer

    is_wanted = run.disk_limit and not run.no_cache
    # Those of an editor or pager stay where they are looked for.
    aside = temporary_files_in(run.cache_dir, "SQLITE_TMPDIR")
    with aside if is_wanted else nullcontext():
        run.exit_code = run_explorer(targets, settings)


def _show_pages(run: Run, sources: Sequence[str], checks: Checks) -> None:
    """Print the info page of each, and end as the worst of them does."""
    from repoview.cli.commands.info import show_info

    codes = []
    for number, source in enumerate(sources):
        if number:
            run.console.line("")
        run.exit_code = 0
        with run.load(source, checks) as repo:
            show_info(run, repo)
        codes.append(run.exit_code)
    run.exit_code = max(codes)


def explorer_settings(run: Run, checks: Checks) -> Settings:
    """Return the settings of this run, with what only the explorer asks for.

    Also sets the environment variables that Textual reads.
    """
    from repoview.settings import Settings

    for name, value in _TEXTUAL.items():
        os.environ.setdefault(name, value)
    # --no-cache means no bookmarks either.
    state = None if run.no_cache else state_folder()
    color = run.console.paint.on
    pager, editor = (os.environ.get(name, "") for name in ("PAGER", "EDITOR"))
    return Settings(
        run.options(checks),
        config=_config(),
        state=state,
        is_passing=run.is_passing,
        pager=pager,
        editor=editor,
        color=color,
    )


def _config() -> Path | None:
    """Return the file with the user's own settings, None without a home."""
    folder = config_folder()
    return None if folder is None else folder / CONFIG_NAME
