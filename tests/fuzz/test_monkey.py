"""The monkey itself: what it notices, and that it can be had again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz import monkey_session
from tests.fuzz.monkey import main, run_one
from tests.fuzz.monkey_session import Session
from tests.fuzz.monkey_terminal import Watcher

if TYPE_CHECKING:
    from pathlib import Path

ON = b"\x1b[?1049h\x1b[?2004h\x1b[?1003h\x1b[?25l\x1b[>1u"
OFF = b"\x1b[<u\x1b[?25h\x1b[?1003l\x1b[?2004l\x1b[?1049l"


def watched(*pieces: bytes) -> Watcher:
    """Return a watcher that read what a program wrote, piece by piece."""
    watcher = Watcher()
    for piece in pieces:
        watcher.feed(piece)
    return watcher


def test_what_a_screen_is_drawn_with_is_no_fault() -> None:
    """Even where sequences and letters come in two pieces."""
    drawn = b"\x1b[1;1H\x1b[38;2;1;2;3mtext \xc3\xa9\x1b[0m\r\n\x1b]52;c;aGk=\x07"
    watcher = watched(ON, *(bytes([byte]) for byte in drawn), OFF)
    assert watcher.faults == []
    assert watcher.left_behind() == []


def test_text_that_a_terminal_would_obey_is_a_fault() -> None:
    """Control characters, changes of direction, titles, and sequences cut short."""
    for text in ("\x9b2J", "a\x08b", "\u202e", "\x1b]0;owned\x07", "\x1b%x"):
        assert watched(ON, text.encode() + b" rest").faults, repr(text)


def test_keys_that_the_line_echoes_before_there_are_screens_are_none() -> None:
    """They are the reader's own, and the line writes them, not the program."""
    assert watched(b"\x1b[?1049h", "\x9b".encode()).faults == []


def test_what_is_left_on_is_told() -> None:
    """Each way in which a terminal is not given back."""
    assert len(watched(ON).left_behind()) == 5
    assert watched(ON, OFF.replace(b"\x1b[?25h", b"")).left_behind() == [
        "the cursor is hidden"
    ]


def test_a_number_is_a_session(tmp_path: Path) -> None:
    """The same file, events and changes of the file."""
    made = []
    for name in "ab":
        folder = tmp_path / name
        folder.mkdir()
        session = Session(7, 3, 50, folder, is_huge=False)
        made.append((session.events, (folder / "a.car").read_bytes()))
    assert made[0] == made[1]
    assert any(event.kind == "change" for event in made[0][0])


@pytest.mark.parametrize("number", [0, 3, 6])
def test_the_explorer_bears_a_monkey(number: int) -> None:
    """For some seconds; the script can run for hours."""
    session, bad = run_one(11, number, 50, huge=False)
    assert not bad, "\n".join([bad, *session.trace, session.says])
    assert len(session.trace) > 50


def test_a_bad_session_ends_the_monkey_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And leaves what it did behind."""
    monkeypatch.setattr(monkey_session, "PATIENCE", 0.0)
    arguments = ["--sessions", "1", "--events", "1", "--traces", str(tmp_path)]
    assert main(arguments) == 1
    assert "again: --seed 1 --only 0" in capsys.readouterr().out
    assert "start a.car" in (tmp_path / "1-0.txt").read_text(encoding="utf-8")
