"""The real program on a real pseudo-terminal, from opening to leaving."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 60.0
"""Seconds after which a screen is not coming any more."""


class Terminal:
    """A program on a pseudo-terminal; what it writes is waited for."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.executable, [sys.executable, "-m", "repoview", *arguments])  # noqa: S606 (our own program)
        self.resize(80, 24)
        self.seen = b""

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size; the program is told."""
        size = struct.pack("HHHH", height, width, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def read(self) -> bytes:
        """Return what is written next; nothing once the program has ended."""
        ready, _, _ = select.select([self.fd], [], [], PATIENCE)
        if not ready:
            pytest.fail(f"nothing came for {PATIENCE} s after {self.seen[-300:]!r}")
        try:
            return os.read(self.fd, 65_536)
        except OSError:
            return b""

    def wait_for(self, text: str) -> None:
        """Read until *text* is written; what comes behind it is kept."""
        wanted = text.encode()
        given_up = time.monotonic() + PATIENCE
        while wanted not in self.seen:
            # A cursor that blinks writes for ever.
            if time.monotonic() > given_up:
                os.kill(self.pid, signal.SIGKILL)
                pytest.fail(f"no {text!r} came: {self.seen[-300:]!r}")
            if not (piece := self.read()):
                pytest.fail(f"it ended before {text!r}: {self.seen[-300:]!r}")
            self.seen += piece
        self.seen = self.seen.partition(wanted)[2]

    def press(self, keys: str) -> None:
        """Type *keys*."""
        os.write(self.fd, keys.encode())

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        while piece := self.read():
            self.seen += piece
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def test_a_visit_from_opening_to_leaving(sample: Path) -> None:
    """Open, browse, filter, see the tree, resize, leave; the terminal is restored."""
    terminal = Terminal(str(sample))
    terminal.wait_for("Opening")
    terminal.wait_for("All records")
    terminal.press("/like")
    terminal.wait_for("/ like")
    terminal.press("\r")
    terminal.wait_for("Tree")
    terminal.press("t")
    terminal.wait_for("Merkle Search Tree")
    terminal.resize(120, 40)
    terminal.wait_for("Merkle Search Tree")
    terminal.press("q")
    assert terminal.end() == 0
    assert b"\x1b[?1049l" in terminal.seen
    assert b"\x1b[?25h" in terminal.seen


def test_ctrl_c_restores_the_terminal(sample: Path) -> None:
    """And ends with 130."""
    terminal = Terminal(str(sample))
    terminal.wait_for("All records")
    terminal.press("\x03")
    assert terminal.end() == 130
    assert b"\x1b[?1049l" in terminal.seen
