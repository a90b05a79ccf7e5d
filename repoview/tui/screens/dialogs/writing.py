"""The base of dialogs that write a file: its name, progress, and the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Generic, Protocol, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, ProgressBar, Static

from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.session.writing.writing import WriteJob, destination_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.widget import Widget

Job = TypeVar("Job", bound=WriteJob)

_POLL: Final = 0.1
"""Seconds between two polls for progress."""


class WriteDialog(Dialog[str | None], Generic[Job]):
    """A dialog with the name of a file to write, in a line `#write-to`.

    Its result is a sentence about what was written, or None.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="writing.cancel"),
        Binding("enter,ctrl+s", "write", "Write", id="writing.write"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self._is_leaving = False

    # What each dialog answers for itself

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written; empty if it can."""
        raise NotImplementedError

    def new_job(self, path: Path, *, force: bool) -> Job | None:
        """Return the job that writes; None while there is nothing to write."""
        raise NotImplementedError

    def run_job(self, job: Job) -> None:
        """Run a job of `new_job`; in a thread."""
        raise NotImplementedError

    # Widgets

    def name_line(self, proposed: str) -> Input:
        """Return the line with the name of the file."""
        return Input(proposed, placeholder="the file to write", id="write-to")

    def end_line(self) -> Iterable[Widget]:
        """Yield the last line: the outcome, the progress, and buttons."""
        with Horizontal(id="write-end"):
            yield Static(id="write-says", markup=False)
            yield ProgressBar(show_eta=False, id="write-bar")
            yield Button("Write", id="write-now", compact=True)
            yield Button("Overwrite", id="write-over", compact=True)
            yield Button("Cancel", id="write-leave", compact=True)

    def begin(self) -> None:
        """Focus the file name, so that Enter accepts the defaults."""
        self.show_ordinary()
        self.query_one("#write-to", Input).focus()
        self.set_interval(_POLL, self._poll)

    def on_unmount(self) -> None:
        """Cancel the job."""
        if self._job is not None:
            self._job.stop = True

    # Writing

    def on_input_submitted(self) -> None:
        """Write."""
        self.action_write()

    def on_button_pressed(self, message: Button.Pressed) -> None:
        """Write or leave."""
        message.stop()
        if message.button.id == "write-leave":
            self.action_leave()
        else:
            self._write(force=message.button.id == "write-over")

    def action_write(self) -> None:
        """Write, unless the file exists."""
        self._write(force=False)

    def _write(self, *, force: bool) -> None:
        line = self.query_one("#write-to", Input).value
        if self._job is not None or self.refusal(line):
            return
        job = self.new_job(destination_of(line), force=force)
        if job is None:
            return
        self._job = job
        self._show("writing …", "-writing")
        bar = self.query_one("#write-bar", ProgressBar)
        bar.update(total=max(1, job.total), progress=0)
        self.set_focus(None)
        self.run_worker(lambda: self.run_job(job), thread=True, group="writing")

    def _poll(self) -> None:
        """Show the progress and the result of the job."""
        job = self._job
        if job is None:
            return
        self.query_one("#write-bar", ProgressBar).update(progress=job.done)
        if not job.has_ended:
            return
        self._job = None
        if job.is_written:
            self.dismiss(job.said)
        elif self._is_leaving:
            self.dismiss(None)
        elif job.is_taken:
            self._show(f"{job.said}. Overwrite it?", "-taken")
            self.query_one("#write-leave", Button).focus()
        else:
            self._show(job.said, "-refused")
            self.query_one("#write-to", Input).focus()

    def action_leave(self) -> None:
        """Cancel the job, or close the dialog; the second time, both."""
        if self._job is not None:
            self._is_leaving = self._job.stop
            self._job.stop = True
        elif self.has_class("-taken"):
            self.show_ordinary()
            self.query_one("#write-to", Input).focus()
        else:
            self.dismiss(None)

    # The line of status

    def show_ordinary(self) -> None:
        """Show whether the file can be written, unless it is being written."""
        if self._job is None:
            line = self.query_one("#write-to", Input).value
            refusal = self.refusal(line)
            self._show(refusal, "-refused" if refusal else "")

    def _show(self, says: str, state: str) -> None:
        self.remove_class("-writing", "-taken", "-refused")
        if state:
            self.add_class(state)
        self.query_one("#write-says", Static).update(Content(says))
        for widget in self.query("Picker, Input"):
            widget.disabled = state in {"-writing", "-taken"}


class OneFile(Protocol):
    """What has one file to write."""

    def proposed(self) -> str:
        """Return a name for a new file in the current folder."""

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written; empty if it can."""

    def job(self, path: Path, *, force: bool) -> WriteJob:
        """Return the job that writes it."""

    def write(self, job: WriteJob) -> None:
        """Run a job; in a thread."""


class WriteFile(WriteDialog[WriteJob]):
    """Asks where to write a file that leaves nothing else to choose.

    Args:
        answers: With what is written.
        title: What that is; safe to show.
    """

    def __init__(self, answers: OneFile, title: str) -> None:
        super().__init__()
        self._answers = answers
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the name of the file."""
        box = Vertical(id="write-file")
        box.border_title = Content(self._title)
        box.border_subtitle = "Enter writes · Esc cancels"
        with box:
            yield self.name_line(self._answers.proposed())
            yield from self.end_line()

    def on_mount(self) -> None:
        """Begin with the name."""
        self.begin()

    def on_input_changed(self) -> None:
        """Tell whether a file of that name can be written."""
        self.show_ordinary()

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written."""
        return self._answers.refusal(text)

    def new_job(self, path: Path, *, force: bool) -> WriteJob:
        """Return the job that writes it."""
        return self._answers.job(path, force=force)

    def run_job(self, job: WriteJob) -> None:
        """Write it."""
        self._answers.write(job)
