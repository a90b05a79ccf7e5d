"""The keys that a screen has, on one line at its bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.binding import ActiveBinding


_ALWAYS: Final = ("app.help", "app.quit")
"""The names of the keys that are shown on the narrowest screen."""


class Shown(NamedTuple):
    """A key as it is drawn."""

    start: int
    """Its first cell."""

    stop: int
    """The cell behind its last."""

    label: str
    says: str
    binding: ActiveBinding


class KeyBar(Widget):
    """All bindings of the screen that are to be shown; a click presses a key.

    One widget: Textual's own footer makes a new one for each key whenever the
    focus goes elsewhere, which takes longer than what the key does.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--says", "keys--under"}
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
        & > .keys--key {
            color: $footer-key-foreground;
            background: $footer-key-background;
            text-style: bold;
        }
        & > .keys--says {
            color: $footer-description-foreground;
            background: $footer-description-background;
        }
        & > .keys--under {
            background: $block-hover-background;
        }
    }
    """

    under: reactive[int] = reactive(-1)
    """The number of the key under the mouse; -1 for none."""

    def on_mount(self) -> None:
        """Follow the focus: other panes have other keys."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def _shown(self) -> Iterator[Shown]:
        """Yield the keys that there is room for, each action once."""
        by_action: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show:
                by_action.setdefault(active.binding.action, active)
        keys = list(by_action.values())
        spare = self.size.width - sum(map(self._cells, keys))
        # What does not fit goes from behind, but for what leads everywhere.
        for active in reversed(keys):
            if spare < 0 and active.binding.id not in _ALWAYS:
                spare += self._cells(active)
                del by_action[active.binding.action]
        start = 0
        for active in by_action.values():
            label = self.app.get_key_display(active.binding)
            stop = start + self._cells(active)
            yield Shown(start, stop, label, active.binding.description, active)
            start = stop

    def _cells(self, active: ActiveBinding) -> int:
        """Return the room of a key: with a space around it, and one at the end."""
        label = self.app.get_key_display(active.binding)
        return len(label) + len(active.binding.description) + 3

    def render(self) -> Text:
        """Draw them."""
        key, says, under = (
            self.get_component_rich_style(f"keys--{name}")
            for name in ("key", "says", "under")
        )
        line = Text(no_wrap=True)
        for number, shown in enumerate(self._shown()):
            line.append(f" {shown.label} ", key).append(f"{shown.says} ", says)
            if number == self.under:
                line.stylize(under, shown.start, shown.stop)
            if not shown.binding.enabled:
                line.stylize("dim", shown.start, shown.stop)
        return line

    def _at(self, x: int) -> int:
        spans = enumerate(self._shown())
        return next((n for n, shown in spans if shown.start <= x < shown.stop), -1)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would press."""
        self.under = self._at(event.x)

    def on_leave(self) -> None:
        """Show nothing of the kind any more."""
        self.under = -1

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        number = self._at(event.x)
        if number >= 0:
            self.app.simulate_key(list(self._shown())[number].binding.binding.key)
