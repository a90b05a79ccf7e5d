"""The explorer: repositories on the screens of a terminal.

`run` is all that the rest of the program needs. Screens hold widgets, widgets
hold values, and `session` is the one bridge from both to the engine.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.opener import Target
    from repoview.settings import Settings
    from repoview.tui.app import Explorer


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
    from repoview.signals import end, on_ending
    from repoview.tui.splash import splash

    app: Explorer | None = None

    def ended(number: int) -> None:
        """End as a key would, if there are screens; else at once."""
        if app is None or not app.end_for(number):
            end(number)

    # A busy loading thread would otherwise hold every key for 5 ms.
    sys.setswitchinterval(0.001)
    with on_ending(ended), splash(targets[0][1] or str(targets[0][0])):
        from repoview.tui.visit import Visit

        visits = [Visit(target, settings, name) for target, name in targets]
        for visit in visits:
            # The sources are read while the program of the screens is.
            visit.loading.begin()
        from repoview.tui.app import Explorer

        app = Explorer(visits, settings)
        app.run()
    return app.return_code or 0
