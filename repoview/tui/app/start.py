"""The explorer before there is anything to explore: asks what to open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType

from repoview.tui.app.keeper import Keeper
from repoview.tui.screens.start import Start
from repoview.tui.styles.style_sheets import STYLES

if TYPE_CHECKING:
    from pathlib import PurePath

    from textual import events

    from repoview.tui.screens.browse import Browse
    from repoview.tui.screens.view import View
    from repoview.tui.values.place import Place
    from repoview.tui.visits.visit import Visit
    from repoview.tui.widgets.frame.source_picker import SourcePicker

_INTERRUPTED: Final = 130


class Starter(Keeper):
    """One screen, and the source that was chosen on it.

    Args:
        settings: As for the explorer.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [*STYLES]
    TITLE = "repoview"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "End", show=False, priority=True, id="app.end"),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True, id="app.leave"),
    ]

    chosen: str | None = None
    """A path, an address, or `DEMO`; None for who left."""

    def on_mount(self) -> None:
        """Ask."""
        self.use_settings()
        self.push_screen(Start(self._state.recent()))

    def on_source_picker_picked(self, message: SourcePicker.Picked) -> None:
        """End with what was chosen."""
        self.chosen = message.target
        self.end(0)

    @property
    def has_frame(self) -> bool:
        """Whether the question is on the screen."""
        return isinstance(self.screen, Start) and bool(self.screen.size)

    # What a visit would know

    @property
    def visit(self) -> Visit:
        """There is none yet, and nobody asks."""
        raise LookupError("nothing is open")

    @property
    def view(self) -> View | None:
        """There is none yet."""
        return None

    @property
    def browse(self) -> Browse | None:
        """There is none yet."""
        return None

    def go(self, place: Place, *, is_noted: bool = True) -> None:
        """Stay: there is nowhere to go."""

    async def on_event(self, event: events.Event) -> None:
        """Hear keys as any app; nobody is taken anywhere by what they do."""
        await App.on_event(self, event)

    # Leaving

    def action_leave(self) -> None:
        """End with nothing chosen."""
        self.end(0)

    def action_interrupt(self) -> None:
        """End as Ctrl-C ends every program."""
        self.end(_INTERRUPTED)

    def end(self, code: int) -> None:
        """End with an exit code."""
        self.exit(return_code=code)
