"""Read a stream a little ahead of its reader, into a spool.

`ReadAhead` is a thread with a bound on how far it is ahead. `SpoolFiller` appends
pieces to a spool. A caller's own iterator is only called by the thread that
waits for its bytes, and for no more than that thread needs; a pipe, a download or
a decompressor gets a read-ahead thread once that pays off.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import SourceError
from repoview.core.source.cancel import Cancel, attend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.source.cancel import Waiting
    from repoview.core.source.deadline import Deadline
    from repoview.core.source.spool import Spool

_ALONE: Final = limits.MiB
"""Bytes after which starting a thread pays off."""

_AHEAD: Final = limits.MiB
"""Most bytes read ahead, not counting the last piece."""


class ReadAhead:
    """A producer thread with back-pressure, and a condition to wait for it; close it.

    Args:
        name: Of the thread.
        run: Reads pieces, in the thread, as long as `go_on` returns True.
        has_room: Returns whether another piece may be read now.
        cancel: Cancels the wait.
        deadline: Ends it.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[], None],
        has_room: Callable[[], bool],
        cancel: Cancel | None,
        deadline: Deadline | None = None,
    ) -> None:
        self.runs = True
        """Whether more pieces may come."""
        self.failure: BaseException | None = None
        """The exception that ended `run`."""
        self._run = run
        self._has_room = has_room
        self._cancel = cancel
        self._deadline = deadline
        self._moved = threading.Condition()
        """Notified of every piece, and of every request."""
        self._is_stopped = False
        self._is_begun = False
        self._thread = threading.Thread(target=self._take_in, name=name, daemon=True)

    def begin(self) -> None:
        """Start the thread.

        Raises:
            RuntimeError: No more threads can be started.
        """
        self._thread.start()
        self._is_begun = True
        if self._cancel is not None:
            self._cancel.subscribe(self.notify)

    def _take_in(self) -> None:
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 (`wait` raises it)
            self.failure = error
        finally:
            self.runs = False
            self.notify()

    def go_on(self) -> bool:
        """Signal a piece, and wait for room; return False if the thread is to end."""
        with self._moved:
            self._moved.notify_all()
            while not self._is_stopped and not self._has_room():
                self._moved.wait()
            return not self._is_stopped

    def notify(self) -> None:
        """Wake the thread, and the threads that wait for it."""
        with self._moved:
            self._moved.notify_all()

    def wait(self, is_there: Callable[[], bool]) -> None:
        """Return when *is_there* returns True, or no more pieces come.

        Raises:
            Cancelled: It was requested.
            Left: It was requested to leave the rest unread, or the time is over.
        """
        while True:
            attend(self._cancel, self._deadline)
            with self._moved:
                self._moved.notify_all()
                while self.runs and not is_there() and not self._is_due:
                    deadline = self._deadline
                    self._moved.wait(None if deadline is None else deadline.left)
                if is_there() or not self.runs:
                    return

    @property
    def _is_due(self) -> bool:
        if self._deadline is not None and self._deadline.is_over:
            return True
        return self._cancel is not None and self._cancel.is_due

    def close(self, most: float | None = None) -> None:
        """Stop reading; closing twice is fine.

        Args:
            most: Seconds to wait for the thread; None for no timeout.
        """
        if not self._is_begun:
            return
        self._is_begun = False
        if self._cancel is not None:
            self._cancel.unsubscribe(self.notify)
        self._is_stopped = True
        self.notify()
        self._thread.join(most)


class SpoolFiller:
    """Appends pieces to a spool, with read-ahead where possible; close it.

    Args:
        pieces: The bytes.
        spool: Keeps them.
        waiting: The cancellations, if a thread may read ahead; closed with
            this. None if only the reading thread may ask for pieces.
    """

    def __init__(
        self, pieces: Iterator[bytes], spool: Spool, waiting: Waiting | None
    ) -> None:
        self.spool = spool
        self.fault: str | None = None
        """Why they ended too early, once they have."""
        self._pieces = pieces
        self._waiting = waiting
        self._ahead: ReadAhead | None = None
        self._wanted = 0
        """The end of the bytes that the reading thread waits for."""

    def reach(self, end: int) -> bool:
        """Read a piece, or wait for bytes up to *end*; return False at the end.

        Raises:
            SourceError: Reading failed before the first byte; or writing failed.
            Cancelled: It was requested.
            Left: It was requested to leave the rest unread.
        """
        ahead = self._ahead or self._begun()
        if ahead is None:
            return self._take()
        self._wanted = end
        ahead.wait(lambda: self.spool.size >= end)
        if ahead.failure is not None and self.spool.size < end:
            raise ahead.failure
        return ahead.runs or ahead.failure is not None

    def _begun(self) -> ReadAhead | None:
        """Start the thread, if there may be one and it pays off."""
        waiting = self._waiting
        if waiting is None or self.spool.size < _ALONE:
            return None
        ahead = ReadAhead(
            "repoview-inflow",
            self._run,
            self._has_room,
            waiting.cancel,
            waiting.deadline,
        )
        self._ahead, waiting.stop = ahead, Cancel()
        try:
            ahead.begin()
        except RuntimeError:
            self._ahead = waiting.stop = None
        return self._ahead

    def _take(self) -> bool:
        try:
            piece = next(self._pieces, None)
        except SourceError as error:
            if not self.spool.size:
                raise
            # Go on with what has come; the finding about its end has the reason.
            self.fault, piece = str(error), None
        if piece is None:
            self.fault = self.fault or getattr(self._pieces, "fault", None)
            return False
        self.spool.append(piece)
        return True

    def _run(self) -> None:
        ahead = self._ahead
        while ahead is not None and ahead.go_on() and self._take():
            pass

    def _has_room(self) -> bool:
        return self.spool.size < self._wanted + _AHEAD

    def close(self) -> None:
        """Stop reading; closing twice is fine."""
        waiting, self._waiting = self._waiting, None
        ahead, self._ahead = self._ahead, None
        if waiting is None:
            return
        if waiting.stop is not None:
            waiting.stop.ask()
        if ahead is not None:
            ahead.close()
        waiting.close()
