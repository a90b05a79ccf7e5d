"""The terminal: keys are heard at once, and it is given back whatever happens."""

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
    """What is asked of the app."""

    is_drawing: bool
    release: Callable[[], None]

    def begin_drawing(self) -> None: ...
    def end(self, code: int) -> None: ...
    def call_later(self, callback: Callable[[int], None], code: int) -> bool: ...


class _Steady:
    """A terminal that may go away: from then on nothing is written.

    Textual writes in a thread; were that to end, the next one to write would
    wait for it for ever.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write, if there is somebody to read."""
        if not self._is_gone:
            try:
                self._terminal.write(text)
            except (OSError, ValueError):
                self._is_gone = True

    def flush(self) -> None:
        """Let all out that was written."""
        if not self._is_gone:
            try:
                self._terminal.flush()
            except (OSError, ValueError):
                self._is_gone = True

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._terminal.fileno()


class QuickDriver(LinuxDriver):
    """Textual's own, but for how it waits for keys, and how it begins and stops.

    Textual 8.2.8 looks ten times a second whether an Esc stands alone, and
    whether to end. On a pseudo-terminal, with `ESCDELAY=20`, a lone Esc takes
    101 ms there and 26 ms here (median of 80; any other key takes 1 ms), and an
    end up to 0.2 s. Terminals with Kitty's protocol for keys have neither wait.

    What is pasted stays text here (`pastes`): Textual takes an Esc in it for
    the beginning of a key, and hears no key any more when the end of a paste
    is lost. And here a terminal that goes away ends the program.
    """

    _bell: tuple[int, int] | None = None
    """Ends of a pipe: a byte in it lets the thread look whether to end. There
    as long as the terminal is ours."""

    _held: list[str] | None = None
    """What is to be written with the first frame, before there is one."""

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
        """Take the terminal, and begin to read keys."""
        if not self._explorer.is_drawing:
            self._held, self._explorer.release = [], self._release
        self._bell = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Write, or keep it until there is something to show."""
        if self._held is None:
            super().write(pinned(data))
        else:
            self._held.append(data)

    def _release(self) -> None:
        """Write what was kept: our own page, and all that comes with it."""
        held, self._held = self._held, None
        if held:
            self.write("".join(held))

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        # If nothing was shown yet, there may be a line that tells of the opening.
        self._explorer.begin_drawing()
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Hand on what comes from the terminal, until there is an end."""
        bell, parser = self._bell, key_parser(debug=self._is_logging)
        assert bell is not None  # noqa: S101 (it was made before)
        if parser is None:
            super().run_input_thread()
            return
        keyboard = Keyboard(parser)
        was_empty = False
        while not self.exit_event.is_set():
            ready, _, _ = select.select(
                [self.fileno, bell[0]], [], [], keyboard.patience
            )
            if self.fileno in ready:
                data = self._read()
                if not data and was_empty:
                    self._hang_up()
                    break
                # One Ctrl+D, typed before we had the terminal, reads like an end.
                was_empty = not data
                self._hand_on(keyboard.feed(data))
            elif not ready:
                self._hand_on(keyboard.pause())
        # What was typed until now is ours, and what comes later is not.
        ready, _, _ = select.select([self.fileno], [], [], 0)
        self._hand_on(keyboard.end(self._read() if ready else b""))

    def _hand_on(self, messages: Iterator[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def _read(self) -> bytes:
        """Return what comes next; nothing once the terminal is gone."""
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        """End the program: nobody will type any more."""
        self._explorer.call_later(self._explorer.end, code_of(signal.SIGHUP))

    def disable_input(self) -> None:
        """Read no more keys."""
        bell, self._bell = self._bell, None
        if bell is None:
            return
        os.write(bell[1], b"\0")
        super().disable_input()
        for end in bell:
            os.close(end)

    def _stopped(self, *_: object) -> None:
        """Give the terminal back, and only then stop, with whatever started us.

        The shell takes the terminal when the program that it started stops; we
        may be the child of that one, and could not give anything back then.
        """
        if restarts_itself(self):
            self.suspend_application_mode()
            os.killpg(0, signal.SIGSTOP)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _continued(self, *_: object) -> None:
        """Take the terminal again: whoever had it meanwhile left it otherwise."""
        if not restarts_itself(self):
            return
        if self._bell is not None:
            # It was stopped without a word, and never gave the terminal away.
            self.suspend_application_mode()
        self.resume_application_mode()
        self.send_message(self.SignalResume())
