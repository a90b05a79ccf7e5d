"""An input for a file or an address, with completions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.present import safe
from repoview.tui.remembered.sources import choices, expanded, refusal
from repoview.tui.visits.messages import Upward
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.suggestions import Suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.remembered.sources import Choice
    from repoview.tui.remembered.state import Recent

_KEYS: Final = "Enter opens · ↓ ↑ choose · Tab completes · Esc leaves"


class SourcePicker(Resilient, Vertical):
    """Asks for a source, and offers recent ones and existing files.

    Args:
        recent: The recent sources, the latest first.
        more: What else to offer while nothing is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Next", show=False, id="open.next"),
        Binding("up", "move(-1)", "Before", show=False, id="open.previous"),
        Binding(
            "tab",
            "complete",
            "Complete",
            show=False,
            priority=True,
            id="open.complete",
        ),
    ]

    @dataclass
    class Picked(Upward):
        """The reader wants to open a source."""

        target: str

    @dataclass
    class Found(Upward):
        """The completions are ready."""

        asked: int
        choices: list[Choice]

    def __init__(self, recent: Sequence[Recent], more: Sequence[Choice] = ()) -> None:
        super().__init__()
        self._recent, self._more = recent, more
        self._choices: list[Choice] = []
        self._asked = 0

    def compose(self) -> ComposeResult:
        """Lay out an input, completions, and a line for answers."""
        yield Input(placeholder="a file, or an http(s):// address")
        yield Suggestions(id="suggestions")
        yield Static(_KEYS, id="answer", markup=False)

    def on_mount(self) -> None:
        """Offer the recent sources."""
        self.query_one(Input).focus()
        self._ask("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for completions; until they are there, Enter means the input."""
        event.stop()
        self.query_one(Suggestions).is_chosen = False
        self._ask(event.value)

    def _ask(self, text: str) -> None:
        """Find completions in a thread, for disks may be slow."""
        self._asked += 1
        look = partial(self._look, self._asked, text)
        self.run_worker(look, thread=True, group="sources", exclusive=True)

    def _look(self, asked: int, text: str) -> None:
        found = choices(text, self._recent, self._more)
        self.post_message(self.Found(asked, found))

    def on_source_picker_found(self, message: Found) -> None:
        """Show the completions, if they are not outdated."""
        message.stop()
        if message.asked == self._asked:
            self._choices = message.choices
            is_empty = not self.query_one(Input).value
            is_file = bool(self._choices) and not self._choices[0].is_folder
            suggestions = self.query_one(Suggestions)
            suggestions.offer(self._choices, is_chosen=is_empty and is_file)
            self._say(_KEYS, is_none=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pick what is chosen, or what was typed."""
        event.stop()
        suggestions = self.query_one(Suggestions)
        if suggestions.is_chosen and self._choices:
            self._pick(self._choices[suggestions.cursor])
        elif event.value.strip():
            self._try(expanded(event.value.strip()))

    def on_suggestions_clicked(self, message: Suggestions.Clicked) -> None:
        """Pick the completion that was clicked."""
        message.stop()
        chosen = self.query_one(Suggestions).cursor
        # The list may have changed between the click and this message.
        if chosen < len(self._choices):
            self._pick(self._choices[chosen])

    def _pick(self, choice: Choice) -> None:
        if choice in self._more:
            self.post_message(self.Picked(choice.target))
        elif choice.is_folder:
            self._type(choice.text)
        else:
            self._try(choice.target)

    def _try(self, target: str) -> None:
        """Pick a source, or say why it cannot be opened."""
        says = refusal(target)
        if says:
            self._say(says, is_none=True)
        else:
            self.post_message(self.Picked(target))

    def _type(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        line.cursor_position = len(text)

    def _say(self, text: str, *, is_none: bool) -> None:
        answer = self.query_one("#answer", Static)
        answer.update(Text(safe(text, 300)))
        answer.set_class(is_none, "-none")

    def action_move(self, by: int) -> None:
        """Choose another completion."""
        self.query_one(Suggestions).move(by)

    def action_complete(self) -> None:
        """Insert the chosen completion, or the common prefix of all."""
        suggestions, typed = self.query_one(Suggestions), self.query_one(Input).value
        if suggestions.is_chosen and self._choices:
            self._type(self._choices[suggestions.cursor].text)
            return
        begin = [each.text for each in self._choices if each.text.startswith(typed)]
        common = _common(begin)
        if len(common) > len(typed):
            self._type(common)
        elif self._choices:
            self._type(self._choices[0].text)


def _common(texts: Sequence[str]) -> str:
    """Return the longest common prefix."""
    first, last = min(texts, default=""), max(texts, default="")
    same = next((n for n, (a, b) in enumerate(zip(first, last)) if a != b), None)  # noqa: B905 (one is longer)
    return first[:same] if same is not None else min(first, last, key=len)
