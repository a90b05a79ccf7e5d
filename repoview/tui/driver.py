"""The terminal: keys are heard at once, and it is given back at once."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from typing import Final

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_READ: Final = 4_096

_ALONE: Final = constants.ESCAPE_DELAY + 0.005
"""Seconds after which an Esc is a key of its own, and not the beginning of
another key."""


class QuickDriver(LinuxDriver):
    """Textual's own, but for how it waits for keys.

    Textual's looks ten times a second whether an Esc stands alone, and whether
    to end: an Esc takes 0.1 s, and an end up to 0.2 s.
    """

    _bell: tuple[int, int] | None = None
    """Ends of a pipe: a byte in it lets the thread look whether to end."""

    def start_application_mode(self) -> None:
        """Take the terminal, and begin to read keys."""
        self._bell = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def run_input_thread(self) -> None:
        """Hand on what comes from the terminal, until there is an end."""
        bell = self._bell
        assert bell is not None  # noqa: S101 (it was made before)
        parser = XTermParser(self._debug)
        decoder = getincrementaldecoder("utf-8")(errors="replace")
        longest: float | None = None
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno, bell[0]], [], [], longest)
            longest = None
            if self.fileno in ready:
                data = os.read(self.fileno, _READ)
                if not data:
                    # Nobody types any more.
                    break
                for event in parser.feed(decoder.decode(data)):
                    self.process_message(event)
                longest = _ALONE
            elif not ready:
                for event in parser.tick():
                    self.process_message(event)

    def disable_input(self) -> None:
        """Read no more keys."""
        bell, self._bell = self._bell, None
        if bell is None:
            return
        os.write(bell[1], b"\0")
        super().disable_input()
        for end in bell:
            os.close(end)
