"""Text that terminals do not agree on stays in its columns."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from repoview.tui.terminal.pinned import AGREED, has_doubted, pinned
from tests.core.repos import make_repo
from tests.tui.pseudo_terminal import PATIENCE, PROGRAM, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.formats.dagcbor.strict import Value

CLUSTERS = [
    "👩‍💻",
    "👨‍👩‍👧‍👦",
    "❤️",
    "❤️‍🔥",
    "👍🏽",
    "👩🏽‍🚀",
    "1️⃣",
    "🏳️‍🌈",
    "🇩🇪🇫🇷",
    "☺️☹",
    "🧑‍🤝‍🧑",
    "日本",
    "한국",
    "é̂",
    "नमस्ते",
    "שלום",
]
"""A person at work, a family, hearts, tones, keys, flags; and scripts."""

TEXTS = st.lists(st.sampled_from([*CLUSTERS, "a", " ", "│"]), max_size=6).map("".join)


@given(TEXTS, TEXTS)
def test_nothing_is_drawn_beside_its_columns(text: str, behind: str) -> None:
    """Neither by a terminal that draws each character by itself."""
    screen = pyte.Screen(80, 3)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[2;1H" + "#" * 80)
    stop = 9 + cell_len(text)
    stream.feed(pinned(f"\x1b[2;10H\x1b[1m{text}\x1b[0m"))
    row = screen.buffer[1]
    assert [row[x].data for x in range(9)] == ["#"] * 9
    assert [row[x].data for x in range(stop, 80)] == ["#"] * (80 - stop)
    # Nothing of what stood there stays.
    assert "#" not in [row[x].data for x in range(9, stop)]
    stream.feed(pinned(f"\x1b[3;1H{text}\x1b[1m{behind}|"))
    assert screen.buffer[2][cell_len(text) + cell_len(behind)].data == "|"


def test_what_is_beyond_doubt_is_drawn_as_it_is() -> None:
    """Letters, frames and signs of our own."""
    drawn = "\x1b[1;1H│ ✔ SOUND ▾ äöü Ω Ж 日本 ● … ♥ ⏎\x1b[0m\r\n"
    assert pinned(drawn) == drawn


@pytest.fixture(scope="module")
def colorful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records whose texts, keys and lists have much of it."""
    path = tmp_path_factory.mktemp("colorful") / "colorful.car"
    records: dict[str, Value] = {
        f"app.bsky.feed.post/{number:03}": {
            "$type": "app.bsky.feed.post",
            "text": f"{cluster * 3} {cluster} text " * 2,
            f"{cluster} key": [cluster, {cluster: cluster}],
        }
        for number, cluster in enumerate(CLUSTERS)
    }
    path.write_bytes(make_repo(records))
    return path


def edges(terminal: Terminal) -> str:
    """Return what stands in the last column of the panes."""
    return "".join(terminal.screen.buffer[y][79].data for y in range(1, 23))


def test_no_row_leaves_its_frame(colorful: Path) -> None:
    """Whatever is shown, and whatever was before; down all records."""
    terminal = Terminal(str(colorful), "--no-cache")
    terminal.wait_for("q Quit")
    for number in range(1, len(CLUSTERS)):
        terminal.press("j")
        terminal.wait_for(f"─ app.bsky.feed.post/{number:03} ─")
    terminal.press("2")
    terminal.wait_for("000000")
    assert set(edges(terminal)) <= set("│╮╯▁▂▃▄▅▆▇█ ")
    terminal.press("t")
    terminal.wait_for("Merkle Search Tree")
    terminal.press("q")
    assert terminal.end() == 0
    assert set(edges(terminal)) <= set("│╮╯▁▂▃▄▅▆▇█ ")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")
def test_no_row_leaves_its_frame_in_tmux(colorful: Path, tmp_path: Path) -> None:
    """It has an opinion of its own of how wide such text is."""
    socket = str(tmp_path / "tmux")

    def tmux(*words: str) -> str:
        command = ["tmux", "-u", "-f", "/dev/null", "-S", socket, *words]
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()

    program = " ".join([*PROGRAM, str(colorful), "--no-cache"])
    tmux("new-session", "-d", "-x", "80", "-y", "24", program)
    try:
        for number in range(len(CLUSTERS)):
            given_up = time.monotonic() + PATIENCE
            while f"─ app.bsky.feed.post/{number:03} ─" not in (
                shown := tmux("capture-pane", "-p")
            ):
                assert time.monotonic() < given_up, shown
            lines = shown.split("\n")[1:23]
            assert {line[-1] for line in lines} <= set("│╮╯▁▂▃▄▅▆▇█"), shown
            tmux("send-keys", "j")
    finally:
        tmux("kill-server")


def test_a_character_is_doubted_where_a_regular_expression_says_so() -> None:
    """Of all there are; a set of them is looked up, and compiled only for text."""
    agreed = re.compile(f"[{AGREED}]")
    wrong = [
        code
        for code in range(sys.maxunicode + 1)
        if has_doubted(chr(code)) == bool(agreed.match(chr(code)))
    ]
    assert not wrong
