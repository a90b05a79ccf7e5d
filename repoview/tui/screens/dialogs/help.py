"""Help and the command palette: lists of actions with incremental search.

Both are one dialog. Help lists the keys by purpose, those of other screens too;
the palette lists the actions that are available here, and the themes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.present import safe
from repoview.tui.actions.actions import Row, actions
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.widgets.frame.action_list import ActionList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.screen import Screen

_THEMES: Final = "Change the colors"
_NARROW: Final = 80
"""Columns below which descriptions are cut in the list."""


class SearchLine(Input):
    """An input that leaves the question mark, which closes help, to the dialog."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether to insert a key: all but the question mark."""
        return key != "question_mark" and super().check_consume_key(key, character)


class Actions(Dialog["Row | None"]):
    """An input above a list of actions; its result is the chosen one.

    Args:
        rows: The actions.
    """

    TITLE: ClassVar[str] = ""
    HAS_TITLES: ClassVar[bool] = False
    """Whether to show the purposes as titles while nothing is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,ctrl+p", "leave", "Close", id="help.back"),
        Binding("down", "move(1)", "Next", show=False, id="help.next"),
        Binding("up", "move(-1)", "Before", show=False, id="help.previous"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="help.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="help.page_up"),
        Binding("f2", "names", "Names for settings", show=False, id="help.names"),
    ]

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self._rows = list(rows)

    def compose(self) -> ComposeResult:
        """Lay out an input above a list."""
        box = Vertical(id="actions")
        box.border_title = self.TITLE
        with box:
            yield SearchLine(placeholder="type to search", id="action-line")
            yield ActionList(id="action-list")
            yield Static(id="action-says", markup=False)

    def on_mount(self) -> None:
        """Show all."""
        self._tell()
        self._show("")

    def on_resize(self) -> None:
        """Say below the list what its narrow rows have no room for."""
        self.query_one("#action-says").display = self.size.width < _NARROW
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        row = self.query_one(ActionList).chosen_row
        says = "" if row is None else f"{row.word}: {row.says}"
        self.query_one("#action-says", Static).update(says)

    def _tell(self) -> None:
        names = self.query_one(ActionList).has_names
        other = "F2 says what they do" if names else "F2 names for settings"
        subtitle = f"Enter does it · {other} · Esc closes"
        self.query_one("#actions").border_subtitle = subtitle

    def _show(self, typed: str) -> None:
        words = typed.lower().split()
        found = [row for row in self._rows if row.matches(words)]
        # Matches in the label come before those in the description.
        if words:
            found.sort(key=lambda row: not row.word.lower().startswith(words[0]))
        says = f"Nothing is called {safe(typed.strip(), 30)}, and no key does it."
        has_titles = self.HAS_TITLES and not words
        self.query_one(ActionList).fill(found, says, has_titles=has_titles)
        self._tell_chosen()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as the user types."""
        event.stop()
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Run the chosen action."""
        event.stop()
        self._choose()

    def on_action_list_clicked(self, message: ActionList.Clicked) -> None:
        """Run the action that was clicked."""
        message.stop()
        self._choose()

    def _choose(self) -> None:
        row = self.query_one(ActionList).chosen_row
        if row is None:
            return
        if row.elsewhere:
            self.notify(f"That is done {row.elsewhere}.", markup=False)
        else:
            self.dismiss(row)

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Choose another action."""
        self.query_one(ActionList).move(by)
        self._tell_chosen()

    def action_page(self, by: int) -> None:
        """Choose the action one page further."""
        rows = self.query_one(ActionList)
        rows.move(by * max(2, rows.window_rows - 1))
        self._tell_chosen()

    def action_names(self) -> None:
        """Switch between descriptions and the names of actions in settings."""
        rows = self.query_one(ActionList)
        rows.has_names = not rows.has_names
        rows.refresh()
        self._tell()


class Help(Actions):
    """The keys, by purpose.

    Args:
        screen: The current one.
    """

    TITLE = "Keys"
    HAS_TITLES = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "question_mark",
            "leave",
            "Close",
            show=False,
            priority=True,
            id="help.again",
        ),
    ]

    def __init__(self, screen: Screen[object]) -> None:
        super().__init__(list(actions(screen, everywhere=True)))


class Palette(Actions):
    """The actions that are available on a screen, and the themes.

    Args:
        screen: The current one.
        themes: Names of themes, in the order to list them.
    """

    TITLE = "Commands"

    def __init__(self, screen: Screen[object], themes: Sequence[str]) -> None:
        rows = list(actions(screen, everywhere=False))
        rows += [
            Row("", f"Theme {name}", "other colors", (), _THEMES, theme=name)
            for name in themes
        ]
        super().__init__(rows)
