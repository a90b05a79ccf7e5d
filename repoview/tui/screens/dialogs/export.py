"""The export dialog: records, format and file, with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from repoview.tui.screens.dialogs.writing import WriteDialog
from repoview.tui.session.writing.export import (
    FORMAT_LABELS,
    FORMAT_NAMES,
    ExportJob,
    format_named,
    with_suffix_of,
)
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from repoview.tui.session.writing.export import (
        ExportAnswers,
        ExportChoice,
        Forecast,
    )

_ROWS: Final = 12
"""Lines of the preview; a small screen shows the first of them."""


class Export(WriteDialog[ExportJob]):
    """Asks what to export, previews it, and writes it.

    Args:
        answers: Of the repository.
        choices: The selections to offer; at least one.
        chosen: The index of the one to begin with.
    """

    # Where the cursor is in the file name, which has no use for these keys.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "format(-1)", "Format before", show=False, id="writing.before"),
        Binding("down", "format(1)", "Next format", show=False, id="writing.next"),
    ]

    @dataclass
    class Foreseen(Upward):
        """The estimate is ready."""

        asked: int
        forecast: Forecast

    def __init__(
        self,
        answers: ExportAnswers,
        choices: Sequence[ExportChoice],
        chosen: int = 0,
    ) -> None:
        super().__init__()
        self._answers = answers
        self._choices = choices
        self._chosen = chosen
        self._form = FORMAT_NAMES[0]
        self._proposed = answers.proposed(choices[chosen], self._form)
        self._asked = 0

    def compose(self) -> ComposeResult:
        """Lay out selection, format and file above the preview."""
        width = max(len(choice.label) for choice in self._choices)
        labels = [
            f"{choice.label:<{width}}  {len(choice.numbers):>9,}"
            for choice in self._choices
        ]
        box = Vertical(id="export")
        box.border_title = "Export"
        box.border_subtitle = "↓ format · Tab moves on · Enter writes · Esc cancels"
        with box:
            with Horizontal(id="export-what"):
                yield Picker(labels, self._chosen, id="export-choice")
                yield Picker(FORMAT_LABELS, id="export-format")
            yield self.name_line(self._proposed)
            yield Static(id="export-size", markup=False)
            yield Static(id="export-rows", markup=False)
            yield from self.end_line()

    def on_mount(self) -> None:
        """Begin with the estimate."""
        self.begin()
        self._foresee()

    # The request

    @property
    def _choice(self) -> ExportChoice:
        return self._choices[self._chosen]

    def action_format(self, by: int) -> None:
        """Choose the next format, or the previous one."""
        self.query_one("#export-format", Picker).chosen += by

    def on_picker_picked(self, message: Picker.Picked) -> None:
        """Change the selection or the format, and the proposed file name."""
        line = self.query_one("#write-to", Input)
        if message.picker.id == "export-choice":
            self._chosen = message.number
            if line.value == self._proposed:
                self._propose()
        elif FORMAT_NAMES[message.number] != self._form:
            self._form = FORMAT_NAMES[message.number]
            if line.value == self._proposed:
                self._propose()
            else:
                line.value = with_suffix_of(line.value, self._form)
        self.show_ordinary()
        self._foresee()

    def _propose(self) -> None:
        self._proposed = self._answers.proposed(self._choice, self._form)
        self.query_one("#write-to", Input).value = self._proposed

    def on_input_changed(self, message: Input.Changed) -> None:
        """Validate the file name, and set the format by its suffix."""
        form = format_named(message.value)
        if form is not None and form != self._form:
            self._form = form
            picker = self.query_one("#export-format", Picker)
            # The message would arrive later, and change what was typed since.
            with picker.prevent(Picker.Picked):
                picker.chosen = FORMAT_NAMES.index(form)
            self._foresee()
        self.show_ordinary()

    # The estimate

    def _foresee(self) -> None:
        """Compute the estimate, in a thread."""
        self._asked += 1
        asked, choice, form = self._asked, self._choice, self._form
        self.query_one("#export-size", Static).update("reading …")

        def ask() -> None:
            forecast = self._answers.forecast(choice, form, _ROWS)
            self.post_message(self.Foreseen(asked, forecast))

        self.run_worker(ask, thread=True, group="forecast", exclusive=True)

    def on_export_foreseen(self, message: Foreseen) -> None:
        """Show the estimate, if it is not outdated."""
        if message.asked == self._asked:
            forecast = message.forecast
            self.query_one("#export-size", Static).update(Content(forecast.size))
            rows = Content("\n".join(forecast.lines))
            self.query_one("#export-rows", Static).update(rows)

    # Writing

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written."""
        return self._answers.refusal(text, self._form)

    def new_job(self, path: Path, *, force: bool) -> ExportJob:
        """Return the export that was chosen."""
        into_folder = self.query_one("#write-to", Input).value.endswith("/")
        return ExportJob(
            self._choice, self._form, path, force=force, into_folder=into_folder
        )

    def run_job(self, job: ExportJob) -> None:
        """Export."""
        self._answers.write(job)
