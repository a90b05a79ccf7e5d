"""Read a source forwards whose end may not be known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.errors import changed

if TYPE_CHECKING:
    from repoview.core.source.source import Source

UNKNOWN: Final = 1 << 62
"""Sentinel for the end of a stream whose length is not known yet."""


class Forwards:
    """A source, and where reading it stands.

    Args:
        source: Not closed with this.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._position = 0
        self._start, self._end = 0, UNKNOWN
        """Where the CAR begins and ends, as far as that is known."""
        self._learn_end()

    def _learn_end(self) -> None:
        """Store where the bytes end, once that is known."""
        if self._end == UNKNOWN and self._source.ended:
            self._end = self._source.size

    def _reach(self, end: int) -> None:
        """Wait until there are bytes up to *end*, or it is known that there are not."""
        if not self._source.ended:
            self._source.reach(end)
            self._learn_end()

    def _read(self, offset: int, length: int) -> bytes:
        """Return *length* bytes, fewer only where the CAR ends."""
        data = self._source.read_at(offset, min(length, self._end - offset))
        self._learn_end()
        length = min(length, self._end - offset)
        if len(data) < length:
            raise changed(self._source.name, "read", offset + len(data))
        return data

    def _because(self) -> str:
        """Return why the bytes end too early, where decompression says so."""
        fault = self._source.fault
        return "" if fault is None else f" ({fault})"
