"""Help and the command palette: they list actions, and run the one chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from repoview.tui.app.base.program import Program

if TYPE_CHECKING:
    from repoview.tui.actions.actions import Row


class Helping(Program):
    """Lists the actions that are available, and runs one."""

    def action_show_help(self) -> None:
        """Show the keys of this screen."""
        from repoview.tui.screens.dialogs.help import Help

        self.push_screen(Help(self.screen), self._do)

    def action_commands(self) -> None:
        """Show all actions that are available here."""
        from repoview.tui.screens.dialogs.help import Palette

        self.push_screen(Palette(self.screen, self.theme_names()), self._do)

    def _do(self, row: Row | None) -> None:
        """Run what was chosen in help or in the palette."""
        if row is None:
            return
        if row.theme:
            self.theme = row.theme
            return
        if isinstance(row.node, Widget) and not row.node.has_focus_within:
            # So that the keys of the view it belongs to work next.
            row.node.focus()
        self.call_later(self.run_action, row.action, row.node)
