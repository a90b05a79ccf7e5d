"""The explorer: repositories on the screens of a terminal.

`run` and `ask_source` are all that the rest of the program needs. Screens hold
widgets, widgets hold values, and `session` is the one bridge from both to the
engine.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.source.opener import Target
    from repoview.settings import Settings
    from repoview.tui.app.program import Program


def run(targets: Sequence[tuple[Target, str | None]], settings: Settings) -> int:
    """Open the explorer, a tab for each target, and return the exit code.

    0 after an ordinary visit, 130 when Ctrl-C ended it, 128 and its number when
    another signal did, and the verdict's own code when there is one source and
    no tree of it could be read.

    Args:
        targets: What `repoview.open` takes, and what people call it. Keys come
            from standard input, so it is not that.
        settings: What to check, and how much memory to take.
    """
    from repoview.signals import on_ending
    from repoview.tui.app.splash import Splash

    apps: list[Program] = []
    # A busy loading thread would otherwise hold every key for 5 ms.
    sys.setswitchinterval(0.001)
    name = targets[0][1] or str(targets[0][0])
    with on_ending(_ending(apps)), Splash(name) as splash:
        from repoview.tui.visits.visit import Visit

        visits = [Visit(target, settings, name) for target, name in targets]
        for visit in visits:
            # The sources are read while the program of the screens is.
            visit.loading.begin()
        from repoview.tui.app.explorer import Explorer

        apps.append(app := Explorer(visits, settings))
        app.before_drawing = splash.over
        threading.excepthook = app.thread_failed
        app.run()
    return _code_of(app)


def ask_source(settings: Settings) -> tuple[int, str | None]:
    """Ask the reader what to open.

    Returns:
        The exit code for who left, and what was chosen: a path, an address, or
        `screens.start.DEMO`; None for nothing.
    """
    from repoview.signals import on_ending

    apps: list[Program] = []
    with on_ending(_ending(apps)):
        from repoview.tui.app.start import Starter

        apps.append(app := Starter(settings))
        app.run()
    return _code_of(app), app.chosen


def _code_of(app: Program) -> int:
    """Return how to exit; a fault is raised, now that the terminal is given back."""
    if app.fault is not None:
        raise app.fault
    return app.return_code or 0


def _ending(apps: Sequence[Program]) -> Callable[[int], None]:
    """Return what a signal does: it ends the screens as a key would, if any.

    Args:
        apps: Has the app from the moment on when there is one.
    """
    from repoview.signals import end

    def ended(number: int) -> None:
        if not any(app.end_for(number) for app in apps):
            end(number)

    return ended
