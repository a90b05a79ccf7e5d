"""An input with completions below it.

Subclasses find the completions, in a thread, for disks may be slow, and say
what is done with what is entered.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.present import safe
from repoview.tui.visits.messages import Upward
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.suggestions import Suggestions, completing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from repoview.tui.remembered.sources import Choice


@dataclass(frozen=True, slots=True)
class Meant:
    """The completions of a text, and what to say of it."""

    choices: Sequence[Choice] = ()
    says: str = ""
    """What to say of the text as it is; empty to show the keys."""

    is_none: bool = False
    """Whether that is the reason why the text cannot be used."""

    chosen: bool = False
    """Whether Enter picks the first choice at once."""


class CompletedLine(Resilient, Vertical):
    """An input, completions, and a line for answers."""

    PLACEHOLDER: ClassVar[str] = ""
    KEYS: ClassVar[str] = ""
    """The keys, shown while there is nothing else to say."""

    BINDINGS: ClassVar[list[BindingType]] = [*completing("open")]

    @dataclass
    class Found(Upward):
        """The completions are ready."""

        asked: int
        meant: Meant

    def __init__(self) -> None:
        super().__init__()
        self._choices: Sequence[Choice] = ()
        self._asked = 0

    # What subclasses give

    def look(self, text: str) -> Meant:
        """Return the completions of a text; called in a thread."""
        raise NotImplementedError

    def pick(self, choice: Choice) -> None:
        """Use a choice, which is no folder."""
        raise NotImplementedError

    def take(self, text: str) -> None:
        """Use what was typed."""
        raise NotImplementedError

    # The input

    def compose(self) -> ComposeResult:
        """Lay out an input, completions, and a line for answers."""
        yield Input(placeholder=self.PLACEHOLDER)
        yield Suggestions(id="suggestions")
        yield Static(self.KEYS, id="answer", markup=False)

    def on_mount(self) -> None:
        """Offer what there is before anything is typed."""
        self.query_one(Input).focus()
        self._ask("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for completions; until they are there, Enter means the input."""
        event.stop()
        self.query_one(Suggestions).is_chosen = False
        self._ask(event.value)

    def _ask(self, text: str) -> None:
        self._asked += 1
        look = partial(self._look, self._asked, text)
        self.run_worker(look, thread=True, group="meant", exclusive=True)

    def _look(self, asked: int, text: str) -> None:
        self.post_message(self.Found(asked, self.look(text)))

    def on_completed_line_found(self, message: Found) -> None:
        """Show the completions, if they are not outdated."""
        message.stop()
        if message.asked != self._asked:
            return
        meant = message.meant
        self._choices = meant.choices
        self.query_one(Suggestions).offer(meant.choices, is_chosen=meant.chosen)
        self.say(meant.says or self.KEYS, is_none=meant.is_none)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Use what is chosen, or what was typed."""
        event.stop()
        suggestions = self.query_one(Suggestions)
        if suggestions.is_chosen and self._choices:
            self._pick(self._choices[suggestions.cursor])
        elif event.value.strip():
            self.take(event.value.strip())

    def on_suggestions_clicked(self, message: Suggestions.Clicked) -> None:
        """Use the completion that was clicked."""
        message.stop()
        chosen = self.query_one(Suggestions).cursor
        # The list may have changed between the click and this message.
        if chosen < len(self._choices):
            self._pick(self._choices[chosen])

    def _pick(self, choice: Choice) -> None:
        if choice.is_folder:
            self._type(choice.text)
        else:
            self.pick(choice)

    def _type(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        line.cursor_position = len(text)

    def say(self, text: str, *, is_none: bool) -> None:
        """Show an answer below the list.

        Args:
            text: The answer.
            is_none: Whether it says why something cannot be used.
        """
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
