"""Help: what the keys do, read off the bindings themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from repoview.tui.widgets.outline import Outline
from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

_KEYS: Final = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "Esc",
    "enter": "Enter",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "home": "Home",
    "end": "End",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}


class Help(ModalScreen[None]):
    """The keys of the screen it was asked for on, and those of lists.

    Args:
        bindings: Those of the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss(None)", "Back"),
    ]

    def __init__(self, bindings: Iterable[BindingType]) -> None:
        super().__init__()
        self._asked = bindings

    def compose(self) -> ComposeResult:
        """Lay out one page that scrolls."""
        page = VerticalScroll(Static(self._page(), id="keys"), id="help")
        page.border_title = "Keys"
        page.border_subtitle = "Esc closes"
        yield page

    def _page(self) -> Text:
        text = Text()
        for title, bindings in (
            ("Here", self._asked),
            ("In lists", VirtualList.BINDINGS),
            ("In the tree", Outline.BINDINGS),
        ):
            text.append(f"{title}\n", "bold")
            for binding in bindings:
                if isinstance(binding, Binding):
                    keys = "  ".join(
                        _KEYS.get(key, key) for key in binding.key.split(",")
                    )
                    text.append(f"  {keys:<22}", "bold")
                    text.append(f"{binding.description}\n")
            text.append("\n")
        text.append(
            "The mouse works too: click to move, twice to open, wheel to scroll.\n"
            "Ctrl+P opens the command palette, with themes."
        )
        return text
