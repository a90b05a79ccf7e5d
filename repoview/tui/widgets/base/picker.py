"""A vertical picker: a short list in which the cursor is the choice.

Moving chooses; there is nothing to confirm. A mark beside the chosen option
shows it without colors, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from repoview.tui.visits.messages import Upward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class Picker(Widget, can_focus=True):
    """Some options, one of which is chosen.

    Args:
        options: Their texts; safe to show.
        chosen: The index of the one to begin with.
        id: For the style sheet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,left", "move(-1)", "Option before", show=False, id="picker.up"),
        Binding("down,j,right", "move(1)", "Next option", show=False, id="picker.down"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"picker--chosen", "picker--focused"}

    @dataclass
    class Picked(Upward):
        """Another option was chosen."""

        picker: Picker
        number: int

        @property
        def control(self) -> Picker:
            """The picker, as Textual calls the sender."""
            return self.picker

    chosen: reactive[int] = reactive(0)

    def __init__(
        self,
        options: Sequence[str],
        chosen: int = 0,
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self._options = tuple(options)
        self.set_reactive(Picker.chosen, chosen)
        self.styles.height = len(self._options)

    def render(self) -> Text:
        """Return the options, one a line."""
        lines = Text(no_wrap=True, overflow="ellipsis")
        kind = "focused" if self.has_focus else "chosen"
        style = self.get_component_rich_style(f"picker--{kind}", partial=True)
        for number, option in enumerate(self._options):
            here = number == self.chosen
            line = f"({'•' if here else ' '}) {option}"
            lines.append(line, style if here else "")
            if number < len(self._options) - 1:
                lines.append("\n")
        return lines

    def validate_chosen(self, number: int) -> int:
        """Clamp the index."""
        return max(0, min(number, len(self._options) - 1))

    def watch_chosen(self, old: int, new: int) -> None:
        """Notify the owner."""
        if old != new:
            self.post_message(self.Picked(self, new))

    def on_click(self, event: events.Click) -> None:
        """Choose the option under the mouse."""
        if event.y < len(self._options):
            self.chosen = event.y

    def action_move(self, by: int) -> None:
        """Choose the next option, or the previous one."""
        self.chosen += by
