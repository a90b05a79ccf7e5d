"""Random access to a stream: a pipe, a download, a packed file.

Bytes are spooled as they come, and can then be read at any offset; a read beyond
them waits.
"""

from __future__ import annotations

import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from repoview.core import limits
from repoview.core.errors import Left, SourceClosed, SourceError, reason_of
from repoview.core.source.read_ahead import SpoolFiller
from repoview.core.source.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.source.cancel import Waiting
    from repoview.core.source.spool import Spool


class StreamSource(Source):
    """A stream, spooled as it comes; `size` counts the bytes so far.

    Args:
        name: Its name in errors and views.
        pieces: The bytes. Its attribute `fault`, if it has one, says why they
            ended too early.
        spool: Keeps them.
        close: Closes what they come from.
        waiting: The cancellations, if a thread may read ahead; closed with
            this. None if only the reading thread may ask for pieces.
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
        """Called for each piece, or MiB; it ends the reading by raising."""
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
            # So must the read-ahead thread.
            weakref.finalize(self, self._filler.close)

    @property
    def _spool(self) -> Spool:
        return self._filler.spool

    @property
    def expected(self) -> int:
        """The final size, if it is known or can be estimated, else 0."""
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
        """Move the bytes to disk, and append there."""
        self._spool.spill(folder)
        self.handle = self._spool.handle

    def keep_in(self, spool: Spool) -> None:
        """Use another spool; before anything is read."""
        self._filler.spool = spool

    def reach(self, end: int) -> None:
        """Wait until bytes up to *end* have come, or the last one.

        Raises:
            SourceError: Reading failed before the first byte.
            Cancelled: It was requested.
            Left: It was requested to leave the rest unread.
        """
        with self._lock:
            while self.size < end and not self.ended:
                self._waits = True
                try:
                    self._go_on(min(end, self.size + limits.READ_CHUNK))
                except Left:
                    # What has come is all there is.
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

        Waits for one byte more, so that the end is known once it is reached,
        unless another thread already waits for the next piece.
        """
        if self._closed:
            raise SourceClosed(f"{self.name} was closed")
        if not (self.ended or self._waits):
            self.reach(offset + length + 1)
        try:
            return self._spool.read_at(offset, length)
        except ValueError:
            raise SourceClosed(f"{self.name} was closed") from None
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
