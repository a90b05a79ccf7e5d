"""A source that can be read only once: a pipe, a download, a packed file.

Bytes are spooled as they come, so all that came can be read at any offset; a
read of more waits for it.
"""

from __future__ import annotations

import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from repoview.core import limits
from repoview.core.errors import Left, SourceError, reason_of
from repoview.core.source.read_ahead import SpoolFiller
from repoview.core.source.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.source.cancel import Waiting
    from repoview.core.source.spool import Spool


class StreamSource(Source):
    """Bytes that come piece by piece; `size` counts those that have come.

    Args:
        name: What people call it.
        pieces: The bytes. Its attribute `fault`, where it has one, says why
            they ended too early.
        spool: Keeps them.
        close: Closes what they come from.
        waiting: What ends the waiting for them, where a thread of this may
            wait; closed with it. None where only who reads is to ask for them.
    """

    def __init__(
        self,
        name: str,
        pieces: Iterator[bytes],
        spool: Spool,
        close: Callable[[], None] | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        super().__init__(name, 0)
        self.ended = False
        self.on_piece: Callable[[], None] | None = None
        """Called for each piece, or MiB; what it raises ends the reading."""
        self._pieces = pieces
        self._filler = SpoolFiller(pieces, spool, waiting)
        # Its thread or connection must end when the source is garbage collected.
        self._let_go = weakref.finalize(self, _quietly, close)
        self._let_go.atexit = False
        self._closed = False
        self._waits = False
        """Whether a thread waits for the next piece."""
        self._lock = threading.RLock()
        if waiting is not None:
            # So must our thread.
            weakref.finalize(self, self._filler.close)

    @property
    def _spool(self) -> Spool:
        return self._filler.spool

    @property
    def expected(self) -> int:
        """Bytes there will be, where that can be known or guessed, else 0."""
        if self.ended:
            return self.size
        guess = getattr(self._pieces, "expected", None)
        return int(guess) if guess else 0

    @property
    def memory_used(self) -> int:
        """Bytes that are held in memory."""
        return self._spool.memory_used

    @property
    def disk_used(self) -> int:
        """Bytes that are kept on disk."""
        return self._spool.disk_used

    def spill(self, folder: Callable[[], str]) -> None:
        """Keep the bytes on disk from now on, those that came among them."""
        self._spool.spill(folder)
        self.handle = self._spool.handle

    def keep_in(self, spool: Spool) -> None:
        """Keep the bytes there; nothing may have been read by now."""
        self._filler.spool = spool

    def reach(self, end: int) -> None:
        """Wait until bytes up to *end* have come, or the last one.

        Raises:
            SourceError: They cannot be had, and none came before.
            Cancelled: Somebody asked for it.
            Left: Somebody asked to leave the rest.
        """
        with self._lock:
            while self.size < end and not self.ended:
                self._waits = True
                try:
                    self._go_on(min(end, self.size + limits.READ_CHUNK))
                except Left:
                    # What came is all there is.
                    self._release()
                    self.size = self._spool.size
                    self.ended = True
                    raise
                finally:
                    self._waits = False

    def _go_on(self, end: int) -> None:
        has_more = self._filler.reach(end)
        self.size = self._spool.size
        if not has_more:
            self.fault = self._filler.fault
            self.held = self._spool.held()
            self.ended = True
            self._release()
            return
        if self.handle is None:
            self.handle = self._spool.handle
        if self.on_piece is not None:
            self.on_piece()

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the bytes there, once they have come.

        Waits for one byte more, so that the end is known once it is reached;
        but not if another thread waits for the next piece already.
        """
        if self._closed:
            raise SourceError(f"{self.name} was closed")
        if not (self.ended or self._waits):
            self.reach(offset + length + 1)
        try:
            return self._spool.read_at(offset, length)
        except ValueError:
            raise SourceError(f"{self.name} was closed") from None
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {reason_of(error)}") from error

    def changed(self) -> bool:
        """Return False: no other process can reach the spool."""
        return False

    def close(self) -> None:
        """Free the bytes, and close what they come from."""
        self._closed = True
        self.held = self.handle = None
        self._release()
        self._spool.close()

    def _release(self) -> None:
        self._filler.close()
        self._let_go()


def _quietly(close: Callable[[], None] | None) -> None:
    if close is not None:
        with suppress(OSError):
            close()
