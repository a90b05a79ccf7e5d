"""A program on a pseudo-terminal, with checks of its output.

All output is scanned for control sequences that no screen needs, and for the
modes of the terminal that are changed. The screen itself is emulated when it is
asked for.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

QUIET: Final = 0.08
"""Seconds without output after which drawing counts as finished."""

_SEQUENCE: Final = re.compile(
    r"\x1b(?:\[[0-9;:<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|P[^\x1b]*\x1b\\|[()][A-Z0-9]|[78=>DEMc])"
)
"""A complete control sequence."""

_UNFINISHED: Final = re.compile(r"\x1b(?:\[[0-9;:<=>?]*[ -/]*|[\]P][^\x07\x1b]*|[()])?")
_MODE: Final = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])(\d*)u")
_FORBIDDEN: Final = re.compile(
    r"[\0-\x06\x08\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""Characters that can only come from the text of a repository."""

_ALLOWED_OSC: Final = re.compile(
    r"\x1b\](?:52;c;[A-Za-z0-9+/=]*|22;[a-z-]*)(?:\x07|\x1b\\)"
)
"""Copying to the clipboard, and the shape of the mouse pointer."""

_HIDDEN, _PAGE, _PASTES = 25, 1049, 2004
_LEFT_ON: Final = (9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2048)


class Watcher:
    """Scans all output of a program, and collects faults."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.modes: dict[int, bool] = {}
        self.keyboard = 0
        """Changes of the keyboard protocol that have not been undone."""
        self.outside = ""
        """The output to the terminal's main screen."""
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._rest = ""

    @property
    def is_on_page(self) -> bool:
        """Whether the terminal shows the alternate screen."""
        return self.modes.get(_PAGE, False)

    @property
    def is_drawing(self) -> bool:
        """Whether only the program writes: until then the line echoes keys."""
        return self.is_on_page and self.modes.get(_PASTES, False)

    def feed(self, piece: bytes) -> None:
        """Scan the next output."""
        text = self._rest + self._decode(piece)
        self._rest = ""
        at = 0
        while at < len(text):
            start = text.find("\x1b", at)
            self._plain(text[at : start if start >= 0 else len(text)])
            if start < 0:
                return
            found = _SEQUENCE.match(text, start)
            if found is not None:
                self._sequence(found[0])
                at = found.end()
            elif _UNFINISHED.fullmatch(text, start):
                self._rest = text[start:]
                return
            else:
                self._fault(f"an unknown sequence {text[start : start + 20]!r}")
                at = start + 1

    def _plain(self, text: str) -> None:
        if not self.is_drawing:
            self.outside = (self.outside + text)[-100_000:]
        elif (found := _FORBIDDEN.search(text)) is not None:
            around = text[max(found.start() - 30, 0) : found.end() + 30]
            self._fault(f"raw {found[0]!r} in {around!r}")

    def _sequence(self, text: str) -> None:
        if text.startswith("\x1b]") and not _ALLOWED_OSC.fullmatch(text):
            self._fault(f"a raw sequence {text[:60]!r}")
        found = _MODE.fullmatch(text)
        if found is None:
            return
        if found[1] is None:
            self.keyboard += 1 if found[3] == ">" else -int(found[4] or 1)
            return
        for number in map(int, found[1].split(";")):
            self.modes[number] = found[2] == "h"

    def _fault(self, says: str) -> None:
        if len(self.faults) < 5:
            self.faults.append(says)

    def left_behind(self) -> list[str]:
        """Return which modes of the terminal were not restored."""
        left = [f"mode {n} is on" for n in _LEFT_ON if self.modes.get(n)]
        if self.is_on_page:
            left.append("the other page is shown")
        if not self.modes.get(_HIDDEN, True):
            left.append("the cursor is hidden")
        if self.keyboard > 0:
            left.append("the keyboard speaks another protocol")
        return left


