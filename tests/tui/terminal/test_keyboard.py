"""Facts about what is made of the bytes of a terminal."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from repoview.tui.terminal.keyboard import Keyboard
from repoview.tui.terminal.pastes import BEGIN, END
from repoview.tui.textual_internals import key_parser
from tests.tui.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from textual.message import Message


def keyboard() -> Keyboard:
    """Return one that has heard nothing."""
    parser = key_parser(debug=False)
    assert parser is not None
    return Keyboard(parser)


def told(messages: Iterable[Message]) -> list[str]:
    """Return the names of keys, and what was pasted behind an equals sign."""
    return [
        each.key if isinstance(each, events.Key) else f"={each.text}"
        for each in messages
        if isinstance(each, events.Key | events.Paste)
    ]


def test_keys_and_pastes_come_in_their_order() -> None:
    """An Esc in what is pasted is no key."""
    text = f"a\x1b[B{BEGIN}b\x1bq{END}\x1b[A"
    assert told(keyboard().feed(text.encode())) == ["a", "down", "=b␛q", "up"]


@pytest.mark.parametrize("digit", "123456789")
def test_alt_and_a_digit_are_a_key(digit: str) -> None:
    """That turns to a tab; what a Mac types by it is text, and stays it."""
    assert told(keyboard().feed(f"\x1b{digit}".encode())) == [f"alt+{digit}"]
    assert told(keyboard().feed("£".encode())) == ["pound_sign"]


def test_alt_and_backspace_are_not_ctrl_w() -> None:
    """Nor are Esc and Backspace that come together; Ctrl+W closes a file."""
    assert told(keyboard().feed(b"\x1b\x7f")) == ["alt+backspace"]
    assert told(keyboard().feed(b"\x17\x7f")) == ["ctrl+w", "backspace"]


def test_nobody_waits_for_what_comes_when_nothing_is_open() -> None:
    """Only for what may be the beginning of something."""
    board = keyboard()
    assert board.timeout is None
    list(board.feed(b"a"))
    assert board.timeout is not None
    assert told(board.pause()) == []
    assert board.timeout is None


@given(st.lists(st.integers(0, 40), max_size=6))
def test_what_came_is_the_same_however_it_was_cut(places: list[int]) -> None:
    """In the middle of letters, keys and marks."""
    data = f"é\x1b[B{BEGIN}ü\x1b{END}語\x1bOP".encode()
    ends = sorted({0, len(data), *(place % len(data) for place in places)})
    board = keyboard()
    parts = [data[a:b] for a, b in pairwise(ends)]
    heard = [each for part in parts for each in told(board.feed(part))]
    assert heard == told(keyboard().feed(data))


def test_a_paste_whose_end_is_lost_ends_after_two_pauses() -> None:
    """And keys are keys again."""
    board = keyboard()
    assert told(board.feed(f"{BEGIN}pro".encode())) == []
    short = board.timeout
    assert told(board.pause()) == []
    assert short is not None
    assert board.timeout is not None
    assert board.timeout > short
    assert told(board.pause()) == ["=pro"]
    assert board.timeout is None
    assert told(board.feed(b"q")) == ["q"]


def test_what_is_half_there_at_the_end_is_handed_on() -> None:
    """An Esc, a letter cut in two, a paste."""
    board = keyboard()
    assert told(board.feed(b"a\x1b")) == ["a"]
    assert told(board.end()) == ["escape"]
    board = keyboard()
    assert told(board.feed(b"\xc3")) == []
    assert told(board.end(b"\xa9")) == ["é"]
    board = keyboard()
    assert told(board.feed("é".encode()[:1])) == []
    assert told(board.end()) == ["replacement_character"]
    board = keyboard()
    assert told(board.feed(f"{BEGIN}pro".encode())) == []
    assert told(board.end(b"file")) == ["=profile"]


def test_what_is_left_at_the_end_comes_in_its_order() -> None:
    """What came last is heard before it is over."""
    board = keyboard()
    assert told(board.feed(b"\x1b")) == []
    assert told(board.end(b"[Bq")) == ["down", "q"]


def test_alt_and_backspace_end_nothing(sample: Path) -> None:
    """In the real program, where they once closed the file, and with that all."""
    terminal = Terminal(str(sample), "--no-cache")
    terminal.wait_for("q Quit")
    terminal.press("\x1b\x7f?")
    terminal.wait_for("See it another way")
    terminal.press("\x03")
    assert terminal.end() == 130
