"""Export: what goes out, how, and where to; shown before it is written."""

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
"""Lines of a preview, of which a small screen shows the first."""

_POLLED: Final = 0.1
"""Seconds between two looks at how far the writing is."""


class Export(Dialog[str | None]):
    """Asks what to export, shows what will come of it, and writes it.

    Ends with the sentence about what was written, or with None.

    Args:
        answers: Knows the repository.
        choices: What may be wanted; at least one.
        chosen: The one to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="export.cancel"),
        Binding("enter,ctrl+s", "write", "Write", id="export.write"),
    ]

    @dataclass
    class Foreseen(Upward):
        """It is known what an export would come to."""

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
        """Lay out what, how and where to above the first rows."""
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
        """Begin with the name of the file: Enter takes all as it is."""
        self._show_ordinary()
        self.query_one("#export-to", Input).focus()
        self._foresee()
        self.set_interval(_POLLED, self._poll)

    def on_unmount(self) -> None:
        """Let no thread go on for nobody."""
        if self._job is not None:
            self._job.stop = True

    # What is wanted

    @property
    def _choice(self) -> ExportChoice:
        return self._choices[self._chosen]

    def on_picker_picked(self, message: Picker.Picked) -> None:
        """Take another selection, or another format."""
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
        """Say at once what is wrong with a name; take the format that it tells."""
        form = format_named(message.value)
        if form is not None and form != self._form:
            self._form = form
            picker = self.query_one("#export-format", Picker)
            # Told of it later, we would rename what was typed since.
            with picker.prevent(Picker.Picked):
                picker.chosen = FORMAT_NAMES.index(form)
            self._foresee()
        self._show_ordinary()

    # What it would come to

    def _foresee(self) -> None:
        """Ask, in a thread, what would be written."""
        self._asked += 1
        asked, choice, form = self._asked, self._choice, self._form
        self.query_one("#export-size", Static).update("reading …")

        def ask() -> None:
            forecast = self._answers.forecast(choice, form, _ROWS)
            self.post_message(self.Foreseen(asked, forecast))

        self.run_worker(ask, thread=True, group="forecast", exclusive=True)

    def on_export_foreseen(self, message: Foreseen) -> None:
        """Show it, if it is still what is wanted."""
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
        """Do what the button says."""
        message.stop()
        if message.button.id == "export-leave":
            self.action_leave()
        else:
            self._write(force=message.button.id == "export-over")

    def action_write(self) -> None:
        """Write, unless something is there already."""
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
        """Look how far the writing is."""
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
        """Stop the writing, or go without; asked again, both."""
        if self._job is not None:
            self._is_leaving = self._job.stop
            self._job.stop = True
        elif self.has_class("-taken"):
            self._show_ordinary()
            self.query_one("#export-to", Input).focus()
        else:
            self.dismiss(None)

    # What is said

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
