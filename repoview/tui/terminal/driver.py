"""The terminal: keys are heard at once, and it is given back whatever happens."""

from __future__ import annotations

import os
import select
import signal
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO, cast

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from repoview.signals import code_of
from repoview.tui.terminal.pastes import Pastes
from repoview.tui.terminal.pinned import pinned

if TYPE_CHECKING:
    from collections.abc import Callable

_READ: Final = 4_096

_ALONE: Final = constants.ESCAPE_DELAY + 0.005
"""Seconds after which an Esc is a key of its own, and not the beginning of
another key."""


_LOST: Final = 2.0
"""Seconds without a word after which the end of a paste comes no more: what is
typed before we have the terminal may be cut off."""


class _Drawing(Protocol):
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

    Textual's looks ten times a second whether an Esc stands alone, and whether
    to end: an Esc takes 0.1 s, and an end up to 0.2 s.
    """

    _bell: tuple[int, int] | None = None
    """Ends of a pipe: a byte in it lets the thread look whether to end. There
    as long as the terminal is ours."""

    _held: list[str] | None = None
    """What is to be written with the first frame, before there is one."""

    def start_application_mode(self) -> None:
        """Take the terminal, and begin to read keys."""
        app = cast("_Drawing", self._app)
        if not app.is_drawing:
            self._held, app.release = [], self._release
        self._bell = os.pipe()
        terminal: object = self._file
        if terminal is not None and not isinstance(terminal, _Steady):
            self._file = cast("Any", _Steady(cast("TextIO", terminal)))
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
        cast("_Drawing", self._app).begin_drawing()
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Hand on what comes from the terminal, until there is an end."""
        bell = self._bell
        assert bell is not None  # noqa: S101 (it was made before)
        parser, pastes = XTermParser(self._debug), Pastes()
        decoder = getincrementaldecoder("utf-8")(errors="replace")
        longest: float | None = None
        was_empty = False
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno, bell[0]], [], [], longest)
            waited, longest = longest, None
            if self.fileno in ready:
                data = self._read()
                if not data and was_empty:
                    self._hang_up()
                    break
                # One Ctrl+D, typed before we had the terminal, reads like an end.
                was_empty = not data
                self._hand_on(decoder.decode(data), pastes, parser)
                longest = _ALONE
            elif not ready and waited == _LOST:
                self.process_message(events.Paste(pastes.give_up().text))
            elif not ready:
                pastes.pause()
                for event in parser.tick():
                    self.process_message(event)
                longest = _LOST if pastes.is_open else None

    def _hand_on(self, text: str, pastes: Pastes, parser: XTermParser) -> None:
        for part in pastes.feed(text):
            if part.is_pasted:
                self.process_message(events.Paste(part.text))
                continue
            for event in parser.feed(part.text):
                # The half of a paste that Textual saw.
                if not isinstance(event, events.Paste):
                    self.process_message(event)

    def _read(self) -> bytes:
        """Return what comes next; nothing once the terminal is gone."""
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

    def _hang_up(self) -> None:
        """End the program: nobody will type any more."""
        app = cast("_Drawing", self._app)
        app.call_later(app.end, code_of(signal.SIGHUP))

    def disable_input(self) -> None:
        """Read no more keys."""
        bell, self._bell = self._bell, None
        if bell is None:
            return
        os.write(bell[1], b"\0")
        super().disable_input()
        for end in bell:
            os.close(end)

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal again: whoever had it meanwhile left it otherwise."""
        if self._auto_restart and self._bell is not None:
            # It was stopped without a word, and never gave the terminal away.
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()
