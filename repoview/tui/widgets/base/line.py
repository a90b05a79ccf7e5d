"""An input that passes on the keys typed after Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Iterable


class Line(Input):
    """An `Input` that buffers the keys after Enter until the focus has moved.

    Keys typed right after Enter arrive before its owner has moved the focus.
    They are buffered, and passed to the widget that has the focus then. An
    owner that leaves the focus here calls `resume`.
    """

    def __init__(self, *, placeholder: str, id: str) -> None:  # noqa: A002 (Textual's word)
        super().__init__(placeholder=placeholder, id=id)
        self._is_left = False
        self._held: list[tuple[str, str | None]] = []

    def resume(self) -> None:
        """Insert keys again: the focus stays here."""
        self._give(())

    def on_blur(self) -> None:
        """Pass the buffered keys to the widget that has the focus now."""
        held, self._held = self._held, []
        self._give(held)

    def _give(self, keys: Iterable[tuple[str, str | None]]) -> None:
        self._is_left = False
        for key, character in keys:
            self.app.post_message(events.Key(key, character))

    def on_key(self, event: events.Key) -> None:
        """Buffer keys after Enter."""
        if self._is_left:
            event.stop()
            event.prevent_default()
            self._held.append((event.key, event.character))
        # The action of Enter runs only after this handler.
        self._is_left = self._is_left or event.key == "enter"
