"""The dialog of what was found in all repositories of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from repoview.present import count_text, verdicts_text
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.session.folder_files import NOT_READ
from repoview.tui.widgets.base.virtual_list import VirtualList
from repoview.tui.widgets.findings_list import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from repoview.tui.session.folder_files import FoundHere


class CodeList(VirtualList):
    """A line a code."""

    found: Sequence[FoundHere] = ()

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (cut by the list)
        """Return severity, code, number of files and title."""
        each = self.found[number]
        sign, style = SEVERITIES[each.severity]
        files = count_text(each.files, "file")
        return (
            Text(no_wrap=True)
            .append(f"{sign} {each.severity:<8}", self.style(style))
            .append(f"{each.code:<8}", self.style("accent"))
            .append(f"{files:>11}  ")
            .append(each.title, self.style("dim"))
        )

    def empty_text(self) -> str:
        """Return what to show if there are none."""
        return "Nothing was found so far."

    def chosen(self, number: int) -> None:
        """Narrow the list to it."""
        dialog = self.screen
        if isinstance(dialog, FoundInAll):
            dialog.dismiss(self.found[number].code)


class FoundInAll(Dialog["str | None"]):
    """Codes with the number of files; its result is one to narrow the list to.

    Args:
        found: The codes, in order.
        verdicts: How many files there are of each verdict.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,v,q", "dismiss(None)", "Close", id="found.close"),
    ]

    def __init__(self, found: Sequence[FoundHere], verdicts: Mapping[str, int]) -> None:
        super().__init__()
        self._found = found
        self._verdicts = verdicts

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        box = Vertical(id="found-in-all")
        box.border_title = "Found in all files"
        box.border_subtitle = "Enter shows the files with one · Esc closes"
        told = verdicts_text(self._verdicts, NOT_READ)
        with box:
            yield Static(Text(told), id="found-verdicts")
            yield CodeList(id="codes")

    def on_mount(self) -> None:
        """Fill it."""
        codes = self.query_one(CodeList)
        codes.found = self._found
        codes.show(len(self._found))
        codes.focus()
