"""A bar on stderr for what takes longer than half a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Self

from repoview.core.wording import count_text
from repoview.present.text import size_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import TextIO

    from repoview.core.load.result import Progress

PATIENCE: Final = 0.5
"""Seconds before the bar shows: most runs are over by then."""

PACE: Final = 0.1
"""Seconds between two drawings."""

_CELLS: Final = 16
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_LABELS: Final = {
    "load": "reading",
    "search": "searching",
    "walk": "walking",
    "select": "selecting",
    "export": "writing",
    "rewrite": "writing",
    "unlinked": "looking at blocks",
    "blobs": "looking for blobs",
    "hash": "hashing",
    "sizes": "counting bytes",
    "keys": "looking for keys",
    "order": "listing blocks",
    "walk order": "comparing",
    "diff": "comparing",
    "keep": "caching",
}
ERASE: Final = "\r\x1b[K"


class StatusLine:
    """A line at the foot of a terminal: drawn now and then, and erased at the end.

    Args:
        stream: A terminal; None draws nothing.
        clock: Monotonic seconds.
    """

    def __init__(
        self, stream: TextIO | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.begun = clock()
        self.is_drawn = False
        self._stream = stream
        self._clock = clock
        self._next = self.begun + PATIENCE

    @property
    def is_shown(self) -> bool:
        """Whether there is a terminal to draw it on."""
        return self._stream is not None

    def draw(self, line: Callable[[float], str]) -> None:
        """Draw it, if the last drawing is old enough.

        Args:
            line: Returns its text, of the time by the clock.
        """
        now = self._clock()
        if self._stream is None or now < self._next:
            return
        self._next = now + PACE
        self.is_drawn = True
        from shutil import get_terminal_size

        width = get_terminal_size().columns
        self._stream.write(ERASE + line(now)[: width - 1])
        self._stream.flush()

    def draw_again(self, line: Callable[[float], str]) -> None:
        """Draw it at once."""
        self._next = 0.0
        self.draw(line)

    def erase(self) -> None:
        """Leave nothing on the terminal."""
        if self.is_drawn and self._stream is not None:
            self.is_drawn = False
            self._stream.write(ERASE)
            self._stream.flush()


class Bar:
    """Draws progress on one line, and erases it at the end.

    Args:
        stream: A terminal; None draws nothing.
        clock: Monotonic seconds.
    """

    def __init__(
        self, stream: TextIO | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._line = StatusLine(stream, clock)
        self._clock = clock
        self._stage = ""
        self._stage_begun = self._line.begun

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.erase()

    def erase(self) -> None:
        """Leave nothing on the terminal."""
        self._line.erase()

    def __call__(self, progress: Progress) -> None:
        """Store *progress*, and draw it if the last drawing is old enough."""
        if not self._line.is_shown:
            return
        if progress.stage != self._stage:
            self._stage, self._stage_begun = progress.stage, self._clock()
        self._line.draw(lambda now: bar_line(progress, now - self._stage_begun))


def bar_line(progress: Progress, seconds: float) -> str:
    """Return the bar as text.

    Args:
        progress: How far it is.
        seconds: Since the stage began.
    """
    label = _LABELS.get(progress.stage, progress.stage)
    if not progress.total:
        return f"{label}  {size_text(progress.done)}"
    share = min(progress.done / progress.total, 1)
    eighths = round(share * _CELLS * 8)
    full, rest = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return (
        f"{label} {bar:<{_CELLS}}▏{share:4.0%}  {_amount(progress)}"
        f"{_time_left(share, seconds)}"
    )


def _amount(progress: Progress) -> str:
    if progress.stage == "load":
        done = f"{size_text(progress.done)} of {size_text(progress.total)}"
        return f"{done}, {count_text(progress.blocks, 'block')}"
    return f"{progress.done:,} of {progress.total:,}"


def _time_left(share: float, seconds: float) -> str:
    if share < 0.02 or share >= 1 or seconds < PATIENCE:
        return ""
    left = round(seconds / share * (1 - share))
    if left < 120:
        return f", {left} s left" if left else ""
    return f", {left // 60} min left"
