"""A Textual driver with low input latency that always restores the terminal."""

from __future__ import annotations

import os
import select
import signal
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver

from repoview.signals import code_of
from repoview.tui.terminal.keyboard import Keyboard
from repoview.tui.terminal.pinned import pinned
from repoview.tui.textual_internals import key_parser, restarts_itself, wrap_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import App
    from textual.message import Message

_READ: Final = 4_096
"""Bytes that are read at once."""


class _Explorer(Protocol):
    """The app, as far as it is used here."""

    is_drawing: bool
    release: Callable[[], None]

    def begin_drawing(self) -> None: ...
    def end(self, code: int) -> None: ...
    def call_later(self, callback: Callable[[int], None], code: int) -> bool: ...


class _Steady:
    """A terminal whose write errors are ignored, and which is not written then.

    Textual writes in a thread; if an error ended it, the next call to write
    would block for ever.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write, unless an error has occurred."""
        if not self._is_gone:
            try:
                self._terminal.write(text)
            except (OSError, ValueError):
                self._is_gone = True

    def flush(self) -> None:
        """Flush, unless an error has occurred."""
        if not self._is_gone:
            try:
                self._terminal.flush()
            except (OSError, ValueError):
                self._is_gone = True

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._terminal.fileno()


class QuickDriver(LinuxDriver):
    """Textual's driver, but for its input thread, its start and its stop.

    Textual 8.2.8 polls ten times a second for a lone Esc, and for the end. On a
    pseudo-terminal, with `ESCDELAY=20`, a lone Esc takes 101 ms there and 26 ms
    here (median of 80; any other key takes 1 ms), and the end up to 0.2 s.
    Terminals with Kitty's keyboard protocol have neither delay.

    Pasted text stays text here (`pastes`): Textual parses an Esc in it as the
    beginning of a key, and ignores all keys when the end of a paste is lost.
    And here the app exits when the terminal is closed.
    """

    _wakeup: tuple[int, int] | None = None
    """A pipe: a byte in it wakes the input thread so that it ends. None while
    the terminal is suspended."""

    _held: list[str] | None = None
    """The output before the first frame, which is held back."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._explorer = cast("_Explorer", app)
        self._is_logging = debug
        wrap_output(self, _Steady)
        signal.signal(signal.SIGTSTP, self._stopped)
        signal.signal(signal.SIGCONT, self._continued)

    def start_application_mode(self) -> None:
        """Set up the terminal, and start the input thread."""
        if not self._explorer.is_drawing:
            self._held, self._explorer.release = [], self._release
        self._wakeup = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Write, or hold back until the first frame."""
        if self._held is None:
            super().write(pinned(data))
        else:
            self._held.append(data)

    def _release(self) -> None:
        """Write what was held back: the alternate screen, and the modes."""
        held, self._held = self._held, None
        if held:
            self.write("".join(held))

    def stop_application_mode(self) -> None:
        """Restore the terminal."""
        # If nothing was drawn yet, the splash screen may be shown.
        self._explorer.begin_drawing()
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read and dispatch input, until the app or the terminal ends."""
        wakeup, parser = self._wakeup, key_parser(debug=self._is_logging)
        assert wakeup is not None  # noqa: S101 (it was made before)
        if parser is None:
            super().run_input_thread()
            return
        keyboard = Keyboard(parser)
        was_empty = False
        while not self.exit_event.is_set():
            ready, _, _ = select.select(
                [self.fileno, wakeup[0]], [], [], keyboard.timeout
            )
            if self.fileno in ready:
                data = self._read()
                if not data and was_empty:
                    self._hang_up()
                    break
                # A Ctrl+D typed before raw mode reads as end of file, once.
                was_empty = not data
                self._dispatch(keyboard.feed(data))
            elif not ready:
                self._dispatch(keyboard.pause())
        # What was typed until now is input of the app; what follows is not.
        ready, _, _ = select.select([self.fileno], [], [], 0)
        self._dispatch(keyboard.end(self._read() if ready else b""))

    def _dispatch(self, messages: Iterator[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def _read(self) -> bytes:
        """Return the next bytes; b"" once the terminal is closed."""
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        """Exit as on SIGHUP, for the terminal is closed."""
        self._explorer.call_later(self._explorer.end, code_of(signal.SIGHUP))

    def disable_input(self) -> None:
        """Stop the input thread."""
        wakeup, self._wakeup = self._wakeup, None
        if wakeup is None:
            return
        os.write(wakeup[1], b"\0")
        super().disable_input()
        for end in wakeup:
            os.close(end)

    def _stopped(self, *_: object) -> None:
        """Restore the terminal, and only then stop the whole process group.

        The shell takes the terminal when its own child stops. That may be our
        parent, in which case we could not restore anything any more.
        """
        if restarts_itself(self):
            self.suspend_application_mode()
            os.killpg(0, signal.SIGSTOP)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _continued(self, *_: object) -> None:
        """Set up the terminal again, for another program has used it since."""
        if not restarts_itself(self):
            return
        if self._wakeup is not None:
            # Stopped by SIGSTOP, without `_stopped` having been called.
            self.suspend_application_mode()
        self.resume_application_mode()
        self.send_message(self.SignalResume())
