"""The explorer: repositories on the screens of a terminal.

Its public functions are `run`, `ask_source`, `browse_folder` and `learn`. Screens hold
widgets, widgets hold values, and both reach the engine through `session` only.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    from repoview.signals import on_ending
    from repoview.tui.app.base.garbage import begin_start
    from repoview.tui.app.base.splash import Splash

    begin_start()
    apps: list[Program] = []
    # Otherwise a busy loading thread delays every key by 5 ms.
    sys.setswitchinterval(0.001)
    name = targets[0][1] or str(targets[0][0])
    with on_ending(_ending(apps)), Splash(name) as splash:
        from repoview.tui.visits.visit import Visit

        visits = [Visit(target, settings, name) for target, name in targets]
        for visit in visits:
            # Sources are read while the screens are still being imported.
            visit.loading.give_way()
            visit.loading.begin()

        from repoview.tui.app.explorer import Explorer

        apps.append(app := Explorer(visits, settings))
        app.before_drawing = splash.over
        threading.excepthook = app.thread_failed
        app.run()
    return _code_of(app)


def ask_source(settings: Settings) -> tuple[int, str | None]:
    """Ask the user what to open.

    Returns:
        The exit code, and what was chosen: a path, an address, or
        `screens.start.DEMO`; None if the user left.
    """
    from repoview.signals import on_ending
    from repoview.tui.app.base.garbage import begin_start

    begin_start()
    apps: list[Program] = []
    with on_ending(_ending(apps)):
        from repoview.tui.app.start import Starter

        apps.append(app := Starter(settings))
        app.run()
    return _code_of(app), app.chosen


def browse_folder(place: str, settings: Settings) -> int:
    """Show the repositories of a folder, and return the exit code.

    One that is chosen is opened in the explorer, which leads back when it is left.

    Args:
        place: A folder with CARs, or a data set that `repoview fleet` wrote.
        settings: What to check, and how much memory to use.
    """
    from repoview.signals import on_ending
    from repoview.tui.app.base.splash import Splash

    sys.setswitchinterval(0.001)
    apps: list[Program] = []
    with on_ending(_ending(apps)), Splash(place) as splash:
        from repoview.tui.app.folder import FolderApp
        from repoview.tui.session.folder import Folder

        folder = Folder(place, settings.options)
        app = FolderApp(settings, folder)
        app.before_drawing = splash.over
        apps.append(app)
        app.run()
    while (code := _code_of(app)) < _BY_SIGNAL and app.chosen is not None:
        source = app.chosen
        if (code := run([(source, source)], settings)) >= _BY_SIGNAL:
            break
        apps.clear()
        with on_ending(_ending(apps)):
            apps.append(app := FolderApp(settings, folder, source))
            app.run()
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
    from repoview.signals import on_ending
    from repoview.tui.app.base.garbage import begin_start

    begin_start()
    while True:
        apps: list[Program] = []
        with on_ending(_ending(apps)):
            from repoview.tui.app.learner import BreakAt, Learner

            app = Learner(settings, lesson, is_sandbox=is_sandbox, breaking=breaking)
            apps.append(app)
            app.run()
        code = _code_of(app)
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


def _code_of(app: Program) -> int:
    """Return the exit code; raise a fault, as the terminal is restored by now."""
    if app.fault is not None:
        raise app.fault
    return app.return_code or 0


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
