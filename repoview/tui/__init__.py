"""The explorer: repositories on the screens of a terminal.

Its public functions are `run`, `ask_source`, `browse_folder` and `learn`. Screens hold
widgets, widgets hold values, and both reach the engine through `session` only.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.breaking.cases import Case
    from repoview.core.source.opener import Target
    from repoview.learn.shelf import Kept
    from repoview.settings import Settings
    from repoview.tui.app.base.program import Program
    from repoview.tui.app.learner import BreakAt

_BY_SIGNAL: Final = 128
"""Exit codes from here on tell of a signal."""


def run(targets: Sequence[tuple[Target, str | None]], settings: Settings) -> int:
    """Open the explorer, a tab for each target, and return the exit code.

    0 when the user quits, 130 after Ctrl-C, 128 plus its number after another
    signal, and the verdict's own code when there is one source and its tree
    cannot be read.

    Args:
        targets: What `repoview.open` takes, each with the name to show for it.
            Never standard input: keys are read from there.
        settings: What to check, and how much memory to use.
    """
    name = targets[0][1] or str(targets[0][0])
    with _starting(name) as show:
        from repoview.tui.visits.visit import Visit

        visits = [Visit(target, settings, name) for target, name in targets]
        for visit in visits:
            # Sources are read while the screens are still being imported.
            visit.loading.give_way()
            visit.loading.begin()

        from repoview.tui.app.explorer import Explorer

        return show(Explorer(visits, settings))


def ask_source(settings: Settings) -> tuple[int, str | None]:
    """Ask the user what to open.

    Returns:
        The exit code, and what was chosen: a path, an address, or
        `screens.start.DEMO`; None if the user left.
    """
    with _starting("repoview") as show:
        from repoview.tui.app.start import Starter

        app = Starter(settings)
        return show(app), app.chosen


def browse_folder(place: str, settings: Settings) -> int:
    """Show the repositories of a folder, and return the exit code.

    One that is chosen is opened in the explorer, which leads back when it is left.

    Args:
        place: A folder with CARs, or a data set that `repoview fleet` wrote.
        settings: What to check, and how much memory to use.
    """
    folder: Folder | None = None
    source = ""
    while True:
        with _starting(place) as show:
            from repoview.tui.app.folder import FolderApp
            from repoview.tui.session.folder import Folder

            folder = folder or Folder(place, settings.options)
            app = FolderApp(settings, folder, source)
            code = show(app)
        if code >= _BY_SIGNAL or app.chosen is None:
            return code
        source = app.chosen
        if (code := run([(source, source)], settings)) >= _BY_SIGNAL:
            return code


def learn(
    settings: Settings,
    lesson: Kept | None = None,
    *,
    is_sandbox: bool = False,
    breaking: BreakAt | None = None,
) -> int:
    """Open the lessons, and return the exit code.

    A broken file is opened in the explorer, which leads back when it is left.

    Args:
        settings: Where the state is, and the look.
        lesson: The one to open at once; None for the list.
        is_sandbox: Whether to open the sandbox at once.
        breaking: Which of the broken files to open at once; None for none.
    """
    while True:
        with _starting("the lessons") as show:
            from repoview.tui.app.learner import BreakAt, Learner

            app = Learner(settings, lesson, is_sandbox=is_sandbox, breaking=breaking)
            code = show(app)
        if app.opened is None:
            return code
        if (code := _explore_broken(settings, *app.opened)) >= _BY_SIGNAL:
            return code
        lesson, is_sandbox, breaking = None, False, BreakAt("", app.opened[0])


def _explore_broken(settings: Settings, case: Case, is_twin: bool) -> int:  # noqa: FBT001 (as it is kept)
    """Open a broken file, or its twin, in the explorer; return the exit code."""
    from repoview.breaking.cases import data_of, title_for
    from repoview.tui.app.breaking import broken_settings

    data, name = data_of(case, is_twin=is_twin), title_for(case, is_twin=is_twin)
    return run([(data, name)], broken_settings(settings, case))


@contextmanager
def _starting(name: str) -> Iterator[Callable[[Program], int]]:
    """Import and make an app, and then show it.

    Args:
        name: What a line says that is opened, if all of that takes long.

    Yields:
        A function that runs an app to its end, and returns the exit code. It raises
        a fault, as the terminal is restored by then.
    """
    from repoview.signals import on_ending
    from repoview.tui.app.base.garbage import begin_start
    from repoview.tui.app.base.splash import Splash

    begin_start()
    # Otherwise a busy loading thread delays every key by 5 ms.
    sys.setswitchinterval(0.001)
    apps: list[Program] = []
    with on_ending(_ending(apps)), Splash(name) as splash:

        def show(app: Program) -> int:
            apps.append(app)
            app.before_drawing = splash.over
            with _faults_of_threads(app):
                app.run()
            if app.fault is not None:
                raise app.fault
            return app.return_code or 0

        yield show


@contextmanager
def _faults_of_threads(app: Program) -> Iterator[None]:
    """Let an app end for what a thread raises."""
    before, threading.excepthook = threading.excepthook, app.thread_failed
    try:
        yield
    finally:
        threading.excepthook = before


def _ending(apps: Sequence[Program]) -> Callable[[int], None]:
    """Return a signal handler: it ends the app as a key does, if there is one.

    Args:
        apps: Empty until the app is made.
    """
    from repoview.signals import end

    def ended(number: int) -> None:
        if not any(app.end_for(number) for app in apps):
            end(number)

    return ended
