"""The footer: the keys of a screen on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from repoview.tui.actions.actions import ALWAYS, FOOTER, VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.binding import ActiveBinding


_BETWEEN: Final = "│"
"""The separator of the groups: views, keys of this screen, keys of every screen."""


class Shown(NamedTuple):
    """A key as it is drawn."""

    start: int
    """Its first cell."""

    stop: int
    """The cell behind its last one."""

    label: str
    says: str
    binding: ActiveBinding
    is_here: bool
    """Whether it is the key of the current view."""


class KeyBar(Widget):
    """The keys of views and of the focused pane; a click presses a key.

    A single widget: Textual's own footer makes one per key whenever the focus
    moves, which takes longer than the action of the key.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "keys--key",
        "keys--says",
        "keys--here",
        "keys--under",
    }
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
        & > .keys--here {
            color: $background;
            background: $primary;
            text-style: bold;
        }
        & > .keys--under {
            background: $block-hover-background;
        }
    }
    """

    under: reactive[int] = reactive(-1)
    """The index of the key under the mouse; -1 for none."""

    def on_mount(self) -> None:
        """Subscribe to changes of the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def _shown(self) -> Iterator[Shown]:
        """Yield the keys that fit: of views, of this screen, of every screen."""
        found = self._found()
        room = self.size.width - len(_BETWEEN) * 2
        names: set[str] = set()
        # By priority; a key that does not fit is skipped.
        for name, active in found.items():
            if self._cells(active) <= room or name in ALWAYS:
                room -= self._cells(active)
                names.add(name)
        views = [name for name in VIEWS if name in names]
        here = [name for name in found if name in names - {*VIEWS, *ALWAYS}]
        always = [name for name in ALWAYS if name in names]
        start = 0
        for group in (views, here, always):
            if group is always:
                start += max(room, 0)
            if start and group:
                start += len(_BETWEEN)
            for name in group:
                active = found[name]
                label = self.app.get_key_display(active.binding)
                stop = start + self._cells(active)
                says = active.binding.description
                yield Shown(start, stop, label, says, active, name == self._here)
                start = stop

    def _found(self) -> dict[str, ActiveBinding]:
        """Return the keys that can be shown, by name and priority."""
        active: dict[str, ActiveBinding] = {}
        for each in self.screen.active_bindings.values():
            name = each.binding.id or each.binding.action
            if each.binding.show or name in FOOTER:
                active.setdefault(name, each)
        return {name: active[name] for name in (*FOOTER, *active) if name in active}

    @property
    def _here(self) -> str:
        """The name of the key of the current view."""
        return f"view.{getattr(self.screen, 'VIEW', '')}"

    def _cells(self, active: ActiveBinding) -> int:
        """Return the cells of a key with its padding."""
        label = self.app.get_key_display(active.binding)
        return len(label) + len(active.binding.description) + 3

    def render(self) -> Text:
        """Draw the keys, that of the current view in brackets."""
        key, says, here, under = (
            self.get_component_rich_style(f"keys--{name}")
            for name in ("key", "says", "here", "under")
        )
        line = Text(no_wrap=True)
        for number, shown in enumerate(self._shown()):
            gap = shown.start - line.cell_len
            line.append(f"{_BETWEEN:>{gap}}" if gap else "", says)
            before, behind = "[]" if shown.is_here else "  "
            line.append(f"{before}{shown.label} ", here if shown.is_here else key)
            line.append(f"{shown.says}{behind}", here if shown.is_here else says)
            if number == self.under:
                line.stylize(under, shown.start, shown.stop)
            if not shown.binding.enabled:
                line.stylize("dim", shown.start, shown.stop)
        return line

    def _at(self, x: int) -> int:
        spans = enumerate(self._shown())
        return next((n for n, shown in spans if shown.start <= x < shown.stop), -1)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlight the key under the mouse."""
        self.under = self._at(event.x)

    def on_leave(self) -> None:
        """Remove the highlight."""
        self.under = -1

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        number = self._at(event.x)
        if number >= 0:
            self.app.simulate_key(list(self._shown())[number].binding.binding.key)
