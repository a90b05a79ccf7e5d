"""Facts about signals that end the program."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Final

import pytest

_DROPPED: Final = """
import signal, sys
from repoview.signals import on_ending

class Finalized:
    def __del__(self):
        signal.raise_signal({number})

# Interrupts are ignored if the tests run in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
with on_ending():
    try:
        Finalized()
        print("dropped", flush=True)
        sys.stdin.read()
    finally:
        print("cleaned up", flush=True)
"""
"""A signal comes where Python drops what its handler raises, and then nothing
happens for ever: its standard input stays open."""

_OTHERS: Final = """
import sys
from repoview.signals import on_ending

class Finalized:
    def __del__(self):
        raise SystemExit("not of a signal")

with on_ending():
    Finalized()
print("went on")
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),
        (signal.SIGINT, -signal.SIGINT),
    ],
)
def test_a_signal_is_heard_though_its_exception_is_dropped(
    number: signal.Signals, code: int
) -> None:
    """In a finalizer, as in libraries that ask Python for the type of a value."""
    program = _DROPPED.format(number=int(number))
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read() == b"dropped\ncleaned up\n"
        assert b"ignored" not in running.stderr.read()
        assert running.wait() == code


def test_what_others_drop_is_reported_as_before() -> None:
    """It is no signal, and nothing ends by it."""
    done = subprocess.run(
        [sys.executable, "-c", _OTHERS], capture_output=True, check=True
    )
    assert done.stdout == b"went on\n"
    assert b"not of a signal" in done.stderr
