"""The explorer before there is anything to explore: asks what to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.tui.app.program import Program
from repoview.tui.screens.start import Start

if TYPE_CHECKING:
    from repoview.tui.widgets.frame.source_picker import SourcePicker


class Starter(Program):
    """One screen, and the source that was chosen on it."""

    chosen: str | None = None
    """A path, an address, or `DEMO`; None for who left."""

    def on_mount(self) -> None:
        """Ask."""
        self.use_settings()
        self.push_screen(Start(self.state.recent()))

    def on_source_picker_picked(self, message: SourcePicker.Picked) -> None:
        """End with what was chosen."""
        self.chosen = message.target
        self.end(0)

    @property
    def has_frame(self) -> bool:
        """Whether the question is on the screen."""
        return isinstance(self.screen, Start) and bool(self.screen.size)
