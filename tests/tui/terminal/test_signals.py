"""Whatever ends the explorer, or stops it, the terminal is given back."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.tui.pseudo_terminal import PROGRAM, Terminal

if TYPE_CHECKING:
    from pathlib import Path

ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]

_READER = """
import os, sys, time
print("reading", os.path.basename(sys.argv[1]), flush=True)
time.sleep(600)
"""
"""A pager that does not end by itself."""

_LAUNCHER = (
    f"{sys.executable} -c 'import subprocess, sys; "
    "sys.exit(subprocess.call(sys.argv[1:]))'"
)
"""A program that runs another, as `uv run` does."""


def exploring(path: Path, **how: Path) -> Terminal:
    """Return an explorer that shows records."""
    terminal = Terminal(str(path), "--no-cache", **how)
    for text in ("SOUND", "q Quit", "─ app.bsky.actor.profile/self ─", '"$type"'):
        terminal.wait_for(text)
    return terminal


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_as_a_key_does(sample: Path, number: int) -> None:
    """The page before, the cursor, the mouse, the keyboard; and 128 and its number."""
    terminal = exploring(sample)
    assert terminal.watcher.left_behind()
    terminal.send(number)
    assert terminal.end() == 128 + number
    assert terminal.watcher.left_behind() == []


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_as_soon_as_there_are_screens(sample: Path, number: int) -> None:
    """While they come up."""
    terminal = Terminal(str(sample), "--no-cache")
    terminal.read()
    terminal.send(number)
    assert terminal.end() == 128 + number
    assert terminal.watcher.left_behind() == []


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_the_screen_that_asks_what_to_open(
    tmp_path: Path, number: int
) -> None:
    """As any other."""
    terminal = Terminal(folder=tmp_path)
    terminal.wait_for("a sample repository, made here")
    terminal.send(number)
    assert terminal.end() == 128 + number
    assert terminal.watcher.left_behind() == []


def test_a_signal_ends_below_a_dialog(sample: Path) -> None:
    """The dialog need not be answered."""
    terminal = exploring(sample)
    terminal.press("\x0f")
    terminal.wait_for("Open another")
    terminal.send(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert terminal.watcher.left_behind() == []


def test_a_terminal_that_goes_away_ends_the_explorer(sample: Path) -> None:
    """As a window that is closed does."""
    assert exploring(sample).hang_up() == 128 + signal.SIGHUP


@pytest.mark.parametrize("number", ENDING)
def test_what_a_pager_was_given_goes_with_a_signal(
    sample: Path, tmp_path: Path, number: int
) -> None:
    """And so does the pager."""
    reader = tmp_path / "reader.py"
    reader.write_text(_READER)
    places = {"TMPDIR": str(tmp_path), "PAGER": f"{sys.executable} {reader}"}
    terminal = Terminal(str(sample), "--no-cache", environment=places)
    terminal.wait_for("q Quit")
    terminal.press("o")
    terminal.wait_for("reading ")
    assert list(tmp_path.glob("repoview-*"))
    terminal.send(number)
    assert terminal.end() == 128 + number
    assert list(tmp_path.glob("repoview-*")) == []
    assert terminal.watcher.left_behind() == []


@pytest.mark.parametrize("number", ENDING)
def test_the_demo_goes_with_a_signal(tmp_path: Path, number: int) -> None:
    """Its file was made for this visit."""
    terminal = Terminal("demo", environment={"TMPDIR": str(tmp_path)})
    terminal.wait_for("q Quit")
    assert list(tmp_path.glob("repoview-*"))
    terminal.send(number)
    assert terminal.end() == 128 + number
    assert list(tmp_path.glob("repoview-*")) == []


def test_the_demo_goes_with_a_signal_while_it_is_made(tmp_path: Path) -> None:
    """Of a million records, of which few are there."""
    terminal = Terminal(
        "demo", "--records", "1000000", environment={"TMPDIR": str(tmp_path)}
    )
    while not list(tmp_path.glob("repoview-*/*")):
        continue
    terminal.send(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert list(tmp_path.glob("repoview-*")) == []


@pytest.mark.parametrize("launcher", ["", _LAUNCHER], ids=["alone", "launched"])
def test_ctrl_z_gives_the_shell_the_terminal_and_fg_comes_back(
    sample: Path, launcher: str
) -> None:
    """To the same screen, drawn anew, which answers keys; also below a launcher."""
    shell = Terminal("-i", command=["sh"], environment={"PS1": "what now? ", "ENV": ""})
    shell.wait_for("what now?")
    shell.press(f"{launcher} {' '.join(PROGRAM)} {sample} --no-cache\n")
    shell.wait_for("SOUND")
    shell.wait_for("q Quit")
    shell.press("\x1a")
    while shell.watcher.left_behind():
        assert shell.read()
    shell.press("echo here $((40 + 2))\n")
    shell.wait_for("here 42")
    shell.press("fg\n")
    shell.wait_for("SOUND")
    shell.wait_for("All records")
    shell.wait_for("q Quit")
    assert "here 42" not in shell.text
    assert "Find in contents" not in shell.text
    shell.press("t")
    shell.wait_for("Merkle Search Tree")
    shell.press("q")
    while shell.watcher.is_on_page:
        shell.read()
    shell.press("exit\n")
    assert shell.end() == 0
    assert shell.watcher.left_behind() == []


def test_without_a_shell_ctrl_z_says_so(sample: Path) -> None:
    """No shell would continue it."""
    terminal = exploring(sample)
    terminal.press("\x1a")
    terminal.wait_for("no shell to go back to")
    terminal.press("q")
    assert terminal.end() == 0


def test_one_that_was_stopped_without_a_word_goes_on(sample: Path) -> None:
    """With one thread that reads keys, and not two."""
    terminal = exploring(sample)
    terminal.send(signal.SIGSTOP)
    terminal.send(signal.SIGCONT)
    while (
        terminal.written.count(b"\x1b[?1049h") < 2
        or b"\x1b[2J" not in terminal.written.rpartition(b"\x1b[?1049h")[2]
    ):
        # What is typed before it has the terminal again, and has drawn all anew,
        # goes with the old one.
        assert terminal.read()
    terminal.press("G")
    terminal.wait_for("─ com.example.journal.entry/what-rye-wants ─")
    terminal.press("t")
    terminal.wait_for("Merkle Search Tree")
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.watcher.left_behind() == []


def test_ctrl_l_draws_all_anew(sample: Path) -> None:
    """Whatever another program has written over it."""
    terminal = exploring(sample)
    before = terminal.text
    terminal.screen.erase_in_display(2)
    terminal.press("\x0c")
    terminal.wait_for("q Quit")
    terminal.wait_for("All records")
    while terminal.text != before:
        terminal.read()
    terminal.press("q")
    assert terminal.end() == 0


class TestPastes:
    """What is pasted is text, whatever is in it."""

    @pytest.mark.parametrize(
        "pasted", ["\x1bq\x1b\x03", "a\x1b[24~\x1b\x1bq", "\x1b[20", "\x03\x1a"]
    )
    def test_no_key_is_obeyed(self, sample: Path, pasted: str) -> None:
        """Where there is no line to take it, nothing happens at all."""
        terminal = exploring(sample)
        terminal.press(f"\x1b[200~{pasted}\x1b[201~t")
        terminal.wait_for("Merkle Search Tree")
        terminal.press("q")
        assert terminal.end() == 0

    def test_a_line_takes_it_as_text(self, sample: Path) -> None:
        """What a terminal would obey is seen."""
        terminal = exploring(sample)
        terminal.press("/\x1b[200~pro\x1b[31mfile\x1b[201~")
        terminal.wait_for("pro␛[31mfile")
        assert terminal.watcher.faults == []
        terminal.press("\r")
        terminal.wait_for("q Quit")
        terminal.press("q")
        assert terminal.end() == 0

    def test_one_whose_end_is_lost_ends_all_the_same(self, sample: Path) -> None:
        """Or no key would be heard any more."""
        terminal = exploring(sample)
        terminal.press("/\x1b[200~profile")
        terminal.wait_for("/ profile")
        terminal.press("\r")
        terminal.wait_for("q Quit")
        terminal.press("q")
        assert terminal.end() == 0
