"""What was typed or pasted before the line that it is for had the keys."""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.widgets import Input


class TypedAhead(App[None]):
    """An app that gives a line what came for it too early.

    Keys typed in one go right behind the slash are on their way here when the
    filter opens; had it had them, they would not have come.
    """

    def on_key(self, event: events.Key) -> None:
        """Type a key into the line that has the keys by now."""
        line = self.focused
        if isinstance(line, Input) and event.is_printable and event.character:
            event.prevent_default()
            line.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Paste a text into the line that has the keys by now."""
        line = self.focused
        if isinstance(line, Input) and event.text:
            line.post_message(events.Paste(event.text))
