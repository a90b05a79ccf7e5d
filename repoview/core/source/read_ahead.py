"""Take in what comes once, and keep it, a little ahead of who reads it.

Where somebody else's code gives the pieces, it is called by whoever waits for
them, and never more than they need. Ours may have a thread of its own, once
there is enough to do: then to read a pipe, or to unpack, goes on while what
came before is looked at.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.source.cancel import Cancel, Waiting
    from repoview.core.source.spool import Spool

_ALONE: Final = limits.MiB
"""Bytes from which on a thread is worth its start."""

_AHEAD: Final = 2 * limits.MiB
"""Bytes that are taken in before anybody asks for them; the last piece more."""


class Inflow:
    """Pieces on their way into a spool; close it.

    Args:
        pieces: The bytes.
        spool: Keeps them.
        waiting: What ends the waiting for pieces, where a thread may wait;
            closed with this. None where only who reads is to ask for them.
    """

    def __init__(
        self, pieces: Iterator[bytes], spool: Spool, waiting: Waiting | None
    ) -> None:
        self.spool = spool
        self.fault: str | None = None
        """Why they ended too early, once they have."""
        self._pieces = pieces
        self._waiting = waiting
        self._thread: threading.Thread | None = None
        self._moved = threading.Condition()
        """Guards what follows; told of every piece, and of every wish."""
        self._wanted = 0
        self._runs = True
        self._failure: BaseException | None = None

    def reach(self, end: int) -> bool:
        """Take in a piece, or wait for bytes up to *end*; False when it was the last.

        Raises:
            SourceError: They cannot be had, and none came before; or cannot be
                kept.
            Cancelled: Somebody asked for it.
            Left: Somebody asked to leave the rest.
        """
        if self._thread is None and not self._begin():
            return self._take()
        while True:
            self._attend()
            with self._moved:
                self._wanted = end
                self._moved.notify_all()
                while self._runs and self.spool.size < end and not self._is_due:
                    self._moved.wait()
                if self.spool.size >= end or not self._runs:
                    break
        if self._failure is not None and self.spool.size < end:
            raise self._failure
        return self._runs or self._failure is not None

    @property
    def _cancel(self) -> Cancel | None:
        return None if self._waiting is None else self._waiting.cancel

    @property
    def _is_due(self) -> bool:
        return self._cancel is not None and self._cancel.is_due

    def _attend(self) -> None:
        """Do what was asked of who reads."""
        if self._cancel is not None:
            self._cancel.attend()

    def _begin(self) -> bool:
        """Start the thread, where there may be one and it is worth it."""
        if self._waiting is None or self.spool.size < _ALONE:
            return False
        thread = threading.Thread(target=self._run, name="repoview-inflow", daemon=True)
        self._waiting.is_apart = True
        try:
            thread.start()
        except RuntimeError:
            # The machine gives no more of them.
            self._waiting.is_apart = False
            return False
        self._thread = thread
        if self._cancel is not None:
            self._cancel.hear(self._notify)
        return True

    def _notify(self) -> None:
        with self._moved:
            self._moved.notify_all()

    def _take(self) -> bool:
        try:
            piece = next(self._pieces, None)
        except SourceError as error:
            if not self.spool.size:
                raise
            # What came is worth a look; what is said of its end tells why.
            self.fault, piece = str(error), None
        if piece is None:
            self.fault = self.fault or getattr(self._pieces, "fault", None)
            return False
        self.spool.append(piece)
        return True

    def _run(self) -> None:
        try:
            while self._is_wanted() and self._take():
                self._notify()
        except BaseException as error:  # noqa: BLE001 (whoever waits raises it)
            self._failure = error
        finally:
            self._runs = False
            self._notify()

    def _is_wanted(self) -> bool:
        """Wait until there is room ahead; False where it is to end."""
        with self._moved:
            while self.spool.size >= self._wanted + _AHEAD and not self._is_stopped:
                self._moved.wait()
        return not self._is_stopped

    @property
    def _is_stopped(self) -> bool:
        return self._waiting is None or self._waiting.stop.asked

    def close(self) -> None:
        """Take in nothing more; closing twice is fine."""
        waiting, thread, self._thread = self._waiting, self._thread, None
        self._waiting = None
        if waiting is None:
            return
        if thread is not None:
            if waiting.cancel is not None:
                waiting.cancel.hear_no_more(self._notify)
            waiting.stop.ask()
            self._notify()
            thread.join()
        waiting.close()
