"""A scrollable page with the keys of lists."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class ScrolledPage(VerticalScroll, can_focus=True):
    """A scrollable page with the keys of lists."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", "Up", show=False, id="page.up"),
        Binding("j", "scroll_down", "Down", show=False, id="page.down"),
        Binding("ctrl+b", "page_up", "Page up", show=False, id="page.page_up"),
        Binding(
            "ctrl+f,space", "page_down", "Page down", show=False, id="page.page_down"
        ),
        Binding("g", "scroll_home", "Top", show=False, id="page.top"),
        Binding("G", "scroll_end", "End", show=False, id="page.end"),
    ]
