"""The first frame that is written to the terminal is complete."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from tests.emulator import Emulator
from tests.tui.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

_LINE = """
import time
from repoview.signals import on_ending
from repoview.tui.app.base.splash import Splash
with on_ending(), Splash("a\\x1b[31m.car", delay={delay}):
    print("waiting", flush=True)
    time.sleep({seconds})
"""
"""A program whose screens do not come."""


def first_frame(terminal: Terminal, keys: str = "q Quit") -> list[str]:
    """Return the screen when the last line of the first frame was just drawn."""
    terminal.wait_for(keys)
    emulator = Emulator(80, 24)
    for piece in terminal.written.split(b"\x1b"):
        emulator.feed(b"\x1b" + piece)
        if keys in emulator.lines[-1]:
            return emulator.lines
    raise AssertionError(emulator.lines)


def leave(terminal: Terminal) -> None:
    """Quit, and see that all went well."""
    terminal.press("q")
    assert terminal.end() == 0


def assert_whole(lines: list[str], *texts: str) -> None:
    """Fail where a text is missing, or something is on its way."""
    shown = "\n".join(lines)
    for text in texts:
        assert text in shown, shown
    assert "Nothing to show." not in shown
    assert "Opening" not in shown
    assert "…" not in [line.strip("│ ") for line in lines]


RECORDS = (
    "SOUND",
    "All records",
    "profile self",
    "all records",
    "─ app.bsky.actor.profile/self ─",
    '"$type"',
    "1 JSON",
)


def test_the_first_frame_has_records_and_one_of_them(
    sample: Path, tmp_path: Path
) -> None:
    """When the file is read, and when it comes from the cache."""
    words = (str(sample), "--cache-dir", str(tmp_path))
    state = {"XDG_STATE_HOME": str(tmp_path)}
    for _ in range(2):
        terminal = Terminal(*words, environment=state)
        terminal.wait_for("SOUND")
        assert_whole(first_frame(terminal), *RECORDS)
        leave(terminal)


def test_the_first_frame_is_of_where_the_reader_was(
    sample: Path, tmp_path: Path
) -> None:
    """The view that was left, and no other before it."""
    words = (str(sample), "--cache-dir", str(tmp_path))
    state = {"XDG_STATE_HOME": str(tmp_path)}
    terminal = Terminal(*words, environment=state)
    terminal.wait_for("q Quit")
    terminal.press("t")
    terminal.wait_for("Merkle Search Tree")
    leave(terminal)
    terminal = Terminal(*words, environment=state)
    lines = first_frame(terminal)
    assert_whole(lines, "SOUND", "Merkle Search Tree", "depth 3", '"$type"')
    leave(terminal)


def test_the_first_frame_of_a_slow_source_tells_how_far_it_is(tmp_path: Path) -> None:
    """The whole of the box, and the keys."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    terminal = Terminal(str(pipe))
    with pipe.open("wb"):
        shown = "\n".join(first_frame(terminal))
        for text in ("Opening", "1 of 2", "nothing wrong so far", "Keep what came"):
            assert text in shown
        leave(terminal)


def test_nothing_is_written_before_unless_it_takes_long(tmp_path: Path) -> None:
    """If the program ends before, the terminal is never switched."""
    program = tmp_path / "program.py"
    program.write_text(_LINE.format(delay=3_600, seconds=0))
    terminal = Terminal(str(program), command=[sys.executable])
    assert terminal.end() == 0
    assert b"\x1b" not in terminal.written


def test_what_takes_long_says_what_is_opened(tmp_path: Path) -> None:
    """And if it is interrupted, the terminal is restored."""
    program = tmp_path / "program.py"
    program.write_text(_LINE.format(delay=0, seconds=600))
    for ending, code in (("\x03", -signal.SIGINT), ("", 128 + signal.SIGTERM)):
        terminal = Terminal(str(program), command=[sys.executable])
        terminal.wait_for("Opening a␛[31m.car")
        while b"waiting" not in terminal.written:
            terminal.read()
        terminal.press(ending)
        if not ending:
            terminal.send(signal.SIGTERM)
        assert terminal.end() == code
        assert terminal.watcher.left_behind() == []
