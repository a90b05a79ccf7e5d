"""Type-ahead: keys and pastes that arrive before their input line has the focus."""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.widgets import Input


class TypedAhead(App[None]):
    """An app that passes unhandled keys to the input line that has the focus.

    Keys typed right after the slash were queued before the filter had the
    focus, so they arrive here; keys that the filter handles do not.
    """

    def on_key(self, event: events.Key) -> None:
        """Insert a key into the line that has the focus by now."""
        line = self.focused
        if isinstance(line, Input) and event.is_printable and event.character:
            event.prevent_default()
            line.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Paste a text into the line that has the focus by now."""
        line = self.focused
        if isinstance(line, Input) and event.text:
            line.post_message(events.Paste(event.text))
