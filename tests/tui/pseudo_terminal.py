"""The real program on a real pseudo-terminal, whose screen can be read."""

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
from typing import TYPE_CHECKING, Final

import pytest

from tests.emulator import Emulator
from tests.fuzz.monkey_terminal import Watcher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyte

PATIENCE: Final = 30.0
"""The timeout of `wait_for`, in seconds."""

PROGRAM: Final = (sys.executable, "-m", "repoview")


class Terminal:
    """A program on a pseudo-terminal, whose screen is emulated.

    Args:
        arguments: Of the program.
        folder: Where it runs.
        environment: Variables besides those of this process.
        command: Another program.
    """

    def __init__(
        self,
        *arguments: str,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = PROGRAM,
    ) -> None:
        self._emulator = Emulator(80, 24)
        self.watcher = Watcher()
        self.written = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if folder is not None:
                os.chdir(folder)
            os.environ.update({"TERM": "xterm-256color"}, **(environment or {}))
            os.execvp(command[0], [*command, *arguments])  # noqa: S606 (no shell)
        self.resize(80, 24)

    @property
    def text(self) -> str:
        """The text on the screen."""
        return self._emulator.text

    @property
    def lines(self) -> list[str]:
        """The same, row by row."""
        return self._emulator.lines

    @property
    def screen(self) -> pyte.Screen:
        """The cells of the screen."""
        return self._emulator.screen

    def resize(self, width: int, height: int) -> None:
        """Resize the terminal; the program gets a signal."""
        self._emulator.resize(width, height)
        size = struct.pack("HHHH", height, width, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def read(self) -> bytes:
        """Read the next output; b"" once the program has exited."""
        ready, _, _ = select.select([self.fd], [], [], PATIENCE)
        if not ready:
            pytest.fail(f"nothing came for {PATIENCE} s after:\n{self.text}")
        try:
            piece = os.read(self.fd, 65_536)
        except OSError:
            return b""
        self.written += piece
        self.watcher.feed(piece)
        self._emulator.feed(piece)
        return piece

    def wait_for(self, text: str) -> None:
        """Read until *text* is on the screen."""
        given_up = time.monotonic() + PATIENCE
        while text not in self.text:
            # A blinking cursor writes for ever.
            if time.monotonic() > given_up:
                os.kill(self.pid, signal.SIGKILL)
                pytest.fail(f"no {text!r} came:\n{self.text}")
            if not self.read():
                pytest.fail(f"it ended before {text!r}:\n{self.text}")

    def press(self, keys: str) -> None:
        """Type *keys*."""
        os.write(self.fd, keys.encode())

    def send(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> int:
        """Close the terminal, and return the exit code."""
        os.close(self.fd)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def end(self) -> int:
        """Read until the program exits, and return the exit code."""
        while self.read():
            continue
        return self.hang_up()
