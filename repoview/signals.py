"""Signals that end the program: what it made and took is given back first.

By default all but SIGINT kill the process at once: temporary files stay, and the
terminal is left in the explorer's mode.

An exception that a signal raises can be lost: Python drops it in a finalizer,
and so do libraries written in another language where they call back. The
signal is then sent again, until its exception arrives.
"""

from __future__ import annotations

import signal
import sys
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

_AGAIN_AFTER: Final = 0.01
"""Seconds, in which the code that dropped an exception is left."""


def code_of(number: int) -> int:
    """Return the exit code of a program that a signal ended."""
    return 128 + number


def end(number: int) -> NoReturn:
    """End as an exception does, with the exit code of a signal."""
    raise SystemExit(code_of(number))


@contextmanager
def on_ending(heard: Callable[[int], object] = end) -> Iterator[None]:
    """Install handlers for the signals that ask the program to end.

    A signal that was ignored when the program started, as under `nohup`, is
    still ignored.

    Args:
        heard: Called with the signal, in the main thread, at any point.
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
        with _sent_again():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


@contextmanager
def _sent_again() -> Iterator[None]:
    """Send a signal again whose exception was dropped on the way up."""
    of_code: dict[object, int] = {code_of(number): number for number in ENDING}
    report = sys.unraisablehook

    def on_dropped(dropped: sys.UnraisableHookArgs) -> None:
        number: int | None = None
        if isinstance(dropped.exc_value, KeyboardInterrupt):
            number = signal.SIGINT
        elif isinstance(dropped.exc_value, SystemExit):
            number = of_code.get(dropped.exc_value.code)
        if number is None or threading.current_thread() is not threading.main_thread():
            report(dropped)
            return
        # From another thread: here it would be dropped once more.
        timer = threading.Timer(_AGAIN_AFTER, _send, (number,))
        timer.daemon = True
        timer.start()

    sys.unraisablehook = on_dropped
    try:
        yield
    finally:
        sys.unraisablehook = report


def _send(number: int) -> None:
    """Send a signal to the main thread, so that what it waits in is ended."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, number)
    else:
        signal.raise_signal(number)
