"""The dialog that tells what can be saved of a broken file, and writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, ProgressBar, Static

from repoview.present.salvage import saved_heading
from repoview.tui.screens.dialogs.writing import WriteDialog
from repoview.tui.session.writing.salvage import SalvageJob
from repoview.tui.visits.job import Job
from repoview.tui.widgets.base.picker import Picker

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType
    from textual.app import ComposeResult

    from repoview.tui.session.writing.salvage import SalvageAnswers, Saved

_POLL: Final = 0.1
"""Seconds between two polls for what was found."""

_LABEL: Final = 9
_TREES: Final = (
    "every block that is whole, as it is",
    "and a new, unsigned tree of all keys that are known",
)
"""What to write: without a new tree, or with one."""


class SalvageDialog(WriteDialog[SalvageJob]):
    """Tells what can be saved and what is lost, and asks where to write it.

    Nothing is written until the reader says so.

    Args:
        answers: Of the source; closed with the dialog.
    """

    def __init__(self, answers: SalvageAnswers) -> None:
        super().__init__()
        self._answers = answers
        self._search: Job[Saved] | None = None

    def compose(self) -> ComposeResult:
        """Lay out what was found above what to write."""
        box = Vertical(id="salvage")
        box.border_title = "What can be saved"
        box.border_subtitle = "Esc cancels"
        with box:
            yield Static("Looking for every block that is whole …", id="salvage-says")
            yield ProgressBar(100, show_eta=False, id="salvage-bar")
            yield VerticalScroll(Static(id="salvage-found"), id="salvage-page")
            yield Picker(_TREES, id="salvage-tree")
            yield self.name_line(self._answers.proposed())
            yield from self.end_line()

    def on_mount(self) -> None:
        """Begin to look."""
        self.begin()
        self.add_class("-looking")
        self._search = Job(self._answers.find)
        self.set_interval(_POLL, self._poll_search)

    def on_unmount(self) -> None:
        """Cancel what runs."""
        super().on_unmount()
        if self._search is not None:
            self._search.stop()
        self._answers.close()

    # What was found

    def _poll_search(self) -> None:
        """Show how far it is, or what was found."""
        search = self._search
        if search is None or not self.has_class("-looking"):
            return
        bar = self.query_one("#salvage-bar", ProgressBar)
        bar.update(progress=100 * search.share)
        if not search.is_done:
            return
        self.remove_class("-looking")
        saved = search.answer
        if saved is None:
            self.query_one("#salvage-says", Static).update(Content(search.error))
            self._offer_nothing()
            return
        self.query_one("#salvage-says", Static).update(Content(saved.sentence))
        self.query_one("#salvage-found", Static).update(_page(saved))
        if not saved.is_any:
            self._offer_nothing()
            return
        box = self.query_one("#salvage")
        box.border_subtitle = "Tab moves on · Enter writes · Esc closes"
        # The name, for Enter to write it.
        self.query_one("#write-to").focus()

    def _offer_nothing(self) -> None:
        self.add_class("-nothing")
        self.query_one("#salvage").border_subtitle = "Esc closes"
        self.query_one("#write-leave", Button).focus()

    # Writing

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written."""
        return self._answers.refusal(text)

    def new_job(self, path: Path, *, force: bool) -> SalvageJob | None:
        """Return the CAR that was chosen; None while it looks."""
        tree = self.query_one("#salvage-tree", Picker).chosen
        return self._answers.job(path, force=force, rebuild_tree=bool(tree))

    def run_job(self, job: SalvageJob) -> None:
        """Write the CAR."""
        self._answers.write(job)

    def on_input_changed(self) -> None:
        """Tell whether a file of that name can be written."""
        self.show_ordinary()


def _page(saved: Saved) -> Group:
    """Return what was found, below the sentence about it."""
    parts: list[RenderableType] = []
    heads = saved_heading(is_dry=True), "Lost"
    for head, facts in zip(heads, (saved.saved, saved.lost), strict=True):
        if facts:
            table = Table.grid(padding=(0, 1, 0, 0))
            table.add_column(width=_LABEL, style="dim")
            table.add_column(ratio=1)
            for label, says in facts:
                table.add_row(Text(label), Text(says))
            parts += [Text(head, "bold"), table, Text()]
    if saved.collections:
        first, *rest = saved.collections
        parts += [Text(first, "bold", no_wrap=True)]
        parts += [Text(line, no_wrap=True) for line in rest]
        parts.append(Text())
    if saved.advice:
        parts.append(Text(saved.advice))
    return Group(*parts)
