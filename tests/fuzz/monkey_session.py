"""One session of the monkey: its files, its events, and its checks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError, SourceError
from repoview.core.repo.repo import Repo
from repoview.core.verify.report import EXIT_CODES
from tests.fuzz.monkey_events import PALETTE, Event, events
from tests.fuzz.monkey_files import KINDS, change, huge, sample_of
from tests.fuzz.monkey_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 40.0
"""The timeout for a response, in seconds."""

_SOON: Final = 40
"""Events after which an exit is not due to an earlier one."""

_AT_REST: Final = 1.0
"""Seconds without output after which all input has been handled."""

_BLINKING: Final = 5.0
"""Seconds after which it has been despite output: a blinking cursor."""

_AHEAD: Final = 8
"""Events before the first screen, at most."""

_INTERRUPT: Final = b"\x03"
_INTERRUPTED: Final = 130
_TELLING: Final = re.compile(
    r"Traceback|a fault of repoview|panicked|Exception ignored"
)
_FAULT: Final = re.compile(r"a fault of repoview itself \([^\r\n]*")
_OPTIONS: Final[tuple[list[str], ...]] = (
    [],
    [],
    ["--no-cache"],
    ["--mem-limit", "16MiB"],
    ["--threads", "1"],
)


class Bad(Exception):
    """A check of a session failed."""


class Session:
    """One session, determined by its number, and run once.

    Args:
        seed: Of all sessions.
        number: Of this one.
        count: How many events it has.
        folder: An empty one, for its files.
        is_huge: Whether its file is the very large one.
    """

    def __init__(
        self, seed: int, number: int, count: int, folder: Path, *, is_huge: bool
    ) -> None:
        luck = Random(f"{seed}/{number}")  # noqa: S311 (nothing secret)
        self._folder = folder
        self._luck = luck
        self.kind = "huge" if is_huge else ""
        self.changes = 0
        self.trace: list[str] = []
        self.says = ""
        """Its output after the screens were closed."""
        self._is_huge = is_huge
        self._size = luck.choice(((80, 24), (120, 40), (200, 50)))
        self._file = folder / "a.car"
        self._make_files()
        self.events = list(events(luck, count, self._size))
        if number % 3 == 0:
            self._add_changes()
        self._environment = _environment(folder)
        self._options: list[str] = luck.choice(_OPTIONS)
        self._sources = ["a.car", "other.car"] if luck.random() < 0.15 else ["a.car"]
        self._recent: list[Event] = []
        self._ahead: list[Event] = []
        """What was typed before the first screen."""

    def _make_files(self) -> None:
        if self._is_huge:
            os.link(huge(), self._file)
        else:
            kind = self._luck.choice(KINDS)
            self.kind = kind.__name__
            self._file.write_bytes(kind(self._luck))
        (self._folder / "other.car").write_bytes(sample_of(300))

    def _add_changes(self) -> None:
        for _ in range(self._luck.choice((1, 1, 2, 4))):
            at = self._luck.randrange(5, max(len(self.events), 6))
            which = self._luck.randrange(1_000_000)
            self.events.insert(at, Event("change", numbers=(which, 0)))

    def run(self, upto: int | None = None) -> None:
        """Do all, or the first events.

        Raises:
            Bad: Something was wrong.
        """
        todo = self.events[:upto]
        while todo:
            with _Closing(self._start()) as terminal:
                try:
                    self._wait_for_page(terminal)
                    while todo and terminal.code is None:
                        self._do(terminal, todo.pop(0))
                    terminal.drain(0)
                    if terminal.code is None:
                        self._finish(terminal)
                except Bad:
                    self.says = terminal.where_it_is()
                    raise
                self._judge(terminal)

    # Beginning

    def _start(self) -> Terminal:
        """Start the program, on what it can open."""
        self._recent, self._ahead = [], []
        self._codes = {0, *self._codes_of(self._file)}
        if not self._file.is_file():
            self._sources = ["other.car"]
        arguments = [*self._sources, *self._options, "-v"]
        self._note(f"start {' '.join(arguments)} at {self._size}")
        return Terminal(arguments, self._folder, self._environment, self._size)

    def _wait_for_page(self, terminal: Terminal) -> None:
        """Wait for the first that is drawn, or for all of it."""
        until = terminal.clock() + PATIENCE
        while not terminal.watcher.is_on_page and terminal.code is None:
            terminal.drain_once(0.1)
            if terminal.clock() > until:
                raise Bad("frozen: it never began")
        if self.changes or any(e.kind == "change" for e in self.events):
            # A change during the first reading may end the program.
            terminal.wait_quiet(PATIENCE)
        self._sources, sources = ["other.car"], self._sources
        if terminal.code is None:
            self._sources = sources

    def _codes_of(self, path: Path) -> set[int]:
        """Return the exit codes that are allowed for a file."""
        if self.changes:
            return set(EXIT_CODES.values())
        if self._is_huge:
            return set()
        try:
            with Repo.load(path) as repo:
                return {repo.report.exit_code}
        except RepoviewError as error:
            return {error.exit_code}

    # Events

    def _do(self, terminal: Terminal, event: Event) -> None:
        self._note(str(event))
        if terminal.watcher.is_drawing:
            self._recent = [*self._recent[-_SOON:], event]
        else:
            self._ahead.append(event)
        if event.kind == "keys":
            terminal.send(event.data)
        elif event.kind == "size":
            self._size = event.numbers
            terminal.resize(*event.numbers)
        elif event.kind == "rest":
            self._size = event.numbers
            self._look(terminal)
        else:
            self.changes += 1
            self._codes |= set(EXIT_CODES.values())
            how = change(event.numbers[0], self._file, is_linked=self._is_huge)
            self._note(f"    {how}")
        terminal.drain(event.pause)
        if len(self._ahead) == _AHEAD:
            self._wait_for_screens(terminal)
        if event.may_end and not event.data.startswith(PALETTE):
            # If it is at rest and still runs, it does not exit because of this.
            terminal.wait_quiet(_BLINKING, quiet=_AT_REST)

    def _wait_for_screens(self, terminal: Terminal) -> None:
        """Wait for the first screen."""
        until = terminal.clock() + PATIENCE
        while not terminal.watcher.is_drawing and terminal.code is None:
            terminal.drain_once(0.1)
            if terminal.clock() > until:
                raise Bad("frozen: no screens come")

    def _note(self, line: str) -> None:
        self.trace.append(line)

    def _look(self, terminal: Terminal) -> list[str]:
        """Check that the program redraws; return the lines."""
        terminal.wait_quiet(PATIENCE)
        before = terminal.total
        terminal.resize(*self._size)
        until = terminal.clock() + PATIENCE
        while terminal.code is None:
            terminal.wait_quiet(PATIENCE)
            if terminal.code is not None:
                break
            lines = terminal.lines()
            if any(line.strip() for line in lines):
                return lines
            if terminal.clock() > until:
                what = "blank" if terminal.total > before else "frozen"
                raise Bad(f"{what}: nothing is drawn at another size")
        return []

    # The end

    def _finish(self, terminal: Terminal) -> None:
        """Check that keys are handled, and quit."""
        for _ in range(6):
            self._do(terminal, Event("keys", b"\x1b", pause=0.03))
            terminal.wait_quiet(PATIENCE)
        self._size = max(self._size[0], 60) + 1, max(self._size[1], 20)
        before = self._look(terminal)
        self._press(terminal, b"?", lambda: terminal.lines() != before)
        for _ in range(2):
            self._do(terminal, Event("keys", b"\x1b", pause=0.03))
            terminal.wait_quiet(PATIENCE)
        key = self._luck.choice((b"q", b"q", b"\x11", _INTERRUPT))
        self._press(terminal, key, lambda: False, may_end=True)

    def _press(
        self,
        terminal: Terminal,
        key: bytes,
        is_answered: Callable[[], bool],
        *,
        may_end: bool = False,
    ) -> None:
        """Press a key, again if needed: right after an Esc it is another key."""
        for _ in range(3):
            self._do(terminal, Event("keys", key, may_end=may_end))
            until = terminal.clock() + PATIENCE / 2
            while terminal.clock() < until:
                terminal.drain_once(0.2)
                if terminal.code is not None or is_answered():
                    return
        raise Bad(f"frozen: {key!r} has no answer")

    def _judge(self, terminal: Terminal) -> None:
        """Check how it exited."""
        faults = list(terminal.watcher.faults)
        self.says = says = terminal.watcher.outside
        if (found := _TELLING.search(says)) is not None:
            told = _FAULT.search(says, found.start())
            faults.insert(0, f"a traceback: {told[0] if told else _last_line(says)}")
        faults += [f"not given back: {left}" for left in terminal.given_back()]
        code = terminal.code or 0
        done = [*self._ahead, *self._recent]
        asked = any(event.may_end for event in done)
        if any(_INTERRUPT in event.data for event in done):
            self._codes.add(_INTERRUPTED)
        if self.changes and asked:
            # What it was to read last may be there no more.
            self._codes.add(SourceError.exit_code)
        if code not in self._codes:
            faults.append(f"exit code {code}, not of {sorted(self._codes)}")
        is_told = not done and code
        if not asked and not is_told and not self._is_told_early(says, code):
            faults.append(f"it ended by itself, with code {code}: {_last_line(says)}")
        if faults:
            raise Bad("; ".join(faults))

    def _is_told_early(self, says: str, code: int) -> bool:
        """Whether it exited before it had a view, because the file is not a CAR."""
        return not self.changes and bool(code) and "repoview: " in says


def _environment(folder: Path) -> dict[str, str]:
    """Return the whole environment of the program, with nothing of the user's."""
    home = folder / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "TMPDIR": str(home),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "PYTHONUTF8": "1",
        "PYTHONFAULTHANDLER": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PAGER": "true",
        "EDITOR": "true",
    }


class _Closing:
    """Close a terminal at the end of a block."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __enter__(self) -> Terminal:
        return self._terminal

    def __exit__(self, *_: object) -> None:
        self._terminal.close()


def _last_line(text: str) -> str:
    lines = [line.strip(" │\r") for line in text.splitlines() if line.strip(" │╰─╯\r")]
    return lines[-1][:200] if lines else "nothing was said"
