"""The export dialog: records, format and file, with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, ProgressBar, Static

from repoview.tui.screens.dialog import Dialog
from repoview.tui.session.export import (
    FORMAT_LABELS,
    FORMAT_NAMES,
    ExportJob,
    destination_of,
    format_named,
    with_suffix_of,
)
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.session.export import ExportAnswers, ExportChoice, Forecast

_ROWS: Final = 12
"""Lines of the preview; a small screen shows the first of them."""

_POLL: Final = 0.1
"""Seconds between two polls for progress."""


class Export(Dialog[str | None]):
    """Asks what to export, previews it, and writes it.

    Its result is a sentence about what was written, or None.

    Args:
        answers: Of the repository.
        choices: The selections to offer; at least one.
        chosen: The index of the one to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="export.cancel"),
        Binding("enter,ctrl+s", "write", "Write", id="export.write"),
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
        self._job: ExportJob | None = None
        self._is_leaving = False

    def compose(self) -> ComposeResult:
        """Lay out selection, format and file above the preview."""
        width = max(len(choice.label) for choice in self._choices)
        labels = [
            f"{choice.label:<{width}}  {len(choice.numbers):>9,}"
            for choice in self._choices
        ]
        box = Vertical(id="export")
        box.border_title = "Export"
        box.border_subtitle = "Tab moves on · Enter writes · Esc cancels"
        with box:
            with Horizontal(id="export-what"):
                yield Picker(labels, self._chosen, id="export-choice")
                yield Picker(FORMAT_LABELS, id="export-format")
            yield Input(self._proposed, placeholder="the file to write", id="export-to")
            yield Static(id="export-size", markup=False)
            yield Static(id="export-rows", markup=False)
            with Horizontal(id="export-end"):
                yield Static(id="export-says", markup=False)
                yield ProgressBar(show_eta=False, id="export-bar")
                yield Button("Write", id="export-write", compact=True)
                yield Button("Overwrite", id="export-over", compact=True)
                yield Button("Cancel", id="export-leave", compact=True)

    def on_mount(self) -> None:
        """Focus the file name, so that Enter accepts the defaults."""
        self._show_ordinary()
        self.query_one("#export-to", Input).focus()
        self._foresee()
        self.set_interval(_POLL, self._poll)

    def on_unmount(self) -> None:
        """Cancel the job."""
        if self._job is not None:
            self._job.stop = True

    # The request

    @property
    def _choice(self) -> ExportChoice:
        return self._choices[self._chosen]

    def on_picker_picked(self, message: Picker.Picked) -> None:
        """Change the selection or the format, and the proposed file name."""
        line = self.query_one("#export-to", Input)
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
        self._show_ordinary()
        self._foresee()

    def _propose(self) -> None:
        self._proposed = self._answers.proposed(self._choice, self._form)
        self.query_one("#export-to", Input).value = self._proposed

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
        self._show_ordinary()

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

    def on_input_submitted(self) -> None:
        """Write."""
        self.action_write()

    def on_button_pressed(self, message: Button.Pressed) -> None:
        """Write or leave."""
        message.stop()
        if message.button.id == "export-leave":
            self.action_leave()
        else:
            self._write(force=message.button.id == "export-over")

    def action_write(self) -> None:
        """Write, unless the file exists."""
        self._write(force=False)

    def _write(self, *, force: bool) -> None:
        line = self.query_one("#export-to", Input).value
        if self._job is not None or self._answers.refusal(line):
            return
        path = destination_of(line)
        self._job = job = ExportJob(self._choice, self._form, path, force=force)
        self._show("writing …", "-writing")
        self.query_one(ProgressBar).update(total=max(1, job.total), progress=0)
        self.set_focus(None)
        self.run_worker(lambda: self._answers.write(job), thread=True, group="export")

    def _poll(self) -> None:
        """Show the progress and the result of the job."""
        job = self._job
        if job is None:
            return
        self.query_one(ProgressBar).update(progress=job.done)
        if not job.has_ended:
            return
        self._job = None
        if job.is_written:
            self.dismiss(job.said)
        elif self._is_leaving:
            self.dismiss(None)
        elif job.is_taken:
            self._show(f"{job.said}. Overwrite it?", "-taken")
            self.query_one("#export-leave", Button).focus()
        else:
            self._show(job.said, "-refused")
            self.query_one("#export-to", Input).focus()

    def action_leave(self) -> None:
        """Cancel the job, or close the dialog; the second time, both."""
        if self._job is not None:
            self._is_leaving = self._job.stop
            self._job.stop = True
        elif self.has_class("-taken"):
            self._show_ordinary()
            self.query_one("#export-to", Input).focus()
        else:
            self.dismiss(None)

    # The line of status

    def _show_ordinary(self) -> None:
        if self._job is None:
            line = self.query_one("#export-to", Input).value
            refusal = self._answers.refusal(line)
            self._show(refusal, "-refused" if refusal else "")

    def _show(self, says: str, state: str) -> None:
        self.remove_class("-writing", "-taken", "-refused")
        if state:
            self.add_class(state)
        self.query_one("#export-says", Static).update(Content(says))
        for widget in self.query("Picker, Input"):
            widget.disabled = state in {"-writing", "-taken"}
