"""The first frame is a whole one: nothing is drawn before.

A screen comes up in steps (laid out, given rows, given the record under the
cursor) and Textual draws each of them.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType
    from textual.screen import Screen

_PATIENCE: Final = 1.5
"""Seconds after which anything is better than nothing."""

_LOOK: Final = 0.02
"""Seconds between two looks at whether all is there."""


class WholeFirst(App[None]):
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
        self._looking = self.set_interval(_LOOK, self._look_for_frame)

    def _look_for_frame(self) -> None:
        if self.is_drawing:
            self._looking.stop()
        elif self.has_frame or self.waited > _PATIENCE:
            self.refresh(layout=True)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Draw a part of a screen, but for the first time the whole of it."""
        if not self.is_drawing:
            if not self.has_frame and self.waited <= _PATIENCE:
                return
            self.begin_drawing()
            renderable = self.screen._compositor.render_update(  # noqa: SLF001 (no other way to have all of it)
                full=True, screen_stack=self._background_screens
            )
        super()._display(screen, renderable)
