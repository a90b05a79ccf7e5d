"""Help: what the keys do, read off the bindings themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from repoview.tui.screens.dialog import Dialog
from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widget import Widget

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
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "backspace": "Backspace",
    "asterisk": "*",
    "minus": "-",
    "apostrophe": "'",
    "f1": "F1",
}


class Help(Dialog[None]):
    """The keys of the screen it was asked for on, and of what is on it.

    Args:
        screen: The one whose keys are wanted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss(None)", "Back", id="help.back"),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._asked = screen

    def compose(self) -> ComposeResult:
        """Lay out one page that scrolls."""
        page = VerticalScroll(Static(self._page(), id="keys"), id="help")
        page.border_title = "Keys"
        page.border_subtitle = "Esc closes"
        yield page

    def _page(self) -> Text:
        text = Text()
        for title, bindings in _sections(self._asked):
            text.append(f"{title}\n", "bold")
            for says, (keys, name) in bindings.items():
                text.append(f"  {'  '.join(map(_shown, keys)):<22}", "bold")
                text.append(f" {says:<26}")
                text.append(f" {name}\n", "dim")
            text.append("\n")
        text.append(
            "The names at the end are for your settings: repoview open --help.\n"
            "The mouse works too: click to move, twice to open, wheel to scroll.\n"
            "Ctrl+P opens the command palette, with themes."
        )
        return text


def _sections(
    screen: Screen[Any],
) -> Iterator[tuple[str, dict[str, tuple[list[str], str]]]]:
    """Yield titles, and what keys do: as they are now, remapped or not.

    With each go the keys, and the name by which settings give it others.
    """
    seen: set[str] = set()
    places = [("Here", screen), *((_title(w), w) for w in screen.query("*"))]
    for title, node in places:
        if title in seen:
            continue
        seen.add(title)
        told: dict[str, tuple[list[str], str]] = {}
        # Only there do keys stand as the reader has set them.
        bindings = node._bindings.copy()  # noqa: SLF001
        bindings.apply_keymap(screen.app._keymap)  # noqa: SLF001
        for key, many in bindings.key_to_bindings.items():
            for binding in many:
                if binding.description and not binding.system:
                    keys, _ = told.setdefault(
                        binding.description, ([], binding.id or "")
                    )
                    keys.append(key)
        if told and (node is screen or isinstance(node, VirtualList)):
            yield title, told


def _title(widget: Widget) -> str:
    return f"In {type(widget).__name__.lower()}"


def _shown(key: str) -> str:
    return _KEYS.get(key) or key.replace("ctrl+", "Ctrl+").replace("alt+", "Alt+")
