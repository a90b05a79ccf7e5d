"""Runs the program: in this process for speed, or as a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from repoview.cli import main
from repoview.cli.options import options
from repoview.sample import write_sample
from tests.core.repos import make_repo, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview.core.formats.dagcbor.strict import Value

RECORDS = 60
"""In the sample of these tests: enough for a tree of some depth."""

PROGRAM = [sys.executable, "-m", "repoview"]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, parsed as JSON."""
        return json.loads(self.out)


class Program(Protocol):
    """Runs the program."""

    def __call__(self, *arguments: str | Path) -> Outcome:
        """Run it with these arguments."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """Run the program in this process."""
    monkeypatch.setenv("TERM", "xterm")

    def run(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.Popen[bytes]]:
    """Start the program as a process of its own, connected by pipes."""

    def start(*arguments: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        given = {"stdin": nothing, "stdout": pipe, "stderr": pipe, **more}
        return subprocess.Popen([*PROGRAM, *map(str, arguments)], **given)

    return start


@pytest.fixture(scope="session")
def sample_bytes() -> bytes:
    """A sound repository in walk order."""
    out = bytearray()
    write_sample(out.extend, RECORDS)
    return bytes(out)


@pytest.fixture
def sample(tmp_path: Path, sample_bytes: bytes) -> Path:
    """The same as a file."""
    return saved(tmp_path / "sample.car", sample_bytes)


def saved(path: Path, data: bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(data)
    return path


def without_last_section(data: bytes) -> bytes:
    """Return a CAR that lacks its last block."""
    return data[: parts_of(data)[1][-1].offset]


def damaged_top(data: bytes) -> bytes:
    """Return a CAR whose second block, the top node, does not hash."""
    top = parts_of(data)[1][1]
    place = top.data_offset + top.data_length - 1
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]


@pytest.fixture
def broken(tmp_path: Path, sample_bytes: bytes) -> dict[int, Path]:
    """One file for each exit code that a verification can end with."""
    bad_record = make_repo({"com.example.kind/a": {"$type": "com.example.other"}})
    files = {
        0: sample_bytes,
        10: without_last_section(sample_bytes),
        11: damaged_top(sample_bytes),
        12: b"<!doctype html><html><title>502 Bad Gateway</title></html>",
        13: bad_record,
        14: sample_bytes + b"\x05hello",
    }
    return {code: saved(tmp_path / f"{code}.car", data) for code, data in files.items()}


LITTLE = ("--mem-limit", "240kB", "--disk-limit", "0")
"""Limits of memory that not even small repositories fit in, and no disk."""


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow memory limits below the minimum of the command line."""
    monkeypatch.setattr(options.MEMORY, "least", 1)


@pytest.fixture(scope="session")
def cut_walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of many keys and few blocks.

    Within `LITTLE` its blocks are indexed and its walk is cut short.
    """
    value: Value = {"$type": "com.example.kind"}
    data = make_repo({f"com.example.kind/{n:05}": value for n in range(20_000)})
    # The commit is the last block, so that all is read before the walk.
    head, parts = parts_of(data)
    offsets = [part.offset for part in parts] + [len(data)]
    spans = [slice(a, b) for a, b in pairwise(offsets)]
    data = head + b"".join(data[span] for span in reversed(spans))
    return saved(tmp_path_factory.mktemp("cut") / "x.car", data)


def on_terminal(
    *arguments: str | Path, columns: int = 80, **environment: str
) -> tuple[int, str]:
    """Run the program on a pseudo-terminal; return exit code and output."""
    ours, theirs = pty.openpty()
    size = struct.pack("HHHH", 24, columns, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    names = {"TERM": "xterm-256color", **environment}
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **names},
    )
    os.close(theirs)
    drawn = bytearray()
    try:
        while piece := os.read(ours, 65_536):
            drawn += piece
    except OSError:
        # On Linux this is the end of file.
        pass
    finally:
        os.close(ours)
    return process.wait(), drawn.decode().replace("\r\n", "\n")
