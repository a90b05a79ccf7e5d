"""Paragraphs and figures of a lesson, in a page that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from repoview.present import wrapped
from repoview.tui.visits.resilient import Resilient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.learn.page import Block


class Reading(Resilient, VerticalScroll, can_focus=True):
    """The text of a lesson."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.task", "To the task", id="learn.task"),
        Binding(
            "space,pagedown", "page_down", "Page down", show=False, id="learn.down"
        ),
        Binding("j", "scroll_down", "Down", show=False, id="learn.line_down"),
        Binding("k", "scroll_up", "Up", show=False, id="learn.line_up"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "reading--figure",
        "reading--source",
        "reading--belief",
        "reading--fact",
    }
    DEFAULT_CSS = """
    Reading > .reading--figure { color: $accent; }
    Reading > .reading--source { color: $quiet; }
    Reading > .reading--belief { color: $warning; text-style: bold; }
    Reading > .reading--fact { color: $success; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._blocks: Sequence[Block] = ()

    def compose(self) -> ComposeResult:
        """One text, set for the width that there is."""
        yield Static(id="reading-text")

    def fill(self, blocks: Sequence[Block]) -> None:
        """Show a lesson from its beginning."""
        self._blocks = blocks
        self.scroll_home(animate=False)
        self._set()

    def on_resize(self) -> None:
        """Set the text for another width."""
        self._set()

    def _set(self) -> None:
        width = self.scrollable_content_region.width
        if width:
            self.query_one("#reading-text", Static).update(self._text(width))

    def _text(self, width: int) -> Text:
        figure, source, belief, fact = (
            self.get_component_rich_style(f"reading--{name}", partial=True)
            for name in ("figure", "source", "belief", "fact")
        )
        text = Text()
        for block in self._blocks:
            if block.kind == "figure":
                for line in block.text.splitlines():
                    drawn = Text(line, figure, no_wrap=True)
                    drawn.truncate(width, overflow="ellipsis")
                    text.append_text(drawn).append("\n")
                text.append("\n")
            elif block.kind == "source":
                text.right_crop(1)
                text.append("\n".join(wrapped(f"({block.text})", width)), source)
                text.append("\n\n")
            else:
                head, style = {
                    "belief": ("Some believe: ", belief),
                    "fact": ("In fact: ", fact),
                }.get(block.kind, ("", ""))
                lines = "\n".join(wrapped(head + block.text, width))
                text.append(head, style).append(lines[len(head) :])
                text.append("\n" if head.startswith("Some") else "\n\n")
        text.rstrip()
        return text
