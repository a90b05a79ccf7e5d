"""What people see first: one line, before the screens are there.

The screens take half a second to come up, most of it to read their program.
Until then the terminal's other page has a line; they go on from there.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from repoview.present import cells, safe

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[2J"
"""To the other page, without a cursor, and empty it."""

_LEAVE: Final = "\x1b[?25h\x1b[?1049l"
"""What undoes that; the screens do so too when they end."""


@contextmanager
def splash(name: str) -> Iterator[None]:
    """Show that something is being opened, until the screens take over.

    If they never do, because what makes and runs them ends with an exception,
    the terminal is as it was before.

    Args:
        name: What is opened.
    """
    # Where the screens will write; on Windows they prepare the terminal first.
    terminal = sys.__stderr__
    if terminal is None or os.name != "posix" or not terminal.isatty():
        yield
        return
    width, height = shutil.get_terminal_size()
    line = f"Opening {safe(name, max(width - 20, 1))}"
    column = max((width - cells(line)) // 2, 0) + 1
    try:
        terminal.write(f"{_ENTER}\x1b[{height // 2};{column}H{line}")
        terminal.flush()
        yield
    except BaseException:
        terminal.write(_LEAVE)
        terminal.flush()
        raise
