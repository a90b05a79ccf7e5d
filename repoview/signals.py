"""Signals that end the program: what it made and took is given back first.

Python lets all but SIGINT kill the process where it stands: files that were
to be gone stay, and a terminal keeps what was done to it.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import NoReturn

ENDING: Final = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
)
"""The signals that ask a program to end, but for that of Ctrl-C."""


def code_of(number: int) -> int:
    """Return the exit code of a program that a signal ended."""
    return 128 + number


def end(number: int) -> NoReturn:
    """End as an exception does, with the exit code of a signal."""
    raise SystemExit(code_of(number))


@contextmanager
def on_ending(heard: Callable[[int], object] = end) -> Iterator[None]:
    """Have something done when a signal asks the program to end.

    A signal that whoever started the program had it ignore, as `nohup` does,
    stays so.

    Args:
        heard: Given the signal, in the main thread, wherever that is then.
    """
    if threading.current_thread() is not threading.main_thread():
        # Signals are none of its business.
        yield
        return

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        heard(number)

    before = {}
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
