"""Facts about standard streams that are closed, and files that are half written.

Each in a process of its own: in the one of the tests all streams are open.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from tests.cli.conftest import Program

ANSWERS = {
    "version": ("--version",),
    "help": ("--help",),
    "verify": ("verify", "sample.car"),
    "json": ("verify", "sample.car", "--json"),
    "info": ("info", "sample.car"),
    "open": ("sample.car",),
    "ls": ("ls", "sample.car"),
    "show": ("show", "sample.car", "app.bsky.actor.profile/self"),
    "mst": ("mst", "sample.car"),
    "export": ("export", "sample.car", "-o", "-", "--format", "car"),
    "rewrite": ("rewrite", "sample.car", "-o", "-"),
    "cache": ("cache", "path"),
    "demo": ("demo", "--records", "9"),
}
CLOSED = b"repoview: cannot write the output: standard output is closed\n"


def in_shell(
    sample: Path, redirection: str, *words: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program from a shell, which closes some of its streams."""
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", *PROGRAM, *words]
    environment = {**os.environ, "XDG_CACHE_HOME": str(sample.parent / "cache")}
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        cwd=sample.parent,
        env=environment,
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_a_closed_standard_output_is_told(sample: Path, name: str) -> None:
    """Output that cannot be written is an error."""
    done = in_shell(sample, ">&-", *ANSWERS[name])
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == CLOSED


@pytest.mark.parametrize("name", ANSWERS)
def test_a_closed_standard_error_changes_no_answer(sample: Path, name: str) -> None:
    """Nor does a closed standard input."""
    whole = in_shell(sample, "", *ANSWERS[name])
    assert whole.returncode == 0
    for redirection in ("2>&-", "<&-", "2>&- <&-"):
        done = in_shell(sample, redirection, *ANSWERS[name])
        assert (done.returncode, done.stderr) == (0, b"")
        if name != "demo":
            assert done.stdout == whole.stdout


def test_what_goes_to_a_file_needs_no_standard_output(sample: Path) -> None:
    """And no file that is opened takes the place of a closed stream."""
    words = ("export", "sample.car", "-o", "all.jsonl", "--force")
    assert in_shell(sample, "", *words).returncode == 0
    written = (sample.parent / "all.jsonl").read_bytes()
    for redirection in (">&-", "2>&-", "<&- >&- 2>&-"):
        assert in_shell(sample, redirection, *words).returncode == 0
        assert (sample.parent / "all.jsonl").read_bytes() == written


def test_a_fault_is_told_without_a_standard_error(sample: Path) -> None:
    """By the exit code, which is all that is left."""
    for redirection in ("2>&-", ">&- 2>&-"):
        assert in_shell(sample, redirection, "verify", "gone.car").returncode == 1
        assert in_shell(sample, redirection, "verify").returncode == 2


def writing(start: Callable[..., Popen[bytes]], path: Path) -> Popen[bytes]:
    """Return a process in the midst of writing a large file."""
    running = start("demo", "-o", path, "--records", "1000000")
    while not list(path.parent.glob(".*.part")):
        assert running.poll() is None
        time.sleep(0.01)
    return running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_part_of_a_file(
    process: Callable[..., Popen[bytes]], tmp_path: Path, number: signal.Signals
) -> None:
    """Nor one under the name that it was to have."""
    running = writing(process, tmp_path / "big.car")
    running.send_signal(number)
    _, err = running.communicate()
    assert running.returncode == 128 + number
    assert err == b""
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next(
    process: Callable[..., Popen[bytes]], run: Program, sample: Path
) -> None:
    """Of the same name; one that is still being written stays."""
    path = sample.parent / "ü" / ("字" * 80 + ".car")
    path.parent.mkdir()
    killed = writing(process, path)
    killed.kill()
    killed.communicate()
    (left,) = path.parent.iterdir()

    living = process("demo", "-o", path, "--records", "1000000")
    while left.exists() or not list(path.parent.iterdir()):
        assert living.poll() is None
        time.sleep(0.01)
    (other,) = path.parent.iterdir()
    assert other != left
    outcome = run("export", sample, "-o", path)
    assert outcome.code == 0
    assert set(path.parent.iterdir()) == {path, other}
    living.terminate()
    living.communicate()
    assert list(path.parent.iterdir()) == [path]
