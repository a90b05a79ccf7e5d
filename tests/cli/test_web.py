"""Facts about `--web` on the command line: what it says, refuses, and how it ends."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from repoview.cli.serving import page_words

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_it_serves_until_a_signal(
    process: Callable[..., subprocess.Popen[bytes]], number: int, code: int
) -> None:
    """Its one line is the address, which answers."""
    with process("learn", "--web", "-q") as served:
        assert served.stdout is not None
        address = served.stdout.readline().decode().strip()
        with urlopen(address, timeout=30) as answer:  # noqa: S310 (our own address)
            assert b"textual.js" in answer.read()
        served.send_signal(number)
        assert served.wait(30) == code
        assert served.stdout.read() == b""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["learn", "--web", "--list"], "--web excludes"),
        (["learn", "--web", "nothing"], "there is no lesson nothing"),
        (["learn", "--web", "--break", "MST99"], "no code of a finding"),
        (["learn", "--port", "8000"], "--port goes with --web"),
        (["open", "--web", "-"], "no pipes"),
        (["open", "--web", "nothing.car"], "there is no file nothing.car"),
    ],
)
def test_what_no_page_could_show_is_refused_at_once(
    run: Program, arguments: list[str], says: str
) -> None:
    """In one sentence."""
    outcome = run(*arguments)
    assert outcome.code in {1, 2}
    assert outcome.out == ""
    assert says in outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("package", ["aiohttp", "textual_serve"])
def test_without_the_extra_it_says_what_to_install(
    run: Program, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    """In one sentence, with the command."""
    monkeypatch.setitem(sys.modules, package, None)
    outcome = run("learn", "--web")
    assert (outcome.code, outcome.out) == (2, "")
    assert "python3 -m pip install 'atproto-repoview[web]'" in outcome.err


def test_a_port_that_is_taken_is_told(run: Program, tmp_path: Path) -> None:
    """With its number and the reason."""
    del tmp_path
    import socket  # noqa: PLC0415 (nothing else here needs it)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("learn", "--web", "--port", str(port))
    assert outcome.code == 1
    assert f"cannot listen on port {port:,}" in outcome.err


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("learn --web 5", "learn 5"),
        ("--port 80 a.car --web b.car", "a.car b.car"),
        ("open --port=80 --web -- --web", "open -- --web"),
        ("learn --break --web", "learn --break"),
    ],
)
def test_a_page_runs_the_same_command_without_it(words: str, kept: str) -> None:
    """Whatever stands around it."""
    assert page_words(words.split()) == kept.split()
