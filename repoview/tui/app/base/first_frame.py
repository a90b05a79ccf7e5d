"""Drawing is held back until the first frame is complete.

A screen is built in steps (layout, rows, the record under the cursor), and
Textual draws after each. Here the first one drawn is the last one.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from repoview.tui.app.base.garbage import end_start
from repoview.tui.textual_internals import Drawing, is_whole, whole_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

_TIMEOUT: Final = 1.5
"""Seconds after which an incomplete frame is drawn."""

DRAWN: Final = 0.3
"""Seconds after which a screen has been drawn for the first time."""

_POLL: Final = 0.02
"""Seconds between two polls for whether the frame is complete."""


class WholeFirst(Drawing):
    """An app that draws nothing until its first frame is complete."""

    def __init__(self) -> None:
        super().__init__()
        self.before_drawing: Callable[[], None] = lambda: None
        """Called before anything is drawn."""
        self.release: Callable[[], None] = lambda: None
        """Set by the driver: writes the output that it has held back."""
        self.is_drawing = False
        self._begun = monotonic()

    @property
    def has_frame(self) -> bool:
        """Whether the first frame is complete."""
        return True

    @property
    def wants_frame(self) -> bool:
        """Whether a frame is drawn: any after the first, which is complete."""
        return self.is_drawing or self.has_frame or self.waited > _TIMEOUT

    @property
    def waited(self) -> float:
        """Seconds since it was started."""
        return monotonic() - self._begun

    def begin_drawing(self) -> None:
        """Begin to write to the terminal, which is untouched until then."""
        if not self.is_drawing:
            self.is_drawing = True
            end_start()
            self.before_drawing()
            self.release()

    def on_mount(self) -> None:
        """Begin to poll for a complete frame."""
        self._begun = monotonic()
        if not self.can_hold_back:
            self.begin_drawing()
        self._polling = self.set_interval(_POLL, self._poll_frame)

    def _poll_frame(self) -> None:
        if self.is_drawing:
            self._polling.stop()
        elif self.has_frame or self.waited > _TIMEOUT:
            self.refresh(layout=True)

    def piece(self, drawn: RenderableType | None) -> RenderableType | None:
        """Draw a part of a screen; the first time, all of it."""
        if self.is_drawing:
            return drawn
        if not self.wants_frame:
            return None
        self.begin_drawing()
        return drawn if is_whole(drawn) else whole_screen(self)
