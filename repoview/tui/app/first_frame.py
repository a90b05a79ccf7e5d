"""The first frame is a whole one: nothing is drawn before.

A screen comes up in steps (laid out, given rows, given the record under the
cursor) and Textual draws each of them.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from repoview.tui.textual_internals import Drawing, whole_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

_PATIENCE: Final = 1.5
"""Seconds after which anything is better than nothing."""

DRAWN: Final = 0.3
"""Seconds after which a first screen is surely drawn."""

_LOOK: Final = 0.02
"""Seconds between two looks at whether all is there."""


class WholeFirst(Drawing):
    """An app that draws nothing until it has a whole screen to show."""

    def __init__(self) -> None:
        super().__init__()
        self.before_drawing: Callable[[], None] = lambda: None
        """Called before anything is drawn."""
        self.release: Callable[[], None] = lambda: None
        """Given by the driver: lets out what it keeps until something is drawn."""
        self.is_drawing = False
        self._begun = monotonic()

    @property
    def has_frame(self) -> bool:
        """Whether all is there that the first frame is to have."""
        return True

    @property
    def waited(self) -> float:
        """Seconds since it began to come up."""
        return monotonic() - self._begun

    def begin_drawing(self) -> None:
        """Take the terminal, which was left as it was until now."""
        if not self.is_drawing:
            self.is_drawing = True
            self.before_drawing()
            self.release()

    def on_mount(self) -> None:
        """Begin to look for what there is to show."""
        self._begun = monotonic()
        if not self.can_hold_back:
            self.begin_drawing()
        self._looking = self.set_interval(_LOOK, self._look_for_frame)

    def _look_for_frame(self) -> None:
        if self.is_drawing:
            self._looking.stop()
        elif self.has_frame or self.waited > _PATIENCE:
            self.refresh(layout=True)

    def piece(self, drawn: RenderableType | None) -> RenderableType | None:
        """Draw a piece of a screen, but for the first time the whole of it."""
        if self.is_drawing:
            return drawn
        if not self.has_frame and self.waited <= _PATIENCE:
            return None
        self.begin_drawing()
        return whole_screen(self)
