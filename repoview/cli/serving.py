"""`--web`: what a command opens on the terminal, in a browser on this machine."""

from __future__ import annotations

import os
import sys
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.console import IN_BROWSER
from repoview.cli.options.option_types import Refused, Whole
from repoview.core.errors import SourceError, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repoview.cli.options.options import Run

WORDS: Final = "repoview.words"
"""Under which a click context has the words of the command line."""

_INSTALL: Final = "python3 -m pip install 'atproto-repoview[web]'"
_PACKAGES: Final = ("aiohttp", "textual_serve")

_PROGRAM: Final = (
    "import sys; n = int(sys.argv[1]) + 2; sys.path[:] = sys.argv[2:n]; "
    "del sys.argv[1:n]; from repoview.cli import program; program()"
)
"""Imports from where this program does, and from nowhere else."""

_DRIVER: Final = {
    IN_BROWSER: "1",
    "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TERM": "xterm-256color",
}
_NOT_THERE: Final = ("PAGER", "EDITOR", "TEXTUAL", "TEXTUAL_LOG")
"""What needs a terminal, or writes files elsewhere."""


def web_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options `web` and `port`."""
    options = (
        click.option(
            "--web", is_flag=True, help="Serve it to a browser on this machine."
        ),
        click.option(
            "--port",
            type=Whole(1, 65_535),
            metavar="N",
            help="The port for --web; else any that is free.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def web_wanted(*, web: bool, port: int | None) -> bool:
    """Tell whether pages are to be served."""
    if port is not None and not web:
        raise click.UsageError("--port goes with --web")
    return web


def serve_pages(run: Run, port: int | None) -> None:
    """Serve the command of this run, without its --web, until a signal ends that.

    Raises:
        Refused: What it needs is not installed.
        SourceError: The port cannot be used.
    """
    if not all(map(find_spec, _PACKAGES)):
        raise Refused(f"--web needs more packages: {_INSTALL}")
    import asyncio

    from repoview.web.serve import serve

    words = page_words(click.get_current_context().meta[WORDS])
    tell = partial(_tell, run)
    served = serve(page_command(words), page_environment(), port or 0, tell)
    try:
        run.exit_code = asyncio.run(served)
    except OSError as error:
        says = f"cannot listen on port {port or 0:,}: {reason_of(error)}"
        raise SourceError(says) from error


def page_words(words: Sequence[str]) -> list[str]:
    """Return the words of a command line without --web and --port."""
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*kept, word, *rest]
        if word == "--port":
            next(rest, None)
        elif word != "--web" and not word.startswith("--port="):
            kept.append(word)
    return kept


def page_command(words: Sequence[str]) -> list[str]:
    """Return the program behind a page, with the words of its command line."""
    program = (sys.executable, "-P", "-c", _PROGRAM, str(len(sys.path)))
    return [*program, *sys.path, *words]


def page_environment() -> Mapping[str, str]:
    """Return the environment variables of the program behind a page."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_THERE}
    return {**kept, **_DRIVER}


def _tell(run: Run, address: str) -> None:
    run.console.line(address)
    run.console.out.flush()
    if not run.quiet:
        run.console.note(
            "open this address in a browser on this machine; each page is a program "
            "of its own, and Ctrl-C ends all"
        )
