"""A line to type into, which keeps no key that was meant for what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Iterable


class Line(Input):
    """An `Input` that a fast typist can leave with Enter.

    Keys typed right behind Enter reach it before its owner has moved the focus.
    They are held, and given to whatever has the focus then. An owner that lets
    the line have the focus calls `resume`.
    """

    def __init__(self, *, placeholder: str, id: str) -> None:  # noqa: A002 (Textual's word)
        super().__init__(placeholder=placeholder, id=id)
        self._is_left = False
        self._held: list[tuple[str, str | None]] = []

    def resume(self) -> None:
        """Take keys again: the line was not left."""
        self._give(())

    def on_blur(self) -> None:
        """Let the one that has the focus now have the keys."""
        held, self._held = self._held, []
        self._give(held)

    def _give(self, keys: Iterable[tuple[str, str | None]]) -> None:
        self._is_left = False
        for key, character in keys:
            self.app.post_message(events.Key(key, character))

    def on_key(self, event: events.Key) -> None:
        """Hold what comes behind Enter."""
        if self._is_left:
            event.stop()
            event.prevent_default()
            self._held.append((event.key, event.character))
        # What Enter does comes only when the event has found its binding.
        self._is_left = self._is_left or event.key == "enter"
