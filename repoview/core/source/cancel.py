"""Cancellation, also of a thread that waits for bytes.

A read of a pipe or socket may block for ever. So it is only begun when there is
something to read; until then the thread polls the descriptor together with one
that wakes it (the self-pipe trick).
"""

from __future__ import annotations

import os
import select
import threading
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import Cancelled, Left, SourceError, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.source.deadline import Deadline

_ROUSED: Final = 4_096
"""Most unread bytes in the self-pipe."""


LEFT: Final = "the reading was ended early, as it was asked to"


class Cancel:
    """Cancels a loading from any thread, also while it waits for bytes.

    It can also leave the rest unread and finish with what has come (`leave`), or
    make the waiting thread call `on_wake` in between (`wake`). Close it when the
    loading is over.
    """

    def __init__(self) -> None:
        self.on_wake: Callable[[], None] = lambda: None
        """Called by the thread that waits for bytes, once for several `wake`s."""
        self.is_heeded = False
        """Whether a wait for bytes was ended because the rest should be left."""
        self._asked = threading.Event()
        self._left = threading.Event()
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._subscribers: list[Callable[[], None]] = []

    @property
    def asked(self) -> bool:
        """Whether the loading should stop."""
        return self._asked.is_set()

    @property
    def left(self) -> bool:
        """Whether the rest should be left unread."""
        return self._left.is_set()

    def ask(self) -> None:
        """Ask it to stop; asking twice is fine."""
        self._asked.set()
        self._rouse()

    def leave(self) -> None:
        """Ask it to leave the rest unread, and to finish with what has come."""
        self._left.set()
        self._rouse()

    def wake(self) -> None:
        """Make the thread that waits for bytes call `on_wake`, and wait again."""
        if not self._woken.is_set():
            self._woken.set()
            self._rouse()

    def subscribe(self, subscriber: Callable[[], None]) -> None:
        """Subscribe a callback to every request; the requesting thread calls it."""
        with self._lock:
            self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Callable[[], None]) -> None:
        """Unsubscribe a callback."""
        with self._lock:
            self._subscribers.remove(subscriber)

    def _rouse(self) -> None:
        with self._lock:
            subscribers = list(self._subscribers)
            if self._ends is not None:
                os.write(self._ends[1], b"\0")
        for subscriber in subscribers:
            subscriber()

    @property
    def is_due(self) -> bool:
        """Whether `attend` has anything to do."""
        return self._asked.is_set() or self._left.is_set() or self._woken.is_set()

    def check(self) -> None:
        """Poll for cancellation.

        Raises:
            Cancelled: It was requested.
        """
        if self._asked.is_set():
            raise Cancelled("the reading was cancelled")

    def attend(self) -> None:
        """Handle the requests that came while a thread waits for bytes.

        Raises:
            Cancelled: The loading should stop.
            Left: The rest should be left unread.
        """
        self.check()
        if self._left.is_set():
            self.is_heeded = True
            raise Left(LEFT)
        if self._woken.is_set():
            with self._lock:
                # Cleared before it is drained, so that no later request is lost.
                self._woken.clear()
                if self._ends is not None:
                    with suppress(BlockingIOError):
                        os.read(self._ends[0], _ROUSED)
            self.on_wake()

    def fileno(self) -> int:
        """Return a descriptor that becomes readable with a request."""
        with self._lock:
            if self._ends is None:
                self._ends = os.pipe()
                for end in self._ends:
                    os.set_blocking(end, False)
                if self.is_due:
                    os.write(self._ends[1], b"\0")
            return self._ends[0]

    def close(self) -> None:
        """Close the descriptors; closing twice is fine."""
        with self._lock:
            ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)


class Waiting:
    """What may end a wait for bytes; close it.

    Args:
        cancel: The caller's; its requests are handled in the reading thread.
        deadline: The end of the time that the reading may take.
    """

    def __init__(self, cancel: Cancel | None, deadline: Deadline | None = None) -> None:
        self.cancel = cancel
        self.deadline = deadline
        self.stop: Cancel | None = None
        """For a read-ahead thread, while one waits for the bytes, and the reader for
        it; None while the reader waits for them."""

    def close(self) -> None:
        """Close the descriptors; closing twice is fine."""
        if self.stop is not None:
            self.stop.close()


def pieces_of(descriptor: int, name: str, waiting: Waiting) -> Iterator[bytes]:
    """Yield the bytes of a pipe, a socket or a device, as they come.

    Args:
        descriptor: Stays open.
        name: Its name in errors.
        waiting: Cancels the wait.

    Raises:
        SourceError: It cannot be read.
        Cancelled: It was requested.
        Left: It was requested to leave the rest unread.
    """
    _widen(descriptor)
    while True:
        try:
            if waiting.stop is None:
                _wait(descriptor, waiting.cancel, waiting.deadline)
            else:
                _wait(descriptor, waiting.stop, None)
            piece = os.read(descriptor, limits.READ_CHUNK)
        except BlockingIOError:
            continue
        except OSError as error:
            raise SourceError(f"cannot read {name}: {reason_of(error)}") from error
        if not piece:
            return
        yield piece


def _widen(descriptor: int) -> None:
    """Enlarge a pipe's buffer to the size of a read, where the system can."""
    try:
        import fcntl  # noqa: PLC0415 (Windows has none)

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, limits.READ_CHUNK)
    except (ImportError, AttributeError, OSError):
        # It is not a pipe, or a buffer of this size is not allowed.
        return


CAN_BE_WOKEN: Final = hasattr(select, "poll")
"""Whether a wait for any descriptor can be cancelled: Windows can poll sockets
only."""


def _wait(descriptor: int, cancel: Cancel | None, deadline: Deadline | None) -> None:
    """Return when the descriptor is readable, or at its end."""
    if not CAN_BE_WOKEN:
        attend(cancel, deadline)
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if cancel is not None:
        poll.register(cancel.fileno(), select.POLLIN)
    while True:
        attend(cancel, deadline)
        # In milliseconds, and not before it is over.
        most = None if deadline is None else ceil(deadline.left * 1_000)
        if any(ready == descriptor for ready, _ in poll.poll(most)):
            break
    if cancel is not None:
        cancel.check()


def attend(cancel: Cancel | None, deadline: Deadline | None) -> None:
    """Handle what was asked for while a thread waits for bytes.

    Raises:
        Cancelled: The loading should stop.
        Left: The rest should be left unread, or the time is over.
    """
    if cancel is not None:
        cancel.attend()
    if deadline is not None:
        deadline.attend()
