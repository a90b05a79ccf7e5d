"""What people see while there are no screens yet: nothing, or one line.

The screens take half a second to come up, most of it to read their program,
and then are there as a whole. Only where they take longer the terminal's other
page has a line until they are.
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

_PATIENCE: Final = 0.7
"""Seconds that nobody needs to be told anything."""

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[2J"
"""To the other page, without a cursor, and empty it."""

_LEAVE: Final = "\x1b[?25h\x1b[?1049l"
"""What undoes that; the screens do so too when they end."""


class Splash:
    """Says that something is being opened, until the screens take over.

    If they never do, because what makes and runs them ends with an exception,
    the terminal is as it was before.

    Args:
        name: What is opened.
        patience: Seconds until it says so.
    """

    def __init__(self, name: str, patience: float = _PATIENCE) -> None:
        self._name = name
        # Where the screens will write; on Windows they prepare the terminal first.
        self._terminal = sys.__stderr__ if os.name == "posix" else None
        self._timer = Timer(patience, self._say)
        self._timer.daemon = True
        self._lock = Lock()
        self._is_over = False
        self._is_said = False

    def __enter__(self) -> Self:
        """Begin to wait."""
        if self._terminal is not None and self._terminal.isatty():
            self._timer.start()
        return self

    def over(self) -> None:
        """Let the screens have the terminal, just before they write to it."""
        with self._lock:
            self._timer.cancel()
            self._is_over = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the terminal back, if nobody else has."""
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
