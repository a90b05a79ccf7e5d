"""The base of views with a record pane, and the keys of that pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from repoview.tui.screens.dialogs.copy import Copy
from repoview.tui.screens.view import View
from repoview.tui.terminal.outward import PAGER
from repoview.tui.widgets.record.record_view import RecordView

if TYPE_CHECKING:
    from repoview.tui.visits.messages import Ask


class DetailView(View):
    """A view with a list or tree, and the record, node or block under its cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "tab('json')", "JSON", show=False, id="record.json"),
        Binding("2", "tab('bytes')", "Bytes", show=False, id="record.bytes"),
        Binding("3", "tab('path')", "Its way", show=False, id="record.path"),
        Binding("4", "tab('found')", "Its findings", show=False, id="record.findings"),
        Binding("w", "whole", "Whole long lines", show=False, id="record.full"),
        Binding("y", "copy", "Copy", show=False, id="record.copy"),
        Binding("o", "outside", "Read in $PAGER", show=False, id="record.pager"),
        Binding("O", "outside(True)", "In $EDITOR", show=False, id="record.editor"),
    ]

    @property
    def pane(self) -> RecordView:
        """The record pane."""
        return self.query_one(RecordView)

    @property
    def is_there(self) -> bool:
        """Whether the pane is laid out, once all is read."""
        return super().is_there and (not self.visit.is_whole or self.pane.is_laid_out)

    def judged(self) -> None:
        """Update the proof path, too."""
        super().judged()
        if self._is_ready:
            self.pane.judged()

    def on_ask(self, message: Ask) -> None:
        """Pass a question of the pane to the visit."""
        message.stop()
        self.visit.ask(message.question, message.answer)

    def action_tab(self, name: str) -> None:
        """Switch the tab of the pane."""
        self.pane.show_tab(name)

    def action_whole(self) -> None:
        """Show long lines whole, or cut again."""
        self.pane.show_whole()

    def action_copy(self) -> None:
        """Open the dialog for copying."""
        if self.pane.detail is not None:
            self.app.push_screen(Copy(self.pane.detail))

    def action_outside(self, is_editor: bool = False) -> None:  # noqa: FBT001, FBT002 (actions have no names for arguments)
        """Open the JSON in the pager or the editor."""
        settings = self.visit.settings
        if is_editor and not settings.editor:
            self.notify("No program is named by $EDITOR; o pages.", markup=False)
            return
        self.pane.open_outside(
            settings.editor if is_editor else settings.pager or PAGER
        )
