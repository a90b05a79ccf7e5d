"""The real program on a real pseudo-terminal, from opening to leaving."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from repoview.corpus.signing import BOB
from repoview.sample import write_sample
from tests.tui.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_visit_from_opening_to_leaving(sample: Path, tmp_path: Path) -> None:
    """Open, browse, filter, jump, export, resize, leave; the terminal is restored."""
    terminal = Terminal(str(sample), "--no-cache", folder=tmp_path)
    terminal.wait_for("All records")
    terminal.wait_for("SOUND")
    terminal.press("/like")
    terminal.wait_for("All records / like")
    terminal.press("\r")
    terminal.wait_for("Tree")
    terminal.press("e")
    # What is shown: the likes, for a filter is on.
    terminal.wait_for("exactly")
    terminal.press("\x15")
    terminal.wait_for("the file to write")
    terminal.press("likes.jsonl")
    terminal.wait_for("likes.jsonl")
    terminal.press("\r")
    # The whole path, of which a toast has room for the beginning.
    terminal.wait_for("wrote")
    terminal.wait_for(str(tmp_path)[:20])
    terminal.press(":")
    terminal.wait_for("Go to ─")
    terminal.press("app.bsky.actor.profile/self\r")
    terminal.wait_for("─ app.bsky.actor.profile/self ─")
    terminal.press("t")
    terminal.wait_for("Merkle Search Tree")
    terminal.resize(120, 40)
    terminal.wait_for("q Quit")
    assert "Merkle Search Tree" in terminal.text
    terminal.press("q")
    assert terminal.end() == 0
    assert b"\x1b[?1049l" in terminal.written
    assert b"\x1b[?25h" in terminal.written
    lines = (tmp_path / "likes.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all("like" in json.loads(line)["path"] for line in lines)


def test_ctrl_c_restores_the_terminal(sample: Path) -> None:
    """And ends with 130."""
    terminal = Terminal(str(sample))
    terminal.wait_for("All records")
    terminal.press("\x03")
    assert terminal.end() == 130
    assert b"\x1b[?1049l" in terminal.written


def test_an_escape_alone_is_a_key_and_those_that_begin_with_it_are_others(
    sample: Path,
) -> None:
    """As our own reading of the keyboard tells them apart."""
    terminal = Terminal(str(sample), "--no-cache")
    terminal.wait_for("SOUND")
    terminal.wait_for("q Quit")
    terminal.press("/like")
    terminal.wait_for("All records / like")
    while "q Quit" in terminal.text:
        terminal.read()
    terminal.press("\x1b")
    terminal.wait_for("q Quit")
    terminal.press("\x1b[F")
    terminal.wait_for("─ com.example.journal.entry/what-rye-wants ─")
    terminal.press("q")
    assert terminal.end() == 0


def test_alone_the_program_asks_what_to_open(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample; then what was open, and never the sample that is gone."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "here"
    folder.mkdir()
    terminal = Terminal(folder=folder)
    terminal.wait_for("a sample repository, made here")
    terminal.press("\r")
    terminal.wait_for("SOUND")
    terminal.wait_for("q Quit")
    terminal.press("q")
    assert terminal.end() == 0
    (folder / "mine.car").write_bytes(sample.read_bytes())
    terminal = Terminal(folder=folder)
    terminal.wait_for("mine.car")
    terminal.press("mine.car\r")
    terminal.wait_for("SOUND")
    terminal.wait_for("q Quit")
    terminal.press("q")
    assert terminal.end() == 0
    terminal = Terminal(folder=tmp_path)
    terminal.wait_for("300 records")
    terminal.wait_for("» ")
    assert "3,000 records" not in terminal.text
    terminal.press("\x1b")
    assert terminal.end() == 0
    assert b"\x1b[?1049l" in terminal.written


def test_half_a_letter_and_an_end_of_input_leave_the_keyboard_alone(
    sample: Path,
) -> None:
    """Typed ahead, Ctrl+D reads like the end; half a letter reads like nothing."""
    terminal = Terminal(str(sample), "--no-cache")
    while b"\x1b[?1049h" not in terminal.written:
        assert terminal.read()
    terminal.press("\x04\x04")
    terminal.wait_for("q Quit")
    os.write(terminal.fd, b"\xc3")
    terminal.press("t")
    terminal.wait_for("Merkle Search Tree")
    terminal.press("q")
    assert terminal.end() == 0


def test_a_key_is_given_by_keys_and_by_mouse_and_remembered(
    sample: Path, tmp_path: Path
) -> None:
    """In one visit a wrong one, then the right one; the next knows it."""
    key = write_sample(lambda _: None, 1).signing_key
    state = {"XDG_STATE_HOME": str(tmp_path)}
    terminal = Terminal(str(sample), folder=tmp_path, environment=state)
    terminal.wait_for("signature not checked")
    terminal.press("K")
    terminal.wait_for("Who signed it")
    terminal.press("did:plc:abc")
    terminal.wait_for("is an account, and no key")
    terminal.press("\x15")
    terminal.wait_for("a file with a DID document")
    terminal.press(f"{BOB.multikey}\r")
    terminal.wait_for("INVALID")
    terminal.wait_for("signature wrong")
    # A click on the words in the first line.
    column = terminal.lines[0].index("signature wrong") + 3
    terminal.press(f"\x1b[<0;{column};1M\x1b[<0;{column};1m")
    terminal.wait_for("Who signed it")
    terminal.press(f"{key}\r")
    terminal.wait_for("SOUND")
    terminal.wait_for("signature verified")
    terminal.press("q")
    assert terminal.end() == 0
    terminal = Terminal(str(sample), folder=tmp_path, environment=state)
    terminal.wait_for("signature verified, by a remembered key")
    terminal.press("q")
    assert terminal.end() == 0
