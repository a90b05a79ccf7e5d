"""Facts about the ways a run can end early."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repoview.cli import main
from repoview.cli.commands import demo
from repoview.cli.progress import Bar
from tests.cli.conftest import PROGRAM, on_terminal, saved
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from tests.cli.conftest import Program


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A repository whose listing fills any pipe."""
    return saved(tmp_path / "long.car", make_repo(many(2_000, 1)))


def test_an_interrupt_ends_with_130(
    process: Callable[..., Popen[bytes]], long: Path
) -> None:
    """A real one, in the middle of writing: one word, no traceback."""

    def heed_interrupts() -> None:
        # They are ignored if the tests run in the background.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    words = ("export", long, "-o", "-", "--format", "jsonl")
    running = process(*words, preexec_fn=heed_interrupts)
    assert running.stdout is not None
    # It has begun, and blocks: the rest of the pipe is not read.
    assert running.stdout.read(1)

    running.send_signal(signal.SIGINT)
    _, err = running.communicate()

    assert running.returncode == 130
    assert err == b"repoview: interrupted\n"


@pytest.mark.parametrize("command", ["verify", "info", "ls", "mst"])
def test_an_interrupt_while_loading(
    run: Program, sample: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Nothing is printed but that."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Bar, "__call__", interrupted)

    outcome = run(command, sample)

    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err == "repoview: interrupted\n"


def test_an_interrupted_demo_leaves_nothing_behind(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its temporary folder goes."""

    def interrupted(*_: object, **__: object) -> None:
        assert list(tmp_path.rglob("sample.car"))
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(demo, "open_explorer", interrupted)

    assert run("demo", "--records", "5").code == 130
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_before_the_program_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends the same way."""

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("repoview.cli.run.run_program", interrupted)
    assert main([]) == 130


@pytest.mark.parametrize(
    "arguments",
    [("ls",), ("export", "-o", "-", "--format", "jsonl"), ("mst", "--depth", "0")],
)
def test_a_reader_who_has_had_enough(
    process: Callable[..., Popen[bytes]], long: Path, arguments: tuple[str, ...]
) -> None:
    """As `head` closes its end: no word about it."""
    command, *rest = arguments
    running = process(command, long, *rest)
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.read(1)
    running.stdout.close()

    err = running.stderr.read()
    running.stderr.close()

    assert (running.wait(), err) == (0, b"")


def test_the_verdict_outlives_the_reader(
    process: Callable[..., Popen[bytes]], tmp_path: Path
) -> None:
    """What was found out before is still the exit code."""
    data = make_repo(many(2_000, 1), leave_out=1)
    running = process("ls", saved(tmp_path / "x.car", data))
    assert running.stdout is not None
    assert running.stderr is not None
    assert running.stdout.read(1)
    running.stdout.close()

    err = running.stderr.read()
    running.stderr.close()

    assert running.wait() == 10
    assert b"is incomplete: 1 record is missing" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence(sample: Path) -> None:
    """Exit code 1, no traceback, not even from Python's own end."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "ls", str(sample)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        b"repoview: cannot write the output: no space left on device\n"
    )


class TestOwnFaults:
    """A fault of the program itself is told as one."""

    @pytest.fixture(autouse=True)
    def broken_program(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make the page of `verify` fail."""

        def fail(*_: object) -> None:
            raise ZeroDivisionError("oops")

        monkeypatch.setattr("repoview.cli.commands.verify._page", fail)

    def test_it_is_one_sentence(self, run: Program, sample: Path) -> None:
        """Without a traceback, which is of no use to the user."""
        outcome = run("verify", sample)
        assert outcome.code == 1
        assert outcome.err.count("\n") == 1
        assert "a fault of repoview itself (ZeroDivisionError: oops)" in outcome.err

    def test_a_panic_of_the_kernel_is_one_too(
        self, run: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Although to Python it is no `Exception`."""

        class Panic(BaseException):
            pass

        def fail(*_: object) -> None:
            raise Panic("index out of bounds")

        monkeypatch.setattr("repoview.cli.commands.verify._page", fail)
        outcome = run("verify", sample)
        assert outcome.code == 1
        assert "a fault of repoview itself (Panic: index out of bounds)" in outcome.err

    def test_verbose_shows_where(self, run: Program, sample: Path) -> None:
        """For a report."""
        outcome = run("verify", sample, "-v")
        assert outcome.code == 1
        assert "Traceback" in outcome.err


def test_output_is_utf8_whatever_the_locale(sample: Path) -> None:
    """Into a pipe, always."""
    done = subprocess.run(
        [*PROGRAM, "mst", str(sample)],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""},
    )
    assert "└─ node bafyrei…" in done.stdout.decode()


def test_a_terminal_of_few_characters_is_no_fault(sample: Path) -> None:
    """What it cannot show is escaped."""
    code, drawn = on_terminal("mst", sample, PYTHONIOENCODING="ascii")
    assert code == 0
    assert "\\u2514\\u2500 " in drawn


def test_the_module_runs_too(sample: Path) -> None:
    """`python -m repoview` is the program."""
    done = subprocess.run(
        [sys.executable, "-m", "repoview", "verify", "-q", str(sample)],
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"sound\n"


def test_what_is_owed_at_the_end_is_done() -> None:
    """Callbacks for the end of the process run, and their output is written."""
    owed = (
        "import atexit, sys, tempfile, repoview.cli\n"
        "atexit.register(print, 'owed')\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "print(folder.name, flush=True)\n"
        "sys.argv = ['repoview', '--version']\n"
        "repoview.cli.program()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", owed], capture_output=True, text=True, check=True
    )
    folder, *said = done.stdout.splitlines()
    assert said[-1] == "owed"
    assert not Path(folder).exists()