class Terminal:
    """The program on a pseudo-terminal of its own.

    Args:
        arguments: Of the program.
        folder: Where it runs.
        environment: All that it is given of one.
        size: Columns and rows.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        size: tuple[int, int],
    ) -> None:
        self.watcher = Watcher()
        self.written = bytearray()
        """What was written since the size was changed."""
        self.total = 0
        self._master, self._slave = os.openpty()
        self.resize(*size)
        self._before = self._without_echo()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "repoview", *arguments],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 (no threads run here)
        )
        self._end = os.pidfd_open(self._process.pid)
        self.code: int | None = None
        """What the program ended with; None while it runs."""

    def _without_echo(self) -> list[Any]:
        """Let the line repeat no keys between what the program writes."""
        settings: list[Any] = termios.tcgetattr(self._slave)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(self._slave, termios.TCSANOW, settings)
        return termios.tcgetattr(self._slave)

    # What goes in

    def send(self, data: bytes) -> None:
        """Type bytes; what the program does not take within a minute is lost."""
        given_up = time.monotonic() + 60
        while data and self.code is None and time.monotonic() < given_up:
            _, room, _ = select.select([], [self._master], [], 0)
            if room:
                # A piece at a time: a full line would be waited for.
                data = data[os.write(self._master, data[:256]) :]
            else:
                self.drain(0.02)

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size, and forget what was written."""
        self.size = width, height
        self.written.clear()
        packed = struct.pack("HHHH", height, width, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, packed)

    # What comes out

    def drain(self, seconds: float) -> bool:
        """Take in what comes for a while; tell whether anything did."""
        until = time.monotonic() + seconds
        came = False
        while self.code is None:
            left = max(until - time.monotonic(), 0)
            ready, _, _ = select.select([self._master, self._end], [], [], left)
            if self._master in ready:
                self._read()
                came = True
            elif self._end in ready:
                self._ended()
            if not ready or not left:
                break
        return came

    def _read(self) -> None:
        piece = os.read(self._master, 65_536)
        self.total += len(piece)
        self.watcher.feed(piece)
        self.written += piece

    def _ended(self) -> None:
        """Take in the last that was written."""
        self.code = self._process.wait()
        while select.select([self._master], [], [], 0)[0]:
            self._read()

    def wait_quiet(self, seconds: float, quiet: float = QUIET) -> bool:
        """Wait until nothing is drawn any more; False if that never comes.

        Args:
            seconds: How long to wait.
            quiet: Seconds without output that are enough.
        """
        until = self.clock() + seconds
        while self.code is None and self.clock() < until:
            if not self.drain_once(quiet) and not self._is_busy():
                return True
        return self.code is not None

    def clock(self) -> float:
        """Return seconds that stand still while the program waits for a processor.

        Where other programs take these, it is not frozen, and not at rest.
        """
        with suppress(OSError):
            _, waited, _ = (
                Path(f"/proc/{self._process.pid}/schedstat").read_text().split()
            )
            return time.monotonic() - int(waited) / 1e9
        return time.monotonic()

    def _is_busy(self) -> bool:
        """Tell whether a thread of the program computes, or waits for a processor."""
        states = []
        with suppress(OSError):
            tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
            stats = [(task / "stat").read_text() for task in tasks]
            # Behind the name, which may hold anything.
            states = [stat.rpartition(")")[2][1] for stat in stats]
        return "R" in states

    def drain_once(self, seconds: float) -> bool:
        """Wait for output, and take in what there is; False if none came."""
        ready, _, _ = select.select([self._master, self._end], [], [], seconds)
        if ready:
            self.drain(0)
        return bool(ready)

    def lines(self) -> list[str]:
        """Return what the screen shows, drawn since the size was changed."""
        emulator = Emulator(*self.size)
        emulator.feed(bytes(self.written))
        return emulator.lines

    # The end

    def given_back(self) -> list[str]:
        """Return which modes of the terminal were not restored."""
        left = self.watcher.left_behind()
        if termios.tcgetattr(self._slave) != self._before:
            left.append("the line has other settings")
        return left

    def where_it_is(self) -> str:
        """End the program, and return the screen and what its threads did."""
        lines = [line.rstrip() for line in self.lines()]
        self.written.clear()
        self._process.send_signal(signal.SIGABRT)
        self.drain(5)
        told = bytes(self.written).decode(errors="replace")
        return "\n".join([*lines, told])

    def close(self) -> None:
        """End the program if it runs, and let the terminal go."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for end in (self._end, self._master, self._slave):
            os.close(end)


def _take_terminal() -> None:
    """Make standard input the terminal that the new session is run from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
