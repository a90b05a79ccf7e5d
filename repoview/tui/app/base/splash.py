"""The splash screen: one line, shown only if the app starts slowly.

The app takes half a second to start, most of it for imports, and its first
frame is complete. If that takes longer, a line is shown on the terminal's
alternate screen until then.
"""

from __future__ import annotations

import os
import shutil
import sys
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final, Self

from repoview.present import cells, safe

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

_DELAY: Final = 0.7
"""Seconds before the line is shown."""

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[2J"
"""Switches to the alternate screen, hides the cursor, and clears it."""

_LEAVE: Final = "\x1b[?25h\x1b[?1049l"
"""Undoes that; the app does so too when it exits."""


class Splash:
    """Says that something is being opened, until the app takes the terminal.

    If the app never does, because of an exception, the terminal is restored.

    Args:
        name: What is opened.
        delay: Seconds until it is shown.
    """

    def __init__(self, name: str, delay: float = _DELAY) -> None:
        self._name = name
        # Where the app will write; on Windows it prepares the terminal first.
        self._terminal = sys.__stderr__ if os.name == "posix" else None
        self._timer = Timer(delay, self._say)
        self._timer.daemon = True
        self._lock = Lock()
        self._is_over = False
        self._is_said = False

    def __enter__(self) -> Self:
        """Start the timer."""
        if self._terminal is not None and self._terminal.isatty():
            self._timer.start()
        return self

    def over(self) -> None:
        """Leave the terminal to the app, just before it writes to it."""
        with self._lock:
            self._timer.cancel()
            self._is_over = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Restore the terminal, unless the app has."""
        had_no_screens = not self._is_over
        self.over()
        if had_no_screens and self._is_said:
            self._write(_LEAVE)

    def _say(self) -> None:
        width, height = shutil.get_terminal_size()
        line = f"Opening {safe(self._name, max(width - 20, 1))}"
        column = max((width - cells(line)) // 2, 0) + 1
        with self._lock:
            if not self._is_over:
                self._is_said = True
                self._write(f"{_ENTER}\x1b[{height // 2};{column}H{line}")

    def _write(self, text: str) -> None:
        terminal: TextIO | None = self._terminal
        if terminal is not None:
            terminal.write(text)
            terminal.flush()
