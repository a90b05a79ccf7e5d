"""The app that asks what to open, when no source was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.tui.app.base.program import Program
from repoview.tui.screens.start import Start

if TYPE_CHECKING:
    from repoview.tui.widgets.frame.source_picker import SourcePicker


class Starter(Program):
    """One screen, and the source that is chosen on it."""

    chosen: str | None = None
    """A path, an address, or `DEMO`; None if the user left."""

    def on_mount(self) -> None:
        """Show the screen."""
        self.use_settings()
        self.push_screen(Start(self.state.recent()))

    def on_source_picker_picked(self, message: SourcePicker.Picked) -> None:
        """Exit with what was chosen."""
        self.chosen = message.target
        self.end(0)

    @property
    def has_frame(self) -> bool:
        """Whether the screen is laid out."""
        return isinstance(self.screen, Start) and bool(self.screen.size)
