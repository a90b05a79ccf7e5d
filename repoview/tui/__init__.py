"""The explorer: a repository on the screens of a terminal.

`run` is all that the rest of the program needs. Screens hold widgets, widgets
hold values, and `session` is the one bridge from both to the engine.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repoview.core.opener import Target
    from repoview.settings import Settings


def run(target: Target, settings: Settings, name: str | None = None) -> int:
    """Open the explorer on *target*, and return the exit code.

    0 after an ordinary visit, 130 when opening was cancelled or Ctrl-C ended
    it, and the verdict's own code when no tree could be read.

    Args:
        target: What `repoview.open` takes. Keys come from standard input, so
            it is not that.
        settings: What to check, and how much memory to take.
        name: What people call the target.
    """
    from repoview.tui.app import Explorer  # noqa: PLC0415 (0.2 s: only when shown)

    # A busy loading thread would otherwise hold every key for 5 ms.
    sys.setswitchinterval(0.001)
    app = Explorer(target, settings, name)
    app.run()
    return app.return_code or 0
