"""An input for a file or an address, with completions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from repoview.tui.remembered.sources import choices, expanded, refusal
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.completed_line import CompletedLine, Meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.remembered.sources import Choice
    from repoview.tui.remembered.state import Recent


class SourcePicker(CompletedLine):
    """Asks for a source, and offers recent ones and existing files.

    Args:
        recent: The recent sources, the latest first.
        more: What else to offer while nothing is typed.
    """

    PLACEHOLDER: ClassVar[str] = "a file, or an http(s):// address"
    KEYS: ClassVar[str] = "Enter opens · ↓ ↑ choose · Tab completes · Esc leaves"

    @dataclass
    class Picked(Upward):
        """The user wants to open a source."""

        target: str

    def __init__(self, recent: Sequence[Recent], more: Sequence[Choice] = ()) -> None:
        super().__init__()
        self._recent, self._more = recent, more

    def look(self, text: str) -> Meant:
        """Return recent sources and existing files that match."""
        found = choices(text, self._recent, self._more)
        is_file = bool(found) and not found[0].is_folder
        return Meant(found, chosen=is_file and not text)

    def pick(self, choice: Choice) -> None:
        """Pick a choice."""
        if choice in self._more:
            self.post_message(self.Picked(choice.target))
        else:
            self._try(choice.target)

    def take(self, text: str) -> None:
        """Open what was typed."""
        self._try(expanded(text))

    def _try(self, target: str) -> None:
        """Pick a source, or say why it cannot be opened."""
        says = refusal(target)
        if says:
            self.say(says, is_none=True)
        else:
            self.post_message(self.Picked(target))
